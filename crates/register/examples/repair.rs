//! How many garbled cells come back as they were meant, and how many clean ones are changed: `repair SHARED [ROWS]`, with the
//! name lists of Việt Nam in SHARED/vietnam.
//!
//! Files of 20,000 rows with three names and a home town each; one row in eight was written in an old code page, and of
//! those one in three in one cell alone. They are read as a province's file is. What the lists themselves have garbled is left
//! out.
#![expect(clippy::print_stdout, reason = "an example that prints is the purpose")]

use register::heading::Mapping;
use register::{row, sheet};
use std::path::Path;
use vn::Damage;

const FILE_ROWS: usize = 20_000;
const KINDS: [(&str, Damage); 3] = [("TCVN3", Damage::Tcvn3), ("VNI", Damage::Vni), ("mojibake", Damage::Mojibake)];

/// Numbers that are the same in every run (SplitMix64).
struct Draw(u64);

impl Draw {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn of<'a>(&mut self, list: &'a List) -> &'a str {
        let at = self.share() * list.sums.last().copied().unwrap_or(0.0);
        &list.words[list.sums.partition_point(|sum| *sum < at).min(list.words.len() - 1)]
    }
}

/// Words and how often each is drawn, added up.
#[derive(Default)]
struct List {
    words: Vec<String>,
    sums: Vec<f64>,
}

impl List {
    fn read(file: &Path, weight: &str) -> List {
        let mut reader = csv::Reader::from_path(file).expect("the list is there");
        let headings = reader.headers().expect("it has headings").clone();
        let at = |name: &str| headings.iter().position(|heading| heading == name).expect("a column");
        let (name, weight) = (at("name"), at(weight));
        let mut list = List::default();
        for record in reader.records().map(|record| record.expect("a row")) {
            // A word that is read otherwise is garbled in the list.
            if record[name].split(' ').any(|word| !vn::is_syllable(word) && vn::repair(word).1.is_some()) {
                continue;
            }
            list.words.push(record[name].to_owned());
            let own = record[weight].parse::<f64>().unwrap_or(0.0) + 0.2;
            list.sums.push(list.sums.last().copied().unwrap_or(0.0) + own);
        }
        list
    }
}

/// What was meant, and what came back.
#[derive(Clone, Copy, Default)]
struct Count {
    cells: u64,
    right: u64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, shared, more @ ..] = &arguments[..] else { return println!("repair SHARED [ROWS]") };
    let rows: usize = more.first().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let folder = Path::new(shared).join("vietnam");
    let list = |file: &str, weight: &str| List::read(&folder.join(file), weight);
    let lists = [
        list("family_names.csv", "sample_count"),
        list("middle_names.csv", "sample_count"),
        list("given_names.csv", "sample_count"),
    ];
    let towns = towns(&folder);
    let mut draw = Draw(7);
    let (mut clean, mut whole, mut single) = (Count::default(), [Count::default(); 3], [Count::default(); 3]);
    for _ in 0..rows.div_ceil(FILE_ROWS) {
        let mut text = String::from("rec_id,file_province,full_name,father_name,mother_name,home_town\n");
        let mut meant = Vec::new();
        for at in 0..FILE_ROWS {
            let mut name = || {
                let words = [draw.of(&lists[0]), draw.of(&lists[1]), draw.of(&lists[2])];
                words.join(" ")
            };
            let mut cells = [name(), name(), name(), String::new()];
            cells[3] = towns[(draw.share() * towns.len() as f64) as usize % towns.len()].clone();
            let kind = (draw.share() * 24.0) as usize;
            let alone = draw.share() < 1.0 / 3.0;
            let mut shown = cells.clone();
            let garbled = KINDS.get(kind).map(|(_, damage)| (kind, *damage));
            let mut touched = [false; 4];
            if let Some((_, damage)) = garbled {
                for cell in (0..cells.len()).filter(|cell| !alone || *cell == 0) {
                    if let Some(seen) = vn::damage(&cells[cell], damage) {
                        touched[cell] = seen != cells[cell];
                        shown[cell] = seen;
                    }
                }
            }
            text.push_str(&format!("{at},001,\"{}\",\"{}\",\"{}\",\"{}\"\n", shown[0], shown[1], shown[2], shown[3]));
            meant.push((cells, touched, garbled.map(|(kind, _)| kind), alone));
        }
        let sheet = sheet::read(text.as_bytes(), &Mapping::default()).expect("a sheet");
        let world = row::World { ward_exists: &|_| true, year: 2026 };
        for (row, (cells, touched, kind, alone)) in row::rows(&sheet, &world).iter().zip(&meant) {
            let facts = &row.facts;
            let read = [&facts.name, &facts.father, &facts.mother, &facts.home_town];
            for (at, (cell, read)) in cells.iter().zip(read).enumerate() {
                let meant = if at == 3 { vn::place_tones(&vn::clean(cell)) } else { vn::title(cell) };
                let count = match (kind, touched[at]) {
                    (Some(kind), true) if *alone => &mut single[*kind],
                    (Some(kind), true) => &mut whole[*kind],
                    _ => &mut clean,
                };
                count.cells += 1;
                count.right += u64::from(meant == *read);
            }
        }
    }
    println!("| | cells | as meant | wrong |\n| --- | --- | --- | --- |");
    let line = |title: &str, count: Count| {
        let share = 100.0 * count.right as f64 / count.cells.max(1) as f64;
        println!("| {title} | {} | {share:.4} % | {} |", count.cells, count.cells - count.right);
    };
    line("clean", clean);
    for (at, (name, _)) in KINDS.iter().enumerate() {
        line(&format!("{name}, the whole row"), whole[at]);
        line(&format!("{name}, one cell alone"), single[at]);
    }
}

/// Communes, for home towns.
fn towns(folder: &Path) -> Vec<String> {
    let mut reader = csv::Reader::from_path(folder.join("wards2021.csv")).expect("the list is there");
    let headings = reader.headers().expect("it has headings").clone();
    let name = headings.iter().position(|heading| heading == "full_name").expect("a column of names");
    reader.records().map(|record| record.expect("a row")[name].to_owned()).collect()
}
