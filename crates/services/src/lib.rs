//! The use cases: each command checks, decides, writes one event and its rows, and is on the ledger.
