//! JSON of a table. Written by hand where a number has two decimals, which must come out as they are: `86.27`.

use crate::{Cell, Table, decimal};
use serde_json::Value;

pub(crate) fn json(table: &Table) -> Vec<u8> {
    let quoted = |text: &str| Value::from(text).to_string();
    let mut text = format!("{{\"name\":{},\"title\":{},\"columns\":[", quoted(&table.name), quoted(&table.title));
    let columns = table
        .columns
        .iter()
        .map(|column| format!("{{\"key\":{},\"heading\":{}}}", quoted(&column.key), quoted(&column.heading)));
    text.push_str(&columns.collect::<Vec<String>>().join(","));
    text.push_str("],\"rows\":[");
    for (at, row) in table.rows.iter().enumerate() {
        text.push_str(if at > 0 { ",\n{" } else { "\n{" });
        let cells = table.columns.iter().zip(row).map(|(column, one)| format!("{}:{}", quoted(&column.key), cell(one)));
        text.push_str(&cells.collect::<Vec<String>>().join(","));
        text.push('}');
    }
    text.push_str("]}\n");
    text.into_bytes()
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "null".to_owned(),
        Cell::Text(text) => Value::from(text.as_str()).to_string(),
        Cell::Count(count) => count.to_string(),
        Cell::Hundredths(hundredths) => decimal(*hundredths),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Day(day) => format!("\"{day}\""),
    }
}
