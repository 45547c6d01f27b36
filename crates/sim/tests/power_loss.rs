//! Power loss at every write of 300 operations: what was acknowledged is there.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "tests wait for, time and kill real processes")]

use sim::record::{Disk, Operation, parse};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Operations done under the recorder.
const OPERATIONS: u64 = 300;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Memory, where there is some: thousands of small folders are laid out.
fn temporary() -> Folder {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let path = base.join(format!("vandan-power-loss-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    Folder(path)
}

/// Runs the operations under the recorder; gives what it saw.
fn record(folder: &Path) -> Vec<Operation> {
    let recorder = folder.join("recorder.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("recorder.c");
    let compiled =
        Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&recorder).arg(source).arg("-ldl").status();
    assert!(
        compiled.is_ok_and(|status| status.success()),
        "a C compiler is needed: apt-get install -y build-essential"
    );
    let (data, log) = (folder.join("data"), folder.join("log"));
    std::fs::create_dir_all(data.join("keys")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_sim-operations"))
        .arg(&data)
        .arg(OPERATIONS.to_string())
        .env("LD_PRELOAD", &recorder)
        .env("RECORD_FOLDER", &data)
        .env("RECORD_LOG", &log)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let operations = parse(&std::fs::read(&log).unwrap()).expect("the recorder's log is whole");
    // The recorder saw everything: its disk is the real one.
    let mut disk = Disk::default();
    operations.iter().for_each(|operation| disk.apply(operation));
    disk.write(&folder.join("rebuilt")).unwrap();
    for name in ["register.sqlite", "ledger/checkpoint", "keys/master.key"] {
        let bytes = |place: &str| std::fs::read(folder.join(place).join(name)).unwrap();
        assert!(bytes("data") == bytes("rebuilt"), "{name} was not recorded completely");
    }
    operations
}

/// Opens a disk with the real code, and looks for everything acknowledged.
fn check(disk: &Disk, folder: &Path, acknowledged: u64, verify: bool, place: &str) {
    let _ = std::fs::remove_dir_all(folder);
    disk.write(folder).unwrap();
    if acknowledged == 0 && !folder.join("keys/master.key").exists() {
        return;
    }
    let book = sim::open(folder, 2).unwrap_or_else(|error| panic!("{place}: cannot be opened: {error}"));
    let found = book
        .view(|view| {
            for operation in 0..acknowledged {
                let row = view.get(&register::table::UNIT, &[format!("{operation:05}").into()])?;
                let row = row.unwrap_or_else(|| panic!("{place}: operation {operation} was acknowledged and is lost"));
                if operation % 3 == 0 {
                    let address: Vec<u8> =
                        (0..32).map(|at| u8::from_str_radix(&row[2].text()[2 * at..2 * at + 2], 16).unwrap()).collect();
                    let blob = book.home().blobs.get(&address.try_into().unwrap())?;
                    assert!(blob.is_some(), "{place}: the blob of operation {operation} is lost");
                }
            }
            Ok(view.event_count()?)
        })
        .unwrap();
    assert!(found >= acknowledged && found <= acknowledged + 1, "{place}: {found} events, {acknowledged} acknowledged");
    if verify {
        let shadow = store_sql::SqliteStore::scratch(&folder.join("shadow.sqlite"), sim::TABLES).unwrap();
        let report = services::verify::verify(&book, &shadow, sim::TABLES, None, &mut |_| ()).unwrap();
        assert!(report.findings.is_empty(), "{place}: {:?}", report.findings);
    }
}

#[test]
fn what_was_acknowledged_survives_a_power_loss_at_every_write() {
    let folder = temporary();
    let operations = record(&folder.0);
    let acknowledged = operations.iter().filter(|operation| matches!(operation, Operation::Acknowledge(_))).count();
    assert_eq!(acknowledged as u64, OPERATIONS);
    let threads = 2;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (operations, base) = (&operations, &folder.0);
            scope.spawn(move || {
                let (mut disk, mut acknowledged) = (Disk::default(), 0);
                for (at, operation) in operations.iter().enumerate() {
                    disk.apply(operation);
                    if let Operation::Acknowledge(number) = operation {
                        acknowledged = number + 1;
                    }
                    if at % threads != thread {
                        continue;
                    }
                    let place = base.join(format!("thread-{thread}"));
                    check(&disk, &place, acknowledged, at % 97 == 0, &format!("after write {at}"));
                    check(
                        &disk.without_unsynced(),
                        &place,
                        acknowledged,
                        at % 97 == 0,
                        &format!("after write {at}, unsynced lost"),
                    );
                }
            });
        }
    });
    println!("{} prefixes of {} operations, each with and without what was not synced", operations.len(), OPERATIONS);
}
