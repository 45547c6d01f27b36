//! The operations of `/api/v1` for people: drawn from the OpenAPI document itself.

use crate::Console;
use crate::frame;
use crate::part;
use crate::request::Look;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;
use std::collections::BTreeMap;
use text::{Key, t};

/// How a token is had and used.
const TOKEN: &str = r#"curl -X POST http://127.0.0.1:8080/api/v1/session -H 'Content-Type: application/json' \
     -d '{"officer": "an.nguyen", "password": "…", "code": "123456"}'
curl http://127.0.0.1:8080/api/v1/status -H 'Authorization: Bearer TOKEN'"#;
/// How the feed is followed.
const FEED: &str = r#"curl 'http://127.0.0.1:8080/api/v1/events?from=0&limit=100' -H 'Authorization: Bearer TOKEN'
{"events": […], "next": 100}
curl 'http://127.0.0.1:8080/api/v1/events?from=100&limit=100' -H 'Authorization: Bearer TOKEN'"#;
/// How a command is sent so that it may be sent again.
const KEY: &str = "curl -X POST http://127.0.0.1:8080/api/v1/batches -H 'Authorization: Bearer TOKEN' \\
     -H 'Idempotency-Key: 7f1c0a52'";
/// What the document calls an answer that says no.
const PROBLEM: &str = "application/problem+json";

/// An operation of the document.
struct Operation<'a> {
    method: String,
    path: &'a str,
    said: &'a Value,
}

impl Operation<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn anchor(&self) -> String {
        self.said["operationId"].as_str().unwrap_or_default().to_owned()
    }
}

fn operations(document: &Value) -> BTreeMap<&str, Vec<Operation<'_>>> {
    let mut by_tag: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, said) in methods.as_object().into_iter().flatten() {
            let tag = said["tags"][0].as_str().unwrap_or_default();
            by_tag.entry(tag).or_default().push(Operation { method: method.to_uppercase(), path, said });
        }
    }
    by_tag
}

pub(crate) async fn page(State(console): State<Console>, look: Look) -> Response {
    let document = &console.0.document;
    let by_tag = operations(document);
    let content = html! {
        p { (look.text(t!("operations-what"))) " " a href="/api/v1/openapi.json" { "/api/v1/openapi.json" } " · OpenAPI " (document["openapi"].as_str().unwrap_or_default()) }
        (example(&look, t!("operations-token"), t!("operations-token-what"), TOKEN))
        (example(&look, t!("operations-feed"), t!("operations-feed-what"), FEED))
        (example(&look, t!("operations-key"), t!("operations-key-what"), KEY))
        section.part {
            h2 { (look.text(t!("operations-all"))) }
            @let head = [t!("operations-operation"), t!("operations-does")].map(|key| look.text(key));
            @let rows: Vec<Vec<Markup>> = by_tag.values().flatten().map(|one| vec![
                html! { a href={ "#" (one.anchor()) } { code { (one.name()) } } }, said(one.said, "summary"),
            ]).collect();
            (part::table(&look, &look.text(t!("operations-all")), &head, &rows))
        }
        @for (tag, all) in &by_tag {
            section.part {
                h2 { code { (tag) } }
                @for one in all { (operation(&look, one)) }
            }
        }
        section.part {
            h2 { (look.text(t!("operations-schemas"))) }
            @for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
                (component(&look, name, schema))
            }
        }
        (problems(&look, by_tag.values().flatten()))
    };
    frame::outside(&look, &look.text(t!("operations")), &content, StatusCode::OK)
}

fn example(look: &Look, title: Key, what: Key, lines: &str) -> Markup {
    html! { section.part { h2 { (look.text(title)) } p { (look.text(what)) } pre tabindex="0" { (lines) } } }
}

/// What the document says, which it says in English.
fn said(of: &Value, what: &str) -> Markup {
    html! { span lang="en" { (of[what].as_str().unwrap_or_default()) } }
}

