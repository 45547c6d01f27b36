//! The tables of the programme. Nothing in them is about a person.

use journal::{Column, Index, Table};

/// Returns as units signed them.
pub(super) static RETURN: Table = Table {
    code: 70,
    name: "signed_return",
    key: 4,
    columns: &[
        Column::text("unit"),
        Column::text("measure"),
        Column::int("day"),
        Column::int("recorded"),
        Column::int("count"),
        Column::text("signer"),
        Column::blob("officer_id"),
    ],
    indexes: &[],
};

/// Targets in all versions; one without a count withdraws the one before.
pub(super) static TARGET: Table = Table {
    code: 71,
    name: "target",
    key: 4,
    columns: &[
        Column::text("measure"),
        Column::text("unit"),
        Column::int("deadline"),
        Column::int("version"),
        Column::int("count"),
        Column::text("basis"),
        Column::int("recorded"),
        Column::blob("officer_id"),
    ],
    indexes: &[],
};

/// What is followed up: difficulties, approaches, delegations, acts of law, milestones, pilots, reports. `body` is the noun as
/// JSON, of which the columns before it are a part.
pub(super) static RECORD: Table = Table {
    code: 72,
    name: "programme_record",
    key: 1,
    columns: &[
        Column::blob("record_id"),
        Column::int("version"),
        Column::text("kind"),
        Column::text("unit"),
        Column::text("state"),
        Column::int("due"),
        Column::int("changed"),
        Column::text("body"),
    ],
    indexes: &[
        Index { name: "programme_record_by_kind", columns: &[2, 0] },
        Index { name: "programme_record_by_due", columns: &[2, 5] },
    ],
};

/// Reports as they were frozen. `body` is the report as canonical JSON, `filing` who froze, checked and signed it.
pub(super) static REPORT: Table = Table {
    code: 73,
    name: "report",
    key: 1,
    columns: &[
        Column::blob("report_id"),
        Column::int("version"),
        Column::text("unit"),
        Column::text("state"),
        Column::int("made"),
        Column::text("body"),
        Column::text("filing"),
    ],
    indexes: &[],
};

/// Where the sealed bytes of attached files lie, and each file's key, wrapped. Both are empty once a file was withdrawn.
pub(crate) static ATTACHMENT: Table = Table {
    code: 74,
    name: "attachment",
    key: 1,
    columns: &[
        Column::blob("attachment_id"),
        Column::blob("record_id"),
        Column::blob("address"),
        Column::blob("wrapped"),
    ],
    indexes: &[],
};

/// Under which units a record is listed: those that it is about, and those above them. The nation has all without a row.
pub(super) static RECORD_LIST: Table = Table {
    code: 75,
    name: "programme_record_list",
    key: 3,
    columns: &[Column::text("unit"), Column::text("kind"), Column::blob("record_id")],
    indexes: &[Index { name: "programme_record_list_by_record", columns: &[2] }],
};

/// All of them.
pub static TABLES: &[&Table] = &[&RETURN, &TARGET, &RECORD, &REPORT, &ATTACHMENT, &RECORD_LIST];
