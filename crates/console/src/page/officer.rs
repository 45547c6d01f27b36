//! Officers: accounts with their roles and units; made, changed, closed, opened, reset by an administrator.

use super::{At, see};
use crate::Console;
use crate::body::Fields;
use crate::frame::{self, Refused};
use crate::part::{self, Field};
use crate::request::{Look, Page};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use services::change;
use services::officer::{self, ROLES};
use text::t;

fn roles(look: &Look, held: &[String]) -> Markup {
    html! {
        fieldset {
            legend { (look.text(t!("officer-roles"))) }
            @for (role, _) in ROLES.iter().filter(|(role, _)| *role != "operator") {
                label.radio {
                    input type="checkbox" name={ "role-" (role) } value="1" checked[held.iter().any(|own| own == role)];
                    (look.word("role", role))
                }
            }
        }
    }
}

fn chosen(sent: &Fields) -> Vec<String> {
    sent.beginning("role-").filter(|(_, value)| *value == "1").map(|(role, _)| role.to_owned()).collect()
}

/// A form that did not arrive whole: an empty unit would be the nation.
fn cut(look: &Look) -> Response {
    Refused::bad(t!("console-form-cut"), Vec::new()).page(look)
}

/// Accounts on one page.
const LISTED: usize = 50;

pub(crate) async fn list(State(console): State<Console>, page: Page, Query(at): Query<At>) -> Response {
    let (look, unit) = (page.look.clone(), page.officer.unit.clone());
    let read = move |console: &Console| {
        officer::list(console.book(), &unit, Some(at.after.as_str()).filter(|after| !after.is_empty()), LISTED)
    };
    let all = match console.run(read).await {
        Ok(all) => all,
        Err(error) => return Refused::from(error).page(&look),
    };
    let head = [t!("sign-in-officer"), t!("officer-roles"), t!("case-unit"), t!("state")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = all
        .items
        .iter()
        .map(|account| {
            let held: Vec<String> = account.officer.roles.iter().map(|role| look.word("role", role)).collect();
            vec![
                html! { a href={ "/officers/" (account.officer.name) } { (account.officer.name) } },
                html! { (held.join(", ")) },
                html! { (if account.officer.unit.is_empty() { look.text(t!("unit-nation")) } else { account.officer.unit.clone() }) },
                part::badge(&look, &account.state),
            ]
        })
        .collect();
    let content = html! {
        (part::table(&look, &look.text(t!("nav-officers")), &head, &rows))
        @if let Some(next) = &all.next { (part::next(&look, &format!("/officers?after={next}"))) }
        details {
            summary { (look.text(t!("officer-new"))) }
            form.stack method="post" action="/officers" {
                (part::key(&look, None))
                (Field::new("name", look.text(t!("sign-in-officer"))).hint(look.text(t!("officer-name-hint"))).show())
                (roles(&look, &[]))
                (Field::new("unit", look.text(t!("case-unit"))).hint(look.text(t!("officer-unit-hint"))).optional().show())
                button { (look.text(t!("officer-new"))) }
            }
        }
    };
    frame::page(&page, &look.text(t!("nav-officers")), &content)
}

/// A one-time code, shown once.
fn code(page: &Page, name: &str, code: &str) -> Response {
    let look = &page.look;
    let content = html! {
        (part::notice("good", &look.fill(t!("officer-code"), &[("name", name.to_owned())])))
        p.secret { code { (code) } }
        p { (look.text(t!("officer-code-hint"))) }
        p { a href="/officers" { (look.text(t!("nav-officers"))) } }
    };
    frame::page(page, &look.text(t!("nav-officers")), &content)
}

pub(crate) async fn create(State(console): State<Console>, page: Page, sent: Fields) -> Response {
    let look = page.look.clone();
    let Some(unit) = sent.find("unit").map(str::to_owned) else { return cut(&look) };
    let (name, held) = (sent.get("name").to_owned(), chosen(&sent));
    let command = page.command(sent.key(), None);
    let wanted = name.clone();
    match console.run(move |console| officer::create(console.book(), &command, &wanted, &held, &unit)).await {
        Ok(one_time) => code(&page, &name, &one_time),
        Err(error) => Refused::from(error).page(&look),
    }
}

pub(crate) async fn show(State(console): State<Console>, page: Page, Path(name): Path<String>) -> Response {
    drawn(&console, &page, &name, None).await
}

/// The page of an account; with what was typed, if another officer came before.
async fn drawn(console: &Console, page: &Page, name: &str, typed: Option<Fields>) -> Response {
    let look = page.look.clone();
    let (unit, wanted) = (page.officer.unit.clone(), name.to_owned());
    let account = match console.run(move |console| officer::find(console.book(), &unit, &wanted)).await {
        Ok(Some(account)) => account,
        Ok(None) => return Refused::from(services::Error::Missing("officer-missing")).page(&look),
        Err(error) => return Refused::from(error).page(&look),
    };
    let (officer, wanted, from) = (page.officer.clone(), name.to_owned(), typed.as_ref().map(Fields::seen));
    let looked = console
        .run(move |console| {
            let seen = change::now(console.book())?;
            let changed =
                from.map_or(Ok(Vec::new()), |from| change::of_account(console.book(), &officer, &wanted, from))?;
            Ok((seen, changed))
        })
        .await;
    let (seen, changed) = match looked {
        Ok(looked) => looked,
        Err(error) => return Refused::from(error).page(&look),
    };
    let place = format!("/officers/{name}");
    let act = |what: &'static str, words| {
        html! {
            form.inline method="post" action=(place) {
                (part::key(&look, Some(account.version)))
                (part::seen(seen))
                input type="hidden" name="what" value=(what);
                button.quiet { (look.text(words)) }
            }
        }
    };
    let (held, unit) = (&account.officer.roles, account.officer.unit.as_str());
    let words = |roles: &[String]| roles.iter().map(|role| look.word("role", role)).collect::<Vec<_>>().join(", ");
    // A form that only pressed a button had no fields: what stands in the register is shown then.
    let edited = typed.as_ref().filter(|typed| typed.get("what") == "change");
    let typed_roles = edited.map_or_else(|| held.clone(), chosen);
    let typed_unit = edited.map_or(unit, |typed| typed.get("unit"));
    let now = |differs: bool, value: String| {
        (edited.is_some() && differs).then(|| look.fill(t!("changed-now"), &[("value", value)]))
    };
    let nation = || look.text(t!("unit-nation"));
    let unit_now = now(typed_unit != unit, if unit.is_empty() { nation() } else { unit.to_owned() });
    let content = html! {
        p.lead { (part::badge(&look, &account.state)) }
        @if typed.is_some() { (part::changed(&look, &changed)) }
        form.stack method="post" action=(place) {
            (part::key(&look, Some(account.version)))
            (part::seen(seen))
            input type="hidden" name="what" value="change";
            (roles(&look, &typed_roles))
            @if let Some(now) = now(typed_roles != *held, words(held)) { p.now { (now) } }
            (Field::new("unit", look.text(t!("case-unit"))).value(typed_unit).hint(look.text(t!("officer-unit-hint"))).now(unit_now).optional().show())
            button { (look.text(t!("officer-change"))) }
        }
        div.actions {
            @if account.state == "closed" { (act("open", t!("officer-open"))) } @else { (act("close", t!("officer-close"))) }
            " " (act("reset", t!("officer-reset")))
        }
    };
    frame::second(frame::page(page, name, &content), typed.is_some())
}

