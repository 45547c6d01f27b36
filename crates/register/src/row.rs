//! A row as sent, and what it means: facts and findings.

use crate::heading::COLUMNS;
use crate::sheet::Sheet;
use serde::{Deserialize, Serialize};
use time::CivilDate;
use vn::{Habits, OldNumber, PersonalNumber, Sex};

/// The cells of a row in the order of [`COLUMNS`].
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Raw(pub [String; 16]);

/// Columns of [`COLUMNS`] that a row does not have at all: its file lacks them, or the row ends before them. An empty cell
/// says that there is nothing; a cell that is not there says nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Absent(u16);

impl Absent {
    /// The columns that are not among these.
    #[must_use]
    pub fn but(present: impl IntoIterator<Item = usize>) -> Absent {
        Absent(present.into_iter().filter(|column| *column < COLUMNS.len()).fold(u16::MAX, |all, at| all & !(1 << at)))
    }

    /// Whether the column with this name is one of them.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        COLUMNS.iter().position(|column| *column == name).is_some_and(|at| self.0 & (1 << at) != 0)
    }

    /// The columns as bits, the first lowest.
    #[must_use]
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Whether every column is there.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0 == 0
    }
}

/// Something to know about a row. The words for it are keyed by [`Finding::code`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The row has fewer cells than the headings.
    RowShort,
    /// The row has more cells than the headings.
    RowLong,
    /// No name.
    NameMissing,
    /// Text was in an old code page and has been repaired.
    CodePageRepaired,
    /// No date of birth, or none that can be read.
    BirthMissing,
    /// The date of birth has no day.
    BirthPartial,
    /// Day and month could be the other way round.
    BirthAmbiguous,
    /// The date of birth lies in the future or before 1890.
    BirthUnlikely,
    /// No sex, or none that can be read.
    SexMissing,
    /// No such ethnic group.
    EthnicUnknown,
    /// No place of birth registration.
    BirthProvinceMissing,
    /// The commune is not one that exists.
    WardUnknown,
    /// Leading zeros of a number were put back.
    ZerosRestored,
    /// A number that cannot be one.
    NumberMalformed,
    /// The number says another sex or year than the row.
    NumberContradicts,
    /// The number was somebody else's, who is no longer in the register: it is never given again.
    NumberTaken,
}

impl Finding {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> String {
        serde_json::to_value(self).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// What a row says of a person.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The name, as it is written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth: Option<CivilDate>,
    /// `M` or `F`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<char>,
    /// Two-digit code of the ethnic group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ethnic: String,
    /// Three-digit code of the province of birth registration.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub birth_province: String,
    /// Home town, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub home_town: String,
    /// Five-digit code of the commune of residence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ward: String,
    /// Address within the commune.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// The old nine-digit number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub old_number: String,
    /// The twelve-digit number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// The father's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub father: String,
    /// The mother's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mother: String,
    /// The household number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub household_no: String,
}

/// A row with what it means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The line in its file.
    pub line: u64,
    /// The cells as sent.
    pub raw: Raw,
    /// The columns that it does not have.
    pub absent: Absent,
    /// The number of the row at its sender.
    pub rec_id: String,
    /// The three-digit code of the sender.
    pub sender: String,
    /// The kind of form: DC01, ARCHIVE …
    pub source: String,
    /// What it says.
    pub facts: Facts,
    /// What is to be known about it.
    pub findings: Vec<Finding>,
}

/// Rows of a file that are learnt from.
const LEARNT_MAX: usize = 20_000;
/// Columns in which people write words.
const WRITTEN: [&str; 5] = ["full_name", "home_town", "res_address", "father_name", "mother_name"];

/// What is known of the world when rows are read.
pub struct World<'a> {
    /// Whether a commune with this code exists.
    pub ward_exists: &'a (dyn Fn(&str) -> bool + Sync),
    /// The year in which the file is read.
    pub year: i32,
}

/// The rows of a sheet, in order.
#[must_use]
pub fn rows(sheet: &Sheet, world: &World<'_>) -> Vec<Row> {
    let habits = habits(sheet);
    let all = sheet.parts.iter().flat_map(|part| part.rows.iter().map(move |line| (part, line)));
    all.map(|(part, line)| {
        let raw_of = |cells: &[String]| {
            let mut raw = Raw::default();
            for (cell, column) in cells.iter().zip(&part.columns) {
                if let Some(column) = column {
                    raw.0[*column] = cell.clone();
                }
            }
            raw
        };
        // Part of a cell means nothing; it is kept as it was sent.
        let whole = line.cells.len() - usize::from(line.cut && !line.cells.is_empty());
        let mut row = read(line.line, raw_of(&line.cells[..whole]), world, &habits);
        if line.cut {
            row.raw = raw_of(&line.cells);
        }
        row.absent = Absent::but(part.columns.iter().take(whole).flatten().copied());
        if line.cells.len() < part.columns.len() {
            row.findings.push(Finding::RowShort);
        } else if line.cells[part.columns.len()..].iter().any(|cell| !cell.trim().is_empty()) {
            row.findings.push(Finding::RowLong);
        }
        row
    })
    .collect()
}

