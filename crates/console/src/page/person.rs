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
use register::row::Facts;
use services::history::Item;
use services::person::{self, Entry};
use services::status::READS;
use text::{Key, t};

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
    let rows: Vec<Vec<Markup>> = found.entries.iter().map(|entry| line(&look, entry, &purpose)).collect();
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
fn line(look: &Look, entry: &Entry, purpose: &str) -> Vec<Markup> {
    let facts = entry.person.facts().0;
    let open = html! {
        form.inline method="post" action={ "/persons/" (entry.id) } {
            input type="hidden" name="purpose" value=(purpose);
            button.link { (facts.name) }
        }
    };
    vec![number(look, entry), open, html! { (birth(&facts)) }, html! { (sex(look, &facts)) }, html! { (entry.unit) }]
}

fn number(look: &Look, entry: &Entry) -> Markup {
    match &entry.person.number {
        Some(number) => html! { code { (number) } },
        None => part::badge(look, "pending"),
    }
}

pub(crate) fn birth(facts: &Facts) -> String {
    // As people write it: day.month.year, as far as it is known.
    facts.birth.map_or_else(String::new, |date| match (date.month(), date.day()) {
        (Some(month), Some(day)) => format!("{day:02}.{month:02}.{}", date.year()),
        (Some(month), None) => format!("{month:02}.{}", date.year()),
        _ => date.year().to_string(),
    })
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

pub(crate) async fn show(State(console): State<Console>, page: Page, Path(id): Path<String>, sent: Fields) -> Response {
    let look = page.look.clone();
    let purpose = sent.get("purpose").to_owned();
    let Some(id) = PersonId::parse(&id) else {
        return Refused::from(services::Error::Missing("person-missing")).page(&look);
    };
    if let Err(refused) = console.take_read(&page, &purpose) {
        return refused.page(&look);
    }
    let reader = page.reader(&purpose);
    let shown = console
        .run(move |console| {
            let entry = person::open_by_id(console.book(), &reader, id)?;
            let members = match entry.household {
                Some(household) => person::household(console.book(), &reader, household)?,
                None => Vec::new(),
            };
            let history = services::history::of(console.book(), &entry)?;
            let units = console.book().view(services::unit::all)?;
            let ward = units.get(&entry.unit).map_or(String::new(), |unit| unit.name.clone());
            Ok((entry, members, history, ward))
        })
        .await;
    let (entry, members, history, ward) = match shown {
        Ok(shown) => shown,
        Err(error) => return Refused::from(error).page(&look),
    };
    let facts = entry.person.facts().0;
    let content = html! {
        p.lead { (part::badge(&look, &entry.status)) " " (number(&look, &entry)) }
        section { h2 { (look.text(t!("person-facts"))) } (facts_of(&look, &entry, &ward)) }
        @if page.may("enrol") && entry.person.number.is_some() {
            form.inline method="get" action="/applications/new" { button { (look.text(t!("person-enrol"))) } }
        }
        section {
            h2 { (look.text(t!("person-household"))) }
            @let head = [t!("person-number"), t!("person-name"), t!("person-birth"), t!("person-sex"), t!("person-unit")].map(|key| look.text(key));
            @let rows: Vec<Vec<Markup>> = members.iter().filter(|one| one.id != entry.id).map(|one| line(&look, one, &purpose)).collect();
            (part::table(&look, &look.text(t!("person-household")), &head, &rows))
        }
        section {
            h2 { (look.text(t!("person-sources"))) }
            (sources(&look, &entry))
        }
        section {
            h2 { (look.text(t!("person-changes"))) }
            (part::timeline(&items(&look, history.iter().filter(|item| !is_read(item)))))
        }
        section #looked {
            h2 { (look.text(t!("person-looked"))) }
            (part::timeline(&items(&look, history.iter().rev().filter(|item| is_read(item)))))
        }
    };
    frame::page(&page, &facts.name, &content)
}

fn is_read(item: &Item) -> bool {
    READS.contains(&item.kind.as_str())
}

fn items<'a>(look: &Look, items: impl Iterator<Item = &'a Item>) -> Vec<(String, Markup, String)> {
    items
        .map(|item| {
            let purpose = look.word("purpose", &item.purpose);
            let who = look.fill(t!("timeline-by"), &[("officer", item.officer.clone()), ("purpose", purpose)]);
            let what = html! {
                (look.word("kind", &item.kind))
                @if let Some(facts) = &item.facts { " " small.said { (facts.name) " · " (birth(facts)) " · " (facts.address) } }
            };
            (item.recorded.clone(), what, who)
        })
        .collect()
}

/// Each fact, with the row that it was taken from.
fn facts_of(look: &Look, entry: &Entry, ward: &str) -> Markup {
    let (facts, provenance) = entry.person.facts();
    let ward = if ward.is_empty() { facts.ward.clone() } else { format!("{ward} ({})", facts.ward) };
    let all: [(&str, Key, String); 13] = [
        ("name", t!("person-name"), facts.name.clone()),
        ("birth", t!("person-birth"), birth(&facts)),
        ("sex", t!("person-sex"), sex(look, &facts)),
        ("ethnic", t!("person-ethnic"), facts.ethnic.clone()),
        ("birth_province", t!("person-birth-province"), facts.birth_province.clone()),
        ("home_town", t!("person-home-town"), facts.home_town.clone()),
        ("ward", t!("person-unit"), ward),
        ("address", t!("person-address"), facts.address.clone()),
        ("old_number", t!("person-old-number"), facts.old_number.clone()),
        ("number", t!("person-claimed-number"), facts.number.clone()),
        ("father", t!("person-father"), facts.father.clone()),
        ("mother", t!("person-mother"), facts.mother.clone()),
        ("household_no", t!("person-household-number"), facts.household_no.clone()),
    ];
    let rows: Vec<(String, Markup)> = all
        .iter()
        .filter(|(_, _, value)| !value.is_empty())
        .map(|(name, key, value)| {
            let from = provenance.iter().find(|(own, _)| own == name).and_then(|(_, at)| entry.person.sources.get(*at));
            let from = from.map(|source| format!("{} {} · {}", source.form, source.sender, source.rec_id));
            (look.text(*key), html! { (value) @if let Some(from) = from { small.from { (from) } } })
        })
        .collect();
    part::facts(&rows)
}

/// The rows that speak of somebody, with what was found about each.
fn sources(look: &Look, entry: &Entry) -> Markup {
    let head = [t!("source-form"), t!("source-row"), t!("person-name"), t!("person-birth"), t!("source-findings")]
        .map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = entry
        .person
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
