//! What is followed up: difficulties, approaches, delegations, acts of law, milestones, pilots. Lists, and one of each with the
//! forms of what may be done with it now.

use super::board::measure;
use super::see;
use super::tables;
use crate::Console;
use crate::body::{Fields, Upload};
use crate::frame::{self, Refused};
use crate::part::{self, Field, chart, day};
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use programme::record::Record;
use programme::record::approach::Approach;
use programme::record::delegation::{Delegation, Outcome};
use programme::record::difficulty::Difficulty;
use programme::record::milestone::Milestone;
use programme::record::pilot::{Bound, Pilot, Verdict};
use programme::record::roadmap::Amendment;
use services::programme::{self as steering, ACTS, Act, Effect, Form, KINDS, Listed, Listing, MEASURES, Shown};
use text::{Key, t};
use time::Day;

/// What a list shows.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    state: String,
    q: String,
    after: String,
}

pub(crate) async fn list(
    State(console): State<Console>,
    page: Page,
    Path(kind): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    drawn(&console, &page, &kind, &wanted, None).await
}

/// The list of a kind; with what was typed where a new one was refused.
async fn drawn(
    console: &Console,
    page: &Page,
    kind: &str,
    wanted: &Wanted,
    typed: Option<(&Fields, Refused)>,
) -> Response {
    let look = &page.look;
    let officer = page.officer.clone();
    let Wanted { state, q: query, after } = wanted.clone();
    let listing = Listing { kind: kind.to_owned(), state, query, after, limit: None };
    let read = move |console: &Console| {
        let listed = steering::records(console.book(), &officer, &listing)?;
        Ok((listed, console.book().now().day()))
    };
    let (Listed { items: all, count, next }, today) = match console.run(read).await {
        Ok(read) => read,
        Err(error) => return Refused::from(error).page(look),
    };
    let make = ACTS.iter().find(|act| act.makes && act.kind == kind).filter(|act| page.may(act.need));
    let place = format!("/follow/{kind}");
    let content = html! {
        nav.states aria-label=(look.text(t!("nav-follow"))) {
            @for own in KINDS { a href={ "/follow/" (own) } aria-current=[(own == kind).then_some("page")] { (look.word("record", own)) } }
        }
        form.then method="get" action=(place) role="search" {
            (Field::new("q", look.text(t!("record-search"))).value(&wanted.q).optional().show())
            input type="hidden" name="state" value=(wanted.state);
            button.quiet { (look.text(t!("board-show"))) }
        }
        p.hint { (look.fill(t!("record-count"), &[("count", look.count(count as u64))])) }
        (table(look, kind, &all, today))
        @if let Some(next) = &next {
            @let [state, q] = [&wanted.state, &wanted.q].map(|text| part::percent_encoded(text));
            (part::next(look, &format!("{place}?state={state}&q={q}&after={next}")))
        }
        (tables::files(kind, &[("state", &wanted.state), ("q", &wanted.q)]))
        @if kind == "roadmap" { (gantt(look, &all, today)) }
        @if let Some(act) = make {
            details open[typed.is_some()] {
                summary { (look.word("act", act.name)) }
                @if let Some((_, refused)) = &typed { (part::notice("bad", &refused.words(look))) }
                (form(look, act, &place, None, typed.as_ref().map(|(typed, _)| *typed)))
            }
        }
    };
    frame::second(frame::page(page, &look.word("record", kind), &content), false)
}

fn table(look: &Look, kind: &str, all: &[Record], today: Day) -> Markup {
    let head = [t!("record-title"), t!("case-unit"), t!("state"), t!("record-due"), t!("record-more")];
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|one| {
            let head = one.head();
            vec![
                html! { a href={ "/records/" (head.id) } { (head.title) } },
                html! { (unit(look, &head.unit)) },
                part::badge(look, one.state()),
                html! { (head.due.map_or_else(String::new, day)) @if head.overdue(today) { " " (part::badge(look, "late")) } },
                html! { (more(look, one, today)) },
            ]
        })
        .collect();
    part::table(look, &look.word("record", kind), &head.map(|key| look.text(key)), &rows)
}

