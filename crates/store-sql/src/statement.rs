//! Every SQL text that reads and writes rows, made once from the tables' declarations.
//!
//! One text for both databases, in what they share: `ON CONFLICT … DO UPDATE`, row comparison in `WHERE`, `BIGINT`, `TEXT`.
//! What differs is [`Dialect`]: the placeholder's sign, bytes, how text is ordered, and how tables and indexes are made.
//! Not here: how PostgreSQL takes many rows at once (`postgres::bulk`).

use journal::{Column, Index, Kind, Table};
use ports::Fault;
use ports::store::Page;

/// What the two databases say differently.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// The placeholder of the value with this number.
    fn place(self, number: usize) -> String {
        match self {
            Dialect::Sqlite => format!("?{number}"),
            Dialect::Postgres => format!("${number}"),
        }
    }

    /// `from, from+1, …`, `count` of them.
    fn places(self, from: usize, count: usize) -> String {
        (from..from + count).map(|number| self.place(number)).collect::<Vec<_>>().join(", ")
    }

    /// The type of a column. Text is ordered by its bytes in both.
    pub(crate) fn kind(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (_, Kind::Int) => "BIGINT",
            (Dialect::Sqlite, Kind::Text) => "TEXT",
            (Dialect::Postgres, Kind::Text) => "TEXT COLLATE \"C\"",
            (Dialect::Sqlite, Kind::Blob) => "BLOB",
            (Dialect::Postgres, Kind::Blob) => "BYTEA",
        }
    }

    /// A column as a table's declaration has it.
    pub(crate) fn column(self, column: &Column) -> String {
        format!("{} {}", column.name, self.kind(column.kind))
    }

    /// The key lies in the table itself where the database can do that.
    fn table_end(self) -> &'static str {
        match self {
            Dialect::Sqlite => " WITHOUT ROWID",
            Dialect::Postgres => "",
        }
    }

    /// The columns of an index: SQLite adds the key by itself and has empty cells first.
    fn indexed(self, by: &[&str], keys: &[&str]) -> String {
        match self {
            Dialect::Sqlite => by.join(", "),
            Dialect::Postgres => {
                let by = by.iter().map(|column| format!("{column} NULLS FIRST"));
                by.chain(keys.iter().map(|&key| key.to_owned())).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What holds for the row of a key.
    fn key(self, keys: &[&str]) -> String {
        match self {
            Dialect::Sqlite => self.conditions(keys),
            Dialect::Postgres => {
                let names: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
                let places: Vec<String> = (1..=keys.len()).map(|number| self.place(number)).collect();
                is_key(&names, &places)
            }
        }
    }

    fn conditions(self, names: &[&str]) -> String {
        let all: Vec<String> =
            names.iter().enumerate().map(|(at, name)| format!("{name} = {}", self.place(at + 1))).collect();
        if all.is_empty() { String::from("1 = 1") } else { all.join(" AND ") }
    }
}

/// What holds for the one row whose key equals `to`: `names` and `to` are lists without brackets.
///
/// A key of several columns is held within two bounds instead of column by column. PostgreSQL would otherwise take any
/// index that has all of them for as good as the key's own, since it thinks of the average value: of a common name's token
/// it then reads every entry, tens of thousands, for each row. Two bounds can only be found fast by the key's index.
pub(crate) fn is_key(names: &[String], to: &[String]) -> String {
    debug_assert!(!names.is_empty(), "a key has a column");
    match (names, to) {
        ([name], [to]) => format!("{name} = {to}"),
        _ => {
            let (names, to) = (names.join(", "), to.join(", "));
            format!("({names}) >= ({to}) AND ({names}) <= ({to})")
        }
    }
}

/// The columns of the table of events.
pub(crate) const EVENT_COLUMNS: &str = "number, kind, unit, recorded, salt, commitment, bytes";
/// The next event's number.
pub(crate) const EVENT_COUNT: &str = "SELECT COALESCE(MAX(number) + 1, 0) FROM event";

/// The texts for the table of events.
pub(crate) struct EventStatements {
    pub(crate) create: String,
    /// Appending one event.
    pub(crate) insert: String,
    /// Reading events in order.
    pub(crate) select: String,
    /// Reading events by their numbers, given as one array.
    pub(crate) select_at: String,
    /// Events of a kind and unit within a time, the last first.
    pub(crate) select_of: String,
    /// Counts by kind and unit.
    pub(crate) tally: String,
    /// Counts by kind.
    pub(crate) kinds: String,
    /// The same from a number on.
    pub(crate) kinds_from: String,
}

/// The texts of a list: each begins where it begins or after a place, and goes on or back.
pub(crate) struct PageStatements {
    whole: [String; 2],
    later: [String; 2],
}

impl PageStatements {
    /// The text for a page.
    pub(crate) fn of(&self, page: Page<'_>) -> &str {
        let texts = if page.after.is_some() { &self.later } else { &self.whole };
        &texts[usize::from(page.back)]
    }
}

impl EventStatements {
    fn new(dialect: Dialect) -> EventStatements {
        let (text, bytes) = (dialect.kind(Kind::Text), dialect.kind(Kind::Blob));
        let [first, second, third, fourth, fifth, sixth] = [1, 2, 3, 4, 5, 6].map(|place| dialect.place(place));
        EventStatements {
            create: format!(
                "CREATE TABLE IF NOT EXISTS event (
                    number BIGINT PRIMARY KEY, kind {text} NOT NULL, unit {text} NOT NULL, recorded BIGINT NOT NULL,
                    salt {bytes} NOT NULL, commitment {bytes} NOT NULL, bytes {bytes} NOT NULL);
                CREATE INDEX IF NOT EXISTS event_by_kind ON event (kind, unit, recorded);"
            ),
            insert: format!("INSERT INTO event ({EVENT_COLUMNS}) VALUES ({})", dialect.places(1, 7)),
            select: format!("SELECT {EVENT_COLUMNS} FROM event WHERE number >= {first} ORDER BY number LIMIT {second}"),
            select_at: format!("SELECT {EVENT_COLUMNS} FROM event WHERE number = ANY({first})"),
            // A sum is in no index, so that no planner goes through all events by their numbers.
            select_of: format!(
                "SELECT {EVENT_COLUMNS} FROM event
                WHERE kind = {first} AND unit = {second} AND recorded >= {third} AND recorded < {fourth} AND number + 0 < {fifth}
                ORDER BY number + 0 DESC LIMIT {sixth}"
            ),
            kinds: "SELECT kind, COUNT(*) FROM event GROUP BY kind ORDER BY kind".into(),
            kinds_from: format!("SELECT kind, COUNT(*) FROM event WHERE number >= {first} GROUP BY kind ORDER BY kind"),
            tally: format!(
                "SELECT kind, unit, COUNT(*) FROM event WHERE recorded <= {first} GROUP BY kind, unit ORDER BY kind, unit"
            ),
        }
    }
}

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
    /// By number of prefix columns.
    pub(crate) scan: Vec<PageStatements>,
    /// By number of prefix columns.
    pub(crate) last: Vec<String>,
    /// By index, then number of columns given.
    pub(crate) find: Vec<Vec<PageStatements>>,
    /// The counts of the same, from one column given.
    pub(crate) count_by: Vec<Vec<String>>,
}

