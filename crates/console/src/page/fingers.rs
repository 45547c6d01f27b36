//! One application: ten fingers in two hands, each with its quality and what to do about a poor one.

use super::case::finger;
use crate::Console;
use crate::frame::{self, Refused};
use crate::part;
use crate::request::{Look, Page};
use axum::extract::{Path, State};
use axum::response::Response;
use ids::ApplicationId;
use maud::{Markup, html};
use services::application::{self, FingerShown, Shown};
use text::t;

/// From here on a print is good enough; below it the reason is worth a second try while the person is there.
const GOOD: u8 = 50;

pub(crate) async fn show(State(console): State<Console>, page: Page, Path(id): Path<String>) -> Response {
    let look = page.look.clone();
    let Some(id) = ApplicationId::parse(&id) else {
        return Refused::from(services::Error::Missing("application-unknown")).page(&look);
    };
    let officer = page.officer.clone();
    match console.run(move |console| application::show(console.book(), &officer, id)).await {
        Ok(shown) => frame::page(&page, &look.text(t!("application-one")), &content(&look, &shown)),
        Err(error) => Refused::from(error).page(&look),
    }
}

fn content(look: &Look, shown: &Shown) -> Markup {
    let face = shown.face_quality.map_or_else(|| "—".to_owned(), |quality| quality.to_string());
    html! {
        (part::facts(&[
            (look.text(t!("state")), part::badge(look, &shown.summary.state)),
            (look.text(t!("application-received-at")), html! { (part::moment(&shown.summary.received)) }),
            (look.text(t!("case-unit")), html! { (shown.summary.unit) }),
            (look.text(t!("application-face-quality")), html! { (face) }),
            (look.text(t!("application-receipt")), html! { code { (shown.summary.id) } }),
        ]))
        (grid(look, &shown.fingers))
    }
}

/// The right hand above the left, thumb first, as the sensor asks for them.
pub(crate) fn grid(look: &Look, fingers: &[FingerShown]) -> Markup {
    html! {
        h2 { (look.text(t!("application-fingers"))) }
        div.hands.graded {
            @for one in fingers {
                div.finger.(tone(one)) {
                    strong { (finger(look, one.position)) }
                    @match &one.missing {
                        Some(reason) => span { (look.word("missing", reason)) },
                        None => {
                            (part::progress(look, &look.text(t!("application-finger-quality")), u64::from(one.quality), 100))
                            @if one.quality < GOOD { small { (look.word("capture", &one.reason)) } }
                        }
                    }
                }
            }
        }
    }
}

fn tone(finger: &FingerShown) -> &'static str {
    match finger {
        FingerShown { missing: Some(_), .. } => "none",
        FingerShown { quality, .. } if *quality >= GOOD => "good",
        _ => "poor",
    }
}