/// What tells most about one, in few words.
fn more(look: &Look, record: &Record, today: Day) -> String {
    match record {
        Record::Difficulty(one) => {
            format!("{}, {}", look.word("about", one.about.name()), look.word("severity", severity(one)))
        }
        Record::Approach(one) => look.fill(t!("record-adopted"), &[("count", one.adopted.len().to_string())]),
        Record::Delegation(one) => {
            let open = one.promises.iter().filter(|promise| promise.outcome.is_none()).count();
            look.fill(t!("record-promises"), &[("open", open.to_string()), ("count", one.promises.len().to_string())])
        }
        Record::Roadmap(one) => format!("{} {}", look.word("document", one.document.name()), one.number),
        Record::Milestone(one) => match one.days_late(today) {
            late if late > 0 => look.fill(t!("record-late"), &[("days", late.to_string())]),
            _ => look.word("project", one.project.name()),
        },
        Record::Pilot(one) => {
            let ready = one.readiness();
            let all = ready.met + ready.unmet + ready.unmeasured;
            look.fill(t!("record-ready"), &[("met", ready.met.to_string()), ("count", all.to_string())])
        }
    }
}

fn severity(one: &Difficulty) -> &'static str {
    match one.severity {
        programme::attention::Severity::High => "high",
        programme::attention::Severity::Medium => "medium",
        programme::attention::Severity::Low => "low",
    }
}

fn unit(look: &Look, code: &str) -> String {
    if code.is_empty() { look.text(t!("unit-nation")) } else { code.to_owned() }
}

/// The stages of all acts of law on one line of time.
fn gantt(look: &Look, all: &[Record], today: Day) -> Markup {
    let acts: Vec<&Amendment> =
        all.iter().filter_map(|one| if let Record::Roadmap(one) = one { Some(one) } else { None }).collect();
    let days = acts.iter().flat_map(|one| {
        let made = one.head.made.day();
        one.stages.iter().flat_map(|stage| [Some(stage.planned), stage.done]).chain([Some(made)]).flatten()
    });
    let days: Vec<i32> = days.map(|day| day.0).chain([today.0]).collect();
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { return html! {} };
    let rows: Vec<chart::Bar> = acts
        .iter()
        .map(|one| chart::Bar {
            name: format!("{} {}", look.word("document", one.document.name()), one.number),
            address: format!("/records/{}", one.head.id),
            from: one.head.made.day().0,
            steps: one
                .stages
                .iter()
                .map(|stage| {
                    let on = stage.done.unwrap_or(stage.planned);
                    chart::Step { name: format!("{}: {}", stage.name, day(on)), day: on.0, done: stage.done.is_some() }
                })
                .collect(),
        })
        .collect();
    chart::gantt(&rows, *first, *last, today.0, &look.text(t!("record-gantt")))
}

pub(crate) async fn make(
    State(console): State<Console>,
    page: Page,
    Path(kind): Path<String>,
    sent: Fields,
) -> Response {
    let make = ACTS.iter().find(|act| act.makes && act.kind == kind);
    let Some(act) = make else { return unknown(&page.look) };
    let (command, typed) = (page.command(sent.key(), None), fields(act, &sent));
    match console.run(move |console| steering::act(console.book(), &command, None, act.name, &typed)).await {
        Ok(record) => see(&format!("/records/{}", record.head().id)),
        Err(error) => drawn(&console, &page, &kind, &Wanted::default(), Some((&sent, Refused::from(error)))).await,
    }
}

fn unknown(look: &Look) -> Response {
    Refused::from(services::Error::Missing("record-missing")).page(look)
}

/// The fields of an act out of a form.
fn fields(act: &Act, sent: &Fields) -> steering::Fields {
    steering::Fields::new(act.fields.iter().map(|(name, _)| ((*name).to_owned(), sent.get(name).to_owned())))
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Path(id): Path<String>) -> Response {
    match ids::Uuid::parse(&id) {
        Some(id) => one(&console, &page, id, None).await,
        None => unknown(&page.look),
    }
}

pub(crate) async fn step(State(console): State<Console>, page: Page, Path(id): Path<String>, sent: Fields) -> Response {
    let (Some(id), Some(act)) = (ids::Uuid::parse(&id), steering::act_named(sent.get("act"))) else {
        return unknown(&page.look);
    };
    let (command, typed) = (page.command(sent.key(), sent.version()), fields(act, &sent));
    match console.run(move |console| steering::act(console.book(), &command, Some(id), act.name, &typed)).await {
        Ok(_) => see(&format!("/records/{id}")),
        Err(error) => one(&console, &page, id, Some((act, &sent, error))).await,
    }
}

