//! Learns the slopes of the decision score from FVC2002 set B, and says what they are worth where they were not learnt.
//!
//! `train FOLDER [SYNTHETIC]`: logistic regression on the numbers of the best pose of each pair, mated and non-mated pairs weighted alike, images
//! and the records beside them together; then the same learnt on three databases and judged on the fourth, four times. Prints
//! `compare/weights.rs`, and the error rates beside it on standard error. No randomness: the same folder gives the same slopes.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example that prints is the purpose")]

mod common;

use common::{DATABASES, IMPRESSIONS, Print, SYNTHETIC_IMPRESSIONS, prints, rates, synthetic};
use fingerprint::EVIDENCE;
use std::path::Path;

const COUNT: usize = EVIDENCE.len();
/// How strongly the slopes are held to 0, in the scale of the standardised numbers.
const HELD: f64 = 20.0;
/// How often the best pose is chosen anew by what was learnt.
const ROUNDS: usize = 4;
/// What a pair gets that has no pose.
const NOTHING: f32 = -20.0;

/// One pair of impressions.
struct Pair {
    database: usize,
    mated: bool,
    /// The numbers of each pose.
    poses: Vec<Vec<f32>>,
}

/// What was learnt.
struct Slopes {
    base: f64,
    slopes: [f64; COUNT],
    lowest: [f32; COUNT],
    highest: [f32; COUNT],
}

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of FVC2002");
    let mut sets: Vec<Vec<Pair>> =
        [true, false].map(|images| pairs(&prints(Path::new(&folder), images), IMPRESSIONS)).into();
    if let Some(folder) = std::env::args().nth(2) {
        sets.push(pairs(&synthetic(Path::new(&folder)), SYNTHETIC_IMPRESSIONS));
    }
    for (title, set) in ["images", "records"].iter().zip(&sets) {
        let (mut mated, mut other) = (Vec::new(), Vec::new());
        for (held_out, (name, _)) in DATABASES.iter().enumerate() {
            let rest = sets.iter().flatten().filter(|pair| pair.database != held_out);
            let slopes = learn(&rest.collect::<Vec<_>>());
            let (mut own, mut foreign) = (Vec::new(), Vec::new());
            for pair in set.iter().filter(|pair| pair.database == held_out) {
                if pair.mated { own.push(slopes.score(pair)) } else { foreign.push(slopes.score(pair)) }
            }
            eprintln!("{}", rates(&format!("{title}, {name} held out"), &own, &foreign));
            mated.extend(own);
            other.extend(foreign);
        }
        eprintln!("{}", rates(&format!("{title}, pooled"), &mated, &other));
    }
    let slopes = learn(&sets.iter().flatten().collect::<Vec<_>>());
    for (title, set) in ["images", "records", "synthetic"].iter().zip(&sets) {
        let scores = |mated: bool| {
            set.iter().filter(|pair| pair.mated == mated).map(|pair| slopes.score(pair)).collect::<Vec<_>>()
        };
        eprintln!("{}", rates(&format!("{title}, as learnt"), &scores(true), &scores(false)));
    }
    slopes.print();
}

fn pairs(all: &[Vec<Print>], impressions: usize) -> Vec<Pair> {
    let one = move |database: usize, prints: &[Print]| {
        let mut out = Vec::new();
        for (a, first) in prints.iter().enumerate() {
            for (b, second) in prints.iter().enumerate().skip(a + 1) {
                let poses = match (first, second) {
                    (Some(first), Some(second)) => first.evidence(second),
                    _ => Vec::new(),
                };
                out.push(Pair { database, mated: a / impressions == b / impressions, poses });
            }
        }
        out
    };
    std::thread::scope(|scope| {
        let running: Vec<_> =
            all.iter().enumerate().map(|(database, prints)| scope.spawn(move || one(database, prints))).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    })
}

