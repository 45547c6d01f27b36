//! The face itself: who it is comes from the seed, where it is drawn from the top of the stack to the bottom.
//!
//! Start reading at [`face`].

use super::shape::{Canvas, Colour, both, ellipse, stroke};
use crate::draw::Draw;
use crate::print::{between, unit};

/// What makes one face differ from another; lengths in pixels.
struct Look {
    skin: Colour,
    hair: Colour,
    clothes: Colour,
    lips: Colour,
    /// Half width and half height of the face.
    face: (f32, f32),
    jaw: f32,
    eyes_apart: f32,
    eyes_y: f32,
    eye: (f32, f32),
    brow: (f32, f32, f32),
    nose: (f32, f32),
    mouth: (f32, f32, f32),
    fringe: f32,
    long_hair: bool,
    parting: f32,
    glasses: bool,
    collar: bool,
}

impl Look {
    fn draw(draw: &mut Draw) -> Self {
        let tan = unit(draw);
        let grey = if draw.percent(20) { between(draw, 40.0, 130.0) } else { between(draw, 0.0, 18.0) };
        let clothes =
            [[236.0, 238.0, 242.0], [60.0, 84.0, 130.0], [120.0, 44.0, 50.0], [52.0, 96.0, 78.0], [90.0, 90.0, 96.0]];
        Self {
            skin: [238.0 - 36.0 * tan, 200.0 - 44.0 * tan, 172.0 - 50.0 * tan],
            hair: [24.0 + grey, 20.0 + grey, 20.0 + grey],
            clothes: *draw.of(&clothes),
            lips: [186.0 + between(draw, -14.0, 10.0), 104.0, 100.0],
            face: (between(draw, 78.0, 92.0), between(draw, 108.0, 122.0)),
            jaw: between(draw, 0.66, 0.86),
            eyes_apart: between(draw, 34.0, 40.0),
            eyes_y: between(draw, 208.0, 216.0),
            eye: (between(draw, 14.0, 18.0), between(draw, 5.5, 8.0)),
            brow: (between(draw, 19.0, 24.0), between(draw, -7.0, -2.0), between(draw, 5.0, 9.0)),
            nose: (between(draw, 13.0, 19.0), between(draw, 44.0, 54.0)),
            mouth: (between(draw, 24.0, 32.0), between(draw, -3.0, 5.0), between(draw, 9.0, 14.0)),
            fringe: between(draw, 0.35, 0.72),
            long_hair: draw.percent(50),
            parting: between(draw, -50.0, 50.0),
            glasses: draw.percent(20),
            collar: draw.percent(60),
        }
    }
}

const MIDDLE: f32 = super::WIDTH as f32 / 2.0;
/// Height of the middle of the face.
const FACE_Y: f32 = 222.0;

/// The pixels of a face, three bytes each.
pub(super) fn face(seed: u64) -> Vec<u8> {
    let mut draw = Draw::new(seed ^ 0xFACE);
    draw.next();
    let look = Look::draw(&mut draw);
    let mut canvas = Canvas::new([214.0, 224.0, 232.0]);
    back_hair(&mut canvas, &look);
    body(&mut canvas, &look);
    head(&mut canvas, &look);
    features(&mut canvas, &look);
    front_hair(&mut canvas, &look);
    canvas.bytes()
}

fn darker(colour: Colour, share: f32) -> Colour {
    colour.map(|part| part * share)
}

fn back_hair(canvas: &mut Canvas, look: &Look) {
    let (wide, high) = look.face;
    // Behind the ears it ends, unless it is long.
    let cap = both(ellipse(MIDDLE, FACE_Y - 26.0, wide + 14.0, high + 4.0), move |_, y| y - FACE_Y - 4.0);
    canvas.fill(look.hair, 1.0, 2.0, cap);
    if look.long_hair {
        canvas.fill(look.hair, 1.0, 3.0, ellipse(MIDDLE, FACE_Y + 56.0, wide + 20.0, high + 40.0));
    }
}

fn body(canvas: &mut Canvas, look: &Look) {
    let bottom = super::HEIGHT as f32;
    canvas.fill(look.clothes, 1.0, 2.0, ellipse(MIDDLE, bottom + 46.0, 168.0, 122.0));
    let neck = move |x: f32, y: f32| ((x - MIDDLE).abs() - 43.0 - 0.004 * (y - 330.0) * (y - 330.0)).max(y - 392.0);
    let neck = both(neck, move |_, y| FACE_Y - y);
    canvas.fill(darker(look.skin, 0.90), 1.0, 2.0, neck);
    // The chin's shadow falls on the neck.
    let chin = ellipse(MIDDLE, FACE_Y + look.face.1 * 0.96, look.face.0 * 0.8, 24.0);
    canvas.fill(darker(look.skin, 0.70), 0.45, 14.0, both(neck, chin));
    // A collar's two flaps.
    if look.collar {
        for side in [-1.0, 1.0] {
            let flap = move |x: f32, y: f32| {
                let (dx, dy) = ((x - MIDDLE) * side - 24.0, y - 374.0);
                (dx - 0.45 * dy - 10.0).max(-dx - 0.75 * dy + 4.0).max(dy - 34.0).max(-dy - 20.0)
            };
            canvas.fill(look.clothes.map(|part| part * 0.88 + 20.0), 1.0, 2.0, flap);
        }
    }
}

