use super::*;
use serde_json::Value;

fn row(unit: &str, name: &str, population: u64, value: u64, percent: i64, rank: u64, above: bool) -> Row {
    Row {
        unit: unit.into(),
        name: name.into(),
        population: Some(population),
        value,
        source: Source::Returned,
        target: None,
        percent: Some(Hundredths(percent)),
        rank: Some(rank),
        change: Some(-1),
        above_average: Some(above),
        pace_7d: Some(Hundredths(123_456)),
        pace_needed: None,
        forecast: Some(Forecast {
            day: "2021-05-01".into(),
            low: "2021-04-20".into(),
            high: String::new(),
            probability: Some(Hundredths(9750)),
        }),
        notes: vec!["a return".into()],
    }
}

fn report() -> Report {
    let entry = |text: &str| text.to_owned();
    Report {
        format: FORMAT,
        id: "1".into(),
        kind: Kind::Government,
        language: "vi".into(),
        title: "Tiến độ".into(),
        unit: String::new(),
        unit_name: "Toàn quốc".into(),
        as_of: "2021-02-15T08:00:00+07:00".into(),
        compared_with: "2021-02-01".into(),
        letterhead: Letterhead {
            authority: "BỘ CÔNG AN".into(),
            recipients: vec![entry("Lưu: VT")],
            ..Default::default()
        },
        preface: vec![entry("Thực hiện")],
        tables: vec![Table {
            measure: "entered".into(),
            title: "Đã xử lý".into(),
            deadline: "2021-07-01".into(),
            average: None,
            total: row("", "Toàn quốc", 98_713_820, 85_157_192, 8627, 1, false),
            rows: vec![
                row("P035", "Hà Nam", 852_800, 840_000, 9850, 2, true),
                row("P042", "Hà Tĩnh", 1_288_866, 1_280_000, 9931, 1, true),
                row("P002", "Hà Giang", 854_679, 500_000, 5850, 3, false),
            ],
        }],
        series: vec![Series {
            title: "Hồ sơ".into(),
            target: Some(50_000_000),
            deadline: "2021-07-01".into(),
            reached: vec![Point { day: "2021-02-01".into(), value: 1 }, Point { day: "2021-02-02".into(), value: 5 }],
            expected: vec![Band { day: "2021-02-03".into(), low: 6, middle: 7, high: 9 }],
        }],
        funnel: vec![Stage { name: "mời".into(), count: 9 }],
        honours: vec![Honour {
            unit: entry("Hà Tĩnh"), criterion: entry("tiến độ"), evidence: entry("99,31 %")
        }],
        difficulties: vec![Difficulty {
            unit: entry("Hà Giang"),
            kind: entry("đường truyền"),
            severity: entry("cao"),
            text: entry("mất mạng"),
            owner: entry("C06"),
            decision: String::new(),
            due: entry("2021-03-01"),
            state: entry("mở"),
        }],
        promises: vec![Promise {
            unit: entry("Hà Giang"),
            text: entry("thêm máy"),
            owner: entry("Giám đốc"),
            due: String::new(),
            state: entry("chưa"),
        }],
        roadmap: vec![Amendment {
            document: entry("Luật Cư trú"),
            article: entry("38"),
            change: entry("sổ hộ khẩu"),
            owner: entry("V03"),
            stage: entry("trình"),
            due: entry("2021-07-01"),
            blocked_by: String::new(),
        }],
        milestones: vec![Milestone {
            project: entry("dân cư"),
            title: entry("vận hành"),
            due: entry("2021-07-01"),
            state: entry("chưa"),
        }],
        notes: vec![entry("số liệu do địa phương báo cáo")],
        pages: Vec::new(),
        ledger: Anchor { size: 12, root: "ab".repeat(32) },
    }
}

#[test]
fn what_was_frozen_is_read_again_and_its_bytes_are_the_same() {
    let report = report();
    let bytes = report.bytes();
    assert_eq!(Report::read(&bytes).unwrap(), report);
    let spaced = serde_json::to_vec_pretty(&report).unwrap();
    assert_ne!(spaced, bytes);
    assert_eq!(Report::read(&spaced).unwrap().bytes(), bytes);
    assert!(bytes.starts_with(b"{\"as_of\":\"2021-02-15T08:00:00+07:00\",\"compared_with\""));
}

/// A report frozen years ago must keep its hash: change [`FORMAT`] rather than this.
#[test]
fn the_hash_of_this_report_is_known() {
    assert_eq!(report().hash(), "32db3d59f62b6a4c39764ccb48758b4a131079700822eb3dc0c07edb5ed45e8d");
}

