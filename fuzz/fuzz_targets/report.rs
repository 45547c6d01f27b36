//! A frozen report: what is read has one form of bytes, which is read again as the same report.
#![no_main]

use libfuzzer_sys::fuzz_target;
use programme::report::{Anchor, FORMAT, Kind, Letterhead, Report};
use std::sync::LazyLock;
use vandan_fuzz::{changed, choice};

static EXAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let report = Report {
        format: FORMAT,
        id: "1".into(),
        kind: Kind::Government,
        language: "vi".into(),
        title: "Tiến độ".into(),
        unit: String::new(),
        unit_name: "Toàn quốc".into(),
        as_of: "2021-02-15T08:00:00+07:00".into(),
        compared_with: "2021-02-01".into(),
        letterhead: Letterhead::default(),
        preface: vec!["Thực hiện".into()],
        tables: vec![],
        series: vec![],
        funnel: vec![],
        honours: vec![],
        difficulties: vec![],
        promises: vec![],
        roadmap: vec![],
        milestones: vec![],
        notes: vec![],
        pages: vec![],
        ledger: Anchor { size: 12, root: "ab".repeat(32) },
    };
    report.bytes()
});

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let bytes = if way % 2 == 0 { data.to_vec() } else { changed(&EXAMPLE, data) };
    if let Ok(report) = Report::read(&bytes) {
        let written = report.bytes();
        let again = Report::read(&written).expect("what was written is read");
        assert_eq!((again.bytes(), again.hash()), (written, report.hash()));
    }
});
