//! A report of 63 provinces with the totals that were published in February 2021. How they are split over the provinces is
//! invented, and the report says so.

mod provinces;

use programme::report::*;
use provinces::PROVINCES;
use time::Day;

/// The provinces above the average.
pub(crate) const ABOVE: [&str; 8] =
    ["Hà Tĩnh", "Phú Thọ", "Hà Nam", "Quảng Ninh", "Thanh Hóa", "Hải Dương", "Bình Thuận", "Thừa Thiên Huế"];

/// The figures as published.
pub(crate) const PUBLISHED: [u64; 4] = [98_713_820, 85_157_192, 33_900_000, 50_000_000];

/// Splits a total by weights: whole numbers that add up.
fn split(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u64 = weights.iter().sum();
    let mut passed = 0;
    let mut given = 0;
    let part = |weight: &u64| {
        passed += weight;
        let up_to = (u128::from(total) * u128::from(passed) / u128::from(sum)) as u64;
        let part = up_to - given;
        given = up_to;
        part
    };
    weights.iter().map(part).collect()
}

/// Some number below a limit that looks like chance and never changes.
fn some(at: usize, below: u64) -> u64 {
    (at as u64).wrapping_mul(2_654_435_761).rotate_left(7) % below
}

fn percent(value: u64, whole: u64) -> Hundredths {
    Hundredths(((u128::from(value) * 20_000 + u128::from(whole)) / (2 * u128::from(whole))) as i64)
}

fn day(number: i32) -> String {
    Day(number).to_string()
}

fn row(unit: &str, name: &str, people: u64, value: u64, target: Option<u64>) -> Row {
    let whole = target.unwrap_or(people);
    let left = whole.saturating_sub(value);
    let pace = value / 110;
    let end = Day::from_date(2021, 2, 15).unwrap_or_default().0 + (left / pace.max(1)) as i32;
    Row {
        unit: unit.into(),
        name: name.into(),
        population: Some(people),
        value,
        source: Source::Returned,
        target,
        percent: Some(percent(value, whole)),
        rank: None,
        change: None,
        above_average: None,
        pace_7d: Some(Hundredths((pace * 100) as i64 + 37)),
        pace_needed: target.map(|_| Hundredths((left * 100 / 136) as i64)),
        forecast: target.map(|_| Forecast {
            day: day(end),
            low: day(end - 9),
            high: if pace.is_multiple_of(17) { String::new() } else { day(end + 16) },
            probability: Some(Hundredths(10_000 - some(pace as usize, 6000) as i64)),
        }),
        notes: vec![],
    }
}

fn table(measure: &str, title: &str, deadline: &str, total: Row, mut rows: Vec<Row>) -> Table {
    let share = |row: &Row| (u128::from(row.value), u128::from(row.target.or(row.population).unwrap_or(1)));
    let above = |row: &Row| share(row).0 * share(&total).1 > share(&total).0 * share(row).1;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| (share(&rows[*b]).0 * share(&rows[*a]).1).cmp(&(share(&rows[*a]).0 * share(&rows[*b]).1)));
    for (rank, at) in order.into_iter().enumerate() {
        rows[at].rank = Some(rank as u64 + 1);
        rows[at].change = Some(some(at, 7) as i64 - 3);
        rows[at].above_average = Some(above(&rows[at]));
    }
    let average = total.percent;
    Table { measure: measure.into(), title: title.into(), deadline: deadline.into(), average, total, rows }
}