fn operation(look: &Look, one: &Operation<'_>) -> Markup {
    let title = |key: Key| format!("{}: {}", one.name(), look.text(key));
    let name_and_kind = [t!("operations-name"), t!("operations-kind"), t!("operations-about")];
    let parameters: Vec<Vec<Markup>> = one.said["parameters"].as_array().into_iter().flatten().map(parameter).collect();
    let bodies: Vec<Vec<Markup>> = contents(&one.said["requestBody"])
        .map(|(media, schema)| vec![html! { code { (media) } }, kind(schema)])
        .collect();
    let answers: Vec<Vec<Markup>> = answers(one)
        .map(|(status, answer)| {
            let what = contents(answer).map(|(_, schema)| kind(schema)).next();
            vec![html! { (status) }, what.unwrap_or_else(|| html! { (look.text(t!("operations-nothing"))) })]
        })
        .collect();
    html! {
        h3 id=(one.anchor()) { code { (one.name()) } }
        p { (said(one.said, "summary")) " " (said(one.said, "description")) }
        @if one.said["security"].is_null() { p.hint { (look.text(t!("operations-open"))) } }
        @if !parameters.is_empty() {
            (part::table(look, &title(t!("operations-parameters")), &name_and_kind.map(|key| look.text(key)), &parameters))
        }
        @if !bodies.is_empty() {
            (part::table(look, &title(t!("operations-body")), &[t!("operations-media"), t!("operations-kind")].map(|key| look.text(key)), &bodies))
        }
        (part::table(look, &title(t!("operations-answers")), &[t!("operations-status"), t!("operations-kind")].map(|key| look.text(key)), &answers))
    }
}

/// The answers of an operation that are no problems; those are the same for all.
fn answers<'a>(one: &Operation<'a>) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let all = one.said["responses"].as_object().into_iter().flatten();
    all.filter(|(_, answer)| answer["content"][PROBLEM].is_null())
}

/// The schemas of a body, by media type.
fn contents(of: &Value) -> impl Iterator<Item = (&String, &Value)> {
    of["content"].as_object().into_iter().flatten().map(|(media, content)| (media, &content["schema"]))
}

fn parameter(one: &Value) -> Vec<Markup> {
    let name = one["name"].as_str().unwrap_or_default();
    let place = one["in"].as_str().unwrap_or_default();
    vec![
        html! { code { (name) } " " small { (place) } @if one["required"] == true { " " strong { "*" } } },
        kind(&one["schema"]),
        said(one, "description"),
    ]
}

/// What a schema is, in few words: a link to a named one, or its type with its bounds.
fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|place| place.rsplit('/').next()) {
        return html! { a href={ "#schema-" (name) } { code { (name) } } };
    }
    if schema["type"] == "array" && !schema["items"].is_null() {
        return html! { code { "[ " } (kind(&schema["items"])) code { " … ]" } };
    }
    let either = schema["oneOf"].as_array().into_iter().flatten();
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let bounds = ["format", "minimum", "maximum", "minLength", "maxLength"]
        .iter()
        .filter(|bound| !schema[**bound].is_null())
        .map(|bound| format!("{bound} {}", plain(&schema[*bound])));
    let words: Vec<String> = schema["enum"].as_array().into_iter().flatten().map(plain).collect();
    html! {
        @for one in either { (kind(one)) " " }
        code { (kinds.join(" | ")) }
        @for bound in bounds { " " small { (bound) } }
        @for word in words { " " code { (word) } }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn component(look: &Look, name: &str, schema: &Value) -> Markup {
    let required = |field: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == field));
    let rows: Vec<Vec<Markup>> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(field, one)| {
            let star = html! { @if required(field) { " " strong { "*" } } };
            vec![html! { code { (field) } (star) }, kind(one), said(one, "description")]
        })
        .collect();
    html! {
        h3 id={ "schema-" (name) } { code { (name) } }
        p { (said(schema, "description")) }
        @if rows.is_empty() { p { (kind(schema)) } }
        @else {
            (part::table(look, name, &[t!("operations-name"), t!("operations-kind"), t!("operations-about")].map(|key| look.text(key)), &rows))
        }
    }
}

/// Every answer that says no, and every code that it may have, with its words.
fn problems<'a>(look: &Look, all: impl Iterator<Item = &'a Operation<'a>>) -> Markup {
    let mut statuses: BTreeMap<&str, &Value> = BTreeMap::new();
    for one in all {
        let answers = one.said["responses"].as_object().into_iter().flatten();
        statuses
            .extend(answers.filter(|(_, answer)| !answer["content"][PROBLEM].is_null()).map(|(s, a)| (s.as_str(), a)));
    }
    let rows: Vec<Vec<Markup>> =
        statuses.iter().map(|(status, answer)| vec![html! { (status) }, said(answer, "description")]).collect();
    let codes: Vec<Vec<Markup>> = Key::beginning("error-")
        .map(|key| vec![html! { code { (key.name().trim_start_matches("error-")) } }, html! { (look.text(key)) }])
        .collect();
    html! {
        section.part {
            h2 #problems { (look.text(t!("operations-problems"))) }
            p { (look.text(t!("operations-problems-what"))) }
            (part::table(look, &look.text(t!("operations-answers")), &[t!("operations-status"), t!("operations-about")].map(|key| look.text(key)), &rows))
            (part::table(look, &look.text(t!("operations-codes")), &[t!("operations-code"), t!("operations-about")].map(|key| look.text(key)), &codes))
        }
    }
}
