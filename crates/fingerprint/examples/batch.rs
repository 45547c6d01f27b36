//! Reads `pathA<TAB>pathB<TAB>dpiA<TAB>dpiB` lines, prints one score a line; `nan` where a template could not be made.
#![expect(clippy::print_stdout, reason = "an example that prints is the purpose")]

use fingerprint::{Prepared, decode, extract};
use std::collections::HashMap;
use std::io::BufRead;

fn main() {
    let mut known: HashMap<(String, u32), Option<Prepared>> = HashMap::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let fields: Vec<&str> = line.split('\t').collect();
        let mut keys = Vec::new();
        for (path, dpi) in [(0, 2), (1, 3)] {
            let key = (fields[path].to_owned(), fields[dpi].parse().unwrap_or(500));
            known.entry(key.clone()).or_insert_with(|| prepare(&key.0, key.1));
            keys.push(key);
        }
        match (&known[&keys[0]], &known[&keys[1]]) {
            (Some(a), Some(b)) => println!("{}", a.compare(b)),
            _ => println!("nan"),
        }
    }
}

fn prepare(path: &str, dpi: u32) -> Option<Prepared> {
    let image = decode(&std::fs::read(path).ok()?).ok()?;
    Some(Prepared::new(&extract(image, dpi).ok()?.template))
}
