//! `fingerprint`: the engine alone, without an installation: `extract`, `compare`, `identify`, `show`, and its measurement, `bench`.
//!
//! Start reading at [`run`]. The line protocol of `compare --batch` is in `batch`, the lists of `identify` in `list`.

mod batch;
mod bench;
mod list;
mod show;

use crate::installation::{read_file, write_file};
use crate::output::{Exit, Failure, Output};
use crate::text::{Key, t};
use fingerprint::{Extraction, FILE_BYTES_MAX, Prepared, RecordFormat, Template, thresholds};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(clap::Subcommand)]
pub(crate) enum Fingerprint {
    Extract {
        #[arg(required = true, value_name = "IMAGE")]
        images: Vec<PathBuf>,
        #[arg(long, value_name = "DIR")]
        out_dir: PathBuf,
        #[arg(long, value_name = "N")]
        dpi: Option<u32>,
        #[arg(long, value_enum, default_value_t = Format::Iso)]
        format: Format,
    },
    Compare {
        #[arg(required_unless_present = "batch", value_name = "A")]
        first: Option<PathBuf>,
        #[arg(required_unless_present = "batch", value_name = "B")]
        second: Option<PathBuf>,
        #[arg(long, value_name = "N")]
        dpi_a: Option<u32>,
        #[arg(long, value_name = "N")]
        dpi_b: Option<u32>,
        #[arg(long, conflicts_with_all = ["first", "second"])]
        batch: bool,
    },
    Identify {
        #[arg(long, value_name = "LIST.csv")]
        gallery: PathBuf,
        #[arg(long, value_name = "LIST.csv")]
        probes: PathBuf,
        #[arg(long, value_name = "K", default_value_t = 10)]
        top: usize,
        #[arg(long, value_name = "OUT.csv")]
        out: PathBuf,
        #[arg(long)]
        exhaustive: bool,
        #[arg(long, value_name = "N")]
        threads: Option<usize>,
    },
    Show {
        #[arg(required = true, num_args = 1..=2, value_name = "IMAGE")]
        images: Vec<PathBuf>,
        #[arg(long, value_name = "X.png|X.svg")]
        out: PathBuf,
        #[arg(long, value_name = "N")]
        dpi: Option<u32>,
    },
    Bench(bench::Bench),
}

/// The bytes that a template is written in.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// ISO/IEC 19794-2:2005.
    Iso,
    /// ISO/IEC 19794-2:2011.
    Iso2011,
    /// ANSI INCITS 378-2004.
    Ansi378,
    /// The engine's own.
    Native,
}

pub(crate) fn run(command: Fingerprint, out: &mut Output) -> Result<(), Failure> {
    match command {
        Fingerprint::Extract { images, out_dir, dpi, format } => extract(&images, &out_dir, dpi, format, out),
        Fingerprint::Compare { batch: true, .. } => batch::run(out),
        Fingerprint::Compare { first, second, dpi_a, dpi_b, .. } => {
            let (first, second) = (first.unwrap_or_default(), second.unwrap_or_default());
            let score = prepared(&first, dpi_a)?.compare(&prepared(&second, dpi_b)?);
            if !out.json {
                out.line(&score.to_string());
            }
            out.json(&serde_json::json!({
                "score": score,
                "threshold": thresholds::ONE_FINGER,
                "same_finger": score >= thresholds::ONE_FINGER,
            }));
            Ok(())
        }
        Fingerprint::Identify { gallery, probes, top, out: file, exhaustive, threads } => {
            list::identify(&gallery, &probes, top, &file, exhaustive, threads, out)
        }
        Fingerprint::Show { images, out: file, dpi } => show::show(&images, &file, dpi, out),
        Fingerprint::Bench(bench) => bench::run(&bench, out),
    }
}

