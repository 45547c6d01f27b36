//! Small closed vocabularies: sex, ethnic group codes, unit codes.

use crate::number::Sex;
use crate::text::fold;

/// The sex that a cell says, in any of the usual ways.
#[must_use]
pub fn sex(text: &str) -> Option<Sex> {
    match fold(text).as_str() {
        "nam" | "trai" | "m" | "male" | "1" | "ong" | "gioi tinh nam" | "nam gioi" => Some(Sex::Male),
        "nu" | "gai" | "f" | "female" | "0" | "2" | "ba" | "gioi tinh nu" | "nu gioi" => Some(Sex::Female),
        _ => None,
    }
}

/// A code of digits to its full width, lost zeros put back; `None` for anything else.
fn code(text: &str, width: usize) -> Option<String> {
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text).trim_start_matches('\'');
    let digits = !text.is_empty() && text.len() <= width && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| format!("{text:0>width$}"))
}

/// A province's (or country's) three-digit code.
#[must_use]
pub fn province_code(text: &str) -> Option<String> {
    code(text, 3)
}

/// A commune's five-digit code.
#[must_use]
pub fn unit_code(text: &str) -> Option<String> {
    code(text, 5)
}

/// The name of an ethnic group by its code (list of 1979); the code itself where the list here ends.
#[must_use]
pub fn ethnic_name(code: &str) -> String {
    const NAMES: [&str; 54] = [
        "Kinh",
        "Tày",
        "Thái",
        "Hoa",
        "Khơ-me",
        "Mường",
        "Nùng",
        "HMông",
        "Dao",
        "Gia-rai",
        "Ngái",
        "Ê-đê",
        "Ba-na",
        "Xơ-đăng",
        "Sán Chay",
        "Cơ-ho",
        "Chăm",
        "Sán Dìu",
        "Hrê",
        "Mnông",
        "Ra-glai",
        "Xtiêng",
        "Bru-Vân Kiều",
        "Thổ",
        "Giáy",
        "Cơ-tu",
        "Gié-Triêng",
        "Mạ",
        "Khơ-mú",
        "Co",
        "Tà-ôi",
        "Chơ-ro",
        "Kháng",
        "Xinh-mun",
        "Hà Nhì",
        "Chu-ru",
        "Lào",
        "La Chí",
        "La Ha",
        "Phù Lá",
        "La Hủ",
        "Lự",
        "Lô Lô",
        "Chứt",
        "Mảng",
        "Pà Thẻn",
        "Cơ Lao",
        "Cống",
        "Bố Y",
        "Si La",
        "Pu Péo",
        "Brâu",
        "Ơ-đu",
        "Rơ-măm",
    ];
    let at: usize = code.parse().unwrap_or(0);
    NAMES.get(at.wrapping_sub(1)).map_or(code.to_owned(), |name| (*name).to_owned())
}

/// An ethnic group's two-digit code.
#[must_use]
pub fn ethnic_code(text: &str) -> Option<String> {
    code(text, 2).filter(|code| ("01"..="55").contains(&code.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vocabularies_are_read() {
        for text in ["Nam", "NAM", "nam giới", "M", "1"] {
            assert_eq!(sex(text), Some(Sex::Male), "{text}");
        }
        for text in ["Nữ", "Nu", "NỮ", "Gái", "f"] {
            assert_eq!(sex(text), Some(Sex::Female), "{text}");
        }
        assert_eq!(sex("không"), None);
        assert_eq!(province_code("1"), Some("001".into()));
        assert_eq!(unit_code("142.0"), Some("00142".into()));
        assert_eq!(unit_code("123456"), None);
        assert_eq!(ethnic_code("1"), Some("01".into()));
        assert_eq!(ethnic_code("77"), None);
    }
}