/// The page of one; with what was typed where it was refused, or where another officer came before.
async fn one(
    console: &Console,
    page: &Page,
    id: ids::Uuid,
    typed: Option<(&'static Act, &Fields, services::Error)>,
) -> Response {
    let (look, officer) = (&page.look, page.officer.clone());
    let read = move |console: &Console| {
        let shown = steering::record(console.book(), &officer, id)?;
        let effects = steering::effects(console.book(), &officer, id)?;
        Ok((shown, effects, console.book().now().day()))
    };
    let (shown, effects, today) = match console.run(read).await {
        Ok(read) => read,
        Err(error) => return Refused::from(error).page(look),
    };
    let head = shown.record.head();
    let second = matches!(&typed, Some((_, _, services::Error::Version { .. })));
    let refused = typed.as_ref().map(|(_, _, error)| Refused::from(error.clone()));
    let place = format!("/records/{}", head.id);
    let content = html! {
        p.lead { (part::badge(look, shown.record.state())) " " (unit_name(look, &shown, &head.unit))
            @if let Some(due) = head.due { " · " (look.text(t!("record-due"))) " " (day(due)) @if head.overdue(today) { " " (part::badge(look, "late")) } } }
        @if let Some(refused) = &refused { (part::notice("bad", &refused.words(look))) }
        (body(look, &shown, today))
        @if let Record::Difficulty(one) = &shown.record { (attachments(look, page, &shown, one, &place)) }
        (effects_table(look, &shown, &effects))
        (trail(look, &shown))
        p.hint { (look.fill(t!("record-made"), &[("who", who(look, &shown, head.maker)), ("made", part::moment(&head.made.to_string())), ("changed", part::moment(&head.changed.to_string()))])) }
        @for act in shown.acts.iter().filter(|act| act.name != "withdraw-file") {
            @let own = typed.as_ref().filter(|(tried, ..)| tried.name == act.name).map(|(_, typed, _)| *typed);
            @if act.fields.is_empty() {
                form.inline method="post" action=(place) {
                    (part::key(look, Some(head.version))) input type="hidden" name="act" value=(act.name);
                    button.quiet { (look.word("act", act.name)) } " "
                }
            } @else {
                details open[own.is_some()] {
                    summary { (look.word("act", act.name)) }
                    (form(look, act, &place, Some(head.version), own))
                }
            }
        }
        p { a href={ "/follow/" (shown.record.kind()) } { (look.text(t!("console-back"))) } }
    };
    let response = frame::page(page, &head.title, &content);
    frame::second(response, second)
}

/// The form of an act, with what was typed before.
fn form(look: &Look, act: &Act, place: &str, version: Option<i64>, typed: Option<&Fields>) -> Markup {
    // Several acts of one page have a field of one name.
    let of = format!("{}-", act.name);
    html! {
        form.stack method="post" action=(place) {
            (part::key(look, version))
            input type="hidden" name="act" value=(act.name);
            @for (name, form) in act.fields {
                @let value = typed.map_or("", |typed| typed.get(name));
                @let label = look.word("field", name);
                @match form {
                    Form::Choice(words) => {
                        @let options: Vec<(String, String)> = words.iter().map(|word| ((*word).to_owned(), look.word(name, word))).collect();
                        (part::choice_of(&of, name, &label, &options, value))
                    }
                    Form::Measure => {
                        @let options: Vec<(String, String)> = MEASURES.iter().map(|one| (one.name.to_owned(), measure(look, one.name))).collect();
                        (part::choice_of(&of, name, &label, &options, value))
                    }
                    Form::Text | Form::Units | Form::Officers | Form::Stops | Form::Stages | Form::Criteria => {
                        @let id = format!("{of}{name}-field");
                        @let said = hint(*form).map(|_| format!("{id}-hint"));
                        div.field {
                            label for=(id) { (label) }
                            @if let Some(hint) = hint(*form) { small id=[said.as_deref()] { (look.text(hint)) } }
                            textarea id=(id) name=(name) rows="4" maxlength="4000" aria-describedby=[said.as_deref()] required[!matches!(form, Form::Units)] { (value) }
                        }
                    }
                    // Beside the file itself.
                    Form::File => {}
                    form => {
                        @let field = Field::new(name, label).of(&of).value(value).kind(kind_of(*form));
                        @let field = if *form == Form::Unit { field.optional() } else { field };
                        @let field = match hint(*form) { Some(hint) => field.hint(look.text(hint)), None => field };
                        (field.show())
                    }
                }
            }
            button { (look.word("act", act.name)) }
        }
    }
}

fn kind_of(form: Form) -> &'static str {
    match form {
        Form::Day => "date",
        Form::Number => "number",
        _ => "text",
    }
}

