//! Reports: frozen at an instant, checked by a second officer, signed by a third.
//!
//! What is frozen is everything that is printed, with its hash and the ledger's root; how it is set on paper is the roof's. A
//! report names units and officers' tasks, and nobody of the register.
//! Start reading at [`freeze`].

use super::copy::Setter;
use super::moment::{Moment, Notice};
use super::pages::{self, Daily, Followed};
use super::record::seen_from;
use super::table::REPORT;
use super::{AsOf, Asked, Board, Depth, NATION, Rulebook, Sources, counters, drawn, sourced};
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::{Command, Error};
use ::programme::honour::{Period, honour};
use ::programme::record::Record;
use ::programme::record::delegation::Outcome;
use ::programme::report::{
    Amendment, Anchor, Difficulty, FORMAT, Filing, Forecast, Honour, Hundredths, Kind, Letterhead, Milestone,
    PAGES_MAX, Promise, Report, Row, Series, Source, Stage, State, Table, UnitPage,
};
use ::programme::{Line, Origin};
use ids::Uuid;
use journal::{Change, Value};
use ports::Fault;
use ports::store::Read;
use std::collections::BTreeMap;
use std::sync::Arc;
use time::{Day, Instant};

/// What is frozen.
#[derive(Clone, Debug)]
pub struct Freezing {
    /// The unit; empty for the officer's own.
    pub unit: String,
    /// What it is for; none for a report of the nation or the page of a unit.
    pub kind: Option<Kind>,
    /// The instant whose figures it shows; none for now.
    pub as_of: Option<Instant>,
    /// The title; empty for the usual one.
    pub title: String,
    /// `vi` or `en`.
    pub language: &'static str,
    /// Where it is issued.
    pub place: String,
    /// The criteria by which units are honoured.
    pub rulebook: Rulebook,
}

/// The words of a report, by what they are the words for and a name: `measure`, `entered`.
pub type Words<'a> = &'a dyn Fn(&str, &str) -> String;

/// A report as it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Frozen {
    /// Its id.
    pub id: Uuid,
    /// What was frozen.
    pub report: Report,
    /// How far it has come, and by whom.
    pub filing: Filing,
    /// Counts the steps.
    pub version: i64,
    /// When it was frozen.
    pub made: Instant,
}

/// The measure by whose rank the pages of a conference are ordered.
const RANKED: &str = "entered";

/// That people live somewhere is nobody's result; each row has them beside its figures.
const PEOPLE: &str = "population";

/// Measures without a figure anywhere are left out of a report.
fn tables(board: &Board, words: Words<'_>) -> Vec<Table> {
    let own = board.lines.iter().filter(|line| line.unit == board.unit);
    own.filter(|line| line.measure != PEOPLE && (line.value > 0 || line.target.is_some()))
        .map(|total| Table {
            measure: total.measure.to_owned(),
            title: words("measure", total.measure),
            deadline: total.deadline.map_or_else(String::new, |day| day.to_string()),
            // Units of one level under one unit have one average.
            average: below(board, total.measure).find_map(|line| line.average).and_then(Hundredths::nearest),
            total: row(total, words),
            rows: below(board, total.measure).map(|line| row(line, words)).collect(),
        })
        .collect()
}

fn below<'a>(board: &'a Board, measure: &'a str) -> impl Iterator<Item = &'a Line> {
    board.lines.iter().filter(move |line| line.unit != board.unit && line.measure == measure)
}

fn row(line: &Line, words: Words<'_>) -> Row {
    let hundredths = |value: Option<f64>| value.and_then(Hundredths::nearest);
    let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
    Row {
        unit: line.unit.clone(),
        name: if line.unit.is_empty() { words("unit", "nation") } else { line.name.clone() },
        population: line.population,
        value: line.value,
        source: match line.source {
            Origin::Counted => Source::Counted,
            Origin::Returned => Source::Returned,
            Origin::Mixed => Source::Both,
        },
        target: line.target,
        percent: hundredths(line.percent),
        rank: line.rank,
        change: line.rank_change,
        above_average: line.above_average,
        pace_7d: hundredths(line.pace_7d),
        pace_needed: hundredths(line.pace_needed.map(|pace| pace.max(0.0))),
        forecast: line.forecast_date.map(|date| Forecast {
            day: date.to_string(),
            low: day(line.forecast_low),
            high: day(line.forecast_high),
            probability: hundredths(line.probability.map(|one| one * 100.0)),
        }),
        notes: line.notes.iter().map(|note| words("note", note.code().trim_start_matches("note-"))).collect(),
    }
}

