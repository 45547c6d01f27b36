//! `fingerprint compare --batch`: lines `pathA<TAB>pathB<TAB>dpiA<TAB>dpiB` in, one score a line out.
//!
//! Invariant: exactly one line out for each line in, in order; `nan` where the comparison could not be made, whatever
//! the reason, for a caller that counts lines must not lose its place.
//! A caller may write one line and wait for its score: only what has arrived already is worked on together.
//! Start reading at [`run`].

use super::prepared;
use crate::output::{Failure, Output};
use fingerprint::Prepared;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

/// Prints that are kept at a time, about 12 KB each.
const KEPT_MAX: usize = 20_000;
/// Bytes of lines taken together.
const TOGETHER_BYTES: usize = 1 << 20;
/// The longest line that is read.
const LINE_BYTES_MAX: u64 = 16 * 1024;

/// A file and its resolution in dots per inch.
type Source = (PathBuf, u32);

pub(super) fn run(out: &mut Output) -> Result<(), Failure> {
    let mut input = BufReader::with_capacity(TOGETHER_BYTES, std::io::stdin());
    let mut known: HashMap<Source, Option<Prepared>> = HashMap::new();
    let mut scores = Vec::new();
    loop {
        let mut lines = Vec::new();
        while let Some(line) = line(&mut input) {
            lines.push(sources(&line));
            if !input.buffer().contains(&b'\n') {
                break;
            }
        }
        if lines.is_empty() {
            break;
        }
        if known.len() > KEPT_MAX {
            known.clear();
        }
        let new: HashSet<&Source> =
            lines.iter().flatten().flatten().filter(|source| !known.contains_key(*source)).collect();
        let new: Vec<(Source, Option<Prepared>)> =
            new.into_par_iter().map(|source| (source.clone(), prepared(&source.0, Some(source.1)).ok())).collect();
        known.extend(new);
        let together: Vec<Option<f32>> = lines
            .par_iter()
            .map(|line| {
                let [a, b] = line.as_ref()?;
                Some(known.get(a)?.as_ref()?.compare(known.get(b)?.as_ref()?))
            })
            .collect();
        if out.json {
            scores.extend(together);
        } else {
            together.iter().for_each(|score| out.line(&score.map_or("nan".to_owned(), |score| score.to_string())));
        }
    }
    out.json(&serde_json::json!({ "scores": scores }));
    Ok(())
}

/// The next line without its end; `None` at the end of the input. What is too long is cut, and so names no file.
fn line(input: &mut impl BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    let read = std::io::Read::take(&mut *input, LINE_BYTES_MAX).read_until(b'\n', &mut bytes).ok()?;
    if read as u64 == LINE_BYTES_MAX && bytes.last() != Some(&b'\n') {
        input.skip_until(b'\n').ok()?;
    }
    (read > 0).then(|| String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned())
}

/// The two prints of a line; without resolutions, both are taken as 500 dpi.
fn sources(line: &str) -> Option<[Source; 2]> {
    let mut fields = line.split('\t');
    let (a, b) = (fields.next()?, fields.next()?);
    let mut dpi = || fields.next().map_or(Some(500), |text| text.trim().parse().ok());
    Some([(a.into(), dpi()?), (b.into(), dpi()?)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_one_by_one_and_long_ones_do_not_shift_the_rest() {
        let mut input = Vec::from("a\tb\t500\t569\r\n\n");
        input.extend(vec![b'x'; 2 * LINE_BYTES_MAX as usize]);
        input.extend(b"\nc\td");
        let mut input = input.as_slice();
        let first = line(&mut input).unwrap();
        assert_eq!(sources(&first), Some([("a".into(), 500), ("b".into(), 569)]));
        assert_eq!(sources(&line(&mut input).unwrap()), None);
        assert_eq!(sources(&line(&mut input).unwrap()), None);
        assert_eq!(sources(&line(&mut input).unwrap()), Some([("c".into(), 500), ("d".into(), 500)]));
        assert_eq!(line(&mut input), None);
    }
}
