//! Persons: search, one person with household, history and who looked.

use crate::Console;
use crate::body::Fields;
use crate::frame::{self, Refused};
use crate::part;
use crate::request::{Look, Page};
use axum::extract::{Path, State};
use axum::response::Response;
use ids::PersonId;
use maud::{Markup, html};
use register::person::Person;
use register::row::Facts;
use services::Book;
use services::history::{self, Item};
use services::person::{self, Entry};
use services::status::READS;
use std::collections::BTreeMap;
use text::{Key, t};
use time::{CivilDate, Instant};

fn search_fields(look: &Look, text: &str, purpose: &str) -> Markup {
    html! {
        form.search method="post" action="/persons" role="search" hx-boost="true" hx-push-url="false" {
            label.hidden for="search-field" { (look.text(t!("search"))) }
            input #search-field type="search" name="text" value=(text) required autocomplete="off"
                placeholder=(look.text(t!("search-placeholder")));
            (part::purpose(look, purpose))
            button { (look.text(t!("search"))) }
        }
        p.hint { (look.text(t!("search-hint"))) }
    }
}

pub(crate) async fn search_form(page: Page) -> Response {
    let look = &page.look;
    frame::page(&page, &look.text(t!("nav-persons")), &search_fields(look, "", "request"))
}

pub(crate) async fn search(State(console): State<Console>, page: Page, sent: Fields) -> Response {
    let look = page.look.clone();
    let (text, purpose) = (sent.get("text").to_owned(), sent.get("purpose").to_owned());
    if let Err(refused) = console.take_read(&page, &purpose) {
        return refused.page(&look);
    }
    let after = PersonId::parse(sent.get("after"));
    let (reader, words) = (page.reader(&purpose), text.clone());
    let found = console.run(move |console| person::find(console.book(), &reader, &words, after)).await;
    let found = match found {
        Ok(found) => found,
        Err(error) => return Refused::from(error).page(&look),
    };
    let head = [t!("person-number"), t!("person-name"), t!("person-birth"), t!("person-sex"), t!("person-unit")]
        .map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> =
        found.entries.iter().map(|entry| line(&look, entry, &purpose, &Units::new())).collect();
    let content = html! {
        (search_fields(&look, &text, &purpose))
        @if found.elsewhere { (part::notice("plain", &look.text(t!("person-elsewhere")))) }
        (part::table(&look, &look.text(t!("search-found")), &head, &rows))
        @if let Some(next) = found.next {
            form method="post" action="/persons" hx-boost="true" hx-push-url="false" {
                input type="hidden" name="text" value=(text);
                input type="hidden" name="purpose" value=(purpose);
                input type="hidden" name="after" value=(next.to_string());
                button { (look.text(t!("list-next"))) }
            }
        }
    };
    frame::page(&page, &look.text(t!("nav-persons")), &content)
}

/// A line of a search: opening the person is a form, because its purpose is recorded.
fn line(look: &Look, entry: &Entry, purpose: &str, units: &Units) -> Vec<Markup> {
    let facts = entry.person.facts().0;
    let open = html! {
        form.inline method="post" action={ "/persons/" (entry.id) } {
            input type="hidden" name="purpose" value=(purpose);
            button.link { (facts.name) }
        }
    };
    vec![
        number(look, entry),
        open,
        html! { (birth(&facts)) },
        html! { (sex(look, &facts)) },
        html! { (units.get(&entry.unit).unwrap_or(&entry.unit)) },
    ]
}

fn number(look: &Look, entry: &Entry) -> Markup {
    match &entry.person.number {
        Some(number) => html! { code { (number) } },
        None => part::badge(look, "pending"),
    }
}

/// As people write it: day/month/year, as far as it is known.
pub(crate) fn birth(facts: &Facts) -> String {
    facts.birth.map_or_else(String::new, date)
}

