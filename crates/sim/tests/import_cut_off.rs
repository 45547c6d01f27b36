//! An import into a register that knows some of the people, cut off between its commits and sent again: every row has an outcome,
//! and rows, persons, numbers and sums are those of an import that was not cut off.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they tried")]

use journal::{Row, Table};
use ports::Fault;
use ports::store::{Reading, Store, Writing};
use register::heading::Mapping;
use register::table::{IMPORT, ROW_OUTCOME, STAGED_FILE};
use services::import::{Input, Report, Thresholds};
use services::officer::Officer;
use services::{Book, Command, Error};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A store that writes so many times, and then no more: whoever works on it is cut off.
struct Dying {
    store: Box<dyn Store>,
    left: Arc<AtomicI64>,
}

impl Store for Dying {
    fn read(&self, work: Reading<'_>) -> Result<(), Fault> {
        self.store.read(work)
    }

    fn write(&self, work: Writing<'_>) -> Result<(), Fault> {
        if self.left.fetch_sub(1, Ordering::Relaxed) <= 0 {
            return Err(Fault::Refused { what: "write".into(), cause: "cut off".into() });
        }
        self.store.write(work)
    }

    fn check(&self) -> Result<Vec<String>, Fault> {
        self.store.check()
    }

    fn copy_to(&self, file: &Path) -> Result<(), Fault> {
        self.store.copy_to(file)
    }
}

fn open(folder: &Path, seed: u64, left: &Arc<AtomicI64>) -> Arc<Book> {
    let tables: Vec<&'static Table> = [
        register::table::TABLES,
        enrolment::table::TABLES,
        issuance::table::TABLES,
        services::officer::TABLES,
        &[&services::schema::PERSON_EVENT, &services::schema::COMMAND],
        services::programme::TABLES,
    ]
    .concat();
    let dying = |store| Box::new(Dying { store, left: Arc::clone(left) }) as Box<dyn Store>;
    sim::open_tables(folder, &tables, seed, dying).unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, target) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            std::fs::copy(entry, target).unwrap();
        }
    }
}

type Files = Vec<(String, String)>;

fn send(book: &Arc<Book>, files: &Files) -> Result<Report, Error> {
    let input = |(name, text): &(String, String)| Input { name: name.clone(), bytes: text.clone().into_bytes() };
    let inputs = files.iter().map(input).collect();
    let (officer, mapping) = (Officer::operator(), Mapping::default());
    services::import::persons(book, &officer, inputs, &mapping, Thresholds::default(), &mut |_, _, _| ())
}

/// The sources of a person, and the number.
type Entered = (Vec<(String, String, bool)>, Option<String>);

/// What an import left behind, without the ids that differ from run to run.
#[derive(PartialEq, Debug)]
struct Left {
    imports: Vec<String>,
    /// By the file's content: the state of each row's outcome, by its line.
    rows: BTreeMap<Vec<u8>, Vec<(i64, String)>>,
    /// Each person's rows and number.
    persons: Vec<Entered>,
}

fn left(book: &Arc<Book>) -> Left {
    let all =
        |table: &'static Table| -> Vec<Row> { book.view(|view| Ok(view.scan(table, &[], None, 1_000_000)?)).unwrap() };
    let contents: BTreeMap<Vec<u8>, Vec<u8>> =
        all(&STAGED_FILE).iter().map(|row| (row[0].blob().to_vec(), row[2].blob().to_vec())).collect();
    let mut rows: BTreeMap<Vec<u8>, Vec<(i64, String)>> = BTreeMap::new();
    for row in all(&ROW_OUTCOME) {
        let own = rows.entry(contents[row[0].blob()].clone()).or_default();
        own.push((row[1].int(), row[2].text().to_owned()));
    }
    let everyone = services::person::everyone(book, &Officer::operator(), "a test").unwrap();
    let person = |entry: services::person::Entry| {
        let sources = entry.person.sources.into_iter();
        let mut rows: Vec<_> = sources.map(|row| (row.sender, row.rec_id, row.superseded)).collect();
        rows.sort();
        (rows, entry.person.number)
    };
    let mut persons: Vec<_> = everyone.into_iter().map(person).collect();
    persons.sort();
    Left { imports: all(&IMPORT).iter().map(|row| row[2].text().to_owned()).collect(), rows, persons }
}

