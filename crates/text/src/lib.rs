//! Every text that a person sees, keyed, in Vietnamese and English.
//!
//! Invariant: a [`Key`] made with [`t!`] exists in both languages, or the build fails.
//! Not here: which language somebody reads; the command line and the console decide it.
//! The files are `{vi,en}/*.ftl` (Fluent); `build.rs` holds the two languages to the same keys, and the program's own
//! build finds keys that nothing uses.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// All keys, sorted.
const KEYS: &[&str] = include!(concat!(env!("OUT_DIR"), "/keys.rs"));
/// The texts of `vi` and of `en`.
const RESOURCES: (&[&str], &[&str]) = include!(concat!(env!("OUT_DIR"), "/resources.rs"));

/// The name of a text that exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key(&'static str);

/// Names a text; a key that no file has is a compile error.
#[macro_export]
macro_rules! t {
    ($key:literal) => {
        const { $crate::known($key) }
    };
}

/// Used by [`t!`]: the key, if a text has it.
///
/// # Panics
/// At compile time, where no text has the key.
#[must_use]
pub const fn known(key: &'static str) -> Key {
    match position(key.as_bytes()) {
        Some(at) => Key(KEYS[at]),
        None => panic!("no text has this key"),
    }
}

/// Binary search at compile time.
const fn position(key: &[u8]) -> Option<usize> {
    let (mut low, mut high) = (0, KEYS.len());
    while low < high {
        let middle = (low + high) / 2;
        match compare(KEYS[middle].as_bytes(), key) {
            0 => return Some(middle),
            1 => high = middle,
            _ => low = middle + 1,
        }
    }
    None
}

/// 0 equal, 1 the first is greater, -1 the first is less.
const fn compare(a: &[u8], b: &[u8]) -> i8 {
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return if a[at] > b[at] { 1 } else { -1 };
        }
        at += 1;
    }
    if a.len() == b.len() {
        0
    } else if a.len() > b.len() {
        1
    } else {
        -1
    }
}

impl Key {
    /// The key of a composed name (help texts, error codes), where a text has it.
    #[must_use]
    pub fn find(name: &str) -> Option<Key> {
        KEYS.binary_search(&name).ok().map(|at| Key(KEYS[at]))
    }

    /// All keys that begin so.
    pub fn beginning(prefix: &str) -> impl Iterator<Item = Key> {
        KEYS.iter().filter(move |name| name.starts_with(prefix)).map(|name| Key(name))
    }

    /// The name itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0
    }
}

/// The language of one run of the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// Both, the first language first.
    pub const ALL: [Language; 2] = [Language::Vi, Language::En];

    /// The language's code in HTML and in settings: `vi`, `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Language::Vi => "vi",
            Language::En => "en",
        }
    }

    /// The language that an environment value such as `en_US.UTF-8` asks for; Vietnamese otherwise.
    #[must_use]
    pub fn of(locale: &str) -> Language {
        if locale.to_ascii_lowercase().starts_with("en") { Language::En } else { Language::Vi }
    }

    /// A number with thousands and decimals as the language writes them: `98.713.820`, `86,27`.
    #[must_use]
    pub fn number(self, value: f64, decimals: usize) -> String {
        let (thousands, point) = if self == Language::Vi { ('.', ',') } else { (',', '.') };
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::from(if value < 0.0 { "-" } else { "" });
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                text.push(thousands);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(point);
            text.push_str(fraction);
        }
        text
    }

    /// A percentage with two decimals at most: `86,27 %`, `67,8 %`, `100 %`. The blank does not break.
    #[must_use]
    pub fn percent(self, value: f64) -> String {
        format!("{}\u{a0}%", self.number(value, 2).trim_end_matches('0').trim_end_matches([',', '.']))
    }

    /// A count, grouped.
    #[must_use]
    pub fn count(self, value: u64) -> String {
        self.number(value as f64, 0)
    }
}