/// Freezes a report of a unit; gives it as a draft. It is set on paper before anything is kept, so that one that cannot be set
/// leaves nothing behind; where nobody here can set it, it is frozen without its files.
pub fn freeze(
    book: &Arc<Book>,
    command: &Command,
    freezing: &Freezing,
    words: Words<'_>,
    set: Setter<'_>,
) -> Result<Frozen, Error> {
    let officer = &command.officer;
    officer.may("steer")?;
    let now = book.now();
    let until = freezing.as_of.unwrap_or(now).min(now);
    let moment = Moment::of(book, freezing.as_of)?;
    let asked = Asked { unit: freezing.unit.clone(), depth: Depth::Page, ..Asked::default() }.at(moment);
    let today = now.day();
    let followed = followed(book, officer, &freezing.unit, until)?;
    // One look at the figures, so that curves and pages say the same as the tables.
    let (shown, kind, parts) = sourced(book, asked.until, |sources, events| {
        let shown = drawn(sources, events, officer, &asked, today)?;
        let kind = match freezing.kind {
            Some(Kind::Conference) => Kind::Conference,
            _ if shown.unit.is_empty() => Kind::Government,
            _ => Kind::Province,
        };
        let own = below_unit(sources, &shown.unit, &followed);
        let as_of = asked.as_of(shown.day);
        let mut parts = parts(sources, &shown, kind, as_of, (&own, &followed), words);
        parts.honours = honours(sources, &shown, as_of, &freezing.rulebook, words);
        parts.notes = notes(freezing, moment.notice, &own, now, words);
        parts.letterhead = letterhead(sources, &shown, &freezing.place, now, words);
        Ok((shown, kind, parts))
    })?;
    // The root is signed after the figures were read: it covers every event that they rest on.
    book.checkpoint(true)?;
    let status = crate::status::status(book, "")?;
    let name = if shown.unit.is_empty() { words("unit", "nation") } else { shown.name.clone() };
    let usual = match kind {
        Kind::Government => "government",
        Kind::Conference => "conference",
        Kind::Province => "province",
    };
    let title = if freezing.title.is_empty() { words("report-title", usual) } else { freezing.title.clone() };
    let id = Uuid(book.id().0);
    let mut report = Report {
        format: FORMAT,
        id: id.to_string(),
        kind,
        language: freezing.language.to_owned(),
        title,
        unit: shown.unit.clone(),
        unit_name: name,
        as_of: until.to_string(),
        compared_with: shown.earlier.to_string(),
        letterhead: parts.letterhead,
        preface: Vec::new(),
        tables: tables(&shown, words),
        series: parts.series,
        funnel: parts.funnel,
        honours: parts.honours,
        difficulties: parts.difficulties,
        promises: parts.promises,
        roadmap: parts.roadmap,
        milestones: parts.milestones,
        notes: parts.notes,
        pages: parts.pages,
        ledger: Anchor { size: status.ledger_size, root: root(&status.ledger_root) },
    };
    if report.tables.is_empty() {
        report.notes.push(words("report-note", "nothing"));
    }
    report
        .check()
        .map_err(|fault| Error::Input { code: fault.code(), arguments: vec![("detail", fault.to_string())] })?;
    let filing = Filing::draft(&report.hash(), &officer.id.to_string());
    let mut frozen = Frozen { id, report, filing, version: 1, made: now };
    let files = frozen.set(set)?;
    frozen.filing = frozen.filing.with_files(files);
    let instant = freezing.as_of.map_or_else(String::new, |as_of| as_of.to_string());
    let parts = [&shown.unit, usual, &freezing.title, &freezing.place, freezing.language, &instant].map(str::as_bytes);
    let once = command.once(book.home(), "report freeze", &parts)?;
    let (inner, by, row) = (Arc::clone(book), officer.clone(), stored(&frozen));
    let (unit, detail) = (shown.unit, detail(&frozen.filing));
    let answer = once.submit(book, move |_| {
        let mut event = inner.event("report.frozen", &by.actor("programme"));
        event.unit = unit;
        event.detail = detail;
        event.changes = vec![Change::put(&REPORT, row)];
        Ok(Decision { events: vec![event], answer: id.0.to_vec() })
    })?;
    let id = Uuid(answer.try_into().map_err(|_| Error::Missing("report-missing"))?);
    report_of(book, officer, id)
}

