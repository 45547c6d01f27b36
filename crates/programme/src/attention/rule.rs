//! One rule, as its file has it.

use crate::Measure;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use time::Day;
use toml::Spanned;

/// When a unit is raised, to whom, and by when somebody is to answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// What it looks at.
    pub kind: Kind,
    /// The measures it looks at, by name.
    pub measures: Vec<&'static str>,
    /// The levels of units.
    pub levels: Vec<u8>,
    /// The bound, for kinds that have one in per cent.
    percent: Option<u32>,
    /// The bound, for kinds that have one in days.
    days: Option<u32>,
    /// From which day on units are expected to sign, for `no-return`: who never did is raised too.
    #[serde(serialize_with = "crate::show::day", skip_serializing_if = "Option::is_none")]
    since: Option<Day>,
    /// What has to come in seven days, for kinds that look at a pace: of less, a few more or fewer say nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    least: Option<u32>,
    /// How serious.
    pub severity: Severity,
    /// Whose attention: a role.
    pub to: String,
    /// Days to answer in.
    pub within_days: u16,
}

/// What a rule looks at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The pace of 7 days is below `percent` of that of 28.
    FallingPace,
    /// The deadline is made with a probability below `percent`.
    OutOfReach,
    /// The pace of 7 days is above `percent` of that of 28: for what should not come.
    Rising,
    /// A unit that has signed before has not for more than `days`.
    NoReturn,
}

/// How serious something is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Somebody has to act at once.
    High,
    /// Somebody has to act.
    Medium,
    /// Somebody has to look.
    Low,
}

/// Why a file is no rule.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}, line {line}, column {column}: {cause}")]
pub struct Fault {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub cause: String,
}

/// The greatest bound in per cent: what it is multiplied with stays a number.
const PERCENT_MAX: u32 = 10_000;

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    kind: Spanned<Kind>,
    measures: Vec<Spanned<String>>,
    levels: Vec<Spanned<u8>>,
    percent: Option<u32>,
    days: Option<u32>,
    since: Option<Spanned<String>>,
    least: Option<Spanned<u32>>,
    severity: Severity,
    to: Spanned<String>,
    within_days: u16,
}

impl Kind {
    /// Its name, as files have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::FallingPace => "falling-pace",
            Kind::OutOfReach => "out-of-reach",
            Kind::Rising => "rising",
            Kind::NoReturn => "no-return",
        }
    }
}

impl Severity {
    /// Its name, as files have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
        }
    }
}

impl Rule {
    /// Reads a rule's file.
    pub fn read(file: &str, text: &str) -> Result<Rule, Fault> {
        let fault = |span: Range<usize>, cause: &str| at(file, text, span.start, cause);
        let read: File = toml::from_str(text).map_err(|error| fault(error.span().unwrap_or(0..0), error.message()))?;
        for cell in [&read.name, &read.to] {
            if cell.get_ref().trim().is_empty() || cell.get_ref().len() > 100 {
                return Err(fault(cell.span(), "one to a hundred letters are needed"));
            }
        }
        let mut measures = Vec::new();
        for name in &read.measures {
            let measure =
                Measure::find(name.get_ref()).ok_or_else(|| fault(name.span(), "there is no such measure"))?;
            // Else each unit would be raised twice for one thing.
            if measures.contains(&measure.name) {
                return Err(fault(name.span(), "it stands twice"));
            }
            measures.push(measure.name);
        }
        for level in &read.levels {
            if *level.get_ref() > 3 {
                return Err(fault(level.span(), "a level is 0 (nation), 1 (province), 2 (district) or 3 (commune)"));
            }
        }
        if measures.is_empty() || read.levels.is_empty() {
            return Err(fault(read.kind.span(), "a rule has one measure and one level at least"));
        }
        let needs_days = *read.kind.get_ref() == Kind::NoReturn;
        if needs_days && read.days.is_none() {
            return Err(fault(read.kind.span(), "this kind needs `days`"));
        }
        if !needs_days && read.percent.is_none() {
            return Err(fault(read.kind.span(), "this kind needs `percent`"));
        }
        if read.percent.is_some_and(|percent| percent > PERCENT_MAX) {
            return Err(fault(read.kind.span(), "`percent` is 10000 at most"));
        }
        let since = match read.since.as_ref().map(|since| (since, Day::parse(since.get_ref()))) {
            Some((since, None)) => return Err(fault(since.span(), "a day such as 2021-02-28 is needed")),
            Some((since, Some(_))) if !needs_days => return Err(fault(since.span(), "only `no-return` has `since`")),
            Some((_, day)) => day,
            None => None,
        };
        let paced = matches!(read.kind.get_ref(), Kind::FallingPace | Kind::Rising);
        if let Some(least) = read.least.as_ref().filter(|_| !paced) {
            return Err(fault(least.span(), "only kinds that look at a pace have `least`"));
        }
        Ok(Rule {
            name: read.name.into_inner(),
            kind: read.kind.into_inner(),
            measures,
            levels: read.levels.into_iter().map(Spanned::into_inner).collect(),
            percent: read.percent,
            days: read.days,
            since,
            least: read.least.map(Spanned::into_inner),
            severity: read.severity,
            to: read.to.into_inner(),
            within_days: read.within_days,
        })
    }

    /// Whether it looks at a measure of a level.
    #[must_use]
    pub fn concerns(&self, measure: &str, level: u8) -> bool {
        self.measures.contains(&measure) && self.levels.contains(&level)
    }

    /// The lowest level that it looks at.
    #[must_use]
    pub fn deepest(&self) -> Option<u8> {
        self.levels.iter().max().copied()
    }

    /// The bound as the file has it: per cent, or days.
    #[must_use]
    pub fn bound(&self) -> u32 {
        self.percent.or(self.days).unwrap_or(0)
    }

    /// From which day on units are expected to sign, if the file says so.
    #[must_use]
    pub fn since(&self) -> Option<Day> {
        self.since
    }

    /// What has to come in seven days, if the file says so.
    #[must_use]
    pub fn least(&self) -> Option<u32> {
        self.least
    }

    pub(super) fn percent(&self) -> i64 {
        i64::from(self.percent.unwrap_or(0))
    }

    /// Whether a pace, in hundredths a day, is enough to be compared.
    pub(super) fn weighs(&self, pace: i64) -> bool {
        pace * 7 >= i64::from(self.least.unwrap_or(0)) * 100
    }

    pub(super) fn days(&self) -> u32 {
        self.days.unwrap_or(0)
    }
}

/// The fault at an offset of a file's text.
pub(crate) fn at(file: &str, text: &str, offset: usize, cause: &str) -> Fault {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Fault { file: file.to_owned(), line, column, cause: cause.to_owned() }
}
