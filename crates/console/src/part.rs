//! The components that pages are put together from. The page `/parts` shows each in every state.

pub(crate) mod chart;

use crate::request::Look;
use maud::{Markup, html};
use services::change::Changed;
use text::{Key, t};

/// The hidden part of every form: the page's idempotency key, and the version that was seen.
pub(crate) fn key(look: &Look, version: Option<i64>) -> Markup {
    html! {
        input type="hidden" name="key" value=(look.key);
        @if let Some(version) = version { input type="hidden" name="version" value=(version); }
    }
}

/// A field of a form: label, accepted form, and what is wrong with what was typed.
pub(crate) struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) label: String,
    pub(crate) kind: &'a str,
    pub(crate) value: &'a str,
    pub(crate) hint: Option<String>,
    pub(crate) fault: Option<String>,
    /// What stands in the register now, where it is not what was seen when the form was drawn.
    pub(crate) now: Option<String>,
    pub(crate) required: bool,
    pub(crate) complete: &'a str,
    /// What its id begins with, where another form of the page has a field of this name.
    pub(crate) form: &'a str,
}

impl<'a> Field<'a> {
    pub(crate) fn new(name: &'a str, label: String) -> Field<'a> {
        Field {
            name,
            label,
            kind: "text",
            value: "",
            hint: None,
            fault: None,
            now: None,
            required: true,
            complete: "off",
            form: "",
        }
    }

    pub(crate) fn kind(self, kind: &'a str) -> Self {
        Field { kind, ..self }
    }

    pub(crate) fn value(self, value: &'a str) -> Self {
        Field { value, ..self }
    }

    pub(crate) fn hint(self, hint: String) -> Self {
        Field { hint: Some(hint), ..self }
    }

    pub(crate) fn fault(self, fault: Option<String>) -> Self {
        Field { fault, ..self }
    }

    pub(crate) fn now(self, now: Option<String>) -> Self {
        Field { now, ..self }
    }

    pub(crate) fn optional(self) -> Self {
        Field { required: false, ..self }
    }

    pub(crate) fn of(self, form: &'a str) -> Self {
        Field { form, ..self }
    }

    pub(crate) fn complete(self, complete: &'a str) -> Self {
        Field { complete, ..self }
    }

    pub(crate) fn show(&self) -> Markup {
        let id = format!("{}{}-field", self.form, self.name);
        let (hint, fault, now) = (format!("{id}-hint"), format!("{id}-fault"), format!("{id}-now"));
        let said = [(&hint, &self.hint), (&fault, &self.fault), (&now, &self.now)];
        let described: Vec<&str> = said.iter().filter(|(_, text)| text.is_some()).map(|(id, _)| id.as_str()).collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            div.field {
                label for=(id) { (self.label) }
                @if let Some(text) = &self.hint { small id=(hint) { (text) } }
                input id=(id) name=(self.name) type=(self.kind) value=(self.value) required[self.required]
                    autocomplete=(self.complete) aria-describedby=[described] aria-invalid=[self.fault.as_ref().map(|_| "true")];
                @if let Some(text) = &self.fault { p.fault id=(fault) { (text) } }
                @if let Some(text) = &self.now { p.now id=(now) { (text) } }
            }
        }
    }
}

/// A choice among a few: value and words.
pub(crate) fn choice(name: &str, label: &str, options: &[(String, String)], chosen: &str) -> Markup {
    choice_of("", name, label, options, chosen)
}

/// The same where another form of the page has a field of this name: what its id begins with comes first.
pub(crate) fn choice_of(form: &str, name: &str, label: &str, options: &[(String, String)], chosen: &str) -> Markup {
    let id = format!("{form}{name}-field");
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(name) {
                @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } }
            }
        }
    }
}

/// The purposes that a person may be read for; a reason is recorded with every read.
pub(crate) fn purpose(look: &Look, chosen: &str) -> Markup {
    let words = ["request", "enrolment", "correction", "verification", "complaint"];
    let options: Vec<(String, String)> =
        words.iter().map(|word| ((*word).to_owned(), look.word("purpose", word))).collect();
    choice("purpose", &look.text(t!("purpose")), &options, chosen)
}

/// A word in a coloured lozenge: a state.
pub(crate) fn badge(look: &Look, state: &str) -> Markup {
    let tone = match state {
        "open" | "pending" | "case" | "received" | "staged" | "invited" | "unknown" => "wait",
        "same" | "refused" | "withdrawn" | "closed" | "invalid" | "failed" | "late" => "bad",
        "numbered" | "entered" | "checked" | "approved" | "personalised" | "active" | "done" | "valid"
        | "different" => "good",
        _ => "plain",
    };
    html! { span.badge data-tone=(tone) { (look.word("state", state)) } }
}

/// Something to be known: good, bad, or neither.
pub(crate) fn notice(tone: &str, words: &str) -> Markup {
    html! { p.notice.(tone) role=(if tone == "bad" { "alert" } else { "status" }) { (words) } }
}

/// Facts, each with its name.
pub(crate) fn facts(rows: &[(String, Markup)]) -> Markup {
    html! { dl.facts { @for (name, value) in rows { div { dt { (name) } dd { (value) } } } } }
}

