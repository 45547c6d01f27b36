//! What each operation records before it answers: the events that a look or a change leaves, or why there are none.

use services::audit::Records::{self, Events, Nothing};

/// Every operation, by its id in the document: what it records when it does what it is for; each kind once, in order.
pub const RECORDS: &[(&str, Records)] = &[
    ("sign_in", Events(&["officer.signed-in"])),
    ("sign_out", Events(&["officer.signed-out"])),
    ("search_persons", Events(&["person.found"])),
    ("read_person", Events(&["person.read"])),
    ("list_cases", Nothing("ids, states and units, no person")),
    ("read_case", Events(&["case.read"])),
    ("decide_case", Events(&["case.decided", "person.entered"])),
    ("list_applications", Nothing("ids, states and units, no person")),
    ("receive_application", Events(&["application.received"])),
    ("list_batches", Nothing("ids, states and counts, no person")),
    ("make_batch", Events(&["application.batched", "batch.made"])),
    ("show_batch", Nothing("ids, states and units, no person")),
    ("approve_batch", Events(&["application.approved", "batch.approved"])),
    ("read_household", Events(&["person.found"])),
    ("prove_person", Events(&["person.proven"])),
    ("show_application", Nothing("states and qualities, no person")),
    ("list_imports", Nothing("ids, states and counts, no person")),
    ("show_import", Nothing("ids, states and counts, no person")),
    ("list_rows", Nothing("lines, states and codes of findings, no person's data")),
    ("list_officers", Nothing("accounts, no person of the register")),
    ("show_officer", Nothing("an account, no person of the register")),
    ("make_officer", Events(&["officer.made"])),
    ("feed_events", Nothing("kinds, units and commitments, nothing of the persons they concern")),
    ("show_status", Nothing("counts, no person")),
];
