//! Prints as pictures, SVG or PNG: their minutiae, the directions of the ridges, the quality; of two, which minutiae lie on each other.
//!
//! Each print stands in an image of 500 dpi, as its template does. Numbers are drawn as strokes, so that both forms say the same.
//! Start reading at [`Picture::of`].

mod png;
mod svg;

use fingerprint::{GreyImage, Orientation, Template};

/// Pixels between two prints, and above them.
const GAP: f32 = 24.0;
/// The radius of a minutia, and the length of the line that shows where its ridge goes.
const RADIUS: f32 = 4.0;
const LINE: f32 = 12.0;
/// Every so many blocks of the orientation one is drawn.
const SPARSE: usize = 2;
/// Height of a digit.
const DIGIT: f32 = 9.0;

/// A colour: red, green, blue.
type Colour = [u8; 3];

const MATCHED: Colour = [10, 125, 50];
const FOUND: Colour = [192, 57, 43];
const RIDGES: Colour = [31, 97, 176];
const GRADE: Colour = [60, 60, 60];

/// A print to be drawn.
pub(crate) struct Print<'a> {
    pub(crate) image: &'a GreyImage,
    pub(crate) template: &'a Template,
    pub(crate) orientation: Option<&'a Orientation>,
}

/// A picture, in pixels.
pub(crate) struct Picture {
    width: f32,
    height: f32,
    /// What it shows, in words; a PNG has no letters.
    title: String,
    images: Vec<Placed>,
    strokes: Vec<Stroke>,
}

/// An image in the picture: as wide and high as its template, whatever its resolution.
struct Placed {
    place: [f32; 2],
    size: [f32; 2],
    image: GreyImage,
}

/// A line of several points, or a circle.
enum Stroke {
    Line { points: Vec<[f32; 2]>, colour: Colour, width: f32 },
    Circle { centre: [f32; 2], colour: Colour },
}

impl Picture {
    /// One print, or two beside each other with the places of the minutiae that lie on each other.
    pub(crate) fn of(prints: &[Print<'_>], matched: &[([u16; 2], [u16; 2])], title: &str) -> Picture {
        let mut picture =
            Picture { width: 0.0, height: 0.0, title: title.to_owned(), images: Vec::new(), strokes: Vec::new() };
        let (ours, theirs): (Vec<_>, Vec<_>) = matched.iter().copied().unzip();
        for (print, matched) in prints.iter().zip([ours, theirs]) {
            let x = if picture.width > 0.0 { picture.width + GAP } else { 0.0 };
            picture.put(print, x, &matched);
            let (width, height) = (f32::from(print.template.width()), f32::from(print.template.height()));
            (picture.width, picture.height) = (x + width, picture.height.max(height + GAP));
        }
        picture
    }

    fn put(&mut self, print: &Print<'_>, x: f32, matched: &[[u16; 2]]) {
        let size = [f32::from(print.template.width()), f32::from(print.template.height())];
        self.images.push(Placed { place: [x, GAP], size, image: print.image.clone() });
        if let Some(orientation) = print.orientation {
            self.ridges(orientation, x);
        }
        for minutia in print.template.minutiae() {
            let number = matched.iter().position(|place| *place == [minutia.x, minutia.y]);
            let colour = if number.is_some() { MATCHED } else { FOUND };
            let turn = f32::from(minutia.angle) / 256.0 * std::f32::consts::TAU;
            let centre = [x + f32::from(minutia.x), GAP + f32::from(minutia.y)];
            let tip = [centre[0] + LINE * turn.cos(), centre[1] - LINE * turn.sin()];
            self.strokes.push(Stroke::Circle { centre, colour });
            self.strokes.push(Stroke::Line { points: vec![centre, tip], colour, width: 1.2 });
            if let Some(number) = number {
                self.number(number + 1, [centre[0] + RADIUS + 1.0, centre[1] - RADIUS - DIGIT], colour);
            }
        }
        self.grade(print.template.quality(), x);
    }

    /// Short strokes along the ridges, the longer the surer.
    fn ridges(&mut self, orientation: &Orientation, x: f32) {
        let block = orientation.block as f32;
        for (at, direction) in orientation.directions.iter().enumerate() {
            let (column, row) = (at % orientation.columns, at / orientation.columns);
            let Some(direction) = direction.filter(|_| column % SPARSE == 0 && row % SPARSE == 0) else { continue };
            let centre = [x + (column as f32 + 0.5) * block, GAP + (row as f32 + 0.5) * block];
            let (sine, cosine) = (direction.turn * std::f32::consts::TAU).sin_cos();
            let half = block * SPARSE as f32 * 0.45 * direction.confidence.sqrt();
            let end = |side: f32| [centre[0] + side * half * cosine, centre[1] - side * half * sine];
            self.strokes.push(Stroke::Line { points: vec![end(-1.0), end(1.0)], colour: RIDGES, width: 0.8 });
        }
    }

    /// The quality of a print above it: its number, and a bar of which it fills its part.
    fn grade(&mut self, quality: u8, x: f32) {
        self.number(usize::from(quality), [x + 2.0, 6.0], GRADE);
        let (from, to) = (x + 30.0, x + 130.0);
        let bar = |to: f32, width: f32| Stroke::Line { points: vec![[from, 11.0], [to, 11.0]], colour: GRADE, width };
        self.strokes.push(bar(to, 0.6));
        self.strokes.push(bar(from + f32::from(quality.min(100)), 6.0));
    }

    /// A number in strokes, its upper left corner at a place.
    fn number(&mut self, number: usize, place: [f32; 2], colour: Colour) {
        for (at, digit) in number.to_string().bytes().enumerate() {
            let left = place[0] + at as f32 * DIGIT * 0.75;
            for [from, to] in digit_of(digit) {
                let point = |[x, y]: [f32; 2]| [left + x * DIGIT / 2.0, place[1] + y * DIGIT / 2.0];
                let points = vec![point(from), point(to)];
                self.strokes.push(Stroke::Line { points, colour, width: 1.2 });
            }
        }
    }
}

/// The strokes of a digit in a box one wide and two high: seven segments.
fn digit_of(digit: u8) -> Vec<[[f32; 2]; 2]> {
    const SEGMENTS: [[[f32; 2]; 2]; 7] = [
        [[0.0, 0.0], [1.0, 0.0]],
        [[1.0, 0.0], [1.0, 1.0]],
        [[1.0, 1.0], [1.0, 2.0]],
        [[0.0, 2.0], [1.0, 2.0]],
        [[0.0, 1.0], [0.0, 2.0]],
        [[0.0, 0.0], [0.0, 1.0]],
        [[0.0, 1.0], [1.0, 1.0]],
    ];
    const LIT: [u8; 10] = [0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F];
    let lit = LIT.get(usize::from(digit.wrapping_sub(b'0'))).copied().unwrap_or(0);
    SEGMENTS.into_iter().enumerate().filter(|(at, _)| lit >> at & 1 == 1).map(|(_, segment)| segment).collect()
}
