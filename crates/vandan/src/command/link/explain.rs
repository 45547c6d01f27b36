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
            let said = links.explain(pair);
            let rival = Key::find(&format!("rival-{}", said.rival.code())).map(|key| out.text(key, &[]));
            let arguments = [("rival", rival.unwrap_or_default()), ("bits", bits(said.before, out))];
            let _ = writeln!(text, "- {}", out.text(t!("link-explain-before"), &arguments));
            let mut evidence = said.evidence;
            evidence.sort_by(|x, y| y.bits.abs().total_cmp(&x.bits.abs()));
            for one in evidence {
                let words: Vec<String> = one
                    .fields
                    .iter()
                    .map(|(at, alike)| {
                        let cell = |record: u32| {
                            wanted.get(&record).and_then(|cells| cells.get(*at)).map_or("", |cell| cell.trim())
                        };
                        let alike = Key::find(&format!("alike-{}", alike.code())).map(|key| out.text(key, &[]));
                        let arguments = [
                            ("field", field(records, *at, out)),
                            ("alike", alike.unwrap_or_default()),
                            ("a", cell(pair.a).to_owned()),
                            ("b", cell(pair.b).to_owned()),
                        ];
                        out.text(t!("link-explain-field"), &arguments)
                    })
                    .collect();
                let _ = writeln!(text, "- **{}** {}", bits(one.bits, out), words.join("; "));
            }
        }
        text.push('\n');
    }
    Ok(text)
}

/// Bits with their sign; nothing is neither for nor against.
fn bits(bits: f64, out: &Output) -> String {
    let bits = (bits * 10.0).round() / 10.0 + 0.0;
    format!("{}{}", if bits > 0.0 { "+" } else { "" }, out.language.number(bits, 1))
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
