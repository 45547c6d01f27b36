use super::*;
use crate::MEASURES;
use crate::returns::Return;
use crate::target::{Basis, Target};
use crate::{Merger, NATION, Unit};
use ids::{PersonId, Uuid};
use journal::{Actor, Event};
use proptest::prelude::*;
use time::{Day, Instant};

fn unit(code: &str, parent: &str, level: u8, population: u64) -> Unit {
    Unit { code: code.into(), parent: parent.into(), name: code.into(), level, population }
}

fn units() -> Units {
    Units::new([
        unit("P001", "", 1, 1000),
        unit("P002", "", 1, 500),
        unit("P003", "", 1, 500),
        unit("D001", "P001", 2, 0),
        unit("00001", "D001", 3, 0),
        unit("00007", "D001", 3, 0),
        unit("D002", "P002", 2, 0),
        unit("00004", "D002", 3, 0),
    ])
    .with_merged([Merger { old: "00009".into(), new: "00007".into(), since: Day(18_690) }])
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

const TODAY: &str = "2021-03-01";

/// A board's parts, put together by hand.
#[derive(Default)]
struct Given {
    cube: Cube,
    returns: Vec<Return>,
    targets: Vec<Target>,
}

impl Given {
    fn events(mut self, kind: &str, unit: &str, on: &str, count: usize) -> Given {
        let recorded = Instant(day(on).start().0 + 1);
        let mut event = Event::new(Uuid::default(), kind, recorded, Actor::default());
        event.unit = unit.into();
        event.subjects = vec![PersonId::default(); count];
        self.cube.add(self.cube.events(), &event);
        self
    }

    fn returned(mut self, unit: &str, measure: &str, on: &str, count: u64) -> Given {
        let (on, recorded) = (day(on), Instant(day(on).start().0 + 2));
        let (unit, measure) = (unit.into(), measure.into());
        self.returns.push(Return { unit, day: on, measure, count, signer: "Trưởng phòng".into(), recorded });
        self
    }

    fn target(mut self, unit: &str, measure: &str, count: u64) -> Given {
        self.targets.push(Target {
            unit: unit.into(),
            measure: measure.into(),
            deadline: day("2021-07-01"),
            version: 1,
            count: Some(count),
            basis: Basis::Hand,
            set: Instant::parse("2020-11-01").unwrap(),
        });
        self
    }

    fn board(&self, units: &Units, within: &str, depth: Depth) -> Vec<Line> {
        let returns = Returns::new(units, self.returns.clone());
        let targets = Targets::new(units, self.targets.clone());
        let sources = Sources { units, cube: &self.cube, returns: &returns, targets: &targets };
        let earlier = Some(AsOf::then(Day(day(TODAY).0 - 7)));
        board(&sources, &Request { as_of: AsOf::then(day(TODAY)), earlier, within, depth, measures: &[] })
    }
}

fn line<'a>(lines: &'a [Line], unit: &str, measure: &str) -> &'a Line {
    lines.iter().find(|line| line.unit == unit && line.measure == measure).unwrap()
}

#[test]
fn counts_go_up_the_tree_and_units_are_ranked_by_share() {
    let given = Given::default()
        .events("person.entered", "00001", "2021-02-01", 80)
        .events("person.entered", "00004", "2021-02-28", 60)
        .events("person.withdrawn", "00004", "2021-02-28", 9)
        .events("person.merged", "00004", "2021-03-01", 2)
        .events("person.entered", "99999", "2021-03-01", 2)
        .events("person.entered", "00009", "2021-03-01", 1)
        .events("person.moved-out", "00001", "2021-03-01", 1)
        .events("person.moved-in", "00007", "2021-03-01", 1);
    let lines = given.board(&units(), "", Depth::All);
    let nation = line(&lines, "", "entered");
    // A unit that nobody knows counts for the nation alone.
    assert_eq!((nation.value, nation.percent, nation.rank, nation.population), (133, Some(6.65), None, Some(2000)));
    let first = line(&lines, "P002", "entered");
    assert_eq!((first.value, first.percent, first.rank, first.above_average), (50, Some(10.0), Some(1), Some(true)));
    assert_eq!(first.rank_change, Some(1), "a week ago it was second, with nothing, as was the third");
    let second = line(&lines, "P001", "entered");
    assert_eq!((second.value, second.percent, second.rank, second.rank_change), (81, Some(8.1), Some(2), Some(-1)));
    let last = line(&lines, "P003", "entered");
    assert_eq!((last.value, last.rank, last.above_average), (0, Some(3), Some(false)));
    let commune = line(&lines, "00007", "entered");
    assert_eq!(
        (commune.value, commune.percent, commune.rank),
        (2, None, Some(2)),
        "a merged unit counts where it is now"
    );
    assert_eq!(commune.notes, [Note::NoPopulation, Note::RankedByValue, Note::MergedIn]);
    assert_eq!((first.pace_7d, second.pace_7d, nation.pace_7d), (Some(7.14), Some(0.14), Some(7.57)));
}

