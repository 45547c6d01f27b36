//! People of nobody: households over 63 provinces, the rows that offices would send about them, and the truth.

mod mess;
mod name;

use crate::draw::Draw;
use crate::province::PROVINCES;
use mess::Typist;
use std::collections::BTreeMap;

/// Everything that a sample's register side consists of: file names and contents.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Files {
    /// Units: provinces, districts, communes.
    pub units: Vec<(String, String)>,
    /// One file for each province that has anybody.
    pub persons: Vec<(String, String)>,
    /// `rec_id,person_id,kind,tags`.
    pub truth: String,
}

/// Districts in a province, and communes in a district.
const DISTRICTS: usize = 2;
const COMMUNES: usize = 3;
/// The columns of a person file.
const HEADINGS: &str = "rec_id,file_province,source,full_name,birth_date,sex,ethnic,birth_province,home_town,res_ward,\
res_address,id9,pin12,father_name,mother_name,household_no";

/// One made-up person.
#[derive(Clone, Debug)]
struct Someone {
    person: usize,
    name: String,
    father: String,
    mother: String,
    birth: (i32, u8, u8),
    female: bool,
    ethnic: &'static str,
    birth_province: usize,
    home_town: String,
    ward: usize,
    address: String,
    old_number: String,
    number: String,
    household: u64,
    tags: Vec<&'static str>,
}

/// A row about someone.
struct Entry {
    rec_id: usize,
    province: usize,
    line: String,
}

/// Makes the files of a sample of about `persons` people.
#[must_use]
pub fn files(persons: usize, seed: u64) -> Files {
    let mut draw = Draw::new(seed);
    let mut people: Vec<Someone> = Vec::new();
    while people.len() < persons {
        household(&mut draw, &mut people);
    }
    people.truncate(persons);
    namesakes(&mut draw, &mut people);
    let mut entries = Vec::new();
    let mut truth: BTreeMap<usize, String> = BTreeMap::new();
    let mut rec_id = 0;
    // Row numbers are scattered, so that repeats do not stand side by side.
    let mut numbers: Vec<usize> = (1..=persons + persons / 8).collect();
    for at in (1..numbers.len()).rev() {
        numbers.swap(at, draw.below(at + 1));
    }
    let mut push = |draw: &mut Draw, someone: &Someone, source: &'static str, kind: &str| {
        let Some(number) = numbers.get(rec_id) else { return };
        rec_id += 1;
        let province = someone.ward / (DISTRICTS * COMMUNES);
        let line = row(&mut Typist::of(province, draw), someone, *number, province, source);
        let mut tags = someone.tags.clone();
        if kind == "dup" {
            tags.push(match source {
                "REENTRY" => "reentry",
                "MOVED" => "moved",
                "ARCHIVE" => "archive",
                _ => "civil",
            });
        }
        truth.insert(*number, format!("{number},{},{kind},{}\n", someone.person, tags.join("+")));
        entries.push(Entry { rec_id: *number, province, line });
    };
    for someone in &people {
        push(&mut draw, someone, "DC01", "base");
        if draw.percent(8) {
            let (again, source) = repeat(&mut draw, someone);
            push(&mut draw, &again, source, "dup");
        }
    }
    entries.sort_by_key(|entry| entry.rec_id);
    let mut by_province: BTreeMap<usize, String> = BTreeMap::new();
    for entry in entries {
        by_province.entry(entry.province).or_insert_with(|| format!("{HEADINGS}\n")).push_str(&entry.line);
    }
    let name = |province: usize| format!("province_{}.csv", PROVINCES[province].1);
    let truth_lines: String = truth.into_values().collect();
    Files {
        units: units(),
        persons: by_province.into_iter().map(|(province, text)| (name(province), text)).collect(),
        truth: format!("rec_id,person_id,kind,tags\n{truth_lines}"),
    }
}

