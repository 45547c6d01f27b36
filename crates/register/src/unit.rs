//! Administrative units: province, district, commune, from the files that offices publish.

use crate::{Error, sheet};
use std::collections::BTreeMap;

/// A unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unit {
    /// `P001` for a province (with its three-digit code in personal numbers), `D001` for a district, five digits for a
    /// commune: the levels' codes overlap, so each has its own form.
    pub code: String,
    /// The unit above; empty for a province.
    pub parent: String,
    /// Its name with its kind: Quận Ba Đình.
    pub name: String,
    /// 1 province, 2 district, 3 commune.
    pub level: u8,
    /// Population, where the file has it.
    pub population: i64,
}

/// Reads one of the three layouts: provinces (`gso_code, pin_code, name, kind, population_2019`), districts
/// (`code, province_code, full_name`), communes (`code, district_code, full_name`).
///
/// `provinces` translates a two-digit province code into the three-digit one; a file of provinces adds to it.
pub fn read(bytes: &[u8], provinces: &mut BTreeMap<String, String>) -> Result<Vec<Unit>, Error> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    if bytes.len() as u64 > sheet::BYTES_MAX {
        return Err(Error::TooLarge { bytes: bytes.len() as u64, bytes_max: sheet::BYTES_MAX });
    }
    let (text, _) = vn::decode(bytes).map_err(|offset| Error::Encoding { offset })?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| Error::Quote { line: 1 })?.clone();
    let column = |name: &str| headings.iter().position(|heading| heading.trim() == name);
    let need = |name: &'static str| {
        let missing =
            || Error::Missing { missing: name.into(), unknown: String::new(), line: 1, proposal: String::new() };
        column(name).ok_or_else(missing)
    };
    let level = if column("pin_code").is_some() {
        1
    } else if column("province_code").is_some() {
        2
    } else {
        need("district_code")?;
        3
    };
    let (code_at, parent_at, name_at) = match level {
        1 => (need("pin_code")?, need("gso_code")?, need("name")?),
        2 => (need("code")?, need("province_code")?, need("full_name")?),
        _ => (need("code")?, need("district_code")?, need("full_name")?),
    };
    let population_at = column("population_2019").or(column("population"));
    let mut units = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Error::Quote { line: error.position().map_or(0, csv::Position::line) })?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        let fault = |column, cause| Error::Unit { line, column, cause };
        let digits = |text: &str, width| text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
        let (code, parent) = (cell(code_at), cell(parent_at));
        let name = vn::clean(cell(name_at));
        if name.is_empty() {
            return Err(fault("name", "it is empty"));
        }
        units.push(match level {
            1 => {
                if !digits(code, 3) || !digits(parent, 2) {
                    return Err(fault("pin_code", "three digits are needed, and two in gso_code"));
                }
                provinces.insert(parent.to_owned(), code.to_owned());
                let population = population_at.map_or(Ok(0), |at| cell(at).parse());
                let population = population.map_err(|_| fault("population_2019", "it is not a number"))?;
                Unit { code: format!("P{code}"), parent: String::new(), name, level, population }
            }
            2 => {
                if !digits(code, 3) {
                    return Err(fault("code", "three digits are needed"));
                }
                let above =
                    provinces.get(parent).ok_or(fault("province_code", "no such province has been imported"))?;
                Unit { code: format!("D{code}"), parent: format!("P{above}"), name, level, population: 0 }
            }
            _ => {
                if !digits(code, 5) || !digits(parent, 3) {
                    return Err(fault("code", "five digits are needed, and three in district_code"));
                }
                Unit { code: code.to_owned(), parent: format!("D{parent}"), name, level, population: 0 }
            }
        });
    }
    if units.is_empty() { Err(Error::Empty) } else { Ok(units) }
}

/// A commune that was merged into another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Merger {
    /// The line that says so.
    pub line: u64,
    /// The commune that is no longer there.
    pub old: String,
    /// The one it was merged into.
    pub new: String,
}

