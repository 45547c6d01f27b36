//! The Debian package, and the list of what the program is made of (SBOM).

use crate::{cargo, root, run, say, target_folder};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;

/// Builds the package: the program, its unit, the account it runs as, and what is written about it.
pub(crate) fn package() -> Result<(), String> {
    let ready = cargo().args(["deb", "--version"]).output().is_ok_and(|output| output.status.success());
    if !ready {
        return Err("cargo-deb is needed: cargo install cargo-deb --locked".into());
    }
    unit()?;
    run(cargo().args(["deb", "--package", "vandan", "--locked"]))
}

/// Asks systemd whether the unit is one, and how much of the machine it leaves open.
pub(crate) fn unit() -> Result<(), String> {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        say("the unit was not checked: systemd-analyze is not on this machine");
        return Ok(());
    }
    let unit = root().join("packaging/vandan.service");
    let output =
        Command::new("systemd-analyze").arg("verify").arg(&unit).output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // The program it names is not installed where the package is built; everything else counts.
    let faults: Vec<&str> =
        said.lines().filter(|line| line.contains("vandan.service") && !line.contains("is not executable")).collect();
    if !faults.is_empty() {
        return Err(format!("packaging/vandan.service:\n  {}", faults.join("\n  ")));
    }
    let threshold = format!("--threshold={EXPOSURE_MAX}");
    run(Command::new("systemd-analyze").args(["security", "--offline=true", &threshold, "--no-pager"]).arg(&unit))
}

/// The most exposure that the unit may have, in tenths, as `systemd-analyze security` counts it.
const EXPOSURE_MAX: u32 = 20;

/// Writes the bill of materials in CycloneDX 1.6: every package that the program is built of, from the lock file.
pub(crate) fn sbom() -> Result<(), String> {
    let arguments = ["metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"];
    let output = cargo().args(arguments).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let bill = bill(&metadata).ok_or("vandan is not in the workspace")?;
    let count = bill["components"].as_array().map_or(0, Vec::len);
    let folder = root().join(target_folder());
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let file = folder.join("vandan.cdx.json");
    let text = serde_json::to_string_pretty(&bill).map_err(|error| error.to_string())?;
    std::fs::write(&file, text + "\n").map_err(|error| error.to_string())?;
    say(&format!("{}: {count} components", file.display()));
    Ok(())
}

/// The bill of the program `vandan`, without what only building and testing need.
fn bill(metadata: &Value) -> Option<Value> {
    let packages = metadata["packages"].as_array()?;
    let nodes = metadata["resolve"]["nodes"].as_array()?;
    let program = packages.iter().find(|one| one["name"] == "vandan")?["id"].as_str()?;
    let (mut known, mut waiting) = (BTreeSet::from([program]), vec![program]);
    let mut dependencies = Vec::new();
    while let Some(id) = waiting.pop() {
        let node = nodes.iter().find(|node| node["id"] == id)?;
        let mut below = BTreeSet::new();
        for one in node["deps"].as_array()? {
            // A kind of null is a dependency of the program itself; `build` and `dev` are not in it.
            let ships = one["dep_kinds"].as_array()?.iter().any(|kind| kind["kind"].is_null());
            if let Some(id) = one["pkg"].as_str().filter(|_| ships) {
                below.insert(id);
                if known.insert(id) {
                    waiting.push(id);
                }
            }
        }
        let below: Vec<String> = below.into_iter().filter_map(|id| reference(packages, id)).collect();
        dependencies.push(json!({ "ref": reference(packages, id)?, "dependsOn": below }));
    }
    dependencies.sort_by_key(|one| one["ref"].to_string());
    let mut components: Vec<Value> =
        known.iter().filter(|id| **id != program).filter_map(|id| component(packages, id)).collect();
    components.sort_by_key(|one| one["bom-ref"].to_string());
    Some(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": component(packages, program)? },
        "components": components,
        "dependencies": dependencies,
    }))
}

fn package_of<'a>(packages: &'a [Value], id: &str) -> Option<&'a Value> {
    packages.iter().find(|one| one["id"] == id)
}

/// The package in the bill.
fn reference(packages: &[Value], id: &str) -> Option<String> {
    let one = package_of(packages, id)?;
    Some(format!("pkg:cargo/{}@{}", one["name"].as_str()?, one["version"].as_str()?))
}

fn component(packages: &[Value], id: &str) -> Option<Value> {
    let (one, reference) = (package_of(packages, id)?, reference(packages, id)?);
    let mut component = json!({
        "type": if one["name"] == "vandan" { "application" } else { "library" },
        "bom-ref": reference,
        "name": one["name"],
        "version": one["version"],
    });
    // Our own crates are in no registry, though one there may have the same name.
    if !one["source"].is_null() {
        component["purl"] = json!(reference);
    }
    if let Some(licence) = one["license"].as_str() {
        // The older way to write a choice is not an SPDX expression.
        component["licenses"] = json!([{ "expression": licence.replace('/', " OR ") }]);
    }
    Some(component)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bill_holds_what_ships_and_nothing_else() {
        let package = |name: &str| json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0" });
        let packages = ["vandan", "a", "b", "tool", "check"].map(package);
        let dep = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": packages,
            "resolve": { "nodes": [
                { "id": "vandan", "deps": [dep("a", Value::Null), dep("tool", "build".into()), dep("check", "dev".into())] },
                { "id": "a", "deps": [dep("b", Value::Null)] },
                { "id": "b", "deps": [] },
            ] },
        });
        let bill = bill(&metadata).unwrap();
        let names: Vec<&Value> = bill["components"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(bill["components"][0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert!(bill["components"][0]["purl"].is_null(), "it has no source");
        assert_eq!(
            bill["dependencies"][2],
            json!({ "ref": "pkg:cargo/vandan@1.0.0", "dependsOn": ["pkg:cargo/a@1.0.0"] })
        );
    }
}