/// The texts for all tables.
pub(crate) struct Statements {
    pub(crate) event: EventStatements,
    tables: Vec<TableStatements>,
}

impl Statements {
    pub(crate) fn new(dialect: Dialect, tables: &[&'static Table]) -> Statements {
        let mut all: Vec<TableStatements> = tables.iter().map(|table| TableStatements::new(dialect, table)).collect();
        all.sort_by_key(|statements| statements.table.code);
        assert!(all.windows(2).all(|pair| pair[0].table.code != pair[1].table.code), "a table code stands twice");
        Statements { event: EventStatements::new(dialect), tables: all }
    }

    pub(crate) fn all(&self) -> &[TableStatements] {
        &self.tables
    }

    /// The tables themselves.
    pub(crate) fn tables(&self) -> Vec<&'static Table> {
        self.tables.iter().map(|one| one.table).collect()
    }

    /// Whether a table or index of this name is ours.
    pub(crate) fn declares(&self, kind: &str, name: &str) -> bool {
        match kind {
            "table" => name == "event" || self.tables.iter().any(|one| one.table.name == name),
            "index" => {
                let own = |one: &TableStatements| one.table.indexes.iter().any(|index| index.name == name);
                name == "event_by_kind" || self.tables.iter().any(own)
            }
            _ => false,
        }
    }