/// What a report counts, without the run's id and the files' names.
fn sums(report: &Report) -> Report {
    Report { import: String::new(), files: Vec::new(), ..report.clone() }
}

/// A register that knows the people of every second province; and the files of all others, with new versions of every
/// tenth row that is known, and some word for word as they were sent.
fn known(folder: &Path) -> Files {
    let files = sample::people::files(6_000, 5);
    let book = open(folder, 1, &Arc::new(AtomicI64::new(i64::MAX)));
    let units: Vec<(String, Vec<u8>)> = files.units.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    services::unit::import(&book, &Command::by(&Officer::operator()), &units).unwrap();
    let (mut there, mut sent): (Files, Files) = (Vec::new(), Vec::new());
    for (at, file) in files.persons.into_iter().enumerate() {
        if at % 3 == 0 { there.push(file) } else { sent.push(file) }
    }
    send(&book, &there).unwrap();
    for (name, text) in &there {
        let mut lines = text.lines();
        let head = lines.next().unwrap();
        let again = lines.enumerate().filter(|(at, _)| at % 10 < 3);
        let again: Vec<String> =
            again
                .map(|(at, line)| {
                    if at % 10 == 0 { line.replace("Thôn ", "Xóm ").replace("Số 1", "Số 9") } else { line.into() }
                })
                .collect();
        sent.push((format!("again {name}"), format!("{head}\n{}\n", again.join("\n"))));
    }
    sent
}

#[test]
fn an_import_that_is_cut_off_between_commits_and_sent_again_ends_as_if_it_had_not_been() {
    let folder: PathBuf = std::env::temp_dir().join(format!("vandan-import-cut-off-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let (base, data) = (folder.join("base"), folder.join("data"));
    std::fs::create_dir_all(base.join("keys")).unwrap();
    let files = known(&base);
    let fresh = || {
        let _ = std::fs::remove_dir_all(&data);
        copy(&base, &data);
    };

    fresh();
    let writes = Arc::new(AtomicI64::new(i64::MAX));
    let book = open(&data, 2, &writes);
    let report = send(&book, &files).unwrap();
    let writes = i64::MAX - writes.load(Ordering::Relaxed);
    let (expected, sums_expected) = (left(&book), sums(&report));
    drop(book);
    println!("{writes} commits, {report:?}");
    // Of each kind there must be something to go wrong: more persons than one commit enters, and every other way of a row.
    assert!(report.persons > 2_000 && report.persons_updated > 100 && report.same > 100 && report.in_case > 5);

    // Commits that stage a file or open a case are alike: of those some will do, of those that attach and enter each.
    let (entering, last) = (writes - report.cases as i64 - 7, writes - 1);
    let mut early = 0;
    for cut in (1..writes).filter(|cut| cut % 9 == 1 || (entering..entering + 8).contains(cut) || *cut == last) {
        fresh();
        let book = open(&data, 3, &Arc::new(AtomicI64::new(cut)));
        if send(&book, &files).is_ok() {
            // What is written by the clock is more on a busy machine: this run was done before.
            assert!(left(&book) == expected, "done before commit {cut}");
            early += 1;
            continue;
        }
        drop(book);
        let book = open(&data, 4, &Arc::new(AtomicI64::new(i64::MAX)));
        let again = send(&book, &files).unwrap_or_else(|error| panic!("after commit {cut}: {error:?}"));
        let left = left(&book);
        let count = |left: &Left| left.rows.values().map(Vec::len).sum::<usize>();
        assert_eq!(count(&left), count(&expected), "rows with an outcome, after commit {cut}");
        assert_eq!(sums(&again), sums_expected, "after commit {cut}");
        assert!(left == expected, "rows, persons or numbers differ after commit {cut}");
    }
    assert!(early <= 2, "{early} runs were done before they were to be cut off");
    let _ = std::fs::remove_dir_all(&folder);
}
