//! Pictures as PNG.

use super::{Colour, Picture, Placed, RADIUS, Stroke};
use image::{ExtendedColorType, ImageEncoder};
use tiny_skia::{Color, FilterQuality, IntSize, Paint, Path, PathBuilder, Pixmap, PixmapPaint, Transform};

/// Pixels of the picture for one of the print, so that thin lines are seen.
const SCALE: u32 = 2;
/// The lines of a circle.
const ROUND: f32 = 1.2;

impl Picture {
    /// The picture as PNG, twice as large as the prints; none where it has no size.
    pub(crate) fn png(&self) -> Option<Vec<u8>> {
        let mut map = Pixmap::new(self.width.ceil() as u32 * SCALE, self.height.ceil() as u32 * SCALE)?;
        map.fill(Color::WHITE);
        let scale = SCALE as f32;
        for Placed { place: [x, y], size: [width, height], image } in &self.images {
            // Grey is the same in all three channels, and nothing shines through.
            let bytes = image.pixels().iter().flat_map(|grey| [*grey, *grey, *grey, 255]).collect();
            let print = Pixmap::from_vec(bytes, IntSize::from_wh(image.width(), image.height())?)?;
            let (across, down) = (width / image.width() as f32, height / image.height() as f32);
            let place = Transform::from_scale(across, down).post_translate(*x, *y).post_scale(scale, scale);
            let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
            map.draw_pixmap(0, 0, print.as_ref(), &paint, place, None);
        }
        for stroke in &self.strokes {
            let (path, colour, width) = match stroke {
                Stroke::Circle { centre: [x, y], colour } => (PathBuilder::from_circle(*x, *y, RADIUS), colour, ROUND),
                Stroke::Line { points, colour, width } => (line(points), colour, *width),
            };
            let Some(path) = path else { continue };
            let stroke = tiny_skia::Stroke { width, ..Default::default() };
            map.stroke_path(&path, &paint(*colour), &stroke, Transform::from_scale(scale, scale), None);
        }
        let mut file = Vec::new();
        let encoder = image::codecs::png::PngEncoder::new(&mut file);
        // Nothing shines through: what is premultiplied is what is not.
        let written = encoder.write_image(map.data(), map.width(), map.height(), ExtendedColorType::Rgba8);
        written.ok().map(|()| file)
    }
}

fn line(points: &[[f32; 2]]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (at, [x, y]) in points.iter().enumerate() {
        if at == 0 { path.move_to(*x, *y) } else { path.line_to(*x, *y) }
    }
    path.finish()
}

fn paint([red, green, blue]: Colour) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}
