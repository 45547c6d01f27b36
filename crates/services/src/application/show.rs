//! An application with its fingers: how good each is, and what makes a poor one poor. Nothing in it names a person.

use super::{Summary, summary};
use crate::book::Book;
use crate::officer::Officer;
use crate::{Error, unit};
use enrolment::table::{APPLICATION, CAPTURE};
use ids::ApplicationId;

/// A finger as captured.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct FingerShown {
    /// 1 to 10 (ISO/IEC 19794-2, table 5).
    pub position: u8,
    /// Why it was not captured: amputated, bandaged, worn.
    pub missing: Option<String>,
    /// 0 to 100.
    pub quality: u8,
    /// What most lowers the quality (`fingerprint::Reason::code`); empty where it was not kept.
    pub reason: String,
}

/// An application with its fingers.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Shown {
    /// The listed part.
    pub summary: Summary,
    /// The quality of the face, where it was measured.
    pub face_quality: Option<u8>,
    /// Ten fingers, in order.
    pub fingers: Vec<FingerShown>,
}

/// An application of the officer's unit.
pub fn show(book: &Book, officer: &Officer, id: ApplicationId) -> Result<Shown, Error> {
    officer.may("enrol")?;
    book.view(|view| {
        let row = view.find(&APPLICATION, 0, &[id.bytes().into()], 1)?.pop();
        let row = row.ok_or(Error::Missing("application-unknown"))?;
        if !unit::within(view, row[4].text(), &officer.unit)? {
            return Err(Error::Missing("application-unknown"));
        }
        let captures = view.scan(&CAPTURE, &row[..2], None, 10)?;
        let fingers = captures.iter().map(|capture| FingerShown {
            position: capture[2].int() as u8,
            missing: (!capture[3].is_null()).then(|| capture[3].text().to_owned()),
            quality: capture[4].int().clamp(0, 100) as u8,
            reason: if capture[7].is_null() { String::new() } else { capture[7].text().to_owned() },
        });
        Ok(Shown {
            summary: summary(&row),
            face_quality: (!row[11].is_null()).then(|| row[11].int().clamp(0, 100) as u8),
            fingers: fingers.collect(),
        })
    })
}
