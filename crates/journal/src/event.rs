//! The event: who did what, to whom, and every row that changed.

use crate::Change;
use ids::{OfficerId, PersonId, Uuid};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use time::Instant;

/// The version byte in front of a stored event.
const VERSION: u8 = 1;
/// Longest stored event; a bulk event is split below this.
const BYTES_MAX: usize = 64 << 20;

/// Who acts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Actor {
    /// The officer; `None` is the operator of the machine itself (the one who holds the data folder).
    pub officer: Option<OfficerId>,
    /// Why: the purpose that was stated.
    pub purpose: String,
}

/// A change or a read, before it is recorded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Event {
    /// Its own id.
    pub id: Uuid,
    /// What happened, in the words of the register: `person.entered`, `person.read`.
    pub kind: String,
    /// When it was recorded.
    pub recorded: Instant,
    /// Who did it.
    pub actor: Actor,
    /// The unit it counts for: a commune's five-digit code, or empty.
    pub unit: String,
    /// The persons it concerns; each gets it into the chain of their events.
    pub subjects: Vec<PersonId>,
    /// The idempotency key of the command, where it had one, and the command's answer.
    pub command: Option<(Vec<u8>, Vec<u8>)>,
    /// What else is to be known, as JSON, without personal data.
    pub detail: String,
    /// Every row it writes.
    pub changes: Vec<Change>,
    /// Rows that are written with it and are no part of it: wrapped data keys, which must be destroyable.
    pub unlogged: Vec<Change>,
}

/// One person's place of an event: its number in the person's chain and the chain's head before it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Link {
    /// Whose chain.
    pub person: PersonId,
    /// 1 for the person's first event.
    pub number: u64,
    /// The head of the chain before this event; zeros for the first.
    pub previous: [u8; 32],
}

/// Why stored bytes are no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Written by a later version of the program.
    #[error("event version {0} is not known")]
    Version(u8),
    /// Not an event, or an event with something behind it.
    #[error("event bytes cannot be read")]
    Malformed,
}

impl Error {
    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Version(_) => "event-version",
            Error::Malformed => "event-malformed",
        }
    }
}

impl Event {
    /// An event with nothing but who, what and when; fields are filled in by the use case.
    #[must_use]
    pub fn new(id: Uuid, kind: &str, recorded: Instant, actor: Actor) -> Event {
        Event {
            id,
            kind: kind.to_owned(),
            recorded,
            actor,
            unit: String::new(),
            subjects: Vec::new(),
            command: None,
            detail: String::new(),
            changes: Vec::new(),
            unlogged: Vec::new(),
        }
    }
}

/// A recorded event in the parts that its commitment is made of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Parts {
    /// Who, what, when, for which unit: what a citizen is shown.
    #[serde(with = "serde_bytes")]
    pub head: Vec<u8>,
    /// The rows, the command and the detail.
    #[serde(with = "serde_bytes")]
    pub body: Vec<u8>,
    /// Each person's link.
    pub links: Vec<Link>,
}

/// What stands in [`Parts::head`]: the same fields, in this order, as [`Parts::new`] writes them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Head {
    /// [`Event::id`].
    pub id: Uuid,
    /// [`Event::kind`].
    pub kind: String,
    /// [`Event::recorded`].
    pub recorded: Instant,
    /// [`Event::actor`].
    pub actor: Actor,
    /// [`Event::unit`].
    pub unit: String,
}

/// What stands in [`Parts::body`]; borrowed on its way in, so that rows are not copied to be written.
#[derive(Serialize, Deserialize)]
struct Body<'a> {
    command: Cow<'a, Option<(Vec<u8>, Vec<u8>)>>,
    detail: Cow<'a, str>,
    changes: Cow<'a, [Change]>,
}

/// Serialising into memory has no way to fail.
fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_extend(value, Vec::with_capacity(256)).unwrap_or_default()
}

fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Error> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        _ => Err(Error::Malformed),
    }
}

impl Head {
    /// Reads [`Parts::head`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Head, Error> {
        decode(bytes)
    }
}

impl Link {
    /// The bytes of a link, as its commitment takes them.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 56] {
        let mut bytes = [0; 56];
        bytes[..16].copy_from_slice(self.person.bytes());
        bytes[16..24].copy_from_slice(&self.number.to_be_bytes());
        bytes[24..].copy_from_slice(&self.previous);
        bytes
    }
}

impl Parts {
    /// Takes an event and its links apart.
    #[must_use]
    pub fn new(event: &Event, links: Vec<Link>) -> Parts {
        let Event { id, kind, recorded, actor, unit, subjects: _, command, detail, changes, unlogged: _ } = event;
        let head = (id, kind, recorded, actor, unit);
        let (command, detail, changes) = (Cow::Borrowed(command), Cow::Borrowed(&**detail), Cow::Borrowed(&**changes));
        Parts { head: encode(&head), body: encode(&Body { command, detail, changes }), links }
    }

    /// The stored form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.head.len() + self.body.len() + 64 * self.links.len() + 16);
        bytes.push(VERSION);
        postcard::to_extend(self, bytes).unwrap_or_default()
    }

    /// Reads the stored form; anything left over is an error.
    pub fn from_bytes(bytes: &[u8]) -> Result<Parts, Error> {
        match bytes.split_first() {
            Some((&VERSION, rest)) if rest.len() <= BYTES_MAX => decode(rest),
            Some((&version, _)) if version != VERSION => Err(Error::Version(version)),
            _ => Err(Error::Malformed),
        }
    }

    /// Puts the event together again.
    pub fn event(&self) -> Result<Event, Error> {
        let Head { id, kind, recorded, actor, unit } = decode(&self.head)?;
        let Body { command, detail, changes } = decode(&self.body)?;
        let subjects = self.links.iter().map(|link| link.person).collect();
        let (command, detail, changes) = (command.into_owned(), detail.into_owned(), changes.into_owned());
        Ok(Event { id, kind, recorded, actor, unit, subjects, command, detail, changes, unlogged: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Int),
            ".{0,12}".prop_map(Value::Text),
            proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::Blob),
        ]
    }

    fn event() -> impl Strategy<Value = (Event, Vec<Link>)> {
        let changes = proptest::collection::vec((any::<u16>(), proptest::collection::vec(value(), 1..5)), 0..4);
        (changes, any::<[u8; 16]>(), any::<[u8; 32]>(), "[a-z.]{1,20}").prop_map(|(changes, id, previous, kind)| {
            let mut event = Event::new(Uuid(id), &kind, Instant(7), Actor::default());
            event.subjects = vec![PersonId(Uuid(id))];
            event.changes = changes
                .into_iter()
                .map(
                    |(table, row)| {
                        if table % 2 == 0 { Change::Put { table, row } } else { Change::Delete { table, key: row } }
                    },
                )
                .collect();
            let link = Link { person: PersonId(Uuid(id)), number: 1, previous };
            (event, vec![link])
        })
    }

    proptest! {
        #[test]
        fn events_round_trip((event, links) in event()) {
            let parts = Parts::new(&event, links);
            let bytes = parts.to_bytes();
            let read = Parts::from_bytes(&bytes).unwrap();
            prop_assert_eq!(&read, &parts);
            prop_assert_eq!(read.event().unwrap(), event);
            let mut longer = bytes.clone();
            longer.push(0);
            prop_assert_eq!(Parts::from_bytes(&longer), Err(Error::Malformed));
            prop_assert!(Parts::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(parts) = Parts::from_bytes(&bytes) {
                let _ = parts.event();
            }
        }
    }
}
