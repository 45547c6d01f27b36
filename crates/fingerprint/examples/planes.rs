//! Learns the planes that cut the surroundings of minutiae into codes, from scale data alone.
//!
//! `planes OUT [FINGERS]`: prints of FINGERS (2,500) synthetic fingers, three of each, are compared, and the surroundings of the minutiae that were laid on
//! each other are taken as the same. Linear discriminants: how surroundings of one minutia differ is made even in all
//! directions, then the [`KEPT`] directions are taken in which those of different minutiae are farthest apart. The planes of each table of the
//! index stand at right angles to each other, drawn from a seed. The same number of fingers gives the same bytes.
#![expect(clippy::print_stderr, reason = "an example that prints is the purpose")]

use fingerprint::scale::Finger;
use fingerprint::search::{Form, surroundings_of};
use fingerprint::{Prepared, matched, thresholds};
use std::collections::HashMap;

/// Directions that are kept.
const KEPT: usize = 24;
/// Planes of a table of the index, and tables.
const PLANES: usize = 16;
const TABLES: usize = 3;
/// Evened out beyond what was seen, as a share of the mean.
const EVENED: f64 = 0.1;
/// Parts of the unit of what is taken off.
const PARTS: f64 = 32.0;
const PRINTS: u64 = 3;
/// Seeds far from those that galleries are filled with.
const FIRST_SEED: u64 = 1 << 60;

type Matrix = Vec<Vec<f64>>;

/// Sums over minutiae seen twice.
struct Seen {
    pairs: f64,
    mean: Vec<f64>,
    all: Matrix,
    within: Matrix,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let Some(file) = arguments.get(1) else { return eprintln!("planes OUT [FINGERS]") };
    let fingers: u64 = arguments.get(2).and_then(|text| text.parse().ok()).unwrap_or(2_500);
    let seen = seen(fingers);
    let count = seen.mean.len();
    eprintln!("{} minutiae seen twice, {count} numbers", seen.pairs);
    let directions = directions(&seen);
    let mut seed = 1u64;
    let mut planes = Matrix::new();
    for _ in 0..TABLES {
        for mix in frame(&mut seed) {
            planes.push((0..count).map(|at| mix.iter().zip(&directions).map(|(m, d)| m * d[at]).sum()).collect());
        }
    }
    let largest = planes.iter().flatten().fold(0.0f64, |largest, slope| largest.max(slope.abs()));
    let whole = |slope: f64| (slope / largest * 127.0).round();
    let mut bytes: Vec<u8> = planes.iter().flatten().map(|slope| whole(*slope) as i8 as u8).collect();
    for plane in &planes {
        let taken: f64 = plane.iter().zip(&seen.mean).map(|(slope, mean)| whole(*slope) * mean).sum();
        bytes.extend(((taken * PARTS) as i16).to_be_bytes());
    }
    std::fs::write(file, bytes).expect("the file can be written");
}

fn seen(fingers: u64) -> Seen {
    let mut sums: Option<Seen> = None;
    for seed in 0..fingers {
        let finger = Finger::new(FIRST_SEED + seed);
        let forms: Vec<Form> = (0..PRINTS).map(|print| Form::new(&finger.impression(print))).collect();
        let numbers: Vec<HashMap<[u16; 2], Vec<f32>>> =
            forms.iter().map(|form| surroundings_of(form).into_iter().collect()).collect();
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            let (first, second) = (forms[a].template(), forms[b].template());
            if Prepared::new(&first).compare(&Prepared::new(&second)) < thresholds::ONE_FINGER {
                continue;
            }
            for (p, q) in matched(&first, &second) {
                if let (Some(x), Some(y)) = (numbers[a].get(&p), numbers[b].get(&q)) {
                    sums.get_or_insert_with(|| Seen::new(x.len())).add(x, y);
                }
            }
        }
    }
    let mut seen = sums.expect("some prints match");
    seen.mean.iter_mut().for_each(|sum| *sum /= seen.pairs);
    for i in 0..seen.mean.len() {
        for j in 0..seen.mean.len() {
            seen.within[i][j] /= seen.pairs;
            seen.all[i][j] = seen.all[i][j] / seen.pairs - seen.mean[i] * seen.mean[j];
        }
    }
    let trace: f64 = (0..seen.mean.len()).map(|at| seen.within[at][at]).sum();
    for at in 0..seen.mean.len() {
        seen.within[at][at] += EVENED * trace / seen.mean.len() as f64;
    }
    seen
}