/// The report: people in all, people processed, applications and their target.
pub(crate) fn report([people, processed, applications, target]: [u64; 4]) -> Report {
    let weights: Vec<u64> = PROVINCES.iter().map(|(_, _, weight)| *weight).collect();
    let populations = split(people, &weights);
    let ahead = |at: usize| ABOVE.contains(&PROVINCES[at].1);
    let mut done: Vec<u64> = (0..63).map(|at| populations[at] * (9_950 - some(at, 240)) / 10_000).collect();
    let first: u64 = (0..63).filter(|at| ahead(*at)).map(|at| done[at]).sum();
    let others: Vec<usize> = (0..63).filter(|at| !ahead(*at)).collect();
    let weights: Vec<u64> = others.iter().map(|at| populations[*at] / 1000 * (10_000 - some(*at, 380))).collect();
    for (at, part) in others.iter().zip(split(processed.saturating_sub(first), &weights)) {
        done[*at] = part;
    }
    let targets = split(target, &populations);
    let wishes: Vec<u64> =
        targets.iter().enumerate().map(|(at, target)| target / 100 * (7_800 - some(at, 2300))).collect();
    let received = split(applications, &wishes);
    let rows = |values: &[u64], targets: Option<&[u64]>| -> Vec<Row> {
        let row =
            |at: usize| row(PROVINCES[at].0, PROVINCES[at].1, populations[at], values[at], targets.map(|one| one[at]));
        (0..63).map(row).collect()
    };
    let entered = table(
        "entered",
        "Dân số đã được thu thập, xử lý",
        "",
        row("", "Toàn quốc", people, done.iter().sum(), None),
        rows(&done, None),
    );
    let cards = table(
        "applications",
        "Hồ sơ cấp thẻ căn cước gắn chip đã tiếp nhận",
        "2021-07-01",
        row("", "Toàn quốc", people, applications, Some(target)),
        rows(&received, Some(&targets)),
    );
    let first = Day::from_date(2020, 11, 1).unwrap_or_default().0;
    let reached = (0..=106)
        .map(|at| Point { day: day(first + at), value: applications * (at * at + 40 * at) as u64 / (106 * 146) });
    let ahead = (1..=13).map(|week| {
        let grown = |speed: u64| applications + speed * 7 * week as u64;
        Band { day: day(first + 106 + 7 * week), low: grown(90_000), middle: grown(175_000), high: grown(230_000) }
    });
    let stage = |name: &str, share: u64| Stage { name: name.into(), count: applications * share / 1000 };
    let text = str::to_owned;
    Report {
        format: FORMAT,
        id: "0192f0c4-7f00-7000-8000-000000000001".into(),
        kind: Kind::Government,
        language: "vi".into(),
        title:
            "Tiến độ thực hiện Dự án Cơ sở dữ liệu quốc gia về dân cư và Dự án sản xuất, cấp, quản lý căn cước công dân"
                .into(),
        unit: String::new(),
        unit_name: "toàn quốc".into(),
        as_of: "2021-02-15T08:00:00+07:00".into(),
        compared_with: "2021-02-01".into(),
        letterhead: Letterhead {
            superior: String::new(),
            authority: "Bộ Công an".into(),
            number: String::new(),
            sign: "BC-BCA".into(),
            place: "Hà Nội".into(),
            day: "2021-02-15".into(),
            addressees: vec![text("Chính phủ")],
            recipients: vec![
                text("Như trên"),
                text("Văn phòng Chính phủ"),
                text("Công an các đơn vị, địa phương"),
                text("Lưu: VT, C06"),
            ],
            signs_for: "KT. Bộ trưởng".into(),
            post: "Thứ trưởng".into(),
            signer: "(họ và tên)".into(),
        },
        preface: vec![text(
            "Thực hiện chỉ đạo của Chính phủ về xây dựng Cơ sở dữ liệu quốc gia về dân cư và cấp căn cước công dân, Bộ Công an báo cáo kết quả như sau.",
        )],
        tables: vec![entered, cards],
        series: vec![Series {
            title: "Hồ sơ cấp thẻ căn cước đã tiếp nhận".into(),
            target: Some(target),
            deadline: "2021-07-01".into(),
            reached: reached.collect(),
            expected: ahead.collect(),
        }],
        funnel: vec![
            stage("Đã mời", 1180),
            stage("Đã thu nhận", 1021),
            stage("Đã tiếp nhận", 1000),
            stage("Đã đối sánh", 942),
            stage("Đã cá thể hóa", 610),
            stage("Đã đóng gói", 588),
            stage("Đã trao", 507),
        ],
        honours: vec![
            Honour {
                unit: text("Phú Thọ"),
                criterion: text("Tiến độ"),
                evidence: text("99,5 % dân số đã xử lý, cao nhất toàn quốc"),
            },
            Honour {
                unit: text("Hà Tĩnh"),
                criterion: text("Chất lượng"),
                evidence: text("0,4 lỗi trên 1.000 phiếu trả lại"),
            },
        ],
        difficulties: vec![
            Difficulty {
                unit: text("Hà Giang"),
                kind: text("Đường truyền"),
                severity: text("cao"),
                text: text("27 xã vùng cao chưa có đường truyền; phiếu phải mang về huyện bằng thiết bị lưu trữ."),
                owner: text("C06"),
                decision: String::new(),
                due: text("2021-03-01"),
                state: text("chưa trả lời, đã chuyển cấp trên"),
            },
            Difficulty {
                unit: text("Cà Mau"),
                kind: text("Thiết bị"),
                severity: text("trung bình"),
                text: text("Thiếu 12 bộ thu nhận vân tay."),
                owner: text("H01"),
                decision: text("điều chuyển từ Bạc Liêu"),
                due: text("2021-02-28"),
                state: text("đã quyết định"),
            },
        ],
        promises: vec![Promise {
            unit: text("Đắk Nông"),
            text: text("Bố trí thêm hai tổ lưu động tại các xã biên giới."),
            owner: text("Giám đốc Công an tỉnh"),
            due: text("2021-02-20"),
            state: text("đang thực hiện"),
        }],
        roadmap: vec![
            Amendment {
                document: text("Luật Cư trú"),
                article: text("Điều 38"),
                change: text("Bỏ sổ hộ khẩu giấy: quản lý bằng cơ sở dữ liệu."),
                owner: text("V03"),
                stage: text("đã thông qua"),
                due: text("2021-07-01"),
                blocked_by: String::new(),
            },
            Amendment {
                document: text("Nghị định về căn cước công dân"),
                article: text("toàn văn"),
                change: text("Mẫu thẻ và dữ liệu trên chip."),
                owner: text("C06"),
                stage: text("lấy ý kiến"),
                due: text("2021-05-15"),
                blocked_by: text("Luật Cư trú"),
            },
        ],
        milestones: vec![
            Milestone {
                project: text("Dân cư"),
                title: text("Vận hành chính thức"),
                due: text("2021-07-01"),
                state: text("đúng tiến độ"),
            },
            Milestone {
                project: text("Căn cước"),
                title: text("50 triệu hồ sơ"),
                due: text("2021-07-01"),
                state: text("cần tăng tốc"),
            },
        ],
        notes: vec![text(
            "Số tổng là số đã công bố. Cách chia cho từng tỉnh, các đơn vị tiêu biểu, khó khăn và cam kết là giả định để minh họa.",
        )],
        pages: vec![],
        ledger: Anchor { size: 1_204_551, root: "5f1d".repeat(16) },
    }
}

