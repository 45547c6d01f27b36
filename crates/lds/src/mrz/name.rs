//! Names in the letters of the machine readable zone.
//!
//! Standard: Doc 9303-3, 6.A (transliteration of Latin letters), 4.6 (name field), Doc 9303-5, 4.2.4 (truncation).
//! Letters of Vietnamese and of the Latin scripts of the Central Highlands lose their marks; both composed and
//! decomposed text is read. The family name is the first word, as Vietnamese names are written.
//! Start reading at [`name_field`].

use alloc::string::String;
use alloc::vec::Vec;

use crate::Error;

/// Width of the name field of TD1.
const WIDTH: usize = 30;

/// The thirty characters of the name field. A name that is too long is cut so that a letter stands in the last place.
///
/// # Errors
/// [`Error::Transliteration`] for a character outside the Latin letters, [`Error::Mrz`] for an empty name.
pub fn name_field(full_name: &str) -> Result<String, Error> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in full_name.chars() {
        if c.is_whitespace() || matches!(c, '-' | '‐' | '–' | '.' | ',') {
            if !word.is_empty() {
                words.push(core::mem::take(&mut word));
            }
        } else {
            word.push_str(letters(c)?);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    let (family, given) = words.split_first().ok_or(Error::Mrz { what: "name" })?;
    // Two fillers and one letter of the given names must find room behind the family name.
    let mut field: String = family.chars().take(if given.is_empty() { WIDTH } else { WIDTH - 3 }).collect();
    if !given.is_empty() {
        field.push_str("<<");
        field.push_str(&given.join("<"));
    }
    while field.len() > WIDTH && field.as_bytes().get(WIDTH - 1) == Some(&b'<') {
        // A cut that would end in a filler takes one letter more from the word before, until a letter closes the field.
        field.remove(WIDTH - 2);
        if field.get(WIDTH - 3..WIDTH - 1) == Some("<<") {
            field.remove(WIDTH - 2);
        }
    }
    field.truncate(WIDTH);
    while field.len() < WIDTH {
        field.push('<');
    }
    Ok(field)
}

/// The letters that stand for one character; none for marks and apostrophes.
fn letters(c: char) -> Result<&'static str, Error> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let upper = c.to_uppercase().next().unwrap_or(c);
    if let Some(at) = ALPHABET.find(upper) {
        return Ok(ALPHABET.get(at..=at).unwrap_or(""));
    }
    Ok(match upper {
        '\u{0300}'..='\u{036F}' | '\'' | '’' | '‘' | 'ʼ' | '`' | '´' => "",
        'Ä' | 'Æ' => "AE",
        'Å' => "AA",
        'Ö' | 'Ø' | 'Œ' => "OE",
        'Ü' => "UE",
        'ß' | 'ẞ' => "SS",
        'Þ' => "TH",
        'À'..='Ã' | 'Ă' | 'Ā' | 'Ą' | 'Ạ'..='Ặ' => "A",
        'Ƀ' => "B",
        'Ç' | 'Ć' | 'Č' => "C",
        'Đ' | 'Ð' | 'Ď' => "D",
        'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' | 'Ẹ'..='Ệ' => "E",
        'Ğ' | 'Ģ' => "G",
        'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'İ' | 'Ỉ' | 'Ị' => "I",
        'Ł' | 'Ľ' | 'Ļ' => "L",
        'Ñ' | 'Ń' | 'Ň' => "N",
        'Ò'..='Õ' | 'Ō' | 'Ŏ' | 'Ő' | 'Ơ' | 'Ọ'..='Ợ' => "O",
        'Ŕ' | 'Ř' => "R",
        'Ś' | 'Š' | 'Ş' | 'Ș' => "S",
        'Ť' | 'Ț' | 'Ţ' => "T",
        'Ù'..='Û' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ư' | 'Ụ'..='Ự' => "U",
        'Ý' | 'Ÿ' | 'Ỳ'..='Ỹ' => "Y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        other => return Err(Error::Transliteration { codepoint: u32::from(other) }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn check(name: &str, field: &str) {
        assert_eq!(name_field(name).map(|f| f.trim_end_matches('<').to_string()), Ok(field.to_string()), "{name}");
        assert_eq!(name_field(name).unwrap().len(), 30);
    }

    #[test]
    fn vietnamese_names_lose_their_marks() {
        check("Nguyễn Thị Ánh Tuyết", "NGUYEN<<THI<ANH<TUYET");
        check("đỗ ĐỨC", "DO<<DUC");
        check("Nguye\u{302}\u{303}n Va\u{306}n Ma\u{302}\u{303}u", "NGUYEN<<VAN<MAU");
        check("Phùng", "PHUNG");
        check("Ỷ Ỵ Ữ Ợ Ặ Ệ", "Y<<Y<U<O<A<E");
    }

    #[test]
    fn names_of_other_peoples() {
        check("H'Hen Niê", "HHEN<<NIE");
        check("Y Moan Ênuôl", "Y<<MOAN<ENUOL");
        check("Ƀing Kpă Čư", "BING<<KPA<CU");
        check("Müller-Lüdenscheidt Jörg", "MUELLER<<LUEDENSCHEIDT<JOERG");
        assert_eq!(name_field("Иван"), Err(Error::Transliteration { codepoint: 0x418 }));
        assert_eq!(name_field(" - "), Err(Error::Mrz { what: "name" }));
    }

    #[test]
    fn a_long_name_ends_in_a_letter() {
        check("Công Tằng Tôn Nữ Thị Phương Thảo Nguyên", "CONG<<TANG<TON<NU<THI<PHUONG<T");
        check("Abcd Efghij Klmnop Qrstuvw Xyzabc Def", "ABCD<<EFGHIJ<KLMNOP<QRSTUVW<XY");
        // The cut would fall on the filler before the last word.
        check("Abcd Efghij Klmnop Qrstuvw Xy Def", "ABCD<<EFGHIJ<KLMNOP<QRSTUVW<XY");
        check("Abcd Efghij Klmnop Qrstuvw X Def", "ABCD<<EFGHIJ<KLMNOP<QRSTUVW<DE");
        check(&"A".repeat(50), &"A".repeat(30));
        check(&alloc::format!("{} Bcd", "A".repeat(50)), &alloc::format!("{}<<B", "A".repeat(27)));
    }
}
