//! The register's tables. Every text column is free of personal data; bodies are sealed, words are keyed tokens.

use journal::{Column, Index, Table};

/// Administrative units. `successor` is the unit that this one was merged into; where it stands, the unit is no longer
/// there, and `merged_us` is when that was told.
pub static UNIT: Table = Table {
    code: 1,
    name: "unit",
    key: 1,
    columns: &[
        Column::text("code"),
        Column::text("parent"),
        Column::text("name"),
        Column::int("level"),
        Column::int("population"),
        Column::text("gso_code"),
        Column::text("successor"),
        Column::int("merged_us"),
    ],
    indexes: &[Index { name: "unit_by_parent", columns: &[1] }],
};

/// Runs of `import persons`. `unit` is that of the officer who imported, empty for the nation; `province` and `district`
/// are above it.
pub static IMPORT: Table = Table {
    code: 2,
    name: "import",
    key: 1,
    columns: &[
        Column::blob("import_id"),
        Column::blob("content"),
        Column::text("state"),
        Column::int("files"),
        Column::int("rows"),
        Column::int("begun"),
        Column::int("year"),
        Column::text("unit"),
        Column::text("province"),
        Column::text("district"),
    ],
    indexes: &[
        Index { name: "import_by_content", columns: &[1] },
        Index { name: "import_by_state", columns: &[2] },
        Index { name: "import_by_province", columns: &[8] },
        Index { name: "import_by_district", columns: &[9] },
        Index { name: "import_by_unit", columns: &[7] },
    ],
};

/// Files as sent.
pub static STAGED_FILE: Table = Table {
    code: 3,
    name: "staged_file",
    key: 1,
    columns: &[
        Column::blob("file_id"),
        Column::blob("import_id"),
        Column::blob("content"),
        Column::text("form"),
        Column::int("rows"),
        Column::text("state"),
        Column::blob("data_key"),
    ],
    indexes: &[
        Index { name: "staged_file_by_content", columns: &[2] },
        Index { name: "staged_file_by_import", columns: &[1] },
    ],
};

/// Rows as sent, sealed under their file's key.
pub static STAGED_ROW: Table = Table {
    code: 4,
    name: "staged_row",
    key: 2,
    columns: &[Column::blob("file_id"), Column::int("line"), Column::blob("content"), Column::blob("body")],
    indexes: &[],
};

/// What became of a row: `entered`, `pending` (entered, number pending), `case`, `same` (nothing new), `withdrawn`.
pub static ROW_OUTCOME: Table = Table {
    code: 5,
    name: "row_outcome",
    key: 2,
    columns: &[
        Column::blob("file_id"),
        Column::int("line"),
        Column::text("state"),
        Column::blob("person_id"),
        Column::blob("case_id"),
        Column::text("findings"),
    ],
    indexes: &[
        Index { name: "row_outcome_by_person", columns: &[3] },
        Index { name: "row_outcome_by_state", columns: &[2] },
    ],
};

/// The current version of each sender's row: keyed tokens of sender and row number.
pub static RECORD: Table = Table {
    code: 6,
    name: "record",
    key: 1,
    columns: &[
        Column::blob("record"),
        Column::blob("content"),
        Column::blob("file_id"),
        Column::int("line"),
        Column::blob("person_id"),
    ],
    indexes: &[Index { name: "record_by_person", columns: &[4] }],
};

/// Persons.
pub static PERSON: Table = Table {
    code: 10,
    name: "person",
    key: 1,
    columns: &[
        Column::blob("person_id"),
        Column::int("version"),
        Column::text("status"),
        Column::text("number_state"),
        Column::text("unit"),
        Column::blob("household_id"),
        Column::blob("import_id"),
        Column::blob("body"),
    ],
    indexes: &[
        Index { name: "person_by_state", columns: &[2, 3] },
        Index { name: "person_by_household", columns: &[5] },
    ],
};

/// Each person's data key, wrapped under the master key. Its rows are part of no event, so that a key can be destroyed.
pub static PERSON_KEY: Table = Table {
    code: 11,
    name: "person_key",
    key: 1,
    columns: &[Column::blob("person_id"), Column::blob("wrapped")],
    indexes: &[],
};

/// Keyed tokens by which persons are found: words of the name, the number, the old number; each with the person's commune,
/// so that a search within a unit reads that unit only.
pub static PERSON_TOKEN: Table = Table {
    code: 12,
    name: "person_token",
    key: 2,
    columns: &[Column::blob("person_id"), Column::blob("token"), Column::text("unit")],
    indexes: &[Index { name: "person_token_by_token", columns: &[1, 2] }],
};

/// Numbers that are taken: reserved from files, or allotted. The key is a keyed token of the number.
pub static NUMBER: Table = Table {
    code: 13,
    name: "number",
    key: 1,
    columns: &[Column::blob("number"), Column::blob("person_id"), Column::text("state")],
    indexes: &[],
};

/// The counter of each cell of numbers, by a keyed token of the cell.
pub static NUMBER_COUNTER: Table = Table {
    code: 14,
    name: "number_counter",
    key: 1,
    columns: &[Column::blob("cell"), Column::int("next")],
    indexes: &[],
};

/// Households; the members are found by the persons' column.
pub static HOUSEHOLD: Table = Table {
    code: 15,
    name: "household",
    key: 1,
    columns: &[
        Column::blob("household_id"),
        Column::int("version"),
        Column::text("unit"),
        Column::blob("token"),
        Column::blob("import_id"),
    ],
    indexes: &[
        Index { name: "household_by_token", columns: &[3] },
        Index { name: "household_by_import", columns: &[4] },
    ],
};

/// Questions for officers: `linkage`, `number-clash`, `fingerprint`. `province` and `district` are above the unit.
pub static CASE: Table = Table {
    code: 16,
    name: "case_file",
    key: 1,
    columns: &[
        Column::blob("case_id"),
        Column::int("version"),
        Column::text("kind"),
        Column::text("state"),
        Column::text("unit"),
        Column::blob("person_a"),
        Column::blob("person_b"),
        Column::blob("import_id"),
        Column::int("opened"),
        Column::blob("data_key"),
        Column::blob("body"),
        Column::text("province"),
        Column::text("district"),
    ],
    indexes: &[
        Index { name: "case_by_state", columns: &[3] },
        Index { name: "case_by_import", columns: &[7] },
        Index { name: "case_by_province", columns: &[3, 11] },
        Index { name: "case_by_district", columns: &[3, 12] },
        Index { name: "case_by_unit", columns: &[3, 4] },
    ],
};

/// Officers' decisions on cases; the reason is sealed under the case's key.
pub static CASE_DECISION: Table = Table {
    code: 17,
    name: "case_decision",
    key: 2,
    columns: &[
        Column::blob("case_id"),
        Column::blob("officer_id"),
        Column::text("decision"),
        Column::int("decided"),
        Column::blob("reason"),
    ],
    indexes: &[],
};

/// All of them.
pub static TABLES: &[&Table] = &[
    &UNIT,
    &IMPORT,
    &STAGED_FILE,
    &STAGED_ROW,
    &ROW_OUTCOME,
    &RECORD,
    &PERSON,
    &PERSON_KEY,
    &PERSON_TOKEN,
    &NUMBER,
    &NUMBER_COUNTER,
    &HOUSEHOLD,
    &CASE,
    &CASE_DECISION,
];