/// A page of a unit of the report: its share of what the nation has.
fn page(report: &Report, unit: &str) -> UnitPage {
    let row = |table: &Table| table.rows.iter().find(|row| row.unit == unit).cloned();
    let rows: Vec<Row> = report.tables.iter().filter_map(row).collect();
    let name = rows[0].name.clone();
    let part = |value: u64, of: &Table| {
        let own = of.rows.iter().find(|row| row.unit == unit).map_or(0, |row| row.value);
        (u128::from(value) * u128::from(own) / u128::from(of.total.value.max(1))) as u64
    };
    let curve = |table: &Table| {
        let nation = &report.series[0];
        let row = table.rows.iter().find(|row| row.unit == unit);
        let scaled = |value: u64| part(value * table.total.value / report.tables[1].total.value.max(1), table);
        Series {
            title: table.title.clone(),
            target: row.and_then(|row| row.target.or(row.population)),
            deadline: table.deadline.clone(),
            reached: nation
                .reached
                .iter()
                .step_by(7)
                .map(|one| Point { day: one.day.clone(), value: scaled(one.value) })
                .collect(),
            expected: nation
                .expected
                .iter()
                .skip(2)
                .map(|one| Band {
                    day: one.day.clone(),
                    low: scaled(one.low),
                    middle: scaled(one.middle),
                    high: scaled(one.high),
                })
                .collect(),
        }
    };
    let named = |name: &str| name == rows[0].name;
    let own: Vec<Difficulty> = report.difficulties.iter().filter(|one| named(&one.unit)).cloned().collect();
    let promises: Vec<Promise> = report.promises.iter().filter(|one| named(&one.unit)).cloned().collect();
    UnitPage {
        unit: unit.into(),
        series: report.tables.iter().map(curve).collect(),
        funnel: report
            .funnel
            .iter()
            .map(|stage| Stage { name: stage.name.clone(), count: part(stage.count, &report.tables[1]) })
            .collect(),
        open: own.len() as u64,
        difficulties: own,
        promised: promises.len() as u64,
        promises,
        name,
    }
}

