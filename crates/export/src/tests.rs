use super::*;
use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;
use std::io::Cursor;

fn table(texts: &[&str]) -> Table {
    let column = |key: &str, heading: &str| Column { key: key.into(), heading: heading.into() };
    let row = |text: &&str| {
        vec![
            Cell::text(text),
            Cell::Count(-98_713_820),
            Cell::Hundredths(8627),
            Cell::Flag(true),
            Cell::day("2021-07-01"),
            Cell::Empty,
        ]
    };
    Table {
        name: "board".into(),
        title: "Tiến độ".into(),
        columns: vec![
            column("name", "Đơn vị"),
            column("value", "Đã làm"),
            column("percent", "Tỷ lệ, %"),
            column("above_average", "Trên trung bình"),
            column("deadline", "Hạn"),
            column("target", "Chỉ tiêu"),
        ],
        rows: texts.iter().map(row).collect(),
    }
}

fn book() -> Book {
    Book { title: "T".into(), author: "A".into(), comment: "C".into(), day: Day::parse("2021-02-15").unwrap() }
}

#[test]
fn csv_is_quoted_and_nothing_in_it_is_a_formula() {
    let texts = ["Hà Nội", "a,\"b\"\r\nc", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "a=1"];
    let bytes = table(&texts).csv();
    let text = std::str::from_utf8(&bytes).unwrap();
    let expected = "\u{feff}\"name\",\"value\",\"percent\",\"above_average\",\"deadline\",\"target\"\r\n\
        \"Hà Nội\",-98713820,86.27,\"true\",\"2021-07-01\",\"\"\r\n\
        \"a,\"\"b\"\"\r\nc\",";
    assert!(text.starts_with(expected), "{text}");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names: Vec<String> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
    let guarded = ["Hà Nội", "a,\"b\"\r\nc", "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "' =1", "'＝1", "a=1"];
    assert_eq!(names, guarded);
}

#[test]
fn json_has_numbers_as_numbers_with_their_decimals() {
    let bytes = table(&["Hà \"Nội\"\n"]).json();
    let text = std::str::from_utf8(&bytes).unwrap();
    assert!(text.contains("\"percent\":86.27,"), "{text}");
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let row = &value["rows"][0];
    assert_eq!((row["name"].as_str(), row["value"].as_i64()), (Some("Hà \"Nội\"\n"), Some(-98_713_820)));
    assert_eq!((row["above_average"].as_bool(), row["deadline"].as_str()), (Some(true), Some("2021-07-01")));
    assert!(row["target"].is_null());
    for (hundredths, expected) in [(0, "0"), (-5, "-0.05"), (6780, "67.8"), (-8627, "-86.27"), (10000, "100")] {
        assert_eq!(decimal(hundredths), expected);
    }
}

#[test]
fn a_workbook_is_read_by_others_as_it_was_written_twice_the_same() {
    let texts = ["Hà Nội", "=1+1", "_x0041_", "\u{1}\u{ffff}", "<b>&\"'"];
    let bytes = xlsx(&book(), &[table(&texts)]).unwrap();
    assert_eq!(bytes, xlsx(&book(), &[table(&texts)]).unwrap());
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let range = workbook.worksheet_range("board").unwrap();
    assert_eq!(range.get_value((0, 1)), Some(&Data::String("Đã làm".into())));
    assert_eq!(range.get_value((1, 0)), Some(&Data::String("Hà Nội".into())));
    assert_eq!(range.get_value((1, 1)), Some(&Data::Float(-98_713_820.0)));
    assert_eq!(range.get_value((1, 2)), Some(&Data::Float(86.27)));
    assert_eq!(range.get_value((1, 3)), Some(&Data::Bool(true)));
    assert_eq!(range.get_value((2, 0)), Some(&Data::String("=1+1".into())));
    assert_eq!(range.get_value((3, 0)), Some(&Data::String("_x0041_".into())));
    assert_eq!(range.get_value((5, 0)), Some(&Data::String("<b>&\"'".into())));
    assert!(workbook.worksheet_formula("board").unwrap().is_empty(), "a text became a formula");
}

#[test]
fn what_no_workbook_can_hold_is_refused() {
    let mut one = table(&["a"]);
    one.name = "a/b".into();
    assert!(xlsx(&book(), &[one]).is_err());
    assert!(xlsx(&book(), &[table(&[&"x".repeat(40_000)])]).is_err());
}

proptest! {
    #[test]
    fn any_text_comes_back_from_csv_and_json(text in ".{0,40}") {
        let one = table(&[&text]);
        let bytes = one.csv();
        let text_of = std::str::from_utf8(&bytes).unwrap();
        let mut reader = csv::Reader::from_reader(text_of.trim_start_matches('\u{feff}').as_bytes());
        let first = reader.records().next().unwrap().unwrap()[0].to_owned();
        let guarded = format!("'{text}");
        prop_assert!(first == text || first == guarded);
        let formula = first.trim_start().starts_with(['=', '+', '-', '@']);
        prop_assert!(!formula, "{}", first);
        let value: serde_json::Value = serde_json::from_slice(&one.json()).unwrap();
        prop_assert_eq!(value["rows"][0]["name"].as_str().unwrap_or_default(), text);
    }
}