/// What is usual in a sheet's names and places: how its garbled cells are meant.
fn habits(sheet: &Sheet) -> Habits {
    let mut habits = Habits::default();
    for part in &sheet.parts {
        // Of a long file every so many rows say enough.
        let step = part.rows.len().div_ceil(LEARNT_MAX).max(1);
        for line in part.rows.iter().step_by(step) {
            let written = |column: &Option<usize>| column.is_some_and(|column| WRITTEN.contains(&COLUMNS[column]));
            let cells = line.cells.iter().zip(&part.columns).filter(|(_, column)| written(column));
            cells.for_each(|(cell, _)| habits.learn(cell));
        }
    }
    habits
}

/// What a row alone means. Nothing is guessed that a person would not read from the cells.
#[must_use]
pub fn normalise(line: u64, raw: Raw, world: &World<'_>) -> Row {
    read(line, raw, world, &Habits::default())
}

/// What a row of a file means: the cells of the row and the file say in which code page a cell was written.
fn read(line: u64, raw: Raw, world: &World<'_>, habits: &Habits) -> Row {
    let mut findings = Vec::new();
    let mut texts: [String; 16] = Default::default();
    let repaired: Vec<_> = raw.0.iter().map(|cell| habits.repair(cell, None)).collect();
    let seen = repaired.iter().find_map(|(_, damage)| *damage);
    for (at, ((mut text, mut damage), cell)) in repaired.into_iter().zip(&raw.0).enumerate() {
        if damage.is_none() && seen.is_some() {
            (text, damage) = habits.repair(cell, seen);
        }
        if damage.is_some() && !findings.contains(&Finding::CodePageRepaired) {
            findings.push(Finding::CodePageRepaired);
        }
        texts[at] = vn::clean(&text);
    }
    let column = |name: &str| COLUMNS.iter().position(|known| *known == name).map_or("", |at| texts[at].as_str());
    let mut facts = Facts {
        name: vn::title(column("full_name")),
        home_town: vn::place_tones(column("home_town")),
        address: vn::place_tones(column("res_address")),
        father: vn::title(column("father_name")),
        mother: vn::title(column("mother_name")),
        household_no: column("household_no").trim_end_matches(".0").to_owned(),
        ..Facts::default()
    };
    if facts.name.is_empty() {
        findings.push(Finding::NameMissing);
    }
    birth(column("birth_date"), world, &mut facts, &mut findings);
    facts.sex = vn::sex(column("sex")).map(|sex| if sex == Sex::Male { 'M' } else { 'F' });
    if facts.sex.is_none() {
        findings.push(Finding::SexMissing);
    }
    match (column("ethnic"), vn::ethnic_code(column("ethnic"))) {
        (_, Some(code)) => facts.ethnic = code,
        ("", None) => {}
        _ => findings.push(Finding::EthnicUnknown),
    }
    match vn::province_code(column("birth_province")) {
        Some(code) => facts.birth_province = code,
        None => findings.push(Finding::BirthProvinceMissing),
    }
    match vn::unit_code(column("res_ward")).filter(|code| (world.ward_exists)(code)) {
        Some(code) => facts.ward = code,
        None => findings.push(Finding::WardUnknown),
    }
    numbers(column("id9"), column("pin12"), &mut facts, &mut findings);
    let sender = vn::province_code(column("file_province")).unwrap_or_else(|| column("file_province").to_owned());
    let (rec_id, source) = (column("rec_id").to_owned(), column("source").to_owned());
    Row { line, rec_id, sender, source, facts, findings, raw, absent: Absent::default() }
}

fn birth(text: &str, world: &World<'_>, facts: &mut Facts, findings: &mut Vec<Finding>) {
    let Some(reading) = CivilDate::read(text) else {
        findings.push(Finding::BirthMissing);
        return;
    };
    if !(1890..=world.year).contains(&reading.date.year()) {
        findings.push(Finding::BirthUnlikely);
    }
    if reading.date.day().is_none() {
        findings.push(Finding::BirthPartial);
    } else if reading.swapped.is_some() {
        findings.push(Finding::BirthAmbiguous);
    }
    facts.birth = Some(reading.date);
}

