//! A commit that was done although its answer was lost, as over a connection: what was acknowledged is there, nothing is
//! done twice, and ledger and state stay one.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use ids::PersonId;
use journal::{Actor, Change};
use ports::Fault;
use ports::store::{Reading, Store, Writing};
use services::{Book, Decision};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A store of which every third commit looks like a failure.
struct Forgetful {
    store: Box<dyn Store>,
    commits: AtomicU64,
}

impl Store for Forgetful {
    fn read(&self, work: Reading<'_>) -> Result<(), Fault> {
        self.store.read(work)
    }

    fn write(&self, work: Writing<'_>) -> Result<(), Fault> {
        self.store.write(work)?;
        if self.commits.fetch_add(1, Ordering::Relaxed) % 3 == 2 {
            return Err(Fault::Refused { what: "commit".into(), cause: "the answer was lost".into() });
        }
        Ok(())
    }

    fn check(&self) -> Result<Vec<String>, Fault> {
        self.store.check()
    }

    fn copy_to(&self, file: &Path) -> Result<(), Fault> {
        self.store.copy_to(file)
    }
}

/// One command with its key: an event about a person, and a row.
fn command(book: &Arc<Book>, number: u64) -> Result<Vec<u8>, services::Error> {
    let mut event = book.event("unit.entered", &Actor::default());
    event.subjects = vec![PersonId(book.id())];
    let code = format!("{number:05}");
    let row = register::table::UNIT.columns.iter().map(|_| code.as_str().into()).collect();
    event.changes = vec![Change::put(&register::table::UNIT, row)];
    book.submit(Some(format!("command {number}").as_bytes()), move |_| {
        Ok(Decision { events: vec![event], answer: number.to_be_bytes().to_vec() })
    })
}

#[test]
fn a_lost_answer_loses_nothing_and_doubles_nothing() {
    let folder = std::env::temp_dir().join(format!("vandan-lost-answer-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("keys")).unwrap();
    let forgetful = |store| Box::new(Forgetful { store, commits: AtomicU64::new(0) }) as Box<dyn Store>;
    let book = sim::open_with(&folder, 1, forgetful).unwrap();
    for number in 0..100 {
        if command(&book, number).is_err() {
            // A head map of now, signed while the ledger knew nothing of the commit.
            book.checkpoint(true).unwrap();
            assert_eq!(command(&book, number).unwrap(), number.to_be_bytes());
        }
    }
    assert_eq!(book.view(|view| Ok(view.event_count()?)).unwrap(), 100);
    book.checkpoint(true).unwrap();
    assert_eq!(book.ledger_size(), 100);
    let shadow = store_sql::SqliteStore::scratch(&folder.join("shadow.sqlite"), sim::TABLES).unwrap();
    let report = services::verify::verify(&book, &shadow, sim::TABLES, None, &mut |_| ()).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let _ = std::fs::remove_dir_all(&folder);
}
