//! `programme digest`: a unit's digest of a morning, as plain text or JSON.

use super::{day, word};
use crate::installation::{Installation, Place, of_services};
use crate::output::{Failure, Output};
use crate::text::{Key, t};
use programme::attention::Kind;
use services::programme::{Digest, Figure, Raised, Told, digest};

pub(super) fn tell(place: &Place, unit: &str, on: Option<&str>, out: &mut Output) -> Result<(), Failure> {
    let on = on.map(day).transpose()?;
    let installation = Installation::open(place)?;
    let officer = installation.officer(place)?;
    let rulebook = crate::rulebook::read(installation.folder.path()).map_err(|error| of_services(&error))?;
    let told = digest(&installation.book, &officer, &rulebook, unit, on).map_err(|error| of_services(&error))?;
    say(&told, out);
    out.json(&serde_json::to_value(&told).unwrap_or_default());
    Ok(())
}

fn say(digest: &Digest, out: &mut Output) {
    let head = [("name", name(&digest.name, out)), ("day", digest.day.to_string()), ("of", digest.of.to_string())];
    out.say(t!("digest-head"), &head);
    for one in &digest.figures {
        figure(one, out);
    }
    for one in &digest.raised {
        raised(one, out);
    }
    for one in &digest.missing {
        let arguments = [
            ("unit", name(&one.name, out)),
            ("measure", word(one.measure, out)),
            ("days", one.days.to_string()),
            ("due", one.due.to_string()),
        ];
        out.say(t!("digest-missing-line"), &arguments);
    }
    told(t!("digest-difficulty-line"), &digest.difficulties, out);
    told(t!("digest-promise-line"), &digest.promises, out);
    told(t!("digest-milestone-line"), &digest.milestones, out);
    let followed = digest.difficulties.len() + digest.promises.len() + digest.milestones.len();
    if digest.raised.len() + digest.missing.len() + followed == 0 {
        out.say(t!("digest-none"), &[]);
    }
}

fn name(name: &str, out: &Output) -> String {
    if name.is_empty() { out.text(t!("board-nation"), &[]) } else { name.to_owned() }
}

fn figure(one: &Figure, out: &mut Output) {
    let sign = if one.more < 0 { "-" } else { "+" };
    let change = match one.rank_change.unwrap_or(0) {
        0 => String::new(),
        won @ 1.. => format!("(▲ {won})"),
        lost => format!("(▼ {})", lost.abs()),
    };
    let percent = one.percent.map_or_else(|| "—".to_owned(), |one| out.language.percent(one));
    let arguments = [
        ("measure", word(one.measure, out)),
        ("value", out.language.count(one.value)),
        ("more", format!("{sign}{}", out.language.count(one.more.unsigned_abs()))),
        ("percent", percent),
        ("rank", one.rank.map_or_else(String::new, |rank| rank.to_string())),
        ("ranked", one.ranked.to_string()),
        ("change", change),
    ];
    out.say(if one.rank.is_some() { t!("digest-figure") } else { t!("digest-figure-bare") }, &arguments);
}

fn raised(one: &Raised, out: &mut Output) {
    let pace = |hundredths: i64, out: &Output| out.language.number(hundredths as f64 / 100.0, 1);
    let said = match one.kind {
        Kind::FallingPace | Kind::Rising => {
            let arguments = [("week", pace(one.figure, out)), ("month", pace(one.beside, out))];
            out.text(t!("attention-pace"), &arguments)
        }
        Kind::OutOfReach => out.text(t!("attention-reach"), &[("percent", one.figure.to_string())]),
        Kind::NoReturn => out.text(t!("attention-silent"), &[("days", one.figure.to_string())]),
    };
    let to = Key::find(&format!("role-{}", one.to)).map_or_else(|| one.to.clone(), |key| out.text(key, &[]));
    let arguments = [
        ("unit", name(&one.name, out)),
        ("measure", word(one.measure, out)),
        ("said", said),
        ("to", to),
        ("due", one.due.to_string()),
    ];
    out.say(t!("digest-raised-line"), &arguments);
}

fn told(line: Key, all: &[Told], out: &mut Output) {
    for one in all {
        let unit = if one.unit.is_empty() { out.text(t!("board-nation"), &[]) } else { one.unit.clone() };
        let due = one.due.map_or_else(|| "—".to_owned(), |due| due.to_string());
        out.say(line, &[("unit", unit), ("title", one.title.clone()), ("due", due)]);
    }
}
