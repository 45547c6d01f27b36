//! `link`: record linkage alone, without a database.

use crate::installation::{read_file, write_file};
use crate::machine::{peak_rss_bytes, stopwatch};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use linkage::Thresholds;
use register::heading::COLUMNS;
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
}

pub(crate) fn run(command: &Link, out: &mut Output) -> Result<(), Failure> {
    let begun = stopwatch();
    if let Some(precision) = command.precision.filter(|precision| !(0.5..1.0).contains(precision)) {
        return Err(Failure::new(Exit::Use, t!("link-precision"), vec![("precision", precision.to_string())]));
    }
    let mapping = super::import::mapping(command.mapping.as_ref())?;
    let spec = linkage::Spec::dc01();
    let of_field = |field: &linkage::Field| COLUMNS.iter().position(|column| *column == field.name);
    let columns: Vec<usize> = spec.fields.iter().filter_map(of_field).collect();
    let mut table = linkage::Table::new(spec);
    // The records' own numbers, one after the other, and where each ends.
    let (mut ids, mut ends) = (String::new(), Vec::new());
    for file in super::import::expand(&command.files) {
        let bytes = read_file(&file, register::sheet::BYTES_MAX)?;
        register::sheet::each(&bytes, &mapping, &mut |row| {
            ids.push_str(row[0]);
            ends.push(ids.len());
            let mut cells = [""; COLUMNS.len()];
            columns.iter().zip(&mut cells).for_each(|(column, cell)| *cell = row[*column]);
            table.push(&cells[..columns.len()]);
        })
        .map_err(|error| {
            let mut arguments = error.arguments();
            arguments.push(("file", file.display().to_string()));
            Failure::of_code(Exit::Input, error.code(), arguments)
        })?;
    }
    let id = |at: u32| {
        let begin = (at as usize).checked_sub(1).map_or(0, |before| ends[before]);
        quoted(&ids[begin..ends[at as usize]])
    };
    let thresholds = Thresholds { precision: command.precision, least: 0.5, thin: true, ..Thresholds::default() };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(command.threads.unwrap_or(0)).build();
    let links = match pool {
        Ok(pool) => pool.install(|| linkage::link(&mut table, thresholds)),
        Err(_) => linkage::link(&mut table, thresholds),
    };
    let mut text = String::from("rec_id,cluster_id\n");
    for (at, cluster) in links.cluster.iter().enumerate() {
        let _ = writeln!(text, "{},{cluster}", id(at as u32));
    }
    write_file(&command.out, text.as_bytes())?;
    if let Some(path) = &command.pairs {
        let mut text = String::from("rec_id_a,rec_id_b,probability\n");
        for pair in &links.pairs {
            let _ = writeln!(text, "{},{},{:.6}", id(pair.a), id(pair.b), pair.probability);
        }
        write_file(path, text.as_bytes())?;
    }
    let clusters = links.cluster.iter().enumerate().filter(|(at, cluster)| *at == **cluster as usize).count();
    let seconds = begun.elapsed().as_secs_f64();
    let arguments = [
        ("records", out.language.count(table.len() as u64)),
        ("clusters", out.language.count(clusters as u64)),
        ("pairs", out.language.count(links.pairs_scored)),
        ("seconds", out.language.number(seconds, 2)),
    ];
    out.say(t!("link-done"), &arguments);
    out.json(&serde_json::json!({
        "records": table.len(), "clusters": clusters, "pairs_scored": links.pairs_scored,
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
