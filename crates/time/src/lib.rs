//! Instants, civil dates of any precision, days in Việt Nam time.
