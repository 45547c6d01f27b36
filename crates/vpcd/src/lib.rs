//! A card application in the PC/SC virtual reader.
