//! The Merkle tree of RFC 6962, section 2.1: appending, its root, and proofs that an entry is in it.

use crate::{Hash, Tile, TileError, Tiles, WIDTH, hash};

/// The growing edge of the tree: on each level the hashes that do not fill a tile yet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tree {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

/// The hash of an entry.
fn leaf(entry: &[u8]) -> Hash {
    hash(&[&[0], entry])
}

fn node(left: &Hash, right: &Hash) -> Hash {
    hash(&[&[1], left, right])
}

/// The root of 2^k hashes.
fn full_root(hashes: &[Hash]) -> Hash {
    debug_assert!(hashes.len().is_power_of_two());
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level.as_chunks::<2>().0.iter().map(|[left, right]| node(left, right)).collect();
    }
    level[0]
}

impl Tree {
    /// Takes up a tree of `size` entries from its tiles.
    pub fn load(size: u64, tiles: &dyn Tiles) -> Result<Tree, TileError> {
        let mut levels = Vec::new();
        let mut count = size;
        while count > 0 {
            let width = count % WIDTH;
            let tile = Tile { level: levels.len() as u8, number: count / WIDTH, width };
            levels.push(if width > 0 { tiles.hashes(tile)? } else { Vec::new() });
            count /= WIDTH;
        }
        Ok(Tree { size, levels })
    }

    /// How many entries there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends an entry; every tile that it fills is handed out.
    pub fn append(&mut self, entry: &[u8], full: &mut dyn FnMut(Tile, &[Hash])) {
        let mut carried = leaf(entry);
        self.size += 1;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let hashes = &mut self.levels[level];
            hashes.push(carried);
            if (hashes.len() as u64) < WIDTH {
                return;
            }
            let number = (self.size >> (8 * (level + 1))) - 1;
            full(Tile { level: level as u8, number, width: WIDTH }, hashes);
            carried = full_root(hashes);
            hashes.clear();
        }
    }

    /// The tiles at the edge that are not full.
    pub fn partial(&self) -> impl Iterator<Item = (Tile, &[Hash])> {
        self.levels.iter().enumerate().filter(|(_, hashes)| !hashes.is_empty()).map(|(level, hashes)| {
            let number = self.size >> (8 * (level + 1));
            (Tile { level: level as u8, number, width: hashes.len() as u64 }, hashes.as_slice())
        })
    }

    /// The root hash; that of the empty tree is the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut root: Option<Hash> = None;
        for hashes in &self.levels {
            // Full subtrees from the right: the lowest set bit of the count is the smallest of them.
            let mut end = hashes.len();
            while end > 0 {
                let width = 1 << end.trailing_zeros();
                let peak = full_root(&hashes[end - width..end]);
                root = Some(root.map_or(peak, |right| node(&peak, &right)));
                end -= width;
            }
        }
        root.unwrap_or_else(|| hash(&[]))
    }
}

/// The root over leaves `low..high` of a tree of `size` entries.
fn range_root(low: u64, high: u64, size: u64, tiles: &dyn Tiles) -> Result<Hash, TileError> {
    let count = high - low;
    if count.is_power_of_two() && low.is_multiple_of(count) {
        let height = count.trailing_zeros();
        let level = (height / 8) as u8;
        let first = low >> (8 * u32::from(level));
        let width = 1u64 << (height % 8);
        let in_level = size >> (8 * u32::from(level));
        let number = first / WIDTH;
        let tile = Tile { level, number, width: WIDTH.min(in_level - number * WIDTH) };
        let hashes = tiles.hashes(tile)?;
        let start = (first % WIDTH) as usize;
        return Ok(full_root(&hashes[start..start + width as usize]));
    }
    let middle = low + split(count);
    Ok(node(&range_root(low, middle, size, tiles)?, &range_root(middle, high, size, tiles)?))
}

