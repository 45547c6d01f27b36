//! What steering keeps beside figures: difficulties, approaches, delegations, the legal roadmap, milestones, pilots.
//!
//! They have one shape ([`Head`], a state, a version, a due day), so one table, one list and one service hold them all
//! ([`Record`]). A transition takes the record and gives its next version, or refuses with a stable code.
//! Invariant: a record that has been made is valid; a transition adds exactly one to its version.
//! Codes of every noun: `text-empty`, `text-too-long`, `due-past`, `measure-unknown`, `list-full`; each noun names its own.
//! Not here: rights, storage, words (`error-CODE` in `text`).
//! Start reading at [`Record`], then at the noun.

pub mod approach;
pub mod attachment;
pub mod delegation;
pub mod difficulty;
pub mod effect;
pub mod milestone;
pub mod pilot;
pub mod roadmap;

use ids::{OfficerId, Uuid};
use serde::{Deserialize, Serialize};
use time::{Day, Instant};

/// Longest title, in letters.
pub const TITLE_MAX: usize = 200;
/// Longest text, in letters.
pub const TEXT_MAX: usize = 10_000;
/// Most of anything that a record lists.
pub const LIST_MAX: usize = 500;
/// Of fewer other units than this no sum or mean is told: from that of two, each could tell the other's figure.
pub const FEWEST: usize = 3;

/// What every record has.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Head {
    /// Its id, made by the service.
    pub id: Uuid,
    /// The unit that it belongs to; empty for the nation.
    pub unit: String,
    /// What it is called.
    pub title: String,
    /// 1 when it was made; one more with each transition.
    pub version: i64,
    /// Who made it.
    pub maker: OfficerId,
    /// When.
    pub made: Instant,
    /// Who has to see to it.
    pub owner: Option<OfficerId>,
    /// When it was changed last.
    pub changed: Instant,
    /// The day by which something has to happen; none where nothing waits.
    pub due: Option<Day>,
    /// What was done with it, in order; of a very long one the last [`LIST_MAX`] steps. Records of before steps were kept
    /// begin with none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<Step>,
}

/// One step that was taken with a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// The act's name.
    pub act: String,
    /// When.
    pub at: Instant,
    /// The officer; none where the program itself took it, by the clock.
    pub officer: Option<OfficerId>,
    /// The unit that it was passed on to, for that act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Who acts, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct By {
    /// The officer.
    pub officer: OfficerId,
    /// The instant, from the service's clock.
    pub at: Instant,
}

/// A transition that the record does not allow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{code}")]
pub struct Refusal {
    /// The stable code: the text is `error-CODE`.
    pub code: &'static str,
}

/// One record of any kind, as it is stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Record {
    /// Something that keeps a unit from its work.
    Difficulty(difficulty::Difficulty),
    /// Something that works.
    Approach(approach::Approach),
    /// Officers who visit units.
    Delegation(delegation::Delegation),
    /// A legal document that has to change.
    Roadmap(roadmap::Amendment),
    /// A day that a project is held to.
    Milestone(milestone::Milestone),
    /// Units that run the real system first.
    Pilot(pilot::Pilot),
}

/// All kinds, as [`Record::kind`] gives them.
pub const KINDS: [&str; 6] = ["difficulty", "approach", "delegation", "roadmap", "milestone", "pilot"];

impl Record {
    /// What every record has.
    #[must_use]
    pub fn head(&self) -> &Head {
        match self {
            Record::Difficulty(one) => &one.head,
            Record::Approach(one) => &one.head,
            Record::Delegation(one) => &one.head,
            Record::Roadmap(one) => &one.head,
            Record::Milestone(one) => &one.head,
            Record::Pilot(one) => &one.head,
        }
    }

    fn head_mut(&mut self) -> &mut Head {
        match self {
            Record::Difficulty(one) => &mut one.head,
            Record::Approach(one) => &mut one.head,
            Record::Delegation(one) => &mut one.head,
            Record::Roadmap(one) => &mut one.head,
            Record::Milestone(one) => &mut one.head,
            Record::Pilot(one) => &mut one.head,
        }
    }

    /// The record with a step noted in its trail.
    #[must_use]
    pub fn noted(mut self, step: Step) -> Record {
        let trail = &mut self.head_mut().trail;
        if trail.len() >= LIST_MAX {
            trail.remove(0);
        }
        trail.push(step);
        self
    }

