//! What a sensor sees of a finger: a part of it, turned, shifted, stretched, pressed, and soiled.
//!
//! Start reading at [`impression`].

use super::trigonometry::{cosine, sine};
use super::{Grey, HEIGHT, MASTER_HEIGHT, MASTER_WIDTH, WIDTH, between, unit};
use crate::draw::Draw;

/// How one capture differs from the master.
struct Capture {
    cosine: f32,
    sine: f32,
    shift: (f32, f32),
    /// Stretch of the skin: waves of this height in pixels, with these phases in turns.
    stretch: f32,
    phases: [f32; 4],
    /// Above 0 the ridges are thick (wet, pressed), below 0 thin (dry).
    pressure: f32,
    /// Middle and half axes of the part that touched.
    touch: [f32; 4],
    /// Height of the noise in grey levels.
    noise: f32,
}

impl Capture {
    fn draw(draw: &mut Draw) -> Self {
        let turns = between(draw, -0.035, 0.035);
        Self {
            cosine: cosine(turns),
            sine: sine(turns),
            shift: (between(draw, -12.0, 12.0), between(draw, -14.0, 14.0)),
            stretch: between(draw, 0.5, 2.5),
            phases: [unit(draw), unit(draw), unit(draw), unit(draw)],
            pressure: between(draw, -0.4, 0.4),
            touch: [
                WIDTH as f32 / 2.0 + between(draw, -8.0, 8.0),
                HEIGHT as f32 / 2.0 + between(draw, -10.0, 10.0),
                between(draw, 102.0, 124.0),
                between(draw, 130.0, 156.0),
            ],
            noise: between(draw, 12.0, 36.0),
        }
    }

    /// Where a pixel of the impression lies on the master.
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - WIDTH as f32 / 2.0, y - HEIGHT as f32 / 2.0);
        let wave = |at: f32, phase: f32| self.stretch * sine(at / 230.0 + phase);
        let px = dx * self.cosine + dy * self.sine + self.shift.0 + wave(dy, self.phases[0]) + wave(dx, self.phases[1]);
        let py = dy * self.cosine - dx * self.sine + self.shift.1 + wave(dx, self.phases[2]) + wave(dy, self.phases[3]);
        (px + MASTER_WIDTH as f32 / 2.0, py + MASTER_HEIGHT as f32 / 2.0)
    }

    /// How well a pixel touches: 1 in the middle, 0 outside, a soft and uneven rim between.
    fn touching(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = ((x - self.touch[0]) / self.touch[2], (y - self.touch[1]) / self.touch[3]);
        let uneven = 0.03 * sine(dx * 1.3 + self.phases[1]) + 0.03 * sine(dy * 1.7 + self.phases[2]);
        ((1.0 + uneven - (dx * dx + dy * dy)) * 4.0).clamp(0.0, 1.0)
    }
}

pub(super) fn impression(ridges: &[f32], draw: &mut Draw) -> Grey {
    let capture = Capture::draw(draw);
    let blots = blots(draw);
    let scratches: Vec<[f32; 3]> = (0..draw.below(4) / 2)
        .map(|_| {
            let turns = unit(draw);
            [cosine(turns), sine(turns), between(draw, -90.0, 90.0)]
        })
        .collect();
    let mut pixels = Vec::with_capacity(WIDTH * HEIGHT);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let (fx, fy) = (x as f32, y as f32);
            let touching = capture.touching(fx, fy);
            let ground = 236.0 + (unit(draw) - 0.5) * 10.0;
            if touching == 0.0 {
                pixels.push(ground as u8);
                continue;
            }
            let (px, py) = capture.place(fx, fy);
            let blot = blots.at(fx, fy);
            let mut ink = (sample(ridges, px, py) + capture.pressure + 0.5 * blot) * 2.2;
            let (dx, dy) = (fx - WIDTH as f32 / 2.0, fy - HEIGHT as f32 / 2.0);
            if scratches.iter().any(|[c, s, far]| (dx * c + dy * s - far).abs() < 1.2) {
                ink = -1.0;
            }
            // From -1 (no ink) to 1 (full), softly, then into tones.
            let share = (ink / (1.0 + ink * ink).sqrt() + 1.0) / 2.0;
            let tone = 226.0 - 176.0 * share * touching + (unit(draw) + unit(draw) - 1.0) * capture.noise;
            pixels.push(tone.clamp(0.0, 255.0) as u8);
        }
    }
    Grey { width: WIDTH, height: HEIGHT, pixels }
}

/// The master between its pixels; valley outside.
fn sample(ridges: &[f32], x: f32, y: f32) -> f32 {
    if x < 0.0 || y < 0.0 || x >= (MASTER_WIDTH - 1) as f32 || y >= (MASTER_HEIGHT - 1) as f32 {
        return -1.0;
    }
    let (column, row) = (x as usize, y as usize);
    let (across, down) = (x - column as f32, y - row as f32);
    let at = row * MASTER_WIDTH + column;
    let upper = ridges[at] * (1.0 - across) + ridges[at + 1] * across;
    let lower = ridges[at + MASTER_WIDTH] * (1.0 - across) + ridges[at + MASTER_WIDTH + 1] * across;
    upper * (1.0 - down) + lower * down
}

/// Side of the squares between whose corners the wetness of the skin changes, in pixels.
const BLOT: usize = 24;
const BLOT_COLUMNS: usize = WIDTH / BLOT + 2;

/// Wetness that changes from place to place, -1 to 1.
struct Blots(Vec<f32>);

fn blots(draw: &mut Draw) -> Blots {
    Blots((0..BLOT_COLUMNS * (HEIGHT / BLOT + 2)).map(|_| between(draw, -1.0, 1.0)).collect())
}

impl Blots {
    fn at(&self, x: f32, y: f32) -> f32 {
        let (column, row) = (x as usize / BLOT, y as usize / BLOT);
        let (across, down) = (x / BLOT as f32 - column as f32, y / BLOT as f32 - row as f32);
        let at = row * BLOT_COLUMNS + column;
        let upper = self.0[at] * (1.0 - across) + self.0[at + 1] * across;
        let lower = self.0[at + BLOT_COLUMNS] * (1.0 - across) + self.0[at + BLOT_COLUMNS + 1] * across;
        upper * (1.0 - down) + lower * down
    }
}
