//! Merges and refused pairs in words: those that were hardest to decide, for a clerk to read.

use super::records::{Description, Records};
use crate::output::{Failure, Output};
use crate::text::{Key, t};
use linkage::{Links, Pair};
use std::collections::HashMap;
use std::fmt::Write;
use std::path::PathBuf;

/// How many of each are shown.
const SHOWN: usize = 10;

/// Ten merges and ten refused pairs, the least certain first, each with its cells and what they say.
pub(super) fn explain(
    files: &[PathBuf],
    description: &Description,
    records: &Records,
    links: &Links,
    out: &Output,
) -> Result<String, Failure> {
    let merged = |pair: &&Pair| links.cluster[pair.a as usize] == links.cluster[pair.b as usize];
    let merges: Vec<&Pair> = links.pairs.iter().rev().filter(merged).take(SHOWN).collect();
    let refused: Vec<&Pair> = links.pairs.iter().filter(|pair| !merged(pair)).take(SHOWN).collect();
    let mut wanted: HashMap<u32, Vec<String>> = HashMap::new();
    for pair in merges.iter().chain(&refused) {
        wanted.extend([(pair.a, Vec::new()), (pair.b, Vec::new())]);
    }
    let mut at = 0;
    description.each(files, &mut |_, cells| {
        if let Some(own) = wanted.get_mut(&at) {
            *own = cells.iter().map(|cell| (*cell).to_owned()).collect();
        }
        at += 1;
    })?;
    let mut text = String::new();
    for (key, pairs) in [(t!("link-explain-merged"), merges), (t!("link-explain-refused"), refused)] {
        let _ = writeln!(text, "# {}", out.text(key, &[("count", pairs.len().to_string())]));
        for pair in pairs {
            let arguments = [
                ("a", records.id(pair.a).to_owned()),
                ("b", records.id(pair.b).to_owned()),
                ("percent", out.language.number(pair.probability * 100.0, 2)),
            ];
            let _ = writeln!(text, "\n## {}\n", out.text(t!("link-explain-pair"), &arguments));
            let mut said = links.evidence(pair);
            said.sort_by(|x, y| y.bits.abs().total_cmp(&x.bits.abs()));
            for one in said {
                let cell = |at: u32| wanted.get(&at).and_then(|cells| cells.get(one.field)).map_or("", String::as_str);
                // Nothing is neither for nor against.
                let bits = (one.bits * 10.0).round() / 10.0 + 0.0;
                let alike = Key::find(&format!("alike-{}", one.alike.code())).map(|key| out.text(key, &[]));
                let arguments = [
                    ("field", field(records, one.field, out)),
                    ("alike", alike.unwrap_or_default()),
                    ("a", cell(pair.a).trim().to_owned()),
                    ("b", cell(pair.b).trim().to_owned()),
                    ("bits", format!("{}{}", if bits > 0.0 { "+" } else { "" }, out.language.number(bits, 1))),
                ];
                let _ = writeln!(text, "- {}", out.text(t!("link-explain-field"), &arguments));
            }
        }
        text.push('\n');
    }
    Ok(text)
}

/// A field's name: what the register calls it, or what the description does.
fn field(records: &Records, at: usize, out: &Output) -> String {
    let name = &records.table.spec().fields[at].name;
    let known = match name.as_str() {
        "full_name" => "name",
        "birth_date" => "birth",
        "birth_province" => "birth-province",
        "home_town" => "home-town",
        "res_ward" => "ward",
        "res_address" => "address",
        "id9" => "old-number",
        "pin12" => "number",
        "father_name" => "father",
        "mother_name" => "mother",
        "household_no" => "household",
        name => name,
    };
    Key::find(&format!("weight-{known}")).map_or_else(|| name.clone(), |key| out.text(key, &[]))
}