    /// The texts for the table with a code.
    pub(crate) fn of(&self, code: u16) -> Result<&TableStatements, Fault> {
        let unknown = |_| Fault::Damaged { what: format!("table {code}"), cause: "not known".into() };
        let at = self.tables.binary_search_by_key(&code, |statements| statements.table.code).map_err(unknown)?;
        Ok(&self.tables[at])
    }
}

impl TableStatements {
    fn new(dialect: Dialect, table: &'static Table) -> TableStatements {
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let (keys, others) = names.split_at(table.key);
        let (name, list, key) = (table.name, names.join(", "), keys.join(", "));
        let indexed = |index: &Index| index.columns.iter().map(|at| names[*at]).collect::<Vec<&str>>();
        let columns: Vec<String> = table.columns.iter().map(|column| dialect.column(column)).collect();
        let updates: Vec<String> = others.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        let on_conflict =
            if updates.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", updates.join(", ")) };
        // A list by an index, or by the key where none is named. In index order empty cells come first; no key has one.
        let paged = |given: &[&str], index: &[&str]| {
            let begins = dialect.conditions(given);
            let place = [index.get(given.len()..).unwrap_or_default(), keys].concat();
            let (columns, after) = (place.join(", "), dialect.places(given.len() + 1, place.len()));
            let text = |later: bool, back: bool| {
                let (direction, empty, sign) =
                    if back { (" DESC", " NULLS LAST", '<') } else { ("", " NULLS FIRST", '>') };
                let by = index.iter().map(|column| format!("{column}{direction}{empty}"));
                let order = by.chain(keys.iter().map(|key| format!("{key}{direction}"))).collect::<Vec<_>>().join(", ");
                let (condition, count) = match later {
                    false => (String::new(), given.len()),
                    true => (format!(" AND ({columns}) {sign} ({after})"), given.len() + place.len()),
                };
                let limit = dialect.place(count + 1);
                format!("SELECT {list} FROM {name} WHERE {begins}{condition} ORDER BY {order} LIMIT {limit}")
            };
            PageStatements {
                whole: [text(false, false), text(false, true)],
                later: [text(true, false), text(true, true)],
            }
        };
        let scan = (0..=table.key).map(|given| paged(&keys[..given], &[]));
        let descending = keys.iter().map(|key| format!("{key} DESC")).collect::<Vec<_>>().join(", ");
        let find = table.indexes.iter().map(|index| {
            let by = indexed(index);
            (0..=by.len()).map(|given| paged(&by[..given], &by)).collect()
        });
        let count_by = table.indexes.iter().map(|index| {
            let by = indexed(index);
            let count = |given| format!("SELECT COUNT(*) FROM {name} WHERE {}", dialect.conditions(&by[..given]));
            (1..=by.len()).map(count).collect()
        });
        TableStatements {
            table,
            create: format!(
                "CREATE TABLE IF NOT EXISTS {name} ({}, PRIMARY KEY ({key})){};",
                columns.join(", "),
                dialect.table_end()
            ),
            create_indexes: table
                .indexes
                .iter()
                .map(|index| {
                    let by = indexed(index);
                    format!("CREATE INDEX IF NOT EXISTS {} ON {name} ({});", index.name, dialect.indexed(&by, keys))
                })
                .collect(),
            add_columns: columns.iter().map(|column| format!("ALTER TABLE {name} ADD COLUMN {column};")).collect(),
            put: format!(
                "INSERT INTO {name} ({list}) VALUES ({}) ON CONFLICT ({key}) DO {on_conflict}",
                dialect.places(1, names.len())
            ),
            delete: format!("DELETE FROM {name} WHERE {}", dialect.key(keys)),
            get: format!("SELECT {list} FROM {name} WHERE {}", dialect.key(keys)),
            count: format!("SELECT COUNT(*) FROM {name}"),
            scan: scan.collect(),
            last: (0..=table.key)
                .map(|given| {
                    let begins = dialect.conditions(&keys[..given]);
                    format!("SELECT {list} FROM {name} WHERE {begins} ORDER BY {descending} LIMIT 1")
                })
                .collect(),
            find: find.collect(),
            count_by: count_by.collect(),
        }
    }
}
