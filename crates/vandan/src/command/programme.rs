//! `programme`: the board, returns, targets, a forecast of any series, reports.

mod digest;
mod report;
mod rules;

use crate::installation::{Installation, Making, Place, of_services, read_file};
use crate::output::{Exit, Failure, Output};
use crate::text::{Key, t};
use programme::forecast::{self, Reading};
use programme::target::Basis;
use serde_json::json;
use services::programme::{Asked, Depth, Setting};
use std::path::{Path, PathBuf};
use time::{Day, Instant};

/// Bytes of a file of returns or of a series.
const BYTES_MAX: u64 = 64 << 20;

#[derive(clap::Subcommand)]
pub(crate) enum Programme {
    Board {
        #[command(flatten)]
        place: Place,
        #[arg(long, value_name = "TIME")]
        as_of: Option<String>,
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
    },
    Returns {
        file: PathBuf,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        making: Making,
    },
    Target {
        measure: String,
        deadline: String,
        /// Withdraws the target where it is absent.
        #[arg(long, value_name = "N")]
        count: Option<u64>,
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        #[arg(long, value_name = "BASIS", value_parser = ["population", "capacity"])]
        share: Option<String>,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        making: Making,
    },
    Forecast {
        series: PathBuf,
        #[arg(long, value_name = "N")]
        target: u64,
        #[arg(long, value_name = "DATE")]
        deadline: String,
        #[arg(long, value_name = "READING", value_parser = ["days", "totals"])]
        counts: Option<String>,
    },
    Report {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        making: Making,
        #[arg(long, value_name = "TIME")]
        as_of: Option<String>,
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        #[arg(long)]
        conference: bool,
        #[arg(long, value_name = "NAME", default_value = "")]
        issued_at: String,
        #[arg(long, value_name = "FILE", required_unless_present = "verify")]
        out: Option<PathBuf>,
        #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "as_of"])]
        verify: Option<PathBuf>,
    },
    Recount {
        #[command(flatten)]
        place: Place,
    },
    Digest {
        #[command(flatten)]
        place: Place,
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        #[arg(long, value_name = "DATE")]
        day: Option<String>,
    },
    Rules {
        files: Vec<PathBuf>,
        #[arg(long, value_name = "DIR", required_unless_present = "files", conflicts_with = "files")]
        data: Option<PathBuf>,
        #[arg(long, conflicts_with = "files")]
        write: bool,
    },
}

pub(crate) fn run(command: Programme, out: &mut Output) -> Result<(), Failure> {
    match command {
        Programme::Board { place, as_of, unit } => board(&place, as_of.as_deref(), unit, out),
        Programme::Returns { file, place, making } => returns(&file, &place, making, out),
        Programme::Target { measure, deadline, count, unit, share, place, making } => {
            let setting = Setting { unit, measure, deadline: day(&deadline)?, count };
            let basis = share.map(|share| if share == "capacity" { Basis::Capacity } else { Basis::Population });
            target(&setting, basis, &place, making, out)
        }
        Programme::Forecast { series, target, deadline, counts } => {
            let reading = counts.map(|counts| if counts == "totals" { Reading::Totals } else { Reading::Days });
            outlook(&series, target, day(&deadline)?, reading, out)
        }
        Programme::Report { place, verify: Some(file), .. } => report::verify(&file, &place, out),
        Programme::Report { place, making, as_of, unit, conference, issued_at, out: file, verify: None } => {
            let asked = report::Asked { as_of, unit, conference, issued_at };
            report::make(&place, making, asked, &file.unwrap_or_default(), out)
        }
        Programme::Recount { place } => recount(&place, out),
        Programme::Digest { place, unit, day: on } => digest::tell(&place, &unit, on.as_deref(), out),
        Programme::Rules { files, data, write } => rules::run(&files, data.as_deref(), write, out),
    }
}

fn instant(text: &str) -> Result<Instant, Failure> {
    let wrong = || Failure::new(Exit::Use, t!("time-malformed"), vec![("time", text.to_owned())]);
    Instant::parse(text).ok_or_else(wrong)
}

fn day(text: &str) -> Result<Day, Failure> {
    let wrong = || Failure::new(Exit::Use, t!("day-malformed"), vec![("day", text.to_owned())]);
    Day::parse(text).ok_or_else(wrong)
}

fn board(place: &Place, as_of: Option<&str>, unit: String, out: &mut Output) -> Result<(), Failure> {
    let installation = Installation::open(place)?;
    let officer = installation.officer(place)?;
    let until = as_of.map(instant).transpose()?;
    let asked = Asked { unit, until, depth: Depth::All, ..Asked::default() };
    let board =
        services::programme::board(&installation.book, &officer, &asked).map_err(|error| of_services(&error))?;
    if let Some(key) = board.notice.and_then(|notice| Key::find(&format!("board-notice-{}", notice.code()))) {
        out.say(key, &[]);
    }
    say(&board.lines, out);
    out.json(&serde_json::to_value(&board.lines).unwrap_or_default());
    Ok(())
}

/// The nation and its provinces, for people; the JSON has every unit.
pub(crate) fn say(lines: &[programme::Line], out: &mut Output) {
    for line in lines.iter().filter(|line| line.unit.is_empty() || line.unit.starts_with('P')) {
        if line.value == 0 && !line.unit.is_empty() {
            continue;
        }
        let name = if line.unit.is_empty() { out.text(t!("board-nation"), &[]) } else { line.name.clone() };
        let percent = line.percent.map_or("—".to_owned(), |percent| out.language.percent(percent));
        let above = if line.above_average == Some(true) { out.text(t!("board-above"), &[]) } else { String::new() };
        let arguments = [
            ("measure", word(line.measure, out)),
            ("name", name),
            ("value", out.language.count(line.value)),
            ("percent", percent),
            ("rank", line.rank.map_or("—".to_owned(), |rank| rank.to_string())),
            ("above", above),
        ];
        out.say(t!("board-line"), &arguments);
    }
}

