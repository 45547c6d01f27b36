//! The report as it was frozen: what is printed in it, the hash of that, and the ledger it was frozen at.
//!
//! Invariant: what is printed is a function of a [`Report`] alone, and [`Report::hash`] changes with any of it. Every figure
//! is a whole number (percent and pace in hundredths), so no machine rounds it differently.
//! Not here: where the figures come from (`services`), pages and sheets (`crates/report`).
//! Start reading at [`Report`].

mod canonical;
mod filing;

pub use filing::{Files, Filing, Refusal, State, sha256};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use time::{Day, Instant};

/// The layout of a frozen report; another number is another layout.
pub const FORMAT: u32 = 1;
/// The most tables of a report.
pub const TABLES_MAX: usize = 20;
/// The most units with a page of their own.
pub const PAGES_MAX: usize = 200;
/// The most rows of a table, points of a series or entries of a list.
pub const ROWS_MAX: usize = 2_000;
/// The most characters of a text.
pub const TEXT_MAX: usize = 4_000;
/// The greatest number: every reader of JSON reads it exactly.
pub const NUMBER_MAX: u64 = (1 << 53) - 1;

/// A number with two decimals, as a whole number of hundredths: 86.27 is 8627.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Hundredths(pub i64);

impl Hundredths {
    /// The nearest, half away from zero; `None` for what is no number or too large.
    #[must_use]
    pub fn nearest(value: f64) -> Option<Hundredths> {
        let hundredths = (value * 100.0).round();
        (hundredths.abs() <= NUMBER_MAX as f64).then_some(Hundredths(hundredths as i64))
    }
}

/// What a report is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// To the Government.
    Government,
    /// The pack for a conference: a page for each unit below.
    Conference,
    /// The page of one unit.
    Province,
}

/// Head and foot of an administrative document, in the order in which Decree 30/2020/NĐ-CP names them.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letterhead {
    /// The authority above the issuing one; empty where there is none.
    pub superior: String,
    /// The issuing authority.
    pub authority: String,
    /// The document's number; empty until one is given.
    pub number: String,
    /// Its sign: `BC-BCA`.
    pub sign: String,
    /// Where it is issued.
    pub place: String,
    /// The day it bears, `YYYY-MM-DD`; empty leaves the day to be filled in.
    pub day: String,
    /// To whom it is addressed.
    pub addressees: Vec<String>,
    /// Who receives it, the file copy last.
    pub recipients: Vec<String>,
    /// For whom the signer signs, and with what power: `KT. BỘ TRƯỞNG`.
    pub signs_for: String,
    /// The signer's post.
    pub post: String,
    /// The signer's name.
    pub signer: String,
}

/// How a value came to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Counted from events.
    Counted,
    /// A return signed by the unit.
    Returned,
    /// Counted for some units and returned by others.
    Both,
}

/// When a target will be reached, at the present pace.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forecast {
    /// The likeliest day, `YYYY-MM-DD`.
    pub day: String,
    /// The early end of the band.
    pub low: String,
    /// The late end; empty where it lies beyond every horizon.
    pub high: String,
    /// How probable it is to be in time, in hundredths of a percent.
    pub probability: Option<Hundredths>,
}

/// One unit's line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The unit's code; empty for all of them together.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// Population, where known.
    pub population: Option<u64>,
    /// The value of the measure.
    pub value: u64,
    /// Counted or returned.
    pub source: Source,
    /// The target, where there is one.
    pub target: Option<u64>,
    /// The value in percent of the target or, without one, of the population.
    pub percent: Option<Hundredths>,
    /// The place among the units of the table.
    pub rank: Option<u64>,
    /// Places won (+) or lost (−) since the day compared with.
    pub change: Option<i64>,
    /// Whether it is above the share of all together.
    pub above_average: Option<bool>,
    /// Mean of a day, over the last seven.
    pub pace_7d: Option<Hundredths>,
    /// Mean of a day that the target needs.
    pub pace_needed: Option<Hundredths>,
    /// The forecast.
    pub forecast: Option<Forecast>,
    /// What has to be said of the value.
    pub notes: Vec<String>,
}

/// One measure over all units.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The measure's name.
    pub measure: String,
    /// What the table is called.
    pub title: String,
    /// The deadline of its target, `YYYY-MM-DD`; empty where there is none.
    pub deadline: String,
    /// The share of all units of the table together, by which they are above or below: the unit's own figures may say another.
    /// Reports of before it was kept have none, and the same bytes as then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average: Option<Hundredths>,
    /// All units together.
    pub total: Row,
    /// Each unit.
    pub rows: Vec<Row>,
}

impl Table {
    /// The average that is printed. Of a report of before it was kept it is the percentage of all together, as it was printed then.
    #[must_use]
    pub fn average(&self) -> Option<Hundredths> {
        self.average.or(self.total.percent)
    }