/// A ledger that has no checkpoint yet has no root.
fn root(root: &str) -> String {
    if root.is_empty() { "0".repeat(64) } else { root.to_owned() }
}

/// Head and foot: of the ministry for the nation, else of the unit's police under the one above it.
fn letterhead(sources: &Sources<'_>, board: &Board, place: &str, now: Instant, words: Words<'_>) -> Letterhead {
    let units = sources.units;
    let at = units.find(&board.unit).unwrap_or(NATION);
    let (level, above) = (units.at(at).level, units.at(units.parent(at)));
    let named = match level {
        0 => "nation",
        1 => "unit",
        2 => "district",
        _ => "commune",
    };
    let said = |what: &str, level: &str| words(&format!("letterhead-{what}"), level);
    let lines = |text: String| -> Vec<String> {
        text.split(';').map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    // A province is under the ministry, a district under its province, a commune under its district.
    let (superior, addressees) = if level < 2 {
        (said("superior", named), lines(said("addressees", named)))
    } else {
        let police = said("addressees", "below");
        (format!("{} {}", said("authority", "unit"), above.name), vec![format!("{police} {}", above.name)])
    };
    // Who signs for whom is told alike of all below the ministry but the province.
    let chief = if level < 2 { named } else { "below" };
    let nation = level == 0;
    Letterhead {
        superior,
        authority: if nation {
            said("authority", named)
        } else {
            format!("{} {}", said("authority", "unit"), board.name)
        },
        number: String::new(),
        sign: said("sign", named),
        place: match place {
            "" if nation => said("place", named),
            "" => board.name.clone(),
            given => given.to_owned(),
        },
        day: now.day().to_string(),
        addressees,
        recipients: lines(said("recipients", if nation { named } else { "unit" })),
        signs_for: said("signs-for", chief),
        post: said("post", chief),
        signer: String::new(),
    }
}

/// Days of the period whose honours a report names.
const PERIOD: i32 = 28;

/// Judged by the same figures as everything else in the report: what became known later honours nobody.
fn honours(sources: &Sources<'_>, board: &Board, as_of: AsOf, rulebook: &Rulebook, words: Words<'_>) -> Vec<Honour> {
    let period = Period { from: Day(board.day.0 - PERIOD + 1), to: board.day, known: as_of.known };
    let list = honour(sources, &rulebook.criteria, period, &board.unit, &|unit| rulebook.ground_of(unit));
    let outstanding = list.into_iter().filter(|one| one.outstanding && one.points > 0);
    outstanding
        .map(|one| {
            let evidence = one.evidence.iter().filter(|evidence| evidence.points > 0);
            let evidence: Vec<String> = evidence
                .map(|evidence| {
                    format!("{} {} / {}", words("honour", evidence.criterion), evidence.figure, evidence.beside)
                })
                .collect();
            let points = format!(
                "{}: {} / 10000, {}–{}",
                words("honour", "points"),
                one.points,
                dotted(period.from),
                dotted(period.to)
            );
            Honour { unit: one.name, criterion: points, evidence: evidence.join("; ") }
        })
        .collect()
}

/// A day as it is written in both languages.
fn dotted(day: Day) -> String {
    let (year, month, day) = day.date();
    format!("{day:02}/{month:02}/{year}")
}

/// What is to be said of the report as a whole: that its figures are of another instant than was asked for, and that what is followed
/// up is kept as it stands now, and not as it stood at an earlier time.
fn notes(freezing: &Freezing, notice: Option<Notice>, own: &[Record], now: Instant, words: Words<'_>) -> Vec<String> {
    let told = |one: &Record| !matches!(one, Record::Delegation(one) if one.promises.is_empty());
    let followed = (freezing.as_of.is_some() && own.iter().any(told)).then_some("followed");
    let said = notice.map(Notice::code).into_iter().chain(followed);
    said.map(|name| format!("{} {}.", words("report-note", name), dotted(now.day()))).collect()
}

/// What was known then of what is followed up, as the unit's own officers see it.
fn followed(book: &Book, officer: &Officer, unit: &str, until: Instant) -> Result<Vec<Record>, Error> {
    let units = counters::tree(book)?;
    let place = super::seen(&units, officer, unit)?;
    let mut all = Vec::new();
    for kind in ["difficulty", "delegation", "roadmap", "milestone"] {
        let seen = seen_from(book, &units.at(place).code, kind)?;
        all.extend(seen.into_iter().filter(|one| one.head().made <= until));
    }
    Ok(all)
}

/// What of it is a unit's own and of those below it, whoever freezes the report. What is the nation's, acts of law above all,
/// stands in the nation's report alone.
fn below_unit(sources: &Sources<'_>, unit: &str, all: &[Record]) -> Vec<Record> {
    if unit.is_empty() {
        return all.to_vec();
    }
    let Some(place) = sources.units.find(unit) else { return Vec::new() };
    let own = |code: &str| sources.units.resolve(code).is_some_and(|at| sources.units.within(at, place));
    let mut kept = Vec::new();
    for one in all {
        match one {
            // The delegation may be another's; what the unit promised it is the unit's.
            Record::Delegation(one) => {
                let mut one = one.clone();
                one.promises.retain(|promise| own(&promise.unit));
                kept.push(Record::Delegation(one));
            }
            other if own(&other.head().unit) => kept.push(other.clone()),
            _ => {}
        }
    }
    kept
}

fn said_day(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// Parts of a report that are drawn from the figures, and what is followed up in the units' own names.
struct Parts {
    series: Vec<Series>,
    funnel: Vec<Stage>,
    difficulties: Vec<Difficulty>,
    promises: Vec<Promise>,
    roadmap: Vec<Amendment>,
    milestones: Vec<Milestone>,
    honours: Vec<Honour>,
    notes: Vec<String>,
    letterhead: Letterhead,
    pages: Vec<UnitPage>,
}

/// `own` is what the report tells of; what it waits for may be among the others.
fn parts(
    sources: &Sources<'_>,
    shown: &Board,
    kind: Kind,
    as_of: AsOf,
    (own, all): (&[Record], &[Record]),
    words: Words<'_>,
) -> Parts {
    let name = |code: &str| match sources.units.resolve(code) {
        Some(NATION) => words("unit", "nation"),
        Some(place) => sources.units.at(place).name.clone(),
        None => code.to_owned(),
    };
    let (mut difficulties, mut promises) = (Vec::new(), Vec::new());
    for one in own {
        match one {
            Record::Difficulty(one) => difficulties.push(Followed {
                unit: one.head.unit.clone(),
                waits: matches!(one.state.name(), "open" | "assigned"),
                said: Difficulty {
                    unit: name(&one.head.unit),
                    kind: words("about", one.about.name()),
                    severity: words("severity", &format!("{:?}", one.severity).to_lowercase()),
                    text: one.head.title.clone(),
                    owner: name(&one.at),
                    decision: one.decision.clone().unwrap_or_default(),
                    due: said_day(one.head.due),
                    state: words("state", one.state.name()),
                },
            }),
            Record::Delegation(one) => promises.extend(one.promises.iter().map(|promise| Followed {
                unit: promise.unit.clone(),
                waits: promise.outcome.is_none(),
                said: Promise {
                    unit: name(&promise.unit),
                    text: promise.text.clone(),
                    owner: one.head.title.clone(),
                    due: promise.due.to_string(),
                    state: match promise.outcome {
                        None => words("state", "open"),
                        Some(Outcome::Kept(_)) => words("state", "kept"),
                        Some(Outcome::GivenUp(..)) => words("state", "given-up"),
                    },
                },
            })),
            _ => {}
        }
    }
    let units: Vec<(String, String)> = match kind {
        Kind::Government => Vec::new(),
        Kind::Province => vec![(shown.unit.clone(), shown.name.clone())],
        Kind::Conference => {
            let ranked = shown.lines.iter().filter(|line| line.unit != shown.unit && line.measure == RANKED);
            ranked.map(|line| (line.unit.clone(), line.name.clone())).take(PAGES_MAX).collect()
        }
    };
    let daily = Daily::new(sources, as_of);
    Parts {
        series: if kind == Kind::Province {
            Vec::new()
        } else {
            pages::series(sources, shown, &daily, &shown.unit, words)
        },
        funnel: if kind == Kind::Province { Vec::new() } else { pages::funnel(sources, &shown.unit, as_of, words) },
        pages: pages::pages(sources, shown, as_of, &units, &difficulties, &promises, words),
        difficulties: difficulties.into_iter().map(|one| one.said).collect(),
        promises: promises.into_iter().map(|one| one.said).collect(),
        roadmap: roadmap(own, all, &name, words),
        milestones: milestones(own, words),
        honours: Vec::new(),
        notes: Vec::new(),
        letterhead: Letterhead::default(),
    }
}

/// The legal roadmap.
fn roadmap(own: &[Record], all: &[Record], name: &dyn Fn(&str) -> String, words: Words<'_>) -> Vec<Amendment> {
    let acts = |all: &[Record]| -> Vec<_> {
        all.iter().filter_map(|one| if let Record::Roadmap(one) = one { Some(one.clone()) } else { None }).collect()
    };
    let others = acts(all);
    let told = acts(own).into_iter().map(|one| {
        let blocked = one.blocked_by(&others);
        let waits = others.iter().filter(|other| blocked.contains(&other.head.id)).map(|other| other.number.clone());
        let stage = one.stages.iter().find(|stage| stage.done.is_none());
        Amendment {
            document: format!("{} {}", words("document", one.document.name()), one.number),
            article: one.article.clone(),
            change: format!("{} ({})", one.change, one.why),
            owner: name(&one.head.unit),
            stage: stage.map_or_else(|| words("state", one.state().name()), |stage| stage.name.clone()),
            due: said_day(one.head.due),
            blocked_by: waits.collect::<Vec<_>>().join(", "),
        }
    });
    told.collect()
}

fn milestones(own: &[Record], words: Words<'_>) -> Vec<Milestone> {
    let told = own.iter().filter_map(|one| if let Record::Milestone(one) = one { Some(one) } else { None });
    told.map(|one| Milestone {
        project: words("project", one.project.name()),
        title: one.head.title.clone(),
        due: said_day(one.head.due.or(one.reached)),
        state: words("state", one.state.name()),
    })
    .collect()
}

/// The reports of the officer's unit and those below it, the newest first.
pub fn reports(book: &Book, officer: &Officer) -> Result<Vec<Frozen>, Error> {
    Ok(reports_page(book, officer, "", usize::MAX)?.items)
}

/// A page of reports.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ReportPage {
    /// The newest first.
    pub items: Vec<Frozen>,
    /// What to give as `after` for the next page.
    pub next: Option<String>,
}

/// Reports read at a time: each is as long as what it says.
const READ_MAX: usize = 50;

/// Those of them that come after a place, at most so many.
pub fn reports_page(book: &Book, officer: &Officer, after: &str, limit: usize) -> Result<ReportPage, Error> {
    officer.may("status")?;
    let after = match after.split_once('.') {
        None if after.is_empty() => None,
        place => {
            let place = place.and_then(|(made, id)| Some((-made.parse::<i64>().ok()?, Uuid::parse(id)?)));
            Some(place.ok_or(Error::Missing("cursor-unknown"))?)
        }
    };
    let units = counters::tree(book)?;
    super::seen(&units, officer, "")?;
    // No more are held than stand on the page, and the one that says there is more.
    let mut rows: BTreeMap<(i64, Uuid), journal::Row> = BTreeMap::new();
    book.view(|view| {
        let mut read: Option<journal::Row> = None;
        loop {
            let some = view.scan(&REPORT, &[], read.as_deref(), READ_MAX)?;
            let Some(last) = some.last() else { return Ok(()) };
            read = Some(last[..REPORT.key].to_vec());
            for row in some {
                let place = (-row[4].int(), Uuid(row[0].blob().try_into().unwrap_or_default()));
                if after.is_none_or(|after| place > after) && crate::unit::within(view, row[2].text(), &officer.unit)? {
                    rows.insert(place, row);
                }
                if rows.len() > limit.saturating_add(1) {
                    rows.pop_last();
                }
            }
        }
    })?;
    let more = rows.len() > limit;
    if more {
        rows.pop_last();
    }
    let next = rows.last_key_value().filter(|_| more).map(|((made, id), _)| format!("{}.{id}", -made));
    let items = rows.values().map(read).collect::<Result<_, _>>()?;
    Ok(ReportPage { items, next })
}

/// One report.
pub fn report_of(book: &Book, officer: &Officer, id: Uuid) -> Result<Frozen, Error> {
    officer.may("status")?;
    let units = counters::tree(book)?;
    super::seen(&units, officer, "")?;
    book.view(|view| found(view, officer, id))
}

fn found(view: &dyn Read, officer: &Officer, id: Uuid) -> Result<Frozen, Error> {
    let missing = || Error::Missing("report-missing");
    let row = view.get(&REPORT, &[(&id.0).into()])?.ok_or_else(missing)?;
    if crate::unit::within(view, row[2].text(), &officer.unit)? { read(&row) } else { Err(missing()) }
}

/// The hash of the report, and those of the files in which it stands.
fn detail(filing: &Filing) -> String {
    let mut detail = serde_json::json!({ "hash": filing.hash });
    if let Some(files) = filing.files.iter().find(|files| files.state == filing.state()) {
        (detail["pdf"], detail["xlsx"]) = (files.pdf.as_str().into(), files.xlsx.as_str().into());
    }
    if !filing.number.is_empty() {
        detail["number"] = filing.number.as_str().into();
    }
    detail.to_string()
}

/// The next step of a report, by an officer who has seen the one with this hash.
fn next(frozen: &Frozen, officer: &Officer, seen: &str, number: &str) -> Result<Filing, Error> {
    let id = officer.id.to_string();
    let filing = match frozen.filing.state() {
        State::Draft => frozen.filing.check(&id, seen),
        State::Checked | State::Signed => frozen.filing.sign(&id, seen),
    };
    let filing = filing.map_err(|refusal| Error::refused(refusal.code()))?;
    Ok(filing.signed_as(&officer.name, number))
}

/// The most letters of a document's number.
const NUMBER_MAX: usize = 20;

/// A step on the way from draft to signed: checked, or signed, by an officer who has seen the report with this hash. What is set
/// on paper in the new state is kept track of. `number` is the document's, given when it is signed; empty for none.
pub fn file(
    book: &Arc<Book>,
    command: &Command,
    id: Uuid,
    (seen, number): (&str, &str),
    set: Setter<'_>,
) -> Result<Frozen, Error> {
    command.officer.may("steer")?;
    let number = number.trim();
    if number.chars().count() > NUMBER_MAX || number.chars().any(char::is_control) {
        return Err(Error::input("report-number"));
    }
    // Set before it is decided, for that takes a second. Whoever may not take the step is told so below.
    let before = report_of(book, &command.officer, id)?;
    let files = match next(&before, &command.officer, seen, number) {
        Ok(filing) => Frozen { filing, ..before.clone() }.set(set)?,
        Err(_) => None,
    };
    let once = command.once(book.home(), "report file", &[&id.0, seen.as_bytes(), number.as_bytes()])?;
    let (inner, by, expected) = (Arc::clone(book), command.officer.clone(), command.version);
    let (seen, number) = (seen.to_owned(), number.to_owned());
    once.submit(book, move |view| {
        let mut frozen = found(view, &by, id)?;
        if let Some(expected) = expected.filter(|expected| *expected != frozen.version) {
            return Err(Error::Version { expected, found: frozen.version });
        }
        // Files of another step than this are left aside.
        frozen.filing = next(&frozen, &by, &seen, &number)?.with_files(files);
        let kind = if frozen.filing.state() == State::Checked { "report.checked" } else { "report.signed" };
        frozen.version += 1;
        let mut event = inner.event(kind, &by.actor("programme"));
        event.unit.clone_from(&frozen.report.unit);
        event.detail = detail(&frozen.filing);
        event.changes = vec![Change::put(&REPORT, stored(&frozen))];
        Ok(Decision { events: vec![event], answer: id.0.to_vec() })
    })?;
    report_of(book, &command.officer, id)
}

fn stored(frozen: &Frozen) -> Vec<Value> {
    vec![
        (&frozen.id.0).into(),
        frozen.version.into(),
        frozen.report.unit.as_str().into(),
        frozen.filing.state().name().into(),
        frozen.made.0.into(),
        String::from_utf8_lossy(&frozen.report.bytes()).into_owned().into(),
        serde_json::to_string(&frozen.filing).unwrap_or_default().into(),
    ]
}

fn read(row: &journal::Row) -> Result<Frozen, Error> {
    let damaged = || Fault::Damaged { what: "table report".into(), cause: "a report cannot be read".into() };
    let id: [u8; 16] = row[0].blob().try_into().map_err(|_| damaged())?;
    let report = Report::read(row[5].text().as_bytes()).map_err(|_| damaged())?;
    let filing: Filing = serde_json::from_str(row[6].text()).map_err(|_| damaged())?;
    if filing.hash != report.hash() {
        return Err(damaged().into());
    }
    Ok(Frozen { id: Uuid(id), report, filing, version: row[1].int(), made: Instant(row[4].int()) })
}