fn learn(pairs: &[&Pair]) -> Slopes {
    let all = || pairs.iter().flat_map(|pair| &pair.poses);
    let total = all().count() as f64;
    let (mut mean, mut spread) = ([0.0f64; COUNT], [0.0f64; COUNT]);
    for pose in all() {
        (0..COUNT).for_each(|at| mean[at] += f64::from(pose[at]) / total);
    }
    for pose in all() {
        (0..COUNT).for_each(|at| spread[at] += (f64::from(pose[at]) - mean[at]).powi(2) / total);
    }
    let (mut lowest, mut highest) = ([f32::MAX; COUNT], [f32::MIN; COUNT]);
    for pose in all() {
        for at in 0..COUNT {
            (lowest[at], highest[at]) = (lowest[at].min(pose[at]), highest[at].max(pose[at]));
        }
    }
    // To begin with, what the pairs say chooses the pose.
    let mut slopes =
        Slopes { base: 0.0, slopes: std::array::from_fn(|at| f64::from(u8::from(at == 0))), lowest, highest };
    for _ in 0..ROUNDS {
        let chosen: Vec<([f64; COUNT + 1], bool)> = pairs
            .iter()
            .filter_map(|pair| {
                let best = pair.poses.iter().max_by(|x, y| slopes.of(x).total_cmp(&slopes.of(y)))?;
                let number = |at: usize| (f64::from(best[at]) - mean[at]) / spread[at].sqrt().max(1e-9);
                Some((std::array::from_fn(|at| if at < COUNT { number(at) } else { 1.0 }), pair.mated))
            })
            .collect();
        let learnt = regression(&chosen);
        slopes.base = learnt[COUNT];
        for at in 0..COUNT {
            slopes.slopes[at] = learnt[at] / spread[at].sqrt().max(1e-9);
            slopes.base -= slopes.slopes[at] * mean[at];
        }
    }
    slopes
}

/// Logistic regression by Newton's method, both classes weighted to one.
fn regression(rows: &[([f64; COUNT + 1], bool)]) -> [f64; COUNT + 1] {
    const SIDE: usize = COUNT + 1;
    let mated = rows.iter().filter(|(_, mated)| *mated).count() as f64;
    let other = rows.len() as f64 - mated;
    let mut learnt = [0.0f64; SIDE];
    for _ in 0..40 {
        let (mut slope, mut curve) = ([0.0f64; SIDE], [[0.0f64; SIDE]; SIDE]);
        for (row, is_mated) in rows {
            let weight = if *is_mated { rows.len() as f64 / 2.0 / mated } else { rows.len() as f64 / 2.0 / other };
            let sum: f64 = row.iter().zip(&learnt).map(|(x, w)| x * w).sum();
            let share = 1.0 / (1.0 + (-sum).exp());
            let off = share - f64::from(u8::from(*is_mated));
            for i in 0..SIDE {
                slope[i] += weight * off * row[i];
                for j in 0..SIDE {
                    curve[i][j] += weight * share * (1.0 - share) * row[i] * row[j];
                }
            }
        }
        for at in 0..COUNT {
            slope[at] += HELD * learnt[at];
            curve[at][at] += HELD;
        }
        let step = solve(curve, slope);
        (0..SIDE).for_each(|at| learnt[at] -= step[at]);
        if step.iter().all(|value| value.abs() < 1e-9) {
            break;
        }
    }
    learnt
}

/// Gaussian elimination with pivots.
fn solve<const SIDE: usize>(mut matrix: [[f64; SIDE]; SIDE], mut right: [f64; SIDE]) -> [f64; SIDE] {
    for column in 0..SIDE {
        let pivot = (column..SIDE)
            .max_by(|&a, &b| matrix[a][column].abs().total_cmp(&matrix[b][column].abs()))
            .unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in 0..SIDE {
            if row != column {
                let share = matrix[row][column] / matrix[column][column];
                let above = matrix[column];
                matrix[row].iter_mut().zip(above).for_each(|(value, above)| *value -= share * above);
                right[row] -= share * right[column];
            }
        }
    }
    std::array::from_fn(|at| right[at] / matrix[at][at])
}

impl Slopes {
    fn of(&self, pose: &[f32]) -> f64 {
        let held = |at: usize| f64::from(pose[at].clamp(self.lowest[at], self.highest[at]));
        self.base + (0..COUNT).map(|at| self.slopes[at] * held(at)).sum::<f64>()
    }

    fn score(&self, pair: &Pair) -> f32 {
        pair.poses.iter().map(|pose| self.of(pose) as f32).fold(NOTHING, f32::max)
    }

    fn print(&self) {
        println!(
            "//! The slopes of the decision score, as `examples/train.rs` learnt and printed them. Not to be edited by hand."
        );
        println!("\nuse super::evidence::COUNT;\n");
        println!("/// The score where all numbers are 0.\npub(super) const BASE: f32 = {:?};\n", self.base as f32);
        let list = |name: &str, what: &str, values: [f32; COUNT]| {
            println!("/// {what}\n#[rustfmt::skip]\npub(super) const {name}: [f32; COUNT] = [");
            values.iter().zip(EVIDENCE).for_each(|(value, of)| println!("    {value:?}, // {of}"));
            println!("];");
        };
        list("SLOPES", "What each number adds.", self.slopes.map(|slope| slope as f32));
        println!();
        list("LOWEST", "The lowest that was seen of each.", self.lowest);
        println!();
        list("HIGHEST", "The highest.", self.highest);
    }
}
