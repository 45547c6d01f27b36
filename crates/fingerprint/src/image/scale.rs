//! Resampling of a grey image to other sides.
//!
//! Each target pixel takes a tent-shaped mean of the source, at least one source pixel wide to either side, so that
//! shrinking does not alias and growing is bilinear. The weights are integers: the result is the same everywhere.
//! Start reading at [`resample`].

use super::GreyImage;

/// Weights are fractions of this.
const ONE: u64 = 1 << 12;

/// The pixels of `image` at the given sides.
pub(super) fn resample(image: &GreyImage, width: u32, height: u32) -> Vec<u8> {
    let columns = taps(image.width, width);
    let rows = taps(image.height, height);
    let source_width = image.width as usize;
    let mut narrow = vec![0u16; width as usize * image.height as usize];
    for (line, out) in image.pixels.chunks_exact(source_width).zip(narrow.chunks_exact_mut(width as usize)) {
        for (pixel, tap) in out.iter_mut().zip(&columns) {
            let sum: u64 = tap.weights.iter().zip(&line[tap.first..]).map(|(&w, &p)| w * u64::from(p)).sum();
            // Eight bits and eight more for precision between the two passes.
            *pixel = (sum * 256 / ONE) as u16;
        }
    }
    let width = width as usize;
    let mut out = Vec::with_capacity(width * height as usize);
    for tap in &rows {
        for x in 0..width {
            let sum: u64 =
                tap.weights.iter().enumerate().map(|(k, &w)| w * u64::from(narrow[(tap.first + k) * width + x])).sum();
            out.push(((sum / ONE + 128) / 256).min(255) as u8);
        }
    }
    out
}

/// The source pixels of one target pixel, with weights that sum to [`ONE`].
struct Tap {
    first: usize,
    weights: Vec<u64>,
}

fn taps(source: u32, target: u32) -> Vec<Tap> {
    let (source, target) = (i64::from(source), i64::from(target));
    // Positions in 1/256 of a source pixel.
    let reach = (256 * source / target).max(256);
    (0..target)
        .map(|index| {
            let centre = (256 * source * (2 * index + 1) / target - 256) / 2;
            let first = ((centre - reach) / 256).clamp(0, source - 1);
            let last = ((centre + reach) / 256 + 1).clamp(first, source - 1);
            let raw: Vec<i64> = (first..=last).map(|at| (reach - (at * 256 - centre).abs()).max(0)).collect();
            let total: i64 = raw.iter().sum::<i64>().max(1);
            let mut weights: Vec<u64> = raw.iter().map(|&w| (w * ONE as i64 / total) as u64).collect();
            // What the divisions lost goes to the heaviest tap, so that an even tone stays as it is.
            let lost = ONE.saturating_sub(weights.iter().sum());
            if let Some(heaviest) = (0..raw.len()).max_by_key(|&k| raw[k]) {
                weights[heaviest] += lost;
            }
            Tap { first: first as usize, weights }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maths::sine;

    /// A wave across, with this period in tenths of a millimetre, as a sensor of this resolution sees it.
    fn wave(dpi: u32, period: f32) -> GreyImage {
        let (width, height) = (dpi.div_ceil(2), dpi.div_ceil(5));
        let tenths = 254.0 / dpi as f32;
        let pixel = |at: u32| {
            let place = ((at % width) as f32 + 0.5) * tenths;
            (127.5 + 100.0 * sine(place / period)) as u8
        };
        GreyImage::new(width, height, (0..width * height).map(pixel).collect()).unwrap()
    }

    /// The largest distance from the grey in the middle, edges left out.
    fn amplitude(image: &GreyImage) -> u8 {
        let rows = image.pixels.chunks_exact(image.width as usize);
        let middle = rows.skip(30).take(40).flat_map(|row| &row[20..row.len() - 20]);
        middle.map(|pixel| pixel.abs_diff(127)).max().unwrap()
    }

    #[test]
    fn ridges_look_the_same_at_every_resolution() {
        // Ridges of 0.46 mm, nine pixels at 500 dpi.
        let expected = wave(500, 4.572);
        for dpi in [150, 200, 300, 400, 569, 700, 1_000, 1_200, 2_000] {
            let seen = wave(dpi, 4.572).at_500_dpi(dpi).unwrap();
            assert_eq!((seen.width, seen.height), (expected.width, expected.height), "{dpi}");
            let off: u64 = seen.pixels.iter().zip(&expected.pixels).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
            let mean = off as f64 / expected.pixels.len() as f64;
            println!("{dpi} dpi: {mean:.1} grey values off, amplitude {}", amplitude(&seen));
            // Sides are whole pixels, so that ridges may lie half a pixel off at the far edge; a sensor with less than four
            // pixels for a ridge and its valley sees them blurred.
            let most = if dpi < 300 { 30.0 } else { 12.0 };
            assert!(mean < most && amplitude(&seen) > 75, "{dpi}: {mean}");
        }
    }

    #[test]
    fn what_is_too_fine_for_500_dpi_does_not_come_back_as_ridges() {
        // A period of 1.1 pixels at 500 dpi would be seen as one of eleven: as ridges.
        for dpi in [1_000, 1_500, 2_000] {
            let seen = amplitude(&wave(dpi, 1.1 * 0.508).at_500_dpi(dpi).unwrap());
            println!("{dpi} dpi: amplitude {seen}");
            assert!(seen < 10, "{dpi}: {seen}");
        }
        // Ridges of the finest children's prints stay.
        assert!(amplitude(&wave(1_000, 5.0 * 0.508).at_500_dpi(1_000).unwrap()) > 75);
    }
}
