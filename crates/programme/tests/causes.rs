//! What is wrong with a file is said in words that each language has.

use programme::rulebook::{HONOURS, Rulebook};
use programme::{forecast, returns};
use text::{Key, Language, Texts, t};
use time::Instant;

#[test]
fn every_cause_is_said_in_vietnamese_too() {
    let long = "x".repeat(300);
    let row = |row: &str| format!("unit,day,measure,count,signer\n{row}\n");
    let returned = [
        "unit,day,measure,signer\n".to_owned(),
        "unit,unit,day,measure,count,signer\n".to_owned(),
        row("P001,2021-02-30,entered,1,An"),
        row("P001,2021-02-28,entered,x,An"),
        row("P001,2021-02-28,entered,999999999999,An"),
        row("P001,2021-02-28,entered,1,"),
        row("P001,2021-02-28,entered,1,000,An"),
        row(&format!("{long},2021-02-28,entered,1,An")),
        row("P001,2021-02-28,entered,1,An\nP001,2021-02-28,entered,2,An"),
    ];
    let mut causes: Vec<String> =
        returned.iter().map(|text| returns::read(text.as_bytes(), Instant(1)).unwrap_err().cause.to_owned()).collect();
    causes.push(returns::read(b"unit,day\n\xff", Instant(1)).unwrap_err().cause.to_owned());
    for series in ["day,count\n", "day,count\n2021-01-01,1\n2021-01-01,1\n", "day,count\n1021-01-01,1\n2021-01-01,1\n"]
    {
        causes.push(forecast::read(series.as_bytes(), None, 1).unwrap_err().cause.to_owned());
    }
    let honours = include_str!("../rules/honours.toml");
    for (from, to) in [("\"entered\"", "\"waiting\""), ("\"entered\"", "\"x\""), ("places = 8", "places = 0")] {
        let changed = honours.replace(from, to);
        causes.push(Rulebook::read([(HONOURS, changed.as_str())]).unwrap_err().cause);
    }
    let vietnamese = Texts::new(Language::Vi);
    for cause in causes {
        let said = vietnamese.fill(t!("error-returns-malformed"), &[("detail", cause.clone())]);
        assert!(!said.contains(&cause), "{cause}: {said}");
    }
    assert!(Key::find("cause-it-is-too-long").is_some());
}