#[test]
fn any_change_changes_the_hash() {
    let whole = serde_json::to_value(report()).unwrap();
    let hash = report().hash();
    let mut changed = 0;
    for path in leaves("", &whole) {
        let mut other = whole.clone();
        let leaf = other.pointer_mut(&path).unwrap();
        let Some(new) = another(leaf) else { continue };
        *leaf = new;
        let Ok(other) = serde_json::from_value::<Report>(other) else { continue };
        assert_ne!(other.hash(), hash, "{path}");
        changed += 1;
    }
    assert!(changed > 100, "{changed}");
}

/// The places of all values that hold no others.
fn leaves(path: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields.iter().flat_map(|(name, one)| leaves(&format!("{path}/{name}"), one)).collect(),
        Value::Array(list) if !list.is_empty() => {
            list.iter().enumerate().flat_map(|(at, one)| leaves(&format!("{path}/{at}"), one)).collect()
        }
        _ => vec![path.to_owned()],
    }
}

fn another(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(format!("{text}x").into()),
        Value::Number(number) => Some((number.as_i64()? + 1).into()),
        Value::Bool(known) => Some((!known).into()),
        _ => None,
    }
}

#[test]
fn the_best_stand_first_above_the_average() {
    let report = report();
    let names: Vec<&str> = report.tables[0].above_average().iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Hà Tĩnh", "Hà Nam"]);
}

#[test]
fn what_is_no_report_is_refused_with_its_place() {
    let check = |change: &dyn Fn(&mut Report), expected: &str| {
        let mut report = report();
        change(&mut report);
        let fault = Report::read(&report.bytes()).unwrap_err();
        assert_eq!(format!("{} {fault}", fault.code()), expected);
    };
    check(&|report| report.format = 2, "report-format layout 2, not 1");
    check(&|report| report.language = "fr".into(), "report-field language: vi or en");
    check(&|report| report.as_of = "yesterday".into(), "report-field as_of: an instant");
    check(&|report| report.ledger.root = "12".into(), "report-field ledger.root: 64 hexadecimal digits");
    check(&|report| report.title = "ệ".repeat(TEXT_MAX + 1), "report-field title: too long");
    check(&|report| report.preface = vec![String::new(); ROWS_MAX + 1], "report-field preface: too many entries");
    check(&|report| report.tables[0].total.value = NUMBER_MAX + 1, "report-field tables[0].total.value: too large");
    check(&|report| report.difficulties[0].due = "1/3".into(), "report-field difficulties[0].due: a day, YYYY-MM-DD");
    check(
        &|report| report.tables[0].rows[2].percent = Some(Hundredths(-1)),
        "report-field tables[0].rows[2]: not less than 0",
    );
    check(&|report| report.series[0].reached.reverse(), "report-field series[0]: days in order, each once");
    check(
        &|report| report.series[0].expected[0].low = 8,
        "report-field series[0].expected: low, middle, high in order",
    );
    let fault = Report::read(b"{\n \"format\": 1,\n \"id\": 5}").unwrap_err();
    assert_eq!(
        (fault.code(), fault.to_string().as_str()),
        ("report-malformed", "line 3, column 8: invalid type: integer `5`, expected a string")
    );
    assert!(Report::read(b"").is_err() && Report::read(b"[]").is_err());
}

#[test]
fn hundredths_are_nearest() {
    assert_eq!(Hundredths::nearest(86.27), Some(Hundredths(8627)));
    assert_eq!(Hundredths::nearest(67.8), Some(Hundredths(6780)));
    assert_eq!(Hundredths::nearest(f64::NAN), None);
    assert_eq!(Hundredths::nearest(1e300), None);
}

#[test]
fn units_pages_are_part_of_what_is_frozen_and_reports_without_them_keep_their_bytes() {
    let mut report = report();
    let before = report.bytes();
    assert!(
        !String::from_utf8(before.clone()).unwrap().contains("\"pages\""),
        "an old report reads and hashes as it did"
    );
    let page = UnitPage {
        unit: "P001".into(),
        name: "Hà Nội".into(),
        series: report.series.clone(),
        funnel: vec![],
        open: 3,
        difficulties: vec![],
        promised: 0,
        promises: vec![],
    };
    report.pages = vec![page.clone()];
    assert_eq!(Report::read(&report.bytes()), Ok(report.clone()));
    assert_ne!(report.bytes(), before);
    report.pages[0].series[0].reached.reverse();
    assert!(matches!(report.check(), Err(Fault::Field(..))), "days of pages are looked at too");
    report.pages = vec![page; PAGES_MAX + 1];
    assert!(report.check().is_err());
}
