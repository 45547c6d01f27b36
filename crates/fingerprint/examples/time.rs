//! CPU time of one thread for each extraction, and for each comparison of prints as they are stored: `time FOLDER` with FVC2002 set B.
//!
//! As `bench/fingerprint` times its peer: one probe against all prints, the probe made ready once, each candidate from its stored form.
#![expect(clippy::print_stdout, reason = "an example that prints is the purpose")]

mod common;

use common::{DATABASES, name};
use fingerprint::search::{Form, Probe, Simd};
use fingerprint::{Prepared, Template, decode, extract};
use std::path::Path;

fn main() {
    let Some(folder) = std::env::args().nth(1) else { return println!("time FOLDER") };
    let (mut templates, mut extraction) = (Vec::new(), Vec::new());
    for (database, (_, dpi)) in DATABASES.iter().enumerate() {
        for print in 0..80 {
            let file = Path::new(&folder).join(name(database, print)).with_extension("tif");
            let image = decode(&std::fs::read(file).expect("the set is complete")).expect("an image");
            let begun = cpu_ms();
            templates.push(extract(image, *dpi).expect("a print").template);
            extraction.push(cpu_ms() - begun);
        }
    }
    extraction.sort_by(f64::total_cmp);
    let forms: Vec<Form> = templates.iter().map(Form::new).collect();
    let stored: Vec<Vec<u8>> = templates.iter().map(Template::to_bytes).collect();
    let probes = || (0..templates.len()).step_by(8);
    let pairs = (probes().count() * templates.len()) as f64;
    let begun = cpu_ms();
    let mut sum = 0.0;
    for probe in probes() {
        let probe = Prepared::new(&templates[probe]);
        for candidate in &forms {
            sum += probe.compare(&Prepared::new(&candidate.template()));
        }
    }
    let decision = (cpu_ms() - begun) / pairs;
    let begun = cpu_ms();
    let mut ranks = 0;
    for probe in probes() {
        let probe = Probe::new(&forms[probe], Simd::best());
        ranks += forms.iter().map(|form| i64::from(probe.rank(form))).sum::<i64>();
    }
    let ranking = (cpu_ms() - begun) / pairs;
    assert!(sum.is_finite() && ranks != 0);
    println!(
        "{{\"engine\":\"vandan\",\"extract_p50_ms\":{:.2},\"extract_p99_ms\":{:.2},\"decision_us\":{:.1},\"ranking_us\":{:.1},\"template_bytes_max\":{},\"form_bytes_max\":{}}}",
        extraction[extraction.len() / 2],
        extraction[extraction.len() * 99 / 100],
        decision * 1000.0,
        ranking * 1000.0,
        stored.iter().map(Vec::len).max().unwrap_or(0),
        forms.iter().map(|form| form.to_bytes().len()).max().unwrap_or(0),
    );
}

/// Milliseconds of this thread.
fn cpu_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux says it");
    text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).expect("a number") / 1e6
}
