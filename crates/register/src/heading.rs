//! Which column of a file is which: known headings in Vietnamese and English, or a mapping file; other columns by their names.

use crate::Error;
use std::collections::BTreeMap;
use std::fmt;
use vn::fold;

/// The columns of a person file, in the order of [`crate::row::Raw`].
pub const COLUMNS: [&str; 16] = [
    "rec_id",
    "file_province",
    "source",
    "full_name",
    "birth_date",
    "sex",
    "ethnic",
    "birth_province",
    "home_town",
    "res_ward",
    "res_address",
    "id9",
    "pin12",
    "father_name",
    "mother_name",
    "household_no",
];
/// Columns without which a file cannot be taken in.
const REQUIRED: [usize; 3] = [0, 1, 3];

/// What offices call the columns, folded.
const KNOWN: [&[&str]; 16] = [
    &["stt ho so", "so ho so", "ma ho so", "ma phieu", "stt", "record id"],
    &["ma tinh", "tinh gui", "ma tinh gui", "province"],
    &["nguon", "nguon du lieu", "loai phieu"],
    &["ho ten", "ho va ten", "ho chu dem va ten", "ho chu dem va ten khai sinh", "ho ten day du", "name"],
    &["ngay sinh", "ngay thang nam sinh", "sinh ngay", "date of birth"],
    &["gioi tinh", "gioi", "phai"],
    &["dan toc", "ma dan toc"],
    &["noi dang ky khai sinh", "noi dk khai sinh", "tinh khai sinh", "ma tinh khai sinh", "noi khai sinh"],
    &["que quan", "nguyen quan"],
    &["ma xa thuong tru", "ma xa", "ma phuong xa", "xa thuong tru", "ward"],
    &["noi thuong tru", "dia chi", "dia chi thuong tru", "noi o", "cho o"],
    &["so cmnd", "cmnd", "chung minh nhan dan", "so chung minh", "so cmnd 9 so"],
    &["so dinh danh ca nhan", "so dinh danh", "ma dinh danh", "so cccd", "cccd", "so dd"],
    &["ho ten cha", "ho va ten cha", "ten cha", "cha"],
    &["ho ten me", "ho va ten me", "ten me", "me"],
    &["so ho", "so ho khau", "ho khau", "so so ho khau"],
];

/// Which heading means which column.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mapping {
    /// Heading in the file → column.
    headings: BTreeMap<String, usize>,
    /// Columns in the place of [`COLUMNS`], the first of which is required.
    others: Option<Vec<String>>,
}

impl Mapping {
    /// Reads a mapping file: a table `[columns]` of `"heading in the file" = "column"`.
    pub fn parse(text: &str) -> Result<Mapping, Error> {
        let fault = |cause: String| Error::Mapping { cause };
        let document: toml::Table = text.parse().map_err(|error: toml::de::Error| fault(error.message().to_owned()))?;
        let columns = document.get("columns").and_then(toml::Value::as_table);
        let columns = columns.ok_or_else(|| fault("there is no table [columns]".into()))?;
        let mut headings = BTreeMap::new();
        for (heading, column) in columns {
            let name = column.as_str().unwrap_or_default();
            let at = COLUMNS.iter().position(|known| *known == name);
            headings.insert(fold(heading), at.ok_or_else(|| fault(format!("there is no column {name:?}")))?);
        }
        Ok(Mapping { headings, others: None })
    }

    /// Other columns than those of a person file, by their names; all are required.
    #[must_use]
    pub fn of(columns: Vec<String>) -> Mapping {
        let headings = columns.iter().enumerate().map(|(at, name)| (fold(name), at)).collect();
        Mapping { headings, others: Some(columns) }
    }

    /// How many columns there are.
    #[must_use]
    pub fn width(&self) -> usize {
        self.others.as_ref().map_or(COLUMNS.len(), Vec::len)
    }

    /// A column's name.
    #[must_use]
    pub fn name(&self, column: usize) -> &str {
        match &self.others {
            Some(others) => others.get(column).map_or("", String::as_str),
            None => COLUMNS.get(column).copied().unwrap_or_default(),
        }
    }

    /// Columns without which a file cannot be taken in.
    pub(crate) fn required(&self) -> impl Iterator<Item = usize> {
        let others = self.others.as_ref().map_or(0, Vec::len);
        REQUIRED.into_iter().filter(move |_| others == 0).chain(0..others)
    }

    /// The column that a heading means.
    fn column(&self, heading: &str) -> Option<usize> {
        let folded = fold(heading);
        if let Some(at) = self.headings.get(&folded) {
            return Some(*at);
        }
        if self.others.is_some() {
            return None;
        }
        let plain = folded.replace(' ', "_");
        COLUMNS
            .iter()
            .position(|name| *name == plain)
            .or_else(|| KNOWN.iter().position(|names| names.contains(&folded.as_str())))
    }

