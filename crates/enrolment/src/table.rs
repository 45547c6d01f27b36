//! The tables of enrolment.

use journal::{Column, Index, Table};

/// Kits: the key each is known by.
pub static KIT: Table = Table {
    code: 50,
    name: "kit",
    key: 1,
    columns: &[Column::blob("kit_id"), Column::blob("public_key"), Column::text("unit"), Column::text("state")],
    indexes: &[],
};

/// Packets accepted, by kit and counter.
pub static PACKET: Table = Table {
    code: 51,
    name: "packet",
    key: 2,
    columns: &[Column::blob("kit_id"), Column::int("counter"), Column::blob("hash"), Column::blob("application_id")],
    indexes: &[],
};

/// Applications. `state`: received, checked, case, refused, recapture, batched, approved, personalised, handed-over.
/// `province` and `district` are above the unit.
pub static APPLICATION: Table = Table {
    code: 52,
    name: "application",
    key: 2,
    columns: &[
        Column::blob("person_id"),
        Column::blob("application_id"),
        Column::int("version"),
        Column::text("state"),
        Column::text("unit"),
        Column::blob("enroller"),
        Column::int("captured"),
        Column::int("received"),
        Column::blob("face"),
        Column::blob("batch_id"),
        Column::blob("case_id"),
        Column::int("face_quality"),
        Column::text("province"),
        Column::text("district"),
    ],
    indexes: &[
        Index { name: "application_by_id", columns: &[1] },
        Index { name: "application_by_state", columns: &[3, 7] },
        Index { name: "application_by_batch", columns: &[9] },
        Index { name: "application_by_province", columns: &[3, 12, 7] },
        Index { name: "application_by_district", columns: &[3, 13, 7] },
        Index { name: "application_by_unit", columns: &[3, 4, 7] },
    ],
};

/// Captured fingers: the image's blob, the sealed template, the quality and what most lowers it; or why there is none.
pub static CAPTURE: Table = Table {
    code: 53,
    name: "capture",
    key: 3,
    columns: &[
        Column::blob("person_id"),
        Column::blob("application_id"),
        Column::int("position"),
        Column::text("missing"),
        Column::int("quality"),
        Column::blob("image"),
        Column::blob("template"),
        Column::text("reason"),
    ],
    indexes: &[],
};

/// All of them.
pub static TABLES: &[&Table] = &[&KIT, &PACKET, &APPLICATION, &CAPTURE];
