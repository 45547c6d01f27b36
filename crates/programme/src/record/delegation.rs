//! Delegations and inspections: who goes where and when, what they find, what they are promised, and whether it was kept.
//!
//! States: planned → under way → reported → closed, or cancelled. A promise outlives the journey: a delegation closes when each is
//! kept or given up.
//! Codes: `delegation-over`, `delegation-not-planned`, `delegation-not-under-way`, `delegation-not-reported`,
//! `delegation-members-missing`, `delegation-route-missing`, `delegation-off-route`, `delegation-unvisited`,
//! `delegation-promises-open`, `promise-unknown`, `promise-settled`, `day-future`, `list-full`.
//! Start reading at [`Delegation::plan`].

use super::{By, Head, LIST_MAX, Refusal, TEXT_MAX, names, need, text};
use ids::{OfficerId, Uuid};
use serde::{Deserialize, Serialize};
use time::Day;

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It has not begun.
    Planned,
    /// It travels.
    UnderWay,
    /// It is back and has reported; promises are followed up.
    Reported,
    /// Every promise is settled.
    Closed,
    /// It did not take place.
    Cancelled,
}
names!(State {
    Planned => "planned", UnderWay => "under-way", Reported => "reported", Closed => "closed", Cancelled => "cancelled",
});

/// One stop of the route.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stop {
    /// The unit.
    pub unit: String,
    /// The day planned.
    pub planned: Day,
    /// The day it was visited.
    pub visited: Option<Day>,
}

/// What was found in a unit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// The unit.
    pub unit: String,
    /// In the delegation's words.
    pub text: String,
}

/// What a unit promised.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Promise {
    /// The unit.
    pub unit: String,
    /// What.
    pub text: String,
    /// By when.
    pub due: Day,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

/// How a promise ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Kept on a day.
    Kept(Day),
    /// Given up on a day, with the reason.
    GivenUp(Day, String),
}

/// A delegation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Delegation {
    /// What every record has; the owner leads it.
    pub head: Head,
    /// How far it has come.
    pub state: State,
    /// What it is to see.
    pub plan: String,
    /// Who goes, the leader first.
    pub members: Vec<OfficerId>,
    /// Where, in the order of the days.
    pub route: Vec<Stop>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What was promised.
    pub promises: Vec<Promise>,
}

impl Delegation {
    /// Planned: members, the first of whom leads, and stops.
    pub fn plan(
        id: Uuid,
        unit: &str,
        title: &str,
        plan: &str,
        members: &[OfficerId],
        route: &[(String, Day)],
        by: By,
    ) -> Result<Delegation, Refusal> {
        let mut head = Head::new(id, unit, title, by)?;
        let mut distinct: Vec<OfficerId> = Vec::new();
        for member in members {
            if !distinct.contains(member) {
                distinct.push(*member);
            }
            need(distinct.len() <= LIST_MAX, "list-full")?;
        }
        head.owner = Some(*distinct.first().ok_or(Refusal { code: "delegation-members-missing" })?);
        need(!route.is_empty(), "delegation-route-missing")?;
        need(route.len() <= LIST_MAX, "list-full")?;
        let stop = |(unit, planned): &(String, Day)| Stop { unit: unit.clone(), planned: *planned, visited: None };
        let mut route: Vec<Stop> = route.iter().map(stop).collect();
        route.sort_by_key(|stop| stop.planned);
        head.due = route.first().map(|stop| stop.planned);
        let plan = text(plan, TEXT_MAX)?;
        let (findings, promises) = (Vec::new(), Vec::new());
        Ok(Delegation { head, state: State::Planned, plan, members: distinct, route, findings, promises })
    }

    /// It sets out.
    pub fn begin(mut self, by: By) -> Result<Delegation, Refusal> {
        need(self.state == State::Planned, "delegation-not-planned")?;
        self.head = self.head.next(by);
        self.state = State::UnderWay;
        Ok(self)
    }

    /// It does not take place.
    pub fn cancel(mut self, by: By) -> Result<Delegation, Refusal> {
        need(self.state == State::Planned, "delegation-not-planned")?;
        self.head = self.head.next(by);
        (self.state, self.head.due) = (State::Cancelled, None);
        Ok(self)
    }

    /// A unit of the route was visited on a day that has come.
    pub fn visit(mut self, unit: &str, day: Day, by: By) -> Result<Delegation, Refusal> {
        need(self.state == State::UnderWay, "delegation-not-under-way")?;
        need(day <= by.at.day(), "day-future")?;
        let stop = self.route.iter_mut().find(|stop| stop.unit == unit && stop.visited.is_none());
        stop.ok_or(Refusal { code: "delegation-off-route" })?.visited = Some(day);
        self.head = self.head.next(by);
        self.head.due = self.route.iter().find(|stop| stop.visited.is_none()).map(|stop| stop.planned);
        Ok(self)
    }

    /// What was found in a unit that was visited.
    pub fn find(mut self, unit: &str, found: &str, by: By) -> Result<Delegation, Refusal> {
        self.was_in(unit)?;
        need(self.findings.len() < LIST_MAX, "list-full")?;
        self.findings.push(Finding { unit: unit.to_owned(), text: text(found, TEXT_MAX)? });
        self.head = self.head.next(by);
        Ok(self)
    }

    /// What a unit that was visited promised, by a day.
    pub fn promise(mut self, unit: &str, what: &str, until: Day, by: By) -> Result<Delegation, Refusal> {
        self.was_in(unit)?;
        need(self.promises.len() < LIST_MAX, "list-full")?;
        let (unit, text, due) = (unit.to_owned(), text(what, TEXT_MAX)?, super::due(until, by)?);
        self.promises.push(Promise { unit, text, due, outcome: None });
        self.head = self.head.next(by);
        self.follow_up();
        Ok(self)
    }

