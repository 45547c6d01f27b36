//! Writes the files of a population that never was, with the mess of offices and the truth, for trials of the linker.
//!
//! `population RECORDS SEED KIND DIR SHARED`. KIND: `usual` is like what provinces send; `hard` has twice the mess; `other`
//! has no household numbers, few numbers at all, many years without a day and short names. Names and units are read from the
//! folder of reference data; the mess is made here, by code that the linker does not share.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a trial fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
    fn chance(&mut self, share: f64) -> bool {
        ((self.next() >> 11) as f64) < share * (1u64 << 53) as f64
    }
    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// A list whose members come as often as they weigh.
struct Weighted {
    names: Vec<String>,
    sums: Vec<f64>,
}

impl Weighted {
    fn new(rows: impl Iterator<Item = (String, f64)>) -> Weighted {
        let (mut names, mut sums, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for (name, weight) in rows {
            sum += weight;
            names.push(name);
            sums.push(sum);
        }
        Weighted { names, sums }
    }
    fn at(&self, draw: &mut Draw) -> usize {
        let point = (draw.next() >> 11) as f64 / (1u64 << 53) as f64 * self.sums[self.sums.len() - 1];
        self.sums.partition_point(|sum| *sum <= point).min(self.names.len() - 1)
    }
    fn of(&self, draw: &mut Draw) -> String {
        self.names[self.at(draw)].clone()
    }
}

/// Names and units.
struct World {
    families: Weighted,
    middles: [Weighted; 2],
    givens: [Weighted; 2],
    /// Province code, weight; and its communes: code, district's first and last place in `communes`, words of the place.
    provinces: Weighted,
    province_codes: Vec<String>,
    by_province: Vec<Vec<usize>>,
    communes: Vec<Commune>,
}

struct Commune {
    code: String,
    district: String,
    province: usize,
    name: String,
    full: String,
    district_name: String,
    district_full: String,
    province_name: String,
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headings = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|row| headings.iter().map(str::to_owned).zip(row.unwrap().iter().map(str::to_owned)).collect())
        .collect()
}

impl World {
    fn read(shared: &Path) -> World {
        let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<f64>().unwrap_or(0.0);
        let list = |file: &str, sex: Option<bool>| {
            Weighted::new(rows(&shared.join(file)).iter().filter_map(|row| {
                let female = number(row, if sex.is_some() { "p_female" } else { "sample_count" });
                let share = match sex {
                    Some(true) => female,
                    Some(false) => 1.0 - female,
                    None => 1.0,
                };
                let weight = (number(row, "sample_count") + 0.5) * share.max(0.0);
                (weight > 0.0).then(|| (row["name"].clone(), weight))
            }))
        };
        let mut world = World {
            families: list("family_names.csv", None),
            middles: [list("middle_names.csv", Some(false)), list("middle_names.csv", Some(true))],
            givens: [list("given_names.csv", Some(false)), list("given_names.csv", Some(true))],
            provinces: Weighted::new(std::iter::empty()),
            province_codes: Vec::new(),
            by_province: Vec::new(),
            communes: Vec::new(),
        };
        let provinces = rows(&shared.join("provinces63.csv"));
        world.provinces =
            Weighted::new(provinces.iter().map(|row| (row["name"].clone(), number(row, "population_2019"))));
        world.province_codes = provinces.iter().map(|row| row["pin_code"].clone()).collect();
        world.by_province = vec![Vec::new(); provinces.len()];
        let districts: BTreeMap<String, BTreeMap<String, String>> =
            rows(&shared.join("districts2021.csv")).into_iter().map(|row| (row["code"].clone(), row)).collect();
        for row in rows(&shared.join("wards2021.csv")) {
            let district = &districts[&row["district_code"]];
            let Some(province) = provinces.iter().position(|own| own["gso_code"] == district["province_code"]) else {
                continue;
            };
            world.by_province[province].push(world.communes.len());
            world.communes.push(Commune {
                code: row["code"].clone(),
                district: row["district_code"].clone(),
                province,
                name: row["name"].clone(),
                full: row["full_name"].clone(),
                district_name: district["name"].clone(),
                district_full: district["full_name"].clone(),
                province_name: provinces[province]["name"].clone(),
            });
        }
        world
    }

    fn commune(&self, draw: &mut Draw) -> usize {
        let province = self.provinces.at(draw);
        *draw.of(&self.by_province[province])
    }