    /// The units above the average, the best first.
    #[must_use]
    pub fn above_average(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().filter(|row| row.above_average == Some(true)).collect();
        rows.sort_by(|a, b| (a.rank.unwrap_or(u64::MAX), &a.unit).cmp(&(b.rank.unwrap_or(u64::MAX), &b.unit)));
        rows
    }
}

/// One measure over time, and how it is expected to go on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// What it shows.
    pub title: String,
    /// The target, where there is one.
    pub target: Option<u64>,
    /// Its deadline, `YYYY-MM-DD`; empty where there is none.
    pub deadline: String,
    /// What was reached on each day.
    pub reached: Vec<Point>,
    /// What is expected after the last of them.
    pub expected: Vec<Band>,
}

impl Series {
    /// The part that does not hold what it must, and the rule.
    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let days = self.reached.iter().map(|point| &point.day).chain(self.expected.iter().map(|band| &band.day));
        let days: Vec<Option<Day>> = days.map(|day| Day::parse(day)).collect();
        if days.contains(&None) || days.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(("", "days in order, each once"));
        }
        if self.expected.iter().any(|band| band.low > band.middle || band.middle > band.high) {
            return Err((".expected", "low, middle, high in order"));
        }
        Ok(())
    }
}

/// A value on a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// The value.
    pub value: u64,
}

/// An expected value with its band.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// The low end.
    pub low: u64,
    /// The middle.
    pub middle: u64,
    /// The high end.
    pub high: u64,
}

/// One stage of the way from invitation to card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// How many have come so far.
    pub count: u64,
}

/// A unit honoured, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Honour {
    /// The unit's name.
    pub unit: String,
    /// The criterion.
    pub criterion: String,
    /// The figures that show it.
    pub evidence: String,
}

/// A difficulty that a unit has raised.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difficulty {
    /// The unit's name.
    pub unit: String,
    /// Its kind.
    pub kind: String,
    /// Its severity.
    pub severity: String,
    /// What it is.
    pub text: String,
    /// Who has to answer.
    pub owner: String,
    /// What was decided; empty while nothing is.
    pub decision: String,
    /// By when, `YYYY-MM-DD`; empty without a day.
    pub due: String,
    /// Where it stands.
    pub state: String,
}

/// What somebody has promised on an inspection.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The unit's name.
    pub unit: String,
    /// What was promised.
    pub text: String,
    /// By whom.
    pub owner: String,
    /// By when, `YYYY-MM-DD`; empty without a day.
    pub due: String,
    /// Where it stands.
    pub state: String,
}

/// A legal document to be amended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// The law, decree or circular.
    pub document: String,
    /// The article.
    pub article: String,
    /// What must change, and why.
    pub change: String,
    /// Who has it in hand.
    pub owner: String,
    /// Where it stands.
    pub stage: String,
    /// By when, `YYYY-MM-DD`; empty without a day.
    pub due: String,
    /// What it waits for; empty for nothing.
    pub blocked_by: String,
}

/// A milestone of one of the two projects.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Milestone {
    /// Which project.
    pub project: String,
    /// What is to be reached.
    pub title: String,
    /// By when, `YYYY-MM-DD`; empty without a day.
    pub due: String,
    /// Where it stands.
    pub state: String,
}

/// The page of one unit: what stands there beside its rows of the report's tables.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitPage {
    /// The unit's code, as the rows have it.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// The main measures over time.
    pub series: Vec<Series>,
    /// The way from invitation to card.
    pub funnel: Vec<Stage>,
    /// How many difficulties nobody has answered, in the unit and below it.
    pub open: u64,
    /// Those that are due first.
    pub difficulties: Vec<Difficulty>,
    /// How many promises are neither kept nor given up.
    pub promised: u64,
    /// Those that are due first.
    pub promises: Vec<Promise>,
}

/// The ledger as it was when the report was frozen.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// How many entries it had.
    pub size: u64,
    /// Its root, 64 hexadecimal digits.
    pub root: String,
}

/// A frozen report: everything that is printed in it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// Its id; given when it is frozen.
    pub id: String,
    /// What it is for.
    pub kind: Kind,
    /// `vi` or `en`: the language in which it was frozen.
    pub language: String,
    /// What it is about, one line.
    pub title: String,
    /// The code of the unit it covers; empty for the nation.
    pub unit: String,
    /// That unit's name.
    pub unit_name: String,
    /// The instant whose figures it shows, as `2021-07-01T08:00:00+07:00` or with `Z`.
    pub as_of: String,
    /// The day that ranks are compared with, `YYYY-MM-DD`; empty without one.
    pub compared_with: String,
    /// Head and foot.
    pub letterhead: Letterhead,
    /// What is written before the figures; a paragraph each.
    pub preface: Vec<String>,
    /// The measures, the most important first.
    pub tables: Vec<Table>,
    /// Measures over time.
    pub series: Vec<Series>,
    /// The way from invitation to card.
    pub funnel: Vec<Stage>,
    /// Units honoured.
    pub honours: Vec<Honour>,
    /// Difficulties.
    pub difficulties: Vec<Difficulty>,
    /// Promises.
    pub promises: Vec<Promise>,
    /// The legal roadmap.
    pub roadmap: Vec<Amendment>,
    /// Milestones.
    pub milestones: Vec<Milestone>,
    /// What has to be said of the figures as a whole; a paragraph each.
    pub notes: Vec<String>,
    /// Units with a page of their own. Reports of before there were such pages have none, and the same bytes as then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<UnitPage>,
    /// The ledger it was frozen at.
    pub ledger: Anchor,
}