fn extract(
    images: &[PathBuf],
    folder: &Path,
    dpi: Option<u32>,
    format: Format,
    out: &mut Output,
) -> Result<(), Failure> {
    let (ending, record) = match format {
        Format::Iso => ("iso", Some(RecordFormat::Iso2005)),
        Format::Iso2011 => ("iso", Some(RecordFormat::Iso2011)),
        Format::Ansi378 => ("ansi", Some(RecordFormat::Ansi2004)),
        Format::Native => ("vdft", None),
    };
    let name = |image: &PathBuf| folder.join(image.file_stem().unwrap_or_default()).with_added_extension(ending);
    let mut names = BTreeSet::new();
    if let Some(doubled) = images.iter().map(name).find(|name| !names.insert(name.clone())) {
        let arguments = vec![("file", doubled.display().to_string())];
        return Err(Failure::new(Exit::Use, t!("fingerprint-name-doubled"), arguments));
    }
    let bar = out.progress(images.len() as u64, t!("fingerprint-step-extract"));
    let found: Result<Vec<(Extraction, Vec<u8>)>, Failure> = images
        .par_iter()
        .map(|image| {
            let failure = |error: fingerprint::Error| bad(image, &error);
            let extraction = extraction(image, dpi)?;
            let bytes = match record {
                Some(format) => extraction.template.to_record(None, format).map_err(failure)?,
                None => extraction.template.to_bytes(),
            };
            bar.inc(1);
            Ok((extraction, bytes))
        })
        .collect();
    bar.finish_and_clear();
    // Nothing is written before every image has been read, so that a bad one leaves no half of a set behind.
    let found = found?;
    std::fs::create_dir_all(folder).map_err(|error| {
        let arguments = vec![("file", folder.display().to_string()), ("detail", error.kind().to_string())];
        Failure::new(Exit::Now, t!("file-unwritable"), arguments)
    })?;
    let mut rows = Vec::new();
    for (image, (extraction, bytes)) in images.iter().zip(&found) {
        let file = name(image);
        write_file(&file, bytes)?;
        let (quality, minutiae) = (extraction.quality, extraction.template.minutiae().len());
        let reason = quality.reason.code();
        let words = Key::find(&format!("finding-print-{reason}")).map_or(reason.to_owned(), |key| out.text(key, &[]));
        let arguments = [
            ("file", file.display().to_string()),
            ("quality", quality.value.to_string()),
            ("minutiae", minutiae.to_string()),
            ("reason", words),
        ];
        out.say(t!("fingerprint-extracted"), &arguments);
        rows.push(serde_json::json!({
            "image": image, "template": file, "quality": quality.value, "reason": reason, "minutiae": minutiae,
        }));
    }
    out.json(&serde_json::json!({ "templates": rows }));
    Ok(())
}

/// The failure for a file that holds no usable print.
fn bad(file: &Path, error: &fingerprint::Error) -> Failure {
    let mut arguments = error.arguments();
    arguments.push(("file", file.display().to_string()));
    Failure::of_code(Exit::Input, error.code(), arguments)
}

fn extraction(file: &Path, dpi: Option<u32>) -> Result<Extraction, Failure> {
    let bytes = read_file(file, FILE_BYTES_MAX as u64)?;
    of_image(&bytes, dpi).map_err(|error| bad(file, &error))
}

/// The template of an image: at the resolution given, else at the one that the file states, else at 500 dpi.
fn of_image(bytes: &[u8], dpi: Option<u32>) -> Result<Extraction, fingerprint::Error> {
    let (image, stated) = fingerprint::decode_with_dpi(bytes)?;
    fingerprint::extract(image, dpi.or(stated).unwrap_or(fingerprint::DPI))
}

/// The template of a file: a record of ISO/IEC 19794-2 or ANSI INCITS 378, a template of our own, or an image.
fn template(file: &Path, dpi: Option<u32>) -> Result<Template, Failure> {
    let bytes = read_file(file, FILE_BYTES_MAX as u64)?;
    let found = match bytes.first_chunk() {
        Some(b"FMR\0") => Template::from_record(&bytes),
        Some(b"VDFT") => Template::from_bytes(&bytes),
        _ => of_image(&bytes, dpi).map(|found| found.template),
    };
    found.map_err(|error| bad(file, &error))
}

fn prepared(file: &Path, dpi: Option<u32>) -> Result<Prepared, Failure> {
    template(file, dpi).map(|template| Prepared::new(&template))
}
