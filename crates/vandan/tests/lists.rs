//! Lists and searches a page at a time: what the pages of a unit hold together is what a look at everything finds, at
//! every level, and after communes have moved to another district.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::{Folder, installation, json, text};
use ids::{CaseId, ImportId, PersonId};
use journal::Row;
use register::person::Person;
use register::table::{CASE, PERSON, UNIT};
use services::officer::Officer;
use services::person::{self, Reader};
use services::{Book, Slice, case, import};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All of a table's rows.
fn rows(book: &Book, table: &'static journal::Table) -> Vec<Row> {
    book.view(|view| Ok(view.scan(table, &[], None, 1_000_000)?)).unwrap()
}

/// A unit and everything above it, the nation too.
fn upwards(book: &Book, unit: &str) -> BTreeSet<String> {
    let parents: BTreeMap<String, String> =
        rows(book, &UNIT).iter().map(|row| (row[0].text().to_owned(), row[1].text().to_owned())).collect();
    let mut all = BTreeSet::from([String::new()]);
    let mut at = unit.to_owned();
    while let Some(parent) = parents.get(&at) {
        all.insert(std::mem::replace(&mut at, parent.clone()));
    }
    all
}

/// Units to look from: the nation, and of every eleventh commune with somebody in it, itself and what is above it.
fn units(book: &Book) -> BTreeSet<String> {
    let communes: BTreeSet<String> = rows(book, &PERSON).iter().map(|row| row[4].text().to_owned()).collect();
    communes.iter().step_by(11).flat_map(|unit| upwards(book, unit)).collect()
}

/// Every page of a list, joined; no page holds more than it may.
fn joined<T>(limit: usize, mut page: impl FnMut(Option<&str>) -> Slice<T>) -> Vec<T> {
    let (mut all, mut after) = (Vec::new(), None::<String>);
    loop {
        let slice = page(after.as_deref());
        assert!(slice.items.len() == limit || slice.next.is_none(), "only the last page may be short");
        all.extend(slice.items);
        match slice.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

fn lists_are_whole(book: &Book) {
    let cases = rows(book, &CASE);
    let open: Vec<(String, String)> = cases
        .iter()
        .filter(|row| row[3].text() == "open")
        .map(|row| (CaseId::from_bytes(row[0].blob()).unwrap().to_string(), row[4].text().to_owned()))
        .collect();
    assert!(open.len() > 20, "the sample has too few cases to page: {}", open.len());
    for unit in units(book) {
        let wanted: Vec<&String> =
            open.iter().filter(|(_, own)| upwards(book, own).contains(&unit)).map(|(id, _)| id).collect();
        let found = joined(7, |after| case::list(book, &unit, "open", after.and_then(CaseId::parse), 7).unwrap());
        assert!(found.is_sorted_by_key(|one| one.opened.clone()), "{unit}: the oldest come first");
        assert_eq!(found.iter().map(|one| &one.id).collect::<Vec<_>>(), wanted, "{unit}");
        let officer = Officer { roles: vec!["adjudicator".into()], unit: unit.clone(), ..Officer::operator() };
        let queues = services::queue::queues(book, &officer).unwrap();
        assert_eq!(queues[0].waiting, wanted.len() as u64, "{unit}");
        assert_eq!(queues[0].oldest.as_ref().map(|(_, id)| id), wanted.first().copied(), "{unit}");
    }
}

/// The persons whose name holds all of these words, in a unit; by looking at everybody.
fn having(everyone: &[person::Entry], words: &str, within: &dyn Fn(&str) -> bool) -> BTreeSet<PersonId> {
    let words = Person::search_words(words);
    let has = |entry: &&person::Entry| {
        let names = entry.person.sources.iter().flat_map(|source| Person::search_words(&source.facts.name));
        let own: BTreeSet<String> = names.collect();
        words.iter().all(|word| own.contains(word)) && within(&entry.unit)
    };
    everyone.iter().filter(has).map(|entry| entry.id).collect()
}

fn searches_are_whole(book: &Arc<Book>) {
    let everyone = person::everyone(book, &Officer::operator(), "a test").unwrap();
    let above: BTreeMap<String, BTreeSet<String>> = everyone
        .iter()
        .map(|entry| entry.unit.clone())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|unit| (unit.clone(), upwards(book, &unit)))
        .collect();
    let whole = everyone[17].person.facts().0.name;
    for unit in units(book) {
        let reader = Reader { actor: Officer::operator().actor("a test"), unit: unit.clone() };
        for words in ["nguyen", "van nguyen", "thi  NGUYỄN", whole.as_str(), "anh le", "khongcoai nguyen"] {
            let within = |own: &str| above[own].contains(&unit);
            let wanted = having(&everyone, words, &within);
            let (mut found, mut after, mut pages) = (Vec::new(), None, 0);
            let mut elsewhere;
            loop {
                let page = person::find(book, &reader, words, after).unwrap();
                assert!(page.entries.len() <= person::PAGE);
                found.extend(page.entries.iter().map(|entry| entry.id));
                elsewhere = page.elsewhere;
                pages += 1;
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            let once: BTreeSet<PersonId> = found.iter().copied().collect();
            assert_eq!(once.len(), found.len(), "{unit} {words}: nobody stands on two pages");
            assert_eq!(once, wanted, "{unit} {words}");
            assert!(pages <= 1 + wanted.len().div_ceil(person::PAGE), "{unit} {words}: {pages} pages");
            if found.len() % person::PAGE != 0 || found.is_empty() {
                let outside = !having(&everyone, words, &|own| !within(own)).is_empty();
                assert_eq!(elsewhere, outside, "{unit} {words}: somebody elsewhere is said to be there");
            }
        }
    }
}

#[test]
fn pages_join_to_the_whole_at_every_level_and_after_communes_have_moved() {
    let folder = Folder::new("lists");
    let data = installation(&folder, 2_500, 11);
    {
        let book = common::persons::book(&data);
        lists_are_whole(&book);
        searches_are_whole(&book);
        let operator = Officer::operator();
        let imports = joined(1, |after| import::imports(&book, &operator, after.and_then(ImportId::parse), 1).unwrap());
        assert!(
            imports.is_sorted_by(|a, b| a.import > b.import) && !imports.is_empty(),
            "the newest import comes first"
        );
    }
    // A district's communes go to the next district.
    let units = folder.join("sample/units");
    let mut moved = 0;
    for file in std::fs::read_dir(&units).unwrap() {
        let path = file.unwrap().path();
        let content = std::fs::read_to_string(&path).unwrap();
        let head = content.lines().next().unwrap().to_owned();
        let Some(column) = head.split(',').position(|name| name == "district_code") else { continue };
        let districts: BTreeSet<&str> =
            content.lines().skip(1).filter_map(|line| line.split(',').nth(column)).collect();
        let (from, to) = (districts.iter().next().unwrap(), districts.iter().nth(1).unwrap());
        let lines: Vec<String> = content
            .lines()
            .map(|line| {
                let mut cells: Vec<&str> = line.split(',').collect();
                if cells[column] == *from && line != head {
                    cells[column] = to;
                    moved += 1;
                }
                cells.join(",")
            })
            .collect();
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    }
    assert!(moved > 0);
    json(&["import", "units", text(&units), "--data", text(&data)], 0);
    let book = common::persons::book(&data);
    lists_are_whole(&book);
    searches_are_whole(&book);
}