/// Files of units in the layouts of `import units`. Districts and communes are invented.
fn units() -> Vec<(String, String)> {
    let mut provinces = String::from("gso_code,pin_code,name,population_2019\n");
    let mut districts = String::from("code,province_code,full_name\n");
    let mut communes = String::from("code,district_code,full_name\n");
    for (at, (gso, pin, name, thousands)) in PROVINCES.iter().enumerate() {
        provinces.push_str(&format!("{gso},{pin},{name},{}\n", thousands * 1000));
        for district in 0..DISTRICTS {
            let number = at * DISTRICTS + district;
            districts.push_str(&format!("{:03},{gso},Huyện {}\n", number + 1, name::place(number)));
            for commune in 0..COMMUNES {
                let ward = number * COMMUNES + commune;
                communes.push_str(&format!("{},{:03},{}\n", ward_code(ward), number + 1, commune_name(ward)));
            }
        }
    }
    vec![("provinces.csv".into(), provinces), ("districts.csv".into(), districts), ("communes.csv".into(), communes)]
}

fn ward_code(ward: usize) -> String {
    format!("{:05}", ward + 1)
}

fn commune_name(ward: usize) -> String {
    format!("Xã {}", name::place(ward + 500))
}

/// A family of one to six under one household number.
fn household(draw: &mut Draw, people: &mut Vec<Someone>) {
    let total: u32 = PROVINCES.iter().map(|province| province.3).sum();
    let mut at = draw.below(total as usize) as u32;
    let province = PROVINCES.iter().position(|province| {
        let here = at < province.3;
        at = at.saturating_sub(province.3);
        here
    });
    let province = province.unwrap_or(0);
    let ward = province * DISTRICTS * COMMUNES + draw.below(DISTRICTS * COMMUNES);
    let number = 100_000_000 + draw.next() % 900_000_000;
    let address = mess::address(draw);
    let father_birth = 1940 + draw.below(60) as i32;
    let (father, mother) = (name::full(draw, false, None), name::full(draw, true, None));
    let ethnic = if draw.percent(86) { "01" } else { draw.of(&["02", "03", "04", "06", "07"]) };
    let member = |draw: &mut Draw, name: String, female: bool, year: i32, parents: (String, String)| {
        let birth = (year.min(2019), 1 + draw.below(12) as u8, 1 + draw.below(28) as u8);
        let birth_province = if draw.percent(85) { province } else { draw.below(PROVINCES.len()) };
        Someone {
            person: 0,
            name,
            father: parents.0,
            mother: parents.1,
            birth,
            female,
            ethnic,
            birth_province,
            home_town: format!(
                "{}, Huyện {}, {}",
                commune_name(ward),
                name::place(ward / COMMUNES),
                PROVINCES[province].2
            ),
            ward,
            address: address.clone(),
            old_number: if year <= 2004 {
                format!("{:03}{:06}", 10 + province * 5, draw.below(1_000_000))
            } else {
                String::new()
            },
            number: String::new(),
            household: number,
            tags: Vec::new(),
        }
    };
    let mut family = Vec::new();
    if draw.percent(90) {
        let parents = (name::full(draw, false, name::family(&father)), name::full(draw, true, None));
        family.push(member(draw, father.clone(), false, father_birth, parents));
    }
    if draw.percent(90) {
        let parents = (name::full(draw, false, name::family(&mother)), name::full(draw, true, None));
        let year = father_birth + 1 + draw.below(5) as i32;
        family.push(member(draw, mother.clone(), true, year, parents));
    }
    for child in 0..draw.below(4) {
        let female = draw.percent(50);
        let name = name::full(draw, female, name::family(&father));
        let year = father_birth + 22 + 3 * child as i32 + draw.below(3) as i32;
        family.push(member(draw, name, female, year, (father.clone(), mother.clone())));
        if draw.percent(3) {
            // Twins: everything but the given name and the number.
            let mut twin = family[family.len() - 1].clone();
            twin.name = name::sibling(draw, &twin.name, female);
            if !twin.old_number.is_empty() {
                twin.old_number = format!("{:03}{:06}", 10 + province * 5, draw.below(1_000_000));
            }
            let last = family.len() - 1;
            family[last].tags.push("twin");
            twin.tags = vec!["twin"];
            family.push(twin);
        }
    }
    for mut someone in family {
        someone.person = people.len() + 1;
        if draw.percent(20) {
            let cell = (someone.birth.0 - 1900) / 100 * 2 + i32::from(someone.female);
            let province = PROVINCES[someone.birth_province].1;
            someone.number = format!("{province}{cell}{:02}{:06}", someone.birth.0 % 100, draw.below(1_000_000));
        }
        people.push(someone);
    }
}