    fn name(&self, draw: &mut Draw, female: bool, family: Option<&str>, short: bool) -> String {
        let sex = usize::from(female);
        let family = family.map_or_else(|| self.families.of(draw), str::to_owned);
        let given = self.givens[sex].of(draw);
        let kind = draw.below(100);
        if kind < if short { 30 } else { 3 } {
            return format!("{family} {given}");
        }
        let middle = match draw.below(100) {
            0..45 => {
                if female {
                    "Thị".to_owned()
                } else {
                    "Văn".to_owned()
                }
            }
            _ => self.middles[sex].of(draw),
        };
        if kind < 88 {
            format!("{family} {middle} {given}")
        } else {
            format!("{family} {middle} {} {given}", self.middles[sex].of(draw))
        }
    }
}

#[derive(Clone)]
struct Someone {
    person: usize,
    name: String,
    female: bool,
    birth: (i32, u32, u32),
    ethnic: usize,
    birth_province: usize,
    home: usize,
    ward: usize,
    address: String,
    old: String,
    number: String,
    father: String,
    mother: String,
    household: u64,
    tags: Vec<&'static str>,
}

/// How much of everything goes wrong.
#[derive(Clone, Copy)]
struct Habits {
    mess: f64,
    households: bool,
    numbers: f64,
    years_only: f64,
    short: bool,
    repeats: f64,
    namesakes: f64,
}

fn address(draw: &mut Draw) -> String {
    const STREETS: [&str; 12] = [
        "Lê Lợi",
        "Trần Phú",
        "Nguyễn Huệ",
        "Hai Bà Trưng",
        "Quang Trung",
        "Ngô Quyền",
        "Hùng Vương",
        "Lê Duẩn",
        "Võ Thị Sáu",
        "Phan Chu Trinh",
        "Nguyễn Du",
        "Lê Hồng Phong",
    ];
    const HAMLETS: [&str; 14] = [
        "Đông",
        "Tây",
        "Nam",
        "Bắc",
        "Trung",
        "Thượng",
        "Hạ",
        "Đoài",
        "Tân Lập",
        "Tân Tiến",
        "Phú Mỹ",
        "Hoà Bình",
        "An Bình",
        "Long Thạnh",
    ];
    if draw.chance(0.35) {
        format!("Số {} {}, tổ {}", 1 + draw.below(400), draw.of(&STREETS), 1 + draw.below(40))
    } else {
        format!("{} {}", draw.of(&["Thôn", "Xóm", "Ấp", "Khu phố"]), draw.of(&HAMLETS))
    }
}

