//! What is compared and how: fields, the keys that bring records together, the rules that no weight overrides.
//!
//! A description is a file in TOML ([`Spec::parse`]); that of the form DC01 comes with the crate ([`Spec::dc01`]).

use crate::likeness::levels;
use crate::pattern;
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

/// Bytes of a description.
pub const BYTES_MAX: usize = 64 << 10;
/// Fields of a description.
pub const FIELDS_MAX: usize = 24;
/// Columns that one field takes.
const COLUMNS_MAX: usize = 8;
/// Keys of a description.
const KEYS_MAX: usize = 32;
/// Levels together of fields that depend on each other.
const TOGETHER_MAX: usize = 4_096;

/// How a field's cells are read and compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person's Vietnamese name, in syllables, the given name last.
    Name,
    /// A date whose day and month may be unknown.
    Date,
    /// Male or female, in any usual words.
    Sex,
    /// A code or word that agrees or does not.
    Code,
    /// A unit's code of digits: neighbours in the list are near.
    Unit,
    /// A place in words, the largest part last; words for kinds of unit do not count.
    Place,
    /// Any words, compared as a whole.
    Text,
    /// The old nine-digit number.
    OldNumber,
    /// The twelve-digit number: two valid different ones are two people.
    PersonalNumber,
    /// Letters and digits in which keys may have slipped; spaces and marks do not count.
    Word,
    /// Words in any order, in each of which keys may have slipped, and of which some may be missing.
    Words,
}

/// A field of the records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The columns whose cells it takes, one after the other with a space between.
    pub columns: Vec<String>,
    /// How it is compared.
    pub kind: Kind,
}

/// A part of a field's value that a key is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// All of it, without marks; words in any order.
    Whole,
    /// The last word: a Vietnamese given name.
    Last,
    /// The first word: a Vietnamese family name.
    First,
    /// Day and month in either order.
    DayMonth,
    /// The year.
    Year,
    /// Year, month and day, the latter two in either order.
    Date,
}

/// Records that agree in all of these parts are compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// Fields by position, and their parts.
    pub parts: Vec<(usize, Part)>,
}

/// Fields that depend on each other within a class: their agreement is counted together.
pub(crate) type Factor = Vec<usize>;

/// A description of records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spec {
    /// The column that says what a record is called.
    pub id: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// The keys, the most certain first: a pair is taken where it first meets.
    pub keys: Vec<Key>,
    /// Values by which blocks that are too large are divided, one after the other.
    pub divide: Vec<(usize, Part)>,
    /// The person's own name, of [`Kind::Name`]: another given name with no number in common is another person.
    pub name: Option<usize>,
    /// The date of birth.
    pub birth: Option<usize>,
    /// What a household shares: records that agree in it are kin, if not one person.
    pub household: Option<usize>,
    /// Records that share one of these are a family: the household if records say it, else the others. Without any, kin
    /// are strangers.
    pub family: Vec<Key>,
    /// Fields that move together when one person is written down twice.
    pub(crate) same: Vec<Factor>,
    /// … and among kin.
    pub(crate) kin: Vec<Factor>,
    /// … and among strangers.
    pub(crate) stranger: Vec<Factor>,
}

