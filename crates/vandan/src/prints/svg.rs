//! Pictures as SVG.

use super::{Colour, DIGIT, GAP, Picture, Placed, RADIUS, Stroke};
use base64::Engine;
use std::fmt::Write;

impl Picture {
    /// The picture as SVG; the prints in it as PNG.
    pub(crate) fn svg(&self) -> String {
        let (width, height, title) = (self.width, self.height, escaped(&self.title));
        let (x, y) = (140.0, GAP / 2.0 + DIGIT / 2.0);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\
             <title>{title}</title>"
        );
        // Writing into a string does not fail.
        for Placed { place: [x, y], size: [width, height], image } in &self.images {
            let png = base64::engine::general_purpose::STANDARD.encode(image.to_png());
            let _ = write!(
                svg,
                "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{png}\"/>"
            );
        }
        let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\" font-family=\"sans-serif\" font-size=\"12\">{title}</text>");
        svg.push_str("<g fill=\"none\">");
        for stroke in &self.strokes {
            match stroke {
                Stroke::Circle { centre: [x, y], colour } => {
                    let colour = named(*colour);
                    let _ = write!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{RADIUS}\" stroke=\"{colour}\"/>");
                }
                Stroke::Line { points, colour, width } => {
                    let colour = named(*colour);
                    let points: Vec<String> = points.iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
                    let points = points.join(" ");
                    let _ = write!(svg, "<polyline points=\"{points}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>");
                }
            }
        }
        svg.push_str("</g></svg>\n");
        svg
    }
}

fn named([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
