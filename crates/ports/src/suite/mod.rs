//! The suites that every adapter of a port passes. They panic where an adapter is wrong; tests call them.

mod blob;
mod gallery;
mod store;
mod tiles;

pub use blob::blobs;
pub use gallery::gallery_files;
pub use store::{TABLES, store};
pub use tiles::tile_files;
