//! Cleaning, folding and writing text.

use crate::syllable::Syllable;
use unicode_normalization::UnicodeNormalization;

/// NFC, without control characters, with single spaces and none at the ends.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for c in text.nfc() {
        if c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{ad}') {
            if !cleaned.ends_with(' ') && !cleaned.is_empty() && c != '\u{ad}' {
                cleaned.push(' ');
            }
        } else {
            cleaned.push(c);
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// Lower case without any mark, letters and digits only, words separated by one space: what search compares.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return fold_chars(text.chars());
    }
    fold_chars(text.nfd())
}

fn fold_chars(chars: impl Iterator<Item = char>) -> String {
    let mut folded = String::new();
    for c in chars {
        match c {
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => folded.extend(c.to_lowercase()),
            _ if folded.ends_with(' ') || folded.is_empty() => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Each word with a capital first letter and the rest small, tones in one place: how a name is written.
#[must_use]
pub fn title(name: &str) -> String {
    let words: Vec<String> = clean(name)
        .split(' ')
        .map(|word| {
            let lower = place_tone(&word.to_lowercase());
            let mut chars = lower.chars();
            chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
        })
        .collect();
    words.join(" ")
}

/// Every word of a text with its tone mark where the present orthography puts it (`hòa` becomes `hoà`).
#[must_use]
pub fn place_tones(text: &str) -> String {
    let mut placed = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c) {
            word.push(c);
        } else {
            placed.push_str(&place_tone(&std::mem::take(&mut word)));
            placed.push(c);
        }
    }
    placed + &place_tone(&word)
}

/// In open `oa`, `oe`, `uy` the tone stands on the second vowel; elsewhere both orthographies agree.
fn place_tone(word: &str) -> String {
    let syllable = Syllable::of(word);
    let letters = syllable.letters.as_str();
    let open =
        letters.ends_with("oa") || letters.ends_with("oe") || (letters.ends_with("uy") && !letters.starts_with('q'));
    if syllable.tone == 0 || !open || word.chars().count() != letters.chars().count() {
        return word.to_owned();
    }
    let mark = ['\u{300}', '\u{301}', '\u{309}', '\u{303}', '\u{323}'][usize::from(syllable.tone) - 1];
    // Take the tone off in the word's own case, then put it on the last letter.
    let bare: String =
        word.nfd().filter(|c| !matches!(c, '\u{300}' | '\u{301}' | '\u{309}' | '\u{303}' | '\u{323}')).nfc().collect();
    bare.chars().chain([mark]).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_cleaned_folded_and_written() {
        assert_eq!(clean("  Nguyê\u{303}n\u{a0} Văn\t A\u{feff} "), "Nguyễn Văn A");
        assert_eq!(fold("ĐẶNG  Thị-Thuỳ, 12/3"), "dang thi thuy 12 3");
        assert_eq!(title("NGUYỄN THỊ hòa"), "Nguyễn Thị Hoà");
        assert_eq!(title("đỗ  thuý"), "Đỗ Thuý");
        assert_eq!(place_tones("Thanh Hóa, Quý, THÚY, hoàng, khỏe"), "Thanh Hoá, Quý, THUÝ, hoàng, khoẻ");
    }

    proptest! {
        #[test]
        fn cleaning_and_folding_twice_changes_nothing(text in ".{0,40}") {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once.clone());
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
            let _ = title(&text);
        }
    }
}