    /// For each cell of a line of headings the column it means; an error if one stands twice.
    pub fn columns(&self, line: u64, cells: &[String]) -> Result<Vec<Option<usize>>, Error> {
        let mut seen = vec![false; self.width()];
        let mut columns = Vec::with_capacity(cells.len());
        for (at, cell) in cells.iter().enumerate() {
            let column = self.column(cell);
            if let Some(column) = column
                && std::mem::replace(&mut seen[column], true)
            {
                return Err(Error::Doubled { line, column: at + 1, name: self.name(column).to_owned() });
            }
            columns.push(column);
        }
        Ok(columns)
    }

    /// How many cells of a line are headings.
    #[must_use]
    pub fn known(&self, cells: &[String]) -> usize {
        cells.iter().filter(|cell| self.column(cell).is_some()).count()
    }

    /// An error if a required column is missing; it proposes a mapping of the headings that were not understood.
    pub fn require(&self, line: u64, cells: &[String], columns: &[Option<usize>]) -> Result<(), Error> {
        let is_missing = |column: &usize| !columns.contains(&Some(*column));
        let missing: Vec<&str> = self.required().filter(is_missing).map(|column| self.name(column)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let unknown: Vec<&str> = cells
            .iter()
            .zip(columns)
            .filter(|(cell, column)| column.is_none() && !cell.trim().is_empty())
            .map(|(cell, _)| cell.as_str())
            .take(20)
            .collect();
        let mut proposal = String::from("[columns]\n");
        for (at, heading) in unknown.iter().enumerate() {
            let guess = missing.get(at).copied().unwrap_or("…");
            proposal.push_str(&format!("{:?} = {guess:?}\n", shorten(heading)));
        }
        let unknown: Vec<String> = unknown.iter().map(|heading| shorten(heading)).collect();
        let (missing, unknown) = (missing.join(", "), unknown.join(", "));
        Err(match self.others {
            None => Error::Missing { missing, unknown, line, proposal },
            Some(_) => Error::Undescribed { missing, unknown, line },
        })
    }
}

/// Each heading and its column, a line each, in the order of the headings.
impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.headings.iter().try_for_each(|(heading, column)| writeln!(f, "{heading:?} = {:?}", self.name(*column)))
    }
}

/// A heading is shown at most this long: a file without headings has people in its first line.
fn shorten(heading: &str) -> String {
    heading.chars().take(24).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<String> {
        line.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn headings_of_offices_are_understood() {
        let line = cells("STT hồ sơ|Mã tỉnh|Họ, chữ đệm và tên|Ngày, tháng, năm sinh|Ghi chú|Số định danh cá nhân");
        let columns = Mapping::default().columns(1, &line).unwrap();
        assert_eq!(columns, [Some(0), Some(1), Some(3), Some(4), None, Some(12)]);
        assert_eq!(Mapping::default().require(1, &line, &columns), Ok(()));
    }

    #[test]
    fn a_doubled_column_and_a_missing_one_are_named() {
        let doubled = Mapping::default().columns(3, &cells("rec_id|Họ tên|file_province|full_name"));
        assert_eq!(doubled, Err(Error::Doubled { line: 3, column: 4, name: "full_name".into() }));
        let line = cells("rec_id|file_province|Tên gọi");
        let columns = Mapping::default().columns(1, &line).unwrap();
        let Err(Error::Missing { missing, proposal, .. }) = Mapping::default().require(1, &line, &columns) else {
            panic!()
        };
        assert_eq!(missing, "full_name");
        assert_eq!(proposal, "[columns]\n\"Tên gọi\" = \"full_name\"\n");
        let columns = Mapping::parse(&proposal).unwrap().columns(1, &line).unwrap();
        assert_eq!(Mapping::default().require(1, &line, &columns), Ok(()));
    }

    #[test]
    fn other_columns_are_found_by_their_names_and_all_are_required() {
        let mapping = Mapping::of(vec!["rec_id".into(), "given_name".into()]);
        let line = cells("rec_id| Given_Name | suburb|name");
        let columns = mapping.columns(1, &line).unwrap();
        assert_eq!((columns.as_slice(), mapping.width()), ([Some(0), Some(1), None, None].as_slice(), 2));
        assert_eq!(mapping.require(1, &line, &columns), Ok(()));
        let undescribed = mapping.require(1, &line, &[Some(0), None, None, None]);
        let Err(Error::Undescribed { missing, line, .. }) = undescribed else { panic!() };
        assert_eq!((missing.as_str(), line), ("given_name", 1));
    }

    #[test]
    fn a_mapping_that_is_none_is_refused() {
        for text in ["", "columns = 3", "[columns]\nx = \"no such\"", "[["] {
            assert!(Mapping::parse(text).is_err(), "{text}");
        }
    }
}
