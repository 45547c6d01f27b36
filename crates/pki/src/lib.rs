//! Certificates of CSCA and document signer, EF.SOD signatures, master lists.
