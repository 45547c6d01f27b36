//! The measures: what is counted, from which events, and how much an event counts.
//!
//! Invariant: a measure is data; nothing else in the program decides what counts. `docs/programme.md` is made from it.
//! Not here: sums over days and units (`counter`), figures that units sign (`returns`).
//! Start reading at [`Measure`], then at one of the files beside this one; to add one, see `docs/recipes/add-a-measure.md`.

mod applications;
mod approved;
mod captured;
mod collected;
mod deduplicated;
mod entered;
mod findings;
mod fingerprints;
mod handed_over;
mod in_force;
mod invited;
mod packed;
mod personalised;
mod population;
mod returned;
mod updated;
mod waiting;

use journal::{Change, Event, Value};
use std::collections::HashMap;
use std::sync::LazyLock;
use time::{Day, Instant};

/// One measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measure {
    /// Its name; the words for it are the text `measure-NAME`.
    pub name: &'static str,
    /// What the figure says, in one sentence.
    pub definition: &'static str,
    /// What is counted: people, rows, applications, cards, fingers, days.
    pub unit: &'static str,
    /// The events that count. Empty: no event says it yet, and only returns feed it.
    pub counts: &'static [Source],
    /// The events that take back.
    pub takes_back: &'static [Source],
    /// What it leaves out.
    pub excludes: &'static str,
    /// Whether more is better, for ranks.
    pub better: Better,
    /// Whether everybody in the unit is to be reached: without a target the population is the goal.
    pub everybody: bool,
    /// The measure it is divided by: the figure is a mean, and cannot be returned.
    pub mean_of: Option<&'static str>,
}

/// Which end of the ranks is first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Better {
    /// The unit with the greatest share is first.
    More,
    /// The unit with the smallest share is first.
    Less,
}

/// One kind of event that a measure takes its figures from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Source {
    /// The kind of event.
    pub kind: &'static str,
    /// How much one event counts.
    pub amount: Amount,
    /// On which day.
    pub when: When,
}

/// How much one event counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Amount {
    /// One.
    One,
    /// The persons it concerns.
    Subjects,
    /// The number under this name in its detail.
    Detail(&'static str),
    /// The rows of a table that it writes with something in a column.
    Rows(u16, usize),
    /// The words in a column of the rows of a table that it writes.
    Words(u16, usize),
    /// The days from the instant in a column of a row that it writes to the day it was recorded.
    Days(u16, usize),
}

/// On which day an event counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// The day it was recorded.
    Recorded,
    /// The day of the instant in a column of a row that it writes; the day it was recorded where there is none.
    Cell(u16, usize),
}

/// All measures, along the way from a row to a card in use.
pub const MEASURES: &[Measure] = &[
    population::POPULATION,
    collected::COLLECTED,
    entered::ENTERED,
    updated::UPDATED,
    findings::FINDINGS,
    invited::INVITED,
    captured::CAPTURED,
    applications::APPLICATIONS,
    fingerprints::FINGERPRINTS,
    deduplicated::DEDUPLICATED,
    returned::RETURNED,
    approved::APPROVED,
    personalised::PERSONALISED,
    packed::PACKED,
    handed_over::HANDED_OVER,
    in_force::IN_FORCE,
    waiting::WAITING,
];

/// The code of the table `application`, and its columns.
const APPLICATION: u16 = 52;
const CAPTURED_AT: usize = 6;
const RECEIVED_AT: usize = 7;
/// The code of the table `capture`, and its columns.
const CAPTURE: u16 = 53;
const TEMPLATE: usize = 6;
/// The code of the table `row_outcome`, and its columns.
const ROW_OUTCOME: u16 = 5;
const FINDINGS: usize = 5;

/// Another word that files from outside use for a measure.
const ALSO: [(&str, &str); 2] = [("processed", "entered"), ("people", "population")];

impl Source {
    /// An event that counts one on the day it was recorded.
    const fn one(kind: &'static str) -> Source {
        Source { kind, amount: Amount::One, when: When::Recorded }
    }

    /// An event that counts something on the day it was recorded.
    const fn of(kind: &'static str, amount: Amount) -> Source {
        Source { kind, amount, when: When::Recorded }
    }

    /// Whether the event's kind, unit and time are enough to count it.
    fn bare(&self) -> bool {
        matches!((self.amount, self.when), (Amount::One, When::Recorded))
    }
}