fn date(date: CivilDate) -> String {
    match (date.month(), date.day()) {
        (Some(month), Some(day)) => format!("{day:02}/{month:02}/{}", date.year()),
        (Some(month), None) => format!("{month:02}/{}", date.year()),
        _ => date.year().to_string(),
    }
}

fn sex(look: &Look, facts: &Facts) -> String {
    facts.sex.map_or_else(String::new, |sex| look.word("sex", if sex == 'M' { "male" } else { "female" }))
}

/// Somebody's address without a purpose: asks for one.
pub(crate) async fn purpose(page: Page) -> Response {
    let look = &page.look;
    let content = html! {
        p { (look.text(t!("purpose-why"))) }
        form.stack method="post" action=(look.path) { (part::purpose(look, "request")) button { (look.text(t!("person-open"))) } }
    };
    frame::page(&page, &look.text(t!("nav-persons")), &content)
}

/// What the page of a person shows.
struct Shown {
    entry: Entry,
    members: Vec<Entry>,
    history: Vec<Item>,
    units: Units,
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Path(id): Path<String>, sent: Fields) -> Response {
    let look = page.look.clone();
    let (purpose, day) = (sent.get("purpose").to_owned(), sent.get("known").to_owned());
    let Some(id) = PersonId::parse(&id) else {
        return Refused::from(services::Error::Missing("person-missing")).page(&look);
    };
    if let Err(refused) = console.take_read(&page, &purpose) {
        return refused.page(&look);
    }
    let (reader, unit) = (page.reader(&purpose), page.officer.unit.clone());
    let shown = console
        .run(move |console| {
            let book = console.book();
            let entry = person::open_by_id(book, &reader, id)?;
            let members = match entry.household {
                Some(household) => person::household(book, &reader, household)?,
                None => Vec::new(),
            };
            let history = history::for_unit(book, history::of(book, &entry)?, &unit)?;
            let units = units_of(
                book,
                history
                    .iter()
                    .filter_map(|item| item.person.as_ref())
                    .chain([&entry.person])
                    .chain(members.iter().map(|one| &one.person)),
            )?;
            Ok(Shown { entry, members, history, units })
        })
        .await;
    let shown = match shown {
        Ok(shown) => shown,
        Err(error) => return Refused::from(error).page(&look),
    };
    let Shown { entry, members, history, .. } = &shown;
    let now = html! {
        section { h2 { (look.text(t!("person-facts"))) } (facts_of(&look, &entry.person, &shown.units)) }
        @if page.may("enrol") && entry.person.number.is_some() {
            form.inline method="get" action="/applications/new" { button { (look.text(t!("person-enrol"))) } }
        }
        section {
            h2 { (look.text(t!("person-household"))) }
            @let head = [t!("person-number"), t!("person-name"), t!("person-birth"), t!("person-sex"), t!("person-unit")].map(|key| look.text(key));
            @let rows: Vec<Vec<Markup>> = members.iter().filter(|one| one.id != entry.id).map(|one| line(&look, one, &purpose, &shown.units)).collect();
            (part::table(&look, &look.text(t!("person-household")), &head, &rows))
        }
        section { h2 { (look.text(t!("person-sources"))) } (sources(&look, &entry.person)) }
    };
    let content = html! {
        p.lead { (part::badge(&look, &entry.status)) " " (number(&look, entry)) }
        (then_fields(&look, id, &purpose, &day))
        @if day.is_empty() { (now) } @else { (then(&look, &shown, &day)) }
        section { h2 { (look.text(t!("person-facts-history"))) } (spans(&look, &shown)) }
        section {
            h2 { (look.text(t!("person-changes"))) }
            (part::timeline(&items(&look, history.iter().filter(|item| !is_read(item)))))
        }
        section #looked {
            h2 { (look.text(t!("person-looked"))) }
            @if history::is_shortened(history) { p.hint { (look.text(t!("person-looked-latest"))) } }
            (part::timeline(&items(&look, history.iter().rev().filter(|item| is_read(item)))))
        }
    };
    frame::page(&page, &entry.person.facts().0.name, &content)
}

