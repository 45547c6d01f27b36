//! Does operations in a folder, one after the other, and acknowledges each on standard output.

use journal::{Actor, Change, Value};
use services::Decision;
use std::io::Write;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, folder, operations] = arguments.as_slice() else { std::process::exit(2) };
    let count: u64 = operations.parse().unwrap_or(0);
    if let Err(error) = work(std::path::Path::new(folder), count) {
        let _ = writeln!(std::io::stderr(), "{error}");
        std::process::exit(1);
    }
}

fn work(folder: &std::path::Path, count: u64) -> Result<(), services::Error> {
    let book = sim::open(folder, 1)?;
    for operation in 0..count {
        // Every third operation has a blob, as an enrolment has; its address stands in the row.
        let blob =
            if operation % 3 == 0 { Some(book.home().blobs.put(&operation.to_be_bytes().repeat(40))?) } else { None };
        let name = blob.map_or(String::new(), |address| address.iter().map(|byte| format!("{byte:02x}")).collect());
        let mut event = book.event("operation", &Actor::default());
        let code = format!("{operation:05}");
        let row: Vec<Value> =
            vec![code.into(), "".into(), name.into(), 3.into(), 0.into(), "".into(), "".into(), Value::Null];
        event.changes = vec![Change::put(&register::table::UNIT, row)];
        book.submit(Some(&operation.to_be_bytes()), move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
        book.tick()?;
        // One write, so that the recorder sees one acknowledgement.
        let _ = std::io::stdout().write_all(format!("{operation}\n").as_bytes());
        let _ = std::io::stdout().flush();
    }
    book.checkpoint(true).map(drop)
}
