//! The measures, each with the events it counts.

/// One measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// The kinds of event that count for it.
    pub counts: &'static [&'static str],
    /// The kinds that take one away again.
    pub takes_back: &'static [&'static str],
}

impl Measure {
    /// 1, -1 or 0: what an event of a kind adds.
    #[must_use]
    pub fn sign(&self, kind: &str) -> i64 {
        i64::from(self.counts.contains(&kind)) - i64::from(self.takes_back.contains(&kind))
    }
}

/// All measures, along the way from a row to a card in use.
pub const MEASURES: &[Measure] = &[
    Measure {
        name: "entered",
        counts: &["person.entered", "person.moved-in"],
        takes_back: &["person.withdrawn", "person.merged", "person.moved-out"],
    },
    Measure { name: "applications", counts: &["application.received"], takes_back: &[] },
    Measure { name: "deduplicated", counts: &["application.checked"], takes_back: &[] },
    Measure { name: "approved", counts: &["application.approved"], takes_back: &[] },
    Measure { name: "personalised", counts: &["card.personalised"], takes_back: &[] },
    Measure { name: "handed_over", counts: &["card.handed-over"], takes_back: &[] },
];
