//! The measures, each with the events it counts.

/// One measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// The kind of event that counts for it.
    pub counts: &'static str,
    /// The kind that takes one away again; empty for none.
    pub takes_back: &'static str,
}

impl Measure {
    /// 1, -1 or 0: what an event of a kind adds.
    #[must_use]
    pub fn sign(&self, kind: &str) -> i64 {
        i64::from(kind == self.counts) - i64::from(!self.takes_back.is_empty() && kind == self.takes_back)
    }
}

/// All measures, along the way from a row to a card in use.
pub const MEASURES: &[Measure] = &[
    Measure { name: "entered", counts: "person.entered", takes_back: "person.withdrawn" },
    Measure { name: "applications", counts: "application.received", takes_back: "" },
    Measure { name: "deduplicated", counts: "application.checked", takes_back: "" },
    Measure { name: "approved", counts: "application.approved", takes_back: "" },
    Measure { name: "personalised", counts: "card.personalised", takes_back: "" },
    Measure { name: "handed_over", counts: "card.handed-over", takes_back: "" },
];