    /// It is back: what it found and was promised is all there.
    pub fn report(mut self, by: By) -> Result<Delegation, Refusal> {
        need(self.state == State::UnderWay, "delegation-not-under-way")?;
        need(self.route.iter().any(|stop| stop.visited.is_some()), "delegation-unvisited")?;
        self.head = self.head.next(by);
        self.state = State::Reported;
        self.follow_up();
        Ok(self)
    }

    /// A promise, by its place, was kept or is given up.
    pub fn settle(mut self, promise: usize, outcome: Outcome, by: By) -> Result<Delegation, Refusal> {
        need(!matches!(self.state, State::Closed | State::Cancelled), "delegation-over")?;
        let found = self.promises.get_mut(promise).ok_or(Refusal { code: "promise-unknown" })?;
        need(found.outcome.is_none(), "promise-settled")?;
        let (Outcome::Kept(day) | Outcome::GivenUp(day, _)) = &outcome;
        need(*day <= by.at.day(), "day-future")?;
        found.outcome = Some(match outcome {
            Outcome::GivenUp(day, reason) => Outcome::GivenUp(day, text(&reason, TEXT_MAX)?),
            kept => kept,
        });
        self.head = self.head.next(by);
        self.follow_up();
        Ok(self)
    }

    /// Every promise is settled.
    pub fn close(mut self, by: By) -> Result<Delegation, Refusal> {
        need(self.state == State::Reported, "delegation-not-reported")?;
        need(self.promises.iter().all(|promise| promise.outcome.is_some()), "delegation-promises-open")?;
        self.head = self.head.next(by);
        (self.state, self.head.due) = (State::Closed, None);
        Ok(self)
    }

    /// Units visited, each with its first day: for [`super::effect`].
    #[must_use]
    pub fn visited(&self) -> Vec<(&str, Day)> {
        self.route.iter().filter_map(|stop| Some((stop.unit.as_str(), stop.visited?))).collect()
    }

    fn was_in(&self, unit: &str) -> Result<(), Refusal> {
        need(matches!(self.state, State::UnderWay | State::Reported), "delegation-not-under-way")?;
        need(self.route.iter().any(|stop| stop.unit == unit && stop.visited.is_some()), "delegation-off-route")
    }

    /// Once it has reported, the next promise is what it waits for.
    fn follow_up(&mut self) {
        if self.state == State::Reported {
            let open = self.promises.iter().filter(|promise| promise.outcome.is_none());
            self.head.due = open.map(|promise| promise.due).min();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::given::{by, code, day};

    fn planned() -> Delegation {
        let members = [by(5, "2021-03-01").officer, by(6, "2021-03-01").officer, by(5, "2021-03-01").officer];
        let route = [("P002".to_owned(), day("2021-03-11")), ("P001".to_owned(), day("2021-03-10"))];
        Delegation::plan(Uuid([1; 16]), "", "Đoàn số 3", "Kiểm tra tiến độ", &members, &route, by(1, "2021-03-01"))
            .unwrap()
    }

    #[test]
    fn a_journey_with_findings_and_promises() {
        let one = planned();
        assert_eq!((one.members.len(), one.route[0].unit.as_str(), one.head.due), (2, "P001", Some(day("2021-03-10"))));
        let on = by(5, "2021-03-10");
        assert_eq!(code(one.clone().visit("P001", day("2021-03-10"), on)), "delegation-not-under-way");
        let one = one.begin(on).unwrap();
        assert_eq!(code(one.clone().report(on)), "delegation-unvisited");
        assert_eq!(code(one.clone().find("P001", "x", on)), "delegation-off-route");
        let one = one.visit("P001", day("2021-03-10"), on).unwrap();
        assert_eq!(code(one.clone().visit("P001", day("2021-03-10"), on)), "delegation-off-route");
        assert_eq!(code(one.clone().visit("P002", day("2021-03-11"), on)), "day-future");
        let one = one.find("P001", "Thiếu máy", on).unwrap();
        let one = one.promise("P001", "Thêm hai tổ", day("2021-04-01"), on).unwrap().report(on).unwrap();
        assert_eq!(
            (one.state, one.head.due, one.visited()),
            (State::Reported, Some(day("2021-04-01")), vec![("P001", day("2021-03-10"))])
        );
        assert_eq!(code(one.clone().close(on)), "delegation-promises-open");
        assert_eq!(code(one.clone().settle(7, Outcome::Kept(day("2021-03-10")), on)), "promise-unknown");
        let given_up = one.clone().settle(0, Outcome::GivenUp(day("2021-03-10"), " ".into()), on);
        assert_eq!(code(given_up), "text-empty");
        let one = one.settle(0, Outcome::Kept(day("2021-03-10")), on).unwrap();
        assert_eq!(
            (one.head.due, code(one.clone().settle(0, Outcome::Kept(day("2021-03-10")), on))),
            (None, "promise-settled")
        );
        assert_eq!(one.close(on).unwrap().state, State::Closed);
    }

    #[test]
    fn one_that_does_not_take_place_is_over() {
        let one = planned().cancel(by(1, "2021-03-02")).unwrap();
        assert_eq!(code(one.clone().begin(by(1, "2021-03-02"))), "delegation-not-planned");
        assert_eq!(code(one.settle(0, Outcome::Kept(day("2021-03-01")), by(1, "2021-03-02"))), "delegation-over");
        let alone = Delegation::plan(Uuid([1; 16]), "", "x", "y", &[], &[], by(1, "2021-03-01"));
        assert_eq!(code(alone), "delegation-members-missing");
    }
}
