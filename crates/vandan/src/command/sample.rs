//! `sample`: files, prints and faces of nobody.

use crate::output::{Failure, Output};
use crate::text::t;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Sample {
    #[arg(long, value_name = "N")]
    persons: usize,
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, value_name = "M", default_value_t = 10)]
    applicants: usize,
}

pub(crate) fn run(command: &Sample, out: &mut Output) -> Result<(), Failure> {
    let made = write(command.persons, command.seed, command.applicants, &command.out, out)?;
    let arguments = [
        ("files", out.language.count(made.files as u64)),
        ("rows", out.language.count(made.rows as u64)),
        ("prints", out.language.count(made.prints as u64)),
        ("folder", command.out.display().to_string()),
    ];
    out.say(t!("sample-done"), &arguments);
    out.json(&serde_json::json!({ "files": made.files, "rows": made.rows, "prints": made.prints, "faces": command.applicants }));
    Ok(())
}

/// What was written.
pub(crate) struct Made {
    pub(crate) files: usize,
    pub(crate) rows: usize,
    pub(crate) prints: usize,
}

/// Writes `units/`, `persons/`, `truth.csv`, `prints/<applicant>/<finger>_<impression>.png` and `faces/<applicant>.jpg`.
pub(crate) fn write(
    persons: usize,
    seed: u64,
    applicants: usize,
    folder: &Path,
    out: &mut Output,
) -> Result<Made, Failure> {
    let cannot =
        |error: std::io::Error| crate::installation::of_services(&ports::Fault::io("sample folder", &error).into());
    let files = sample::people::files(persons, seed);
    for name in ["units", "persons", "faces"] {
        std::fs::create_dir_all(folder.join(name)).map_err(cannot)?;
    }
    for (name, text) in &files.units {
        std::fs::write(folder.join("units").join(name), text).map_err(cannot)?;
    }
    for (name, text) in &files.persons {
        std::fs::write(folder.join("persons").join(name), text).map_err(cannot)?;
    }
    std::fs::write(folder.join("truth.csv"), &files.truth).map_err(cannot)?;
    let bar = out.progress(applicants as u64 * 10, t!("sample-step"));
    for applicant in 0..applicants {
        std::fs::create_dir_all(folder.join("prints").join(applicant.to_string())).map_err(cannot)?;
    }
    let fingers: Vec<(usize, u8)> =
        (0..applicants).flat_map(|applicant| (1..=10).map(move |finger| (applicant, finger))).collect();
    let written: Vec<std::io::Result<()>> = fingers
        .par_iter()
        .map(|(applicant, finger)| {
            let master = sample::print::master(finger_seed(seed, *applicant, *finger), *finger);
            for impression in 1..=2u64 {
                let image = master.impression(seed.wrapping_mul(31).wrapping_add(impression + 100 * *applicant as u64));
                let path = folder.join("prints").join(applicant.to_string()).join(format!("{finger}_{impression}.png"));
                std::fs::write(path, sample::print::png(&image))?;
            }
            bar.inc(1);
            Ok(())
        })
        .collect();
    bar.finish_and_clear();
    written.into_iter().collect::<std::io::Result<()>>().map_err(cannot)?;
    for applicant in 0..applicants {
        let face = sample::face::jpeg(seed.wrapping_add(applicant as u64), 15_000);
        std::fs::write(folder.join("faces").join(format!("{applicant}.jpg")), face).map_err(cannot)?;
    }
    let rows = files.persons.iter().map(|(_, text)| text.lines().count() - 1).sum();
    Ok(Made { files: files.persons.len(), rows, prints: fingers.len() * 2 })
}

fn finger_seed(seed: u64, applicant: usize, finger: u8) -> u64 {
    seed.wrapping_mul(1_000_003).wrapping_add(applicant as u64 * 16 + u64::from(finger))
}
