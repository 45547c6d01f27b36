//! The instant that somebody asks about, and what can be shown of it.
//!
//! What was known at an instant is shown as it was known then. Before anything was recorded here nothing was known: then the figures of
//! that day are shown as they are known now, and it is said. So returns of last winter, taken up today, are seen in the board
//! of last winter.

use crate::Error;
use crate::book::Book;
use time::{Day, Instant};

/// What is said where an instant is shown otherwise than asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notice {
    /// Nothing had been recorded here by then: that day is shown as it is known now.
    Hindsight,
    /// The instant has not come: now is shown.
    Future,
}

impl Notice {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Notice::Hindsight => "hindsight",
            Notice::Future => "future",
        }
    }
}

/// What is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Moment {
    /// As it was known at this instant; none for as it is known now.
    pub(super) until: Option<Instant>,
    /// The day; none for the instant's, or today.
    pub(super) day: Option<Day>,
    pub(super) notice: Option<Notice>,
}

impl Moment {
    pub(super) fn of(book: &Book, asked: Option<Instant>) -> Result<Moment, Error> {
        let until = asked.map(|asked| asked.min(book.now()));
        let notice = if asked > until { Some(Notice::Future) } else { None };
        let first = book.view(|view| Ok(view.events(0, 1)?.first().map(|event| event.recorded)))?;
        Ok(match until.zip(first).filter(|(until, first)| until.day() < first.day()) {
            Some((until, _)) => Moment { until: None, day: Some(until.day()), notice: Some(Notice::Hindsight) },
            None => Moment { until, day: None, notice },
        })
    }
}
