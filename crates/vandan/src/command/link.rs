//! `link`: record linkage alone, without a database.

use crate::installation::{read_file, write_file};
use crate::machine::{peak_rss_bytes, stopwatch};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use linkage::{Pair, Spec, Table, Thresholds};
use rayon::prelude::*;
use register::heading::{COLUMNS, Mapping};
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
    #[arg(long, value_name = "P")]
    precision: Option<f64>,
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    #[arg(long, value_name = "MIB")]
    memory: Option<u64>,
}

/// The records of files, ready to be linked, and what their senders call them.
pub(super) struct Records {
    pub(super) table: Table,
    ids: String,
    ends: Vec<usize>,
}

impl Records {
    /// Reads files row by row.
    pub(super) fn read(files: &[PathBuf], mapping: &Mapping) -> Result<Records, Failure> {
        let spec = Spec::dc01();
        let of_field = |field: &linkage::Field| COLUMNS.iter().position(|column| *column == field.name);
        let columns: Vec<usize> = spec.fields.iter().filter_map(of_field).collect();
        let mut records = Records { table: Table::new(spec), ids: String::new(), ends: Vec::new() };
        for file in super::import::expand(files) {
            let bytes = read_file(&file, register::sheet::BYTES_MAX)?;
            register::sheet::each(&bytes, mapping, &mut |row| {
                records.ids.push_str(row[0].trim());
                records.ends.push(records.ids.len());
                let mut cells = [""; COLUMNS.len()];
                columns.iter().zip(&mut cells).for_each(|(column, cell)| *cell = row[*column]);
                records.table.push(&cells[..columns.len()]);
            })
            .map_err(|error| {
                let mut arguments = error.arguments();
                arguments.push(("file", file.display().to_string()));
                Failure::of_code(Exit::Input, error.code(), arguments)
            })?;
        }
        Ok(records)
    }

    /// What its sender calls a record.
    fn id(&self, at: u32) -> &str {
        let begin = (at as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.ids[begin..self.ends[at as usize]]
    }

    /// What a record is sorted by: the length of its name, then the name, so that numbers come in their order.
    fn key(&self, at: u32) -> (usize, &str) {
        (self.id(at).len(), self.id(at))
    }
}

pub(crate) fn run(command: &Link, out: &mut Output) -> Result<(), Failure> {
    let begun = stopwatch();
    if let Some(precision) = command.precision.filter(|precision| !(0.5..1.0).contains(precision)) {
        return Err(Failure::new(Exit::Use, t!("link-precision"), vec![("precision", precision.to_string())]));
    }
    let mapping = super::import::mapping(command.mapping.as_ref())?;
    let mut records = Records::read(&command.files, &mapping)?;
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
