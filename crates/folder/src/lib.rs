//! The data folder: sealed blobs, ledger tiles and keys as files.
