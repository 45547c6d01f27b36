//! `bench recount`: a register with so many events, counted while they come, then counted anew from nothing by what
//! `programme recount` calls. Both must give the same.
//!
//! Start reading at [`run`].

use super::crowd::{Crowd, DAYS};
use super::seed;
use crate::installation::{Installation, Place, of_services};
use crate::machine::{SetClock, SystemClock, forget_peak_rss, peak_rss_bytes, stopwatch};
use crate::output::{Failure, Output};
use journal::Event;
use ports::machine::Clock;
use serde_json::{Value, json};
use services::{Book, Decision};
use std::path::Path;
use std::time::Duration;
use time::{Day, Instant};

/// Events in one transaction: a database that grows beyond the memory is written again with each, page by page.
const BATCH: usize = 100_000;

/// How long what took.
#[derive(Default)]
struct Took {
    writing: Duration,
    counting: Duration,
}

/// Fills a register in an empty folder, or takes the one that lies there; then counts it anew.
pub(super) fn run(folder: &Path, events: u64, out: &mut Output) -> Result<Value, Failure> {
    let mut figures = json!({});
    let place = Place { data: folder.to_owned(), database: None, session: None };
    let installation = match folder.join("keys").is_dir() {
        true => Installation::open(&place)?,
        false => filled(folder, events, &mut figures, out)?,
    };
    let book = &installation.book;
    let kinds = book.view(|view| Ok(view.kinds(0)?)).map_err(|error| of_services(&error))?;
    forget_peak_rss();
    let one = stopwatch();
    let (counted, equal) = services::programme::rebuild(book).map_err(|error| of_services(&error))?;
    let seconds = one.elapsed().as_secs_f64();
    figures["recounted"] = counted.into();
    figures["recounted_equal"] = equal.into();
    figures["recount_seconds"] = seconds.into();
    figures["recounted_per_s"] = (counted as f64 / seconds).round().into();
    figures["recount_peak_rss_bytes"] = peak_rss_bytes().into();
    figures["database_bytes"] = std::fs::metadata(installation.folder.database()).map_or(0, |file| file.len()).into();
    figures["kinds"] =
        kinds.into_iter().map(|(kind, count)| (kind, json!(count))).collect::<serde_json::Map<_, _>>().into();
    installation.close()?;
    Ok(figures)
}

fn filled(folder: &Path, events: u64, figures: &mut Value, out: &mut Output) -> Result<Installation, Failure> {
    let first = Day(SystemClock.now().day().0 - DAYS - seed::DAYS);
    let clock = SetClock::at(Instant(first.start().0 + 8 * HOUR_US));
    let installation = seed::installation(folder, &clock, events, out)?;
    let book = &installation.book;
    let mut crowd = Crowd::of(book).map_err(|error| of_services(&error))?;
    let before = book.view(|view| Ok(view.event_count()?)).map_err(|error| of_services(&error))?;
    let (wanted, mut took) = (events.saturating_sub(before), Took::default());
    let begun = stopwatch();
    let mut batch = Vec::with_capacity(BATCH);
    for at in 0..DAYS {
        let upto = |day: i32| wanted * day.unsigned_abs() as u64 / DAYS.unsigned_abs() as u64;
        let day = Day(first.0 + seed::DAYS + at);
        let quota = upto(at + 1) - upto(at);
        // The clock goes on from day to day, so that a checkpoint is signed for each and not for every transaction.
        clock.set(Instant(day.start().0 + 17 * HOUR_US));
        crowd.day(day, quota as usize, &mut |event| {
            batch.push(event);
            if batch.len() == BATCH { write(book, &mut batch, &mut took) } else { Ok(()) }
        })?;
    }
    write(book, &mut batch, &mut took)?;
    let per_s = |took: Duration| (wanted as f64 / took.as_secs_f64()).round();
    *figures = json!({
        "communes": crowd.communes(), "days": DAYS, "persons": crowd.persons(), "fill_seconds": begun.elapsed().as_secs_f64(),
        "written_per_s": per_s(took.writing), "counted_seconds": took.counting.as_secs_f64(),
        "counted_per_s": per_s(took.counting), "fill_peak_rss_bytes": peak_rss_bytes(),
    });
    Ok(installation)
}

const HOUR_US: i64 = 3_600_000_000;

/// Writes what was gathered, and counts it.
fn write(book: &Book, batch: &mut Vec<Event>, took: &mut Took) -> Result<(), Failure> {
    let events = std::mem::replace(batch, Vec::with_capacity(BATCH));
    let one = stopwatch();
    let decision = Decision { events, answer: Vec::new() };
    book.submit(None, move |_| Ok(decision)).map_err(|error| of_services(&error))?;
    took.writing += one.elapsed();
    let one = stopwatch();
    services::programme::refresh(book).map_err(|error| of_services(&error))?;
    took.counting += one.elapsed();
    Ok(())
}
