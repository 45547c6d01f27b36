//! The store port on SQL: SQLite in one file, or PostgreSQL, from one SQL text.
//!
//! Invariant: a transaction that returned is durable in the way its database has for that.
//! Not here: what rows mean; tables are declared as data (`journal::Table`) by the floors below.
//! Start reading at [`SqliteStore::open`] or [`PostgresStore::open`]; `statement` holds the SQL text.

mod copy;
mod postgres;
mod row;
mod sqlite;
mod statement;
mod view;

pub use self::postgres::{Address, PostgresStore};
pub use copy::copy;
pub use sqlite::SqliteStore;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A panic in another thread has rolled its transaction back; what is behind the lock is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
