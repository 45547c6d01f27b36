//! `fingerprint bench`: a synthetic gallery, searched; with `--planted`, real prints are searched among synthetic ones.
//!
//! The gallery is a real one, in files (`--data`, or a folder that is removed), of scale data (`fingerprint::scale`): its speed and memory say
//! what they would with real prints, its hit rates flatter. It is filled, then enrolled into as a register at work would be, closed and
//! opened again: `restart_ms` is from the call to the answer of a first search, the files as warm as writing left them.
//! `--planted LIST.csv` has the form of `identify`'s lists; of each person and finger the first row is enrolled, and the second, third and so
//! on are together a probe each. Rows without a finger are the first finger's; those of fingers beyond `--fingers` are left out.
//!
//! A hit: the mate is in the answer with a score at or above the threshold of FPIR 10⁻³. The threshold is set by strangers: the highest
//! scores that searches of strangers bring are spread as Gumbel says (extremes of many), and what one stranger in 1,000 reaches is read off
//! that curve. The exhaustive hit rate asks the mate's score alone; some probes are searched exhaustively as a check.
//! Start reading at [`run`].

use super::list::captures;
use crate::command::bench::percentile;
use crate::installation::of_services;
use crate::machine::{SystemEntropy, describe, peak_rss_bytes, stopwatch};
use crate::output::{Failure, Output};
use crate::text::t;
use fingerprint::scale::Finger;
use fingerprint::search::{Form, Forms, Index, People, Searched, Simd};
use fingerprint::{FingerPosition, Person};
use folder::FolderGallery;
use ids::{ApplicationId, Uuid};
use serde_json::{Value, json};
use services::gallery::{Entry, Gallery};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Strangers that are searched, to set the threshold.
const STRANGERS: usize = 200;
/// Share of strangers who may reach the threshold.
const FPIR: f64 = 1e-3;
/// Probes that are searched exhaustively as a check, and the most comparisons of prints that this may take: minutes.
const EXHAUSTIVE: usize = 20;
const EXHAUSTIVE_COMPARISONS: usize = 1_000_000;
/// Seeds of the strangers' fingers lie far from those of the enrolled.
const STRANGER: u64 = 1 << 40;
/// Persons that are enrolled one batch after the other, each batch durable: of all, one in so many, at most so many; and a batch.
const LIVE_SHARE: u32 = 10;
const LIVE_MAX: u32 = 50_000;
const LIVE_BATCH: u32 = 100;

