//! `fingerprint identify`: a list of persons searched among another list of persons.
//!
//! A list is a CSV file `id,path,dpi[,finger]` with a heading; the rows of one id are one person. A path is taken from
//! where the command runs, or from the list's own folder. A print without a finger is compared with every finger.
//! A file that holds no usable print is a missing finger, and is counted; a file that is not there is an error.
//! Start reading at [`identify`].

use super::template;
use crate::installation::{read_file, write_file};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use fingerprint::{FingerPosition, Gallery, Person, Template};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The longest list that is read, in bytes.
const LIST_BYTES_MAX: u64 = 256 << 20;

/// One row of a list.
#[derive(Debug, PartialEq)]
struct Row {
    id: String,
    path: PathBuf,
    dpi: u32,
    finger: Option<FingerPosition>,
}

pub(super) fn identify(
    gallery: &Path,
    probes: &Path,
    top: usize,
    file: &Path,
    threads: Option<usize>,
    out: &mut Output,
) -> Result<(), Failure> {
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let (enrolled, missing_gallery) = people(gallery, out)?;
    let (probes, missing_probes) = people(probes, out)?;
    let mut persons = Gallery::new();
    enrolled.into_iter().for_each(|(id, person)| persons.enrol(id, person));
    let bar = out.progress(probes.len() as u64, t!("fingerprint-step-search"));
    let mut text = String::from("probe_id,rank,candidate_id,score\n");
    let mut hits = 0;
    for (id, probe) in &probes {
        let found = fingerprint::identify(&persons, probe, top, threads);
        hits += usize::from(found.first().is_some_and(|best| best.fused.is_hit()));
        for (rank, candidate) in found.iter().enumerate() {
            let _ = writeln!(text, "{},{},{},{}", quoted(id), rank + 1, quoted(&candidate.id), candidate.fused.score);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    write_file(file, text.as_bytes())?;
    let missing = missing_gallery + missing_probes;
    let arguments = [
        ("probes", out.language.count(probes.len() as u64)),
        ("persons", out.language.count(persons.len() as u64)),
        ("hits", out.language.count(hits as u64)),
        ("missing", out.language.count(missing as u64)),
        ("file", file.display().to_string()),
    ];
    out.say(t!("fingerprint-identified"), &arguments);
    out.json(&serde_json::json!({
        "probes": probes.len(), "persons": persons.len(), "hits": hits, "prints_unusable": missing, "out": file,
    }));
    Ok(())
}

/// The persons of a list, and how many of its prints could not be used.
fn people(list: &Path, out: &Output) -> Result<(BTreeMap<String, Person>, usize), Failure> {
    let bytes = read_file(list, LIST_BYTES_MAX)?;
    let rows = rows(&String::from_utf8_lossy(&bytes), list.parent().unwrap_or(Path::new(""))).map_err(|line| {
        let arguments = vec![("file", list.display().to_string()), ("line", line.to_string())];
        Failure::new(Exit::Input, t!("fingerprint-list-form"), arguments)
    })?;
    let bar = out.progress(rows.len() as u64, t!("fingerprint-step-extract"));
    let templates: Result<Vec<Option<Template>>, Failure> = rows
        .par_iter()
        .map(|row| {
            bar.inc(1);
            match template(&row.path, Some(row.dpi)) {
                Ok(template) => Ok(Some(template)),
                Err(failure) if failure.key.name().starts_with("error-") => Ok(None),
                Err(failure) => Err(failure),
            }
        })
        .collect();
    bar.finish_and_clear();
    let templates = templates?;
    let missing = templates.iter().filter(|template| template.is_none()).count();
    let mut persons: BTreeMap<String, Vec<(Option<FingerPosition>, &Template)>> = BTreeMap::new();
    for (row, template) in rows.iter().zip(&templates) {
        let fingers = persons.entry(row.id.clone()).or_default();
        fingers.extend(template.as_ref().map(|template| (row.finger, template)));
    }
    Ok((persons.into_iter().map(|(id, fingers)| (id, Person::new(fingers))).collect(), missing))
}

/// The rows of a list; the number of the line that cannot be understood.
fn rows(text: &str, folder: &Path) -> Result<Vec<Row>, usize> {
    let mut out = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let cells = cells(line).ok_or(at + 1)?;
        if at == 0 {
            if cells.len() < 3 || cells[..3] != ["id", "path", "dpi"] {
                return Err(1);
            }
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        out.push(row(&cells, folder).ok_or(at + 1)?);
    }
    if out.is_empty() { Err(1) } else { Ok(out) }
}

fn row(cells: &[String], folder: &Path) -> Option<Row> {
    let [id, path, dpi, rest @ ..] = cells else { return None };
    let finger = match rest.first().map_or("", |cell| cell.trim()) {
        "" => None,
        number => Some(FingerPosition::new(number.parse().ok()?).ok()?),
    };
    let beside = folder.join(path);
    let path = if !Path::new(path).exists() && beside.exists() { beside } else { path.into() };
    let id = id.trim();
    (!id.is_empty()).then(|| Some(Row { id: id.to_owned(), path, dpi: dpi.trim().parse().ok()?, finger }))?
}

/// The cells of a line as RFC 4180 quotes them, lines inside quotes excepted; `None` where a quote is left open.
fn cells(line: &str) -> Option<Vec<String>> {
    let mut out = vec![String::new()];
    let (mut quoted, mut rest) = (false, line.chars().peekable());
    while let Some(letter) = rest.next() {
        match letter {
            '"' if quoted && rest.peek() == Some(&'"') => out.last_mut()?.push(rest.next()?),
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            letter => out.last_mut()?.push(letter),
        }
    }
    (!quoted).then_some(out)
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_faults_named_by_line() {
        let read = rows("id,path,dpi,finger\r\np1,\"a,b.png\",500,10\np2,c.png,569\n", Path::new("")).unwrap();
        let finger = FingerPosition::new(10).ok();
        assert_eq!(read[0], Row { id: "p1".into(), path: "a,b.png".into(), dpi: 500, finger });
        assert_eq!(read[1], Row { id: "p2".into(), path: "c.png".into(), dpi: 569, finger: None });
        let check = |text: &str, line: usize| assert_eq!(rows(text, Path::new("")), Err(line), "{text}");
        check("", 1);
        check("id,path,dpi\n", 1);
        check("name,path,dpi\np,a,500\n", 1);
        check("id,path,dpi\np,a,500\np,a,many\n", 3);
        check("id,path,dpi,finger\np,a,500,11\n", 2);
        check("id,path,dpi\np,\"a,500\n", 2);
        check("id,path,dpi\n,a,500\n", 2);
    }
}
