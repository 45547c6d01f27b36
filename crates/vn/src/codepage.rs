//! Repair of text whose bytes were read in the wrong code page: TCVN3, VNI, UTF-8 read as Windows-1252.
//!
//! Which reading of a cell is meant is decided in [`Habits`]. Names without evidence stay as they are.

use crate::habits::Habits;
use crate::syllable::is_syllable;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// What was wrong with a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Damage {
    /// TCVN3 (ABC) bytes seen as Latin-1.
    Tcvn3,
    /// VNI bytes seen as Latin-1.
    Vni,
    /// UTF-8 seen as Windows-1252.
    Mojibake,
}

/// Repairs a cell without knowing its file. Work on the cell as read, before trimming or changing case: TCVN3 writes ư as a
/// soft hyphen.
#[must_use]
pub fn repair(text: &str) -> (Cow<'_, str>, Option<Damage>) {
    Habits::default().repair(text, None)
}

/// The text that was meant if this damage was done to it; `None` where its letters cannot come of that.
#[must_use]
pub fn undo(text: &str, damage: Damage) -> Option<String> {
    match damage {
        Damage::Mojibake => mojibake(text, &|_| 0),
        Damage::Tcvn3 => tcvn3(text),
        Damage::Vni => vni(text),
    }
}

/// TCVN 5712:1993, VN3: code points 0xA1–0xFE as Latin-1 shows them.
const TCVN3: &[(char, char)] = &[
    ('\u{a1}', 'Ă'),
    ('\u{a2}', 'Â'),
    ('\u{a3}', 'Ê'),
    ('\u{a4}', 'Ô'),
    ('\u{a5}', 'Ơ'),
    ('\u{a6}', 'Ư'),
    ('\u{a7}', 'Đ'),
    ('\u{a8}', 'ă'),
    ('\u{a9}', 'â'),
    ('\u{aa}', 'ê'),
    ('\u{ab}', 'ô'),
    ('\u{ac}', 'ơ'),
    ('\u{ad}', 'ư'),
    ('\u{ae}', 'đ'),
    ('\u{b5}', 'à'),
    ('\u{b6}', 'ả'),
    ('\u{b7}', 'ã'),
    ('\u{b8}', 'á'),
    ('\u{b9}', 'ạ'),
    ('\u{bb}', 'ằ'),
    ('\u{bc}', 'ẳ'),
    ('\u{bd}', 'ẵ'),
    ('\u{be}', 'ắ'),
    ('\u{c6}', 'ặ'),
    ('\u{c7}', 'ầ'),
    ('\u{c8}', 'ẩ'),
    ('\u{c9}', 'ẫ'),
    ('\u{ca}', 'ấ'),
    ('\u{cb}', 'ậ'),
    ('\u{cc}', 'è'),
    ('\u{ce}', 'ẻ'),
    ('\u{cf}', 'ẽ'),
    ('\u{d0}', 'é'),
    ('\u{d1}', 'ẹ'),
    ('\u{d2}', 'ề'),
    ('\u{d3}', 'ể'),
    ('\u{d4}', 'ễ'),
    ('\u{d5}', 'ế'),
    ('\u{d6}', 'ệ'),
    ('\u{d7}', 'ì'),
    ('\u{d8}', 'ỉ'),
    ('\u{dc}', 'ĩ'),
    ('\u{dd}', 'í'),
    ('\u{de}', 'ị'),
    ('\u{df}', 'ò'),
    ('\u{e1}', 'ỏ'),
    ('\u{e2}', 'õ'),
    ('\u{e3}', 'ó'),
    ('\u{e4}', 'ọ'),
    ('\u{e5}', 'ồ'),
    ('\u{e6}', 'ổ'),
    ('\u{e7}', 'ỗ'),
    ('\u{e8}', 'ố'),
    ('\u{e9}', 'ộ'),
    ('\u{ea}', 'ờ'),
    ('\u{eb}', 'ở'),
    ('\u{ec}', 'ỡ'),
    ('\u{ed}', 'ớ'),
    ('\u{ee}', 'ợ'),
    ('\u{ef}', 'ù'),
    ('\u{f1}', 'ủ'),
    ('\u{f2}', 'ũ'),
    ('\u{f3}', 'ú'),
    ('\u{f4}', 'ụ'),
    ('\u{f5}', 'ừ'),
    ('\u{f6}', 'ử'),
    ('\u{f7}', 'ữ'),
    ('\u{f8}', 'ứ'),
    ('\u{f9}', 'ự'),
    ('\u{fa}', 'ỳ'),
    ('\u{fb}', 'ỷ'),
    ('\u{fc}', 'ỹ'),
    ('\u{fd}', 'ý'),
    ('\u{fe}', 'ỵ'),
];

fn tcvn3(text: &str) -> Option<String> {
    let mut repaired = String::with_capacity(text.len());
    for c in text.chars() {
        match TCVN3.binary_search_by_key(&c, |(seen, _)| *seen) {
            Ok(at) => repaired.push(TCVN3[at].1),
            Err(_) if c.is_ascii() => repaired.push(c),
            Err(_) => return None,
        }
    }
    Some(even_case(&repaired))
}

