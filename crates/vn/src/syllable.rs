//! The Vietnamese syllable: onset, rime, tone.
//!
//! The lexicon is generated, not listed: an onset of 28, a rime of about 160, a tone that the rime allows.

use unicode_normalization::UnicodeNormalization;

/// A syllable taken apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Syllable {
    /// The letters without tone, lower case, composed: `hoa`, `nguyên`.
    pub letters: String,
    /// The tone: 0 level, 1 huyền, 2 sắc, 3 hỏi, 4 ngã, 5 nặng.
    pub tone: u8,
}

const ONSETS: &[&str] = &[
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m",
    "n", "p", "r", "s", "t", "v", "x", "",
];

/// Rimes that end in a vowel or a nasal: every tone is allowed.
const OPEN: &[&str] = &[
    "a", "ai", "ao", "au", "ay", "am", "an", "ang", "anh", "ăm", "ăn", "ăng", "âm", "ân", "âng", "âu", "ây", "e", "eo",
    "em", "en", "eng", "ê", "êu", "êm", "ên", "ênh", "i", "ia", "iêm", "iên", "iêng", "iêu", "iu", "im", "in", "inh",
    "o", "oa", "oai", "oam", "oan", "oang", "oanh", "oao", "oay", "oăm", "oăn", "oăng", "oe", "oen", "oeo", "oi", "om",
    "on", "ong", "oong", "ô", "ôi", "ôm", "ôn", "ông", "ơ", "ơi", "ơm", "ơn", "u", "ua", "uân", "uâng", "uây", "uê",
    "uên", "uênh", "ui", "um", "un", "ung", "uôi", "uôm", "uôn", "uông", "uơ", "uy", "uya", "uyên", "uyn", "uynh",
    "uyu", "ư", "ưa", "ưi", "ưm", "ưn", "ưng", "ươi", "ươm", "ươn", "ương", "ươu", "ưu", "y", "yêm", "yên", "yêng",
    "yêu", "ym", "yn", "ynh", "ơng", "ưm", "ă", "â", "iê",
];
/// Rimes that end in a stop: only sắc and nặng.
const STOPPED: &[&str] = &[
    "ac", "ach", "ap", "at", "ăc", "ăp", "ăt", "âc", "âp", "ât", "ec", "ep", "et", "êch", "êp", "êt", "ich", "iêc",
    "iêp", "iêt", "ip", "it", "oac", "oach", "oap", "oat", "oăc", "oăt", "oc", "oet", "ooc", "op", "ot", "ôc", "ôp",
    "ôt", "ơp", "ơt", "uât", "uc", "uêch", "uôc", "uôp", "uôt", "up", "ut", "uych", "uyêt", "uyt", "uyp", "ưc", "ươc",
    "ươp", "ươt", "ưt", "yt", "yêt", "ych", "yp",
];

/// The tone that a combining mark stands for.
fn tone_of(mark: char) -> Option<u8> {
    match mark {
        '\u{300}' | '\u{340}' => Some(1),
        '\u{301}' | '\u{341}' => Some(2),
        '\u{309}' => Some(3),
        '\u{303}' => Some(4),
        '\u{323}' => Some(5),
        _ => None,
    }
}

impl Syllable {
    /// Takes a word apart, whether or not it is a syllable that exists. Two spellings that differ in case, in
    /// normalisation form or in where the tone stands (`hoà`, `hòa`) give the same result.
    #[must_use]
    pub fn of(word: &str) -> Syllable {
        let mut tone = 0;
        let letters = word
            .nfd()
            .filter(|c| match tone_of(*c) {
                Some(found) => {
                    tone = found;
                    false
                }
                None => true,
            })
            .nfc()
            .flat_map(char::to_lowercase)
            .collect();
        Syllable { letters, tone }
    }

    /// Whether onset, rime and tone go together.
    #[must_use]
    pub fn exists(&self) -> bool {
        ONSETS.iter().filter_map(|onset| Some((onset, self.letters.strip_prefix(onset)?))).any(|(onset, rime)| {
            let rime_exists = OPEN.contains(&rime) || (STOPPED.contains(&rime) && (self.tone == 2 || self.tone == 5));

            match *onset {
                "gi" => rime_exists || rime.is_empty() || STOPPED.contains(&format!("i{rime}").as_str()),
                "qu" => rime_exists && !rime.starts_with(['u', 'ư', 'o']),
                "k" | "gh" | "ngh" => rime_exists && (*onset == "k" || rime.starts_with(['e', 'ê', 'i', 'y'])),
                _ => rime_exists,
            }
        })
    }
}

/// Whether a word, as written, is a Vietnamese syllable with at most one tone mark.
#[must_use]
pub fn is_syllable(word: &str) -> bool {
    let marks = word.nfd().filter(|c| tone_of(*c).is_some()).count();
    marks <= 1 && !word.is_empty() && Syllable::of(word).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_that_exist() {
        for word in [
            "Nguyễn", "thị", "PHƯƠNG", "Huỳnh", "Đức", "quốc", "Giang", "Gì", "khuya", "nghĩa", "yến", "Hoà", "hòa",
            "Ất", "Kiệt", "ủy", "Đắc",
        ] {
            assert!(is_syllable(word), "{word}");
        }
    }

    #[test]
    fn words_that_are_none() {
        for word in ["", "NguyÔn", "ThÞ", "Lộz", "xyz", "hát́", "catt", "mac", "Phưềng", "strong"] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn the_place_of_the_tone_does_not_matter() {
        assert_eq!(Syllable::of("hoà"), Syllable::of("HÒA"));
        assert_ne!(Syllable::of("hoà"), Syllable::of("hoá"));
        assert_eq!(Syllable::of("Nguye\u{302}\u{303}n"), Syllable { letters: "nguyên".into(), tone: 4 });
    }
}
