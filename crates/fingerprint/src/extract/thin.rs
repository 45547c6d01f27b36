//! Ridges thinned to lines one pixel wide, still connected as before.
//!
//! Method: two alternating sub-iterations after Guo and Hall (Communications of the ACM 32, 1989), by table.
//! Start reading at [`skeleton`].

use super::Raster;

/// The lines of `ridges`.
pub(super) fn skeleton(ridges: &Raster) -> Raster {
    let tables = [table(0), table(1)];
    let mut raster = ridges.clone();
    let around = raster.around();
    let mut alive: Vec<usize> = (0..raster.cells.len()).filter(|&index| raster.cells[index] == 1).collect();
    let mut gone = Vec::new();
    loop {
        let before = alive.len();
        for table in &tables {
            gone.clear();
            for &index in &alive {
                if table[neighbours(&raster, index, &around)] {
                    gone.push(index);
                }
            }
            for &index in &gone {
                raster.cells[index] = 0;
            }
            alive.retain(|&index| raster.cells[index] == 1);
        }
        if alive.len() == before {
            return raster;
        }
    }
}

/// The eight neighbours as bits, from the right counter-clockwise.
pub(super) fn neighbours(raster: &Raster, index: usize, around: &[isize; 8]) -> usize {
    let mut bits = 0;
    for (bit, offset) in around.iter().enumerate() {
        bits |= usize::from(raster.cells[index.wrapping_add_signed(*offset)]) << bit;
    }
    bits
}

/// Which patterns of neighbours let the middle go, in the first or the second sub-iteration.
fn table(second: usize) -> [bool; 256] {
    std::array::from_fn(|bits| {
        // Clockwise from above, as the paper counts: p2 above, p3 above right … p9 above left.
        let p = |number: usize| bits >> ((12 - number) % 8) & 1 == 1;
        let pair = |a: usize, b: usize| usize::from(p(a) || p(b));
        let branches = [(2, 3, 4), (4, 5, 6), (6, 7, 8), (8, 9, 2)]
            .iter()
            .filter(|&&(side, first, next)| !p(side) && (p(first) || p(next)))
            .count();
        let one = pair(9, 2) + pair(3, 4) + pair(5, 6) + pair(7, 8);
        let two = pair(2, 3) + pair(4, 5) + pair(6, 7) + pair(8, 9);
        let count = one.min(two);
        let side = if second == 0 { (p(2) || p(3) || !p(5)) && p(4) } else { (p(6) || p(7) || !p(9)) && p(8) };
        branches == 1 && (2..=3).contains(&count) && !side
    })
}
