//! The fields of an act as they were typed, and what they mean.

use super::act::{Act, Form};
use crate::Error;
use std::collections::BTreeMap;
use time::Day;

/// Bytes of all fields of an act.
const BYTES_MAX: usize = 60_000;

/// Fields by name, as typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Fields from pairs; of two of one name the last counts.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Fields {
        Fields(pairs.into_iter().map(|(name, value)| (name, value.trim().to_owned())).collect())
    }

    /// Names and values, in order.
    pub(super) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()])
    }

    /// A field; empty where it was not sent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// An error where a field is of no act, too long, or does not have its form.
    pub(super) fn check(&self, act: &Act, unit: &dyn Fn(&str) -> bool) -> Result<(), Error> {
        if self.0.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > BYTES_MAX {
            return Err(Error::input("text-too-long"));
        }
        if let Some(name) = self.0.keys().find(|name| act.fields.iter().all(|(own, _)| own != name)) {
            return Err(Error::Input { code: "field-unknown", arguments: vec![("field", name.clone())] });
        }
        for (name, form) in act.fields {
            let text = self.text(name);
            let right = match form {
                Form::Day => Day::parse(text).is_some(),
                Form::Unit => text.is_empty() || unit(text),
                Form::Units => text.lines().all(|line| unit(line.trim())),
                Form::Stops => stops(text).is_some_and(|stops| stops.iter().all(|(code, _)| unit(code))),
                Form::Stages => stages(text).is_some(),
                Form::Criteria => criteria(text).is_some(),
                Form::Number => text.parse::<i64>().is_ok(),
                Form::Choice(words) => words.contains(&text),
                Form::Record | Form::File => ids::Uuid::parse(text).is_some(),
                Form::Line | Form::Text | Form::Officer | Form::Officers | Form::Measure => true,
            };
            if !right {
                return Err(malformed(name));
            }
        }
        Ok(())
    }

    pub(super) fn day(&self, name: &str) -> Result<Day, Error> {
        Day::parse(self.text(name)).ok_or_else(|| malformed(name))
    }

    /// A number.
    pub(super) fn number(&self, name: &str) -> Result<i64, Error> {
        self.text(name).parse().map_err(|_| malformed(name))
    }

    /// A place in a list, which people count from 1.
    pub(super) fn place(&self, name: &str) -> Result<usize, Error> {
        let number = self.number(name)?.checked_sub(1).and_then(|place| usize::try_from(place).ok());
        number.ok_or_else(|| malformed(name))
    }

    /// A word of a choice, as the noun reads it.
    pub(super) fn word<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, Error> {
        serde_json::from_value(self.text(name).into()).map_err(|_| malformed(name))
    }

    pub(super) fn lines(&self, name: &str) -> Vec<String> {
        self.text(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    pub(super) fn stops(&self, name: &str) -> Result<Vec<(String, Day)>, Error> {
        stops(self.text(name)).ok_or_else(|| malformed(name))
    }

    pub(super) fn stages(&self, name: &str) -> Result<Vec<(String, Day)>, Error> {
        stages(self.text(name)).ok_or_else(|| malformed(name))
    }

    pub(super) fn criteria(&self, name: &str) -> Result<Vec<(String, ::programme::record::pilot::Bound)>, Error> {
        criteria(self.text(name)).ok_or_else(|| malformed(name))
    }
}

fn malformed(name: &str) -> Error {
    Error::Input { code: "field-malformed", arguments: vec![("field", name.to_owned())] }
}

fn filled(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// `P001 2021-03-10`, one a line.
fn stops(text: &str) -> Option<Vec<(String, Day)>> {
    let stop = |line: &str| {
        let (unit, day) = line.split_once(char::is_whitespace)?;
        Some((unit.to_owned(), Day::parse(day.trim())?))
    };
    filled(text).map(stop).collect()
}

/// `2021-03-10 the draft is sent round`, one a line.
fn stages(text: &str) -> Option<Vec<(String, Day)>> {
    let stage = |line: &str| {
        let (day, name) = line.split_once(char::is_whitespace)?;
        Some((name.trim().to_owned(), Day::parse(day)?))
    };
    filled(text).map(stage).collect()
}

/// `>= 95 applications without a finding, percent`, one a line.
fn criteria(text: &str) -> Option<Vec<(String, ::programme::record::pilot::Bound)>> {
    use ::programme::record::pilot::Bound;
    let criterion = |line: &str| {
        let (sign, rest) = line.split_at_checked(2)?;
        let (number, name) = rest.trim().split_once(char::is_whitespace)?;
        let number: i64 = number.parse().ok()?;
        let bound = match sign {
            ">=" => Bound::AtLeast(number),
            "<=" => Bound::AtMost(number),
            _ => return None,
        };
        Some((name.trim().to_owned(), bound))
    };
    filled(text).map(criterion).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_line_by_line_and_nothing_is_guessed() {
        assert_eq!(stops("P001 2021-03-10\n\n D001  2021-03-11 ").map(|all| all.len()), Some(2));
        assert_eq!(stops("P001"), None);
        assert_eq!(stops("P001 2021-02-30"), None);
        let (name, day) = stages("2021-03-10 Trình Chính phủ").unwrap().remove(0);
        assert_eq!((name.as_str(), day), ("Trình Chính phủ", Day::parse("2021-03-10").unwrap()));
        assert_eq!(criteria(">= 95 hồ sơ\n<=2 lỗi").map(|all| all.len()), Some(2));
        for wrong in ["95 hồ sơ", "> 95 hồ sơ", ">= many hồ sơ", ">= 95", "≥ 95 hồ sơ"] {
            assert_eq!(criteria(wrong), None, "{wrong}");
        }
    }
}
