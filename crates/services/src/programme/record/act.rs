//! The acts: every step of every kind of record, with the form that is filled in for it.

/// What stands in a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A line.
    Line,
    /// Several lines.
    Text,
    /// A day.
    Day,
    /// A unit's code; empty for the officer's own.
    Unit,
    /// Units' codes, one a line.
    Units,
    /// An account's name.
    Officer,
    /// Accounts' names, one a line.
    Officers,
    /// Lines of a unit's code and a day.
    Stops,
    /// Lines of a day and a name.
    Stages,
    /// Lines of `>=` or `<=`, a number, and a name.
    Criteria,
    /// A whole number; the first of a list is 1.
    Number,
    /// A measure's name.
    Measure,
    /// Another record of the kind.
    Record,
    /// A file of the record, by id.
    File,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// One step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Act {
    /// Its name; the words for it are the text `act-NAME`.
    pub name: &'static str,
    /// The kind of record.
    pub kind: &'static str,
    /// The kind of event that it is recorded as.
    pub event: &'static str,
    /// Whether it makes a record.
    pub makes: bool,
    /// The action that a role must allow.
    pub need: &'static str,
    /// The states in which it is offered. The record itself says whether it may be taken.
    pub states: &'static [&'static str],
    /// Its fields: name and form; the words are the text `field-NAME`.
    pub fields: &'static [(&'static str, Form)],
}

/// The act of a name.
#[must_use]
pub fn act_named(name: &str) -> Option<&'static Act> {
    ACTS.iter().find(|act| act.name == name)
}

const fn make(
    kind: &'static str,
    event: &'static str,
    name: &'static str,
    need: &'static str,
    fields: &'static [(&'static str, Form)],
) -> Act {
    Act { name, kind, event, makes: true, need, states: &[], fields }
}

const fn step(
    of: &Act,
    name: &'static str,
    need: &'static str,
    states: &'static [&'static str],
    fields: &'static [(&'static str, Form)],
) -> Act {
    Act { name, kind: of.kind, event: of.event, makes: false, need, states, fields }
}

const UNIT: (&str, Form) = ("unit", Form::Unit);
const TITLE: (&str, Form) = ("title", Form::Line);
const BODY: (&str, Form) = ("body", Form::Text);
const UNTIL: (&str, Form) = ("until", Form::Day);
const DAY: (&str, Form) = ("day", Form::Day);
const REASON: (&str, Form) = ("reason", Form::Line);

const ABOUT: Form = Form::Choice(&["data", "equipment", "network", "staff", "money", "legal", "other"]);
const SEVERITY: Form = Form::Choice(&["high", "medium", "low"]);
const DOCUMENT: Form = Form::Choice(&["law", "decree", "circular"]);
const PROJECT: Form = Form::Choice(&["register", "card"]);

const RAISE: Act = make(
    "difficulty",
    "difficulty.changed",
    "raise",
    "return",
    &[UNIT, TITLE, BODY, ("about", ABOUT), ("severity", SEVERITY), ("at", Form::Unit), UNTIL],
);
const SHARE: Act = make(
    "approach",
    "approach.changed",
    "share",
    "return",
    &[UNIT, TITLE, BODY, ("measure", Form::Measure), ("since", Form::Day)],
);
const PLAN: Act = make(
    "delegation",
    "delegation.changed",
    "plan-delegation",
    "steer",
    &[UNIT, TITLE, BODY, ("members", Form::Officers), ("route", Form::Stops)],
);
const AMEND: Act = make(
    "roadmap",
    "roadmap.changed",
    "plan-amendment",
    "steer",
    &[
        UNIT,
        TITLE,
        ("document", DOCUMENT),
        ("number", Form::Line),
        ("article", Form::Line),
        ("change", Form::Text),
        ("why", Form::Text),
        ("stages", Form::Stages),
    ],
);
const MILESTONE: Act =
    make("milestone", "milestone.changed", "plan-milestone", "steer", &[UNIT, TITLE, ("project", PROJECT), DAY]);
const PILOT: Act = make(
    "pilot",
    "pilot.changed",
    "plan-pilot",
    "steer",
    &[UNIT, TITLE, ("units", Form::Units), ("criteria", Form::Criteria), UNTIL],
);

/// All acts: those that make a record, then its steps, kind by kind.
pub static ACTS: &[Act] = &[
    RAISE,
    step(&RAISE, "assign", "return", &["open", "assigned"], &[("owner", Form::Officer), UNTIL]),
    step(&RAISE, "answer", "return", &["open", "assigned"], &[("decision", Form::Text)]),
    step(&RAISE, "escalate", "return", &["open", "assigned"], &[UNTIL]),
    step(&RAISE, "send-back", "return", &["answered"], &[UNTIL]),
    step(&RAISE, "close-difficulty", "return", &["answered"], &[]),
    step(&RAISE, "withdraw-file", "return", &["open", "assigned", "answered", "closed"], &[("file", Form::File)]),
    SHARE,
    step(&SHARE, "adopt", "return", &["shared"], &[UNIT, DAY]),
    step(&SHARE, "withdraw-approach", "return", &["shared"], &[]),
    PLAN,
    step(&PLAN, "set-out", "steer", &["planned"], &[]),
    step(&PLAN, "cancel", "steer", &["planned"], &[]),
    step(&PLAN, "visit", "steer", &["under-way"], &[UNIT, DAY]),
    step(&PLAN, "find", "steer", &["under-way", "reported"], &[UNIT, BODY]),
    step(&PLAN, "promise", "steer", &["under-way", "reported"], &[UNIT, BODY, UNTIL]),
    step(&PLAN, "report-back", "steer", &["under-way"], &[]),
    step(&PLAN, "keep", "steer", &["under-way", "reported"], &[("promise", Form::Number), DAY]),
    step(&PLAN, "give-up", "steer", &["under-way", "reported"], &[("promise", Form::Number), DAY, REASON]),
    step(&PLAN, "close-delegation", "steer", &["reported"], &[]),
    AMEND,
    step(&AMEND, "advance", "steer", &["planned", "under-way"], &[DAY]),
    step(&AMEND, "depend", "steer", &["planned", "under-way"], &[("on", Form::Record)]),
    step(&AMEND, "release", "steer", &["planned", "under-way"], &[("on", Form::Record)]),
    step(&AMEND, "drop-amendment", "steer", &["planned", "under-way"], &[]),
    MILESTONE,
    step(&MILESTONE, "put-off", "steer", &["planned"], &[DAY, REASON]),
    step(&MILESTONE, "reach", "steer", &["planned"], &[DAY]),
    step(&MILESTONE, "drop-milestone", "steer", &["planned"], &[]),
    PILOT,
    step(&PILOT, "begin-pilot", "steer", &["planned"], &[]),
    step(&PILOT, "measure", "steer", &["running"], &[("criterion", Form::Number), ("value", Form::Number)]),
    step(&PILOT, "count", "steer", &["running"], &[]),
    step(&PILOT, "sign", "steer", &["running"], &[("verdict", Form::Choice(&["go", "no-go"]))]),
    step(&PILOT, "promote", "steer", &["go"], &[]),
];
