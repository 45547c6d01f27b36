//! The signer port in software, for demonstrations: CSCA and document signer keys in files.
