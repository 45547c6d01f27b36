//! The fonts: all of them compiled in.
//!
//! The administrative form asks for Times New Roman, which nobody may pass on. Tinos has its measures and every Vietnamese
//! letter; where the program was built without it, Libertinus Serif stands in, and it fills Tinos' gaps.

use std::sync::LazyLock;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

include!(concat!(env!("OUT_DIR"), "/fonts.rs"));

/// The families that text is set in, the first first.
const FAMILIES: [&str; 2] = ["Tinos", "Libertinus Serif"];

/// Vietnamese letters, and the signs that the report prints of itself.
const LETTERS: &str = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz\
    0123456789–—…“”‘’·−+%₫";

/// All fonts, and what is known of them.
pub(crate) struct Fonts {
    /// The faces.
    pub faces: Vec<Font>,
    /// The book of them.
    pub book: LazyHash<FontBook>,
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let files = FETCHED.iter().copied().chain(typst_assets::fonts());
    let faces: Vec<Font> = files
        .flat_map(|file| Font::iter(Bytes::new(file)))
        .filter(|face| FAMILIES.contains(&face.info().family.as_str()) && vietnamese(face))
        .collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&faces)), faces }
});

/// Whether a face has every Vietnamese letter. The bold italic of Libertinus Serif lacks four; its bold stands in.
fn vietnamese(face: &Font) -> bool {
    let capitals = LETTERS.to_uppercase();
    LETTERS.chars().chain(capitals.chars()).all(|letter| face.info().coverage.contains(u32::from(letter)))
}

/// All fonts.
pub(crate) fn fonts() -> &'static Fonts {
    &FONTS
}

/// The fonts that were fetched at build time, for the edition.
pub(crate) fn fetched() -> &'static [&'static [u8]] {
    FETCHED
}

/// The families that are there, in order.
pub(crate) fn families() -> Vec<&'static str> {
    FAMILIES.into_iter().filter(|family| FONTS.faces.iter().any(|face| face.info().family == *family)).collect()
}

/// Whether one family has a letter and its marks, in every face.
pub(crate) fn shows(cluster: &[char]) -> bool {
    FAMILIES.iter().any(|family| {
        let mut faces = FONTS.faces.iter().filter(|face| face.info().family == *family).peekable();
        faces.peek().is_some()
            && faces.all(|face| cluster.iter().all(|letter| face.info().coverage.contains(u32::from(*letter))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_has_upright_bold_and_italic_with_every_vietnamese_letter() {
        use typst::text::{FontStyle, FontWeight};
        for family in families() {
            let faces: Vec<_> = FONTS.faces.iter().filter(|face| face.info().family == family).collect();
            let has = |style, weight| {
                faces.iter().any(|face| face.info().variant.style == style && face.info().variant.weight == weight)
            };
            assert!(has(FontStyle::Normal, FontWeight::REGULAR), "{family}");
            assert!(has(FontStyle::Normal, FontWeight::BOLD), "{family}");
            assert!(has(FontStyle::Italic, FontWeight::REGULAR), "{family}");
        }
        assert!(families().contains(&"Libertinus Serif"));
    }

    #[test]
    fn what_no_font_has_is_known() {
        assert!(shows(&['ệ']) && shows(&['x', '\u{301}']));
        assert!(!shows(&['中']));
        assert!(!shows(&['\u{10ffff}']));
    }
}
