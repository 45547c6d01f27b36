//! The texts of the program, by the name that its files use.

pub(crate) use text::{Key, Language, Texts, t};