/// The same figures as the pack for a conference.
pub(crate) fn conference() -> Report {
    let mut report = report(PUBLISHED);
    report.kind = Kind::Conference;
    report.title = "Tiến độ hai dự án dân cư và căn cước theo từng địa phương".into();
    let busy = "Hà Giang";
    let entry = report.difficulties[0].clone();
    // More than a page names: the first of many.
    report.difficulties = vec![Difficulty { unit: busy.into(), ..entry }; 4];
    report.promises = vec![Promise { unit: busy.into(), ..report.promises[0].clone() }; 4];
    report.pages = PROVINCES.iter().map(|(unit, ..)| page(&report, unit)).collect();
    let crowded = report.pages.iter_mut().filter(|page| page.name == busy);
    crowded.for_each(|page| (page.open, page.promised) = (19, 7));
    report
}

/// The sheet of one province: its own page, and what lies below it.
pub(crate) fn province() -> Report {
    let nation = conference();
    let unit = "P002";
    let mut report =
        Report { kind: Kind::Province, unit: unit.into(), unit_name: "Hà Giang".into(), ..nation.clone() };
    report.pages.retain(|page| page.unit == unit);
    (report.series, report.funnel) = (vec![], vec![]);
    for table in &mut report.tables {
        let own = table.rows.iter().find(|row| row.unit == unit).cloned();
        table.total = own.unwrap_or_else(|| table.total.clone());
        table.rows.truncate(11);
        for (at, row) in table.rows.iter_mut().enumerate() {
            (row.unit, row.name) = (format!("D{at:03}"), format!("Huyện {}", at + 1));
        }
    }
    report
}

/// The same report with names that somebody has typed to do harm.
pub(crate) fn hostile() -> Report {
    let mut report = report(PUBLISHED);
    let names = [
        "#panic(\"markup\")".to_owned(),
        "$x^2$ *đậm* _nghiêng_ `mã` \\ \\u{41} <nhãn> @chú // hết /* */".to_owned(),
        format!("Hà{} Nội", "\u{301}".repeat(500)),
        "=HYPERLINK(\"x\")".to_owned(),
        "\u{202e}gnart uuL\u{0}\u{7}\u{feff}\u{e000}".to_owned(),
        "中文 ខ្មែរ 🇻🇳 \u{1f600}".to_owned(),
        "dài".repeat(600),
        "] } ) #let p = 1".to_owned(),
        "</svg><script>alert(1)</script>&amp;".to_owned(),
    ];
    for (at, name) in names.iter().enumerate() {
        report.tables[0].rows[at].name.clone_from(name);
        report.tables[0].rows[at].notes.push(name.clone());
    }
    report.title = names[1].clone();
    report.letterhead.authority = names[0].clone();
    report.funnel[0].name = names[2].clone();
    report.difficulties[0].text = names.join(" ");
    report
}
