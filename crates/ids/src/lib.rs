//! Typed identifiers: UUIDv7 made from a given instant and given random bytes.
