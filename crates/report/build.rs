//! Embeds what `cargo xtask report` has fetched and laid into `web/dist`: the shapes of the provinces and the fonts.
//! Without them the report has no map, and its letters are those of the typesetter.

#![expect(clippy::disallowed_methods, reason = "a build script is told where it is through the environment")]

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("set by cargo"));
    println!("cargo:rerun-if-changed=web/dist");
    println!("cargo:rerun-if-changed=build.rs");
    let shapes = here.join("web/dist/shapes.json");
    let bytes =
        if shapes.is_file() { format!("include_bytes!({:?})", shapes.display().to_string()) } else { "b\"\"".into() };
    let text = format!(
        "/// The shapes, as JSON; nothing where the program was built without them.\nstatic SHAPES: &[u8] = {bytes};\n"
    );
    fs::write(out.join("shapes.rs"), text).expect("OUT_DIR can be written");
    let entries = fs::read_dir(here.join("web/dist")).into_iter().flatten();
    let mut fonts: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    fonts.retain(|path| path.extension().is_some_and(|ending| ending == "ttf"));
    fonts.sort();
    let list: Vec<String> =
        fonts.iter().map(|path| format!("include_bytes!({:?})", path.display().to_string())).collect();
    let text = format!(
        "/// Fonts in the measures that the administrative form asks for.\nstatic FETCHED: &[&[u8]] = &[{}];\n",
        list.join(", ")
    );
    fs::write(out.join("fonts.rs"), text).expect("OUT_DIR can be written");
}
