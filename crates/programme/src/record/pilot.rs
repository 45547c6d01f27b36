//! Pilots: named units run the real system first, are measured against criteria, and two officers say go or no-go.
//!
//! States: planned → running → decided (go or no-go) → in operation, or stopped. Promotion changes what the pilot is called and
//! nothing else: its units ran the real register all along, so nothing is lost or renumbered.
//! Codes: `pilot-not-planned`, `pilot-not-running`, `pilot-signed`, `pilot-unmeasured`, `pilot-criteria-unmet`, `pilot-no-go`,
//! `pilot-undecided`, `pilot-units-missing`, `pilot-criteria-missing`, `pilot-objected`, `criterion-unknown`,
//! `criterion-counted`, `criteria-uncounted`, `list-full`.
//! Start reading at [`Pilot::plan`].

use super::{By, Head, LIST_MAX, Refusal, TITLE_MAX, names, need, refuse, text};
use ids::{OfficerId, Uuid};
use serde::{Deserialize, Serialize};
use time::{Day, Instant};

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It has not begun.
    Planned,
    /// The units run the system.
    Running,
    /// Two officers said go.
    Go,
    /// Two officers said no-go.
    NoGo,
    /// The system is in operation in these units.
    InOperation,
}
names!(State {
    Planned => "planned", Running => "running", Go => "go", NoGo => "no-go", InOperation => "in-operation",
});

/// Something that has to be so before the system may go on. Values are whole numbers in the criterion's own unit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Criterion {
    /// What is measured.
    pub name: String,
    /// Which values are good.
    pub bound: Bound,
    /// What was measured last, and on which day.
    pub measured: Option<(i64, Day)>,
}

/// Which values of a criterion are good.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// This or more.
    AtLeast(i64),
    /// This or less.
    AtMost(i64),
}

impl Criterion {
    /// The measure that it is counted by, and whether in percent: where its name is a measure's, with `%` before it or not.
    /// Others are measured by people.
    #[must_use]
    pub fn counted_by(&self) -> Option<(&'static crate::Measure, bool)> {
        let (name, percent) = match self.name.strip_prefix('%') {
            Some(name) => (name.trim(), true),
            None => (self.name.as_str(), false),
        };
        let measure = crate::MEASURES.iter().find(|measure| measure.name == name)?;
        (!percent || measure.mean_of.is_none()).then_some((measure, percent))
    }

    /// Whether it is met; none where nothing was measured.
    #[must_use]
    pub fn met(&self) -> Option<bool> {
        let (value, _) = self.measured?;
        Some(match self.bound {
            Bound::AtLeast(bound) => value >= bound,
            Bound::AtMost(bound) => value <= bound,
        })
    }
}

/// What an officer signs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Into operation.
    Go,
    /// Not so.
    NoGo,
}

/// A pilot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pilot {
    /// What every record has.
    pub head: Head,
    /// How far it has come.
    pub state: State,
    /// The units, by code.
    pub units: Vec<String>,
    /// What has to be so.
    pub criteria: Vec<Criterion>,
    /// Who signed what, since the last measurement.
    pub signed: Vec<(OfficerId, Verdict, Instant)>,
}

/// How ready a pilot is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Readiness {
    /// Criteria met.
    pub met: usize,
    /// Criteria measured and not met.
    pub unmet: usize,
    /// Criteria not measured.
    pub unmeasured: usize,
}

impl Pilot {
    /// Planned for units with criteria, until a day.
    pub fn plan(
        id: Uuid,
        unit: &str,
        title: &str,
        units: &[String],
        criteria: &[(String, Bound)],
        until: Day,
        by: By,
    ) -> Result<Pilot, Refusal> {
        let mut head = Head::new(id, unit, title, by)?;
        head.due = Some(super::due(until, by)?);
        let mut units = units.to_vec();
        units.sort();
        units.dedup();
        need(!units.is_empty() && units.iter().all(|unit| !unit.is_empty()), "pilot-units-missing")?;
        need(!criteria.is_empty(), "pilot-criteria-missing")?;
        need(units.len() <= LIST_MAX && criteria.len() <= LIST_MAX, "list-full")?;
        let criterion = |(name, bound): &(String, Bound)| {
            Ok(Criterion { name: text(name, TITLE_MAX)?, bound: *bound, measured: None })
        };
        let criteria = criteria.iter().map(criterion).collect::<Result<_, Refusal>>()?;
        Ok(Pilot { head, state: State::Planned, units, criteria, signed: Vec::new() })
    }

