//! The legal roadmap: documents that have to change, stage by stage, and what waits for what.
//!
//! States follow from the stages: planned → under way → in force, or dropped. One that depends on others cannot take its last stage
//! before they are in force.
//! Codes: `roadmap-over`, `roadmap-blocked`, `roadmap-cycle`, `roadmap-unknown`, `roadmap-stages-missing`, `roadmap-order`,
//! `roadmap-future`, `list-full`.
//! Start reading at [`Amendment::plan`].

use super::{By, Head, LIST_MAX, Refusal, TEXT_MAX, TITLE_MAX, names, need, text};
use ids::Uuid;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use time::Day;

/// What kind of document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Document {
    /// A law of the National Assembly.
    Law,
    /// A decree of the Government.
    Decree,
    /// A circular of a ministry.
    Circular,
}
names!(Document { Law => "law", Decree => "decree", Circular => "circular" });

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// No stage is done.
    Planned,
    /// Some are.
    UnderWay,
    /// All are.
    InForce,
    /// It is no longer wanted.
    Dropped,
}
names!(State { Planned => "planned", UnderWay => "under-way", InForce => "in-force", Dropped => "dropped" });

/// A stage: drafting, opinions, appraisal, signature, in force.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// The day by which it is to be done.
    pub planned: Day,
    /// The day on which it was.
    pub done: Option<Day>,
}

/// One document that has to change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Amendment {
    /// What every record has; due is the day of the next stage.
    pub head: Head,
    /// What kind of document.
    pub document: Document,
    /// Its number; of one that is to be written, what stands for it.
    pub number: String,
    /// The article.
    pub article: String,
    /// What must change.
    pub change: String,
    /// Why.
    pub why: String,
    /// The stages in order.
    pub stages: Vec<Stage>,
    /// What has to be in force before.
    pub depends_on: Vec<Uuid>,
    /// Whether it is no longer wanted.
    pub dropped: bool,
}

/// What a new one says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// What kind of document.
    pub document: Document,
    /// Its number.
    pub number: String,
    /// The article.
    pub article: String,
    /// What must change.
    pub change: String,
    /// Why.
    pub why: String,
    /// Names and days of the stages, in order.
    pub stages: Vec<(String, Day)>,
}

impl Amendment {
    /// Planned, with its stages in the order of their days.
    pub fn plan(id: Uuid, unit: &str, title: &str, said: Said, by: By) -> Result<Amendment, Refusal> {
        let mut head = Head::new(id, unit, title, by)?;
        need(!said.stages.is_empty(), "roadmap-stages-missing")?;
        need(said.stages.len() <= LIST_MAX, "list-full")?;
        need(said.stages.windows(2).all(|pair| pair[0].1 <= pair[1].1), "roadmap-order")?;
        let stage =
            |(name, planned): &(String, Day)| Ok(Stage { name: text(name, TITLE_MAX)?, planned: *planned, done: None });
        let stages: Vec<Stage> = said.stages.iter().map(stage).collect::<Result<_, Refusal>>()?;
        head.due = stages.first().map(|stage| stage.planned);
        Ok(Amendment {
            head,
            document: said.document,
            number: text(&said.number, TITLE_MAX)?,
            article: text(&said.article, TITLE_MAX)?,
            change: text(&said.change, TEXT_MAX)?,
            why: text(&said.why, TEXT_MAX)?,
            stages,
            depends_on: Vec::new(),
            dropped: false,
        })
    }

    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> State {
        let done = self.stages.iter().filter(|stage| stage.done.is_some()).count();
        match done {
            _ if self.dropped => State::Dropped,
            0 => State::Planned,
            _ if done == self.stages.len() => State::InForce,
            _ => State::UnderWay,
        }
    }

    /// What has to be in force before and is not. One that was dropped blocks nobody; one that is not there does.
    #[must_use]
    pub fn blocked_by(&self, all: &[Amendment]) -> Vec<Uuid> {
        let open = |id: &&Uuid| {
            let found = all.iter().find(|other| other.head.id == **id);
            found.is_none_or(|other| !matches!(other.state(), State::InForce | State::Dropped))
        };
        self.depends_on.iter().filter(open).copied().collect()
    }

    /// It waits for another from now on. A ring is refused.
    pub fn depend(mut self, on: Uuid, all: &[Amendment], by: By) -> Result<Amendment, Refusal> {
        self.open()?;
        need(all.iter().any(|other| other.head.id == on), "roadmap-unknown")?;
        need(!reaches(all, on, self.head.id), "roadmap-cycle")?;
        need(self.depends_on.len() < LIST_MAX, "list-full")?;
        self.head = self.head.next(by);
        if !self.depends_on.contains(&on) {
            self.depends_on.push(on);
        }
        Ok(self)
    }

    /// It no longer waits for another.
    pub fn release(mut self, from: Uuid, by: By) -> Result<Amendment, Refusal> {
        self.open()?;
        need(self.depends_on.contains(&from), "roadmap-unknown")?;
        self.head = self.head.next(by);
        self.depends_on.retain(|other| *other != from);
        Ok(self)
    }