#[derive(clap::Args)]
pub(crate) struct Bench {
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    persons: u32,
    #[arg(long, value_name = "F", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=10))]
    fingers: u8,
    #[arg(long, value_name = "M", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    probes: u32,
    #[arg(long, value_name = "T")]
    threads: Option<usize>,
    #[arg(long, value_name = "LIST.csv")]
    planted: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A probe and its mate, by their number in the gallery.
struct Sought {
    forms: Forms,
    mate: u32,
    planted: bool,
}

/// What came of a probe.
struct Came {
    microseconds: u64,
    searched: Searched,
    /// The score of the mate, wherever it stands.
    own: f64,
}

/// A folder that is removed when it is no longer needed.
struct Place(PathBuf, bool);

impl Drop for Place {
    fn drop(&mut self) {
        if self.1 {
            // What cannot be removed lies in the folder for passing things.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

pub(super) fn run(bench: &Bench, out: &mut Output) -> Result<(), Failure> {
    let simd = Simd::best();
    let threads = bench.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1);
    let planted = match &bench.planted {
        Some(list) => captures(list, bench.fingers, out)?,
        None => Vec::new(),
    };
    let passing = || std::env::temp_dir().join(format!("vandan-fingerprint-bench-{}", std::process::id()));
    let place = Place(bench.data.clone().unwrap_or_else(passing), bench.data.is_none());
    let filled = fill(bench, threads, &planted, &place.0, out).map_err(of_fault)?;

    let begun = stopwatch();
    let gallery = open(&place.0).map_err(of_fault)?;
    let _first = gallery.search(&made(STRANGER, bench.fingers, 0), 1);
    let restart_ms = begun.elapsed().as_secs_f64() * 1000.0;
    let view = gallery.view();
    let people = view.people();
    let mut numbers = vec![0; people.len()];
    for number in 0..people.len() as u32 {
        if let Some(slot) = view.id(number).and_then(|id| numbers.get_mut(index(id))) {
            *slot = number;
        }
    }

    let strangers = parallel(STRANGERS, threads, |at| {
        let searched = people.search(&made(STRANGER + at as u64, bench.fingers, 0), 1, simd);
        searched.candidates.first().map_or(0.0, |best| f64::from(best.fused.score))
    });
    let threshold = threshold(&strangers);

    let step = (bench.persons / bench.probes).max(1);
    let synthetic = (0..bench.probes.min(bench.persons)).map(|at| at * step);
    let mut sought: Vec<Sought> = synthetic
        .map(|mate| Sought {
            forms: made(u64::from(mate), bench.fingers, 1),
            mate: numbers[mate as usize],
            planted: false,
        })
        .collect();
    for (at, captures) in planted.iter().enumerate() {
        let mate = numbers[bench.persons as usize + at];
        sought.extend(captures.iter().skip(1).map(|forms| Sought { forms: forms.clone(), mate, planted: true }));
    }
    let bar = out.progress(sought.len() as u64, t!("fingerprint-step-search"));
    let begun = stopwatch();
    let came = parallel(sought.len(), threads, |at| {
        bar.inc(1);
        let one = stopwatch();
        let searched = people.search(&sought[at].forms, 1, simd);
        let microseconds = one.elapsed().as_micros() as u64;
        let own = person(&sought[at].forms).compare(&people.person(sought[at].mate)).score;
        Came { microseconds, searched, own: f64::from(own) }
    });
    let seconds = begun.elapsed().as_secs_f64();
    bar.finish_and_clear();

    let times: Vec<u64> = came.iter().map(|came| came.microseconds).collect();
    let ms = |share: f64| percentile(&times, share) as f64 / 1000.0;
    let mut figures = json!({
        "machine": describe(), "threads": threads, "persons": people.len(), "fingers": bench.fingers,
        "prints": people.prints(), "synthetic": true, "probes": sought.len(),
        "build_s": filled.build_s, "index_cpu_s": filled.index_s, "enrolled_live": filled.live,
        "enrol_per_s": filled.enrol_per_s, "restart_ms": restart_ms,
        "search_p50_ms": ms(0.5), "search_p99_ms": ms(0.99), "searches_per_s": sought.len() as f64 / seconds,
        "bytes_per_finger": gallery.bytes() as f64 / people.prints().max(1) as f64, "threshold": threshold,
    });
    let rates = |planted: bool| {
        let own = sought.iter().zip(&came).filter(|(sought, _)| sought.planted == planted).collect::<Vec<_>>();
        rates(&own, threshold)
    };
    if let (Value::Object(all), Value::Object(synthetic)) = (&mut figures, rates(false)) {
        all.extend(synthetic);
    }
    if !planted.is_empty() {
        figures["planted"] = rates(true);
    }
    let checked = EXHAUSTIVE.min(EXHAUSTIVE_COMPARISONS / people.prints().max(1)).min(sought.len());
    let best = exhaustive(people, &sought[..checked], threads, out);
    let agreed = best.iter().zip(&came).filter(|(best, came)| {
        // Nobody is more alike than the one whom the stages found.
        came.searched.candidates.first().is_some_and(|first| first.fused.score >= **best)
    });
    figures["exhaustive_agree"] = agreed.count().into();
    figures["exhaustive_probes"] = checked.into();
    figures["peak_rss_bytes"] = peak_rss_bytes().into();
    let shown = |name: &str| figures[name].as_f64().unwrap_or_default();
    let arguments = [
        ("persons", out.language.count(people.len() as u64)),
        ("prints", out.language.count(people.prints() as u64)),
        ("p50", format!("{:.1}", shown("search_p50_ms"))),
        ("p99", format!("{:.1}", shown("search_p99_ms"))),
        ("hits", format!("{:.3}", shown("hit_rate"))),
        ("exhaustive", format!("{:.3}", shown("hit_rate_exhaustive"))),
    ];
    out.say(t!("fingerprint-benched"), &arguments);
    out.json(&figures);
    Ok(())
}

fn of_fault(fault: ports::Fault) -> Failure {
    of_services(&fault.into())
}

fn open(folder: &Path) -> Result<Gallery, ports::Fault> {
    // Nobody is in it, so everybody may know the key.
    let files = Arc::new(FolderGallery::new(folder.to_owned()));
    Ok(Gallery::open(files, Arc::new(SystemEntropy), &[0; 32])?.0)
}

fn id(index: usize) -> ApplicationId {
    ApplicationId(Uuid((index as u128).to_be_bytes()))
}

fn index(id: ApplicationId) -> usize {
    u128::from_be_bytes(*id.bytes()) as usize
}

/// How a gallery was filled.
struct Filled {
    build_s: f64,
    index_s: f64,
    live: u32,
    enrol_per_s: f64,
}

/// Fills a gallery, a part at a time by each thread; the last persons are enrolled as by a register at work, with the planted.
fn fill(
    bench: &Bench,
    threads: usize,
    planted: &[Vec<Forms>],
    folder: &Path,
    out: &Output,
) -> Result<Filled, ports::Fault> {
    let live = (bench.persons / LIVE_SHARE).min(LIVE_MAX);
    let bulk = bench.persons - live;
    let gallery = open(folder)?;
    let begun = stopwatch();
    let parts: Vec<u32> = (0..bulk).step_by(Index::SEGMENT_PRINTS).collect();
    let bar = out.progress(parts.len() as u64, t!("fingerprint-step-fill"));
    let entry = |seed: u32| Entry { id: id(seed as usize), prints: made(u64::from(seed), bench.fingers, 0) };
    let indexed = parallel(parts.len(), threads, |at| {
        let last = (parts[at] + Index::SEGMENT_PRINTS as u32).min(bulk);
        let entries = (parts[at]..last).map(entry).collect();
        let one = stopwatch();
        gallery.fill(entries)?;
        bar.inc(1);
        Ok(one.elapsed().as_secs_f64())
    });
    let index_s = indexed.into_iter().sum::<Result<f64, ports::Fault>>()?;
    let build_s = begun.elapsed().as_secs_f64();
    bar.finish_and_clear();

    let batches: Vec<Vec<Entry>> = (bulk..bench.persons)
        .step_by(LIVE_BATCH as usize)
        .map(|first| (first..(first + LIVE_BATCH).min(bench.persons)).map(entry).collect())
        .collect();
    let ended = AtomicBool::new(false);
    let seconds = std::thread::scope(|scope| {
        let upkeep = scope.spawn(|| -> Result<(), ports::Fault> {
            while !ended.load(Ordering::Relaxed) {
                if !gallery.tend()? {
                    std::thread::park_timeout(std::time::Duration::from_millis(20));
                }
            }
            Ok(())
        });
        let begun = stopwatch();
        let enrolled = batches.into_iter().try_for_each(|batch| gallery.enrol(batch, 0));
        let seconds = begun.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        let kept = upkeep.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        enrolled.and(kept).map(|()| seconds)
    })?;
    let real = planted.iter().enumerate().filter_map(|(at, captures)| {
        Some(Entry { id: id(bench.persons as usize + at), prints: captures.first()?.clone() })
    });
    gallery.enrol(real.collect(), 0)?;
    let prints = f64::from(live) * f64::from(bench.fingers);
    Ok(Filled { build_s, index_s, live, enrol_per_s: prints / seconds.max(f64::MIN_POSITIVE) })
}

/// The fingers of somebody made up.
fn made(seed: u64, fingers: u8, impression: u64) -> Forms {
    let one = |finger: u8| {
        let print = Finger::new(seed * 16 + u64::from(finger)).impression(impression);
        (FingerPosition::new(finger).ok(), Form::new(&print))
    };
    (1..=fingers).map(one).collect()
}

fn person(forms: &Forms) -> Person {
    let templates: Vec<_> = forms.iter().map(|(position, form)| (*position, form.template())).collect();
    Person::new(templates.iter().map(|(position, template)| (*position, template)))
}

/// The score that one stranger in so many reaches, by Gumbel's distribution with the mean and the spread of those seen.
fn threshold(scores: &[f64]) -> f64 {
    const EULER: f64 = 0.577_215_664_9;
    let count = scores.len().max(1) as f64;
    let mean = scores.iter().sum::<f64>() / count;
    let spread = (scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / count).sqrt();
    let width = spread * 6.0f64.sqrt() / std::f64::consts::PI;
    mean - EULER * width - width * (-(1.0 - FPIR).ln()).ln()
}

/// Share of the probes whose mate was found, in all and after each stage.
fn rates(all: &[(&Sought, &Came)], threshold: f64) -> Value {
    let share = |holds: &dyn Fn(&Sought, &Came) -> bool| {
        all.iter().filter(|(sought, came)| holds(sought, came)).count() as f64 / all.len().max(1) as f64
    };
    let hit = |sought: &Sought, came: &Came| {
        came.searched.candidates.iter().any(|one| one.id == sought.mate && f64::from(one.fused.score) >= threshold)
    };
    let due = |_: &Sought, came: &Came| came.own >= threshold;
    json!({
        "probes": all.len(), "hit_rate": share(&hit), "hit_rate_exhaustive": share(&due),
        "stages": {
            "index": share(&|sought, came| due(sought, came) && came.searched.voted.contains(&sought.mate)),
            "ranking": share(&|sought, came| due(sought, came) && came.searched.ranked.contains(&sought.mate)),
            "decision": share(&hit),
        },
    })
}

/// For each probe the highest score among everybody.
fn exhaustive(people: &People, probes: &[Sought], threads: usize, out: &Output) -> Vec<f32> {
    const TOGETHER: usize = 256;
    let probes: Vec<Person> = probes.iter().map(|sought| person(&sought.forms)).collect();
    let lowest = vec![f32::NEG_INFINITY; probes.len()];
    if probes.is_empty() {
        return lowest;
    }
    let bar = out.progress(people.len().div_ceil(TOGETHER) as u64, t!("fingerprint-step-exhaustive"));
    let parts = parallel(people.len().div_ceil(TOGETHER), threads, |at| {
        let mut best = lowest.clone();
        for number in at * TOGETHER..((at + 1) * TOGETHER).min(people.len()) {
            let somebody = people.person(number as u32);
            for (probe, best) in probes.iter().zip(&mut best) {
                let fused = probe.compare(&somebody);
                *best = if fused.fingers > 0 { best.max(fused.score) } else { *best };
            }
        }
        bar.inc(1);
        best
    });
    bar.finish_and_clear();
    let most = |a: Vec<f32>, b: Vec<f32>| a.iter().zip(&b).map(|(a, b)| a.max(*b)).collect();
    parts.into_iter().fold(lowest, most)
}

/// What a function gives for each number below `count`, in order; each thread takes the next number.
fn parallel<T: Send>(count: usize, threads: usize, one: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut own = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return own;
            }
            own.push((at, one(at)));
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running
            .into_iter()
            .flat_map(|thread| match thread.join() {
                Ok(own) => own,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, value)| value).collect()
}