    /// The units begin.
    pub fn begin(mut self, by: By) -> Result<Pilot, Refusal> {
        need(self.state == State::Planned, "pilot-not-planned")?;
        self.head = self.head.next(by);
        self.state = State::Running;
        Ok(self)
    }

    /// A criterion is measured. Whoever had signed signed something else: their signatures fall.
    pub fn measure(mut self, criterion: usize, value: i64, by: By) -> Result<Pilot, Refusal> {
        need(self.state == State::Running, "pilot-not-running")?;
        let found = self.criteria.get_mut(criterion).ok_or(Refusal { code: "criterion-unknown" })?;
        need(found.counted_by().is_none(), "criterion-counted")?;
        found.measured = Some((value, by.at.day()));
        self.head = self.head.next(by);
        self.signed.clear();
        Ok(self)
    }

    /// The criteria that are counted take what the board counts in the pilot's units now; none where it cannot say. Signatures
    /// fall where that is something else.
    pub fn count(
        mut self,
        value: impl Fn(&'static crate::Measure, bool) -> Option<i64>,
        by: By,
    ) -> Result<Pilot, Refusal> {
        need(self.state == State::Running, "pilot-not-running")?;
        need(self.criteria.iter().any(|one| one.counted_by().is_some()), "criteria-uncounted")?;
        let mut changed = false;
        for one in &mut self.criteria {
            let Some((measure, percent)) = one.counted_by() else { continue };
            let measured = value(measure, percent).map(|value| (value, by.at.day()));
            changed |= measured.map(|(value, _)| value) != one.measured.map(|(value, _)| value);
            one.measured = measured;
        }
        if changed {
            self.signed.clear();
        }
        self.head = self.head.next(by);
        Ok(self)
    }

    /// An officer signs. The second of two different officers who say the same decides; go needs every criterion met, and nobody
    /// who said no.
    pub fn sign(mut self, verdict: Verdict, by: By) -> Result<Pilot, Refusal> {
        need(self.state == State::Running, "pilot-not-running")?;
        need(self.signed.iter().all(|(officer, _, _)| *officer != by.officer), "pilot-signed")?;
        let readiness = self.readiness();
        if verdict == Verdict::Go {
            need(readiness.unmeasured == 0, "pilot-unmeasured")?;
            need(readiness.unmet == 0, "pilot-criteria-unmet")?;
            need(self.signed.iter().all(|(_, other, _)| *other == Verdict::Go), "pilot-objected")?;
        }
        need(self.signed.len() < LIST_MAX, "list-full")?;
        self.head = self.head.next(by);
        self.signed.push((by.officer, verdict, by.at));
        if self.signed.iter().filter(|(_, other, _)| *other == verdict).count() == 2 {
            self.state = if verdict == Verdict::Go { State::Go } else { State::NoGo };
            self.head.due = None;
        }
        Ok(self)
    }

    /// Into operation, after go.
    pub fn promote(mut self, by: By) -> Result<Pilot, Refusal> {
        match self.state {
            State::Go => {}
            State::NoGo => return refuse("pilot-no-go"),
            _ => return refuse("pilot-undecided"),
        }
        self.head = self.head.next(by);
        self.state = State::InOperation;
        Ok(self)
    }

    /// How ready it is.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let count = |met| self.criteria.iter().filter(|criterion| criterion.met() == met).count();
        Readiness { met: count(Some(true)), unmet: count(Some(false)), unmeasured: count(None) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::given::{by, code, day};

    fn running() -> Pilot {
        let criteria = [
            ("Hồ sơ đúng, phần nghìn".to_owned(), Bound::AtLeast(995)),
            ("Lỗi nghiêm trọng".to_owned(), Bound::AtMost(0)),
        ];
        let units = ["P001".to_owned(), "P031".to_owned(), "P001".to_owned()];
        let pilot =
            Pilot::plan(Uuid([1; 16]), "", "Thí điểm", &units, &criteria, day("2021-02-25"), by(1, "2020-12-01"));
        pilot.unwrap().begin(by(1, "2020-12-02")).unwrap()
    }

    #[test]
    fn two_officers_say_go_when_every_criterion_is_met() {
        let on = "2021-02-01";
        let pilot = running().measure(0, 997, by(1, on)).unwrap();
        assert_eq!(code(pilot.clone().sign(Verdict::Go, by(2, on))), "pilot-unmeasured");
        let bad = pilot.clone().measure(1, 3, by(1, on)).unwrap();
        assert_eq!((bad.readiness().unmet, code(bad.sign(Verdict::Go, by(2, on)))), (1, "pilot-criteria-unmet"));
        let one = pilot.measure(1, 0, by(1, on)).unwrap().sign(Verdict::Go, by(2, on)).unwrap();
        assert_eq!((one.state, code(one.clone().sign(Verdict::Go, by(2, on)))), (State::Running, "pilot-signed"));
        assert_eq!(code(one.clone().promote(by(2, on))), "pilot-undecided");
        assert_eq!(one.clone().measure(1, 0, by(1, on)).unwrap().signed, [], "they signed another measurement");
        let go = one.sign(Verdict::Go, by(3, on)).unwrap();
        assert_eq!(go.state, State::Go);
        let (units, criteria) = (go.units.clone(), go.criteria.clone());
        let after = go.promote(by(1, "2021-07-01")).unwrap();
        assert_eq!((after.state, after.units, after.criteria), (State::InOperation, units, criteria));
    }

    #[test]
    fn what_the_board_counts_is_measured_by_nobody_and_who_objects_is_heard() {
        let on = "2021-02-01";
        let criteria = [("% entered", 95), ("applications", 10), ("% waiting", 1), ("Máy đủ", 1)];
        let criteria = criteria.map(|(name, bound)| (name.to_owned(), Bound::AtLeast(bound)));
        let units = ["P001".to_owned()];
        let pilot = Pilot::plan(Uuid([1; 16]), "", "x", &units, &criteria, day("2021-02-25"), by(1, "2020-12-01"));
        let pilot = pilot.unwrap().begin(by(1, on)).unwrap();
        assert_eq!(code(pilot.clone().measure(0, 99, by(1, on))), "criterion-counted");
        let pilot = pilot.measure(2, 1, by(1, on)).unwrap().measure(3, 1, by(1, on)).unwrap();
        let counted = |entered: Option<i64>| {
            move |measure: &crate::Measure, percent: bool| match (measure.name, percent) {
                ("entered", true) => entered,
                ("applications", false) => Some(12),
                _ => Some(0),
            }
        };
        assert_eq!(pilot.clone().count(counted(None), by(1, on)).unwrap().readiness().unmeasured, 1);
        let low = pilot.clone().count(counted(Some(94)), by(1, on)).unwrap();
        assert_eq!(code(low.sign(Verdict::Go, by(2, on))), "pilot-criteria-unmet");
        let one = pilot.count(counted(Some(95)), by(1, on)).unwrap().sign(Verdict::Go, by(2, on)).unwrap();
        assert_eq!(one.clone().count(counted(Some(95)), by(1, on)).unwrap().signed.len(), 1, "nothing is different");
        assert_eq!(one.clone().count(counted(Some(96)), by(1, on)).unwrap().signed, []);
        let objected = one.sign(Verdict::NoGo, by(3, on)).unwrap();
        assert_eq!(code(objected.sign(Verdict::Go, by(4, on))), "pilot-objected");
        assert_eq!(code(running().count(counted(None), by(1, on))), "criteria-uncounted");
    }

    #[test]
    fn two_officers_can_say_no_go_at_any_time() {
        let on = "2021-02-01";
        let one = running().sign(Verdict::NoGo, by(2, on)).unwrap().sign(Verdict::NoGo, by(3, on)).unwrap();
        assert_eq!((one.state, code(one.clone().promote(by(1, on)))), (State::NoGo, "pilot-no-go"));
        assert_eq!(code(one.measure(0, 1, by(1, on))), "pilot-not-running");
        let none = Pilot::plan(Uuid([1; 16]), "", "x", &[], &[], day("2021-02-25"), by(1, "2020-12-01"));
        assert_eq!(code(none), "pilot-units-missing");
    }
}
