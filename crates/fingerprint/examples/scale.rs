//! Sets the scores of scale data beside those of real prints.
//!
//! `scale images|iso FOLDER [FINGERS]`: mated and non-mated scores of FVC2002 set B, every impression with every other of the same database,
//! and of FINGERS synthetic fingers (100) with as many impressions; the quantiles of both, and how many minutiae there are.
#![expect(clippy::print_stdout, reason = "an example that prints is the purpose")]

mod common;

use common::{IMPRESSIONS, Print, prints};
use fingerprint::Prepared;
use fingerprint::scale::Finger;
use std::path::Path;

const MATED: [f64; 8] = [0.005, 0.01, 0.02, 0.05, 0.10, 0.25, 0.50, 0.75];
const OTHER: [f64; 6] = [0.50, 0.90, 0.99, 0.999, 0.9999, 1.0];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, kind, folder, ..] = &arguments[..] else { return println!("scale images|iso FOLDER [FINGERS]") };
    let fingers = arguments.get(3).and_then(|text| text.parse().ok()).unwrap_or(100);
    let real = prints(Path::new(folder), kind == "images");
    let made: Vec<Print> = (0..fingers)
        .flat_map(|seed| {
            let finger = Finger::new(seed);
            (0..IMPRESSIONS as u64).map(move |number| Some(Prepared::new(&finger.impression(number))))
        })
        .collect();
    let (mut mated, mut other) = (Vec::new(), Vec::new());
    for (at, database) in real.iter().enumerate() {
        let (own, foreign) = scores(database);
        row(&format!("{} {kind}", common::DATABASES[at].0), &own, &foreign);
        mated.extend(own);
        other.extend(foreign);
    }
    row(&format!("pooled {kind}"), &mated, &other);
    let (own, foreign) = scores(&made);
    row("scale data", &own, &foreign);
}

fn scores(prints: &[Print]) -> (Vec<f32>, Vec<f32>) {
    let rows = |from: usize, step: usize| {
        let (mut own, mut foreign) = (Vec::new(), Vec::new());
        for a in (from..prints.len()).step_by(step) {
            for b in a + 1..prints.len() {
                let score = prints[a].as_ref().zip(prints[b].as_ref()).map_or(-20.0, |(a, b)| a.compare(b));
                if a / IMPRESSIONS == b / IMPRESSIONS { own.push(score) } else { foreign.push(score) }
            }
        }
        (own, foreign)
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(move || rows(1, 2));
        let (mut own, mut foreign) = rows(0, 2);
        let (more_own, more_foreign) = other.join().expect("no panic");
        own.extend(more_own);
        foreign.extend(more_foreign);
        (own, foreign)
    })
}

fn row(title: &str, mated: &[f32], other: &[f32]) {
    let quantiles = |scores: &[f32], at: &[f64]| {
        let mut sorted = scores.to_vec();
        sorted.sort_by(f32::total_cmp);
        let last = sorted.len() - 1;
        at.iter().map(|share| format!("{:7.2}", sorted[(share * last as f64) as usize])).collect::<String>()
    };
    println!("{title:14} mated {} | other {}", quantiles(mated, &MATED), quantiles(other, &OTHER));
}
