//! Enrols prints of nobody in the gallery of a folder until it is ended, and acknowledges each batch on standard output.
//!
//! `sim-gallery FOLDER FIRST`: the first batch begins with this number. Beside it the files are written anew again and again.

use std::io::Write;
use std::sync::Arc;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, folder, first] = arguments.as_slice() else { std::process::exit(2) };
    if let Err(fault) = enrol(std::path::Path::new(folder), first.parse().unwrap_or(0)) {
        let _ = writeln!(std::io::stderr(), "{fault}");
        std::process::exit(1);
    }
}

#[expect(clippy::disallowed_methods, reason = "the files are written anew now and then, not all the time")]
fn enrol(folder: &std::path::Path, first: u64) -> Result<(), ports::Fault> {
    let gallery = Arc::new(sim::gallery::open(folder, first)?.0);
    let tended = Arc::clone(&gallery);
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(std::time::Duration::from_millis(7));
            if let Err(fault) = tended.flush().and_then(|()| tended.tend()) {
                let _ = writeln!(std::io::stderr(), "{fault}");
                std::process::exit(1);
            }
        }
    });
    let mut next = first;
    loop {
        let batch = 1 + next % 5;
        gallery.enrol((next..next + batch).map(sim::gallery::entry).collect(), next + batch)?;
        next += batch;
        let _ = std::io::stdout().write_all(format!("{next}\n").as_bytes());
        let _ = std::io::stdout().flush();
    }
}