#[test]
fn an_officer_sees_nothing_beside_or_above_their_unit() {
    let given = Given::default().events("person.entered", "00001", "2021-02-01", 80).events(
        "person.entered",
        "00004",
        "2021-02-28",
        60,
    );
    let lines = given.board(&units(), "P002", Depth::All);
    assert!(lines.iter().all(|line| ["P002", "D002", "00004"].contains(&line.unit.as_str())));
    assert_eq!(line(&lines, "P002", "entered").rank, Some(1), "ranked among all the same");
    assert_eq!(given.board(&units(), "nowhere", Depth::All), []);
    let page = given.board(&units(), "", Depth::Page);
    assert_eq!(page.len(), MEASURES.len() * 4);
    let levels = |depth| given.board(&units(), "", depth).iter().map(|line| line.level).max();
    assert_eq!([0, 1, 2].map(|level| levels(Depth::Level(level))), [Some(0), Some(1), Some(2)]);
    let all = given.board(&units(), "", Depth::All);
    let down = given.board(&units(), "", Depth::Level(2));
    assert_eq!(down, all.into_iter().filter(|line| line.level <= 2).collect::<Vec<_>>());
}

#[test]
fn the_figures_of_the_reports() {
    // The split over provinces is invented; the sums are the reports'.
    let provinces: Vec<Unit> = (1..=63).map(|at| unit(&format!("P{at:03}"), "", 1, 1_000_000)).collect();
    let units = Units::new(provinces);
    let weights: Vec<u64> = (1..=63).map(|at| 900_000 + at * 20_000).collect();
    let people = crate::target::share(98_713_820, &weights).unwrap();
    let done =
        crate::target::share(85_157_192, &weights.iter().map(|weight| weight * weight).collect::<Vec<_>>()).unwrap();
    let asked = crate::target::share(33_900_000, &weights).unwrap();
    let mut given = Given::default().target("", "applications", 50_000_000);
    for at in 0..63 {
        let code = format!("P{:03}", at + 1);
        given = given
            .returned(&code, "population", "2021-02-28", people[at])
            .returned(&code, "entered", "2021-02-28", done[at])
            .returned(&code, "applications", "2021-02-28", asked[at]);
    }
    let lines = given.board(&units, "", Depth::All);
    let nation = line(&lines, "", "entered");
    assert_eq!((nation.population, nation.value, nation.percent), (Some(98_713_820), 85_157_192, Some(86.27)));
    assert_eq!((nation.source, nation.returned, nation.counted), (Origin::Returned, Some(85_157_192), 0));
    let applications = line(&lines, "", "applications");
    assert_eq!(
        (applications.value, applications.target, applications.percent),
        (33_900_000, Some(50_000_000), Some(67.8))
    );
    let above = |lines: &[Line]| {
        let above = lines.iter().filter(|line| line.measure == "entered" && line.above_average == Some(true));
        above.map(|line| line.unit.clone()).collect::<Vec<_>>()
    };
    let first = above(&lines);
    assert!(first.contains(&"P063".to_owned()) && !first.contains(&"P001".to_owned()));
    // Other figures give another answer.
    let lines = given.returned("P001", "entered", "2021-03-01", people[0]).board(&units, "", Depth::All);
    assert!(above(&lines).contains(&"P001".to_owned()));
    assert_ne!(line(&lines, "", "entered").percent, Some(86.27));
    let first = line(&lines, "P001", "entered");
    assert_eq!((first.percent, first.value), (Some(100.0), people[0]));
    let json = serde_json::to_value(line(&lines, "", "applications")).unwrap();
    for column in [
        "unit",
        "name",
        "measure",
        "population",
        "value",
        "percent",
        "rank",
        "above_average",
        "target",
        "pace_7d",
        "pace_needed",
        "forecast_date",
        "forecast_low",
        "forecast_high",
        "probability",
    ] {
        assert!(json.get(column).is_some(), "{column}");
    }
}

