//! `programme rules`: the rules of attention and the criteria of honours, listed, checked, and written out to be changed.

use crate::installation::{of_services, write_file};
use crate::output::{Exit, Failure, Output};
use crate::rulebook;
use crate::text::t;
use programme::rulebook::{Rulebook, SHIPPED};
use serde_json::json;
use std::path::{Path, PathBuf};

pub(super) fn run(files: &[PathBuf], data: Option<&Path>, write: bool, out: &mut Output) -> Result<(), Failure> {
    let Some(data) = data else {
        let book = rulebook::read_files(files).map_err(|error| of_services(&error))?;
        say(&book, out);
        out.say(t!("rules-checked"), &[("count", files.len().to_string())]);
        out.json(&document(&book, "files"));
        return Ok(());
    };
    if !data.join("keys").is_dir() {
        return Err(Failure::new(Exit::Now, t!("data-none"), vec![("folder", data.display().to_string())]));
    }
    let folder = rulebook::folder(data);
    let named = || vec![("folder", folder.display().to_string())];
    let own = rulebook::files(&folder).map_err(|error| of_services(&error))?;
    if write {
        if !own.is_empty() {
            return Err(Failure::new(Exit::Use, t!("rules-exist"), named()));
        }
        let made = std::fs::create_dir_all(&folder);
        made.map_err(|error| of_services(&ports::Fault::io("rules folder", &error).into()))?;
        for (name, text) in SHIPPED {
            write_file(&folder.join(name), text.as_bytes())?;
        }
        out.say(t!("rules-written"), &[&named()[..], &[("count", SHIPPED.len().to_string())]].concat());
    }
    let book = rulebook::read(data).map_err(|error| of_services(&error))?;
    say(&book, out);
    let shipped = own.is_empty() && !write;
    out.say(if shipped { t!("rules-shipped") } else { t!("rules-own") }, &named());
    out.json(&document(&book, if shipped { "program" } else { "folder" }));
    Ok(())
}

fn say(book: &Rulebook, out: &mut Output) {
    for rule in &book.rules {
        let arguments = [
            ("name", rule.name.clone()),
            ("kind", rule.kind.name().to_owned()),
            ("bound", rule.bound().to_string()),
            ("measures", rule.measures.join(", ")),
            ("to", rule.to.clone()),
            ("days", rule.within_days.to_string()),
        ];
        out.say(t!("rules-line"), &arguments);
    }
    let criteria = &book.criteria;
    let arguments = [
        ("progress", criteria.progress.to_string()),
        ("quality", criteria.quality.to_string()),
        ("improvement", criteria.improvement.to_string()),
        ("terrain", criteria.terrain.to_string()),
        ("places", criteria.places.to_string()),
    ];
    out.say(t!("rules-honours"), &arguments);
}

fn document(book: &Rulebook, from: &str) -> serde_json::Value {
    json!({ "from": from, "rules": book.rules, "honours": book.criteria, "ground": book.ground })
}
