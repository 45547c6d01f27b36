//! Smooth shapes on a canvas of colours.
//!
//! Start reading at [`Canvas::fill`].

use super::{HEIGHT, WIDTH};

/// Red, green, blue, 0 to 255.
pub(super) type Colour = [f32; 3];

/// Side of the squares that are skipped together where a shape does not reach, in pixels.
const CELL: usize = 8;

/// An image under construction.
pub(super) struct Canvas {
    pixels: Vec<Colour>,
}

impl Canvas {
    /// A canvas with a soft vertical shade of one colour.
    pub(super) fn new(ground: Colour) -> Self {
        let pixels = (0..WIDTH * HEIGHT)
            .map(|at| {
                let shade = 1.04 - 0.10 * (at / WIDTH) as f32 / HEIGHT as f32;
                ground.map(|part| part * shade)
            })
            .collect();
        Self { pixels }
    }

    /// Fills what lies inside a shape. `distance` gives about how many pixels a place lies outside (negative inside);
    /// the rim is softened over `soft` pixels, and the colour covers by `opacity`, 0 to 1.
    pub(super) fn fill(&mut self, colour: Colour, opacity: f32, soft: f32, distance: impl Fn(f32, f32) -> f32) {
        for top in (0..HEIGHT).step_by(CELL) {
            for left in (0..WIDTH).step_by(CELL) {
                // No pixel of a cell is farther than 5.7 from its middle; distances may be a little too large.
                let middle = CELL as f32 / 2.0;
                if distance(left as f32 + middle, top as f32 + middle) > 1.4 * (5.7 + soft / 2.0) {
                    continue;
                }
                for y in top..(top + CELL).min(HEIGHT) {
                    for x in left..(left + CELL).min(WIDTH) {
                        let far = distance(x as f32 + 0.5, y as f32 + 0.5);
                        let cover = (0.5 - far / soft).clamp(0.0, 1.0) * opacity;
                        let pixel = &mut self.pixels[y * WIDTH + x];
                        pixel.iter_mut().zip(colour).for_each(|(part, new)| *part += (new - *part) * cover);
                    }
                }
            }
        }
    }

    /// The pixels as bytes, three each.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.pixels.iter().flatten().map(|part| part.clamp(0.0, 255.0) as u8).collect()
    }
}

/// An ellipse: middle and half axes in pixels. The distance is exact on the rim and fair near it.
pub(super) fn ellipse(x: f32, y: f32, wide: f32, high: f32) -> impl Fn(f32, f32) -> f32 + Copy {
    move |px, py| {
        let (dx, dy) = ((px - x) / wide, (py - y) / high);
        let radius = (dx * dx + dy * dy).sqrt();
        let slope = ((dx / wide) * (dx / wide) + (dy / high) * (dy / high)).sqrt().max(1e-6);
        if radius < 1e-3 { -wide.min(high) } else { (radius - 1.0) * radius / slope }
    }
}

/// A line that bends: from (`x0`, y) to (`x1`, y), its middle lowered by `bend` pixels, `thick` pixels thick in the
/// middle and thinner at the ends.
pub(super) fn stroke(x0: f32, x1: f32, y: f32, bend: f32, thick: f32) -> impl Fn(f32, f32) -> f32 + Copy {
    move |px, py| {
        let part = ((px - x0) / (x1 - x0)).clamp(0.0, 1.0);
        let arch = 4.0 * part * (1.0 - part);
        let middle = y + bend * arch;
        let beyond = (x0.min(x1) - px).max(px - x0.max(x1)).max(0.0);
        let half = thick / 2.0 * (0.35 + 0.65 * arch);
        (((py - middle) * (py - middle) + beyond * beyond).sqrt()) - half
    }
}

/// What lies in both of two shapes.
pub(super) fn both(
    a: impl Fn(f32, f32) -> f32 + Copy,
    b: impl Fn(f32, f32) -> f32 + Copy,
) -> impl Fn(f32, f32) -> f32 + Copy {
    move |x, y| a(x, y).max(b(x, y))
}
