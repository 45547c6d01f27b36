//! Machine readable zones: what is parsed is written and parsed again as the same.
#![no_main]

use lds::Date;
use lds::mrz::{Sex, Td1, check_digit, information, name_field};
use libfuzzer_sys::fuzz_target;
use vandan_fuzz::{changed, choice};

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let date = |year| Date::new(year, 3, 4).expect("a date");
    let bytes = if way % 2 == 0 {
        data.to_vec()
    } else {
        let zone = Td1::of_number("001192000001", date(1992), Sex::Female, date(2032), "Nguyễn Thị Ánh");
        changed(zone.expect("a zone").encode().as_bytes(), data)
    };
    let text = String::from_utf8_lossy(&bytes);
    let _ = (check_digit(&text), information(&text, &text, &text));
    if let Ok(field) = name_field(&text) {
        assert_eq!(field.len(), 30);
        assert!(field.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'<'), "{field}");
    }
    if let Ok(zone) = Td1::of_number(&text, date(1992), Sex::Male, date(2032), &text) {
        assert!(Td1::parse(&zone.encode()) == Ok(zone), "a zone that was made is not read");
    }
    if let Ok(zone) = Td1::parse(&text) {
        let _ = (zone.information(), zone.personal_number());
        assert!(Td1::parse(&zone.encode()) == Ok(zone), "a zone that was read is written otherwise");
    }
});
