//! The components in every state: for whoever builds a page or looks whether one has become ugly.

use super::case::side_by_side;
use crate::frame;
use crate::part::{self, Field};
use crate::request::Look;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use services::change::Changed;
use text::t;

pub(crate) async fn page(look: Look) -> Response {
    let shown = |name: &str, content: &Markup| html! { section.part { h2 { (name) } (content) } };
    let field = || Field::new("sample", look.text(t!("person-birth")));
    let states = [
        "open",
        "pending",
        "numbered",
        "checked",
        "approved",
        "personalised",
        "refused",
        "withdrawn",
        "superseded",
        "late",
        "running",
    ];
    let head = [t!("person-number"), t!("person-name")].map(|key| look.text(key));
    let rows = vec![vec![html! { code { "001203456789" } }, html! { "Nguyễn Thị Ánh Tuyết" }]];
    let when = "2020-11-01T01:00:00Z".to_owned();
    let compared = vec![
        (look.text(t!("person-name")), vec!["Nguyễn Văn Thuỷ".to_owned(), "Nguyễn Văn Thủy".to_owned()]),
        (look.text(t!("person-birth")), vec!["1990-01-02".to_owned(), "1990-01-02".to_owned()]),
    ];
    let others = vec![Changed {
        recorded: time::Instant(1_604_192_400_000_000),
        kind: "officer.changed".to_owned(),
        officer: Some("lan.tran".to_owned()),
    }];
    let content = html! {
        (shown("field", &html! {
            (field().hint(look.text(t!("accepts-date"))).show())
            (Field::new("filled", look.text(t!("person-birth"))).value("02/01/1990").show())
            (Field::new("wrong", look.text(t!("person-birth"))).value("31/02/1990").hint(look.text(t!("accepts-date"))).fault(Some(look.text(t!("parts-fault")))).show())
            (Field::new("changed", look.text(t!("person-birth"))).value("02/01/1990").now(Some(look.fill(t!("changed-now"), &[("value", "03.01.1990".to_owned())]))).show())
            (Field::new("optional", look.text(t!("person-address"))).optional().show())
        }))
        (shown("choice", &part::purpose(&look, "request")))
        (shown("badge", &html! { @for state in states { (part::badge(&look, state)) " " } }))
        (shown("notice", &html! {
            @for tone in ["plain", "good", "bad"] { (part::notice(tone, &look.text(t!("job-done")))) }
        }))
        (shown("facts", &part::facts(&[(look.text(t!("person-name")), html! { "Trần Văn Bình" small.from { "DC01 001 · 17" } })])))
        (shown("table", &html! { (part::table(&look, &look.text(t!("search-found")), &head, &rows)) (part::table(&look, "", &head, &[])) }))
        (shown("side by side", &side_by_side(&look, &["A".to_owned(), "B".to_owned()], &compared)))
        (shown("progress", &html! { (part::progress(&look, &look.text(t!("job-progress")), 3, 10)) (part::progress(&look, &look.text(t!("job-progress")), 0, 0)) }))
        (shown("timeline", &part::timeline(&[(when, html! { (look.word("kind", "person.entered")) }, "DC01".to_owned())])))
        (shown("changed by another", &html! { (part::changed(&look, &others)) (part::changed(&look, &[])) }))
        (shown("figure", &html! { div.figures { (part::figure(&look, t!("status-persons"), 98_713_820, "#")) } }))
        (shown("button", &html! { button { (look.text(t!("search"))) } " " button.quiet { (look.text(t!("search"))) } " " button disabled { (look.text(t!("search"))) } " " button aria-busy="true" { (look.text(t!("search"))) } }))
    };
    frame::outside(&look, &look.text(t!("parts")), &content, StatusCode::OK)
}