/// Does to a text what an office's old software does: for samples and tests. `None` where the code page lacks a letter.
#[must_use]
pub fn damage(text: &str, damage: Damage) -> Option<String> {
    let composed: String = text.nfc().collect();
    match damage {
        Damage::Tcvn3 => composed
            .chars()
            .map(|c| {
                if c.is_ascii() { Some(c) } else { TCVN3.iter().find(|(_, meant)| *meant == c).map(|(seen, _)| *seen) }
            })
            .collect(),
        Damage::Mojibake => {
            let seen = |byte: &u8| match byte {
                byte if LOST.contains(byte) => '?',
                0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
                byte => char::from(*byte),
            };
            Some(composed.as_bytes().iter().map(seen).collect())
        }
        Damage::Vni => composed.chars().map(as_vni).collect(),
    }
}

/// A letter as VNI has it: its base, then a byte for the hat or breve and the tone together.
fn as_vni(letter: char) -> Option<String> {
    const TONES: &str = "\u{300}\u{301}\u{309}\u{303}\u{323}";
    if letter.is_ascii() {
        return Some(letter.into());
    }
    let parts: Vec<char> = letter.to_lowercase().nfd().collect();
    let base = parts.first().copied().unwrap_or(letter);
    let has = |mark: char| parts.contains(&mark);
    let tone = parts.iter().find_map(|mark| TONES.chars().position(|tone| tone == *mark));
    let row = match (base, has('\u{302}'), has('\u{306}')) {
        (_, true, _) => "àáåãäâ",
        (_, _, true) => "èéúüëê",
        _ => "øùûõï",
    };
    let base = match base {
        'đ' => 'ñ',
        'o' if has('\u{31b}') => 'ô',
        'u' if has('\u{31b}') => 'ö',
        base => base,
    };
    let mut shown = String::new();
    match (base, tone) {
        // These have a byte of their own.
        ('i', Some(tone)) => shown.extend("ìíæóò".chars().nth(tone)),
        ('y', Some(4)) => shown.push('î'),
        ('a' | 'e' | 'o' | 'u' | 'y' | 'ô' | 'ö', tone) => {
            shown.push(base);
            // The last of a row is the hat or breve alone.
            shown.extend(tone.or(Some(5)).and_then(|at| row.chars().nth(at)));
        }
        ('ñ', _) => shown.push(base),
        _ => return None,
    }
    Some(if letter.is_uppercase() { shown.to_uppercase() } else { shown })
}

/// TCVN3 has no capital letters with tones: in a word otherwise in capitals they come out small.
fn even_case(text: &str) -> String {
    let words: Vec<String> = text
        .split(' ')
        .map(|word| {
            let capitals = word.chars().filter(|c| c.is_ascii_uppercase()).count();
            let small = word.chars().filter(|c| c.is_ascii_lowercase()).count();
            if capitals > 1 && small == 0 { word.to_uppercase() } else { word.to_owned() }
        })
        .collect();
    words.join(" ")
}

/// VNI writes the mark as a letter of its own after the vowel; five letters stand alone.
fn vni(text: &str) -> Option<String> {
    let mut repaired = String::with_capacity(text.len());
    let mut last: Option<char> = None;
    for c in text.chars() {
        let lower = c.to_lowercase().next()?;
        let marks = match lower {
            'ù' => "\u{301}",
            'ø' => "\u{300}",
            'û' => "\u{309}",
            'õ' => "\u{303}",
            'ï' => "\u{323}",
            'â' => "\u{302}",
            'á' => "\u{302}\u{301}",
            'à' => "\u{302}\u{300}",
            'å' => "\u{302}\u{309}",
            'ã' => "\u{302}\u{303}",
            'ä' => "\u{302}\u{323}",
            'ê' => "\u{306}",
            'é' => "\u{306}\u{301}",
            'è' => "\u{306}\u{300}",
            'ú' => "\u{306}\u{309}",
            'ü' => "\u{306}\u{303}",
            'ë' => "\u{306}\u{323}",
            _ => "",
        };
        if !marks.is_empty() {
            let carries = last.is_some_and(|vowel| "aeouyôö".contains(vowel.to_lowercase().next().unwrap_or(vowel)));
            if !carries {
                return None;
            }
            repaired.push_str(marks);
            last = None;
            continue;
        }
        let alone = match lower {
            'ñ' => "đ",
            'ô' => "ơ",
            'ö' => "ư",
            'í' => "í",
            'ì' => "ì",
            'æ' => "ỉ",
            'ó' => "ĩ",
            'ò' => "ị",
            'î' => "ỵ",
            _ if c.is_ascii() => "",
            _ => return None,
        };
        if alone.is_empty() {
            repaired.push(c);
        } else if c.is_uppercase() {
            repaired.push_str(&alone.to_uppercase());
        } else {
            repaired.push_str(alone);
        }
        last = Some(c);
    }
    Some(repaired.nfc().collect())
}