fn hint(form: Form) -> Option<Key> {
    Some(match form {
        Form::Unit => t!("hint-unit"),
        Form::Units => t!("hint-units"),
        Form::Officer => t!("hint-officer"),
        Form::Officers => t!("hint-officers"),
        Form::Stops => t!("hint-stops"),
        Form::Stages => t!("hint-stages"),
        Form::Criteria => t!("hint-criteria"),
        Form::Record => t!("hint-record"),
        Form::Number => t!("hint-number"),
        Form::Line | Form::Text | Form::Day | Form::Measure | Form::File | Form::Choice(_) => return None,
    })
}

/// The name of an officer, as far as it may be known.
fn who(look: &Look, shown: &Shown, id: ids::OfficerId) -> String {
    if id == ids::OfficerId::default() {
        return look.word("role", "operator");
    }
    let named = shown.names.iter().find(|(own, _)| *own == id.to_string());
    named.map_or_else(|| look.text(t!("timeline-elsewhere")), |(_, name)| name.clone())
}

/// The files of a difficulty, each with what withdraws it, and the form that adds some.
fn attachments(look: &Look, page: &Page, shown: &Shown, one: &Difficulty, place: &str) -> Markup {
    let may = page.may("return");
    let head = [t!("record-file"), t!("record-file-size"), t!("record-file-sent"), t!("record-file-by"), t!("state")];
    let rows: Vec<Vec<Markup>> = one
        .attachments
        .iter()
        .map(|file| {
            let open = file.withdrawn.is_none();
            vec![
                html! { @if open { a href={ (place) "/files/" (file.id) } download { (file.name) } } @else { s { (file.name) } } },
                html! { (part::bytes(look, file.bytes)) },
                html! { (part::moment(&file.at.to_string())) },
                html! { (who(look, shown, file.officer)) },
                html! {
                    @if !open { (part::badge(look, "withdrawn")) }
                    @else if shown.files.contains(&file.id) {
                        form.inline method="post" action=(place) {
                            (part::key(look, Some(one.head.version)))
                            input type="hidden" name="act" value="withdraw-file";
                            input type="hidden" name="file" value=(file.id);
                            button.quiet aria-label={ (look.word("act", "withdraw-file")) ": " (file.name) } { (look.word("act", "withdraw-file")) }
                        }
                    }
                },
            ]
        })
        .collect();
    let title = look.text(t!("record-files"));
    let left = steering::FILES_MAX.saturating_sub(one.files().count());
    let hint = [("count", left.to_string()), ("max", (steering::FILE_BYTES_MAX >> 20).to_string())];
    html! {
        @if !rows.is_empty() { h2 { (title) } (part::table(look, &title, &head.map(|key| look.text(key)), &rows)) }
        @if may && left > 0 && one.state.name() != "closed" {
            details {
                summary { (look.word("act", "attach")) }
                form.stack method="post" action={ (place) "/files" } enctype="multipart/form-data" {
                    (part::key(look, Some(one.head.version)))
                    div.field {
                        label for="files-field" { (title) }
                        small { (look.fill(t!("record-files-hint"), &hint)) }
                        input #files-field type="file" name="files" required multiple accept=".pdf,.jpg,.jpeg,.png,.xlsx,.txt";
                    }
                    (part::ended(look))
                    button { (look.word("act", "attach")) }
                }
            }
        }
    }
}

