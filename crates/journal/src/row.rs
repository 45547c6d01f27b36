//! Values, rows, and the changes an event makes to rows.

use crate::Table;
use serde::{Deserialize, Serialize};

/// One cell.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Value {
    /// Nothing.
    Null,
    /// An integer.
    Int(i64),
    /// A text.
    Text(String),
    /// Bytes.
    #[serde(with = "serde_bytes")]
    Blob(Vec<u8>),
}

/// The cells of one row, in column order.
pub type Row = Vec<Value>;

/// What an event does to one row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Change {
    /// The row with this key now reads so.
    Put {
        /// [`Table::code`].
        table: u16,
        /// All cells, key first.
        row: Row,
    },
    /// The row with this key is gone.
    Delete {
        /// [`Table::code`].
        table: u16,
        /// The cells of the key.
        key: Row,
    },
}

impl Change {
    /// Writes a row.
    #[must_use]
    pub fn put(table: &Table, row: Row) -> Change {
        debug_assert_eq!(row.len(), table.columns.len(), "{}", table.name);
        Change::Put { table: table.code, row }
    }

    /// Deletes the row with a key.
    #[must_use]
    pub fn delete(table: &Table, key: Row) -> Change {
        debug_assert_eq!(key.len(), table.key, "{}", table.name);
        Change::Delete { table: table.code, key }
    }
}

impl Value {
    /// The integer; 0 where there is none.
    #[must_use]
    pub fn int(&self) -> i64 {
        if let Value::Int(value) = self { *value } else { 0 }
    }

    /// The text; empty where there is none.
    #[must_use]
    pub fn text(&self) -> &str {
        if let Value::Text(value) = self { value } else { "" }
    }

    /// The bytes; empty where there are none.
    #[must_use]
    pub fn blob(&self) -> &[u8] {
        if let Value::Blob(value) = self { value } else { &[] }
    }

    /// Whether the cell is empty.
    #[must_use]
    pub fn is_null(&self) -> bool {
        *self == Value::Null
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Value {
        Value::Blob(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Value {
        Value::Blob(value.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(value: &[u8; N]) -> Value {
        Value::Blob(value.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}