impl Measure {
    /// A measure that only returns feed, to begin with.
    const fn new(name: &'static str, unit: &'static str, definition: &'static str, excludes: &'static str) -> Measure {
        Measure {
            name,
            definition,
            unit,
            counts: &[],
            takes_back: &[],
            excludes,
            better: Better::More,
            everybody: false,
            mean_of: None,
        }
    }

    /// The measure of a name, or of another word for it.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Measure> {
        let name = ALSO.iter().find(|(also, _)| *also == name).map_or(name, |(_, name)| name);
        MEASURES.iter().find(|measure| measure.name == name)
    }

    /// Its place in [`MEASURES`].
    #[must_use]
    pub fn position(name: &str) -> Option<usize> {
        let measure = Measure::find(name)?;
        MEASURES.iter().position(|other| other.name == measure.name)
    }

    /// Whether a unit may sign figures of it.
    #[must_use]
    pub fn returnable(&self) -> bool {
        self.mean_of.is_none()
    }
}

/// How much of an event has to be opened to count it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// No measure counts its kind.
    Nothing,
    /// Kind, unit and time are enough.
    Head,
    /// All of it.
    Whole,
}

/// What an event adds to one measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Add {
    /// The measure's place in [`MEASURES`].
    pub measure: usize,
    /// The day it happened, as the event says; it may lie after the day it was recorded.
    pub happened: Day,
    /// How much; negative where something is taken back.
    pub count: i64,
}

/// The sources of each kind: measure, sign, source.
type Kinds = HashMap<&'static str, Vec<(usize, i64, Source)>>;

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    let mut kinds = Kinds::new();
    for (at, measure) in MEASURES.iter().enumerate() {
        for (sign, sources) in [(1, measure.counts), (-1, measure.takes_back)] {
            for source in sources {
                kinds.entry(source.kind).or_default().push((at, sign, *source));
            }
        }
    }
    kinds
});

/// How much of an event of this kind has to be opened.
#[must_use]
pub fn need(kind: &str) -> Need {
    match KINDS.get(kind) {
        None => Need::Nothing,
        Some(sources) if sources.iter().all(|(_, _, source)| source.bare()) => Need::Head,
        Some(_) => Need::Whole,
    }
}

/// What an event of this kind adds, where its head is enough ([`Need::Head`]): nothing for others.
pub(crate) fn of_head(kind: &str, recorded: Instant, add: &mut dyn FnMut(Add)) {
    let happened = recorded.day();
    for (measure, sign, source) in KINDS.get(kind).into_iter().flatten().filter(|(_, _, source)| source.bare()) {
        debug_assert_eq!(source.kind, kind);
        add(Add { measure: *measure, happened, count: *sign });
    }
}

/// What an event adds.
pub fn of_event(event: &Event, add: &mut dyn FnMut(Add)) {
    for (measure, sign, source) in KINDS.get(event.kind.as_str()).into_iter().flatten() {
        let count = sign * amount(source.amount, event);
        if count != 0 {
            add(Add { measure: *measure, happened: happened(source.when, event), count });
        }
    }
}

