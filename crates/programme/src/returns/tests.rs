use super::*;
use crate::{Merger, Unit};
use proptest::prelude::*;

fn units() -> Units {
    let unit = |code: &str, parent: &str, level, population| Unit {
        code: code.into(),
        parent: parent.into(),
        name: code.into(),
        level,
        population,
    };
    Units::new([unit("P001", "", 1, 1000), unit("P002", "", 1, 0)]).with_merged([Merger {
        old: "P009".into(),
        new: "P002".into(),
        since: Day(18_690),
    }])
}

fn one(unit: &str, day: &str, measure: &str, count: u64, recorded: &str) -> Return {
    Return {
        unit: unit.into(),
        day: Day::parse(day).unwrap(),
        measure: measure.into(),
        count,
        signer: "Trưởng phòng".into(),
        recorded: Instant::parse(recorded).unwrap(),
    }
}

const NOW: AsOf = AsOf { day: Day(18_700), known: Day(i32::MAX) };

#[test]
fn a_file_is_read_or_refused_with_line_and_column() {
    let at = Instant(1);
    let good =
        "\u{feff}unit,day,measure,count,signer\nP001,2021-02-28,entered,7,Nguyễn A\n\"P002\", 2021-02-28 ,x,0,B\n";
    let read_rows = read(good.as_bytes(), at).unwrap();
    assert_eq!((read_rows.len(), read_rows[0].count, read_rows[1].day), (2, 7, Day::parse("2021-02-28").unwrap()));
    let check = |text: &str, line, column| {
        let fault = read(text.as_bytes(), at).unwrap_err();
        assert_eq!((fault.line, fault.column), (line, column), "{text}: {fault}");
    };
    check("unit,day,measure,signer\n", 1, "count");
    check("", 1, "unit");
    check("unit,day,measure,count,signer,Count\n", 1, "count");
    check("unit,day,measure,count,signer\nP001,28/02/2021,entered,7,A\n", 2, "day");
    check("unit,day,measure,count,signer\nP001,2021-02-28,entered,7,A\nP001,2021-02-28,entered,-7,A\n", 3, "count");
    check("unit,day,measure,count,signer\nP001,2021-02-28,entered,7.5,A\n", 2, "count");
    check("unit,day,measure,count,signer\nP001,2021-02-28,entered,100000000001,A\n", 2, "count");
    check("unit,day,measure,count,signer\nP001,2021-02-28,entered,7,\n", 2, "signer");
    assert_eq!(read(b"unit,day,measure,count,signer\n\xff", at).unwrap_err().line, 2);
}

#[test]
fn a_row_that_is_too_long_or_contradicts_an_earlier_one_refuses_the_file() {
    let check = |rows: &str, expected: (u64, &str)| {
        let file = format!("unit,day,measure,count,signer\r\n{rows}");
        let fault = read(file.as_bytes(), Instant(1)).unwrap_err();
        assert_eq!((fault.line, fault.column), expected, "{rows}: {fault}");
    };
    check("P001,2021-02-28,entered,7,056,236,An\r\n", (2, "count"));
    check("P001,2021-02-28,entered,7,An\r\n\r\n\r\nP001,2021-02-28,entered,8,An\r\n", (5, "count"));
    check("P001,2021-02-28,entered,7,An\nP001,2021-02-28,entered,-8,An\n", (3, "count"));
    let same = "unit,day,measure,count,signer\nP001,2021-02-28,entered,7,An,\nP001,2021-02-28,entered,7,An\n";
    assert_eq!(read(same.as_bytes(), Instant(1)).unwrap().len(), 2, "an empty cell more and the same figure again");
}

#[test]
fn doubts_are_stated_and_nothing_is_dropped() {
    let units = units();
    let rows = [
        one("P001", "2021-02-01", "entered", 500, "2021-02-01"),
        one("P001", "2021-02-02", "entered", 400, "2021-02-02"),
        one("P001", "2021-02-02", "entered", 401, "2021-02-03"),
        one("P001", "2021-02-03", "entered", 1001, "2021-02-03"),
        one("P077", "2021-02-03", "enterd", 1, "2021-02-03"),
        one("P009", "2022-02-03", "applications", 1, "2021-02-03"),
        one("P001", "2021-02-03", "waiting", 1, "2021-02-03"),
        one("", "2021-02-03", "entered", 1000, "2021-02-03"),
        one("", "2021-02-03", "updated", 1000, "2021-02-03"),
    ];
    let returns = Returns::new(&units, rows.clone());
    assert_eq!(returns.len(), rows.len());
    let today = Day::parse("2021-02-10").unwrap();
    let cube = Cube::default();
    let check = returns.check(&units, &cube, today);
    let found = |at: usize| check.findings(&rows[at]);
    assert_eq!(found(0), []);
    assert_eq!(found(1), [Finding::Falls]);
    assert_eq!(found(2), [Finding::Falls, Finding::Replaces]);
    assert_eq!(found(3), [Finding::OverPopulation]);
    assert_eq!(found(4), [Finding::UnitUnknown, Finding::MeasureUnknown]);
    assert_eq!(found(5), [Finding::UnitMerged, Finding::DayFuture]);
    assert_eq!(found(6), [Finding::MeasureMean]);
    assert_eq!(found(7), [Finding::BelowUnits]);
    assert_eq!(found(8), []);
    assert_eq!(returns.elsewhere().len(), 2);
    let entered = Measure::position("entered").unwrap();
    let second = AsOf { day: Day::parse("2021-02-02").unwrap(), known: Day::parse("2021-02-02").unwrap() };
    assert_eq!(returns.standing("P001", entered, second).unwrap().count, 400);
    assert_eq!(returns.standing("P001", entered, AsOf::now(second.day)).unwrap().count, 401);
    assert!(returns.standing("P002", Measure::position("applications").unwrap(), NOW).is_none());
}

