//! `import units`, `import persons`, `import withdraw`.

use crate::installation::{Changing, Installation, Making, Place, of_services, read_file, write_file};
use crate::output::{Failure, Output};
use crate::text::t;
use indicatif::ProgressBar;
use register::heading::Mapping;
use services::import::{Input, Report, Thresholds};
use std::path::PathBuf;

#[derive(clap::Subcommand)]
pub(crate) enum Import {
    Units {
        #[command(flatten)]
        place: Place,
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        making: Making,
    },
    Persons {
        #[command(flatten)]
        place: Place,
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[arg(long, value_name = "FILE")]
        mapping: Option<PathBuf>,
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
    Withdraw {
        #[command(flatten)]
        place: Place,
        id: String,
        #[command(flatten)]
        changing: Changing,
    },
}

/// The files as named; a folder stands for the files in it.
pub(crate) fn expand(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for file in files {
        if file.is_dir() {
            let mut inside: Vec<PathBuf> =
                std::fs::read_dir(file).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
            inside.retain(|path| path.is_file());
            inside.sort();
            all.extend(inside);
        } else {
            all.push(file.clone());
        }
    }
    all
}

fn name(path: &std::path::Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

pub(crate) fn mapping(file: Option<&PathBuf>) -> Result<Mapping, Failure> {
    let Some(file) = file else { return Ok(Mapping::default()) };
    let text = String::from_utf8_lossy(&read_file(file, 1 << 20)?).into_owned();
    Mapping::parse(&text).map_err(|error| {
        let mut arguments = error.arguments();
        arguments.push(("file", name(file)));
        Failure::of_code(crate::output::Exit::Input, error.code(), arguments)
    })
}

pub(crate) fn run(command: Import, out: &mut Output) -> Result<(), Failure> {
    match command {
        Import::Units { place, files, making } => {
            let installation = Installation::open(&place)?;
            let command = installation.making(&place, making)?;
            command.officer.may("import").map_err(|error| of_services(&error))?;
            let mut inputs = Vec::new();
            for file in expand(&files) {
                inputs.push((name(&file), read_file(&file, register::sheet::BYTES_MAX)?));
            }
            let changed =
                services::unit::import(&installation.book, &command, &inputs).map_err(|error| of_services(&error))?;
            out.say(t!("import-units-done"), &[("units", out.language.count(changed as u64))]);
            let apart = services::unit::without_parent(&installation.book).map_err(|error| of_services(&error))?;
            if apart > 0 {
                out.say(t!("import-units-apart"), &[("units", out.language.count(apart as u64))]);
            }
            out.json(&serde_json::json!({ "units_changed": changed, "without_parent": apart }));
            installation.close()
        }
        Import::Persons { place, files, mapping: map, report } => {
            let map = mapping(map.as_ref())?;
            let mut inputs = Vec::new();
            for file in expand(&files) {
                inputs.push(Input { name: name(&file), bytes: read_file(&file, register::sheet::BYTES_MAX)? });
            }
            let installation = Installation::open(&place)?;
            let officer = installation.officer(&place)?;
            officer.may("import").map_err(|error| of_services(&error))?;
            let done = persons(&installation, &officer, inputs, &map, out)?;
            say_report(&done, out);
            let mut document = serde_json::to_value(&done).unwrap_or_default();
            // Begun and finished: what `import withdraw --expect-version` may expect.
            document["version"] = (!done.import.is_empty()).then_some(2).into();
            if let Some(path) = report {
                write_file(&path, serde_json::to_string_pretty(&document).unwrap_or_default().as_bytes())?;
            }
            out.json(&document);
            installation.close()
        }
        Import::Withdraw { place, id, changing } => {
            let installation = Installation::open(&place)?;
            let command = installation.changing(&place, changing)?;
            command.officer.may("import").map_err(|error| of_services(&error))?;
            let missing = || of_services(&services::Error::Missing("import-missing"));
            let import = ids::ImportId::parse(&id).ok_or_else(missing)?;
            let (withdrawn, kept) = services::import::withdraw(&installation.book, &command, import)
                .map_err(|error| of_services(&error))?;
            let count = |value: usize| out.language.count(value as u64);
            out.say(t!("import-withdrawn"), &[("withdrawn", count(withdrawn)), ("kept", count(kept))]);
            out.json(&serde_json::json!({ "persons_withdrawn": withdrawn, "persons_kept": kept }));
            installation.close()
        }
    }
}

/// Imports with a progress bar for each step.
pub(crate) fn persons(
    installation: &Installation,
    officer: &services::officer::Officer,
    inputs: Vec<Input>,
    mapping: &Mapping,
    out: &mut Output,
) -> Result<Report, Failure> {
    let mut step = "";
    let mut bar = ProgressBar::hidden();
    let mut progress = |name: &'static str, done: u64, total: u64| {
        if name != step {
            bar.finish_and_clear();
            let key = match name {
                "read" => t!("import-step-read"),
                "stage" => t!("import-step-stage"),
                "link" => t!("import-step-link"),
                _ => t!("import-step-enter"),
            };
            bar = out.progress(total, key);
            step = name;
        }
        bar.set_position(done);
    };
    let done =
        services::import::persons(&installation.book, officer, inputs, mapping, Thresholds::default(), &mut progress)
            .map_err(|error| of_services(&error));
    bar.finish_and_clear();
    done
}

/// The report for people.
pub(crate) fn say_report(report: &Report, out: &mut Output) {
    let known = report.files.iter().filter(|file| file.known).count();
    let count = |value: usize| out.language.count(value as u64);
    let arguments = [
        ("files", count(report.files.len())),
        ("known", count(known)),
        ("staged", count(report.staged)),
        ("entered", count(report.entered)),
        ("pending", count(report.pending)),
        ("cases", count(report.in_case)),
        ("same", count(report.same)),
        ("persons", count(report.persons)),
        ("updated", count(report.persons_updated)),
        ("households", count(report.households)),
        ("pairs", out.language.count(report.pairs_scored)),
        ("import", report.import.clone()),
    ];
    if report.import.is_empty() {
        out.say(t!("import-nothing-new"), &arguments);
        return;
    }
    out.say(t!("import-done"), &arguments);
    for (code, number) in &report.findings {
        let words = crate::text::Key::find(&format!("finding-{code}")).map_or(code.clone(), |key| out.text(key, &[]));
        out.say(t!("import-finding"), &[("finding", words), ("count", out.language.count(*number as u64))]);
    }
}