/// The switch to another day, and back: each is a look of its own, and recorded as one.
fn then_fields(look: &Look, id: PersonId, purpose: &str, day: &str) -> Markup {
    let address = format!("/persons/{id}");
    html! {
        div.then {
            form.then method="post" action=(address) {
                input type="hidden" name="purpose" value=(purpose);
                label for="known-field" { (look.text(t!("person-known"))) }
                input #known-field type="date" name="known" value=(day) required;
                button.quiet { (look.text(t!("person-known-show"))) }
            }
            @if !day.is_empty() {
                form.inline method="post" action=(address) {
                    input type="hidden" name="purpose" value=(purpose);
                    button.quiet { (look.text(t!("person-known-now"))) }
                }
            }
        }
    }
}

/// The person as the register knew them at the end of a day.
fn then(look: &Look, shown: &Shown, day: &str) -> Markup {
    let Some(at) = Some(day).filter(|day| day.len() == 10).and_then(Instant::parse) else {
        return part::notice("bad", &look.text(t!("person-known-malformed")));
    };
    let date = part::moment(&at.to_string());
    let arguments = [("day", date.split(' ').next().unwrap_or_default().to_owned())];
    match history::known(&shown.history, at) {
        None => part::notice("plain", &look.fill(t!("person-known-nobody"), &arguments)),
        Some(person) => html! {
            (part::notice("plain", &look.fill(t!("person-known-then"), &arguments)))
            section { h2 { (look.text(t!("person-facts"))) } (facts_of(look, person, &shown.units)) }
            section { h2 { (look.text(t!("person-sources"))) } (sources(look, person)) }
        },
    }
}

/// Each fact: what was said, since when it is so in the world, when the register learned it and until when it said so.
fn spans(look: &Look, shown: &Shown) -> Markup {
    let words = |person: &Person| {
        let mut all: Vec<(&'static str, String)> =
            values(look, &person.facts().0, &shown.units).into_iter().map(|(name, _, value)| (name, value)).collect();
        all.push(("personal_number", person.number.clone().unwrap_or_default()));
        all
    };
    let names = values(look, &Facts::default(), &shown.units);
    let name = |fact: &str| names.iter().find(|(own, ..)| *own == fact).map_or(t!("person-number"), |(_, key, _)| *key);
    let head =
        [t!("span-fact"), t!("span-value"), t!("span-valid"), t!("span-learned"), t!("span-until"), t!("span-source")]
            .map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = history::spans(&shown.history, &words)
        .iter()
        .map(|span| {
            let valid = match (&span.since, span.fact) {
                (Some(birth), _) => look.fill(t!("span-from-birth"), &[("date", date(*birth))]),
                (None, "personal_number") => part::moment(&span.learned),
                (None, _) => look.text(t!("span-not-said")),
            };
            let source = span.source.as_ref().map_or_else(
                || look.text(t!("span-register")),
                |source| format!("{} {} · {}", source.form, source.sender, source.rec_id),
            );
            let until = span.until.as_deref().map_or_else(|| look.text(t!("span-still")), part::moment);
            vec![
                html! { (look.text(name(span.fact))) },
                html! { (span.value) },
                html! { (valid) },
                html! { (part::moment(&span.learned)) },
                html! { (until) },
                html! { (source) },
            ]
        })
        .collect();
    part::table(look, &look.text(t!("person-facts-history")), &head, &rows)
}

fn is_read(item: &Item) -> bool {
    READS.contains(&item.kind.as_str())
}

fn items<'a>(look: &Look, items: impl Iterator<Item = &'a Item>) -> Vec<(String, Markup, String)> {
    items
        .map(|item| {
            let purpose = look.word("purpose", &item.purpose);
            let officer = match &item.name {
                Some(name) => name.clone(),
                None if item.officer == "operator" => look.word("role", "operator"),
                None => look.text(t!("timeline-elsewhere")),
            };
            let who = look.fill(t!("timeline-by"), &[("officer", officer), ("purpose", purpose)]);
            let what = html! {
                (look.word("kind", &item.kind))
                @if let Some(facts) = &item.facts { " " small.said { (facts.name) " · " (birth(facts)) " · " (facts.address) } }
            };
            (item.recorded.clone(), what, who)
        })
        .collect()
}