    /// The next stage was done on a day that has come, not before the last one.
    pub fn advance(mut self, day: Day, all: &[Amendment], by: By) -> Result<Amendment, Refusal> {
        self.open()?;
        need(day <= by.at.day(), "roadmap-future")?;
        let next = self.stages.iter().position(|stage| stage.done.is_none()).ok_or(Refusal { code: "roadmap-over" })?;
        need(next + 1 < self.stages.len() || self.blocked_by(all).is_empty(), "roadmap-blocked")?;
        need(next == 0 || self.stages[next - 1].done.is_none_or(|before| before <= day), "roadmap-order")?;
        self.stages[next].done = Some(day);
        self.head = self.head.next(by);
        self.head.due = self.stages.get(next + 1).map(|stage| stage.planned);
        Ok(self)
    }

    /// It is no longer wanted.
    pub fn drop(mut self, by: By) -> Result<Amendment, Refusal> {
        self.open()?;
        self.head = self.head.next(by);
        (self.dropped, self.head.due) = (true, None);
        Ok(self)
    }

    fn open(&self) -> Result<(), Refusal> {
        need(!matches!(self.state(), State::InForce | State::Dropped), "roadmap-over")
    }
}

/// Whether one waits, over however many others, for another (or is it).
fn reaches(all: &[Amendment], from: Uuid, to: Uuid) -> bool {
    let depends: BTreeMap<Uuid, &[Uuid]> = all.iter().map(|one| (one.head.id, &*one.depends_on)).collect();
    let (mut seen, mut waiting) = (BTreeSet::from([from]), vec![from]);
    while let Some(at) = waiting.pop() {
        if at == to {
            return true;
        }
        waiting.extend(depends.get(&at).copied().unwrap_or_default().iter().filter(|on| seen.insert(**on)));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::given::{by, code, day};
    use proptest::prelude::*;

    fn planned(n: u8) -> Amendment {
        let said = Said {
            document: Document::Circular,
            number: "59/2021/TT-BCA".into(),
            article: "Điều 3".into(),
            change: "Mẫu hồ sơ".into(),
            why: "Thẻ gắn chip".into(),
            stages: vec![("Soạn thảo".into(), day("2021-01-10")), ("Ban hành".into(), day("2021-05-15"))],
        };
        Amendment::plan(Uuid([n; 16]), "", "Thông tư", said, by(1, "2021-01-01")).unwrap()
    }

    #[test]
    fn stages_are_done_in_order_and_the_last_waits_for_others() {
        let law = planned(1);
        let all = [law.clone(), planned(2)];
        let one = planned(2).depend(law.head.id, &all, by(1, "2021-01-02")).unwrap();
        let one = one.advance(day("2021-01-09"), &all, by(1, "2021-01-09")).unwrap();
        assert_eq!((one.state(), one.head.due), (State::UnderWay, Some(day("2021-05-15"))));
        let on = by(1, "2021-05-20");
        assert_eq!(code(one.clone().advance(day("2021-05-15"), &all, on)), "roadmap-blocked");
        assert_eq!(one.blocked_by(&all), [law.head.id]);
        assert_eq!(code(one.clone().advance(day("2021-06-15"), &all, on)), "roadmap-future");
        let law = law.advance(day("2021-01-09"), &all, on).unwrap().advance(day("2021-03-01"), &all, on).unwrap();
        let all = [law.clone(), one.clone()];
        assert_eq!(code(one.clone().advance(day("2021-01-02"), &all, on)), "roadmap-order");
        let one = one.advance(day("2021-05-15"), &all, on).unwrap();
        assert_eq!((one.state(), one.head.due, one.head.version), (State::InForce, None, 4));
        assert_eq!(code(one.drop(on)), "roadmap-over");
    }

    #[test]
    fn a_ring_is_refused() {
        let on = by(1, "2021-01-02");
        let id = |n: u8| Uuid([n; 16]);
        let mut all = [planned(1), planned(2), planned(3)];
        assert_eq!(code(all[0].clone().depend(id(1), &all, on)), "roadmap-cycle");
        all[0] = all[0].clone().depend(id(2), &all, on).unwrap();
        all[1] = all[1].clone().depend(id(3), &all, on).unwrap();
        assert_eq!(code(all[2].clone().depend(id(1), &all, on)), "roadmap-cycle");
        assert_eq!(code(all[2].clone().depend(id(9), &all, on)), "roadmap-unknown");
        all[0] = all[0].clone().release(id(2), on).unwrap();
        assert!(all[2].clone().depend(id(1), &all, on).is_ok());
    }

    proptest! {
        #[test]
        fn whatever_is_asked_there_is_an_order(asked in proptest::collection::vec((0..8u8, 0..8u8), 0..60)) {
            let mut all: Vec<Amendment> = (0..8).map(planned).collect();
            for (from, to) in asked {
                let one = all[usize::from(from)].clone();
                if let Ok(next) = one.depend(Uuid([to; 16]), &all, by(1, "2021-01-02")) {
                    all[usize::from(from)] = next;
                }
            }
            // Taking away again and again those that wait for nobody leaves nothing.
            let mut left: BTreeMap<Uuid, Vec<Uuid>> = all.iter().map(|one| (one.head.id, one.depends_on.clone())).collect();
            while let Some(free) = left.iter().find(|(_, on)| on.iter().all(|on| !left.contains_key(on))).map(|(id, _)| *id) {
                left.remove(&free);
            }
            prop_assert!(left.is_empty());
        }
    }
}
