//! Attention: rules as files that raise a unit to somebody by a day.
//!
//! The rules that come with the program stand in `rules/*.toml` beside this crate; an installation may put others in their
//! place ([`crate::rulebook`]).
//! Not here: sending anything; who an officer of a role is (`services`).
//! Start reading at [`Rule::read`], then at [`raised`].

mod rule;

pub(crate) use rule::at;
pub use rule::{Fault, Kind, Rule, Severity};

use crate::board::Line;
use crate::returns::Returns;
use crate::{AsOf, Measure, Units};
use serde::Serialize;
use std::collections::BTreeSet;
use time::Day;

/// A unit that a rule raises.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Raised {
    /// How serious; the most serious first.
    pub severity: Severity,
    /// By when somebody is to answer: so many days after [`Raised::since`].
    #[serde(serialize_with = "crate::show::some_day")]
    pub due: Day,
    /// Since when it is raised without a break, as far as was looked back.
    #[serde(serialize_with = "crate::show::some_day")]
    pub since: Day,
    /// The unit's code.
    pub unit: String,
    /// Its name; empty for the nation.
    pub name: String,
    /// The measure's name.
    pub measure: &'static str,
    /// The rule's name.
    pub rule: String,
    /// What the rule looks at.
    pub kind: Kind,
    /// Whose attention.
    pub to: String,
    /// What was found, in the words of the rule's kind: hundredths a day, per cent, or days.
    pub figure: i64,
    /// What it was held against.
    pub beside: i64,
}

/// What the rules raise on a board of a day. Of units that are not on the board nothing is said.
#[must_use]
pub fn raised(rules: &[Rule], lines: &[Line], units: &Units, returns: &Returns, as_of: AsOf) -> Vec<Raised> {
    let mut all = Vec::new();
    for rule in rules {
        for line in lines.iter().filter(|line| rule.concerns(line.measure, line.level)) {
            let found = match rule.kind {
                Kind::FallingPace => pace(line)
                    .filter(|(week, month)| *month > 0 && rule.weighs(*month) && week * 100 < month * rule.percent()),
                Kind::Rising => pace(line)
                    .filter(|(week, month)| *week > 0 && rule.weighs(*week) && week * 100 > month * rule.percent()),
                Kind::OutOfReach => {
                    line.probability.filter(|_| line.pace_needed != Some(0.0)).and_then(|probability| {
                        let percent = (probability * 100.0).round() as i64;
                        (percent < rule.percent()).then_some((percent, rule.percent()))
                    })
                }
                Kind::NoReturn => {
                    let allowed = i64::from(rule.days());
                    silent(rule, line, units, returns, as_of).filter(|days| *days > allowed).map(|days| (days, allowed))
                }
            };
            let Some((figure, beside)) = found else { continue };
            all.push(Raised {
                severity: rule.severity,
                due: Day(as_of.day.0.saturating_add(i32::from(rule.within_days))),
                since: as_of.day,
                unit: line.unit.clone(),
                name: line.name.clone(),
                measure: line.measure,
                rule: rule.name.clone(),
                kind: rule.kind,
                to: rule.to.clone(),
                figure,
                beside,
            });
        }
    }
    all.sort();
    all
}

/// Days that are looked back for the day on which something was raised first.
pub const LOOKED_BACK: i32 = 14;

/// Says of each what day it is raised since: `raised_on` gives what was raised on the days before, one after another, and is
/// not asked any more when nothing goes on. The day to answer by counts from there.
pub fn go_back<E>(
    raised: &mut [Raised],
    day: Day,
    mut raised_on: impl FnMut(Day) -> Result<Vec<Raised>, E>,
) -> Result<(), E> {
    for back in 1..=LOOKED_BACK {
        let on = |back: i32| Day(day.0.saturating_sub(back));
        if !raised.iter().any(|one| one.since == on(back - 1)) {
            break;
        }
        let earlier: BTreeSet<(String, &str, String)> =
            raised_on(on(back))?.into_iter().map(|one| (one.unit, one.measure, one.rule)).collect();
        for one in raised.iter_mut().filter(|one| one.since == on(back - 1)) {
            if earlier.contains(&(one.unit.clone(), one.measure, one.rule.clone())) {
                one.since = Day(one.since.0.saturating_sub(1));
                one.due = Day(one.due.0.saturating_sub(1));
            }
        }
    }
    raised.sort();
    Ok(())
}

