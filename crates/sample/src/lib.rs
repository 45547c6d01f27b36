//! Synthetic people, fingerprints and faces of nobody, the same for the same seed.
