//! The shape of a state table, declared once as data.

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A signed 64-bit integer: counts, instants in microseconds, enumerations.
    Int,
    /// UTF-8 text that names no person: unit codes, states.
    Text,
    /// Bytes: ids, sealed bodies, tokens, hashes.
    Blob,
}

/// One column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name in SQL.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// A way to find rows other than by key; `columns` are positions in the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Index {
    /// Its name in SQL, unique in the database.
    pub name: &'static str,
    /// Which columns, in order.
    pub columns: &'static [usize],
}

/// A state table. Its first `key` columns are the primary key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Table {
    /// The number that events name it by; never given to another table.
    pub code: u16,
    /// Its name in SQL.
    pub name: &'static str,
    /// How many leading columns are the key.
    pub key: usize,
    /// All columns. Append only.
    pub columns: &'static [Column],
    /// Other ways in.
    pub indexes: &'static [Index],
}

/// Shorthand for table declarations.
impl Column {
    /// An integer column.
    #[must_use]
    pub const fn int(name: &'static str) -> Column {
        Column { name, kind: Kind::Int }
    }

    /// A text column.
    #[must_use]
    pub const fn text(name: &'static str) -> Column {
        Column { name, kind: Kind::Text }
    }

    /// A bytes column.
    #[must_use]
    pub const fn blob(name: &'static str) -> Column {
        Column { name, kind: Kind::Blob }
    }
}
