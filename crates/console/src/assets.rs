//! Script, fonts and style: embedded in the program, addressed by their content so that browsers keep them.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What `cargo xtask web` built: names and bytes.
const BUILT: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/built.rs"));
/// The style sheet needs no tool: it is embedded as it is written.
const STYLE: &[u8] = include_bytes!("../web/style.css");

/// Whether script and fonts are there.
pub(crate) fn is_complete() -> bool {
    BUILT.iter().any(|(name, _)| *name == "console.js.gz")
}

/// Changes with the program, so that a new version is fetched anew.
pub(crate) fn stamp() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let (bytes, kind, packed) = match name.as_str() {
        "style.css" => (STYLE, "text/css; charset=utf-8", false),
        "console.js" => (built("console.js.gz"), "text/javascript; charset=utf-8", true),
        font if font.ends_with(".woff2") => (built(font), "font/woff2", false),
        _ => (&[] as &[u8], "", false),
    };
    if bytes.is_empty() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=604800"));
    if packed {
        headers.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static("gzip"));
    }
    response
}

/// The map's shapes, where they were built.
pub(crate) fn map() -> Option<&'static [u8]> {
    Some(built("map.json")).filter(|bytes| !bytes.is_empty())
}

fn built(name: &str) -> &'static [u8] {
    BUILT.iter().find(|(own, _)| *own == name).map_or(&[], |(_, bytes)| *bytes)
}