fn word(measure: &str, out: &Output) -> String {
    Key::find(&format!("measure-{measure}")).map_or_else(|| measure.to_owned(), |key| out.text(key, &[]))
}

/// The words of a finding of a return or a target.
fn finding(code: &str, out: &Output) -> String {
    Key::find(&format!("finding-{code}")).map_or_else(|| code.to_owned(), |key| out.text(key, &[]))
}

fn returns(file: &Path, place: &Place, making: Making, out: &mut Output) -> Result<(), Failure> {
    let bytes = read_file(file, BYTES_MAX)?;
    let installation = Installation::open(place)?;
    let command = installation.making(place, making)?;
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let signed = services::programme::sign(&installation.book, &command, &name, &bytes);
    let signed = signed.map_err(|error| of_services(&error))?;
    let mut all = Vec::new();
    for services::programme::Signed { one, findings, .. } in signed {
        for found in &findings {
            let arguments = [
                ("unit", one.unit.clone()),
                ("measure", one.measure.clone()),
                ("count", out.language.count(one.count)),
                ("finding", finding(found.code(), out)),
            ];
            out.say(t!("returns-line"), &arguments);
        }
        let codes: Vec<&str> = findings.iter().map(|found| found.code()).collect();
        all.push(json!({ "unit": one.unit, "day": one.day.to_string(), "measure": one.measure, "count": one.count,
            "signer": one.signer, "recorded": one.recorded.to_string(), "findings": codes }));
    }
    out.say(t!("returns-done"), &[("count", out.language.count(all.len() as u64))]);
    out.json(&json!({ "returns": all }));
    installation.close()
}

fn target(
    setting: &Setting,
    basis: Option<Basis>,
    place: &Place,
    making: Making,
    out: &mut Output,
) -> Result<(), Failure> {
    let installation = Installation::open(place)?;
    let command = installation.making(place, making)?;
    let set = match basis {
        Some(basis) => services::programme::share(&installation.book, &command, setting, basis),
        None => services::programme::set(&installation.book, &command, setting),
    };
    let mut all = Vec::new();
    for (target, findings) in set.map_err(|error| of_services(&error))? {
        let codes: Vec<&str> = findings.iter().map(|found| found.code()).collect();
        let said: Vec<String> = codes.iter().map(|code| finding(code, out)).collect();
        let arguments = [
            ("unit", if target.unit.is_empty() { out.text(t!("board-nation"), &[]) } else { target.unit.clone() }),
            ("measure", word(&target.measure, out)),
            ("count", target.count.map_or_else(|| "—".to_owned(), |count| out.language.count(count))),
            ("deadline", target.deadline.to_string()),
            ("finding", said.join("; ")),
        ];
        out.say(t!("target-line"), &arguments);
        all.push(json!({ "unit": target.unit, "measure": target.measure, "deadline": target.deadline.to_string(),
            "version": target.version, "target": target.count, "basis": target.basis, "findings": codes }));
    }
    out.json(&json!({ "targets": all }));
    installation.close()
}

fn outlook(
    series: &Path,
    target: u64,
    deadline: Day,
    reading: Option<Reading>,
    out: &mut Output,
) -> Result<(), Failure> {
    let bytes = read_file(series, BYTES_MAX)?;
    let series_read = forecast::read(&bytes, reading, target).map_err(|fault| {
        let arguments = vec![
            ("file", series.display().to_string()),
            ("line", fault.line.to_string()),
            ("column", fault.column.to_owned()),
            ("detail", fault.cause.to_owned()),
        ];
        Failure::of_code(Exit::Input, "returns-malformed", arguments)
    })?;
    let missing = i64::try_from(target).unwrap_or(i64::MAX).saturating_sub(series_read.value);
    let found = forecast::forecast(series_read.last, &series_read.daily, series_read.known, missing, Some(deadline));
    let said = |day: Option<Day>| day.map_or_else(|| "—".to_owned(), |day| day.to_string());
    let arguments = [
        ("date", said(found.date)),
        ("low", said(found.low)),
        ("high", said(found.high)),
        ("probability", found.probability.map_or_else(|| "—".to_owned(), |one| out.language.number(one * 100.0, 1))),
    ];
    let totals = series_read.reading == Reading::Totals;
    out.say(if totals { t!("forecast-of-totals") } else { t!("forecast-of-days") }, &[]);
    out.say(t!("forecast-line"), &arguments);
    let mut document = serde_json::to_value(found).unwrap_or_default();
    document["counts"] = if totals { "totals" } else { "days" }.into();
    document["value"] = series_read.value.into();
    out.json(&document);
    Ok(())
}

fn recount(place: &Place, out: &mut Output) -> Result<(), Failure> {
    let installation = Installation::open(place)?;
    let officer = installation.officer(place)?;
    officer.may("steer").map_err(|error| of_services(&error))?;
    let (events, same) = services::programme::rebuild(&installation.book).map_err(|error| of_services(&error))?;
    let arguments = [("events", out.language.count(events))];
    out.say(if same { t!("recount-same") } else { t!("recount-differs") }, &arguments);
    out.json(&json!({ "events": events, "equal": same }));
    if same { Ok(()) } else { Err(Failure::no(t!("recount-differs"))) }
}
