//! Head and foot as Decree 30/2020/NĐ-CP lays them out: state and motto, authority, number, place and day; recipients and
//! signature.

use super::Words;
use crate::number::moment;
use crate::paper::Paper;
use programme::report::{Kind, Report, State};
use serde::Serialize;
use text::t;
use time::{Day, Instant};

/// Everything above the first paragraph.
#[derive(Debug, Serialize)]
pub(crate) struct Head {
    state: String,
    motto: String,
    superior: String,
    authority: String,
    number: String,
    place: String,
    kind: String,
    title: String,
    to: String,
    addressees: Vec<String>,
}

/// What stands below the last paragraph.
#[derive(Debug, Serialize)]
pub(crate) struct Signature {
    to: String,
    recipients: Vec<String>,
    signs_for: String,
    post: String,
    signer: String,
}

pub(crate) fn head(words: &Words, report: &Report) -> Head {
    let letterhead = &report.letterhead;
    let kind = match report.kind {
        Kind::Government => t!("report-government"),
        Kind::Conference => t!("report-conference"),
        Kind::Province => t!("report-province"),
    };
    // The decree leaves room for a number that is not given yet.
    let number = if letterhead.number.is_empty() { "       ".to_owned() } else { letterhead.number.clone() };
    let arguments = [("number", number), ("sign", letterhead.sign.clone())];
    Head {
        state: words.plain(t!("report-state")),
        motto: words.plain(t!("report-motto")),
        superior: letterhead.superior.to_uppercase(),
        authority: letterhead.authority.to_uppercase(),
        number: if letterhead.sign.is_empty() { String::new() } else { words.say(t!("report-number"), &arguments) },
        place: place(words, report),
        kind: words.plain(kind),
        title: report.title.clone(),
        to: words.plain(t!("report-addressees")),
        addressees: letterhead.addressees.clone(),
    }
}

fn place(words: &Words, report: &Report) -> String {
    let place = ("place", report.letterhead.place.clone());
    if report.letterhead.place.is_empty() {
        return String::new();
    }
    let Some(day) = Day::parse(&report.letterhead.day) else { return words.say(t!("report-place-open"), &[place]) };
    let (year, month, day) = day.date();
    // One digit gets a zero before it in days, and in the first two months.
    let month = if month < 3 { format!("{month:02}") } else { month.to_string() };
    let arguments = [place, ("day", format!("{day:02}")), ("month", month), ("year", year.to_string())];
    words.say(t!("report-place-day"), &arguments)
}

pub(crate) fn signature(words: &Words, report: &Report) -> Option<Signature> {
    let letterhead = &report.letterhead;
    let signs = report.kind != Kind::Conference && !(letterhead.post.is_empty() && letterhead.signer.is_empty());
    signs.then(|| Signature {
        to: words.plain(t!("report-recipients")),
        recipients: listed(&letterhead.recipients),
        signs_for: letterhead.signs_for.to_uppercase(),
        post: letterhead.post.to_uppercase(),
        signer: letterhead.signer.clone(),
    })
}

/// A semicolon after each, a full stop after the last.
fn listed(recipients: &[String]) -> Vec<String> {
    let last = recipients.len().saturating_sub(1);
    let end = |at: usize| if at == last { '.' } else { ';' };
    recipients.iter().enumerate().map(|(at, one)| format!("{}{}", one.trim_end_matches([';', '.']), end(at))).collect()
}

/// What is written across pages that nobody has signed.
pub(crate) fn mark(words: &Words, paper: &Paper) -> String {
    match paper.state {
        State::Draft => words.plain(t!("report-draft")),
        State::Checked => words.plain(t!("report-checked")),
        State::Signed => String::new(),
    }
}

/// What lets a reader find the data again.
pub(crate) fn seal(words: &Words, report: &Report, hash: &str, edition: &str) -> String {
    let ledger = &report.ledger;
    let arguments = [
        ("hash", hash.to_owned()),
        ("size", words.language.count(ledger.size)),
        ("root", ledger.root.clone()),
        ("edition", edition.to_owned()),
    ];
    words.say(t!("report-seal"), &arguments)
}

/// The day of the figures, for the file's own date.
pub(crate) fn date(report: &Report) -> [i32; 3] {
    let (year, month, day) = Instant::parse(&report.as_of).unwrap_or_default().day().date();
    [year, i32::from(month), i32::from(day)]
}

/// Up to when the figures go, and for whom.
pub(crate) fn as_of(words: &Words, report: &Report) -> String {
    let (time, day) = moment(Instant::parse(&report.as_of).unwrap_or_default());
    words.say(t!("report-as-of"), &[("time", time), ("day", day), ("unit", report.unit_name.clone())])
}