/// Files are sent in.
pub(crate) async fn attach(
    State(console): State<Console>,
    page: Page,
    Path(id): Path<String>,
    upload: Upload,
) -> Response {
    let Some(id) = ids::Uuid::parse(&id) else { return unknown(&page.look) };
    let command = page.command(upload.fields.key(), upload.fields.version());
    let chosen = upload.files.into_iter().filter(|file| file.field == "files");
    let files: Vec<steering::Sent> =
        chosen.map(|file| steering::Sent { name: file.name, bytes: file.bytes.into() }).collect();
    match console.run(move |console| steering::attach(console.book(), &command, id, &files)).await {
        Ok(_) => see(&format!("/records/{id}")),
        Err(error) => Refused::from(error).page(&page.look),
    }
}

/// A file is given, to be kept and not to be shown by the browser.
pub(crate) async fn file(
    State(console): State<Console>,
    page: Page,
    Path((id, file)): Path<(String, String)>,
) -> Response {
    let (look, officer) = (&page.look, page.officer.clone());
    let (Some(id), Some(file)) = (ids::Uuid::parse(&id), ids::Uuid::parse(&file)) else { return unknown(look) };
    if let Err(refused) = console.take_read(&page, "programme") {
        return refused.page(look);
    }
    match console.run(move |console| steering::attachment(console.book(), &officer, id, file)).await {
        Ok(opened) => {
            let name = format!(
                "attachment; filename=\"vandan-{file}.{}\"; filename*=UTF-8''{}",
                opened.kind.ending(),
                part::percent_encoded(&opened.name)
            );
            (
                [(header::CONTENT_TYPE, opened.kind.media().to_owned()), (header::CONTENT_DISPOSITION, name)],
                opened.bytes,
            )
                .into_response()
        }
        Err(error) => Refused::from(error).page(look),
    }
}

/// What was done with it, by whom.
fn trail(look: &Look, shown: &Shown) -> Markup {
    let steps = &shown.record.head().trail;
    let items: Vec<(String, Markup, String)> = steps
        .iter()
        .map(|step| {
            let what = match &step.to {
                Some(unit) => look.fill(t!("record-passed-to"), &[("unit", unit_name(look, shown, unit))]),
                None => look.word("act", &step.act),
            };
            let who = match step.officer {
                None => look.text(t!("record-by-clock")),
                Some(id) => who(look, shown, id),
            };
            (step.at.to_string(), html! { (what) }, who)
        })
        .collect();
    html! { @if !items.is_empty() { h2 { (look.text(t!("record-trail"))) } (part::timeline(&items)) } }
}

/// A unit's name; its code where no such unit has a name.
fn unit_name(look: &Look, shown: &Shown, code: &str) -> String {
    if code.is_empty() {
        return look.text(t!("unit-nation"));
    }
    shown.names.iter().find(|(own, _)| own == code).map_or_else(|| code.to_owned(), |(_, name)| name.clone())
}

fn body(look: &Look, shown: &Shown, today: Day) -> Markup {
    match &shown.record {
        Record::Difficulty(one) => difficulty(look, shown, one),
        Record::Approach(one) => approach(look, shown, one),
        Record::Delegation(one) => delegation(look, shown, one),
        Record::Roadmap(one) => amendment(look, shown, one, today),
        Record::Milestone(one) => milestone(look, one, today),
        Record::Pilot(one) => pilot(look, shown, one),
    }
}

fn words(look: &Look, key: Key) -> String {
    look.text(key)
}

fn difficulty(look: &Look, shown: &Shown, one: &Difficulty) -> Markup {
    let passed: Vec<String> = one.passed_on.iter().map(|unit| unit_name(look, shown, unit)).collect();
    html! {
        p.text { (one.body) }
        (part::facts(&[
            (look.word("field", "about"), html! { (look.word("about", one.about.name())) }),
            (look.word("field", "severity"), html! { (look.word("severity", severity(one))) }),
            (look.word("field", "at"), html! { (unit_name(look, shown, &one.at)) }),
            (look.word("field", "owner"), html! { (one.head.owner.map_or_else(|| "—".to_owned(), |owner| who(look, shown, owner))) }),
            (words(look, t!("record-passed-on")), html! { (if passed.is_empty() { "—".to_owned() } else { passed.join(" → ") }) }),
        ]))
        @if let Some(decision) = &one.decision { h2 { (look.word("field", "decision")) } p.text { (decision) } }
    }
}

