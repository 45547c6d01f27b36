//! Every SQL text, made once from the tables' declarations.
//!
//! Only what SQLite and PostgreSQL share: numbered placeholders (`?1` here, `$1` there), `ON CONFLICT … DO UPDATE`,
//! row comparison in `WHERE`, `BIGINT`, `TEXT` and `BLOB` (there `BYTEA`).

use journal::{Kind, Table};

/// The table of events.
pub(crate) const EVENTS: &str = "
    CREATE TABLE IF NOT EXISTS event (
        number BIGINT PRIMARY KEY, kind TEXT NOT NULL, unit TEXT NOT NULL, recorded BIGINT NOT NULL,
        salt BLOB NOT NULL, commitment BLOB NOT NULL, bytes BLOB NOT NULL);
    CREATE INDEX IF NOT EXISTS event_by_kind ON event (kind, unit, recorded);";
/// Appending an event.
pub(crate) const EVENT_INSERT: &str =
    "INSERT INTO event (number, kind, unit, recorded, salt, commitment, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
/// Reading events in order.
pub(crate) const EVENT_SELECT: &str = "SELECT number, kind, unit, recorded, salt, commitment, bytes FROM event \
     WHERE number >= ?1 ORDER BY number LIMIT ?2";
/// The next event's number.
pub(crate) const EVENT_COUNT: &str = "SELECT COALESCE(MAX(number) + 1, 0) FROM event";
/// Counts by kind and unit.
pub(crate) const EVENT_TALLY: &str =
    "SELECT kind, unit, COUNT(*) FROM event WHERE recorded <= ?1 GROUP BY kind, unit ORDER BY kind, unit";

/// The texts for one table.
pub(crate) struct TableStatements {
    pub(crate) table: &'static Table,
    pub(crate) create: String,
    pub(crate) create_indexes: String,
    /// One `ALTER TABLE` for each column; those a file lacks are run.
    pub(crate) add_columns: Vec<String>,
    pub(crate) put: String,
    pub(crate) delete: String,
    pub(crate) get: String,
    pub(crate) count: String,
    /// By number of prefix columns: without and with a key to start after.
    pub(crate) scan: Vec<(String, String)>,
    /// By number of prefix columns.
    pub(crate) last: Vec<String>,
    /// By index, then number of columns given (from 1).
    pub(crate) find: Vec<Vec<String>>,
    /// The counts of the same.
    pub(crate) count_by: Vec<Vec<String>>,
}

/// The texts for all tables.
pub(crate) struct Statements(Vec<TableStatements>);

impl Statements {
    pub(crate) fn new(tables: &[&'static Table]) -> Statements {
        let mut all: Vec<TableStatements> = tables.iter().map(|table| TableStatements::new(table)).collect();
        all.sort_by_key(|statements| statements.table.code);
        assert!(all.windows(2).all(|pair| pair[0].table.code != pair[1].table.code), "a table code stands twice");
        Statements(all)
    }

    pub(crate) fn all(&self) -> &[TableStatements] {
        &self.0
    }

    /// Whether a table or index of this name is ours.
    pub(crate) fn declares(&self, kind: &str, name: &str) -> bool {
        match kind {
            "table" => name == "event" || self.0.iter().any(|one| one.table.name == name),
            "index" => {
                let own = |one: &TableStatements| one.table.indexes.iter().any(|index| index.name == name);
                name == "event_by_kind" || self.0.iter().any(own)
            }
            _ => false,
        }
    }

    pub(crate) fn of(&self, code: u16) -> Option<&TableStatements> {
        self.0.binary_search_by_key(&code, |statements| statements.table.code).ok().map(|at| &self.0[at])
    }
}

/// `?from, ?from+1, …`, `count` of them.
fn placeholders(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ")
}

fn conditions(names: &[&str]) -> String {
    let all: Vec<String> = names.iter().enumerate().map(|(at, name)| format!("{name} = ?{}", at + 1)).collect();
    if all.is_empty() { String::from("1 = 1") } else { all.join(" AND ") }
}

impl TableStatements {
    fn new(table: &'static Table) -> TableStatements {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let (keys, others) = names.split_at(table.key);
        let (name, list, key) = (table.name, names.join(", "), keys.join(", "));
        let kind = |kind| match kind {
            Kind::Int => "BIGINT",
            Kind::Text => "TEXT",
            Kind::Blob => "BLOB",
        };
        let columns: Vec<String> =
            table.columns.iter().map(|column| format!("{} {}", column.name, kind(column.kind))).collect();
        let updates: Vec<String> = others.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        let on_conflict =
            if updates.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", updates.join(", ")) };
        let scan = (0..=table.key).map(|given| {
            let begins = conditions(&keys[..given]);
            let order = format!("ORDER BY {key} LIMIT ?{}", table.key + given + 1);
            let after = placeholders(given + 1, table.key);
            (
                format!("SELECT {list} FROM {name} WHERE {begins} ORDER BY {key} LIMIT ?{}", given + 1),
                format!("SELECT {list} FROM {name} WHERE {begins} AND ({key}) > ({after}) {order}"),
            )
        });
        let descending = keys.iter().map(|key| format!("{key} DESC")).collect::<Vec<_>>().join(", ");
        let find = table.indexes.iter().map(|index| {
            let by: Vec<&str> = index.columns.iter().map(|at| names[*at]).collect();
            let order = [by.join(", "), key.clone()].join(", ");
            (1..=by.len())
                .map(|given| {
                    let begins = conditions(&by[..given]);
                    format!("SELECT {list} FROM {name} WHERE {begins} ORDER BY {order} LIMIT ?{}", given + 1)
                })
                .collect()
        });
        let count_by = table.indexes.iter().map(|index| {
            let by: Vec<&str> = index.columns.iter().map(|at| names[*at]).collect();
            let count = |given| format!("SELECT COUNT(*) FROM {name} WHERE {}", conditions(&by[..given]));
            (1..=by.len()).map(count).collect()
        });
        TableStatements {
            table,
            create: format!(
                "CREATE TABLE IF NOT EXISTS {name} ({}, PRIMARY KEY ({key})) WITHOUT ROWID;",
                columns.join(", ")
            ),
            create_indexes: table
                .indexes
                .iter()
                .map(|index| {
                    let by: Vec<&str> = index.columns.iter().map(|at| names[*at]).collect();
                    format!("CREATE INDEX IF NOT EXISTS {} ON {name} ({});", index.name, by.join(", "))
                })
                .collect(),
            add_columns: columns.iter().map(|column| format!("ALTER TABLE {name} ADD COLUMN {column};")).collect(),
            put: format!(
                "INSERT INTO {name} ({list}) VALUES ({}) ON CONFLICT ({key}) DO {on_conflict}",
                placeholders(1, names.len())
            ),
            delete: format!("DELETE FROM {name} WHERE {}", conditions(keys)),
            get: format!("SELECT {list} FROM {name} WHERE {}", conditions(keys)),
            count: format!("SELECT COUNT(*) FROM {name}"),
            scan: scan.collect(),
            last: (0..=table.key)
                .map(|given| {
                    let begins = conditions(&keys[..given]);
                    format!("SELECT {list} FROM {name} WHERE {begins} ORDER BY {descending} LIMIT 1")
                })
                .collect(),
            find: find.collect(),
            count_by: count_by.collect(),
        }
    }
}