/// Hundredths a day of the last week and of the last four weeks.
fn pace(line: &Line) -> Option<(i64, i64)> {
    let hundredths = |pace: f64| (pace * 100.0).round() as i64;
    Some((hundredths(line.pace_7d?), hundredths(line.pace_28d?)))
}

/// Days since a unit signed last; of one that never did since it was expected to, none where nothing is said of that.
fn silent(rule: &Rule, line: &Line, units: &Units, returns: &Returns, as_of: AsOf) -> Option<i64> {
    let (measure, _) = (Measure::position(line.measure)?, units.find(&line.unit)?);
    let last = returns.standing(&line.unit, measure, as_of).map(|standing| standing.day).or(rule.since())?;
    Some(i64::from(as_of.day.0) - i64::from(last.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unit;
    use crate::board::Origin;
    use crate::returns::Return;
    use crate::rulebook::Rulebook;
    use time::Instant;

    fn line(measure: &'static str, pace_7d: f64, pace_28d: f64, probability: Option<f64>) -> Line {
        Line {
            unit: "P001".into(),
            name: "Hà Nội".into(),
            measure,
            population: None,
            value: 1,
            percent: None,
            rank: None,
            above_average: None,
            average: None,
            target: Some(5),
            pace_7d: Some(pace_7d),
            pace_needed: Some(1.0),
            forecast_date: None,
            forecast_low: None,
            forecast_high: None,
            probability,
            parent: String::new(),
            level: 1,
            deadline: None,
            pace_28d: Some(pace_28d),
            rank_change: None,
            source: Origin::Counted,
            counted: 1,
            returned: None,
            outlook: None,
            notes: Vec::new(),
        }
    }

    #[test]
    fn the_rules_shipped_raise_what_they_say() {
        let rules = Rulebook::shipped().unwrap().rules;
        let units = Units::new([Unit { code: "P001".into(), level: 1, ..Unit::default() }]);
        let one = Return {
            unit: "P001".into(),
            day: Day(90),
            measure: "entered".into(),
            count: 1,
            signer: "A".into(),
            recorded: Instant(1),
        };
        let returns = Returns::new(&units, [one]);
        let as_of = AsOf::now(Day(100));
        let found = |lines: &[Line]| {
            let all = raised(&rules, lines, &units, &returns, as_of).into_iter();
            all.map(|one| (one.rule, one.due.0, one.figure)).collect::<Vec<_>>()
        };
        let named = |name: &str, due, figure| (name.to_owned(), due, figure);
        assert_eq!(found(&[line("applications", 6.9, 10.0, None)]), [named("falling-pace", 103, 690)]);
        assert_eq!(found(&[line("applications", 7.0, 10.0, None)]), []);
        assert_eq!(found(&[line("applications", 0.0, 0.0, None)]), []);
        assert_eq!(found(&[line("applications", 9.0, 9.0, Some(0.19))]), [named("target-out-of-reach", 107, 19)]);
        assert_eq!(found(&[line("findings", 15.1, 10.0, None)]), [named("findings-rising", 105, 1510)]);
        assert_eq!(found(&[line("findings", 7.1, 0.0, None)]), [], "49.7 in a week");
        assert_eq!(found(&[line("findings", 7.15, 0.0, None)]), [named("findings-rising", 105, 715)]);
        assert_eq!(found(&[line("applications", 0.0, 7.1, None)]), [], "49.7 in a usual week");
        assert_eq!(found(&[line("entered", 9.0, 9.0, None)]), [named("no-return", 102, 10)]);
        let never = include_str!("../rules/no-return.toml").to_owned() + "since = \"1970-03-01\"\n";
        let never = [Rule::read("x.toml", &never).unwrap()];
        let days = |lines: &[Line]| {
            raised(&never, lines, &units, &returns, as_of).iter().map(|one| one.figure).collect::<Vec<_>>()
        };
        assert_eq!(days(&[line("applications", 0.0, 0.0, None)]), [41], "expected since the day 59");
        assert_eq!(days(&[line("entered", 0.0, 0.0, None)]), [10], "who signed is raised since then");
        let both = raised(&rules, &[line("entered", 1.0, 9.0, Some(0.0))], &units, &returns, as_of);
        assert_eq!(
            both.iter().map(|one| one.severity).collect::<Vec<_>>(),
            [Severity::High, Severity::High, Severity::Low]
        );
    }

    #[test]
    fn what_goes_on_is_due_from_the_day_on_which_it_began() {
        let rules = Rulebook::shipped().unwrap().rules;
        let units = Units::new([Unit { code: "P001".into(), level: 1, ..Unit::default() }]);
        let on = |day: Day, lines: &[Line]| raised(&rules, lines, &units, &Returns::default(), AsOf::now(day));
        let falls = [line("applications", 1.0, 9.0, None)];
        let both = [line("applications", 1.0, 9.0, Some(0.0))];
        let since = |begun: i32| {
            let (mut all, mut asked) = (on(Day(100), &both), 0);
            let earlier = |day: Day| {
                asked += 1;
                Ok::<_, ()>(if day.0 >= begun { on(day, &falls) } else { Vec::new() })
            };
            go_back(&mut all, Day(100), earlier).unwrap();
            (all.into_iter().map(|one| (one.rule, one.since.0, one.due.0)).collect::<Vec<_>>(), asked)
        };
        let named = |name: &str, since, due| (name.to_owned(), since, due);
        let falling = |since: i32| named("falling-pace", since, since + 3);
        assert_eq!(since(98), (vec![falling(98), named("target-out-of-reach", 100, 107)], 3));
        assert_eq!(since(0), (vec![falling(100 - LOOKED_BACK), named("target-out-of-reach", 100, 107)], LOOKED_BACK));
        assert_eq!(since(101).1, 1, "nothing goes on");
    }

    #[test]
    fn a_rule_that_cannot_be_read_says_where() {
        let good = include_str!("../rules/falling-pace.toml");
        let check = |from: &str, to: &str, line, column| {
            assert!(good.contains(from));
            let fault = Rule::read("x.toml", &good.replace(from, to)).unwrap_err();
            assert_eq!((fault.file.as_str(), fault.line, fault.column), ("x.toml", line, column), "{fault}");
        };
        check("kind = \"falling-pace\"", "kind = \"falling\"", 3, 8);
        check("\"applications\"", "\"aplications\"", 4, 24);
        check("percent = 70", "percent = \"70\"", 6, 11);
        check("percent = 70", "", 3, 8);
        check("percent = 70", "percent = 10001", 3, 8);
        check("least = 50", "since = \"2021-01-01\"", 7, 9);
        check("percent = 70", "precent = 70", 6, 1);
        check("percent = 70", "percent = 70\npercent = 80", 7, 1);
        check("\"applications\"", "\"entered\"", 4, 24);
        check("levels = [1, 2]", "levels = []", 3, 8);
        check("levels = [1, 2]", "levels = [1, 9]", 5, 14);
        check("severity = \"high\"", "severity = high", 8, 12);
        check("kind = \"falling-pace\"", "kind = \"out-of-reach\"", 7, 9);
        check("within_days = 3", "", 1, 1);
    }
}