#[test]
fn percents_are_rounded_half_up_on_whole_numbers() {
    for (value, of, expected) in [
        (85_157_192, 98_713_820, Some(86.27)),
        (33_900_000, 50_000_000, Some(67.8)),
        (1, 20_000, Some(0.01)),
        (1, 20_001, Some(0.0)),
        (3, 2, Some(150.0)),
        (0, 5, Some(0.0)),
        (5, 0, None),
        (u64::MAX, u64::MAX, Some(100.0)),
    ] {
        assert_eq!(line::percent(value, of), expected, "{value} of {of}");
    }
}

#[test]
fn what_is_counted_first_later_says_nothing_about_the_day_before() {
    let asked = |given: &Given| line(&given.board(&units(), "", Depth::All), "", "entered").clone();
    let before = asked(&Given::default());
    let later = asked(&Given::default().events("person.entered", "00001", "2021-03-02", 5));
    assert_eq!((before.pace_7d, &later), (None, &before), "a pace of 0 would say that the days are known");
}

#[test]
fn counts_and_returns_are_never_mixed_silently() {
    let given = Given::default()
        .events("person.entered", "00001", "2021-02-01", 80)
        .returned("P001", "entered", "2021-02-28", 70)
        .events("person.entered", "00004", "2021-02-01", 10)
        .returned("00004", "entered", "2021-02-28", 40)
        .returned("D002", "entered", "2021-02-28", 45);
    let lines = given.board(&units(), "", Depth::All);
    let less = line(&lines, "P001", "entered");
    assert_eq!((less.value, less.counted, less.returned, less.source), (80, 80, Some(70), Origin::Counted));
    assert!(less.notes.contains(&Note::ReturnBelowCounted));
    let more = line(&lines, "00004", "entered");
    assert_eq!((more.value, more.counted, more.returned, more.source), (40, 10, Some(40), Origin::Returned));
    let above = line(&lines, "D002", "entered");
    assert_eq!((above.value, above.source), (45, Origin::Returned));
    assert!(above.notes.contains(&Note::ReturnUnlikeBelow));
    let nation = line(&lines, "", "entered");
    assert_eq!((nation.value, nation.counted, nation.source), (125, 90, Origin::Mixed));
    assert!(nation.notes.contains(&Note::MixedSum));
}

#[test]
fn who_signed_ten_days_ago_is_forecast_from_that_day() {
    // What came on a day depends on the weekday, so that a day taken for another would show.
    let came = |at: i32| [90, 80, 70, 60, 50, 40, 0][at.rem_euclid(7) as usize];
    let (last, mut total, mut given) = (Day(day(TODAY).0 - 10), 0, Given::default());
    for at in last.0 - 40..=last.0 {
        total += came(at);
        given = given.returned("P001", "applications", &Day(at).to_string(), total as u64);
    }
    let goal = total as u64 + 300;
    let given = given.target("P001", "applications", goal);
    let signed: Vec<i64> = (last.0 - 39..=last.0).map(came).collect();
    let expected = crate::forecast::forecast(last, &signed, 40, 300, Some(day("2021-07-01")));
    let lines = given.board(&units(), "", Depth::Page);
    let (own, nation) = (line(&lines, "P001", "applications"), line(&lines, "", "applications"));
    assert_eq!((own.forecast_date, own.forecast_high), (expected.date, expected.high));
    assert_eq!(own.probability, expected.probability);
    assert!(expected.date.unwrap() < Day(day(TODAY).0), "{expected:?}");
    assert_eq!((own.pace_7d, nation.pace_7d), (Some(55.71), Some(55.71)));
    // Another province is further: its days are added to the same days, and the sum ends where both are known.
    let mut given = given;
    let mut second = 0;
    for at in last.0 - 40..=day(TODAY).0 {
        second += 10;
        given = given.returned("P002", "applications", &Day(at).to_string(), second);
    }
    let lines = given.board(&units(), "", Depth::Page);
    let both = line(&lines, "", "applications");
    assert_eq!((both.value, both.pace_7d), (total as u64 + second, Some(65.71)));
    let sources = Returns::new(&units(), given.returns.clone());
    let (units, targets) = (units(), Targets::default());
    let sources = Sources { units: &units, cube: &given.cube, returns: &sources, targets: &targets };
    let days = days(&sources, "", "applications", AsOf::then(day(TODAY)), 56).unwrap();
    assert_eq!((days.last, days.known, days.after), (last, 40, 100));
    assert_eq!(days.counts.last(), Some(&(came(last.0) + 10)));
    // Who has not signed for four weeks keeps nobody waiting.
    let given = given.returned("P003", "applications", &Day(day(TODAY).0 - 40).to_string(), 5);
    assert_eq!(line(&given.board(&units, "", Depth::Page), "", "applications").pace_7d, Some(65.71));
}

