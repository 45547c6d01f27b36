//! The direction of the ridges, block by block, for whoever draws a print.

use super::{BLOCK, look};
use crate::{Error, GreyImage};

/// The directions of the ridges in an image at 500 dpi.
#[derive(Debug, Clone, PartialEq)]
pub struct Orientation {
    /// Side of a block, in pixels.
    pub block: u32,
    /// Blocks in a row.
    pub columns: usize,
    /// Row by row; none where there is no print.
    pub directions: Vec<Option<Direction>>,
}

/// The direction of the ridges in a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Direction {
    /// In turns, 0 up to 0.5, counter-clockwise from the right: a ridge has no head.
    pub turn: f32,
    /// Share of the contrast that the ridges make up, 0 to 1.
    pub confidence: f32,
}

/// Finds the directions of the ridges of an image of `dpi` dots per inch.
///
/// # Errors
/// Those of [`crate::extract()`].
pub fn orientation(image: GreyImage, dpi: u32) -> Result<Orientation, Error> {
    let (_, field, mask) = look(&image.at_500_dpi(dpi)?)?;
    let direction = |block: usize| {
        let (column, row) = (block % field.columns, block / field.columns);
        let centre = |at: usize| at * BLOCK + BLOCK / 2;
        let local = field.at(centre(column), centre(row));
        let (turn, confidence) = (local.orientation, local.confidence.clamp(0.0, 1.0));
        mask.block(column as isize, row as isize).then_some(Direction { turn, confidence })
    };
    let directions = (0..field.columns * field.rows).map(direction).collect();
    Ok(Orientation { block: BLOCK as u32, columns: field.columns, directions })
}
