//! What a command prints: texts for people, or one JSON document; and how a command fails.
//!
//! Invariant: with `--json` exactly one JSON document is printed, errors included, and nothing else on standard output.

use crate::text::{Key, Language, Texts};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal, Write};

/// Exit statuses, as the contract with callers gives them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done, and the answer is "no": not genuine, tampered, over a given limit.
    No = 1,
    /// Wrong use.
    Use = 2,
    /// Bad input: file, line, column and cause are named.
    Input = 3,
    /// Cannot now: locked, no space, no server.
    Now = 4,
}

/// Why a command ended without being done.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit status.
    pub(crate) exit: Exit,
    /// The text that says why.
    pub(crate) key: Key,
    /// What the text names.
    pub(crate) arguments: Vec<(&'static str, String)>,
    /// Set where the JSON document has been printed already (an answer that is "no").
    pub(crate) said: bool,
}

impl Failure {
    /// A failure with a text and what it names.
    pub(crate) fn new(exit: Exit, key: Key, arguments: Vec<(&'static str, String)>) -> Failure {
        Failure { exit, key, arguments, said: false }
    }

    /// An answer that is "no" and has been printed in full.
    pub(crate) fn no(key: Key) -> Failure {
        Failure { exit: Exit::No, key, arguments: Vec::new(), said: true }
    }

    /// The failure for an error code of a lower floor (`error-<code>`); `detail` is put in as `$detail`, `file` as `$file`.
    pub(crate) fn of_code(exit: Exit, code: &str, mut arguments: Vec<(&'static str, String)>) -> Failure {
        let key = Key::find(&format!("error-{code}")).unwrap_or(crate::text::t!("error-unnamed"));
        arguments.push(("code", code.to_owned()));
        Failure { exit, key, arguments, said: false }
    }
}

/// Where a command says what it did.
pub(crate) struct Output {
    /// One JSON document instead of texts.
    pub(crate) json: bool,
    /// The language of the texts.
    pub(crate) language: Language,
    texts: Texts,
}

impl Output {
    /// An output in a language.
    pub(crate) fn new(json: bool, language: Language) -> Output {
        Output { json, language, texts: Texts::new(language) }
    }

    /// Prints a text; nothing with `--json`.
    pub(crate) fn say(&mut self, key: Key, arguments: &[(&str, String)]) {
        if !self.json {
            self.line(&self.texts.fill(key, arguments));
        }
    }

    /// Prints one line as it is, in either mode: a score, a path, a token that another program reads.
    pub(crate) fn line(&mut self, line: &str) {
        // A reader that has gone away (`| head`) is not an error of the command.
        let _ = writeln!(io::stdout(), "{line}");
    }

    /// Prints words that a text was put together from; nothing with `--json`.
    pub(crate) fn line_of_text(&mut self, words: &str) {
        if !self.json {
            self.line(words);
        }
    }

    /// Prints the JSON document; nothing without `--json`.
    pub(crate) fn json(&mut self, document: &serde_json::Value) {
        if self.json {
            self.line(&document.to_string());
        }
    }

    /// A text, filled in but not printed.
    pub(crate) fn text(&self, key: Key, arguments: &[(&str, String)]) -> String {
        self.texts.fill(key, arguments)
    }

    /// Says why a command failed: JSON on standard output, else text on standard error.
    pub(crate) fn fail(&mut self, failure: &Failure) {
        if failure.said {
            return;
        }
        let message = self.texts.fill(failure.key, &failure.arguments);
        if self.json {
            let code = failure.key.name().trim_start_matches("error-");
            let details: serde_json::Map<String, serde_json::Value> =
                failure.arguments.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
            self.json(&serde_json::json!({ "error": { "code": code, "message": message, "details": details } }));
        } else {
            let _ = writeln!(io::stderr(), "{message}");
        }
    }

    /// A progress bar on a terminal, and nothing elsewhere.
    pub(crate) fn progress(&self, total: u64, key: Key) -> ProgressBar {
        if self.json || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{msg} [{bar:40}] {pos}/{len} {eta}");
        let bar = ProgressBar::new(total).with_message(self.texts.fill(key, &[]));
        style.map_or(bar.clone(), |style| bar.with_style(style))
    }
}
