//! Ten thousand planted strings are not found in database, write-ahead log, blobs, tiles and backup.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "tests wait for, time and kill real processes")]

mod common;

use common::{Folder, json, text};
use std::collections::HashSet;
use std::path::Path;

/// Bytes of a string that are looked for; all planted strings are longer and differ within them.
const WINDOW: usize = 14;

#[test]
fn no_planted_string_is_found_anywhere() {
    let folder = Folder::new("planted");
    let data = folder.join("data");
    json(&["init", "--data", text(&data)], 0);
    let mut planted = Vec::new();
    let mut file = String::from(
        "rec_id,file_province,full_name,birth_date,sex,birth_province,res_address,id9,pin12,father_name\n",
    );
    for at in 0..2_500u32 {
        // Letters made of a number, so that no string is part of another.
        let letters: String = (0..12)
            .map(|place| char::from(b'a' + ((at / 5u32.pow(place % 6) + place * 3 + at * 7) % 26) as u8))
            .collect();
        let (name, father) = (format!("{letters}nguyenvan{at:05}"), format!("{letters}chacuamoi{at:05}"));
        let (address, number) =
            (format!("{letters}duongpho{at:05}"), format!("0010{:02}{:06}", 50 + at % 50, 100_000 + at));
        file.push_str(&format!(
            "{at},001,{name},1/2/19{:02},Nam,001,{address},0{:08},{number},{father}\n",
            50 + at % 50,
            10_000_000 + at * 17
        ));
        planted.extend([name, father, address, format!("{number}{}", "")]);
    }
    assert_eq!(planted.len(), 10_000);
    let csv = folder.join("planted.csv");
    std::fs::write(&csv, &file).unwrap();
    let report = json(&["import", "persons", text(&csv), "--data", text(&data)], 0);
    assert_eq!(report["staged"], 2_500);
    json(&["person", "find", "001050100000", "--purpose", "a test", "--data", text(&data)], 0);
    json(&["backup", "--to", text(&folder.join("backup")), "--data", text(&data)], 0);

    let mut windows: HashSet<Vec<u8>> = HashSet::new();
    for string in &planted {
        for form in [string.clone(), string.to_uppercase(), title(string)] {
            let bytes = form.into_bytes();
            windows.insert(bytes[..bytes.len().min(WINDOW)].to_vec());
        }
    }
    // The search itself finds them where they are known to be.
    assert!(found(&csv, &windows) >= 10_000);
    let mut searched = 0u64;
    for place in [data, folder.join("backup")] {
        search(&place, &windows, &mut searched);
    }
    assert!(searched > 10_000_000, "{searched} bytes are too few to be the whole installation");
}

fn title(string: &str) -> String {
    let mut chars = string.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn search(place: &Path, windows: &HashSet<Vec<u8>>, searched: &mut u64) {
    if place.is_dir() {
        for entry in std::fs::read_dir(place).unwrap() {
            search(&entry.unwrap().path(), windows, searched);
        }
        return;
    }
    *searched += std::fs::metadata(place).unwrap().len();
    assert_eq!(found(place, windows), 0, "{} shows planted strings", place.display());
}

fn found(file: &Path, windows: &HashSet<Vec<u8>>) -> usize {
    let bytes = std::fs::read(file).unwrap();
    let lengths: HashSet<usize> = windows.iter().map(Vec::len).collect();
    lengths.iter().map(|length| bytes.windows(*length).filter(|window| windows.contains(*window)).count()).sum()
}
