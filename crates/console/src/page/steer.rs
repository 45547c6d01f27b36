//! What the pages of the programme have in common: the way from one to the other, the days and units that they are asked for.

use crate::request::Look;
use maud::{Markup, html};
use services::Error;
use text::{Key, t};
use time::Day;

/// The pages of the programme: address and text.
const PLACES: &[(&str, Key)] = &[
    ("/board", t!("nav-board")),
    ("/digest", t!("nav-digest")),
    ("/attention", t!("nav-attention")),
    ("/honours", t!("nav-honours")),
    ("/returns", t!("nav-returns")),
    ("/targets", t!("nav-targets")),
];

/// Whether an address is one of them.
pub(crate) fn has(path: &str) -> bool {
    PLACES.iter().any(|(place, _)| path.starts_with(place))
}

/// The ways to all of them; the one that is shown stands out.
pub(crate) fn ways(look: &Look) -> Markup {
    html! {
        nav.states aria-label=(look.text(t!("steer-pages"))) {
            @for (place, name) in PLACES { a href=(place) aria-current=[look.path.starts_with(place).then_some("page")] { (look.text(*name)) } }
        }
    }
}

/// A day as it was typed; none where nothing was.
pub(crate) fn asked(text: &str) -> Result<Option<Day>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::Input { code: "day-malformed", arguments: vec![("day", text.to_owned())] };
    Day::parse(text).map(Some).ok_or_else(wrong)
}

/// The name of a unit; the nation's has none of its own.
pub(crate) fn name(look: &Look, name: &str) -> String {
    if name.is_empty() { look.text(t!("unit-nation")) } else { name.to_owned() }
}

/// A difference with its sign.
pub(crate) fn signed(look: &Look, value: i64) -> String {
    let sign = match value {
        0 => "",
        1.. => "+",
        _ => "−",
    };
    format!("{sign}{}", look.count(value.unsigned_abs()))
}
