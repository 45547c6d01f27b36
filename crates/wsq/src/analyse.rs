//! Variances of the subbands, which the bins follow from.
//!
//! Standard: IAFIS-IC-0110, part 3, encoder number two: the variance of a subband's middle, unless the four lowest
//! subbands vary so little that the whole of each is taken.
//! Start reading at [`variances`].

use crate::subband::{CODED, Region};

/// Sum of the four lowest subbands' variances below which whole subbands are taken.
const ACTIVE_MIN: f64 = 20_000.0;

/// The variances of the subbands of a plane.
pub(crate) fn variances(plane: &[f32], pitch: usize, bands: &[Region]) -> [f64; CODED] {
    let of = |part: fn(&Region) -> Region| {
        std::array::from_fn(|band| bands.get(band).map_or(0.0, |region| variance(plane, pitch, &part(region))))
    };
    let middles: [f64; CODED] = of(middle);
    if middles[..4].iter().sum::<f64>() < ACTIVE_MIN { of(|region| *region) } else { middles }
}

/// The middle of a subband: three quarters of its width, seven sixteenths of its height.
fn middle(region: &Region) -> Region {
    let mut part = *region;
    part.x.start += region.x.length / 8;
    part.x.length = 3 * region.x.length / 4;
    part.y.start += 9 * region.y.length / 32;
    part.y.length = 7 * region.y.length / 16;
    // Of a subband of a few coefficients nothing would be left.
    if part.area() > 1 { part } else { *region }
}

fn variance(plane: &[f32], pitch: usize, region: &Region) -> f64 {
    let (mut sum, mut squares) = (0.0, 0.0);
    for row in region.y.start..region.y.start + region.y.length {
        let start = row * pitch + region.x.start;
        for &value in &plane[start..start + region.x.length] {
            sum += f64::from(value);
            squares += f64::from(value) * f64::from(value);
        }
    }
    let count = region.area() as f64;
    // One coefficient has no variance, and its square says whether it is worth coding.
    if count < 2.0 { squares } else { ((squares - sum * sum / count) / (count - 1.0)).max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subband::Layout;

    #[test]
    fn active_images_are_measured_in_the_middle() {
        let layout = Layout::new(256, 256);
        // Everything lies at the upper edge of each subband, outside its middle.
        let mut plane = vec![0.0; 256 * 256];
        for band in &layout.bands {
            let start = band.y.start * 256 + band.x.start;
            plane[start..start + band.x.length].fill(1_000.0);
        }
        let still = variances(&plane, 256, &layout.bands);
        assert!(still.iter().all(|&variance| variance > 1.0));
        // One coefficient in the middle of the lowest subband makes the image an active one.
        plane[4 * 256 + 4] = 100_000.0;
        let active = variances(&plane, 256, &layout.bands);
        assert!(active[0] > ACTIVE_MIN && active[1..].iter().all(|&variance| variance == 0.0));
    }
}
