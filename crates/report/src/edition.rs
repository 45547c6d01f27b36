//! Which template, fonts and shapes a program sets its pages with.
//!
//! Two programs of one edition make the same bytes of the same report; two of different editions need not.

use crate::font::fetched;
use crate::map;
use crate::world::TEMPLATE;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

static EDITION: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    let own = [env!("CARGO_PKG_VERSION").as_bytes(), include_bytes!("../Cargo.lock")];
    let words = [include_str!("../../text/vi/report.ftl"), include_str!("../../text/en/report.ftl")];
    let template = TEMPLATE.iter().flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]);
    let parts = own.into_iter().chain(words.map(str::as_bytes)).chain(template).chain([map::bytes()]);
    for part in parts.chain(fetched().iter().copied()) {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
});

/// Sixteen hexadecimal digits over template, words, fonts, shapes and the packages that set the pages.
#[must_use]
pub fn edition() -> &'static str {
    &EDITION
}
