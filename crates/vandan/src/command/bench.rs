//! `bench`: the project's own measurements, with the machine named. Built for speed by `cargo xtask bench`.

mod crowd;
mod recount;
mod seed;

use super::link::{Description, Records};
use crate::home::Home;
use crate::installation::{Installation, of_services, unwritable, write_file};
use crate::machine::{describe, peak_rss_bytes, stopwatch, variable};
use crate::output::{Failure, Output};
use crate::text::t;
use journal::Actor;
use register::heading::Mapping;
use serde_json::{Value, json};
use services::Decision;
use services::import::Input;
use services::officer::Officer;
use services::person::{Reader, everyone, show};
use services::programme::{Asked, Depth};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(clap::Args)]
pub(crate) struct Bench {
    #[arg(value_enum)]
    what: What,
    #[arg(long, value_name = "N", default_value_t = 50_000)]
    persons: usize,
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    events: u64,
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    #[command(flatten)]
    load: super::load::Load,
}

/// Where a register to be measured lies.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) data: PathBuf,
    pub(crate) database: Option<String>,
}

impl Target {
    /// The process of the database's server, where that is a private one that may be killed.
    pub(crate) fn postmaster(&self) -> Option<String> {
        variable("VANDAN_POSTGRES_PRIVATE")?;
        let host = self.database.as_deref()?.split_once('@')?.1.split(':').next()?.replace("%2F", "/");
        let file = std::fs::read_to_string(Path::new(&host).join("data/postmaster.pid")).ok()?;
        file.lines().next().map(str::to_owned)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Import,
    Lookup,
    Ledger,
    Link,
    Board,
    Recount,
    Fingerprint,
    Card,
    Load,
    Readers,
}

/// Callers at once.
const IN_FLIGHT: usize = 64;

/// A folder that is removed at the end.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn temporary() -> Temporary {
    let path = std::env::temp_dir().join(format!("vandan-bench-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    Temporary(path)
}

pub(crate) fn run(command: &Bench, out: &mut Output) -> Result<(), Failure> {
    if command.what == What::Card {
        return super::card::bench_defaults(out);
    }
    let folder = temporary();
    let mut figures = match command.what {
        What::Import => import(&folder.0, &Home::Folder, command.persons, out)?.1,
        What::Lookup => lookup(&folder.0, command.persons, out)?,
        What::Ledger => ledger(&folder.0)?,
        What::Link => link(&folder.0, command.data.as_deref(), command.persons)?,
        What::Board => board(&folder.0, command.persons, out)?,
        What::Recount => recount::run(command.data.as_deref().unwrap_or(&folder.0), command.events, out)?,
        What::Load | What::Readers => {
            let data = command.data.clone().unwrap_or_else(|| folder.0.join("register"));
            let target = Target { data, database: command.database.clone() };
            let run = if command.what == What::Load { super::load::run } else { super::load::readers::run };
            run(&command.load, &target, command.persons, out)?
        }
        What::Fingerprint | What::Card => fingerprint_figures(),
    };
    figures["machine"] = describe().into();
    figures["peak_rss_bytes"] = peak_rss_bytes().into();
    for (name, value) in figures.as_object().into_iter().flatten() {
        out.say(t!("bench-line"), &[("name", name.clone()), ("value", value.to_string())]);
    }
    out.json(&figures);
    match figures["recounted_equal"] == false {
        true => Err(Failure::no(t!("recount-differs"))),
        false => Ok(()),
    }
}

/// Unit files, person files, and where they are from.
type Files = (Vec<(String, Vec<u8>)>, Vec<Input>, &'static str);

/// The shared sample's files, or as many of our own.
fn files(persons: usize) -> Files {
    let own = sample::people::files(persons, 1);
    let units =
        |files: Vec<(String, String)>| files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    let shared = variable("VANDAN_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from).join("vietnam");
    if persons == 50_000 && shared.is_dir() {
        let read = |path: PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            std::fs::read(&path).ok().map(|bytes| (name, bytes))
        };
        let names = ["provinces63.csv", "districts2021.csv", "wards2021.csv"];
        let units = names.iter().filter_map(|name| read(shared.join(name))).collect();
        let persons = super::import::expand(&[shared.join("sample")]).into_iter().filter_map(read);
        let persons = persons.filter(|(name, _)| name.starts_with("province_"));
        return (units, persons.map(|(name, bytes)| Input { name, bytes }).collect(), "shared sample");
    }
    let persons = own.persons.into_iter().map(|(name, text)| Input { name, bytes: text.into_bytes() });
    (units(own.units), persons.collect(), "own sample")
}

/// Import with linkage, sealing, tokens, ledger and fsync.
pub(super) fn import(
    folder: &Path,
    home: &Home,
    persons: usize,
    out: &mut Output,
) -> Result<(Installation, Value), Failure> {
    let installation = Installation::init(folder, home)?;
    let (units, inputs, source) = files(persons);
    let operator = Officer::operator();
    services::unit::import(&installation.book, &services::Command::by(&operator), &units)
        .map_err(|error| of_services(&error))?;
    let begun = stopwatch();
    let report = super::import::persons(&installation, &operator, inputs, &Mapping::default(), out)?;
    installation.book.checkpoint(true).map_err(|error| of_services(&error))?;
    let seconds = begun.elapsed().as_secs_f64();
    let figures = json!({
        "source": source, "rows": report.staged, "persons": report.persons, "seconds": seconds,
        "rows_per_s": (report.staged as f64 / seconds).round(),
    });
    Ok((installation, figures))
}

/// Look-up by number with its logged read, many callers at once.
fn lookup(folder: &Path, persons: usize, out: &mut Output) -> Result<Value, Failure> {
    let (installation, _) = import(folder, &Home::Folder, persons, out)?;
    let book = &installation.book;
    let everyone = everyone(book, &Officer::operator(), "bench").map_err(|error| of_services(&error))?;
    let numbers: Arc<Vec<String>> = Arc::new(everyone.into_iter().filter_map(|entry| entry.person.number).collect());
    const EACH: usize = 600;
    let begun = stopwatch();
    let times: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..IN_FLIGHT)
            .map(|thread| {
                let numbers = Arc::clone(&numbers);
                scope.spawn(move || {
                    let reader = Reader { actor: Officer::operator().actor("bench"), unit: String::new() };
                    let mut times = Vec::with_capacity(EACH);
                    for at in 0..EACH {
                        let number = &numbers[(thread * 7919 + at * 104_729) % numbers.len()];
                        let one = stopwatch();
                        if show(book, &reader, number).is_ok() {
                            times.push(one.elapsed().as_micros() as u64);
                        }
                    }
                    times
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    let done = times.len();
    Ok(json!({
        "persons": numbers.len(), "lookups": done, "in_flight": IN_FLIGHT, "seconds": seconds,
        "lookups_per_s": (done as f64 / seconds).round(), "failed": IN_FLIGHT * EACH - done,
        "p50_us": percentile(&times, 0.50), "p99_us": percentile(&times, 0.99),
    }))
}

/// Durable events in batches, with checkpoints signed every 200 ms meanwhile.
fn ledger(folder: &Path) -> Result<Value, Failure> {
    let installation = Installation::init(folder, &Home::Folder)?;
    let book = &installation.book;
    const BATCH: usize = 50;
    const EACH: usize = 40;
    let begun = stopwatch();
    let times: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..IN_FLIGHT)
            .map(|_| {
                scope.spawn(move || {
                    let mut times = Vec::new();
                    for _ in 0..EACH {
                        let events = (0..BATCH).map(|_| book.event("bench", &Actor::default())).collect();
                        let one = stopwatch();
                        let done = book.submit(None, move |_| Ok(Decision { events, answer: Vec::new() }));
                        if done.is_ok() && book.tick().is_ok() {
                            times.push(one.elapsed().as_micros() as u64);
                        }
                    }
                    times
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    });
    book.checkpoint(true).map_err(|error| of_services(&error))?;
    let seconds = begun.elapsed().as_secs_f64();
    let events = times.len() * BATCH;
    Ok(json!({
        "events": events, "batch": BATCH, "in_flight": IN_FLIGHT, "seconds": seconds,
        "events_per_s": (events as f64 / seconds).round(),
        "receipt_p50_ms": percentile(&times, 0.50) as f64 / 1000.0, "receipt_p99_ms": percentile(&times, 0.99) as f64 / 1000.0,
    }))
}

/// Linkage alone, from the files of a folder, or of a sample made for it; then single records against all of them.
fn link(folder: &Path, data: Option<&Path>, persons: usize) -> Result<Value, Failure> {
    let made = folder.join("persons");
    if data.is_none() {
        std::fs::create_dir_all(&made).map_err(|error| unwritable(&made, &error))?;
        for input in files(persons).1 {
            write_file(&made.join(&input.name), &input.bytes)?;
        }
    }
    let begun = stopwatch();
    let all = super::import::expand(&[data.map_or(made, Path::to_path_buf)]);
    let is_person_file =
        |path: &PathBuf| path.file_name().is_some_and(|name| name != "truth.csv" && name != "README.md");
    let all: Vec<PathBuf> = all.into_iter().filter(is_person_file).collect();
    let mut records = Records::read(&all, &Description::of_persons(Mapping::default()))?;
    let read_s = begun.elapsed().as_secs_f64();
    let links = linkage::link(&mut records.table, linkage::Thresholds::default());
    let (seconds, count) = (begun.elapsed().as_secs_f64(), records.table.len());
    let begun = stopwatch();
    let mut index = linkage::Index::of(records.table, &links);
    let index_s = begun.elapsed().as_secs_f64();
    // Records of the first file, each as if it were new.
    let mut times = Vec::new();
    let mut found = 0;
    let first = all.first().and_then(|file| std::fs::read(file).ok()).unwrap_or_default();
    let sheet = register::sheet::read(&first, &Mapping::default()).ok();
    let world = register::row::World { ward_exists: &|_| true, year: 2100 };
    for row in sheet.iter().flat_map(|sheet| register::row::rows(sheet, &world)).take(5_000) {
        let cells = row.facts.linked_cells();
        let one = stopwatch();
        found += index.find(&cells.each_ref().map(String::as_str), 0.2).len();
        times.push(one.elapsed().as_micros() as u64);
    }
    times.sort_unstable();
    Ok(json!({
        "records": count, "pairs_scored": links.pairs_scored, "read_s": read_s, "seconds": seconds, "index_s": index_s,
        "searched": times.len(), "found": found,
        "find_p50_us": percentile(&times, 0.50), "find_p99_us": percentile(&times, 0.99),
        "find_max_us": times.last().copied().unwrap_or(0),
    }))
}

/// The national board with all measures, the board of every unit, and counting every event anew.
fn board(folder: &Path, persons: usize, out: &mut Output) -> Result<Value, Failure> {
    let (installation, _) = import(folder, &Home::Folder, persons, out)?;
    // Anew: something has been written since the last board, so that all figures are added up again.
    let timed = |depth: Depth, anew: bool| -> Result<(usize, u64), Failure> {
        let (mut times, mut lines) = (Vec::new(), 0);
        for _ in 0..20 {
            if anew {
                let event = installation.book.event("test", &Actor { officer: None, purpose: "bench".into() });
                let decision = Decision { events: vec![event], answer: Vec::new() };
                installation.book.submit(None, move |_| Ok(decision)).map_err(|error| of_services(&error))?;
            }
            let one = stopwatch();
            let asked = Asked { depth, ..Asked::default() };
            let board = services::programme::board(&installation.book, &Officer::operator(), &asked);
            lines = board.map_err(|error| of_services(&error))?.lines.len();
            times.push(one.elapsed().as_micros() as u64);
        }
        Ok((lines, percentile(&times, 0.5)))
    };
    let ((page_lines, page), (lines, all)) = (timed(Depth::Page, false)?, timed(Depth::All, false)?);
    let ((_, page_anew), (_, all_anew)) = (timed(Depth::Page, true)?, timed(Depth::All, true)?);
    let one = stopwatch();
    let (events, equal) = services::programme::rebuild(&installation.book).map_err(|error| of_services(&error))?;
    let seconds = one.elapsed().as_secs_f64();
    let ms = |us: u64| us as f64 / 1000.0;
    Ok(json!({
        "page_lines": page_lines, "page_p50_ms": ms(page), "lines": lines, "p50_ms": ms(all),
        "page_anew_p50_ms": ms(page_anew), "anew_p50_ms": ms(all_anew),
        "recounted": events, "recounted_equal": equal, "recounted_per_s": events as f64 / seconds,
    }))
}

/// Extraction and comparison on synthetic prints. Synthetic prints flatter: the figures are for speed, not accuracy.
fn fingerprint_figures() -> Value {
    let masters: Vec<_> = (0..20u64).map(|seed| sample::print::master(seed, 1 + (seed % 10) as u8)).collect();
    let files: Vec<Vec<u8>> =
        masters.iter().flat_map(|master| [1, 2].map(|seed| sample::print::png(&master.impression(seed)))).collect();
    let mut extraction = Vec::new();
    let mut templates = Vec::new();
    for file in &files {
        let one = stopwatch();
        let extracted = fingerprint::decode(file).and_then(|image| fingerprint::extract(image, 500));
        extraction.push(one.elapsed().as_micros() as u64);
        templates.extend(extracted.map(|extraction| fingerprint::Prepared::new(&extraction.template)));
    }
    let begun = stopwatch();
    let mut pairs = 0u32;
    for a in &templates {
        for b in &templates {
            std::hint::black_box(a.compare(b));
            pairs += 1;
        }
    }
    json!({
        "prints": files.len(), "extraction_p50_ms": percentile(&extraction, 0.5) as f64 / 1000.0,
        "extraction_p99_ms": percentile(&extraction, 0.99) as f64 / 1000.0,
        "comparison_us": begun.elapsed().as_micros() as f64 / f64::from(pairs.max(1)), "synthetic": true,
    })
}

pub(super) fn percentile(times: &[u64], share: f64) -> u64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0)
}