/// A table with a head; an empty one says so.
pub(crate) fn table(look: &Look, caption: &str, head: &[String], rows: &[Vec<Markup>]) -> Markup {
    html! {
        @if rows.is_empty() { p.empty { (look.text(t!("table-empty"))) } }
        @else {
            div.wide tabindex="0" role="region" aria-label=(caption) {
                table {
                    caption { (caption) }
                    thead { tr { @for name in head { th scope="col" { (name) } } } }
                    tbody { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
                }
            }
        }
    }
}

/// The way to the next page of a list.
pub(crate) fn next(look: &Look, address: &str) -> Markup {
    html! { p.next { a.button href=(address) rel="next" { (look.text(t!("list-next"))) } } }
}

/// The way to the next page of a list of one state, if there is one.
pub(crate) fn further(look: &Look, address: &str, state: &str, after: Option<&str>) -> Markup {
    html! { @if let Some(after) = after { (next(look, &format!("{address}?state={state}&after={after}"))) } }
}

/// The states a list can show; the one that is shown stands out.
pub(crate) fn states(look: &Look, address: &str, states: &[&str], shown: &str) -> Markup {
    html! {
        nav.states aria-label=(look.text(t!("state"))) {
            @for state in states {
                a href={ (address) "?state=" (state) } aria-current=[(*state == shown).then_some("page")] { (look.word("state", state)) }
            }
        }
    }
}

/// So many bytes, in a unit that people read.
pub(crate) fn bytes(look: &Look, bytes: u64) -> String {
    const KIB: f64 = 1024.0;
    let bytes = bytes as f64;
    if bytes < KIB * KIB {
        format!("{} KB", look.language.number((bytes / KIB).max(0.1), 1))
    } else {
        format!("{} MB", look.language.number(bytes / KIB / KIB, 1))
    }
}

/// A text as headers hold it (RFC 8187).
pub(crate) fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// How far something has come.
pub(crate) fn progress(look: &Look, label: &str, done: u64, total: u64) -> Markup {
    html! {
        div.progress {
            label { (label) progress value=(done) max=(total.max(1)) {} }
            span { (look.count(done)) " / " (look.count(total)) }
        }
    }
}

/// What happened, in order: time, words, who.
pub(crate) fn timeline(items: &[(String, Markup, String)]) -> Markup {
    html! {
        ol.timeline {
            @for (time, what, who) in items { li { time datetime=(time) { (moment(time)) } div { (what) small { (who) } } } }
        }
    }
}

/// What others did to a record since this page was drawn, above what was typed here, which is kept.
pub(crate) fn changed(look: &Look, all: &[Changed]) -> Markup {
    let items: Vec<(String, Markup, String)> = all
        .iter()
        .map(|one| {
            let who = match one.officer.as_deref() {
                Some("") => look.word("role", "operator"),
                Some(name) => name.to_owned(),
                None => look.text(t!("timeline-elsewhere")),
            };
            (one.recorded.to_string(), html! { (look.word("kind", &one.kind)) }, who)
        })
        .collect();
    html! {
        section.changed role="alert" {
            h2 { (look.text(t!("changed"))) }
            p { (look.text(t!("changed-what"))) }
            @if items.is_empty() { p.empty { (look.text(t!("changed-long-ago"))) } } @else { (timeline(&items)) }
        }
    }
}

/// The hidden part of a form on a record that others change too: how far the register had come when it was drawn.
pub(crate) fn seen(events: u64) -> Markup {
    html! { input type="hidden" name="seen" value=(events); }
}

/// An instant as people read it: `22/11/2026 07:45` in Viet Nam.
pub(crate) fn moment(instant: &str) -> String {
    time::Instant::parse(instant).map_or(instant.to_owned(), |instant| {
        let local = time::Instant(instant.0 + 7 * 3_600_000_000).to_string();
        let clock = local.split_once('T').map_or("", |(_, clock)| clock.get(..5).unwrap_or_default());
        format!("{} {clock}", day(instant.day()))
    })
}

/// A day as people read it: `22/11/2026`.
pub(crate) fn day(day: time::Day) -> String {
    let (year, month, day) = day.date();
    format!("{day:02}/{month:02}/{year:04}")
}

/// A figure with its name, and a way to what it counts.
pub(crate) fn figure(look: &Look, name: Key, value: u64, address: &str) -> Markup {
    html! { a.figure href=(address) { strong { (look.count(value)) } span { (look.text(name)) } } }
}

/// In a form with files: shown by script when the session has ended before the form was sent. Everything chosen stays.
pub(crate) fn ended(look: &Look) -> Markup {
    html! {
        div.notice.bad data-ended role="alert" tabindex="-1" hidden {
            p { (look.text(t!("session-ended-files"))) }
            p { a.button href="/sign-in" target="_blank" { (look.text(t!("session-ended-sign-in"))) } }
        }
    }
}

/// A question answered with one button, in its own form.
pub(crate) fn button(look: &Look, address: &str, words: Key, version: Option<i64>) -> Markup {
    html! { form.inline method="post" action=(address) { (key(look, version)) button { (look.text(words)) } } }
}
