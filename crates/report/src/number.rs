//! Numbers, days and instants as people read them.

use programme::report::Hundredths;
use text::Language;
use time::{Day, Instant};

/// Hundredths, without zeros that say nothing: `86,27`, `67,8`, `100`.
pub(crate) fn decimal(language: Language, value: Hundredths) -> String {
    let plain = value.0.unsigned_abs();
    let sign = if value.0 < 0 { "-" } else { "" };
    let point = if language == Language::Vi { ',' } else { '.' };
    let whole = language.count(plain / 100);
    match plain % 100 {
        0 => format!("{sign}{whole}"),
        tenths if tenths % 10 == 0 => format!("{sign}{whole}{point}{}", tenths / 10),
        hundredths => format!("{sign}{whole}{point}{hundredths:02}"),
    }
}

/// A percentage: `86,27 %`. The blank does not break.
pub(crate) fn percent(language: Language, value: Hundredths) -> String {
    format!("{}\u{a0}%", decimal(language, value))
}

/// A pace: whole from ten on, as nobody counts tenths of people then.
pub(crate) fn pace(language: Language, value: Hundredths) -> String {
    if value.0.abs() < 1_000 {
        return decimal(language, value);
    }
    let whole = (value.0.unsigned_abs() + 50) / 100;
    format!("{}{}", if value.0 < 0 { "-" } else { "" }, language.count(whole))
}

/// A day as `dd/mm/yyyy`; what is no day as it is.
pub(crate) fn day(text: &str) -> String {
    Day::parse(text).map_or_else(|| text.to_owned(), written)
}

fn written(day: Day) -> String {
    let (year, month, day) = day.date();
    format!("{day:02}/{month:02}/{year}")
}

/// Time and day of an instant in Viet Nam: `08:00` and `15/02/2021`.
pub(crate) fn moment(as_of: Instant) -> (String, String) {
    let minutes = (as_of.0 - as_of.day().start().0) / 60_000_000;
    (format!("{:02}:{:02}", minutes / 60, minutes % 60), written(as_of.day()))
}

/// 1 to 39 as `I` to `XXXIX`.
pub(crate) fn roman(mut number: usize) -> String {
    let mut text = String::new();
    for (value, digits) in [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")] {
        while number >= value {
            text.push_str(digits);
            number -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_the_languages_write_them() {
        let check = |value, vi: &str, en: &str| {
            assert_eq!(
                (decimal(Language::Vi, Hundredths(value)).as_str(), decimal(Language::En, Hundredths(value)).as_str()),
                (vi, en)
            );
        };
        check(8627, "86,27", "86.27");
        check(6780, "67,8", "67.8");
        check(6705, "67,05", "67.05");
        check(10_000, "100", "100");
        check(-12_345_678, "-123.456,78", "-123,456.78");
        assert_eq!(percent(Language::Vi, Hundredths(8627)), "86,27\u{a0}%");
        assert_eq!(pace(Language::Vi, Hundredths(123_456)), "1.235");
        assert_eq!(pace(Language::Vi, Hundredths(-950)), "-9,5");
    }

    #[test]
    fn days_and_instants_are_those_of_viet_nam() {
        assert_eq!(day("2021-07-01"), "01/07/2021");
        assert_eq!(day("soon"), "soon");
        let instant = Instant::parse("2021-02-14T18:30:00Z").unwrap();
        assert_eq!(moment(instant), ("01:30".to_owned(), "15/02/2021".to_owned()));
        assert_eq!([1, 4, 9, 14, 20].map(roman), ["I", "IV", "IX", "XIV", "XX"]);
    }
}