/// Why a report cannot be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The bytes are no report: line, column and cause.
    Malformed(usize, usize, String),
    /// Another layout than [`FORMAT`].
    Format(u32),
    /// A field does not hold what it must: its path and the rule.
    Field(String, &'static str),
}

impl Fault {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Malformed(..) => "report-malformed",
            Fault::Format(_) => "report-format",
            Fault::Field(..) => "report-field",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Malformed(line, column, cause) => write!(f, "line {line}, column {column}: {cause}"),
            Fault::Format(found) => write!(f, "layout {found}, not {FORMAT}"),
            Fault::Field(path, rule) => write!(f, "{path}: {rule}"),
        }
    }
}

impl std::error::Error for Fault {}

impl Report {
    /// Reads a frozen report; what is read has been checked.
    pub fn read(bytes: &[u8]) -> Result<Report, Fault> {
        let report: Report = serde_json::from_slice(bytes).map_err(|error| {
            let cause = error.to_string();
            let cause = cause.split(" at line ").next().unwrap_or_default().to_owned();
            Fault::Malformed(error.line(), error.column(), cause)
        })?;
        report.check()?;
        Ok(report)
    }

    /// Its bytes: the same for the same report, on every machine. JSON as RFC 8785 writes it.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        canonical::bytes(&serde_json::to_value(self).unwrap_or_default())
    }

    /// SHA-256 over [`Report::bytes`], in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        Sha256::digest(self.bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Limits and dates. Whoever freezes a report asks this; [`Report::read`] has asked it.
    pub fn check(&self) -> Result<(), Fault> {
        let fault = |path: &str, rule| Err(Fault::Field(path.to_owned(), rule));
        if self.format != FORMAT {
            return Err(Fault::Format(self.format));
        }
        if !["vi", "en"].contains(&self.language.as_str()) {
            return fault("language", "vi or en");
        }
        if Instant::parse(&self.as_of).is_none() {
            return fault("as_of", "an instant");
        }
        if self.ledger.root.len() != 64 || !self.ledger.root.bytes().all(|c| c.is_ascii_hexdigit()) {
            return fault("ledger.root", "64 hexadecimal digits");
        }
        if self.tables.len() > TABLES_MAX || self.series.len() > TABLES_MAX {
            return fault("tables", "too many tables or series");
        }
        for (at, table) in self.tables.iter().enumerate() {
            for (place, row) in table.rows.iter().chain([&table.total]).enumerate() {
                let negative = |value: Option<Hundredths>| value.is_some_and(|value| value.0 < 0);
                if negative(row.percent) || negative(row.pace_needed) {
                    return fault(&format!("tables[{at}].rows[{place}]"), "not less than 0");
                }
            }
        }
        if self.pages.len() > PAGES_MAX || self.pages.iter().any(|page| page.series.len() > TABLES_MAX) {
            return fault("pages", "too many pages or series");
        }
        for (at, series) in self.series.iter().chain(self.pages.iter().flat_map(|page| &page.series)).enumerate() {
            series.check().map_err(|(part, rule)| Fault::Field(format!("series[{at}]{part}"), rule))?;
        }
        limits("", &serde_json::to_value(self).unwrap_or_default())
    }
}

/// Fields that hold a day or nothing.
const DAYS: [&str; 6] = ["due", "deadline", "compared_with", "day", "low", "high"];

/// Every list, text, number and day within its limits.
fn limits(path: &str, value: &serde_json::Value) -> Result<(), Fault> {
    use serde_json::Value;
    let fault = |rule| Err(Fault::Field(path.to_owned(), rule));
    match value {
        Value::Array(list) if list.len() > ROWS_MAX => fault("too many entries"),
        Value::Array(list) => list.iter().enumerate().try_for_each(|(at, one)| limits(&format!("{path}[{at}]"), one)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, one)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match one {
                Value::String(day) if DAYS.contains(&name.as_str()) && !day.is_empty() && Day::parse(day).is_none() => {
                    Err(Fault::Field(path, "a day, YYYY-MM-DD"))
                }
                _ => limits(&path, one),
            }
        }),
        Value::String(text) if text.chars().nth(TEXT_MAX).is_some() => fault("too long"),
        Value::Number(number) => {
            let within = number.as_i64().is_some_and(|number| number.unsigned_abs() <= NUMBER_MAX);
            if within { Ok(()) } else { fault("too large") }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
