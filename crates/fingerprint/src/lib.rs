//! Fingerprint images to templates, comparison, fusion and exhaustive search.
