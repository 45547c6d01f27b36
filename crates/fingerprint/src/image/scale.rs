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