fn approach(look: &Look, shown: &Shown, one: &Approach) -> Markup {
    let head = [t!("board-unit"), t!("record-from")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = one
        .adopted
        .iter()
        .map(|adoption| vec![html! { (unit_name(look, shown, &adoption.unit)) }, html! { (day(adoption.day)) }])
        .collect();
    html! {
        p.text { (one.body) }
        (part::facts(&[
            (look.word("field", "measure"), html! { (measure(look, &one.measure)) }),
            (look.word("field", "since"), html! { (day(one.since)) }),
        ]))
        (part::table(look, &words(look, t!("record-who-adopted")), &head, &rows))
    }
}

fn delegation(look: &Look, shown: &Shown, one: &Delegation) -> Markup {
    let members: Vec<String> = one.members.iter().map(|member| who(look, shown, *member)).collect();
    let route: Vec<Vec<Markup>> = one
        .route
        .iter()
        .map(|stop| {
            vec![
                html! { (unit_name(look, shown, &stop.unit)) },
                html! { (day(stop.planned)) },
                html! { (stop.visited.map_or_else(|| "—".to_owned(), day)) },
            ]
        })
        .collect();
    let promises: Vec<Vec<Markup>> = one
        .promises
        .iter()
        .enumerate()
        .map(|(at, promise)| {
            let outcome = match &promise.outcome {
                None => html! { (part::badge(look, "open")) },
                Some(Outcome::Kept(on)) => html! { (part::badge(look, "kept")) " " (day(*on)) },
                Some(Outcome::GivenUp(on, reason)) => {
                    html! { (part::badge(look, "given-up")) " " (day(*on)) ": " (reason) }
                }
            };
            vec![
                html! { (at + 1) },
                html! { (unit_name(look, shown, &promise.unit)) },
                html! { (promise.text) },
                html! { (day(promise.due)) },
                outcome,
            ]
        })
        .collect();
    let route_head = [t!("board-unit"), t!("record-planned"), t!("record-visited")].map(|key| look.text(key));
    let head = [t!("record-number"), t!("board-unit"), t!("record-promise"), t!("record-due"), t!("state")];
    html! {
        @if !one.plan.is_empty() { p.text { (one.plan) } }
        @if !members.is_empty() { (part::facts(&[(look.word("field", "members"), html! { (members.join(", ")) })])) }
        @if !route.is_empty() { (part::table(look, &look.word("field", "route"), &route_head, &route)) }
        @if !one.findings.is_empty() {
            h2 { (words(look, t!("record-findings"))) }
            ul { @for finding in &one.findings { li { strong { (unit_name(look, shown, &finding.unit)) } ": " (finding.text) } } }
        }
        @if !one.promises.is_empty() { (part::table(look, &words(look, t!("record-promised")), &head.map(|key| look.text(key)), &promises)) }
    }
}

fn amendment(look: &Look, shown: &Shown, one: &Amendment, today: Day) -> Markup {
    let stages: Vec<Vec<Markup>> = one
        .stages
        .iter()
        .map(|stage| {
            let late = stage.done.is_none() && stage.planned < today;
            vec![
                html! { (stage.name) },
                html! { (day(stage.planned)) @if late { " " (part::badge(look, "late")) } },
                html! { (stage.done.map_or_else(|| "—".to_owned(), day)) },
            ]
        })
        .collect();
    let head = [t!("record-stage"), t!("record-planned"), t!("record-done")].map(|key| look.text(key));
    html! {
        (part::facts(&[
            (look.word("field", "document"), html! { (look.word("document", one.document.name())) " " (one.number) }),
            (look.word("field", "article"), html! { (one.article) }),
        ]))
        h2 { (look.word("field", "change")) } p.text { (one.change) }
        h2 { (look.word("field", "why")) } p.text { (one.why) }
        (part::table(look, &look.word("field", "stages"), &head, &stages))
        @if !one.depends_on.is_empty() {
            h2 { (words(look, t!("record-depends"))) }
            ul { @for on in &one.depends_on { li { (depended(look, shown, &on.to_string())) } } }
        }
    }
}

/// An act that another waits for: of one that the officer may not see nothing is told.
fn depended(look: &Look, shown: &Shown, id: &str) -> Markup {
    match shown.names.iter().find(|(own, _)| own == id) {
        Some((_, title)) => html! { a href={ "/records/" (id) } { (title) } },
        None => html! { (look.text(t!("record-another"))) },
    }
}

fn milestone(look: &Look, one: &Milestone, today: Day) -> Markup {
    let late = one.days_late(today);
    html! {
        (part::facts(&[
            (look.word("field", "project"), html! { (look.word("project", one.project.name())) }),
            (words(look, t!("record-reached")), html! { (one.reached.map_or_else(|| "—".to_owned(), day)) }),
            (words(look, t!("record-days-late")), html! { (late.max(0)) }),
        ]))
        @if !one.moved.is_empty() {
            h2 { (words(look, t!("record-moved"))) }
            ol { @for (from, reason) in &one.moved { li { (day(*from)) ": " (reason) } } }
        }
    }
}

fn pilot(look: &Look, shown: &Shown, one: &Pilot) -> Markup {
    let units: Vec<String> = one.units.iter().map(|unit| unit_name(look, shown, unit)).collect();
    let rows: Vec<Vec<Markup>> = one
        .criteria
        .iter()
        .enumerate()
        .map(|(at, criterion)| {
            let bound = match criterion.bound {
                Bound::AtLeast(bound) => format!("≥ {bound}"),
                Bound::AtMost(bound) => format!("≤ {bound}"),
            };
            let state = match criterion.met() {
                Some(true) => "met",
                Some(false) => "unmet",
                None => "unmeasured",
            };
            let measured = criterion.measured;
            vec![
                html! { (at + 1) },
                html! { (criterion.name) },
                html! { (bound) },
                html! { (measured.map_or_else(|| "—".to_owned(), |(value, on)| format!("{value} ({})", day(on)))) },
                part::badge(look, state),
            ]
        })
        .collect();
    let head = [t!("record-number"), t!("record-criterion"), t!("record-bound"), t!("record-measured"), t!("state")];
    let signed: Vec<String> = one
        .signed
        .iter()
        .map(|(id, verdict, at)| {
            format!(
                "{}: {}, {}",
                who(look, shown, *id),
                look.word(
                    "verdict",
                    match verdict {
                        Verdict::Go => "go",
                        Verdict::NoGo => "no-go",
                    }
                ),
                part::moment(&at.to_string())
            )
        })
        .collect();
    let ready = one.readiness();
    html! {
        (part::facts(&[(look.word("field", "units"), html! { (units.join(", ")) })]))
        (part::progress(look, &words(look, t!("record-readiness")), ready.met as u64, one.criteria.len() as u64))
        (part::table(look, &look.word("field", "criteria"), &head.map(|key| look.text(key)), &rows))
        @if !signed.is_empty() { h2 { (words(look, t!("record-signed"))) } ul { @for line in signed { li { (line) } } } }
    }
}

/// The pace before and after, beside units that were not visited or did not take it up.
fn effects_table(look: &Look, shown: &Shown, effects: &[Effect]) -> Markup {
    if effects.is_empty() {
        return html! {};
    }
    let pace = |hundredths: i64| look.language.number(hundredths as f64 / 100.0, 1);
    let head = [t!("board-unit"), t!("record-before"), t!("record-after"), t!("record-similar"), t!("record-beyond")];
    let rows: Vec<Vec<Markup>> = effects
        .iter()
        .map(|one| {
            let similar = one.similar_gain.map_or_else(|| "—".to_owned(), pace);
            let spread = one.spread.map_or_else(String::new, |spread| format!(" ± {}", pace(spread)));
            let clear = match one.clear() {
                Some(true) => look.text(t!("record-clear")),
                Some(false) => look.text(t!("record-unclear")),
                None => look.text(t!("record-too-few")),
            };
            vec![
                html! { (unit_name(look, shown, &one.unit)) },
                html! { (pace(one.before)) },
                html! { (pace(one.after)) small { " " (look.fill(t!("record-days"), &[("days", one.days_after.to_string())])) } },
                html! { (similar) (spread) small { " n = " (one.similar.len()) } },
                html! { (one.beyond().map_or_else(|| "—".to_owned(), pace)) " " small { (clear) } },
            ]
        })
        .collect();
    html! {
        h2 { (words(look, t!("record-effect"))) }
        p.hint { (words(look, t!("record-effect-what"))) }
        (part::table(look, &words(look, t!("record-effect")), &head.map(|key| look.text(key)), &rows))
    }
}