fn household(world: &World, draw: &mut Draw, habits: Habits, people: &mut Vec<Someone>) {
    let ward = world.commune(draw);
    let province = world.communes[ward].province;
    let place = address(draw);
    let household = if habits.households { 100_000_000 + draw.next() % 900_000_000 } else { 0 };
    let ethnic = if draw.chance(0.86) { 1 } else { 2 + draw.below(24) };
    let father_birth = 1925 + draw.below(68) as i32;
    let father = world.name(draw, false, None, habits.short);
    let mother = world.name(draw, true, None, habits.short);
    let family = father.split(' ').next().unwrap_or_default().to_owned();
    let home = if draw.chance(0.8) { ward } else { world.commune(draw) };
    let someone = |draw: &mut Draw, name: String, female: bool, year: i32, parents: (String, String), home: usize| {
        let year = year.min(2020);
        let birth = (year, 1 + draw.below(12) as u32, 1 + draw.below(28) as u32);
        let birth_province = if draw.chance(0.88) { province } else { world.provinces.at(draw) };
        let old = if year <= 2006 && draw.chance(0.93 * habits.numbers) {
            format!("{:03}{:06}", 10 + province * 5 + draw.below(5), draw.below(1_000_000))
        } else {
            String::new()
        };
        let number = if draw.chance(0.185 * habits.numbers) {
            let cell = (year - 1900) / 100 * 2 + i32::from(female);
            format!("{}{cell}{:02}{:06}", world.province_codes[birth_province], year % 100, draw.below(1_000_000))
        } else {
            String::new()
        };
        Someone {
            person: 0,
            name,
            female,
            birth,
            ethnic,
            birth_province,
            home,
            ward,
            address: place.clone(),
            old,
            number,
            father: parents.0,
            mother: parents.1,
            household,
            tags: Vec::new(),
        }
    };
    let mut all = Vec::new();
    if draw.chance(0.85) {
        let parents =
            (world.name(draw, false, Some(&family), habits.short), world.name(draw, true, None, habits.short));
        all.push(someone(draw, father.clone(), false, father_birth, parents, home));
    }
    if draw.chance(0.85) {
        let own = mother.split(' ').next().unwrap_or_default().to_owned();
        let parents = (world.name(draw, false, Some(&own), habits.short), world.name(draw, true, None, habits.short));
        let (year, mothers_home) =
            (father_birth + draw.below(7) as i32 - 2, if draw.chance(0.6) { home } else { world.commune(draw) });
        all.push(someone(draw, mother.clone(), true, year, parents, mothers_home));
    }
    let children = *draw.of(&[0, 1, 1, 2, 2, 2, 3, 3, 4]);
    let middle_of_all = draw.chance(0.3);
    for child in 0..children {
        let female = draw.chance(0.48);
        let mut name = world.name(draw, female, Some(&family), habits.short);
        // Brothers and sisters often share a middle name.
        if middle_of_all
            && let Some(first) = all.iter().find(|one: &&Someone| one.father == father && one.female == female)
        {
            let front = first.name.rsplit_once(' ').map_or("", |(front, _)| front);
            name = format!("{front} {}", world.givens[usize::from(female)].of(draw));
        }
        let year = father_birth + 20 + 3 * child + draw.below(3) as i32;
        let one = someone(draw, name, female, year, (father.clone(), mother.clone()), home);
        if draw.chance(0.012) {
            let mut twin = one.clone();
            if draw.chance(0.35) {
                twin.female = !one.female;
            }
            let given = world.givens[usize::from(twin.female)].of(draw);
            let front = one.name.rsplit_once(' ').map_or("", |(front, _)| front);
            twin.name = if draw.chance(0.6) && twin.female == one.female {
                format!("{front} {given}")
            } else {
                world.name(draw, twin.female, Some(&family), habits.short)
            };
            if twin.name != one.name {
                if !twin.old.is_empty() {
                    twin.old = format!("{}{:06}", &twin.old[..3], draw.below(1_000_000));
                }
                if !twin.number.is_empty() {
                    let cell = (twin.birth.0 - 1900) / 100 * 2 + i32::from(twin.female);
                    twin.number = format!(
                        "{}{cell}{:02}{:06}",
                        world.province_codes[twin.birth_province],
                        twin.birth.0 % 100,
                        draw.below(1_000_000)
                    );
                }
                twin.tags = vec!["twin"];
                let mut first = one.clone();
                first.tags = vec!["twin"];
                all.push(first);
                all.push(twin);
                continue;
            }
        }
        all.push(one);
    }
    for mut one in all {
        one.person = people.len() + 1;
        people.push(one);
    }
}

/// A slip in words: letters dropped, exchanged, put in; marks; words.
fn damaged(draw: &mut Draw, name: &str, middle: bool) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = 1 + draw.below(letters.len().saturating_sub(2));
    let words: Vec<&str> = name.split(' ').collect();
    match draw.below(if middle { 12 } else { 8 }) {
        0 | 1 => {
            letters.remove(at);
        }
        2 | 3 if at + 1 < letters.len() => letters.swap(at, at + 1),
        4 => letters.insert(at, letters[at]),
        5 => letters[at] = *draw.of(&['n', 'h', 't', 'i', 'a', 'e', 'u', 'm', 'g']),
        6 => return tones(draw, name),
        7 => {
            for (from, to) in [
                ("Huỳnh", "Hoàng"),
                ("Hoàng", "Huỳnh"),
                ("Vũ", "Võ"),
                ("Võ", "Vũ"),
                ("Phúc", "Phước"),
                ("Nhật", "Nhựt"),
                ("Lý", "Lí"),
                ("Quý", "Quí"),
                ("Vy", "Vi"),
            ] {
                if name.contains(from) {
                    return name.replace(from, to);
                }
            }
            return tones(draw, name);
        }
        8..=10 if words.len() > 2 => {
            let mut words = words;
            let drop = 1 + draw.below(words.len() - 2);
            words.remove(drop);
            return words.join(" ");
        }
        _ if words.len() > 2 => {
            let mut words = words;
            let last = words.len() - 1;
            words.swap(last - 1, last);
            return words.join(" ");
        }
        _ => {}
    }
    letters.into_iter().collect()
}