/// Both numbers, wherever they stand: twelve digits in the column of nine are twelve digits.
fn numbers(old: &str, new: &str, facts: &mut Facts, findings: &mut Vec<Finding>) {
    let mut lost = false;
    for cell in [new, old] {
        if cell.is_empty() {
            continue;
        }
        if let Some((number, zeros)) = PersonalNumber::read(cell) {
            let says = if number.sex() == Sex::Male { 'M' } else { 'F' };
            let other_sex = facts.sex.is_some_and(|sex| sex != says);
            let other_year = facts.birth.is_some_and(|birth| birth.year() != number.year());
            if other_sex || other_year {
                findings.push(Finding::NumberContradicts);
            }
            lost |= zeros;
            facts.number = number.to_string();
        } else if let Some((number, zeros)) = OldNumber::read(cell) {
            lost |= zeros;
            facts.old_number = number.to_string();
        } else {
            findings.push(Finding::NumberMalformed);
        }
    }
    if lost {
        findings.push(Finding::ZerosRestored);
    }
}

impl Facts {
    /// The facts in the order of the linker's description of person columns.
    #[must_use]
    pub fn linked_cells(&self) -> [String; 13] {
        [
            self.name.clone(),
            self.birth.map_or(String::new(), |date| date.to_string()),
            self.sex.map_or(String::new(), String::from),
            self.ethnic.clone(),
            self.birth_province.clone(),
            self.home_town.clone(),
            self.ward.clone(),
            self.address.clone(),
            self.old_number.clone(),
            self.number.clone(),
            self.father.clone(),
            self.mother.clone(),
            self.household_no.clone(),
        ]
    }

    /// Hands the facts to the linker.
    pub fn link(&self, table: &mut linkage::Table) {
        table.push(&self.linked_cells().each_ref().map(String::as_str));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: &[(&str, &str)]) -> Row {
        let mut raw = Raw::default();
        for (name, value) in cells {
            raw.0[COLUMNS.iter().position(|column| column == name).unwrap()] = (*value).to_owned();
        }
        normalise(2, raw, &World { ward_exists: &|code| code == "00142", year: 2026 })
    }

    #[test]
    fn a_row_means_what_a_clerk_reads() {
        let row = read(&[
            ("rec_id", "20"),
            ("file_province", "1"),
            ("full_name", "NguyÔn ThÞ Ph\u{ad}¬ng"),
            ("birth_date", "1978"),
            ("sex", "Nu"),
            ("ethnic", "1"),
            ("birth_province", "31"),
            ("res_ward", "142"),
            ("id9", "16235427"),
            ("home_town", "Khánh Hòa"),
        ]);
        assert_eq!(row.facts.name, "Nguyễn Thị Phương");
        assert_eq!((row.facts.ward.as_str(), row.facts.birth_province.as_str()), ("00142", "031"));
        assert_eq!((row.facts.old_number.as_str(), row.sender.as_str()), ("016235427", "001"));
        assert_eq!(row.facts.home_town, "Khánh Hoà");
        assert_eq!(row.findings, [Finding::CodePageRepaired, Finding::BirthPartial, Finding::ZerosRestored]);
    }

    #[test]
    fn real_words_are_read_as_the_file_and_the_row_say() {
        let head = "rec_id,file_province,full_name,father_name\n";
        let usual = "1,001,Vũ Thị Hải,Hồ Minh Anh\n".repeat(300) + &"2,001,NguyÔn ThÞ Hoa,TrÇn §×nh QuyÕt\n".repeat(20);
        let file = format!("{head}{usual}3,001,Vò Minh Anh,\n4,001,Phó Minh,Nguyeãn Vaên Ñöùc\n");
        let sheet = crate::sheet::read(file.as_bytes(), &crate::heading::Mapping::default()).unwrap();
        let rows = rows(&sheet, &World { ward_exists: &|_| true, year: 2026 });
        let of = |rec_id: &str| rows.iter().find(|row| row.rec_id == rec_id).unwrap();
        assert_eq!(of("3").facts.name, "Vũ Minh Anh");
        assert!(of("3").findings.contains(&Finding::CodePageRepaired));
        assert_eq!((of("4").facts.name.as_str(), of("4").facts.father.as_str()), ("Phó Minh", "Nguyễn Văn Đức"));
        assert_eq!(of("1").facts.father, "Hồ Minh Anh");
    }

    #[test]
    fn doubts_are_findings() {
        let row =
            read(&[("full_name", ""), ("birth_date", "x"), ("res_ward", "99999"), ("pin12", "abc"), ("ethnic", "99")]);
        let expected = [
            Finding::NameMissing,
            Finding::BirthMissing,
            Finding::SexMissing,
            Finding::EthnicUnknown,
            Finding::BirthProvinceMissing,
            Finding::WardUnknown,
            Finding::NumberMalformed,
        ];
        assert_eq!(row.findings, expected);
        let row = read(&[("sex", "Nam"), ("birth_date", "1/2/1992"), ("pin12", "079192535041")]);
        assert!(row.findings.contains(&Finding::NumberContradicts) && row.findings.contains(&Finding::BirthAmbiguous));
        assert_eq!(Finding::NumberContradicts.code(), "number-contradicts");
    }
}