/// Gives one in a hundred a neighbour of the same name and year of birth of whom little more is written.
fn namesakes(draw: &mut Draw, people: &mut [Someone]) {
    for _ in 0..people.len() / 100 {
        let (like, at) = (draw.below(people.len()), draw.below(people.len()));
        if like == at || !people[like].tags.is_empty() || !people[at].tags.is_empty() {
            continue;
        }
        let Someone { name, birth, female, ward, birth_province, home_town, ethnic, .. } = people[like].clone();
        let number = format!("{:03}{:06}", 10 + birth_province * 5, draw.below(1_000_000));
        let old_number = if draw.percent(50) { number } else { String::new() };
        let (address, household) = (mess::address(draw), 100_000_000 + draw.next() % 900_000_000);
        people[like].tags.push("namesake");
        let one = &mut people[at];
        (one.name, one.female, one.ward, one.ethnic) = (name, female, ward, ethnic);
        (one.birth_province, one.home_town) = (birth_province, home_town);
        (one.birth, one.old_number, one.address, one.household) = ((birth.0, 0, 0), old_number, address, household);
        one.father.clear();
        one.mother.clear();
        one.number.clear();
        one.tags.push("namesake");
    }
}

/// The same person once more, as another office or another day has them.
fn repeat(draw: &mut Draw, someone: &Someone) -> (Someone, &'static str) {
    let mut again = someone.clone();
    let source = *draw.of(&["REENTRY", "MOVED", "ARCHIVE", "CIVIL"]);
    match source {
        "MOVED" => {
            again.ward = draw.below(PROVINCES.len() * DISTRICTS * COMMUNES);
            again.address = mess::address(draw);
            again.household = 100_000_000 + draw.next() % 900_000_000;
            if draw.percent(40) {
                again.old_number.clear();
            }
        }
        "ARCHIVE" => {
            again.number.clear();
            if draw.percent(50) {
                again.father.clear();
            }
            if draw.percent(30) {
                again.name = mess::slip(draw, &again.name);
            }
            // An old card of which little can be read.
            if draw.percent(25) {
                again.birth = (again.birth.0, 0, 0);
                again.household = 0;
                again.father.clear();
                again.mother.clear();
                again.old_number.clear();
            }
        }
        "REENTRY" => again.name = mess::slip(draw, &again.name),
        _ => again.household = 0,
    }
    (again, source)
}

/// A row as one office's typist writes it.
fn row(typist: &mut Typist<'_>, someone: &Someone, rec_id: usize, province: usize, source: &str) -> String {
    let cells = [
        rec_id.to_string(),
        PROVINCES[province].1.to_owned(),
        source.to_owned(),
        typist.name(&someone.name),
        typist.date(someone.birth),
        typist.sex(someone.female),
        someone.ethnic.to_owned(),
        typist.sometimes(97, PROVINCES[someone.birth_province].1),
        typist.text(&someone.home_town),
        ward_code(someone.ward),
        typist.text(&someone.address),
        someone.old_number.clone(),
        someone.number.clone(),
        typist.parent(&someone.father),
        typist.parent(&someone.mother),
        if someone.household == 0 { String::new() } else { someone.household.to_string() },
    ];
    let quoted: Vec<String> =
        cells
            .iter()
            .map(|cell| {
                if cell.contains([',', '"', '\n']) {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell.clone()
                }
            })
            .collect();
    format!("{}\n", quoted.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_files_and_another_seed_others() {
        let sample = files(500, 7);
        assert_eq!(sample, files(500, 7));
        assert_ne!(sample.truth, files(500, 8).truth);
    }

    #[test]
    fn every_row_has_its_truth() {
        let sample = files(2000, 1);
        let rows: usize = sample.persons.iter().map(|(_, text)| text.lines().count() - 1).sum();
        assert_eq!(rows, sample.truth.lines().count() - 1);
        assert!(rows > 2100 && rows < 2250, "{rows}");
        assert!(sample.persons.len() > 55);
        assert!(sample.truth.contains(",twin"));
    }
}
