//! Difficulties: what keeps a unit from its work, who has to answer, and what was decided.
//!
//! States: open → assigned → answered → closed. One that is unanswered after its due day is escalated to the unit above, by an
//! officer or by the clock, and waits there, open again. An answer that does not help is sent back.
//! Codes: `difficulty-closed`, `difficulty-answered`, `difficulty-unanswered`, `difficulty-not-due`, `difficulty-at-top`; those of
//! [`attachment`].
//! Start reading at [`Difficulty::raise`].

use super::attachment::{self, Attachment};
use super::{By, Head, LIST_MAX, Refusal, TEXT_MAX, due, names, need, text};
use crate::attention::Severity;
use ids::{OfficerId, Uuid};
use serde::{Deserialize, Serialize};
use time::{Day, Instant};

/// What it is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Data of people.
    Data,
    /// Kits, cameras, scanners, cards.
    Equipment,
    /// The network, electricity.
    Network,
    /// Officers: too few, not trained.
    Staff,
    /// Money.
    Money,
    /// A rule that does not fit.
    Legal,
    /// Anything else.
    Other,
}
names!(Kind {
    Data => "data", Equipment => "equipment", Network => "network", Staff => "staff", Money => "money", Legal => "legal",
    Other => "other",
});

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nobody sees to it yet.
    Open,
    /// Somebody sees to it.
    Assigned,
    /// It was decided.
    Answered,
    /// It is over.
    Closed,
}
names!(State { Open => "open", Assigned => "assigned", Answered => "answered", Closed => "closed" });

/// A difficulty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Difficulty {
    /// What every record has.
    pub head: Head,
    /// How far it has come.
    pub state: State,
    /// What it is about.
    pub about: Kind,
    /// How serious.
    pub severity: Severity,
    /// In the unit's words.
    pub body: String,
    /// The files that belong to it, those that were withdrawn too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The unit that has to answer: the unit itself or one above it.
    pub at: String,
    /// The units that did not answer in time.
    pub passed_on: Vec<String>,
    /// What was decided.
    pub decision: Option<String>,
}

impl Severity {
    /// The days that a unit has to answer to whom a difficulty was passed on by the clock.
    #[must_use]
    pub fn days(self) -> i32 {
        match self {
            Severity::High => 2,
            Severity::Medium => 5,
            Severity::Low => 10,
        }
    }
}

impl Difficulty {
    /// Raised by a unit, to be answered by `at` until a day.
    #[expect(clippy::too_many_arguments, reason = "they are the fields of one form")]
    pub fn raise(
        id: Uuid,
        unit: &str,
        title: &str,
        body: &str,
        about: Kind,
        severity: Severity,
        (at, until): (&str, Day),
        by: By,
    ) -> Result<Difficulty, Refusal> {
        let mut head = Head::new(id, unit, title, by)?;
        head.due = Some(due(until, by)?);
        let (body, at) = (text(body, TEXT_MAX)?, at.to_owned());
        Ok(Difficulty {
            head,
            state: State::Open,
            about,
            severity,
            body,
            attachments: Vec::new(),
            at,
            passed_on: Vec::new(),
            decision: None,
        })
    }

    /// Somebody is to see to it, until a day.
    pub fn assign(mut self, owner: OfficerId, until: Day, by: By) -> Result<Difficulty, Refusal> {
        self.waits()?;
        self.head = self.head.next(by);
        (self.head.owner, self.head.due, self.state) = (Some(owner), Some(due(until, by)?), State::Assigned);
        Ok(self)
    }

    /// It is decided.
    pub fn answer(mut self, decision: &str, by: By) -> Result<Difficulty, Refusal> {
        self.waits()?;
        self.decision = Some(text(decision, TEXT_MAX)?);
        self.head = self.head.next(by);
        (self.head.due, self.state) = (None, State::Answered);
        Ok(self)
    }

    /// Unanswered after its due day, it goes to the unit above the one that had to answer, which has until a day.
    pub fn escalate(mut self, above: Option<&str>, until: Day, by: By) -> Result<Difficulty, Refusal> {
        self.waits()?;
        need(self.head.overdue(by.at.day()), "difficulty-not-due")?;
        let above = above.filter(|above| *above != self.at).ok_or(Refusal { code: "difficulty-at-top" })?;
        self.head = self.head.next(by);
        self.passed_on.push(std::mem::replace(&mut self.at, above.to_owned()));
        (self.head.owner, self.head.due, self.state) = (None, Some(due(until, by)?), State::Open);
        Ok(self)
    }

