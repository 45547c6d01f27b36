//! Text that the fonts can show, in full.
//!
//! PDF/A allows no missing glyph, and a reader must see what stands there. A character that no font has, and one that hides
//! or turns text, is written out as `[U+202E]`; of a heap of marks three are kept and the rest is counted.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The most marks on one letter; Vietnamese needs two, and one composes.
const MARKS_MAX: usize = 3;
/// A longer word may be broken.
const WORD_MAX: usize = 24;

/// Every text of a value, made legible. `None` where the value cannot be read again, which a struct of ours always can.
pub(crate) fn all<T: Serialize + DeserializeOwned>(value: &T, shown: &dyn Fn(&[char]) -> bool) -> Option<T> {
    let mut plain = serde_json::to_value(value).ok()?;
    walk(&mut plain, shown);
    serde_json::from_value(plain).ok()
}

fn walk(value: &mut Value, shown: &dyn Fn(&[char]) -> bool) {
    match value {
        Value::String(text) => *text = legible(text, shown),
        Value::Array(list) => list.iter_mut().for_each(|one| walk(one, shown)),
        Value::Object(fields) => fields.values_mut().for_each(|one| walk(one, shown)),
        _ => {}
    }
}

/// One text. `shown` says whether one font has a letter and its marks.
pub(crate) fn legible(text: &str, shown: &dyn Fn(&[char]) -> bool) -> String {
    let mut legible = String::with_capacity(text.len());
    let mut letters = text.nfc().peekable();
    let mut run = 0;
    while let Some(letter) = letters.next() {
        let mut cluster = vec![letter];
        let mut more = 0;
        while let Some(mark) = letters.next_if(|next| is_combining_mark(*next)) {
            if cluster.len() <= MARKS_MAX {
                cluster.push(mark);
            } else {
                more += 1;
            }
        }
        if letter.is_whitespace() && letter != '\u{a0}' {
            cluster[0] = ' ';
        }
        run = if letter.is_alphanumeric() { run + 1 } else { 0 };
        if run > WORD_MAX {
            legible.push('\u{200b}');
            run = 1;
        }
        if !hides(letter) && shown(&cluster) {
            legible.extend(&cluster);
        } else {
            for letter in &cluster {
                if *letter == ' ' || (!hides(*letter) && !is_combining_mark(*letter) && shown(&[*letter])) {
                    legible.push(*letter);
                } else {
                    legible.push_str(&format!("[U+{:04X}]", u32::from(*letter)));
                }
            }
        }
        if more > 0 {
            legible.push_str(&format!("[+{more}]"));
        }
    }
    legible
}

/// Whether a character shows nothing itself, or changes how others are shown.
fn hides(letter: char) -> bool {
    (letter.is_control() && !letter.is_whitespace())
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{e000}'..='\u{f8ff}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let latin =
            |cluster: &[char]| cluster.iter().all(|c| u32::from(*c) < 0x370 || ('\u{1e00}'..='\u{1fff}').contains(c));
        assert_eq!(legible(text, &latin), expected);
    }

    #[test]
    fn vietnamese_is_left_and_composed() {
        check("Thừa Thiên – Huế".replace('–', "-").as_str(), "Thừa Thiên - Huế");
        check("Thu\u{31b}\u{300}a", "Thừa");
        check("#eval(\"*_$\\`<a>@b", "#eval(\"*_$\\`<a>@b");
    }

    #[test]
    fn what_cannot_be_shown_is_written_out() {
        check("a\u{202e}b", "a[U+202E]b");
        check("\u{0}中\u{7}", "[U+0000][U+4E2D][U+0007]");
        check("a\nb\tc\r\nd", "a b c  d");
        check(&format!("x{}y", "\u{301}".repeat(500)), "x\u{301}\u{301}\u{301}[+497]y");
        check("\u{301}a", "\u{301}a");
        check("中\u{301}", "[U+4E2D][U+0301]");
    }

    #[test]
    fn long_words_may_be_broken() {
        let shown = legible(&"a".repeat(60), &|_| true);
        assert_eq!(shown.split('\u{200b}').map(str::len).collect::<Vec<usize>>(), [24, 24, 12]);
    }
}
