//! What a sensor and an extractor make of a finger.
//!
//! Start reading at [`Finger::impression`].

use super::Finger;
use super::draw::Draw;
use super::finger::Mark;
use crate::maths::{cosine, sine};
use crate::{Minutia, Template};
use minutiae::Kind;

/// Sides of the image in pixels at 500 dpi.
const WIDTH: u16 = 400;
const HEIGHT: u16 = 500;
/// Half the width and half the height of the part of the pad that touches the sensor, in pixels, and the least share of both.
const CONTACT: (f32, f32) = (125.0, 175.0);
const CONTACT_LEAST: f32 = 0.62;
/// Spread of the turn, in turns, and of the shift on the pad, in pixels; careless ones, and their share.
const TURN: f32 = 0.022;
const TURN_CARELESS: f32 = 0.065;
const SHIFT: f32 = 11.0;
const SHIFT_CARELESS: f32 = 40.0;
const CARELESS: f32 = 0.25;
/// Spread of stretch and shear, as shares, and of the bend, in pixels at 100 pixels from the middle.
const STRETCH: f32 = 0.009;
const BEND: f32 = 1.5;
/// Spread of a minutia's place in pixels and of its direction in turns; and of the one in so many that went astray.
const PLACE: f32 = 0.7;
const PLACE_ASTRAY: f32 = 5.0;
const DIRECTION: f32 = 0.008;
const DIRECTION_ASTRAY: f32 = 0.05;
const ASTRAY: f32 = 0.05;
/// Impressions are clear in some places and poor in others: waves that make them so, how fast they go at most, in turns a pixel,
/// and how much they and the minutia itself count beside the impression.
const WAVES: usize = 3;
const WAVE_FAST: f32 = 0.006;
const PATCHES: f32 = 0.45;
const OWN: f32 = 0.20;
/// Probability that a minutia is seen where it is least clear and where it is clearest.
const SEEN: (f32, f32) = (0.35, 1.5);
/// Minutiae that are none, for each that is one: in the worst impression and in the best.
const INVENTED: (f32, f32) = (0.50, 0.0);
/// Share of the minutiae whose type is mistaken.
const KIND_MISTAKEN: f32 = 0.18;

/// How an impression deforms the finger.
struct Press {
    shift: (f32, f32),
    linear: [f32; 4],
    bend: [f32; 4],
    turns: f32,
    /// How fast each wave goes along x and y, in turns a pixel, and where it begins.
    waves: [[f32; 3]; WAVES],
}

impl Finger {
    /// An impression of the finger; each number gives another one.
    #[must_use]
    pub fn impression(&self, number: u64) -> Template {
        let mut draw = Draw::new(self.seed, number + 1);
        let quality = 1.0 - draw.share() * draw.share();
        let press = Press::new(&mut draw);
        let size = draw.between(CONTACT_LEAST, 1.0) * (0.8 + 0.2 * quality);
        let (wide, high) = (CONTACT.0 * size, CONTACT.1 * size);
        let mut found: Vec<Minutia> = Vec::with_capacity(self.marks.len());
        for mark in &self.marks {
            let (x, y) = (mark.x - press.shift.0, mark.y - press.shift.1);
            let (across, up) = (x / wide, y / high);
            let edge = across * across + up * up;
            let around = PATCHES * press.clear(x, y) + OWN * (mark.clear - 0.5);
            let clear = (quality + around - 0.1 * edge).clamp(0.0, 1.0);
            let seen = SEEN.0 + (SEEN.1 - SEEN.0) * clear;
            if edge > 1.0 || !draw.happens(seen) {
                continue;
            }
            let certain = (20.0 + 45.0 * clear + 8.0 * draw.normal()).clamp(1.0, 90.0);
            found.extend(press.seen(&mut draw, mark, (x, y), certain as u8));
        }
        let rate = INVENTED.0 + (INVENTED.1 - INVENTED.0) * quality;
        let invented = (found.len() as f32 * rate * draw.between(0.3, 1.7)) as usize;
        for _ in 0..invented {
            let (x, y) = (draw.between(-wide, wide), draw.between(-high, high));
            let outside = x * x / (wide * wide) + y * y / (high * high) > 1.0;
            // Where it is clear little is invented.
            if outside || draw.happens(0.5 + press.clear(x, y)) {
                continue;
            }
            // What is invented lies along the ridges too: it takes the direction of the nearest that is there.
            let square = |mark: &&Mark| {
                let (dx, dy) = (mark.x - press.shift.0 - x, mark.y - press.shift.1 - y);
                dx * dx + dy * dy
            };
            let Some(near) = self.marks.iter().min_by(|a, b| square(a).total_cmp(&square(b))) else { continue };
            let sense = if draw.happens(0.5) { 0.5 } else { 0.0 };
            let mark = Mark { direction: near.direction + sense + 0.03 * draw.normal(), ..*near };
            let certain = draw.between(5.0, 45.0) as u8;
            found.extend(press.seen(&mut draw, &mark, (x, y), certain));
        }
        found.sort_by_key(|m| (std::cmp::Reverse(m.quality), m.y, m.x, m.angle));
        Template::new(WIDTH, HEIGHT, (10.0 + 70.0 * quality) as u8, found)
    }
}

