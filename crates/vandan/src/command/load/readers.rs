//! `bench readers`: many people look at the board while events arrive, against a server in a process of its own. Measured are
//! the readers' waiting times, and how old what they are shown is.
//!
//! The events are reads of persons, each logged before it is answered: what a register writes most.

use super::client::{Answer, Client, Sent};
use super::server::Server;
use super::staff::{self, Member};
use super::{Load, open, percentile};
use crate::command::bench::Target;
use crate::installation::of_services;
use crate::output::{Failure, Output};
use hyper::StatusCode;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Machines that write events, each waiting for its answer.
const WRITERS: usize = 48;
/// Events a second that are aimed at.
const EVENTS_PER_S: u64 = 2_000;
/// How often it is noted how many events have been acknowledged.
const SAMPLE: Duration = Duration::from_millis(50);

/// What everybody shares.
struct Floor {
    over: AtomicBool,
    /// Events acknowledged.
    written: AtomicU64,
    /// Events there were before.
    before: u64,
    /// How many events had been acknowledged at which moment.
    history: Mutex<Vec<(Instant, u64)>>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// Microseconds of pages and of answers of the API.
    pages: Vec<u64>,
    answers: Vec<u64>,
    /// Microseconds by which what was shown was old.
    ages: Vec<u64>,
    errors: u64,
}

