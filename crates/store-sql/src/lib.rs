//! The store port on SQL: SQLite today, in the subset that PostgreSQL shares.