    /// Its kind: one of [`KINDS`].
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Record::Difficulty(_) => "difficulty",
            Record::Approach(_) => "approach",
            Record::Delegation(_) => "delegation",
            Record::Roadmap(_) => "roadmap",
            Record::Milestone(_) => "milestone",
            Record::Pilot(_) => "pilot",
        }
    }

    /// Its state's name, for lists.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match self {
            Record::Difficulty(one) => one.state.name(),
            Record::Approach(one) => one.state.name(),
            Record::Delegation(one) => one.state.name(),
            Record::Roadmap(one) => one.state().name(),
            Record::Milestone(one) => one.state.name(),
            Record::Pilot(one) => one.state.name(),
        }
    }

    /// Whether all words of a query stand in it, without regard to marks and case.
    #[must_use]
    pub fn matches(&self, query: &str) -> bool {
        let body = match self {
            Record::Difficulty(one) => format!("{} {}", one.body, one.decision.as_deref().unwrap_or_default()),
            Record::Approach(one) => one.body.clone(),
            Record::Delegation(one) => one.plan.clone(),
            Record::Roadmap(one) => format!("{} {} {} {}", one.number, one.article, one.change, one.why),
            Record::Milestone(_) | Record::Pilot(_) => String::new(),
        };
        has_words(&format!("{} {body}", self.head().title), query)
    }
}

/// Whether all words of a query are words of a text, or begin some, without regard to marks and case.
#[must_use]
pub fn has_words(text: &str, query: &str) -> bool {
    let (text, query) = (vn::fold(text), vn::fold(query));
    query.split(' ').all(|word| text.split(' ').any(|other| other.starts_with(word)))
}

impl Head {
    /// The head of a new record: a title is needed.
    fn new(id: Uuid, unit: &str, title: &str, by: By) -> Result<Head, Refusal> {
        let title = text(title, TITLE_MAX)?;
        Ok(Head {
            id,
            unit: unit.to_owned(),
            title,
            version: 1,
            maker: by.officer,
            made: by.at,
            owner: None,
            changed: by.at,
            due: None,
            trail: Vec::new(),
        })
    }

    /// The head of the next version.
    fn next(mut self, by: By) -> Head {
        self.version += 1;
        self.changed = by.at;
        self
    }

    /// Whether the day has passed on which something had to happen.
    #[must_use]
    pub fn overdue(&self, today: Day) -> bool {
        self.due.is_some_and(|due| due < today)
    }
}

fn refuse<T>(code: &'static str) -> Result<T, Refusal> {
    Err(Refusal { code })
}

fn need(holds: bool, code: &'static str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { refuse(code) }
}

/// A text that somebody typed, line by line cleaned: not empty, not too long.
fn text(typed: &str, letters_max: usize) -> Result<String, Refusal> {
    if typed.len() > letters_max * 8 {
        return refuse("text-too-long");
    }
    let lines: Vec<String> = typed.lines().map(vn::clean).collect();
    let cleaned = lines.join("\n").trim().to_owned();
    need(!cleaned.is_empty(), "text-empty")?;
    need(cleaned.chars().count() <= letters_max, "text-too-long")?;
    Ok(cleaned)
}

/// A due day that has not passed.
fn due(day: Day, by: By) -> Result<Day, Refusal> {
    need(day >= by.at.day(), "due-past")?;
    Ok(day)
}

/// Names a state for lists and texts.
macro_rules! names {
    ($state:ty { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $state {
            /// Its name, for lists and texts.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// All names.
            pub const NAMES: &'static [&'static str] = &[$($name),+];
        }
    };
}
use names;

#[cfg(test)]
pub(crate) mod given {
    use super::*;

    /// Officer number `n` at noon of a day.
    pub(crate) fn by(n: u8, on: &str) -> By {
        By { officer: OfficerId(Uuid([n; 16])), at: Instant(Day::parse(on).unwrap().start().0 + 43_200_000_000) }
    }

    pub(crate) fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> &'static str {
        result.unwrap_err().code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_without_marks() {
        let text = "Làm thẻ lưu động tại bản, buổi tối";
        for (query, found) in
            [("luu dong", true), ("BẢN the", true), ("toi", true), ("sang", false), ("", true), ("uu", false)]
        {
            assert_eq!(has_words(text, query), found, "{query}");
        }
    }

    #[test]
    fn texts_are_cleaned_and_limited() {
        assert_eq!(super::text(" một \u{200b} hai\r\n\n ba ", 20).unwrap(), "một hai\n\nba");
        for (typed, code) in [("", "text-empty"), (" \n\t", "text-empty"), ("aaaaaa", "text-too-long")] {
            assert_eq!(super::text(typed, 5).unwrap_err().code, code);
        }
        assert_eq!(super::text(&"\u{301}".repeat(1_000), 5).unwrap_err().code, "text-too-long");
    }
}