impl Seen {
    fn new(count: usize) -> Self {
        let zero = || vec![vec![0.0; count]; count];
        Self { pairs: 0.0, mean: vec![0.0; count], all: zero(), within: zero() }
    }

    fn add(&mut self, x: &[f32], y: &[f32]) {
        self.pairs += 1.0;
        let nonzero = |values: Vec<f64>| values.into_iter().enumerate().filter(|(_, value)| *value != 0.0);
        let own: Vec<_> = nonzero(x.iter().map(|x| f64::from(*x)).collect()).collect();
        for &(i, value) in &own {
            self.mean[i] += value;
            own.iter().for_each(|&(j, other)| self.all[i][j] += value * other);
        }
        let unlike: Vec<_> = nonzero(x.iter().zip(y).map(|(x, y)| f64::from(x - y)).collect()).collect();
        for &(i, value) in &unlike {
            unlike.iter().for_each(|&(j, other)| self.within[i][j] += value * other / 2.0);
        }
    }
}

/// The directions in which minutiae differ most, each of spread 1, weighted by how well it tells them apart.
fn directions(seen: &Seen) -> Matrix {
    let (spreads, axes) = axes(seen.within.clone());
    let even: Matrix =
        axes.iter().zip(&spreads).map(|(axis, spread)| axis.iter().map(|v| v / spread.sqrt()).collect()).collect();
    let count = even.len();
    let half: Matrix = even
        .iter()
        .map(|row| (0..count).map(|j| (0..count).map(|i| row[i] * seen.all[i][j]).sum()).collect())
        .collect();
    let spread: Matrix =
        half.iter().map(|row| even.iter().map(|e| row.iter().zip(e).map(|(a, b)| a * b).sum()).collect()).collect();
    let (ratios, axes) = self::axes(spread);
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| ratios[b].total_cmp(&ratios[a]));
    order[..KEPT]
        .iter()
        .map(|&k| {
            let weight = (1.0 - 1.0 / ratios[k]).max(0.0).sqrt() / ratios[k].sqrt();
            (0..count).map(|j| (0..count).map(|i| axes[k][i] * even[i][j]).sum::<f64>() * weight).collect()
        })
        .collect()
}

/// Eigenvalues and eigenvectors (by row) of a symmetric matrix, by Jacobi's rotations.
fn axes(mut matrix: Matrix) -> (Vec<f64>, Matrix) {
    let count = matrix.len();
    let mut axes: Matrix = (0..count).map(|i| (0..count).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..12 {
        for p in 0..count {
            for q in p + 1..count {
                let off = matrix[p][q];
                if off.abs() < 1e-13 {
                    continue;
                }
                let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * off);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in &mut matrix {
                    (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
                }
                rotate(&mut matrix, (p, q), (c, s));
                rotate(&mut axes, (p, q), (c, s));
            }
        }
    }
    ((0..count).map(|at| matrix[at][at]).collect(), axes)
}

fn rotate(rows: &mut Matrix, (p, q): (usize, usize), (c, s): (f64, f64)) {
    let (low, high) = rows.split_at_mut(q);
    for (x, y) in low[p].iter_mut().zip(&mut high[0]) {
        (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
    }
}

/// [`PLANES`] directions at right angles to each other among the [`KEPT`].
fn frame(seed: &mut u64) -> Matrix {
    let mut frame = Matrix::new();
    while frame.len() < PLANES {
        let mut drawn: Vec<f64> = (0..KEPT).map(|_| (0..12).map(|_| share(seed)).sum::<f64>() - 6.0).collect();
        for other in &frame {
            let common: f64 = other.iter().zip(&drawn).map(|(a, b)| a * b).sum();
            drawn.iter_mut().zip(other).for_each(|(value, other)| *value -= common * other);
        }
        let length = drawn.iter().map(|value| value * value).sum::<f64>().sqrt();
        frame.push(drawn.iter().map(|value| value / length).collect());
    }
    frame
}

/// 0 to 1, by a linear congruence (Knuth).
fn share(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 40) as f64 / (1u64 << 24) as f64
}
