//! What stands on the pages, in their order: blocks of text, tables and charts, in the words of the report's language.
//!
//! Invariant: the template adds lines, lengths and colours, and no word and no figure.
//! Start reading at [`Page::of`].

mod annex;
mod body;
mod head;
mod unit;

use crate::chart::{Bars, Course, Step};
use crate::paper::Paper;
use serde::Serialize;
use text::{Key, Language, Texts};

/// A whole document.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    pub language: &'static str,
    pub title: String,
    pub author: String,
    pub keywords: Vec<String>,
    /// Year, month and day of the figures.
    pub date: [i32; 3],
    /// Written across a document that is not signed yet; empty otherwise.
    pub mark: String,
    /// At the foot of every page.
    pub foot: String,
    pub head: head::Head,
    pub body: Vec<Block>,
    pub signature: Option<head::Signature>,
    pub seal: String,
    pub annexes: Vec<Annex>,
}

/// One thing on a page.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub(crate) enum Block {
    /// A heading with its number.
    Heading { text: String },
    /// A paragraph.
    Paragraph { text: String },
    /// A paragraph that stands out.
    Strong { text: String },
    /// A remark in small letters.
    Remark { text: String },
    /// A table.
    Table { columns: Vec<Column>, rows: Vec<Line> },
    /// Bars, as high as the page.
    Bars { caption: String, bars: Bars },
    /// A line with a band.
    Course { caption: String, course: Course, height: f64 },
    /// A funnel; `step` is the height of one stage.
    Funnel { steps: Vec<Step>, step: f64 },
    /// Blocks side by side.
    Beside { blocks: Vec<Block> },
    /// The map.
    Map { caption: String, picture: String, ratio: f64, classes: Vec<Class> },
}

/// A column of a table.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Column {
    pub heading: String,
    /// `left`, `right` or `center`.
    pub align: &'static str,
    /// Its part of the width.
    pub width: f64,
}

/// A row of a table.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Line {
    pub strong: bool,
    pub cells: Vec<String>,
}

/// A colour of the map and what it means.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Class {
    pub colour: String,
    pub text: String,
}

/// Pages of their own after the signature.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Annex {
    pub title: String,
    pub wide: bool,
    pub body: Vec<Block>,
}

/// The words of one language.
pub(crate) struct Words {
    pub language: Language,
    texts: Texts,
}

impl Words {
    pub(crate) fn new(language: Language) -> Words {
        Words { language, texts: Texts::new(language) }
    }

    pub(crate) fn say(&self, key: Key, arguments: &[(&str, String)]) -> String {
        self.texts.fill(key, arguments)
    }

    pub(crate) fn plain(&self, key: Key) -> String {
        self.texts.fill(key, &[])
    }
}

impl Page {
    /// The pages of a paper whose texts are legible. `hash` is that of the report as it was frozen. The pictures that the
    /// pages show lie beside it, by name.
    pub(crate) fn of(paper: &Paper, hash: &str, edition: &str) -> (Page, Vec<(String, String)>) {
        let report = &paper.report;
        let words = Words::new(Language::of(&report.language));
        let mut pictures = Vec::new();
        let body = body::body(&words, report, &mut pictures);
        let page = Page {
            language: words.language.code(),
            title: report.title.clone(),
            author: report.letterhead.authority.clone(),
            keywords: vec![
                format!("sha256:{hash}"),
                format!("ledger:{}:{}", report.ledger.size, report.ledger.root),
                format!("edition:{edition}"),
            ],
            date: head::date(report),
            mark: head::mark(&words, paper),
            foot: words.say(text::t!("report-seal-foot"), &[("id", report.id.clone()), ("hash", hash.to_owned())]),
            head: head::head(&words, report),
            body,
            signature: head::signature(&words, report),
            seal: head::seal(&words, report, hash, edition),
            annexes: annex::annexes(&words, report, &mut pictures),
        };
        (page, pictures)
    }
}