pub(crate) fn run(load: &Load, target: &Target, persons: usize, out: &mut Output) -> Result<Value, Failure> {
    let installation = open(target, persons, out)?;
    let book = &installation.book;
    let run = book.now().0;
    let readers = staff::readers(&installation, run, load.officers)?;
    let writers = staff::writers(&installation, run, WRITERS)?;
    let persons = staff::persons(&installation, 5_000)?;
    let before = book.view(|view| Ok(view.event_count()?)).map_err(|error| of_services(&error))?;
    installation.close()?;
    // Nobody is slowed down who writes as fast as this is to be measured.
    let server = Server::start(target, &["--reads-per-minute", "1000000"])?;
    let floor = Arc::new(Floor {
        over: AtomicBool::new(false),
        written: AtomicU64::new(0),
        before,
        history: Mutex::default(),
        seen: Mutex::default(),
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| of_services(&ports::Fault::io("run", &error).into()))?;
    let persons = Arc::new(persons);
    let mut first_us = 0;
    runtime.block_on(async {
        // The first look after a start waits for what is counted; it is told apart from the many that follow.
        if let Some(member) = readers.first() {
            let begun = now();
            Client::new(server.address, member.token.clone()).send(&Sent::get("/api/v1/board".to_owned())).await;
            first_us = begun.elapsed().as_micros();
        }
        let mut work = vec![tokio::spawn(sampled(Arc::clone(&floor)))];
        for (at, member) in writers.iter().enumerate() {
            let client = Client::new(server.address, member.token.clone());
            work.push(tokio::spawn(written(Arc::clone(&floor), client, Arc::clone(&persons), at)));
        }
        for (at, member) in readers.into_iter().enumerate() {
            let client = Client::new(server.address, member.token.clone());
            work.push(tokio::spawn(read(Arc::clone(&floor), client, member, at as u64, load.think_ms)));
        }
        tokio::time::sleep(Duration::from_secs(load.seconds)).await;
        floor.over.store(true, Ordering::Relaxed);
        for one in work {
            let _ = one.await;
        }
    });
    server.stop();
    let seen = std::mem::take(&mut *floor.seen.lock().unwrap_or_else(PoisonError::into_inner));
    let ms = |times: &[u64], share: f64| (percentile(times, share) as f64 / 100.0).round() / 10.0;
    let of = |times: &[u64]| {
        json!({ "count": times.len(), "p50_ms": ms(times, 0.5), "p95_ms": ms(times, 0.95), "p99_ms": ms(times, 0.99),
            "max_ms": ms(times, 1.0) })
    };
    let written = floor.written.load(Ordering::Relaxed);
    Ok(json!({
        "readers": load.officers, "seconds": load.seconds, "think_ms": load.think_ms,
        "first_ms": first_us as f64 / 1000.0, "events": written, "events_per_s": written / load.seconds.max(1), "errors": seen.errors,
        "pages": of(&seen.pages), "api": of(&seen.answers), "age": of(&seen.ages),
    }))
}

#[expect(clippy::disallowed_methods, reason = "answers are timed")]
fn now() -> Instant {
    Instant::now()
}

/// Notes again and again how many events have been acknowledged.
async fn sampled(floor: Arc<Floor>) {
    while !floor.over.load(Ordering::Relaxed) {
        let sample = (now(), floor.written.load(Ordering::Relaxed));
        floor.history.lock().unwrap_or_else(PoisonError::into_inner).push(sample);
        tokio::time::sleep(SAMPLE).await;
    }
}

/// Reads persons one after the other, as many a second as is this one's share.
async fn written(floor: Arc<Floor>, mut client: Client, persons: Arc<Vec<String>>, at: usize) {
    let pause = Duration::from_micros(1_000_000 * WRITERS as u64 / EVENTS_PER_S);
    let mut due = now() + pause.mul_f64(at as f64 / WRITERS as f64);
    let mut next = at * 7919;
    while !floor.over.load(Ordering::Relaxed) && !persons.is_empty() {
        // Who was held up catches up, so that the rate is kept as long as the server keeps it.
        tokio::time::sleep(due.saturating_duration_since(now())).await;
        due += pause;
        next += 1;
        let person = &persons[next % persons.len()];
        let sent = Sent::json(format!("/api/v1/persons/{person}/read"), &json!({ "purpose": "request" }));
        match client.send(&sent).await {
            Some(answer) if answer.status == StatusCode::OK => {
                floor.written.fetch_add(1, Ordering::Relaxed);
            }
            _ => floor.seen.lock().unwrap_or_else(PoisonError::into_inner).errors += 1,
        }
    }
}

/// Looks at the board of the own unit: mostly at its page, sometimes through the API.
async fn read(floor: Arc<Floor>, mut client: Client, member: Member, at: u64, think_ms: u64) {
    let mut state = at + 1;
    let mut chance = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below.max(1)
    };
    tokio::time::sleep(Duration::from_millis(chance(think_ms))).await;
    while !floor.over.load(Ordering::Relaxed) {
        let measure = ["entered", "applications", "fingerprints", "personalised"][chance(4) as usize];
        let api = chance(4) == 0;
        let path = if api { "/api/v1/board" } else { "/board" };
        let begun = now();
        let answer = client.send(&Sent::get(format!("{path}?unit={}&measure={measure}", member.officer.unit))).await;
        let took = begun.elapsed().as_micros() as u64;
        noted(&floor, answer.filter(|answer| answer.status == StatusCode::OK), api, begun, took);
        tokio::time::sleep(Duration::from_millis(think_ms / 2 + chance(think_ms))).await;
    }
}

fn noted(floor: &Floor, answer: Option<Answer>, api: bool, begun: Instant, took: u64) {
    let mut seen = floor.seen.lock().unwrap_or_else(PoisonError::into_inner);
    match answer {
        None => seen.errors += 1,
        Some(_) if !api => seen.pages.push(took),
        Some(answer) => {
            seen.answers.push(took);
            let board: Value = serde_json::from_str(&answer.text).unwrap_or_default();
            seen.ages.extend(board["events"].as_u64().and_then(|events| age(floor, events, begun)));
        }
    }
}

/// By how much a board with so many events was old: the time since the first moment at which more had been acknowledged.
fn age(floor: &Floor, events: u64, asked: Instant) -> Option<u64> {
    let shown = events.saturating_sub(floor.before);
    let history = floor.history.lock().unwrap_or_else(PoisonError::into_inner);
    let more = history.partition_point(|(_, written)| *written <= shown);
    Some(history.get(more).map_or(0, |(moment, _)| asked.saturating_duration_since(*moment).as_micros() as u64))
}
