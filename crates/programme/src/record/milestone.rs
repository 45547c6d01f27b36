//! Milestones: days that the two projects are held to.
//!
//! States: planned → reached, or dropped. A day that is moved stays noted with the reason.
//! Codes: `milestone-over`, `milestone-future`, `milestone-moves-full`.
//! Start reading at [`Milestone::plan`].

use super::{By, Head, LIST_MAX, Refusal, TEXT_MAX, names, need, text};
use ids::Uuid;
use serde::{Deserialize, Serialize};
use time::Day;

/// Which project.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Project {
    /// The population register.
    Register,
    /// The identity card.
    Card,
}
names!(Project { Register => "register", Card => "card" });

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It lies ahead, or should have been reached.
    Planned,
    /// It was reached.
    Reached,
    /// It is no longer wanted.
    Dropped,
}
names!(State { Planned => "planned", Reached => "reached", Dropped => "dropped" });

/// A milestone. Its day is [`Head::due`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Milestone {
    /// What every record has.
    pub head: Head,
    /// How far it has come.
    pub state: State,
    /// Which project.
    pub project: Project,
    /// The days it stood on before, each with the reason why it was moved from there.
    pub moved: Vec<(Day, String)>,
    /// The day it was reached.
    pub reached: Option<Day>,
}

impl Milestone {
    /// Planned for a day, which may have passed: a plan tells the past too.
    pub fn plan(id: Uuid, unit: &str, title: &str, project: Project, day: Day, by: By) -> Result<Milestone, Refusal> {
        let mut head = Head::new(id, unit, title, by)?;
        head.due = Some(day);
        Ok(Milestone { head, state: State::Planned, project, moved: Vec::new(), reached: None })
    }

    /// Moved to another day, for a reason.
    pub fn put_off(mut self, day: Day, reason: &str, by: By) -> Result<Milestone, Refusal> {
        need(self.state == State::Planned, "milestone-over")?;
        need(self.moved.len() < LIST_MAX, "milestone-moves-full")?;
        let reason = text(reason, TEXT_MAX)?;
        self.head = self.head.next(by);
        self.moved.extend(self.head.due.map(|before| (before, reason)));
        self.head.due = Some(day);
        Ok(self)
    }

    /// Reached on a day that has come.
    pub fn reach(mut self, day: Day, by: By) -> Result<Milestone, Refusal> {
        need(self.state == State::Planned, "milestone-over")?;
        need(day <= by.at.day(), "milestone-future")?;
        self.head = self.head.next(by);
        (self.state, self.reached) = (State::Reached, Some(day));
        Ok(self)
    }

    /// No longer wanted.
    pub fn drop(mut self, by: By) -> Result<Milestone, Refusal> {
        need(self.state == State::Planned, "milestone-over")?;
        self.head = self.head.next(by);
        self.state = State::Dropped;
        Ok(self)
    }

    /// Days late: of one reached against its first day, of one planned against today; negative where early.
    #[must_use]
    pub fn days_late(&self, today: Day) -> i32 {
        let first = self.moved.first().map(|(day, _)| *day).or(self.head.due);
        first.map_or(0, |first| self.reached.unwrap_or(today).0.saturating_sub(first.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::given::{by, code, day};

    #[test]
    fn a_milestone_that_is_moved_keeps_its_first_day() {
        let plan = |day| {
            Milestone::plan(Uuid([1; 16]), "", "Vận hành chính thức", Project::Register, day, by(1, "2020-09-01"))
        };
        let one =
            plan(day("2021-02-25")).unwrap().put_off(day("2021-07-01"), "Chờ thông tư", by(1, "2021-02-01")).unwrap();
        assert_eq!((one.head.due, one.days_late(day("2021-03-01"))), (Some(day("2021-07-01")), 4));
        assert_eq!(code(one.clone().reach(day("2021-07-01"), by(1, "2021-06-30"))), "milestone-future");
        let one = one.reach(day("2021-07-01"), by(1, "2021-07-02")).unwrap();
        assert_eq!((one.days_late(day("2021-09-01")), one.head.version), (126, 3));
        assert_eq!(code(one.clone().drop(by(1, "2021-07-03"))), "milestone-over");
        assert_eq!(code(one.put_off(day("2022-01-01"), "x", by(1, "2021-07-03"))), "milestone-over");
        assert_eq!(
            code(Milestone::plan(Uuid([1; 16]), "", " ", Project::Card, day("2021-02-25"), by(1, "2020-09-01"))),
            "text-empty"
        );
    }
}
