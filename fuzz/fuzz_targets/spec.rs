//! A description of other data: read or refused with a place; records of it are linked whatever their cells are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use linkage::{Spec, Table, Thresholds, link};

fuzz_target!(|data: &[u8]| {
    // A description, a zero byte, then cells: one of each field a line, tabs between them.
    let at = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let text = String::from_utf8_lossy(&data[..at]);
    let spec = match Spec::parse(&text) {
        Ok(spec) => spec,
        Err(fault) => {
            assert!(fault.line >= 1 && fault.column >= 1 && !fault.cause.is_empty());
            return;
        }
    };
    let mut table = Table::new(spec);
    let cells = String::from_utf8_lossy(&data[at..]);
    for line in cells.lines().take(50) {
        table.push(&line.split('\t').collect::<Vec<_>>());
    }
    let records = table.len();
    let links = link(&mut table, Thresholds::default());
    assert_eq!(links.cluster.len(), records);
    for pair in &links.pairs {
        assert!(links.explain(pair).evidence.iter().all(|said| said.bits.is_finite()));
    }
});