fn head(canvas: &mut Canvas, look: &Look) {
    let (wide, high) = look.face;
    for side in [-1.0, 1.0] {
        canvas.fill(darker(look.skin, 0.93), 1.0, 2.0, ellipse(MIDDLE + side * wide, FACE_Y + 2.0, 11.0, 22.0));
    }
    // The skull, and a narrower jaw.
    let jaw = look.jaw;
    let outline = move |x: f32, y: f32| {
        let down = ((y - FACE_Y) / high).clamp(0.0, 1.0);
        ellipse(MIDDLE, FACE_Y, wide * (1.0 - (1.0 - jaw) * down * down), high)(x, y)
    };
    canvas.fill(look.skin, 1.0, 2.0, outline);
    for side in [-1.0, 1.0] {
        // Cheeks a little red, temples a little dark.
        canvas.fill([224.0, 140.0, 124.0], 0.14, 34.0, ellipse(MIDDLE + side * 46.0, FACE_Y + 40.0, 18.0, 14.0));
        let temple = both(outline, ellipse(MIDDLE + side * (wide + 4.0), FACE_Y + 20.0, 16.0, high));
        canvas.fill(darker(look.skin, 0.8), 0.4, 22.0, temple);
    }
}

fn features(canvas: &mut Canvas, look: &Look) {
    let (eye_wide, eye_high) = look.eye;
    let shade = darker(look.skin, 0.78);
    for side in [-1.0, 1.0] {
        let (x, y) = (MIDDLE + side * look.eyes_apart, look.eyes_y);
        let eye = ellipse(x, y, eye_wide, eye_high);
        canvas.fill(shade, 0.35, 10.0, ellipse(x, y - 3.0, eye_wide + 5.0, eye_high + 6.0));
        canvas.fill([246.0, 244.0, 240.0], 1.0, 1.5, eye);
        canvas.fill([58.0, 38.0, 28.0], 1.0, 1.5, both(eye, ellipse(x, y, 7.0, 7.0)));
        canvas.fill([14.0, 10.0, 10.0], 1.0, 1.5, both(eye, ellipse(x, y, 3.4, 3.4)));
        canvas.fill([255.0, 255.0, 255.0], 0.9, 1.2, ellipse(x + 2.2, y - 2.2, 1.4, 1.4));
        canvas.fill([40.0, 26.0, 24.0], 0.9, 1.5, stroke(x - eye_wide, x + eye_wide, y - 1.0, -eye_high, 3.4));
        let (brow_wide, brow_bend, brow_thick) = look.brow;
        canvas.fill(look.hair, 0.85, 2.0, stroke(x - brow_wide, x + brow_wide, y - 21.0, brow_bend, brow_thick));
        if look.glasses {
            let rim = move |px: f32, py: f32| ellipse(x, y + 2.0, 27.0, 21.0)(px, py).abs() - 1.4;
            canvas.fill([40.0, 40.0, 48.0], 0.95, 1.5, rim);
        }
    }
    if look.glasses {
        let reach = look.eyes_apart - 26.0;
        canvas.fill([40.0, 40.0, 48.0], 0.95, 1.5, stroke(MIDDLE - reach, MIDDLE + reach, look.eyes_y, -3.0, 3.0));
    }
    let (nose_wide, nose_high) = look.nose;
    let tip = look.eyes_y + nose_high;
    canvas.fill(shade, 0.30, 9.0, ellipse(MIDDLE + 8.0, look.eyes_y + nose_high * 0.55, 3.0, nose_high * 0.45));
    canvas.fill(shade, 0.75, 3.0, stroke(MIDDLE - nose_wide, MIDDLE + nose_wide, tip, 5.0, 4.0));
    for side in [-1.0, 1.0] {
        canvas.fill([110.0, 66.0, 56.0], 0.6, 2.0, ellipse(MIDDLE + side * nose_wide * 0.5, tip + 2.0, 3.6, 2.0));
    }
    let (mouth_wide, mouth_bend, mouth_high) = look.mouth;
    let mouth = tip + 32.0;
    canvas.fill(look.lips, 0.9, 3.0, ellipse(MIDDLE, mouth + mouth_bend * 0.6, mouth_wide, mouth_high * 0.62));
    let line = stroke(MIDDLE - mouth_wide, MIDDLE + mouth_wide, mouth, mouth_bend, 2.8);
    canvas.fill(darker(look.lips, 0.55), 0.9, 1.5, line);
    canvas.fill(shade, 0.45, 6.0, stroke(MIDDLE - 15.0, MIDDLE + 15.0, mouth + mouth_high + 6.0, 3.0, 3.0));
}

fn front_hair(canvas: &mut Canvas, look: &Look) {
    let (wide, high) = look.face;
    // The scalp is what lies in the larger ellipse and above a hairline that hangs from the parting.
    let scalp = ellipse(MIDDLE, FACE_Y - 22.0, wide + 12.0, high + 8.0);
    let (parting, fringe) = (MIDDLE + look.parting, look.fringe);
    let hairline = move |x: f32, y: f32| {
        let far = (x - parting) / wide;
        y - (FACE_Y - high * (1.0 - 0.42 * fringe) + 10.0 + 46.0 * far * far * fringe)
    };
    canvas.fill(look.hair, 1.0, 3.0, both(scalp, hairline));
    // A few strands catch the light.
    for k in 0..5 {
        let x = MIDDLE - 50.0 + 25.0 * k as f32;
        let strand = both(both(scalp, hairline), ellipse(x, FACE_Y - high - 4.0, 4.0, 26.0));
        canvas.fill(look.hair.map(|part| part + 36.0), 0.35, 8.0, strand);
    }
}
