//! My account: name, roles, unit, and the passkeys that sign in to it.

use super::see;
use crate::Console;
use crate::body::Fields;
use crate::frame::{self, Refused};
use crate::part;
use crate::request::{Look, Page};
use axum::extract::{Path, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use maud::{Markup, html};
use services::officer::{self, Passkey};
use text::{Key, t};

/// A form that the browser's passkey ceremony fills: hidden until script shows it, for without script there is no ceremony.
pub(super) struct Ceremony<'a> {
    /// `create` or `get`.
    pub(super) act: &'a str,
    /// Where its answer is sent.
    pub(super) address: &'a str,
    /// The page that gives a fresh challenge.
    pub(super) page: &'a str,
    /// What the button says.
    pub(super) words: Key,
    /// The challenge.
    pub(super) challenge: Vec<u8>,
    /// Whose passkey is made: id and account name.
    pub(super) user: Option<(Vec<u8>, &'a str)>,
    /// Credentials that there are already: an authenticator keeps one for each account.
    pub(super) others: Vec<String>,
}

impl Ceremony<'_> {
    pub(super) fn form(&self, console: &Console, look: &Look, more: &Markup) -> Markup {
        let site = &console.0.site;
        let names: &[&str] = match self.act {
            "create" => &["client_data", "authenticator_data"],
            _ => &["credential", "user", "client_data", "authenticator_data", "signature"],
        };
        html! {
            form.passkey method="post" action=(self.address) hidden data-passkey=(self.act) data-page=(self.page)
                data-origin=(site.origin()) data-site=(site.id()) data-challenge=(BASE64.encode(&self.challenge))
                data-user=[self.user.as_ref().map(|(id, _)| BASE64.encode(id))]
                data-name=[self.user.as_ref().map(|(_, name)| name)] data-others=[(!self.others.is_empty()).then(|| self.others.join(" "))] {
                (more)
                @for name in names { input type="hidden" name=(name); }
                button type="button" { (look.text(self.words)) }
                p.fault data-refused role="alert" hidden { (look.text(t!("passkey-given-up"))) }
            }
            p.hint data-elsewhere hidden { (look.text(t!("passkey-elsewhere"))) " " a href={ (site.origin()) (self.page) } { (site.origin()) } }
        }
    }
}

/// A field of bytes; what is no base 64 is empty, and refused for that.
pub(super) fn binary(sent: &Fields, name: &str) -> Vec<u8> {
    BASE64.decode(sent.get(name)).unwrap_or_default()
}

pub(crate) async fn show(State(console): State<Console>, page: Page) -> Response {
    let (look, officer) = (page.look.clone(), page.officer.clone());
    let all = match console.run(move |console| officer::passkeys(console.book(), &officer)).await {
        Ok(all) => all,
        Err(error) => return Refused::from(error).page(&look),
    };
    let roles: Vec<String> = page.officer.roles.iter().map(|role| look.word("role", role)).collect();
    let unit = if page.officer.unit.is_empty() { look.text(t!("unit-nation")) } else { page.officer.unit.clone() };
    let add = Ceremony {
        act: "create",
        address: "/account/passkeys",
        page: "/account",
        words: t!("passkey-add"),
        challenge: officer::challenge(console.book(), Some(&page.officer)),
        user: Some((page.officer.id.bytes().to_vec(), &page.officer.name)),
        others: all.iter().map(|one| BASE64.encode(&one.credential)).collect(),
    };
    let content = html! {
        (part::facts(&[
            (look.text(t!("sign-in-officer")), html! { (page.officer.name) }),
            (look.text(t!("officer-roles")), html! { (roles.join(", ")) }),
            (look.text(t!("case-unit")), html! { (unit) }),
        ]))
        section {
            h2 { (look.text(t!("passkeys"))) }
            p.hint { (look.text(t!("passkey-what"))) }
            (passkeys(&look, &all))
            (add.form(&console, &look, &part::key(&look, None)))
        }
    };
    frame::page(&page, &look.text(t!("account")), &content)
}

fn passkeys(look: &Look, all: &[Passkey]) -> Markup {
    let head =
        [t!("passkey-added"), t!("passkey-used"), t!("passkey-place"), t!("passkey-act")].map(|key| look.text(key));
    let rows: Vec<Vec<Markup>> = all
        .iter()
        .map(|one| {
            let used = one.used.map_or_else(|| look.text(t!("passkey-unused")), |used| part::moment(&used.to_string()));
            let place = if one.eligible { t!("passkey-synchronised") } else { t!("passkey-one-device") };
            let address = format!("/account/passkeys/{}/remove", BASE64.encode(&one.credential));
            vec![
                html! { (part::moment(&one.added.to_string())) },
                html! { (used) },
                html! { (look.text(place)) },
                html! {
                    form.inline method="post" action=(address) {
                        (part::key(look, Some(one.version))) button.quiet { (look.text(t!("passkey-remove"))) }
                    }
                },
            ]
        })
        .collect();
    part::table(look, &look.text(t!("passkeys")), &head, &rows)
}

pub(crate) async fn add(State(console): State<Console>, page: Page, sent: Fields) -> Response {
    let command = page.command(sent.key(), None);
    let (client_data, authenticator_data) = (binary(&sent, "client_data"), binary(&sent, "authenticator_data"));
    let work = move |console: &Console| {
        officer::add_passkey(console.book(), &command, &console.0.site, &client_data, &authenticator_data)
    };
    match console.run(work).await {
        Ok(()) => see("/account"),
        Err(error) => Refused::from(error).page(&page.look),
    }
}

pub(crate) async fn remove(
    State(console): State<Console>,
    page: Page,
    Path(id): Path<String>,
    sent: Fields,
) -> Response {
    let (command, credential) = (page.command(sent.key(), sent.version()), BASE64.decode(id).unwrap_or_default());
    match console.run(move |console| officer::remove_passkey(console.book(), &command, &credential)).await {
        Ok(()) => see("/account"),
        Err(error) => Refused::from(error).page(&page.look),
    }
}