/// The texts of one language, ready to be filled in.
pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// Loads a language.
    #[must_use]
    pub fn new(language: Language) -> Texts {
        let files = match language {
            Language::Vi => RESOURCES.0,
            Language::En => RESOURCES.1,
        };
        let mut bundle = FluentBundle::new_concurrent(vec![language.code().parse().unwrap_or_default()]);
        bundle.set_use_isolating(false);
        for file in files {
            // build.rs has parsed the same files; what it let through cannot fail here.
            let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Texts { language, bundle }
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of a key that has no arguments.
    #[must_use]
    pub fn text(&self, key: Key) -> String {
        self.fill(key, &[])
    }

    /// The word for a name, as a report has it: that of `measure` and `in_force` is `measure-in-force`. The name itself where there is
    /// none.
    #[must_use]
    pub fn named(&self, of: &str, name: &str) -> String {
        let dashed = || Key::find(&format!("{of}-{}", name.replace(['.', '_'], "-")));
        let key = Key::find(&format!("{of}-{name}")).or_else(dashed);
        key.map_or_else(|| name.to_owned(), |key| self.fill(key, &[]))
    }

    /// The text of a key with its arguments put in.
    #[must_use]
    pub fn fill(&self, key: Key, arguments: &[(&str, String)]) -> String {
        let mut values = FluentArgs::new();
        for (name, value) in arguments {
            // Causes come as short English sentences from wherever something is read.
            let cause = if matches!(*name, "cause" | "detail") { Key::find(&cause(value)) } else { None };
            let cause = cause.and_then(|key| self.bundle.get_message(key.0)?.value());
            match cause {
                Some(words) => {
                    let said = self.bundle.format_pattern(words, None, &mut Vec::new()).into_owned();
                    values.set(*name, FluentValue::from(said));
                }
                None => values.set(*name, FluentValue::from(value.as_str())),
            }
        }
        let Some(pattern) = self.bundle.get_message(key.0).and_then(|message| message.value()) else {
            return key.0.to_owned();
        };
        self.bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }
}

/// The name of the text for a cause: `it is too long` is `cause-it-is-too-long`.
fn cause(said: &str) -> String {
    let words = said.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold("cause".to_owned(), |name, word| name + "-" + &word.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_said_in_the_language_of_the_sentence() {
        let file = [("file", "it is empty".to_owned()), ("cause", "it is empty".to_owned())];
        let key = t!("error-file-unit");
        assert!(
            Texts::new(Language::Vi).fill(key, &file).contains("it is empty, dòng"),
            "only causes are said in words"
        );
        assert!(Texts::new(Language::Vi).fill(key, &file).ends_with("để trống."));
        let other = [("cause", "unknown field `x`".to_owned())];
        assert!(Texts::new(Language::Vi).fill(key, &other).ends_with("unknown field `x`."), "else as it is");
    }

    #[test]
    fn numbers_are_written_as_each_language_does() {
        assert_eq!(Language::Vi.count(98_713_820), "98.713.820");
        assert_eq!(Language::En.count(98_713_820), "98,713,820");
        assert_eq!(Language::Vi.number(86.27, 2), "86,27");
        assert_eq!(Language::En.number(-1234.5, 1), "-1,234.5");
        let percents = [86.27, 67.8, 100.0, 0.0, 50.05, 1000.0, -3.5].map(|value| Language::Vi.percent(value));
        assert_eq!(
            percents.map(|text| text.replace('\u{a0}', " ")),
            ["86,27 %", "67,8 %", "100 %", "0 %", "50,05 %", "1.000 %", "-3,5 %"]
        );
    }

    #[test]
    fn every_text_can_be_filled_in_both_languages() {
        for language in [Language::Vi, Language::En] {
            let texts = Texts::new(language);
            for name in KEYS {
                let filled = texts.fill(Key(name), &[]);
                assert!(!filled.is_empty() && filled != *name, "{name} in {language:?}");
            }
        }
    }
}
