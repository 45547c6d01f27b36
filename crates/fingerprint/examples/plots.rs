//! Draws the plots of `docs/fingerprint.md`: `plots FOLDER OUT [BENCH.json...]`, with FVC2002 set B in FOLDER.
//!
//! `det.svg`: misses against false matches, by images and by records. `penetration.svg`: how many mates the index has named when so
//! large a share of 65,536 prints is looked at. `latency.svg`: from what `vandan fingerprint bench --json` printed, one file a gallery.
#![expect(clippy::print_stdout, reason = "an example that prints is the purpose")]

mod common;

use common::{DATABASES, IMPRESSIONS, name};
use fingerprint::scale::Finger;
use fingerprint::search::{Form, Index, Probe, Simd};
use fingerprint::{Prepared, Template, decode, extract};
use std::fmt::Write as _;
use std::path::Path;

const GALLERY: u64 = 65_536;
const COLOURS: [&str; 2] = ["#0b5d8a", "#b3541e"];
const FRAME: (f64, f64, f64, f64) = (64.0, 16.0, 540.0, 300.0);

/// A line of a plot: what it is, and its points in the units of the axes.
struct Line {
    title: String,
    points: Vec<(f64, f64)>,
}

/// An axis by powers of ten, or by equal steps.
struct Axis {
    title: &'static str,
    from: f64,
    to: f64,
    ticks: Vec<(f64, String)>,
    powers: bool,
}

impl Axis {
    fn powers(title: &'static str, from: i32, to: i32) -> Self {
        let ticks = (from..=to).map(|power| (10f64.powi(power), power_of_ten(power))).collect();
        Self { title, from: 10f64.powi(from), to: 10f64.powi(to), ticks, powers: true }
    }

    fn steps(title: &'static str, ticks: &[f64]) -> Self {
        let (from, to) = (ticks.first().copied().unwrap_or(0.0), ticks.last().copied().unwrap_or(1.0));
        Self { title, from, to, ticks: ticks.iter().map(|tick| (*tick, tick.to_string())).collect(), powers: false }
    }

    /// Where a value lies, from 0 to 1.
    fn share(&self, value: f64) -> f64 {
        let of = |value: f64| if self.powers { value.max(self.from).ln() } else { value };
        ((of(value) - of(self.from)) / (of(self.to) - of(self.from))).clamp(0.0, 1.0)
    }
}

/// A power of ten as it is set.
fn power_of_ten(power: i32) -> String {
    let digits = power.to_string();
    let raised = digits.chars().map(|digit| match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => char::from_u32('⁰' as u32 + u32::from(digit) - u32::from('0')).unwrap_or(digit),
    });
    format!("10{}", raised.collect::<String>())
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, folder, out, benches @ ..] = &arguments[..] else { return println!("plots FOLDER OUT [BENCH.json...]") };
    let write = |file: &str, text: String| {
        std::fs::write(Path::new(out).join(file), text).expect("the file can be written");
        println!("{file}");
    };
    let kinds = [("images", true), ("records", false)];
    let templates = kinds.map(|(_, images)| templates(Path::new(folder), images));
    let det = kinds.iter().zip(&templates).map(|((title, _), all)| det(title, all)).collect();
    let rates = [0.0, 2.0, 4.0, 6.0, 8.0, 10.0];
    write(
        "det.svg",
        drawn(Axis::powers("false match rate", -4, -1), Axis::steps("false non-match rate, %", &rates), det),
    );
    let found = kinds.iter().zip(&templates).map(|((title, _), all)| penetration(title, all)).collect();
    let shares = [0.80, 0.85, 0.90, 0.95, 1.0];
    write(
        "penetration.svg",
        drawn(
            Axis::powers("share of the gallery", -4, -2),
            Axis::steps("share of mates above the threshold", &shares),
            found,
        ),
    );
    if !benches.is_empty() {
        let lines = latency(benches);
        write(
            "latency.svg",
            drawn(Axis::powers("prints in the gallery", 4, 7), Axis::powers("ms a search, one core", 0, 3), lines),
        );
    }
}

fn templates(folder: &Path, images: bool) -> Vec<Template> {
    let one = |at: usize| {
        let (database, print) = (at / 80, at % 80);
        let file = folder.join(name(database, print)).with_extension(if images { "tif" } else { "iso" });
        let bytes = std::fs::read(file).expect("the set is complete");
        if images {
            extract(decode(&bytes).expect("an image"), DATABASES[database].1).expect("a print").template
        } else {
            Template::from_record(&bytes).expect("a record")
        }
    };
    (0..80 * DATABASES.len()).map(one).collect()
}

