//! `fingerprint identify`: a list of persons searched among another list of persons.
//!
//! A list is a CSV file `id,path,dpi[,finger]` with a heading; the rows of one id are one person. A path is taken from
//! where the command runs, or from the list's own folder. A print without a finger is compared with every finger.
//! Among many persons the search goes in stages (`fingerprint::search`), unless it is asked to be exhaustive.
//! A file that holds no usable print is a missing finger, and is counted; a file that is not there is an error.
//! Start reading at [`identify`].

use super::template;
use crate::installation::{read_file, write_file};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use fingerprint::search::{Form, Forms, People, Simd};
use fingerprint::{Candidate, FingerPosition, Gallery, Person, Template};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The longest list that is read, in bytes.
const LIST_BYTES_MAX: u64 = 256 << 20;
/// Among fewer persons everybody is compared: it takes no longer, and finds more.
const STAGED_MIN: usize = 1_000;

/// The usable prints of a person.
type Prints = Vec<(Option<FingerPosition>, Template)>;

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
    exhaustive: bool,
    threads: Option<usize>,
    out: &mut Output,
) -> Result<(), Failure> {
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let (enrolled, missing_gallery) = people(gallery, out)?;
    let (probes, missing_probes) = people(probes, out)?;
    let staged = !exhaustive && enrolled.len() >= STAGED_MIN;
    let everybody = Everybody::new(enrolled, staged);
    let bar = out.progress(probes.len() as u64, t!("fingerprint-step-search"));
    let mut text = String::from("probe_id,rank,candidate_id,score\n");
    let mut hits = 0;
    for (id, prints) in &probes {
        let found = everybody.search(prints, top, threads);
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
        ("persons", out.language.count(everybody.persons.len() as u64)),
        ("hits", out.language.count(hits as u64)),
        ("missing", out.language.count(missing as u64)),
        ("file", file.display().to_string()),
    ];
    out.say(t!("fingerprint-identified"), &arguments);
    out.json(&serde_json::json!({
        "probes": probes.len(), "persons": everybody.persons.len(), "staged": staged, "hits": hits, "prints_unusable": missing, "out": file,
    }));
    Ok(())
}

/// The enrolled, and the index of those who are searched in stages.
struct Everybody {
    persons: Gallery<String>,
    index: Option<(People, Vec<String>)>,
}

impl Everybody {
    fn new(enrolled: BTreeMap<String, Prints>, staged: bool) -> Self {
        let index = staged.then(|| {
            let all: Vec<Forms> = enrolled.values().map(forms).collect();
            (People::new(&all, Simd::best()), enrolled.keys().cloned().collect())
        });
        let mut persons = Gallery::new();
        enrolled.into_iter().for_each(|(id, prints)| persons.enrol(id, person(&prints)));
        Self { persons, index }
    }

    /// The most alike persons. Those whom the stages found are compared by their templates as in an exhaustive search.
    fn search(&self, prints: &Prints, top: usize, threads: usize) -> Vec<Candidate<String>> {
        let probe = person(prints);
        let Some((people, ids)) = &self.index else {
            return fingerprint::identify(&self.persons, &probe, top, threads);
        };
        let searched = people.search(&forms(prints), top, Simd::best());
        let found = searched.candidates.into_iter().filter_map(|candidate| {
            let id = ids.get(candidate.id as usize)?;
            Some(Candidate { id: id.clone(), fused: probe.compare(self.persons.get(id)?) })
        });
        let mut found: Vec<Candidate<String>> = found.collect();
        found.sort_by(|a, b| b.fused.score.total_cmp(&a.fused.score).then_with(|| a.id.cmp(&b.id)));
        found
    }
}

fn person(prints: &Prints) -> Person {
    Person::new(prints.iter().map(|(position, template)| (*position, template)))
}

fn forms(prints: &Prints) -> Forms {
    prints.iter().map(|(position, template)| (*position, Form::new(template))).collect()
}

/// The persons of a list, and how many of its prints could not be used.
fn people(list: &Path, out: &Output) -> Result<(BTreeMap<String, Prints>, usize), Failure> {
    let read = templates(list, out)?;
    let missing = read.iter().filter(|(_, template)| template.is_none()).count();
    let mut persons: BTreeMap<String, Prints> = BTreeMap::new();
    for (row, template) in read {
        let prints = persons.entry(row.id).or_default();
        prints.extend(template.map(|template| (row.finger, template)));
    }
    Ok((persons, missing))
}

