//! From a paper to the bytes of a PDF/A-2b file.

use crate::edition;
use crate::error::Error;
use crate::font::{families, shows};
use crate::legible;
use crate::page::Page;
use crate::paper::{Paper, Signed};
use crate::world::Memory;
use programme::report::{Report, State};
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// The report as PDF/A-2b. The same paper gives the same bytes.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, Error> {
    let document = set(paper)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2b]).map_err(|error| Error::Set(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(paper.report.hash()),
        creator: Smart::Custom(Some("vandan-report".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|said| told(&said))
}

/// The pages before they become a file.
pub(crate) fn set(paper: &Paper) -> Result<PagedDocument, Error> {
    let unreadable = || Error::Set("the report cannot be read again".to_owned());
    let mut report = legible::all(&as_signed(paper), &shows).ok_or_else(unreadable)?;
    // Checked already, and no names: these stay as they are, whatever their length.
    report.as_of.clone_from(&paper.report.as_of);
    report.ledger.clone_from(&paper.report.ledger);
    let shown = Paper { report, state: paper.state, signed: Signed::default() };
    let (page, pictures) = Page::of(&shown, &paper.report.hash(), edition());
    let mut values = serde_json::to_value(&page).map_err(|error| Error::Set(error.to_string()))?;
    values["fonts"] = families().into();
    let memory = Memory::new(values.to_string().into_bytes(), pictures).ok_or_else(unreadable)?;
    typst::compile::<PagedDocument>(&memory).output.map_err(|said| told(&said))
}

/// The report as its pages show it: signed ones bear the signer's name and the number.
fn as_signed(paper: &Paper) -> Report {
    let mut report = paper.report.clone();
    let given =
        [(&paper.signed.signer, &mut report.letterhead.signer), (&paper.signed.number, &mut report.letterhead.number)];
    for (given, shown) in given.into_iter().filter(|(given, _)| paper.state == State::Signed && !given.is_empty()) {
        shown.clone_from(given);
    }
    report
}

fn told(said: &[SourceDiagnostic]) -> Error {
    let said: Vec<String> = said.iter().take(3).map(|one| one.message.to_string()).collect();
    Error::Set(said.join("; "))
}
