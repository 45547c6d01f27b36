//! `bench load`: officers at work, many at once, against a server in a process of its own; and the same while server and
//! database are killed. Every acknowledged change is looked for afterwards: none may be missing, none done twice.
//!
//! Times are what an officer's machine sees, on this machine: the server's work, the wire, and the officers' own share of
//! the processor.

mod client;
mod judge;
pub(super) mod readers;
mod server;
mod shift;
pub(super) mod staff;

use super::bench::{Target, percentile};
use crate::home::Home;
use crate::installation::{Installation, Place, of_services};
use crate::output::{Failure, Output};
use client::Client;
use serde_json::{Value, json};
use server::Server;
use shift::{Floor, Seen, Shift};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How a run is made.
#[derive(clap::Args, Clone)]
pub(crate) struct Load {
    #[arg(long, value_name = "N", default_value_t = 200)]
    officers: usize,
    #[arg(long, value_name = "S", default_value_t = 300)]
    seconds: u64,
    #[arg(long, value_name = "MS", default_value_t = 2_000)]
    think_ms: u64,
    #[arg(long, value_name = "K", default_value_t = 0)]
    kills: u64,
}

/// Opens the register of a run, or makes it.
fn open(target: &Target, persons: usize, out: &mut Output) -> Result<Installation, Failure> {
    let place = Place { data: target.data.clone(), database: target.database.clone(), session: None };
    if target.data.join("keys").is_dir() {
        return Installation::open(&place);
    }
    let home = Home::named(target.database.as_deref())?;
    super::bench::import(&target.data, &home, persons, out).map(|(installation, _)| installation)
}

pub(crate) fn run(load: &Load, target: &Target, persons: usize, out: &mut Output) -> Result<Value, Failure> {
    let installation = open(target, persons, out)?;
    let book = &installation.book;
    let staff = staff::staff(&installation, book.now().0, load.officers)?;
    let enroller =
        staff.first().map(|member| member.officer.clone()).unwrap_or_else(services::officer::Officer::operator);
    // One application every ten seconds is ten times what a million people of the reference asked for.
    let packets = staff::packets(&installation, &enroller, (load.seconds / 10) as usize)?;
    let before = judge::Counts::of(book)?;
    let persons = services::status::status(book, "").map_err(|error| of_services(&error))?.persons.entered;
    installation.close()?;
    let mut server = Server::start(target, &[])?;
    let floor = Arc::new(Floor {
        seen: Mutex::default(),
        packets: Mutex::new(packets),
        over: AtomicBool::new(false),
        kills: load.kills > 0,
        think_ms: load.think_ms,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| of_services(&ports::Fault::io("run", &error).into()))?;
    let ids: Vec<ids::OfficerId> = staff.iter().map(|member| member.officer.id).collect();
    let shifts: Vec<_> = staff
        .into_iter()
        .enumerate()
        .map(|(at, member)| {
            let client = Client::new(server.address, member.token.clone());
            runtime.spawn(Shift::new(at, member, client, Arc::clone(&floor)).work())
        })
        .collect();
    let killed = runtime.block_on(pass(load, target, &mut server))?;
    floor.over.store(true, Ordering::Relaxed);
    runtime.block_on(async {
        for shift in shifts {
            let _ = shift.await;
        }
    });
    let log = server.stop();
    let seen = std::mem::take(&mut *floor.seen.lock().unwrap_or_else(PoisonError::into_inner));
    let place = Place { data: target.data.clone(), database: target.database.clone(), session: None };
    let installation = Installation::open(&place)?;
    let mut figures = figures(load, &seen);
    figures["persons"] = persons.into();
    figures["kills"] = killed;
    figures["judged"] = judge::judge(&installation.book, &before, &seen.done, &ids)?;
    figures["log_lines"] = log.lines().count().into();
    Ok(figures)
}

/// Lets the time pass, killing what is to be killed.
async fn pass(load: &Load, target: &Target, server: &mut Server) -> Result<Value, Failure> {
    let whole = Duration::from_secs(load.seconds);
    if load.kills == 0 {
        tokio::time::sleep(whole).await;
        return Ok(Value::Null);
    }
    let (mut servers, mut databases) = (0, 0);
    for kill in 0..load.kills {
        let step = whole / u32::try_from(load.kills).unwrap_or(1);
        // At any moment of its share of the time.
        let share = ports::machine::random::<1>(&crate::machine::SystemEntropy)[0];
        tokio::time::sleep(step.mul_f64(0.5 + f64::from(share) / 256.0)).await;
        match target.postmaster().filter(|_| kill % 2 == 1) {
            Some(process) => {
                let killed = std::process::Command::new("kill").args(["-KILL", &process]).status();
                databases += u64::from(killed.is_ok_and(|status| status.success()));
            }
            None => {
                server.kill().await?;
                servers += 1;
            }
        }
    }
    Ok(json!({ "server": servers, "database": databases }))
}

fn figures(load: &Load, seen: &Seen) -> Value {
    let mut kinds = serde_json::Map::new();
    let mut requests = 0;
    for (kind, times) in &seen.times {
        let times: Vec<u64> = times.iter().map(|time| u64::from(*time)).collect();
        requests += times.len();
        let ms = |share: f64| (percentile(&times, share) as f64 / 100.0).round() / 10.0;
        kinds.insert(
            (*kind).to_owned(),
            json!({ "count": times.len(), "p50_ms": ms(0.5), "p95_ms": ms(0.95), "p99_ms": ms(0.99), "max_ms": ms(1.0) }),
        );
    }
    json!({
        "officers": load.officers, "seconds": load.seconds, "requests": requests,
        "requests_per_s": (requests as f64 / load.seconds as f64).round(), "times": kinds,
        "errors": seen.errors.values().sum::<u64>(), "error_kinds": seen.errors, "refused": seen.refused, "sent_again": seen.again,
    })
}
