//! What stands on the pages, read from the pages themselves.

use crate::page::Page;
use crate::pdf::set;
use crate::sample::{self, ABOVE, PUBLISHED};
use crate::{Paper, Signed, Verdict, edition, pdf, tables, verify, xlsx};
use programme::report::{Kind, Report, State};
use typst::layout::{Frame, FrameItem};

fn draft(report: Report) -> Paper {
    Paper { report, state: State::Draft, signed: Signed::default() }
}

/// The letters of all pages without blanks and places to break, in the order in which they were set.
fn letters(paper: &Paper) -> String {
    let document = set(paper).unwrap();
    let mut text = String::new();
    for page in document.pages() {
        collect(&page.frame, &mut text);
    }
    plain(&text)
}

fn collect(frame: &Frame, text: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => collect(&group.frame, text),
            FrameItem::Text(run) => text.push_str(&run.text),
            _ => {}
        }
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}

#[test]
fn the_published_figures_give_the_published_percentages_and_list() {
    let text = letters(&draft(sample::report(PUBLISHED)));
    for expected in [
        "85.157.192 trên 98.713.820 người, đạt 86,27 %.",
        "33.900.000 trên chỉ tiêu 50.000.000, đạt 67,8 %.",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Hà Nội, ngày 15 tháng 02 năm 2021",
        "chốt đến 08:00, ngày 15/02/2021",
        "DỰ THẢO",
    ] {
        assert!(text.contains(&plain(expected)), "{expected}");
    }
    let list = text.split(plain("trên trung bình (trung bình 86,27 %):").as_str()).nth(1).unwrap();
    let list = &list[..list.find('.').unwrap()];
    let mut names: Vec<&str> = list.split(',').collect();
    let mut expected: Vec<String> = ABOVE.iter().map(|name| plain(name)).collect();
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected);
}

#[test]
fn other_figures_give_other_text() {
    let text = letters(&draft(sample::report([98_713_820, 80_000_000, 30_000_000, 50_000_000])));
    assert!(text.contains("đạt81,04%") && text.contains("đạt60%"));
    assert!(!text.contains("86,27") && !text.contains("67,8%"));
}

#[test]
fn the_average_is_that_by_which_units_are_above_it() {
    let mut report = sample::report(PUBLISHED);
    // The nation signed more than its provinces come to.
    report.tables[0].total.percent = Some(programme::report::Hundredths(9_000));
    let text = letters(&draft(report));
    assert!(text.contains(&plain("đạt 90 %")) && text.contains(&plain("trên trung bình (trung bình 86,27 %):")));
    assert!(!text.contains(&plain("trung bình 90 %")));
}

#[test]
fn the_mark_goes_when_it_is_signed() {
    let report = sample::report(PUBLISHED);
    let text = |state| letters(&Paper { report: report.clone(), state, signed: Signed::default() });
    assert!(text(State::Checked).contains("CHỜKÝ"));
    let signed = text(State::Signed);
    assert!(!signed.contains("DỰTHẢO") && !signed.contains("CHỜKÝ"));
}

#[test]
fn signed_pages_bear_the_signers_name_and_the_number() {
    let report = sample::province();
    let signed = Signed { signer: "thu.truong".into(), number: "217".into() };
    let text = |state| letters(&Paper { report: report.clone(), state, signed: signed.clone() });
    let pages = text(State::Signed);
    assert!(pages.contains(&plain("Số: 217/BC-BCA")) && pages.contains("thu.truong"), "{pages}");
    assert!(pages.contains(&plain("Nơi nhận:")), "the sheet of a unit is signed too");
    assert!(!text(State::Checked).contains("thu.truong"), "nobody has signed it yet");
    let file = pdf(&Paper { report: report.clone(), state: State::Signed, signed: signed.clone() }).unwrap();
    assert_eq!(verify(&report, &signed, &file).unwrap(), Verdict::Genuine(State::Signed));
    let other = Signed { signer: "nguoi.khac".into(), ..signed };
    assert_eq!(verify(&report, &other, &file).unwrap(), Verdict::Altered);
}

