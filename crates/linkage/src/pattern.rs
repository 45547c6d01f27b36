//! How two records agree, in 64 bits: for each field its level, and how rare the value is on which they agree.

use crate::likeness::{Alike, MISSING, SAME, level, levels, name, other, word, words};
use crate::spec::Kind;
use crate::table::{Table, bins};

/// The agreement of two records.
pub(crate) type Pattern = u64;

/// A field's place in a pattern.
#[derive(Clone, Copy, Debug)]
struct Slot {
    shift: u32,
    level_bits: u32,
    bin_bits: u32,
}

/// Where each field stands in a pattern.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    slots: Vec<Slot>,
    kinds: Vec<Kind>,
    /// A given name that stands this often is one that people have.
    common: u32,
}

/// Bits that count up to, and without, `values`.
fn bits(values: usize) -> u32 {
    usize::BITS - (values - 1).leading_zeros()
}

/// Whether a kind's value is still recognised at a level, so that its rarity counts.
pub(crate) fn recognised(kind: Kind, level: u8) -> bool {
    match kind {
        Kind::Name => (SAME..=name::SHORTENED).contains(&level) && level != name::GIVEN_SLIP,
        Kind::Word => (SAME..word::OTHER).contains(&level),
        Kind::Words => (SAME..words::COMMON).contains(&level),
        Kind::Place => level == SAME || level == other::NEAR,
        _ => level == SAME,
    }
}

/// The bits of a kind's level and rarity.
fn slot_of(kind: Kind, shift: u32) -> Slot {
    Slot { shift, level_bits: bits(levels(kind)), bin_bits: bits(bins(kind).0) }
}

/// How many bits of a pattern a field of this kind takes.
pub(crate) fn bits_of(kind: Kind) -> u32 {
    let slot = slot_of(kind, 0);
    slot.level_bits + slot.bin_bits
}

impl Layout {
    /// The layout of a table's fields. More than 64 bits are not needed by any description that is accepted.
    pub(crate) fn of(table: &Table) -> Layout {
        let kinds: Vec<Kind> = table.spec.fields.iter().map(|field| field.kind).collect();
        let mut shift = 0;
        let slots = kinds.iter().map(|kind| {
            let slot = slot_of(*kind, shift);
            shift += slot.level_bits + slot.bin_bits;
            slot
        });
        let common = (table.len() / 20_000).max(3) as u32;
        Layout { slots: slots.collect(), kinds, common }
    }

    /// Compares two records; `None` if they have other given names and no number in common: such are never one person.
    pub(crate) fn compare(&self, table: &Table, a: u32, b: u32) -> Option<Pattern> {
        let (a, b) = (table.row(a), table.row(b));
        let other_given = |name| matches!(level(table, name, a, b, self.common), name::GIVEN | name::OTHER);
        if table.spec.name.is_some_and(other_given)
            && !table.spec.numbers().any(|field| level(table, field, a, b, self.common) == SAME)
        {
            return None;
        }
        Some(self.whole(table, a, b))
    }

    /// Compares two rows whatever they are.
    pub(crate) fn whole(&self, table: &Table, a: &[u32], b: &[u32]) -> Pattern {
        let mut pattern = 0;
        for (field, slot) in self.slots.iter().enumerate() {
            let level = level(table, field, a, b, self.common);
            let mut value = u64::from(level);
            if slot.bin_bits > 0 && level != MISSING && recognised(self.kinds[field], level) {
                let bin = table.bin(a, field).min(table.bin(b, field)) as u64;
                value |= bin << slot.level_bits;
            }
            pattern |= value << slot.shift;
        }
        pattern
    }

    /// The level of a field.
    pub(crate) fn level(&self, pattern: Pattern, field: usize) -> u8 {
        let slot = self.slots[field];
        (pattern >> slot.shift & ((1 << slot.level_bits) - 1)) as u8
    }

    /// How a field's values agree; `None` where one is not known.
    pub(crate) fn alike(&self, pattern: Pattern, field: usize) -> Option<Alike> {
        Alike::of(self.kinds[field], self.level(pattern, field))
    }

    /// The rarity of the value that a field has in common; `None` where it has none or all are alike.
    pub(crate) fn bin(&self, pattern: Pattern, field: usize) -> Option<usize> {
        let slot = self.slots[field];
        let value = pattern >> slot.shift;
        let level = (value & ((1 << slot.level_bits) - 1)) as u8;
        let told = slot.bin_bits > 0 && level != MISSING && recognised(self.kinds[field], level);
        told.then(|| (value >> slot.level_bits & ((1 << slot.bin_bits) - 1)) as usize)
    }
}
