//! Reading and verifying a card: the terminal's procedure and its verdicts.
//!
//! Standard: ICAO Doc 9303-11, 4.2 (procedure), 5.1, 6.2. PACE opens the card; EF.SOD and DG14 are read first, the chip
//! proves its key, and everything else is read under the keys of that proof.
//! Invariant: whatever a card answers, an inspection ends, and each mechanism has exactly one verdict. Only a broken
//! connection is an error.
//! Not here: the reader (`ports::reader`), and what an officer makes of the verdicts.
//! Start reading at [`inspect`].

mod dialogue;
mod procedure;
mod read_back;
mod report;

pub use procedure::{Request, inspect};
pub use read_back::{NotMade, read_back};
pub use report::{Finding, Inspection, Mechanism, Reason, Step};

pub use pki::passive::Verdict;
