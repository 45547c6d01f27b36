//! What an installation has laid down: the rules of attention, the criteria of honours, how hard each unit's ground is.
//!
//! One file, `honours.toml`, has the criteria and the ground; every other file is a rule. What comes with the program stands where
//! an installation lays nothing down.
//! Invariant: a rulebook was read completely; no two of its rules have one name.
//! Not here: where the files are (`vandan`).
//! Start reading at [`Rulebook::read`].

use crate::attention::{Fault, Rule, at};
use crate::honour::Criteria;
use crate::{Better, Measure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// The name of the file with the criteria of honours.
pub const HONOURS: &str = "honours.toml";

/// The files that come with the program: name and text.
pub const SHIPPED: [(&str, &str); 5] = [
    ("falling-pace.toml", include_str!("../rules/falling-pace.toml")),
    ("findings-rising.toml", include_str!("../rules/findings-rising.toml")),
    (HONOURS, include_str!("../rules/honours.toml")),
    ("no-return.toml", include_str!("../rules/no-return.toml")),
    ("out-of-reach.toml", include_str!("../rules/out-of-reach.toml")),
];

/// Rules, criteria, ground.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rulebook {
    /// The rules of attention, in the order of their files.
    pub rules: Vec<Rule>,
    /// The criteria of honours.
    pub criteria: Criteria,
    /// How hard the ground is, 0 to 100, by the unit's code.
    pub ground: BTreeMap<String, u32>,
}

/// The file of honours as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    measure: Spanned<String>,
    progress: Spanned<u32>,
    quality: u32,
    improvement: u32,
    terrain: u32,
    places: Spanned<u32>,
    #[serde(default)]
    ground: BTreeMap<String, Spanned<u32>>,
}

/// The greatest weight of a criterion: the points of all of them can be added up.
const WEIGHT_MAX: u32 = 1_000_000;

impl Rulebook {
    /// Reads files by name and text. Where none has the criteria, those that come with the program stand.
    pub fn read<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Rulebook, Fault> {
        let mut book = Rulebook::default();
        for (file, text) in files {
            if file == HONOURS {
                (book.criteria, book.ground) = honours(file, text)?;
                continue;
            }
            let rule = Rule::read(file, text)?;
            if book.rules.iter().any(|other| other.name == rule.name) {
                return Err(at(file, text, 0, "another file has a rule of this name"));
            }
            book.rules.push(rule);
        }
        Ok(book)
    }

    /// What comes with the program.
    pub fn shipped() -> Result<Rulebook, Fault> {
        Rulebook::read(SHIPPED)
    }

    /// How hard a unit's ground is.
    #[must_use]
    pub fn ground_of(&self, unit: &str) -> u32 {
        self.ground.get(unit).copied().unwrap_or(0)
    }
}

fn honours(file: &str, text: &str) -> Result<(Criteria, BTreeMap<String, u32>), Fault> {
    let fault = |span: Range<usize>, cause: &str| at(file, text, span.start, cause);
    let read: File = toml::from_str(text).map_err(|error| fault(error.span().unwrap_or(0..0), error.message()))?;
    let measure = Measure::find(read.measure.get_ref());
    let measure = measure.ok_or_else(|| fault(read.measure.span(), "there is no such measure"))?;
    if measure.better == Better::Less || measure.mean_of.is_some() {
        return Err(fault(
            read.measure.span(),
            "progress is counted by a measure that is better the more it is, and not a mean",
        ));
    }
    let weights = [*read.progress.get_ref(), read.quality, read.improvement, read.terrain];
    if weights.iter().all(|weight| *weight == 0) || weights.iter().any(|weight| *weight > WEIGHT_MAX) {
        return Err(fault(read.progress.span(), "some weight has to be above 0, and none above 1000000"));
    }
    if *read.places.get_ref() == 0 {
        return Err(fault(read.places.span(), "there has to be one place at least"));
    }
    let mut ground = BTreeMap::new();
    for (unit, hard) in read.ground {
        if *hard.get_ref() > 100 {
            return Err(fault(hard.span(), "ground is 0 to 100"));
        }
        ground.insert(unit, hard.into_inner());
    }
    let criteria = Criteria {
        measure: measure.name.to_owned(),
        progress: read.progress.into_inner(),
        quality: read.quality,
        improvement: read.improvement,
        terrain: read.terrain,
        places: read.places.into_inner(),
    };
    Ok((criteria, ground))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_the_program_is_read_and_is_the_default() {
        let book = Rulebook::shipped().unwrap();
        assert_eq!((book.rules.len(), book.criteria, book.ground.len()), (4, Criteria::default(), 0));
        assert_eq!(Rulebook::read([]).unwrap(), Rulebook::default());
    }

    #[test]
    fn a_file_of_honours_that_cannot_be_read_says_where() {
        let good = include_str!("../rules/honours.toml").to_owned() + "P002 = 90\n";
        let book = Rulebook::read([(HONOURS, good.as_str())]).unwrap();
        assert_eq!((book.ground_of("P002"), book.ground_of("P001")), (90, 0));
        let check = |from: &str, to: &str, line, column| {
            assert!(good.contains(from));
            let fault = Rulebook::read([(HONOURS, good.replace(from, to).as_str())]).unwrap_err();
            assert_eq!((fault.file.as_str(), fault.line, fault.column), (HONOURS, line, column), "{fault}");
        };
        check("\"entered\"", "\"enterd\"", 2, 11);
        check("\"entered\"", "\"findings\"", 2, 11);
        check("\"entered\"", "\"waiting\"", 2, 11);
        check("P002 = 90\n", "P002 = 101\n", 11, 8);
        check("places = 8", "places = 0", 7, 10);
        check("places = 8", "places = 8\r\nplaces = 9", 8, 1);
        check("P002 = 90\n", "P002 = 90\n\n[ground]\n", 13, 2);
        check("quality = 30", "qualty = 30", 4, 1);
        check("progress = 40", "progress = 2000000", 3, 12);
        let rule = include_str!("../rules/no-return.toml");
        let twice = Rulebook::read([("a.toml", rule), ("b.toml", rule)]).unwrap_err();
        assert_eq!((twice.file.as_str(), twice.line), ("b.toml", 1));
    }
}
