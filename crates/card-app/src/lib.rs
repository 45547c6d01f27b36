//! The ICAO card application: bytes in, bytes out, over a storage trait.
