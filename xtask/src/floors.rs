//! The floors: a crate depends only on lower floors. Checked from the manifests, and drawn for ARCHITECTURE.md.

use crate::{REPORT, cargo, root};
use std::collections::BTreeMap;

/// The floors from the ground up.
const FLOORS: [&str; 7] = ["ground", "engines", "domain", "ports", "services", "edges", "roof"];
const BEGIN: &str = "<!-- floors: drawn by `cargo xtask floors --write` -->";
const END: &str = "<!-- end of floors -->";

struct Crate {
    floor: usize,
    needs: Vec<String>,
}

/// Checks the floors and that the drawing is current; with `write` draws it anew.
pub(crate) fn floors(write: bool) -> Result<(), String> {
    let crates = crates()?;
    let faults = faults(&crates);
    if !faults.is_empty() {
        return Err(faults.join("\n"));
    }
    let path = root().join("ARCHITECTURE.md");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("ARCHITECTURE.md: {error}"))?;
    let (before, rest) = text.split_once(BEGIN).ok_or("ARCHITECTURE.md has no place for the floors")?;
    let (_, after) = rest.split_once(END).ok_or("ARCHITECTURE.md: the floors do not end")?;
    let drawn = format!("{before}{BEGIN}\n\n{}\n{END}{after}", draw(&crates));
    if write {
        return std::fs::write(&path, drawn).map_err(|error| format!("ARCHITECTURE.md: {error}"));
    }
    if drawn == text { Ok(()) } else { Err("ARCHITECTURE.md is out of date: cargo xtask floors --write".into()) }
}

fn crates() -> Result<BTreeMap<String, Crate>, String> {
    let mut packages = packages("Cargo.toml")?;
    packages.extend(self::packages(REPORT)?);
    let mut all = BTreeMap::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default().to_owned();
        let floor = package["metadata"]["vandan"]["floor"].as_str().unwrap_or_default();
        let floor = FLOORS.iter().position(|known| *known == floor).ok_or(format!("{name} states no floor"))?;
        let dependencies = package["dependencies"].as_array().into_iter().flatten();
        // Test suites may look anywhere below the roof; what is built may not.
        let needs = dependencies.filter(|dependency| dependency["kind"].is_null() && dependency["path"].is_string());
        let needs = needs.filter_map(|dependency| dependency["name"].as_str().map(str::to_owned)).collect();
        all.insert(name, Crate { floor, needs });
    }
    Ok(all)
}

/// The packages of a workspace.
fn packages(manifest: &str) -> Result<Vec<serde_json::Value>, String> {
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--manifest-path", manifest];
    let output = cargo().args(arguments).output().map_err(|error| error.to_string())?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    Ok(metadata["packages"].as_array().ok_or("cargo metadata names no packages")?.clone())
}

/// Every dependency that does not go downward.
fn faults(crates: &BTreeMap<String, Crate>) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, one) in crates {
        for need in &one.needs {
            if crates.get(need).is_some_and(|other| other.floor >= one.floor) {
                faults.push(format!("{name} ({}) depends on {need}, which is not on a lower floor", FLOORS[one.floor]));
            }
        }
    }
    faults
}

fn draw(crates: &BTreeMap<String, Crate>) -> String {
    let mut text = String::from("```text\n");
    for (floor, title) in FLOORS.iter().enumerate().rev() {
        let names: Vec<&str> =
            crates.iter().filter(|(_, one)| one.floor == floor).map(|(name, _)| name.as_str()).collect();
        text.push_str(&format!("{title:<10}{}\n", names.join("  ")));
    }
    text.push_str("```\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crate_depends_on_lower_floors_only_and_the_drawing_is_current() {
        if let Err(fault) = floors(false) {
            panic!("{fault}");
        }
    }

    #[test]
    fn an_arrow_upward_is_a_fault() {
        let one = |floor, needs: &[&str]| Crate { floor, needs: needs.iter().map(|need| (*need).to_owned()).collect() };
        let crates = BTreeMap::from([
            ("low".to_owned(), one(0, &["high"])),
            ("high".to_owned(), one(2, &["low"])),
            ("beside".to_owned(), one(2, &["high"])),
        ]);
        assert_eq!(faults(&crates).len(), 2);
    }
}