/// Another tone on one letter.
fn tones(draw: &mut Draw, name: &str) -> String {
    const ROWS: [&str; 12] = [
        "aàảãáạ",
        "ăằẳẵắặ",
        "âầẩẫấậ",
        "eèẻẽéẹ",
        "êềểễếệ",
        "iìỉĩíị",
        "oòỏõóọ",
        "ôồổỗốộ",
        "ơờởỡớợ",
        "uùủũúụ",
        "ưừửữứự",
        "yỳỷỹýỵ",
    ];
    let letters: Vec<char> = name.chars().collect();
    let places: Vec<usize> =
        (0..letters.len()).filter(|at| ROWS.iter().any(|row| row.contains(letters[*at]))).collect();
    if places.is_empty() {
        return name.to_owned();
    }
    let place = *draw.of(&places);
    let row: Vec<char> =
        ROWS.iter().find(|row| row.contains(letters[place])).map(|row| row.chars().collect()).unwrap_or_default();
    let mut letters = letters;
    letters[place] = *draw.of(&row);
    letters.into_iter().collect()
}

fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .map(|c| match c {
            'đ' => 'd',
            'Đ' => 'D',
            c => c,
        })
        .collect()
}

struct Office {
    capitals: f64,
    dates: usize,
    sexes: [&'static str; 2],
}

/// A text as an office has it in its files.
fn typed(draw: &mut Draw, habits: Habits, capitals: f64, text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    if text.is_empty() {
        return String::new();
    }
    let kind = draw.below(1_000) as f64;
    let mess = habits.mess;
    if kind < 60.0 * mess {
        if let Some(shown) = vn::damage(text, vn::Damage::Tcvn3) {
            return shown;
        }
    } else if kind < 100.0 * mess {
        return vn::damage(text, vn::Damage::Vni).unwrap_or_else(|| text.to_owned());
    } else if kind < 128.0 * mess {
        return text.nfd().collect();
    } else if kind < 170.0 * mess {
        let text = plain(text);
        return if draw.chance(capitals) { text.to_uppercase() } else { text };
    } else if kind < 180.0 * mess {
        return text.replacen(' ', "  ", 1);
    }
    if draw.chance(capitals) { text.to_uppercase() } else { text.to_owned() }
}

fn date(draw: &mut Draw, office: &Office, (y, m, d): (i32, u32, u32)) -> String {
    if m == 0 {
        return match draw.below(3) {
            0 => format!("{y}"),
            1 => format!("00/00/{y}"),
            _ => format!("01/01/{y}"),
        };
    }
    match if draw.chance(0.8) { office.dates } else { draw.below(5) } {
        0 | 1 => format!("{d:02}/{m:02}/{y}"),
        2 => format!("{d}/{m}/{y}"),
        3 => format!("{d:02}.{m:02}.{y}"),
        _ => format!("{y}-{m:02}-{d:02}"),
    }
}

fn other_date(draw: &mut Draw, (y, m, d): (i32, u32, u32)) -> (i32, u32, u32) {
    match draw.below(11) {
        0..=3 => (y, 0, 0),
        4 => {
            if d <= 12 {
                (y, d, m)
            } else {
                (y, m, d - 1)
            }
        }
        5 | 6 => (y, m, if d > 1 { d - 1 } else { 2 }),
        7 => (y, if m > 1 { m - 1 } else { 2 }, d),
        8 => (y + if draw.chance(0.5) { 1 } else { -1 }, m, d),
        9 => (y + if draw.chance(0.5) { 10 } else { -10 }, m, d),
        _ => (y, m, if d <= 18 { d + 10 } else { d - 10 }),
    }
}

/// The same person once more.
fn again(world: &World, draw: &mut Draw, habits: Habits, someone: &Someone) -> (Someone, &'static str) {
    let mut one = someone.clone();
    let mess = habits.mess;
    let source = match draw.below(100) {
        0..31 => "ARCHIVE",
        31..61 => "MOVED",
        61..87 => "REENTRY",
        _ => "CIVIL",
    };
    if draw.chance(0.17 * mess) {
        one.name = damaged(draw, &one.name, true);
    }
    if draw.chance(0.17 * mess) {
        one.birth = other_date(draw, one.birth);
    }
    let (mut parent_lost, number_lost) = (0.15 * mess, 0.28);
    match source {
        "ARCHIVE" => {
            parent_lost = 0.5;
            one.number.clear();
            if draw.chance(0.5) {
                one.household = 0;
            }
            if draw.chance(0.48) {
                let district = &world.communes[one.ward].district;
                let province = world.communes[one.ward].province;
                let near: Vec<usize> = world.by_province[province]
                    .iter()
                    .copied()
                    .filter(|at| world.communes[*at].district == *district)
                    .collect();
                one.ward = *draw.of(&near);
                one.address = address(draw);
            }
        }
        "MOVED" => {
            one.ward = world.commune(draw);
            one.address = address(draw);
            one.household = if one.household == 0 { 0 } else { 100_000_000 + draw.next() % 900_000_000 };
            if draw.chance(0.45) && !one.old.is_empty() {
                one.old = format!(
                    "{:03}{:06}",
                    10 + world.communes[one.ward].province * 5 + draw.below(5),
                    draw.below(1_000_000)
                );
            }
        }
        "REENTRY" => {
            if draw.chance(0.28) {
                one.address = address(draw);
            }
        }
        _ => {
            parent_lost = 0.03;
            one.household = 0;
        }
    }
    if draw.chance(number_lost) {
        one.old.clear();
    }
    if draw.chance(0.3) {
        one.number.clear();
    }
    for number in [&mut one.old, &mut one.number] {
        if !number.is_empty() && draw.chance(0.02 * mess) {
            let mut digits: Vec<u8> = number.bytes().collect();
            let at = 4 + draw.below(digits.len() - 5);
            if draw.chance(0.5) {
                digits.swap(at, at + 1)
            } else {
                digits[at] = b'0' + draw.below(10) as u8
            }
            *number = String::from_utf8(digits).unwrap_or_default();
        }
    }
    for parent in [&mut one.father, &mut one.mother] {
        if draw.chance(parent_lost) {
            parent.clear();
        } else if draw.chance(0.18 * mess) && !parent.is_empty() {
            *parent = damaged(draw, parent, true);
        }
    }
    (one, source)
}

fn line(
    world: &World,
    draw: &mut Draw,
    habits: Habits,
    offices: &[Office],
    one: &Someone,
    number: usize,
    source: &str,
) -> String {
    let ward = &world.communes[one.ward];
    let office = &offices[ward.province];
    let home = &world.communes[one.home];
    let home = if draw.chance(0.7) {
        format!("{}, {}, {}", home.full, home.district_full, home.province_name)
    } else if draw.chance(0.9) {
        let short = if home.full.starts_with("Phường") { "P." } else { "" };
        format!(
            "{short}{}, {}{}, {}",
            home.name,
            if home.district_full.starts_with("Huyện") { "H." } else { "" },
            home.district_name,
            home.province_name
        )
    } else {
        plain(&format!("{}, {}, {}", home.full, home.district_full, home.province_name))
    };
    let mut one = one.clone();
    if source == "DC01" && draw.chance(0.03 * habits.mess) {
        one.name = damaged(draw, &one.name, false);
    }
    if draw.chance(habits.years_only) {
        one.birth = (one.birth.0, 0, 0);
    }
    let lost =
        |draw: &mut Draw, share: f64, text: String| if draw.chance(share * habits.mess) { String::new() } else { text };
    let parent_lost = if source == "DC01" { 0.11 } else { 0.0 };
    let cells = [
        number.to_string(),
        world.province_codes[ward.province].clone(),
        source.to_owned(),
        typed(draw, habits, office.capitals, &one.name),
        {
            let text = date(draw, office, one.birth);
            lost(draw, 0.001, text)
        },
        {
            let text = office.sexes[usize::from(one.female)].to_owned();
            lost(draw, 0.01, text)
        },
        {
            let text = format!("{:02}", one.ethnic);
            lost(draw, 0.02, text)
        },
        {
            let text = world.province_codes[one.birth_province].clone();
            lost(draw, 0.03, text)
        },
        typed(draw, habits, 0.0, &home),
        ward.code.clone(),
        one.address.clone(),
        one.old.clone(),
        one.number.clone(),
        {
            let text = typed(draw, habits, office.capitals, &one.father);
            lost(draw, parent_lost, text)
        },
        {
            let text = typed(draw, habits, office.capitals, &one.mother);
            lost(draw, parent_lost, text)
        },
        if one.household == 0 { String::new() } else { one.household.to_string() },
    ];
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        if cell.contains([',', '"', '\n']) {
            let _ = write!(line, "\"{}\"", cell.replace('"', "\"\""));
        } else {
            line.push_str(cell)
        }
    }
    line.push('\n');
    line
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [records, seed, kind, out, shared] = &arguments[..] else { panic!("population RECORDS SEED KIND DIR SHARED") };
    let world = World::read(&Path::new(shared).join("vietnam"));
    let habits = match kind.as_str() {
        "usual" => Habits {
            mess: 1.0,
            households: true,
            numbers: 1.0,
            years_only: 0.0,
            short: false,
            repeats: 0.08,
            namesakes: 0.004,
        },
        "hard" => Habits {
            mess: 2.0,
            households: true,
            numbers: 0.7,
            years_only: 0.02,
            short: false,
            repeats: 0.08,
            namesakes: 0.01,
        },
        "other" => Habits {
            mess: 1.0,
            households: false,
            numbers: 0.4,
            years_only: 0.1,
            short: true,
            repeats: 0.03,
            namesakes: 0.002,
        },
        kind => panic!("no kind {kind}"),
    };
    let mut draw = Draw(seed.parse::<u64>().unwrap() ^ 0x706f_7075);
    let offices: Vec<Office> = (0..world.province_codes.len())
        .map(|at| Office {
            capitals: *draw.of(&[0.0, 0.1, 0.9, 1.0]),
            dates: draw.below(5),
            sexes: [["Nam", "Nữ"], ["Nam", "Nu"], ["NAM", "NỮ"], ["1", "2"], ["M", "F"]][at % 5],
        })
        .collect();
    let total: usize = records.parse().unwrap();
    let repeats = (total as f64 * habits.repeats) as usize;
    let mut people = Vec::new();
    while people.len() < total - repeats {
        household(&world, &mut draw, habits, &mut people);
    }
    people.truncate(total - repeats);
    // Namesakes: another family's child with the same name and day of birth. Numbers given out twice.
    for _ in 0..(people.len() as f64 * habits.namesakes) as usize {
        let (a, b) = (draw.below(people.len()), draw.below(people.len()));
        if people[a].father != people[b].father && people[a].tags.is_empty() && people[b].tags.is_empty() {
            let (name, birth, female) = (people[a].name.clone(), people[a].birth, people[a].female);
            (people[b].name, people[b].birth, people[b].female) = (name, birth, female);
            people[b].number.clear();
            people[a].tags.push("namesake");
            people[b].tags.push("namesake");
        }
    }
    for _ in 0..people.len() / 3_600 {
        let (a, b) = (draw.below(people.len()), draw.below(people.len()));
        if !people[a].old.is_empty() && people[a].tags.is_empty() && people[b].tags.is_empty() {
            people[b].old = people[a].old.clone();
            people[a].tags.push("id9clash");
            people[b].tags.push("id9clash");
        }
    }
    let mut order: Vec<usize> = (1..=total).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, draw.below(at + 1));
    }
    let mut files: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
    let mut truth: Vec<(usize, String)> = Vec::with_capacity(total);
    let mut numbers = order.into_iter();
    let mut enter = |draw: &mut Draw, one: &Someone, source: &str| {
        let Some(number) = numbers.next() else { return };
        let mut tags = one.tags.clone();
        match source {
            "ARCHIVE" => tags.push("archive"),
            "MOVED" => tags.push("moved"),
            "REENTRY" => tags.push("reentry"),
            "CIVIL" => tags.push("civil"),
            _ => {}
        }
        let kind = if source == "DC01" { "base" } else { "dup" };
        truth.push((number, format!("{number},{},{kind},{}\n", one.person, tags.join("+"))));
        let text = line(&world, draw, habits, &offices, one, number, source);
        files.entry(world.communes[one.ward].province).or_default().push((number, text));
    };
    for one in &people {
        enter(&mut draw, one, "DC01");
    }
    let mut left = repeats;
    while left > 0 {
        let whose = draw.below(people.len());
        // Some are written down three times and more.
        loop {
            let (one, source) = again(&world, &mut draw, habits, &people[whose]);
            enter(&mut draw, &one, source);
            left = left.saturating_sub(1);
            if left == 0 || !draw.chance(0.15) {
                break;
            }
        }
    }
    let out = Path::new(out);
    std::fs::create_dir_all(out).unwrap();
    const HEADINGS: &str = "rec_id,file_province,source,full_name,birth_date,sex,ethnic,birth_province,home_town,res_ward,res_address,id9,pin12,father_name,mother_name,household_no\n";
    for (province, mut lines) in files {
        lines.sort_unstable();
        let mut text = String::from(HEADINGS);
        text.extend(lines.into_iter().map(|(_, line)| line));
        std::fs::write(out.join(format!("province_{}.csv", world.province_codes[province])), text).unwrap();
    }
    truth.sort_unstable();
    let mut text = String::from("rec_id,person_id,kind,tags\n");
    text.extend(truth.into_iter().map(|(_, line)| line));
    std::fs::write(out.join("truth.csv"), text).unwrap();
}
