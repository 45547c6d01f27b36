//! Scores every pair of FVC2002 set B as `fp_eval.py` does, and prints the error rates: for trying things out.
//!
//! `evaluate images|iso FOLDER [SCORES.csv]`: four databases pooled, every impression against every other finger's of the same
//! database, one threshold; then each against the first impressions of all forty fingers.
#![expect(clippy::print_stdout, reason = "an example that prints is the purpose")]

mod common;

use common::{DATABASES, Print, name, prints, rates};
use std::fmt::Write as _;
use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, kind, folder, ..] = &arguments[..] else { return println!("evaluate images|iso FOLDER [SCORES.csv]") };
    let all = prints(Path::new(folder), kind == "images");
    println!("{} without a template", all.iter().flatten().filter(|print| print.is_none()).count());
    let (mut mated, mut other, mut csv) = (Vec::new(), Vec::new(), String::from("a,b,score\n"));
    for (database, prints) in all.iter().enumerate() {
        let (mut own, mut foreign) = (Vec::new(), Vec::new());
        for a in 0..prints.len() {
            for b in a + 1..prints.len() {
                let score = score(&prints[a], &prints[b]);
                if a / 8 == b / 8 {
                    own.push(score)
                } else {
                    foreign.push(score)
                }
                // Writing to a string cannot fail.
                let _ = writeln!(csv, "{},{},{score}", name(database, a), name(database, b));
            }
        }
        println!("{}", rates(DATABASES[database].0, &own, &foreign));
        mated.extend(own);
        other.extend(foreign);
    }
    println!("{}", rates("pooled", &mated, &other));
    let probes = (0..320).filter(|probe| probe % 8 != 0);
    let found = |probe: usize| {
        let print = |at: usize| &all[at / 80][at % 80];
        let own = score(print(probe), print(probe / 8 * 8));
        (0..40).filter(|finger| *finger != probe / 8).all(|finger| score(print(probe), print(finger * 8)) < own)
    };
    println!("rank 1: {:.2} %", probes.filter(|probe| found(*probe)).count() as f64 / 2.8);
    if let Some(file) = arguments.get(3) {
        std::fs::write(file, csv).expect("the file can be written");
    }
}

fn score(a: &Print, b: &Print) -> f32 {
    a.as_ref().zip(b.as_ref()).map_or(f32::NEG_INFINITY, |(a, b)| a.compare(b))
}
