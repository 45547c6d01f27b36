//! `link`: record linkage alone, without a database.

use crate::installation::{read_file, write_file};
use crate::machine::{peak_rss_bytes, stopwatch};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use register::row::{Row, World};
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
    let world = World { ward_exists: &|_| true, year: 2100 };
    let mut rows: Vec<Row> = Vec::new();
    for file in super::import::expand(&command.files) {
        let bytes = read_file(&file, register::sheet::BYTES_MAX)?;
        let sheet = register::sheet::read(&bytes, &mapping).map_err(|error| {
            let mut arguments = error.arguments();
            arguments.push(("file", file.display().to_string()));
            Failure::of_code(Exit::Input, error.code(), arguments)
        })?;
        rows.extend(register::row::rows(&sheet, &world));
    }
    let records: Vec<linkage::Record> = rows.iter().map(|row| row.facts.to_linkage()).collect();
    let thresholds = linkage::Thresholds { same: command.precision.unwrap_or(0.98), ..linkage::Thresholds::default() };
    let threads = command.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let links = match pool {
        Ok(pool) => pool.install(|| linkage::link(&records, thresholds)),
        Err(_) => linkage::link(&records, thresholds),
    };
    let mut text = String::from("rec_id,cluster_id\n");
    for (row, cluster) in rows.iter().zip(&links.cluster) {
        text.push_str(&format!("{},{cluster}\n", quoted(&row.rec_id)));
    }
    write_file(&command.out, text.as_bytes())?;
    if let Some(path) = &command.pairs {
        let mut text = String::from("rec_id_a,rec_id_b,probability\n");
        for pair in &links.pairs {
            let (a, b) = (&rows[pair.a as usize].rec_id, &rows[pair.b as usize].rec_id);
            text.push_str(&format!("{},{},{:.6}\n", quoted(a), quoted(b), pair.probability));
        }
        write_file(path, text.as_bytes())?;
    }
    let clusters = links.cluster.iter().enumerate().filter(|(at, cluster)| *at == **cluster as usize).count();
    let seconds = begun.elapsed().as_secs_f64();
    let arguments = [
        ("records", out.language.count(rows.len() as u64)),
        ("clusters", out.language.count(clusters as u64)),
        ("pairs", out.language.count(links.pairs_scored)),
        ("seconds", out.language.number(seconds, 2)),
    ];
    out.say(t!("link-done"), &arguments);
    out.json(&serde_json::json!({
        "records": rows.len(), "clusters": clusters, "pairs_scored": links.pairs_scored,
        "seconds": seconds, "peak_rss_bytes": peak_rss_bytes(),
    }));
    Ok(())
}

/// A CSV cell; quoted where it must be.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