/// Reads a file of communes merged (`old_ward_code, new_ward_code`, and `how` where it has that); none for a file of another
/// layout. A commune that goes on under its code was not merged, and one that was split (`how` is `split`) belongs to no
/// single other.
pub fn mergers(bytes: &[u8]) -> Result<Option<Vec<Merger>>, Error> {
    if bytes.len() as u64 > sheet::BYTES_MAX {
        return Err(Error::TooLarge { bytes: bytes.len() as u64, bytes_max: sheet::BYTES_MAX });
    }
    let (text, _) = vn::decode(bytes).map_err(|offset| Error::Encoding { offset })?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| Error::Quote { line: 1 })?.clone();
    let column = |name: &str| headings.iter().position(|heading| heading.trim() == name);
    let Some((old_at, new_at)) = column("old_ward_code").zip(column("new_ward_code")) else { return Ok(None) };
    let how_at = column("how");
    let mut all = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| Error::Quote { line: error.position().map_or(0, csv::Position::line) })?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        for (at, column) in [(old_at, "old_ward_code"), (new_at, "new_ward_code")] {
            if cell(at).len() != 5 || !cell(at).bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Error::Unit { line, column, cause: "five digits are needed" });
            }
        }
        let split = how_at.is_some_and(|at| cell(at) == "split");
        if cell(old_at) != cell(new_at) && !split {
            all.push(Merger { line, old: cell(old_at).to_owned(), new: cell(new_at).to_owned() });
        }
    }
    Ok(Some(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_layouts_make_a_tree() {
        let mut provinces = BTreeMap::new();
        let top =
            read("gso_code,pin_code,name,population_2019\n01,001,Hà Nội,8053663\n".as_bytes(), &mut provinces).unwrap();
        assert_eq!((top[0].code.as_str(), top[0].population), ("P001", 8_053_663));
        let middle = read("code,province_code,full_name\n001,01,Quận Ba Đình\n".as_bytes(), &mut provinces).unwrap();
        assert_eq!((middle[0].code.as_str(), middle[0].parent.as_str()), ("D001", "P001"));
        let low = read("code,district_code,full_name\n00001,001,Phường Phúc Xá\n".as_bytes(), &mut provinces).unwrap();
        assert_eq!((low[0].code.as_str(), low[0].parent.as_str(), low[0].level), ("00001", "D001", 3));
    }

    #[test]
    fn bad_cells_are_named() {
        let check = |text: &str, code: &str| {
            assert_eq!(read(text.as_bytes(), &mut BTreeMap::new()).map_err(|error| error.code()), Err(code), "{text}");
        };
        check("", "file-empty");
        check("code,province_code,full_name\n", "file-empty");
        check("code,province_code,full_name\n001,99,X\n", "file-unit");
        check("gso_code,pin_code,name\n1,001,X\n", "file-unit");
        check("a,b\n1,2\n", "file-columns-missing");
    }

    #[test]
    fn communes_that_were_merged_are_read_and_others_passed_over() {
        let file = "old_ward_code,new_ward_code,new_province_code,how\n00001,00097,01,whole\n00004,00004,01,whole\n\
            00006,00008,01,split\n00007,00008,01,split-default\n";
        let found: Vec<(u64, String, String)> =
            mergers(file.as_bytes()).unwrap().unwrap().into_iter().map(|one| (one.line, one.old, one.new)).collect();
        assert_eq!(found, [(2, "00001".into(), "00097".into()), (5, "00007".into(), "00008".into())]);
        assert_eq!(mergers("code,district_code,full_name\n00001,001,X\n".as_bytes()), Ok(None));
        let wrong = mergers("old_ward_code,new_ward_code\n00001,97\n".as_bytes()).unwrap_err();
        assert_eq!(wrong, Error::Unit { line: 2, column: "new_ward_code", cause: "five digits are needed" });
    }
}