#[test]
fn how_many_people_there_are_is_no_result() {
    let mut report = sample::report(PUBLISHED);
    let mut people = report.tables[0].clone();
    (people.measure, people.title) = ("population".into(), "Nhân khẩu".into());
    people.total.value = PUBLISHED[0];
    report.tables.insert(0, people);
    assert!(!letters(&draft(report)).contains(&plain("Nhân khẩu: 98.713.820 trên 98.713.820")));
}

#[test]
fn names_are_text_whatever_they_say() {
    let report = sample::hostile();
    let text = letters(&draft(report.clone()));
    for expected in [
        "#panic(\"markup\")",
        "$x^2$ *đậm* _nghiêng_ `mã` \\ \\u{41} <nhãn> @chú // hết /* */",
        "[+497] Nội",
        "=HYPERLINK(\"x\")",
        "[U+202E]gnart uuL[U+0000][U+0007][U+FEFF][U+E000]",
        "[U+4E2D][U+6587]",
        "] } ) #let p = 1",
        "</svg><script>alert(1)</script>&amp;",
    ] {
        assert!(text.contains(&plain(expected)), "{expected}");
    }
    let file = pdf(&draft(report.clone())).unwrap();
    assert!(file.starts_with(b"%PDF-1.7"));
    assert!(xlsx(&draft(report)).is_ok());
}

#[test]
fn the_same_report_is_the_same_file_and_a_changed_copy_is_refused() {
    let report = sample::report(PUBLISHED);
    let file = pdf(&Paper { report: report.clone(), state: State::Signed, signed: Signed::default() }).unwrap();
    assert_eq!(verify(&report, &Signed::default(), &file).unwrap(), Verdict::Genuine(State::Signed));
    assert_eq!(
        verify(&report, &Signed::default(), &pdf(&draft(report.clone())).unwrap()).unwrap(),
        Verdict::Genuine(State::Draft)
    );

    let mut changed = file.clone();
    let at = changed.len() / 2;
    changed[at] ^= 1;
    assert_eq!(verify(&report, &Signed::default(), &changed).unwrap(), Verdict::Altered);
    assert_eq!(verify(&report, &Signed::default(), &[file.as_slice(), b"\n"].concat()).unwrap(), Verdict::Altered);

    let other = sample::report([98_713_820, 80_000_000, 33_900_000, 50_000_000]);
    assert_eq!(verify(&other, &Signed::default(), &file).unwrap(), Verdict::Another(report.hash()));
    assert_eq!(verify(&report, &Signed::default(), b"%PDF-1.7").unwrap(), Verdict::Unmarked);
    let mark = format!("edition:{}", edition());
    let at = file.windows(mark.len()).position(|window| window == mark.as_bytes()).unwrap();
    let mut old = file;
    old[at + 8] = if old[at + 8] == b'0' { b'1' } else { b'0' };
    assert!(matches!(verify(&report, &Signed::default(), &old).unwrap(), Verdict::Edition(_)));
}

#[test]
fn an_english_conference_pack_has_english_words_and_no_signature() {
    let mut report = sample::report(PUBLISHED);
    report.language = "en".into();
    report.kind = Kind::Conference;
    let text = letters(&draft(report));
    for expected in [
        "CONFERENCE PACK",
        "85,157,192 of 98,713,820 people, 86.27 %.",
        "Units above the average of 86.27 %:",
        "Waits for",
    ] {
        assert!(text.contains(&plain(expected)), "{expected}");
    }
    assert!(!text.contains("Recipients"));
}

#[test]
fn an_empty_report_of_one_province_can_be_set() {
    let mut report = sample::report(PUBLISHED);
    report.kind = Kind::Province;
    report.unit = "P001".into();
    report.tables.truncate(1);
    report.tables[0].rows.clear();
    (report.series, report.funnel, report.honours) = (vec![], vec![], vec![]);
    (report.difficulties, report.promises, report.roadmap, report.milestones) = (vec![], vec![], vec![], vec![]);
    report.letterhead = Default::default();
    assert!(letters(&draft(report)).contains("PHIẾUTIẾNĐỘ"));
}

