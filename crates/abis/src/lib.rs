//! Deduplication by fingerprints: search, hits, cases and their decision.