    /// As [`Difficulty::escalate`], by the clock: the unit above has as many days as the severity gives, from the day on which
    /// it is passed on, however long nobody looked at the clock.
    pub fn lapse(self, above: Option<&str>, at: Instant) -> Result<Difficulty, Refusal> {
        let until = Day(at.day().0 + self.severity.days());
        self.escalate(above, until, By { officer: OfficerId::default(), at })
    }

    /// The answer does not help: it waits again, until a day.
    pub fn send_back(mut self, until: Day, by: By) -> Result<Difficulty, Refusal> {
        need(self.state != State::Closed, "difficulty-closed")?;
        need(self.state == State::Answered, "difficulty-unanswered")?;
        self.head = self.head.next(by);
        self.state = if self.head.owner.is_some() { State::Assigned } else { State::Open };
        self.head.due = Some(due(until, by)?);
        Ok(self)
    }

    /// It is over.
    pub fn close(mut self, by: By) -> Result<Difficulty, Refusal> {
        need(self.state != State::Closed, "difficulty-closed")?;
        need(self.state == State::Answered, "difficulty-unanswered")?;
        self.head = self.head.next(by);
        (self.head.due, self.state) = (None, State::Closed);
        Ok(self)
    }

    /// Files that were not withdrawn.
    pub fn files(&self) -> impl Iterator<Item = &Attachment> {
        self.attachments.iter().filter(|file| file.withdrawn.is_none())
    }

    /// Files are added, whoever has to answer.
    pub fn attach(mut self, files: Vec<Attachment>, by: By) -> Result<Difficulty, Refusal> {
        need(self.state != State::Closed, "difficulty-closed")?;
        need(self.files().count() + files.len() <= attachment::FILES_MAX, "attachments-full")?;
        need(self.attachments.len() + files.len() <= LIST_MAX, "list-full")?;
        self.head = self.head.next(by);
        self.attachments.extend(files);
        Ok(self)
    }

    /// A file is taken back.
    pub fn withdraw(mut self, file: Uuid, by: By) -> Result<Difficulty, Refusal> {
        let found = self.attachments.iter_mut().find(|one| one.id == file && one.withdrawn.is_none());
        found.ok_or(Refusal { code: "attachment-missing" })?.withdrawn = Some(by.at);
        self.head = self.head.next(by);
        Ok(self)
    }

    fn waits(&self) -> Result<(), Refusal> {
        need(self.state != State::Closed, "difficulty-closed")?;
        need(self.state != State::Answered, "difficulty-answered")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::given::{by, code, day};

    fn raised() -> Difficulty {
        let until = ("P001", day("2021-03-05"));
        let by = by(1, "2021-03-01");
        Difficulty::raise(Uuid([9; 16]), "00001", "Mất mạng", "Ba ngày", Kind::Network, Severity::High, until, by)
            .unwrap()
    }

    #[test]
    fn it_is_assigned_answered_and_closed() {
        let one = raised().assign(by(2, "2021-03-01").officer, day("2021-03-04"), by(2, "2021-03-02")).unwrap();
        let one = one.answer("Cấp trạm phát dự phòng", by(2, "2021-03-03")).unwrap();
        assert_eq!((one.state, one.head.due, one.head.version), (State::Answered, None, 3));
        assert_eq!(code(one.clone().answer("x", by(2, "2021-03-03"))), "difficulty-answered");
        let back = one.clone().send_back(day("2021-03-09"), by(1, "2021-03-04")).unwrap();
        assert_eq!(back.state, State::Assigned);
        let closed = one.close(by(1, "2021-03-04")).unwrap();
        assert_eq!(code(closed.clone().close(by(1, "2021-03-04"))), "difficulty-closed");
        assert_eq!(code(closed.send_back(day("2021-03-09"), by(1, "2021-03-04"))), "difficulty-closed");
        assert_eq!(code(raised().close(by(1, "2021-03-04"))), "difficulty-unanswered");
    }

    #[test]
    fn unanswered_it_goes_to_the_unit_above() {
        assert_eq!(code(raised().escalate(Some(""), day("2021-03-09"), by(1, "2021-03-05"))), "difficulty-not-due");
        let one = raised().escalate(Some(""), day("2021-03-09"), by(1, "2021-03-06")).unwrap();
        assert_eq!((one.at.as_str(), one.passed_on.as_slice(), one.state), ("", &["P001".to_owned()][..], State::Open));
        assert_eq!(code(one.escalate(None, day("2021-03-20"), by(1, "2021-03-10"))), "difficulty-at-top");
        assert_eq!(code(raised().assign(OfficerId::default(), day("2021-02-01"), by(2, "2021-03-02"))), "due-past");
    }
}
