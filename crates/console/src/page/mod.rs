//! The pages, one noun a file.

pub(crate) mod account;
pub(crate) mod application;
pub(crate) mod attention;
pub(crate) mod audit;
pub(crate) mod batch;
pub(crate) mod board;
pub(crate) mod case;
pub(crate) mod collect;
pub(crate) mod compare;
pub(crate) mod digest;
pub(crate) mod export;
pub(crate) mod fingers;
pub(crate) mod health;
pub(crate) mod home;
pub(crate) mod honour;
pub(crate) mod job;
pub(crate) mod officer;
pub(crate) mod operations;
pub(crate) mod parts;
pub(crate) mod person;
pub(crate) mod record;
pub(crate) mod report;
pub(crate) mod returns;
pub(crate) mod sign_in;
pub(crate) mod steer;
pub(crate) mod tables;
pub(crate) mod target;

use crate::frame;
use crate::request::Look;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use text::t;

/// Where in a list: its state, and what the page before ended with.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct At {
    state: String,
    after: String,
}

impl At {
    /// The state that was asked for, or the first of those there are.
    fn state(&self, known: &[&'static str]) -> &'static str {
        known.iter().find(|state| **state == self.state).or(known.first()).copied().unwrap_or_default()
    }
}

/// An address that no page has.
pub(crate) async fn missing(look: Look) -> Response {
    frame::plain(&look, StatusCode::NOT_FOUND, t!("console-missing"))
}

/// After a change the browser is sent to a page of its own: going back or loading again sends nothing twice.
pub(crate) fn see(address: &str) -> Response {
    Redirect::to(address).into_response()
}