#[test]
fn one_return_alone_says_nothing_about_a_day() {
    let units = units();
    let returns = Returns::new(&units, [one("P001", "2021-02-01", "entered", 500, "2021-02-01")]);
    let mut days = [0; 7];
    let standing = returns.standing("P001", Measure::position("entered").unwrap(), NOW).unwrap();
    assert_eq!((standing.daily(NOW.day, &mut days), days), (0, [0; 7]), "signed long before");
    assert_eq!((standing.daily(Day(standing.day.0 + 2), &mut days), days), (5, [0; 7]), "from the next day on");
}

#[test]
fn what_a_merged_unit_signed_is_added_until_a_return_speaks_of_both() {
    let units = units();
    let entered = Measure::position("entered").unwrap();
    let on = |returns: &Returns, day: &str| {
        let day = Day::parse(day).unwrap();
        returns.standing("P002", entered, AsOf::now(day)).map(|standing| (standing.count, standing.of.len()))
    };
    // P009 was merged on the 4th of March.
    let mut rows = vec![
        one("P002", "2021-02-01", "entered", 100, "2021-02-01"),
        one("P009", "2021-02-10", "entered", 40, "2021-02-10"),
        one("P002", "2021-03-01", "entered", 150, "2021-03-03"),
    ];
    let returns = Returns::new(&units, rows.clone());
    assert_eq!(on(&returns, "2021-02-05"), Some((100, 1)));
    assert_eq!(on(&returns, "2021-02-28"), Some((140, 2)));
    assert_eq!(on(&returns, "2021-03-10"), Some((190, 2)));
    rows.push(one("P002", "2021-04-01", "entered", 260, "2021-04-01"));
    let returns = Returns::new(&units, rows.clone());
    assert_eq!(on(&returns, "2021-04-01"), Some((260, 1)));
    let standing = returns.standing("P002", entered, AsOf::now(rows[3].day)).unwrap();
    let days: Vec<u64> = standing.days.iter().map(|(_, count)| *count).collect();
    assert_eq!(days, [140, 190, 260], "nothing is said of the days when only one of the two had signed");
    // Looked at by itself, what was signed before is not held against what came from the other.
    let cube = Cube::default();
    let check = returns.check(&units, &cube, Day::parse("2021-04-02").unwrap());
    assert_eq!(check.findings(&rows[1]), [Finding::UnitMerged]);
    assert_eq!(check.findings(&rows[2]), []);
    assert_eq!(check.findings(&rows[3]), []);
}

#[test]
fn what_was_replaced_is_not_held_against_a_later_day() {
    let units = units();
    let rows = [
        one("P001", "2021-02-01", "entered", 900, "2021-02-01"),
        one("P001", "2021-02-01", "entered", 90, "2021-02-02"),
        one("P001", "2021-02-03", "entered", 100, "2021-02-03"),
    ];
    let (returns, cube) = (Returns::new(&units, rows.clone()), Cube::default());
    assert_eq!(returns.check(&units, &cube, Day::parse("2021-02-10").unwrap()).findings(&rows[2]), []);
}

proptest! {
    #[test]
    fn any_bytes_are_a_file_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), head in any::<bool>()) {
        let head = if head { &b"unit,day,measure,count,signer\n"[..] } else { b"" };
        if let Err(fault) = read(&[head, &bytes].concat(), Instant(1)) {
            prop_assert!(fault.line > 0, "{}", fault);
        }
    }

    #[test]
    fn days_between_returns_add_up_and_order_changes_nothing(
        rows in proptest::collection::vec((0..50i32, 0..2_000_000u64, 0..5i64), 1..12),
    ) {
        let units = units();
        let rows: Vec<Return> = rows
            .into_iter()
            .map(|(day, count, recorded)| Return {
                day: Day(18_600 + day),
                recorded: Instant(Day(18_660).start().0 + recorded),
                ..one("P001", "2021-02-01", "entered", count, "2021-02-01")
            })
            .collect();
        let entered = Measure::position("entered").unwrap();
        let returns = Returns::new(&units, rows.clone());
        let twice = Returns::new(&units, rows.iter().rev().chain(&rows).cloned());
        prop_assert_eq!(&returns, &twice);
        let standing = returns.standing("P001", entered, NOW).unwrap();
        let mut days = [0; 60];
        let end = Day(18_655);
        let start = standing.daily(end, &mut days);
        let (first, last) = (standing.days[0], *standing.days.last().unwrap());
        prop_assert_eq!(days.iter().sum::<i64>(), last.1 as i64 - first.1 as i64);
        prop_assert_eq!(start as i32, first.0.0 - (end.0 - 60));
        let after = (end.0 - last.0.0) as usize;
        prop_assert!(days[..start].iter().chain(&days[60 - after..]).all(|count| *count == 0));
    }
}