/// Misses against false matches: each database by itself, one threshold for all.
fn det(title: &str, all: &[Template]) -> Line {
    let prepared: Vec<Prepared> = all.iter().map(Prepared::new).collect();
    let (mut mated, mut other) = (Vec::new(), Vec::new());
    for a in 0..all.len() {
        for b in a + 1..(a / 80 + 1) * 80 {
            let score = prepared[a].compare(&prepared[b]);
            if a / IMPRESSIONS == b / IMPRESSIONS { mated.push(score) } else { other.push(score) }
        }
    }
    mated.sort_by(f32::total_cmp);
    other.sort_by(|a, b| b.total_cmp(a));
    // With so many false matches allowed.
    let point = |allowed: usize| {
        let missed = mated.partition_point(|score| *score <= other[allowed]);
        (allowed as f64 / other.len() as f64, 100.0 * missed as f64 / mated.len() as f64)
    };
    Line { title: title.into(), points: (1..other.len() / 10).map(point).collect() }
}

/// How many of the mates that the decision would find are named when so large a share of the gallery is looked at.
fn penetration(title: &str, all: &[Template]) -> Line {
    let simd = Simd::best();
    let first: Vec<Form> = all.iter().step_by(IMPRESSIONS).map(Form::new).collect();
    let filler = (first.len() as u64..GALLERY).map(|seed| Form::new(&Finger::new(seed).impression(0)));
    let mut index = Index::default();
    index.add(&first.iter().cloned().chain(filler).collect::<Vec<_>>(), simd);
    let due = (0..all.len()).filter(|at| at % IMPRESSIONS != 0).filter(|at| {
        let mate = Prepared::new(&all[at / IMPRESSIONS * IMPRESSIONS]);
        Prepared::new(&all[*at]).compare(&mate) >= 6.0
    });
    let ranks: Vec<Option<usize>> = due
        .map(|at| {
            let votes = index.votes(&Probe::new(&Form::new(&all[at]), simd));
            votes.iter().position(|one| one.print as usize == at / IMPRESSIONS)
        })
        .collect();
    let share = |looked: usize| {
        let found = ranks.iter().flatten().filter(|rank| **rank < looked).count();
        (looked as f64 / GALLERY as f64, found as f64 / ranks.len() as f64)
    };
    Line { title: title.into(), points: (6..=400).map(share).collect() }
}

fn latency(files: &[String]) -> Vec<Line> {
    let number = |text: &str, key: &str| -> Option<f64> {
        let from = text.find(&format!("\"{key}\":"))? + key.len() + 3;
        let end = text[from..].find([',', '}'])?;
        text[from..from + end].trim().parse().ok()
    };
    let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).expect("a measurement")).collect();
    let line = |key: &str, title: &str| {
        let mut points: Vec<(f64, f64)> =
            texts.iter().filter_map(|text| Some((number(text, "prints")?, number(text, key)?))).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Line { title: title.into(), points }
    };
    vec![line("search_p50_ms", "median"), line("search_p99_ms", "99 %")]
}

fn drawn(x: Axis, y: Axis, lines: Vec<Line>) -> String {
    let (left, top, right, bottom) = FRAME;
    let at = |(a, b): (f64, f64)| (left + x.share(a) * (right - left), bottom - y.share(b) * (bottom - top));
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 560 350\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"560\" height=\"350\" fill=\"#fff\"/>\n",
    );
    // Writing to a string cannot fail.
    for (value, label) in &x.ticks {
        let (at_x, _) = at((*value, y.from));
        let _ = writeln!(
            svg,
            "<path d=\"M{at_x:.1} {top}V{bottom}\" stroke=\"#ddd\"/><text x=\"{at_x:.1}\" y=\"318\" text-anchor=\"middle\">{label}</text>"
        );
    }
    for (value, label) in &y.ticks {
        let (_, at_y) = at((x.from, *value));
        let _ = writeln!(
            svg,
            "<path d=\"M{left} {at_y:.1}H{right}\" stroke=\"#ddd\"/><text x=\"58\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            at_y + 4.0
        );
    }
    for (line, colour) in lines.iter().zip(COLOURS) {
        let mut points: Vec<String> =
            line.points.iter().map(|point| at(*point)).map(|(x, y)| format!("{x:.0},{y:.1}")).collect();
        points.dedup();
        let _ = writeln!(
            svg,
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{}\"/>",
            points.join(" ")
        );
    }
    for (row, (line, colour)) in lines.iter().zip(COLOURS).enumerate() {
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"{colour}\" font-weight=\"bold\">{}</text>",
            right - 8.0,
            (top + bottom) / 2.0 + 16.0 * row as f64,
            line.title
        );
    }
    let _ = writeln!(svg, "<text x=\"{}\" y=\"340\" text-anchor=\"middle\">{}</text>", (left + right) / 2.0, x.title);
    let _ = writeln!(
        svg,
        "<text transform=\"translate(14 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n</svg>",
        (top + bottom) / 2.0,
        y.title
    );
    svg
}