/// A number that says which events count how: counters made under another are counted anew.
#[must_use]
pub fn edition() -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for measure in MEASURES {
        let text = format!("{} {:?} {:?}\n", measure.name, measure.counts, measure.takes_back);
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

fn amount(amount: Amount, event: &Event) -> i64 {
    match amount {
        Amount::One => 1,
        // A unit's event about nobody in particular still happened once.
        Amount::Subjects => event.subjects.len().max(1) as i64,
        Amount::Detail(name) => number(&event.detail, name),
        Amount::Rows(table, column) => cells(event, table, column).filter(|cell| !cell.is_null()).count() as i64,
        Amount::Words(table, column) => {
            cells(event, table, column).map(|cell| cell.text().split_whitespace().count() as i64).sum()
        }
        Amount::Days(table, column) => instant(event, table, column)
            .map_or(0, |from| i64::from(event.recorded.day().0) - i64::from(from.day().0))
            .max(0),
    }
}

fn happened(when: When, event: &Event) -> Day {
    match when {
        When::Recorded => event.recorded.day(),
        When::Cell(table, column) => instant(event, table, column).unwrap_or(event.recorded).day(),
    }
}

fn cells(event: &Event, table: u16, column: usize) -> impl Iterator<Item = &Value> {
    event.changes.iter().filter_map(move |change| match change {
        Change::Put { table: code, row } if *code == table => row.get(column),
        _ => None,
    })
}

/// The instant in a column; zero is what stands there where nobody knew it.
fn instant(event: &Event, table: u16, column: usize) -> Option<Instant> {
    cells(event, table, column).map(Value::int).find(|us| *us > 0).map(Instant)
}

/// The whole number under a name in a detail, which the services write as flat JSON; 0 where there is none.
fn number(detail: &str, name: &str) -> i64 {
    let found = detail.match_indices(name).find_map(|(at, _)| {
        let before = detail[..at].ends_with('"');
        let rest = detail[at + name.len()..].strip_prefix('"')?.trim_start().strip_prefix(':')?.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        before.then(|| rest[..end].parse::<i64>().ok()).flatten()
    });
    found.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::{PersonId, Uuid};
    use journal::Actor;

    fn event(kind: &str, recorded: &str) -> Event {
        Event::new(Uuid::default(), kind, Instant::parse(recorded).unwrap(), Actor::default())
    }

    fn adds(event: &Event) -> Vec<(&'static str, String, i64)> {
        let mut all = Vec::new();
        of_event(event, &mut |add| all.push((MEASURES[add.measure].name, add.happened.to_string(), add.count)));
        all
    }

    #[test]
    fn names_are_unique_and_found() {
        for (at, measure) in MEASURES.iter().enumerate() {
            assert_eq!(Measure::position(measure.name), Some(at));
        }
        assert_eq!(Measure::find("processed").unwrap().name, "entered");
        assert_eq!(Measure::find("nothing"), None);
    }

    #[test]
    fn a_bulk_event_counts_everybody_it_concerns() {
        let mut bulk = event("person.entered", "2021-03-01");
        bulk.subjects = vec![PersonId::default(); 250];
        assert_eq!(adds(&bulk), [("entered", "2021-03-01".to_owned(), 250)]);
        let merged = event("person.merged", "2021-03-01");
        assert_eq!(adds(&merged), [("entered", "2021-03-01".to_owned(), -1)]);
    }

    #[test]
    fn staged_rows_count_as_many_as_the_detail_says() {
        let mut staged = event("rows.staged", "2021-03-01");
        staged.detail = "{\"rows\":2000}".into();
        assert_eq!(adds(&staged), [("collected", "2021-03-01".to_owned(), 2000)]);
        for (detail, count) in [("{\"rows\": 7, \"persons\":3}", 7), ("{\"arrows\":7}", 0), ("", 0), ("rows", 0)] {
            assert_eq!(number(detail, "rows"), count, "{detail}");
        }
    }

    #[test]
    fn an_application_counts_where_it_was_captured_and_when_it_came() {
        let mut received = event("application.received", "2021-03-09");
        let at = |text: &str| Value::Int(Instant::parse(text).unwrap().0);
        let mut row = vec![Value::Null; 14];
        (row[CAPTURED_AT], row[RECEIVED_AT]) = (at("2021-03-01"), at("2021-03-09"));
        received.changes.push(Change::Put { table: APPLICATION, row: row.clone() });
        for template in [Value::Blob(vec![1]), Value::Null, Value::Blob(vec![2])] {
            let mut capture = vec![Value::Null; 8];
            capture[TEMPLATE] = template;
            received.changes.push(Change::Put { table: CAPTURE, row: capture });
        }
        let day = |text: &str| text.to_owned();
        assert_eq!(
            adds(&received),
            [
                ("captured", day("2021-03-01"), 1),
                ("applications", day("2021-03-09"), 1),
                ("fingerprints", day("2021-03-01"), 2),
            ]
        );
        let mut made = event("card.personalised", "2021-03-20");
        made.changes.push(Change::Put { table: APPLICATION, row });
        assert_eq!(adds(&made), [("personalised", day("2021-03-20"), 1), ("waiting", day("2021-03-20"), 11)]);
    }

    #[test]
    fn heads_are_enough_where_they_say_so() {
        assert_eq!(need("person.read"), Need::Nothing);
        assert_eq!(need("application.checked"), Need::Head);
        assert_eq!(need("application.received"), Need::Whole);
        let checked = event("application.checked", "2021-03-09");
        let mut heads = Vec::new();
        of_head("application.checked", checked.recorded, &mut |add| heads.push(add));
        let mut whole = Vec::new();
        of_event(&checked, &mut |add| whole.push(add));
        assert_eq!(heads, whole);
    }
}
