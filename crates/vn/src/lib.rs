//! Vietnamese text, names, numbers and places as people write them.