/// Why a text is no description.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub cause: String,
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "id")]
    id: String,
    name: Option<Spanned<String>>,
    birth: Option<Spanned<String>>,
    household: Option<Spanned<String>>,
    keys: Spanned<Vec<Vec<Spanned<String>>>>,
    #[serde(default)]
    divide: Vec<Spanned<String>>,
    #[serde(default)]
    family: Vec<Vec<Spanned<String>>>,
    #[serde(default)]
    together: Together,
    field: Spanned<Vec<FieldAsWritten>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Together {
    same: Vec<Vec<Spanned<String>>>,
    kin: Vec<Vec<Spanned<String>>>,
    stranger: Vec<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldAsWritten {
    name: Spanned<String>,
    kind: Kind,
    columns: Option<Spanned<Vec<String>>>,
}

fn id() -> String {
    "rec_id".into()
}

type Wrong = (Range<usize>, &'static str);

impl Spec {
    /// The person columns of the collection form DC01.
    #[must_use]
    pub fn dc01() -> Spec {
        Spec::parse(include_str!("../specs/dc01.toml")).expect("a description that comes with the crate is one")
    }

    /// Reads a description.
    pub fn parse(text: &str) -> Result<Spec, Fault> {
        let fault = |at: usize, cause: &str| {
            let before = text.get(..at).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            Fault { line, column, cause: cause.to_owned() }
        };
        if text.len() > BYTES_MAX {
            return Err(fault(0, "it is too long"));
        }
        let file: File =
            toml::from_str(text).map_err(|error| fault(error.span().map_or(0, |span| span.start), error.message()))?;
        file.understand().map_err(|(span, cause)| fault(span.start, cause))
    }

    /// The fields that hold numbers of persons.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> {
        let is_number = |field: &Field| matches!(field.kind, Kind::OldNumber | Kind::PersonalNumber);
        self.fields.iter().enumerate().filter(move |(_, field)| is_number(field)).map(|(at, _)| at)
    }
}

impl File {
    fn understand(self) -> Result<Spec, Wrong> {
        let fields = fields(&self.field)?;
        let find = |name: &Spanned<String>| {
            let at = fields.iter().position(|field| field.name == *name.get_ref());
            at.ok_or((name.span(), "there is no such field"))
        };
        let role = |name: &Option<Spanned<String>>, kinds: &[Kind], cause| {
            let Some(name) = name else { return Ok(None) };
            let at = find(name)?;
            if kinds.contains(&fields[at].kind) { Ok(Some(at)) } else { Err((name.span(), cause)) }
        };
        let part = |written: &Spanned<String>| part(&fields, written);
        let keys = |keys: &[Vec<Spanned<String>>]| -> Result<Vec<Key>, Wrong> {
            keys.iter().map(|parts| Ok(Key { parts: parts.iter().map(part).collect::<Result<_, _>>()? })).collect()
        };
        let factors = |groups: &[Vec<Spanned<String>>]| factors(&fields, groups, &find);
        if self.keys.get_ref().is_empty() || self.keys.get_ref().iter().any(Vec::is_empty) {
            return Err((self.keys.span(), "one key at least is needed, and each has one part at least"));
        }
        if self.keys.get_ref().len() + self.family.len() > KEYS_MAX {
            return Err((self.keys.span(), "there are too many keys"));
        }
        Ok(Spec {
            name: role(&self.name, &[Kind::Name], "this field is no name")?,
            birth: role(&self.birth, &[Kind::Date], "this field is no date")?,
            household: role(&self.household, &[Kind::Code], "this field is no code")?,
            keys: keys(self.keys.get_ref())?,
            divide: self.divide.iter().map(part).collect::<Result<_, _>>()?,
            family: keys(&self.family)?.into_iter().filter(|key| !key.parts.is_empty()).collect(),
            same: factors(&self.together.same)?,
            kin: factors(&self.together.kin)?,
            stranger: factors(&self.together.stranger)?,
            id: self.id,
            fields,
        })
    }
}

fn fields(written: &Spanned<Vec<FieldAsWritten>>) -> Result<Vec<Field>, Wrong> {
    let mut fields: Vec<Field> = Vec::new();
    for field in written.get_ref() {
        let name = field.name.get_ref();
        if name.trim().is_empty() || name.contains('.') || name.len() > 100 {
            return Err((field.name.span(), "a name has one to a hundred letters and no point"));
        }
        if fields.iter().any(|other| other.name == *name) {
            return Err((field.name.span(), "it stands twice"));
        }
        let columns = match &field.columns {
            None => vec![name.clone()],
            Some(columns) if (1..=COLUMNS_MAX).contains(&columns.get_ref().len()) => columns.get_ref().clone(),
            Some(columns) => return Err((columns.span(), "a field takes one to eight columns")),
        };
        let is_number = matches!(field.kind, Kind::OldNumber | Kind::PersonalNumber);
        if is_number && fields.iter().any(|other| other.kind == field.kind) {
            return Err((field.name.span(), "there can be one field of this kind"));
        }
        fields.push(Field { name: name.clone(), columns, kind: field.kind });
    }
    if fields.is_empty() || fields.len() > FIELDS_MAX {
        return Err((written.span(), "there have to be one to 24 fields"));
    }
    if fields.iter().map(|field| pattern::bits_of(field.kind)).sum::<u32>() > u64::BITS {
        return Err((written.span(), "the fields are more than one comparison can hold; leave out the least useful"));
    }
    Ok(fields)
}

/// A field, or `field.part`.
fn part(fields: &[Field], written: &Spanned<String>) -> Result<(usize, Part), Wrong> {
    let (name, part) = match written.get_ref().split_once('.') {
        Some((name, part)) => (name, Some(part)),
        None => (written.get_ref().as_str(), None),
    };
    let at = fields.iter().position(|field| field.name == name);
    let at = at.ok_or((written.span(), "there is no such field"))?;
    let part = match (part, fields[at].kind) {
        (None, _) => Part::Whole,
        (Some("first"), Kind::Name | Kind::Words) => Part::First,
        (Some("last"), Kind::Name | Kind::Words) => Part::Last,
        (Some("day_month"), Kind::Date) => Part::DayMonth,
        (Some("year"), Kind::Date) => Part::Year,
        (Some("date"), Kind::Date) => Part::Date,
        _ => return Err((written.span(), "a field of this kind has no such part")),
    };
    Ok((at, part))
}

/// Groups of fields that are counted together; every other field is a group of its own.
fn factors(
    fields: &[Field],
    groups: &[Vec<Spanned<String>>],
    find: &dyn Fn(&Spanned<String>) -> Result<usize, Wrong>,
) -> Result<Vec<Factor>, Wrong> {
    let mut factors: Vec<Factor> = Vec::new();
    let mut taken = vec![false; fields.len()];
    for group in groups {
        let (mut factor, mut size) = (Factor::new(), 1);
        for name in group {
            let at = find(name)?;
            if std::mem::replace(&mut taken[at], true) {
                return Err((name.span(), "it stands twice"));
            }
            size *= levels(fields[at].kind);
            if size > TOGETHER_MAX {
                return Err((name.span(), "these are too many to be counted together"));
            }
            factor.push(at);
        }
        factors.extend((!factor.is_empty()).then_some(factor));
    }
    factors.extend((0..fields.len()).filter(|at| !taken[*at]).map(|at| vec![at]));
    factors.sort();
    Ok(factors)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "keys = [[\"a\"]]\n[[field]]\nname = \"a\"\nkind = \"word\"\n";

    #[test]
    fn the_form_is_a_description_like_any_other() {
        let spec = Spec::dc01();
        assert_eq!((spec.fields.len(), spec.keys.len(), spec.name, spec.household), (13, 13, Some(0), Some(12)));
        assert!(spec.same.contains(&vec![6, 7, 12, 8]), "{:?}", spec.same);
        assert_eq!(spec.fields[3].columns, ["ethnic"]);
        assert_eq!(Spec::parse(LEAST).map(|spec| spec.id), Ok("rec_id".into()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let check = |text: &str, line, column, cause: &str| {
            let fault = Spec::parse(text).expect_err(text);
            assert_eq!((fault.line, fault.column), (line, column), "{text}: {}", fault.cause);
            assert!(fault.cause.contains(cause), "{text}: {}", fault.cause);
        };
        let with = |more: &str| format!("{more}\n{LEAST}");
        check("", 1, 1, "missing field");
        check("keys = [", 1, 9, "");
        check(&with("colour = 1"), 1, 1, "unknown field");
        check(&with("divide = [\"b\"]"), 1, 11, "no such field");
        check(&with("divide = [\"a.year\"]"), 1, 11, "no such part");
        check(&with("name = \"a\""), 1, 8, "no name");
        check(&LEAST.replace("[[\"a\"]]", "[]"), 1, 8, "one key at least");
        check(&LEAST.replace("[[\"a\"]]", "[[]]"), 1, 8, "one key at least");
        check(&LEAST.replace("word", "colour"), 4, 8, "unknown variant");
        check(&LEAST.replace("name = \"a\"", "name = \"a.b\""), 3, 8, "no point");
        check(&format!("{LEAST}columns = []\n"), 5, 11, "one to eight");
        check(&format!("{LEAST}[[field]]\nname = \"a\"\nkind = \"word\""), 6, 8, "twice");
        check(&format!("{LEAST}[together]\nsame = [[\"a\", \"a\"]]"), 6, 15, "twice");
        let many: String = (0..20).map(|n| format!("[[field]]\nname = \"f{n}\"\nkind = \"name\"\n")).collect();
        check(&format!("{LEAST}{many}"), 2, 1, "more than one comparison");
        check(&" ".repeat(BYTES_MAX + 1), 1, 1, "too long");
    }
}
