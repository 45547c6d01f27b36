//! The measures against what they name: tables, texts, and the table of `docs/programme.md`.

use programme::{Amount, MEASURES, When};
use std::path::PathBuf;

const BEGIN: &str = "<!-- measures: made by `WRITE=1 cargo test -p programme --test measures` -->";
const END: &str = "<!-- end of measures -->";

fn how_much(amount: Amount) -> String {
    match amount {
        Amount::One => "one".into(),
        Amount::Subjects => "its persons".into(),
        Amount::Detail(name) => format!("its `{name}`"),
        Amount::Rows(table, column) => format!("rows with `{}.{}`", table_of(table).name, column_of(table, column)),
        Amount::Words(table, column) => format!("words of `{}.{}`", table_of(table).name, column_of(table, column)),
        Amount::Days(table, column) => format!("days since `{}.{}`", table_of(table).name, column_of(table, column)),
    }
}

fn when(when: When) -> String {
    match when {
        When::Recorded => String::new(),
        When::Cell(table, column) => format!(", on the day of `{}.{}`", table_of(table).name, column_of(table, column)),
    }
}

fn table_of(code: u16) -> &'static journal::Table {
    let all = register::table::TABLES.iter().chain(enrolment::table::TABLES);
    all.copied().find(|table| table.code == code).expect("a measure names a table that is there")
}

fn column_of(table: u16, column: usize) -> &'static str {
    table_of(table).columns[column].name
}

#[test]
fn columns_are_those_that_the_measures_mean() {
    let mut named = Vec::new();
    for measure in MEASURES {
        for source in measure.counts.iter().chain(measure.takes_back) {
            if let Amount::Rows(table, column) | Amount::Words(table, column) | Amount::Days(table, column) =
                source.amount
            {
                named.push(format!("{}.{}", table_of(table).name, column_of(table, column)));
            }
            if let When::Cell(table, column) = source.when {
                named.push(format!("{}.{}", table_of(table).name, column_of(table, column)));
            }
        }
    }
    named.sort();
    named.dedup();
    let expected = ["application.captured", "application.received", "capture.template", "row_outcome.findings"];
    assert_eq!(named, expected);
}

#[test]
fn every_measure_has_words_in_both_languages() {
    for measure in MEASURES {
        let key = text::Key::find(&format!("measure-{}", measure.name));
        assert!(key.is_some(), "measure-{} has no text", measure.name);
    }
    let of_texts = text::Key::beginning("measure-").count();
    assert_eq!(of_texts, MEASURES.len(), "a text names a measure that is not there");
}

#[test]
fn the_page_tells_the_measures_as_they_are() {
    let vi = text::Texts::new(text::Language::Vi);
    let mut lines = vec![
        BEGIN.to_owned(),
        String::new(),
        "| measure | Vietnamese | counts | definition | events (+) | taken back (−) | leaves out |".to_owned(),
        "| --- | --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    for measure in MEASURES {
        let sources = |sources: &[programme::Source]| {
            let told = sources.iter().map(|one| format!("`{}`: {}{}", one.kind, how_much(one.amount), when(one.when)));
            told.collect::<Vec<_>>().join("; ")
        };
        let word = text::Key::find(&format!("measure-{}", measure.name)).map(|key| vi.fill(key, &[]));
        lines.push(format!(
            "| `{}` | {} | {} | {} | {} | {} | {} |",
            measure.name,
            word.unwrap_or_default(),
            measure.unit,
            measure.definition,
            sources(measure.counts),
            sources(measure.takes_back),
            measure.excludes,
        ));
    }
    lines.extend([String::new(), END.to_owned()]);
    let found = lines.join("\n");
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/programme.md");
    let page = std::fs::read_to_string(&file).unwrap_or_default();
    let (from, to) = (page.find(BEGIN), page.find(END).map(|at| at + END.len()));
    let (from, to) = (from.expect("the page has a place for the table"), to.expect("and its end"));
    if std::env::var_os("WRITE").is_some() {
        std::fs::write(&file, format!("{}{found}{}", &page[..from], &page[to..])).unwrap();
        return;
    }
    assert!(page[from..to] == found, "docs/programme.md differs; look whether that is meant, then write it anew");
}