#[test]
fn a_return_that_events_overtake_is_no_contradiction_and_the_returns_below_stand() {
    let given = Given::default()
        .returned("P001", "entered", "2021-02-10", 70)
        .events("person.entered", "00001", "2021-02-09", 60)
        .events("person.entered", "00001", "2021-02-20", 30)
        .returned("00007", "entered", "2021-02-10", 15);
    let lines = given.board(&units(), "", Depth::All);
    let own = line(&lines, "P001", "entered");
    assert_eq!((own.value, own.counted, own.returned, own.source), (105, 90, Some(70), Origin::Mixed));
    assert!(!own.notes.contains(&Note::ReturnBelowCounted), "{:?}", own.notes);
    let given = given.events("person.entered", "00001", "2021-02-10", 11);
    let lines = given.board(&units(), "", Depth::All);
    let own = line(&lines, "P001", "entered");
    assert_eq!((own.value, own.counted), (116, 101));
    assert!(own.notes.contains(&Note::ReturnBelowCounted), "71 were counted that day");
}

#[test]
fn targets_give_needed_pace_forecast_and_ranks() {
    let mut given = Given::default().target("P001", "applications", 280).target("P002", "applications", 2);
    for at in 0..28 {
        let on = Day(day(TODAY).0 - at).to_string();
        given = given.events("application.received", "00001", &on, 1).events("application.received", "00004", &on, 1);
    }
    let lines = given.board(&units(), "", Depth::All);
    let first = line(&lines, "P001", "applications");
    assert_eq!((first.value, first.percent, first.pace_7d, first.pace_28d), (28, Some(10.0), Some(1.0), Some(1.0)));
    assert_eq!((first.deadline, first.pace_needed), (Some(day("2021-07-01")), Some(2.07)));
    assert_eq!(first.forecast_date, Some(Day(day(TODAY).0 + 252)));
    assert!(first.probability.unwrap() < 0.1 && first.forecast_low < first.forecast_date);
    let done = line(&lines, "P002", "applications");
    assert_eq!(
        (done.percent, done.pace_needed, done.outlook),
        (Some(1400.0), Some(0.0), Some(crate::forecast::Outlook::Reached))
    );
    assert!(done.notes.contains(&Note::Over100) && done.notes.contains(&Note::RankedByPopulation));
    let lines = given.target("P003", "applications", 5).board(&units(), "", Depth::All);
    let nation = line(&lines, "", "applications");
    assert_eq!(nation.target, Some(287), "each below has one: their sum");
    assert_eq!(line(&lines, "P001", "applications").rank, Some(2));
}

proptest! {
    #[test]
    fn a_board_adds_up_and_ranks_follow_shares(
        counts in proptest::collection::vec((0..5usize, 1..50usize), 0..12),
        returned in proptest::collection::vec((0..4usize, 0..80u64), 0..6),
    ) {
        let mut given = Given::default();
        for (at, count) in &counts {
            given = given.events("person.entered", ["00001", "00007", "00004", "P003", "D001"][*at], "2021-02-20", *count);
        }
        for (at, count) in &returned {
            given = given.returned(["00001", "00004", "P002", "P003"][*at], "entered", "2021-02-21", *count);
        }
        let units = units();
        let lines = given.board(&units, "", Depth::Page);
        let sum: u64 = (1..units.len())
            .filter(|place| units.parent(*place) == NATION)
            .map(|place| line(&lines, &units.at(place).code, "entered").value)
            .sum();
        prop_assert_eq!(line(&lines, "", "entered").value, sum);
        let mut provinces: Vec<&Line> = lines.iter().filter(|line| line.measure == "entered" && line.level == 1).collect();
        provinces.sort_by_key(|line| line.rank);
        for pair in provinces.windows(2) {
            let [a, b] = [pair[0], pair[1]].map(|line| (line.value, line.population.unwrap()));
            let order = (a.0 * b.1).cmp(&(b.0 * a.1));
            prop_assert!(order.is_ge());
            prop_assert_eq!(order.is_eq(), pair[0].rank == pair[1].rank);
        }
        for line in &lines {
            prop_assert!(line.value >= line.counted);
        }
    }
}