/// Where each page of a conference pack begins: the text of every page.
fn pages(paper: &Paper) -> Vec<String> {
    let document = set(paper).unwrap();
    let mut all = Vec::new();
    for page in document.pages() {
        let mut text = String::new();
        collect(&page.frame, &mut text);
        all.push(plain(&text));
    }
    all
}

#[test]
fn a_conference_pack_has_the_nation_in_front_and_one_page_for_each_province() {
    let report = sample::conference();
    let pages = pages(&draft(report.clone()));
    for expected in ["86,27 %", "67,8 %", "85.157.192"] {
        assert!(pages[0].contains(&plain(expected)), "{expected} in {}", pages[0]);
    }
    let below = pages.iter().find(|page| page.contains(&plain("dưới trung bình (trung bình 86,27 %):"))).unwrap();
    assert!(below.contains(&plain("Hà Nội")));
    // Each of the last 63 pages is a province's, and none runs over onto another.
    let last = &pages[pages.len() - report.pages.len()..];
    for (page, text) in report.pages.iter().zip(last) {
        let row = report.tables[0].rows.iter().find(|row| row.unit == page.unit).unwrap();
        let value = plain(&text::Language::Vi.count(row.value));
        assert!(text.contains(&plain(&page.name)) && text.contains(&value), "{}: {text}", page.name);
        let open = plain(&format!("chưa được trả lời: {}", page.open));
        assert!(text.contains(&open), "{}: {open} in {text}", page.name);
    }
}

#[test]
fn the_sheet_of_a_province_begins_with_its_own_page() {
    let pages = pages(&draft(sample::province()));
    for expected in ["PHIẾU TIẾN ĐỘ", "chưa được trả lời: 19", "chưa thực hiện xong: 7", "tốc độ cần đạt"]
    {
        assert!(pages[..2].concat().contains(&plain(expected)), "{expected} in {}", pages[..2].concat());
    }
}

/// The words of the pages before they are set, so that neither fonts nor shapes matter. `WRITE=1` writes them anew.
#[test]
fn the_words_are_as_they_were_read() {
    let paper = draft(sample::report(PUBLISHED));
    let (page, _) = Page::of(&paper, &paper.report.hash(), "0123456789abcdef");
    let value = serde_json::to_value(&page).unwrap();
    let mut words = String::new();
    for part in ["head", "body", "signature", "seal", "foot"] {
        strings(&value[part], &mut words);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/words.txt");
    #[expect(clippy::disallowed_methods, reason = "whether to write is the developer's wish")]
    if std::env::var("WRITE").is_ok() {
        std::fs::write(path, &words).unwrap();
    }
    assert_eq!(words, std::fs::read_to_string(path).unwrap(), "WRITE=1 writes the words anew");
}

fn strings(value: &serde_json::Value, words: &mut String) {
    match value {
        serde_json::Value::String(text) if !text.is_empty() => words.push_str(&format!("{text}\n")),
        serde_json::Value::Array(list) => list.iter().for_each(|one| strings(one, words)),
        serde_json::Value::Object(fields) => fields.values().for_each(|one| strings(one, words)),
        _ => {}
    }
}

#[test]
fn tables_hold_what_the_pages_hold() {
    let report = sample::report(PUBLISHED);
    let tables = tables(&report);
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let expected = [
        "1-entered",
        "2-applications",
        "reached",
        "expected",
        "funnel",
        "honours",
        "difficulties",
        "promises",
        "roadmap",
        "milestones",
    ];
    assert_eq!(names, expected);
    let value: serde_json::Value = serde_json::from_slice(&tables[0].json()).unwrap();
    assert_eq!(value["rows"].as_array().unwrap().len(), 64);
    assert_eq!(value["rows"][0]["percent"].as_f64(), Some(86.27));
    let columns = value["columns"].as_array().unwrap().len();
    assert!(tables[0].rows.iter().all(|row| row.len() == columns));
    let text = String::from_utf8(tables[1].csv()).unwrap();
    assert!(text.contains(",33900000,") && text.contains(",67.8,"), "{}", &text[..400]);
    let paper = draft(report);
    assert_eq!(xlsx(&paper).unwrap(), xlsx(&paper).unwrap());
}