impl Press {
    fn new(draw: &mut Draw) -> Self {
        let (turn, shift) = if draw.happens(CARELESS) { (TURN_CARELESS, SHIFT_CARELESS) } else { (TURN, SHIFT) };
        let turns = turn * draw.normal();
        let linear = std::array::from_fn(|at| f32::from(u8::from(at % 3 == 0)) + STRETCH * draw.normal());
        Self {
            shift: (shift * draw.normal(), 1.3 * shift * draw.normal()),
            linear,
            bend: std::array::from_fn(|_| BEND * draw.normal()),
            turns,
            waves: std::array::from_fn(|_| {
                [draw.between(-WAVE_FAST, WAVE_FAST), draw.between(-WAVE_FAST, WAVE_FAST), draw.share()]
            }),
        }
    }

    /// How clear a place is beside the others, from -1 to 1.
    fn clear(&self, x: f32, y: f32) -> f32 {
        self.waves.iter().map(|[along, up, from]| sine(along * x + up * y + from)).sum::<f32>() / WAVES as f32
    }

    /// A mark at a place on the pressed part, as a minutia of the image; none where it falls outside.
    fn seen(&self, draw: &mut Draw, mark: &Mark, (x, y): (f32, f32), quality: u8) -> Option<Minutia> {
        let (place, direction) =
            if draw.happens(ASTRAY) { (PLACE_ASTRAY, DIRECTION_ASTRAY) } else { (PLACE, DIRECTION) };
        let (u, v) = (x / 100.0, y / 100.0);
        let bent_x = x * self.linear[0] + y * self.linear[1] + self.bend[0] * u * v + self.bend[1] * (v * v - u * u);
        let bent_y = x * self.linear[2] + y * self.linear[3] + self.bend[2] * u * v + self.bend[3] * (u * u - v * v);
        let (s, c) = (sine(self.turns), cosine(self.turns));
        let at_x = f32::from(WIDTH) / 2.0 + bent_x * c - bent_y * s + place * draw.normal();
        let at_y = f32::from(HEIGHT) / 2.0 - bent_x * s - bent_y * c + place * draw.normal();
        let turns = mark.direction + self.turns + direction * draw.normal();
        let inside = at_x >= 0.0 && at_y >= 0.0 && at_x < f32::from(WIDTH) && at_y < f32::from(HEIGHT);
        let kind = match mark.kind {
            kind if !draw.happens(KIND_MISTAKEN) => kind,
            Kind::Ending => Kind::Bifurcation,
            _ => Kind::Ending,
        };
        inside.then(|| Minutia {
            x: at_x as u16,
            y: at_y as u16,
            angle: ((turns - turns.floor()) * 256.0) as u32 as u8,
            quality,
            kind,
        })
    }
}
