//! Writes the sample report as it is frozen, for whoever checks the program from outside: `frozen [altered | hostile | conference | province]`.

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::io::Write;

fn main() -> std::io::Result<()> {
    let report = match std::env::args().nth(1).as_deref() {
        Some("altered") => sample::report([98_713_820, 80_000_000, 30_000_000, 50_000_000]),
        Some("hostile") => sample::hostile(),
        Some("conference") => sample::conference(),
        Some("province") => sample::province(),
        _ => sample::report(sample::PUBLISHED),
    };
    std::io::stdout().write_all(&report.bytes())
}