/// The largest power of two below `count`.
fn split(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

/// The hashes that lead from entry `index` to the root of a tree of `size` entries, lowest first.
pub fn inclusion(index: u64, size: u64, tiles: &dyn Tiles) -> Result<Vec<Hash>, TileError> {
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(range_root(middle, high, size, tiles)?);
            high = middle;
        } else {
            path.push(range_root(low, middle, size, tiles)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// Whether `path` leads from the entry at `index` to `root`.
#[must_use]
pub fn verify_inclusion(entry: &[u8], index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    // The turns from the root down, then the hashes from the leaf up.
    let (mut low, mut high) = (0, size);
    let mut turns = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        turns.push(index >= middle);
        if index < middle { high = middle } else { low = middle }
    }
    if turns.len() != path.len() {
        return false;
    }
    let mut found = leaf(entry);
    for (right, sibling) in turns.iter().rev().zip(path) {
        found = if *right { node(sibling, &found) } else { node(&found, sibling) };
    }
    found == *root
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[derive(Default)]
    struct Memory(HashMap<(u8, u64), Vec<Hash>>);

    impl Tiles for Memory {
        fn hashes(&self, tile: Tile) -> Result<Vec<Hash>, TileError> {
            Ok(self.0[&(tile.level, tile.number)][..tile.width as usize].to_vec())
        }
    }

    /// The definition of RFC 6962, section 2.1, word for word.
    fn by_definition(entries: &[Vec<u8>]) -> Hash {
        match entries {
            [] => hash(&[]),
            [one] => leaf(one),
            _ => {
                let middle = split(entries.len() as u64) as usize;
                node(&by_definition(&entries[..middle]), &by_definition(&entries[middle..]))
            }
        }
    }

    fn grown(count: u32) -> (Tree, Memory, Vec<Vec<u8>>) {
        let (mut tree, mut memory) = (Tree::default(), Memory::default());
        let entries: Vec<Vec<u8>> = (0..count).map(|n| n.to_be_bytes().to_vec()).collect();
        for entry in &entries {
            tree.append(entry, &mut |tile, hashes| {
                memory.0.insert((tile.level, tile.number), hashes.to_vec());
            });
        }
        for (tile, hashes) in tree.partial() {
            memory.0.insert((tile.level, tile.number), hashes.to_vec());
        }
        (tree, memory, entries)
    }

    #[test]
    fn the_root_is_the_one_of_the_definition_and_a_reloaded_tree_is_the_same() {
        for count in [0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 513, 700, 65_535, 65_536, 65_537, 66_000] {
            let (tree, memory, entries) = grown(count);
            assert_eq!(tree.root(), by_definition(&entries), "{count}");
            let again = Tree::load(u64::from(count), &memory).unwrap();
            assert_eq!(again.root(), tree.root(), "{count}");
        }
    }

    #[test]
    fn the_root_of_the_published_vectors() {
        // RFC 6962 reference trees: entries of the certificate transparency test vectors.
        let entries: [&[u8]; 8] = [
            &[],
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        let mut tree = Tree::default();
        for entry in entries {
            tree.append(entry, &mut |_, _| ());
        }
        let hex: String = tree.root().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    #[test]
    fn every_entry_is_proven_and_no_other() {
        for count in [1u32, 2, 3, 5, 256, 300, 1000] {
            let (tree, memory, entries) = grown(count);
            let (size, root) = (u64::from(count), tree.root());
            for index in (0..size).step_by(1 + count as usize / 40) {
                let path = inclusion(index, size, &memory).unwrap();
                let entry = &entries[index as usize];
                assert!(verify_inclusion(entry, index, size, &path, &root), "{index} of {count}");
                assert!(!verify_inclusion(b"another", index, size, &path, &root));
                assert!(!verify_inclusion(entry, (index + 1) % size.max(2), size, &path, &root));
                assert!(!verify_inclusion(entry, size, size, &path, &root));
                if !path.is_empty() {
                    assert!(!verify_inclusion(entry, index, size, &path[1..], &root));
                }
            }
        }
    }
}
