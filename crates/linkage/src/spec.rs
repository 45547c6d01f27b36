//! What is compared and how: fields, the keys that bring records together, the rules that no weight overrides.

/// How a field's cells are read and compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A person's name, in syllables, the given name last.
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
}

/// A field of the records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name, which is also its column's.
    pub name: String,
    /// How it is compared.
    pub kind: Kind,
}

/// A part of a field's value that a key is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// All of it, without marks.
    Whole,
    /// A name's last syllable.
    Given,
    /// A name's first syllable.
    Family,
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
    /// The fields.
    pub fields: Vec<Field>,
    /// The keys, the most certain first: a pair is taken where it first meets.
    pub keys: Vec<Key>,
    /// Values by which blocks that are too large are divided, one after the other.
    pub divide: Vec<(usize, Part)>,
    /// The person's own name.
    pub name: usize,
    /// The date of birth.
    pub birth: usize,
    /// What a household shares: records that agree in it are kin, if not one person.
    pub household: Option<usize>,
    /// Records that share one of these are a family: the household if records say it, else the others.
    pub family: Vec<Key>,
    /// Fields that move together when one person is written down twice.
    pub(crate) same: Vec<Factor>,
    /// … and among kin.
    pub(crate) kin: Vec<Factor>,
    /// … and among strangers.
    pub(crate) stranger: Vec<Factor>,
}

impl Spec {
    /// The fields that hold numbers of persons.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> {
        let is_number = |field: &Field| matches!(field.kind, Kind::OldNumber | Kind::PersonalNumber);
        self.fields.iter().enumerate().filter(move |(_, field)| is_number(field)).map(|(at, _)| at)
    }

    /// The person columns of the collection form DC01.
    #[must_use]
    pub fn dc01() -> Spec {
        const FIELDS: [(&str, Kind); 13] = [
            ("full_name", Kind::Name),
            ("birth_date", Kind::Date),
            ("sex", Kind::Sex),
            ("ethnic", Kind::Code),
            ("birth_province", Kind::Code),
            ("home_town", Kind::Place),
            ("res_ward", Kind::Unit),
            ("res_address", Kind::Text),
            ("id9", Kind::OldNumber),
            ("pin12", Kind::PersonalNumber),
            ("father_name", Kind::Name),
            ("mother_name", Kind::Name),
            ("household_no", Kind::Code),
        ];
        let (name, birth, sex, ethnic, province, home, ward) = (0, 1, 2, 3, 4, 5, 6);
        let (address, old, number, father, mother, household) = (7, 8, 9, 10, 11, 12);
        let keys: Vec<Vec<(usize, Part)>> = vec![
            vec![(number, Part::Whole)],
            vec![(old, Part::Whole)],
            vec![(name, Part::Whole), (birth, Part::DayMonth)],
            vec![(birth, Part::Date), (name, Part::Given)],
            vec![(birth, Part::Date), (home, Part::Whole)],
            vec![(birth, Part::Date), (father, Part::Whole)],
            vec![(birth, Part::Date), (mother, Part::Whole)],
            vec![(household, Part::Whole), (name, Part::Given)],
            vec![(name, Part::Whole), (home, Part::Whole)],
            vec![(name, Part::Whole), (mother, Part::Whole)],
            vec![(household, Part::Whole), (birth, Part::Year)],
            vec![(father, Part::Whole), (mother, Part::Whole)],
            vec![(home, Part::Whole), (birth, Part::Year)],
        ];
        Spec {
            fields: FIELDS.iter().map(|(name, kind)| Field { name: (*name).into(), kind: *kind }).collect(),
            keys: keys.into_iter().map(|parts| Key { parts }).collect(),
            divide: vec![
                (birth, Part::Date),
                (home, Part::Whole),
                (ward, Part::Whole),
                (name, Part::Whole),
                (father, Part::Whole),
                (mother, Part::Whole),
            ],
            name,
            birth,
            household: Some(household),
            family: vec![
                Key { parts: vec![(household, Part::Whole)] },
                Key { parts: vec![(father, Part::Whole), (mother, Part::Whole)] },
                Key { parts: vec![(ward, Part::Whole), (address, Part::Whole)] },
            ],
            same: vec![
                vec![name],
                vec![birth],
                vec![sex],
                vec![ethnic],
                vec![province],
                vec![home],
                vec![number],
                vec![ward, address, household, old],
                vec![father, mother],
            ],
            kin: vec![
                vec![name],
                vec![birth],
                vec![sex],
                vec![ethnic],
                vec![province, home],
                vec![number],
                vec![old],
                vec![ward, address, household],
                vec![father, mother],
            ],
            stranger: vec![
                vec![name],
                vec![birth],
                vec![sex],
                vec![ethnic],
                vec![ward, home, province],
                vec![address],
                vec![household],
                vec![old],
                vec![number],
                vec![father],
                vec![mother],
            ],
        }
    }
}