/// The captures of each person of a list: the first rows of their fingers, the second, and so on. Rows without a finger are the first
/// finger's; those of fingers beyond `fingers` are left out, as are captures without a usable print.
pub(super) fn captures(list: &Path, fingers: u8, out: &Output) -> Result<Vec<Vec<Forms>>, Failure> {
    let mut persons: BTreeMap<String, Vec<Forms>> = BTreeMap::new();
    let mut seen: BTreeMap<(String, u8), usize> = BTreeMap::new();
    for (row, template) in templates(list, out)? {
        let number = row.finger.map_or(1, FingerPosition::number);
        let capture = seen.entry((row.id.clone(), number)).or_default();
        if number <= fingers {
            let captures = persons.entry(row.id).or_default();
            captures.resize(captures.len().max(*capture + 1), Forms::new());
            let form = template.map(|template| (FingerPosition::new(number).ok(), Form::new(&template)));
            captures[*capture].extend(form);
        }
        *capture += 1;
    }
    let mut all: Vec<Vec<Forms>> = persons.into_values().collect();
    all.iter_mut().for_each(|captures| captures.retain(|forms| !forms.is_empty()));
    all.retain(|captures| captures.len() > 1);
    if all.is_empty() {
        let arguments = vec![("file", list.display().to_string())];
        return Err(Failure::new(Exit::Input, t!("fingerprint-nobody-twice"), arguments));
    }
    Ok(all)
}

/// The rows of a list, each with its template where there is a usable print.
fn templates(list: &Path, out: &Output) -> Result<Vec<(Row, Option<Template>)>, Failure> {
    let bytes = read_file(list, LIST_BYTES_MAX)?;
    let rows =
        rows(&String::from_utf8_lossy(&bytes), list.parent().unwrap_or(Path::new(""))).map_err(|(line, column)| {
            let at = [("file", list.display().to_string()), ("line", line.to_string()), ("column", column.to_owned())];
            Failure::new(Exit::Input, t!("fingerprint-list-form"), at.to_vec())
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
    Ok(rows.into_iter().zip(templates?).collect())
}

/// The line, and the column in it, that cannot be understood.
type Fault = (usize, &'static str);

/// The rows of a list.
fn rows(text: &str, folder: &Path) -> Result<Vec<Row>, Fault> {
    let mut out = Vec::new();
    for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let cells = cells(line).ok_or((at + 1, "\""))?;
        if at == 0 {
            if cells.len() < 3 || cells[..3] != ["id", "path", "dpi"] {
                return Err((1, "id,path,dpi"));
            }
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        out.push(row(&cells, folder).map_err(|column| (at + 1, column))?);
    }
    if out.is_empty() { Err((2, "id")) } else { Ok(out) }
}

fn row(cells: &[String], folder: &Path) -> Result<Row, &'static str> {
    let [id, path, dpi, rest @ ..] = cells else { return Err("dpi") };
    let finger = match rest.first().map_or("", |cell| cell.trim()) {
        "" => None,
        number => Some(number.parse().ok().and_then(|number| FingerPosition::new(number).ok()).ok_or("finger")?),
    };
    let beside = folder.join(path);
    let path = if !Path::new(path).exists() && beside.exists() { beside } else { path.into() };
    let (id, dpi) = (id.trim(), dpi.trim().parse().map_err(|_| "dpi")?);
    if id.is_empty() { Err("id") } else { Ok(Row { id: id.to_owned(), path, dpi, finger }) }
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
    fn lists_are_read_and_faults_named_by_line_and_column() {
        let read = rows("id,path,dpi,finger\r\np1,\"a,b.png\",500,10\np2,c.png,569\n", Path::new("")).unwrap();
        let finger = FingerPosition::new(10).ok();
        assert_eq!(read[0], Row { id: "p1".into(), path: "a,b.png".into(), dpi: 500, finger });
        assert_eq!(read[1], Row { id: "p2".into(), path: "c.png".into(), dpi: 569, finger: None });
        let check = |text: &str, fault: Fault| assert_eq!(rows(text, Path::new("")), Err(fault), "{text}");
        check("", (2, "id"));
        check("id,path,dpi\n", (2, "id"));
        check("name,path,dpi\np,a,500\n", (1, "id,path,dpi"));
        check("id,path,dpi\np,a,500\np,a,many\n", (3, "dpi"));
        check("id,path,dpi,finger\np,a,500,11\n", (2, "finger"));
        check("id,path,dpi\np,\"a,500\n", (2, "\""));
        check("id,path,dpi\n,a,500\n", (2, "id"));
        check("id,path,dpi\np,a\n", (2, "dpi"));
    }
}