/// Windows-1252 for 0x80–0x9F; the five bytes it leaves undefined are often lost as `?`.
const WINDOWS_1252: &[char] = &[
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];
/// The bytes that Windows-1252 leaves undefined.
const LOST: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// UTF-8 of the bytes that a text shows. `often` says how often a word stands: of lost bytes it decides.
pub(crate) fn mojibake(text: &str, often: &dyn Fn(&str) -> u32) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut questions = Vec::new();
    for c in text.chars() {
        if let Some(at) = WINDOWS_1252.iter().position(|shown| *shown == c) {
            bytes.push(0x80 + at as u8);
        } else if (c as u32) < 256 {
            if c == '?' {
                questions.push(bytes.len());
            }
            bytes.push(c as u8);
        } else if c == '\u{fffd}' {
            questions.push(bytes.len());
            bytes.push(b'?');
        } else {
            return None;
        }
    }
    questions.retain(|at| *at > 0 && bytes[at - 1] >= 0x80);
    let seen = bytes.clone();
    for word in questions.chunk_by(|a, b| seen[*a..*b].iter().all(|byte| !matches!(byte, b' ' | b','))) {
        restore_lost(&mut bytes, word, often);
    }
    String::from_utf8(bytes).ok()
}

/// Bytes lost in one word that are put back by trying.
const LOST_MAX: usize = 3;

/// Puts back the bytes of a word that were lost as `?`: what makes the most frequent syllable, else what makes UTF-8.
fn restore_lost(bytes: &mut [u8], places: &[usize], often: &dyn Fn(&str) -> u32) {
    let space = |byte: &u8| matches!(byte, b' ' | b',');
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return };
    if places.len() > LOST_MAX {
        return;
    }
    let start = bytes[..*first].iter().rposition(space).map_or(0, |space| space + 1);
    let end = bytes[*last..].iter().position(space).map_or(bytes.len(), |space| last + space);
    let mut best: Option<((bool, u32), usize)> = None;
    let ways = LOST.len().pow(places.len() as u32);
    let fill = |bytes: &mut [u8], way: usize| {
        places.iter().fold(way, |way, at| {
            bytes[*at] = LOST[way % LOST.len()];
            way / LOST.len()
        })
    };
    for way in 0..ways {
        fill(bytes, way);
        if let Ok(word) = std::str::from_utf8(&bytes[start..end]) {
            let found = (is_syllable(word), often(word));
            if best.is_none_or(|(best, _)| found > best) {
                best = Some((found, way));
            }
        }
    }
    match best {
        Some((_, way)) => drop(fill(bytes, way)),
        None => places.iter().for_each(|at| bytes[*at] = b'?'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(seen: &str, meant: &str, damage: Option<Damage>) {
        let (repaired, found) = repair(seen);
        assert_eq!((repaired.as_ref(), found), (meant, damage), "{seen}");
    }

    #[test]
    fn garbled_cells_are_repaired() {
        check("NguyÔn ThÞ Ph\u{ad}¬ng", "Nguyễn Thị Phương", Some(Damage::Tcvn3));
        check("Léc HuÖ Sang", "Lộc Huệ Sang", Some(Damage::Tcvn3));
        check("Nguyeãn Vaên Ñöùc", "Nguyễn Văn Đức", Some(Damage::Vni));
        check("TRAÀN THÒ HÖÔNG", "TRẦN THỊ HƯƠNG", Some(Damage::Vni));
        check("Tráº§n Thá»‹ KhuÃª", "Trần Thị Khuê", Some(Damage::Mojibake));
        check("PhÆ°á»?ng BÃ¬nh An", "Phường Bình An", Some(Damage::Mojibake));
    }

    #[test]
    fn clean_cells_are_left_alone() {
        for clean in
            ["Nguyễn Văn Đức", "Vũ Hồ", "Hòa", "NGUYỄN", "Y Niê Byă", "Đặng Thùy Trâm", "Số 5, tổ 3", "Mai Lan"]
        {
            check(clean, clean, None);
        }
    }

    #[test]
    fn what_old_software_does_is_undone() {
        assert_eq!(damage("Nguyễn Văn Đức", Damage::Vni).as_deref(), Some("Nguyeãn Vaên Ñöùc"));
        assert_eq!(damage("TRẦN THỊ HƯƠNG", Damage::Vni).as_deref(), Some("TRAÀN THÒ HÖÔNG"));
        for name in ["Nguyễn Thị Phương", "Trần Đình Quyết", "Lộc Huệ Sang", "Đỗ Thuý Hường"] {
            for kind in [Damage::Tcvn3, Damage::Vni, Damage::Mojibake] {
                if let Some(damaged) = damage(name, kind) {
                    check(&damaged, name, Some(kind));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_repaired_or_kept(text in ".{0,30}") {
            let _ = repair(&text);
        }
    }
}
