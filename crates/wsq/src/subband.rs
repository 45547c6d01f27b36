//! The places of the 64 subbands inside the plane of coefficients.
//!
//! Standard: IAFIS-IC-0110, annex A, the figure of the subband decomposition.
//! The plane is split into quarters again and again; frequencies grow to the right and downward. A quarter on the right was
//! made by the high-pass filter, which turns the order of frequencies around, so its own halves change places: the
//! high-pass half lies left. The same holds for the quarters below, from top to bottom.
//! The last four subbands, the highest frequencies, are never coded and are not listed here.
//! Start reading at [`Layout::new`].

/// Subbands that may be coded.
pub(crate) const CODED: usize = 60;
/// Where the second and the third block of coefficients begin.
pub(crate) const BLOCKS: [usize; 4] = [0, 19, 52, CODED];

/// A rectangle of the plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    /// Columns.
    pub(crate) x: Side,
    /// Rows.
    pub(crate) y: Side,
}

/// One side of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Side {
    /// First pixel.
    pub(crate) start: usize,
    /// Pixels.
    pub(crate) length: usize,
    /// Whether the high-pass half lies first.
    pub(crate) mirrored: bool,
}

impl Side {
    /// Pixels of the low-pass half; of an odd number it takes the larger part.
    pub(crate) fn low(&self) -> usize {
        self.length.div_ceil(2)
    }

    fn halves(&self) -> [Self; 2] {
        let first = if self.mirrored { self.length / 2 } else { self.low() };
        [
            Self { start: self.start, length: first, mirrored: false },
            Self { start: self.start + first, length: self.length - first, mirrored: true },
        ]
    }
}

impl Region {
    /// Coefficients inside.
    pub(crate) fn area(&self) -> usize {
        self.x.length * self.y.length
    }

    /// The quarters: top left, top right, bottom left, bottom right.
    fn quarters(&self) -> [Self; 4] {
        let ([left, right], [top, bottom]) = (self.x.halves(), self.y.halves());
        [Self { x: left, y: top }, Self { x: right, y: top }, Self { x: left, y: bottom }, Self { x: right, y: bottom }]
    }
}

/// What is split and what comes out.
pub(crate) struct Layout {
    /// The regions that the filters split, the largest first.
    pub(crate) splits: Vec<Region>,
    /// The coded subbands in the order of the standard.
    pub(crate) bands: Vec<Region>,
}

impl Layout {
    /// The layout of an image of these sides.
    pub(crate) fn new(width: usize, height: usize) -> Self {
        let side = |length| Side { start: 0, length, mirrored: false };
        let image = Region { x: side(width), y: side(height) };
        let [low_1, right_1, below_1, _] = image.quarters();
        let [low_2, right_2, below_2, high_2] = low_1.quarters();
        let sixteenths = |region: &Region| region.quarters().map(|quarter| quarter.quarters()).concat();
        let lowest = sixteenths(&low_2);
        let mut splits = vec![image, low_1, right_1, below_1, low_2, right_2, below_2];
        splits.extend([low_2, right_2, below_2].iter().flat_map(Region::quarters));
        splits.push(lowest[0]);
        let mut bands = lowest[0].quarters().to_vec();
        bands.extend(&lowest[1..]);
        bands.extend(sixteenths(&right_2));
        bands.extend(sixteenths(&below_2));
        bands.push(high_2);
        bands.extend(right_1.quarters());
        bands.extend(below_1.quarters());
        debug_assert_eq!(bands.len(), CODED);
        Self { splits, bands }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subbands_cover_three_quarters_and_a_half_once() {
        for (width, height) in [(1, 1), (2, 3), (31, 64), (388, 374), (545, 622), (999, 1001)] {
            let layout = Layout::new(width, height);
            let mut seen = vec![0u8; width * height];
            for band in &layout.bands {
                for y in band.y.start..band.y.start + band.y.length {
                    for x in band.x.start..band.x.start + band.x.length {
                        seen[y * width + x] += 1;
                    }
                }
            }
            // Only the quarter of the highest frequencies is left out.
            for (at, &times) in seen.iter().enumerate() {
                let coded = at % width < width.div_ceil(2) || at / width < height.div_ceil(2);
                assert_eq!(times, u8::from(coded), "{width} by {height}, {at}");
            }
            assert_eq!(layout.splits.len(), 20);
        }
    }

    #[test]
    fn odd_sides_are_divided_as_the_standard_draws_them() {
        let layout = Layout::new(388, 374);
        let side = |side: Side| (side.start, side.length);
        let check = |band: usize, x, y| {
            let region = layout.bands[band];
            assert_eq!((side(region.x), side(region.y)), (x, y), "{band}");
        };
        // 388 = 194 + 194, 194 = 97 + 97, 97 = 49 + 48, 49 = 25 + 24, 25 = 13 + 12; 374 = 187 + 187, 187 = 94 + 93.
        check(0, (0, 13), (0, 12));
        check(3, (13, 12), (12, 12));
        check(51, (97, 97), (94, 93));
        check(52, (194, 97), (0, 94));
        check(53, (291, 97), (0, 94));
        // The lower quarter of 187 rows is mirrored: 93 come first.
        check(56, (0, 97), (187, 93));
        check(58, (0, 97), (280, 94));
    }
}