/// Names of units by their code.
type Units = BTreeMap<String, String>;

/// The code of the province that a birth was registered in.
fn province(facts: &Facts) -> String {
    if facts.birth_province.is_empty() { String::new() } else { format!("P{}", facts.birth_province) }
}

/// The names of the units that some persons' sources speak of.
fn units_of<'a>(book: &Book, persons: impl Iterator<Item = &'a Person>) -> Result<Units, services::Error> {
    let facts = persons.flat_map(|person| person.sources.iter().map(|source| &source.facts));
    let codes: Vec<String> = facts.flat_map(|facts| [facts.ward.clone(), province(facts)]).collect();
    book.view(|view| services::unit::names(view, codes.iter().map(String::as_str)))
}

/// Every fact with its name and its words; empty where nothing is known.
fn values(look: &Look, facts: &Facts, units: &Units) -> [(&'static str, Key, String); 13] {
    let named = |code: &str, written: &str| {
        units.get(code).map_or_else(|| written.to_owned(), |name| format!("{name} ({written})"))
    };
    let ethnic = if facts.ethnic.is_empty() { String::new() } else { vn::ethnic_name(&facts.ethnic) };
    [
        ("name", t!("person-name"), facts.name.clone()),
        ("birth", t!("person-birth"), birth(facts)),
        ("sex", t!("person-sex"), sex(look, facts)),
        ("ethnic", t!("person-ethnic"), ethnic),
        ("birth_province", t!("person-birth-province"), named(&province(facts), &facts.birth_province)),
        ("home_town", t!("person-home-town"), facts.home_town.clone()),
        ("ward", t!("person-unit"), named(&facts.ward, &facts.ward)),
        ("address", t!("person-address"), facts.address.clone()),
        ("old_number", t!("person-old-number"), facts.old_number.clone()),
        ("number", t!("person-claimed-number"), facts.number.clone()),
        ("father", t!("person-father"), facts.father.clone()),
        ("mother", t!("person-mother"), facts.mother.clone()),
        ("household_no", t!("person-household-number"), facts.household_no.clone()),
    ]
}

/// Each fact, with the row that it was taken from.
fn facts_of(look: &Look, person: &Person, units: &Units) -> Markup {
    let (facts, provenance) = person.facts();
    let rows: Vec<(String, Markup)> = values(look, &facts, units)
        .into_iter()
        .filter(|(_, _, value)| !value.is_empty())
        .map(|(name, key, value)| {
            let from = provenance.iter().find(|(own, _)| *own == name).and_then(|(_, at)| person.sources.get(*at));
            let from = from.map(|source| format!("{} {} · {}", source.form, source.sender, source.rec_id));
            (look.text(key), html! { (value) @if let Some(from) = from { small.from { (from) } } })
        })
        .collect();
    part::facts(&rows)
}

/// The rows that speak of somebody, with what was found about each.
fn sources(look: &Look, person: &Person) -> Markup {
    let head = [t!("source-form"), t!("source-row"), t!("person-name"), t!("person-birth"), t!("source-findings")]
        .map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = person
        .sources
        .iter()
        .map(|source| {
            let findings: Vec<String> =
                source.findings.iter().map(|finding| look.word("finding", &finding.code())).collect();
            vec![
                html! { (source.form) @if source.superseded { " " (part::badge(look, "superseded")) } },
                html! { (source.sender) " · " (source.rec_id) },
                html! { (source.facts.name) },
                html! { (birth(&source.facts)) },
                html! { (findings.join("; ")) },
            ]
        })
        .collect();
    part::table(look, &look.text(t!("person-sources")), &head, &rows)
}
