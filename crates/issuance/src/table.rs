//! The tables of issuance.

use journal::{Column, Index, Table};

/// Batches of cards. `state`: open, approved, personalised.
pub static BATCH: Table = Table {
    code: 60,
    name: "batch",
    key: 1,
    columns: &[
        Column::blob("batch_id"),
        Column::int("version"),
        Column::text("state"),
        Column::int("cards"),
        Column::blob("approver"),
    ],
    indexes: &[],
};

/// In which lists a batch stands: its state, for every unit that has a card in it, and for those above, the nation too.
pub static BATCH_LIST: Table = Table {
    code: 62,
    name: "batch_list",
    key: 3,
    columns: &[Column::text("unit"), Column::text("state"), Column::blob("batch_id")],
    indexes: &[Index { name: "batch_list_by_batch", columns: &[2] }],
};

/// Cards. `state`: begun, personalised, active. A card is begun before anything of it leaves the system; `version` counts the
/// attempts too. The body is sealed under the person's key: access number and what identifies the chip.
pub static CARD: Table = Table {
    code: 61,
    name: "card",
    key: 2,
    columns: &[
        Column::blob("person_id"),
        Column::blob("card_id"),
        Column::int("version"),
        Column::text("state"),
        Column::blob("application_id"),
        Column::blob("batch_id"),
        Column::blob("body"),
    ],
    indexes: &[Index { name: "card_by_id", columns: &[1] }, Index { name: "card_by_application", columns: &[4] }],
};

/// All of them.
pub static TABLES: &[&Table] = &[&BATCH, &CARD, &BATCH_LIST];
