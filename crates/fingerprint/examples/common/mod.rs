//! FVC2002 set B as the examples read it, and the error rates they print.
#![allow(dead_code, reason = "each example takes its part")]

use fingerprint::{Prepared, Template, decode, extract};
use std::path::Path;

/// Folders and resolutions.
pub(crate) const DATABASES: [(&str, u32); 4] = [("DB1_B", 500), ("DB2_B", 569), ("DB3_B", 500), ("DB4_B", 500)];

/// An impression; none where nothing could be extracted.
pub(crate) type Print = Option<Prepared>;

/// All impressions by database: ten fingers, eight of each. From the images, else from the records beside them.
pub(crate) fn prints(folder: &Path, images: bool) -> Vec<Vec<Print>> {
    std::thread::scope(|scope| {
        let one = |at: usize| {
            move || (0..80).map(|print| Some(Prepared::new(&template(folder, at, print, images)?))).collect::<Vec<_>>()
        };
        let running: Vec<_> = (0..DATABASES.len()).map(|at| scope.spawn(one(at))).collect();
        running.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// Impressions of each finger, and of each synthetic one.
pub(crate) const IMPRESSIONS: usize = 8;
/// See [`IMPRESSIONS`].
pub(crate) const SYNTHETIC_IMPRESSIONS: usize = 4;
const SYNTHETIC_FINGERS: usize = 40;

/// The synthetic prints that `prints SYNTHETIC 40 4` of the crate `sample` has written: beyond the databases, in a place of their own.
pub(crate) fn synthetic(folder: &Path) -> Vec<Vec<Print>> {
    let mut all: Vec<Vec<Print>> = DATABASES.iter().map(|_| Vec::new()).collect();
    let one = |at: usize| {
        let (finger, capture) = (at / SYNTHETIC_IMPRESSIONS + 1, at % SYNTHETIC_IMPRESSIONS + 1);
        let bytes =
            std::fs::read(folder.join(format!("prints/{finger}_{capture}.png"))).expect("40 fingers, 4 captures");
        Some(Prepared::new(&extract(decode(&bytes).ok()?, 500).ok()?.template))
    };
    all.push((0..SYNTHETIC_FINGERS * SYNTHETIC_IMPRESSIONS).map(one).collect());
    all
}

/// The name of an impression as the judge says it.
pub(crate) fn name(database: usize, print: usize) -> String {
    format!("{}/{}_{}", DATABASES[database].0, 101 + print / 8, 1 + print % 8)
}

fn template(folder: &Path, database: usize, print: usize, images: bool) -> Option<Template> {
    let file = folder.join(name(database, print));
    let read = |extension: &str| std::fs::read(file.with_extension(extension)).expect("the set is complete");
    if images {
        return Some(extract(decode(&read("tif")).ok()?, DATABASES[database].1).ok()?.template);
    }
    Template::from_record(&read("iso")).ok()
}

/// Equal error rate, and misses at a false match rate of at most 1 in 100, 1 in 1000, and none.
pub(crate) fn rates(title: &str, mated: &[f32], other: &[f32]) -> String {
    let (mut mated, mut other) = (mated.to_vec(), other.to_vec());
    mated.sort_by(f32::total_cmp);
    other.sort_by(f32::total_cmp);
    let missed = |threshold: f32| mated.partition_point(|score| *score < threshold) as f64 / mated.len() as f64;
    let matched = |threshold: f32| 1.0 - other.partition_point(|score| *score < threshold) as f64 / other.len() as f64;
    let mut equal = (f64::MAX, 1.0);
    for threshold in mated.iter().chain(&other) {
        let (missed, matched) = (missed(*threshold), matched(*threshold));
        if (missed - matched).abs() < equal.0 {
            equal = ((missed - matched).abs(), (missed + matched) / 2.0);
        }
    }
    let at = |rate: f64| {
        let allowed = (rate * other.len() as f64) as usize;
        // The least threshold that lets no more than so many through.
        let bound = other[other.len() - 1 - allowed];
        mated.partition_point(|score| *score <= bound) as f64 / mated.len() as f64
    };
    format!(
        "{title:24} EER {:5.2}  FNMR@1e-2 {:5.2}  @1e-3 {:5.2}  @0 {:5.2}",
        equal.1 * 100.0,
        at(1e-2) * 100.0,
        at(1e-3) * 100.0,
        at(0.0) * 100.0
    )
}
