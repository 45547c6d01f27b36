//! Tiles: the tree in files of 256 hashes, as C2SP tlog-tiles lays them out.

use crate::Hash;

/// Hashes in a full tile.
pub const WIDTH: u64 = 256;

/// A tile's place: level 0 holds leaf hashes, level 1 the roots of full tiles of level 0, and so on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Tile {
    /// The level.
    pub level: u8,
    /// The number of the tile in its level.
    pub number: u64,
    /// How many hashes it holds, 1 to 256.
    pub width: u64,
}

/// Why a tile could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ledger tile {path}: {cause}")]
pub struct TileError {
    /// The tile's path.
    pub path: String,
    /// What is wrong.
    pub cause: String,
}

/// Where hashes of tiles come from.
pub trait Tiles {
    /// Exactly `tile.width` hashes.
    fn hashes(&self, tile: Tile) -> Result<Vec<Hash>, TileError>;
}

/// `tile/<level>/<number>[.p/<width>]`.
#[must_use]
pub fn tile_path(tile: Tile) -> String {
    format!("tile/{}/{}{}", tile.level, number_path(tile.number), partial(tile.width))
}

/// `tile/entries/<number>[.p/<width>]`.
#[must_use]
pub fn entry_path(number: u64, width: u64) -> String {
    format!("tile/entries/{}{}", number_path(number), partial(width))
}

fn partial(width: u64) -> String {
    if width == WIDTH { String::new() } else { format!(".p/{width}") }
}

/// Groups of three digits, all but the last marked with an x: 1234067 is `x001/x234/067`.
fn number_path(number: u64) -> String {
    let mut path = format!("{:03}", number % 1000);
    let mut rest = number / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_standard() {
        // The example of C2SP tlog-tiles: tile 1234067 is at x001/x234/067.
        assert_eq!(tile_path(Tile { level: 0, number: 1_234_067, width: 256 }), "tile/0/x001/x234/067");
        assert_eq!(tile_path(Tile { level: 1, number: 0, width: 17 }), "tile/1/000.p/17");
        assert_eq!(entry_path(5, 256), "tile/entries/005");
        assert_eq!(entry_path(999, 3), "tile/entries/999.p/3");
        assert_eq!(entry_path(1000, 3), "tile/entries/x001/000.p/3");
    }
}