pub(crate) async fn change(
    State(console): State<Console>,
    page: Page,
    Path(name): Path<String>,
    sent: Fields,
) -> Response {
    let look = page.look.clone();
    let command = page.command(sent.key(), sent.version());
    let (what, unit, held) = (sent.get("what").to_owned(), sent.find("unit").map(str::to_owned), chosen(&sent));
    let whole = match what.as_str() {
        "close" | "open" | "reset" => true,
        "change" => unit.is_some(),
        _ => false,
    };
    if !whole {
        return cut(&look);
    }
    let wanted = name.clone();
    let done = console
        .run(move |console| {
            let book = console.book();
            match what.as_str() {
                "close" => officer::close(book, &command, &wanted).map(|()| None),
                "open" => officer::reopen(book, &command, &wanted).map(|()| None),
                "reset" => officer::reset(book, &command, &wanted).map(Some),
                _ => officer::change(book, &command, &wanted, Some(&held), unit.as_deref()).map(|()| None),
            }
        })
        .await;
    match done {
        Ok(Some(one_time)) => code(&page, &name, &one_time),
        Ok(None) => see(&format!("/officers/{name}")),
        Err(services::Error::Version { .. }) => drawn(&console, &page, &name, Some(sent)).await,
        Err(error) => Refused::from(error).page(&look),
    }
}
