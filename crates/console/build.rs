//! Embeds what `cargo xtask web` has built: the script and the fonts. Without them the pages are complete all the same.

#![expect(clippy::disallowed_methods, reason = "a build script is told where it is through the environment")]

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("set by cargo"));
    let built = here.join("web/dist");
    println!("cargo:rerun-if-changed=web/dist");
    println!("cargo:rerun-if-changed=build.rs");
    let mut names: Vec<PathBuf> = fs::read_dir(&built)
        .map(|entries| entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect())
        .unwrap_or_default();
    names.sort();
    let mut list = String::from("&[");
    for path in names {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        list.push_str(&format!("({name:?}, include_bytes!({:?}) as &[u8]),", path.display().to_string()));
    }
    list.push(']');
    fs::write(out.join("built.rs"), list).expect("OUT_DIR can be written");
}
