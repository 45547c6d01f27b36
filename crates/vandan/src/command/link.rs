//! `link`: record linkage alone, without a database.

mod explain;
mod records;

pub(super) use records::{Description, Records};

use crate::installation::write_file;
use crate::machine::{peak_rss_bytes, stopwatch};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use linkage::{Pair, Thresholds};
use rayon::prelude::*;
use std::borrow::Cow;
use std::fmt::Write;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Link {
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    #[arg(long, value_name = "SPEC.toml", conflicts_with = "mapping")]
    spec: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    explain: Option<PathBuf>,
    #[arg(long, value_name = "P")]
    precision: Option<f64>,
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    #[arg(long, value_name = "MIB")]
    memory: Option<u64>,
}

pub(crate) fn run(command: &Link, out: &mut Output) -> Result<(), Failure> {
    let begun = stopwatch();
    if let Some(precision) = command.precision.filter(|precision| !(0.5..1.0).contains(precision)) {
        return Err(Failure::new(Exit::Use, t!("link-precision"), vec![("precision", precision.to_string())]));
    }
    let description = Description::read(command.spec.as_ref(), command.mapping.as_ref())?;
    let files = super::import::expand(&command.files);
    let mut records = Records::read(&files, &description)?;
    let needed = records.table.memory().div_ceil(1 << 20);
    if let Some(given) = command.memory.filter(|given| *given < needed) {
        let arguments = vec![("given", given.to_string()), ("needed", needed.to_string())];
        return Err(Failure::new(Exit::Use, t!("link-memory"), arguments));
    }
    let thresholds = Thresholds { precision: command.precision, least: 0.5, thin: true, ..Thresholds::default() };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(command.threads.unwrap_or(0)).build();
    let links = match pool {
        Ok(pool) => pool.install(|| linkage::link(&mut records.table, thresholds)),
        Err(_) => linkage::link(&mut records.table, thresholds),
    };
    let records = &records;
    // In the order of the records' names, so that the same records give the same bytes, however their files lie.
    let mut order: Vec<u32> = (0..links.cluster.len() as u32).collect();
    order.par_sort_by(|a, b| records.key(*a).cmp(&records.key(*b)));
    let mut numbers: Vec<u32> = vec![u32::MAX; order.len()];
    let mut clusters = 0;
    let mut text = String::from("rec_id,cluster_id\n");
    for at in order {
        let number = &mut numbers[links.cluster[at as usize] as usize];
        if *number == u32::MAX {
            *number = clusters;
            clusters += 1;
        }
        let _ = writeln!(text, "{},{number}", quoted(records.id(at)));
    }
    write_file(&command.out, text.as_bytes())?;
    if let Some(path) = &command.pairs {
        let in_order = |pair: &Pair| {
            let (a, b) = (pair.a, pair.b);
            if records.key(a) <= records.key(b) { (a, b) } else { (b, a) }
        };
        let mut pairs: Vec<(i32, (u32, u32), f64)> =
            links.pairs.iter().map(|pair| (-pair.weight, in_order(pair), pair.probability)).collect();
        pairs.par_sort_by(|(x, (a, b), _), (y, (c, d), _)| {
            x.cmp(y).then_with(|| (records.key(*a), records.key(*b)).cmp(&(records.key(*c), records.key(*d))))
        });
        let mut text = String::from("rec_id_a,rec_id_b,probability\n");
        for (_, (a, b), probability) in pairs {
            let _ = writeln!(text, "{},{},{probability:.6}", quoted(records.id(a)), quoted(records.id(b)));
        }
        write_file(path, text.as_bytes())?;
    }
    if let Some(path) = &command.explain {
        write_file(path, explain::explain(&files, &description, records, &links, out)?.as_bytes())?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let arguments = [
        ("records", out.language.count(links.cluster.len() as u64)),
        ("clusters", out.language.count(u64::from(clusters))),
        ("pairs", out.language.count(links.pairs_scored)),
        ("seconds", out.language.number(seconds, 2)),
    ];
    out.say(t!("link-done"), &arguments);
    out.json(&serde_json::json!({
        "records": links.cluster.len(), "clusters": clusters, "pairs_scored": links.pairs_scored,
        "seconds": seconds, "peak_rss_bytes": peak_rss_bytes(),
    }));
    Ok(())
}

/// A CSV cell; quoted where it must be.
fn quoted(text: &str) -> Cow<'_, str> {
    if text.contains([',', '"', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}
