//! Two prints side by side as a drawing (SVG), with their minutiae; those that lie on each other are numbered.

use base64::Engine;
use services::case::{Pair, Print};
use std::fmt::Write;

/// Pixels between the two prints, and above them for the title.
const GAP: u32 = 24;

/// The drawing of a pair of prints. Each stands in an image of 500 dpi, as its template does.
pub(crate) fn drawing(pair: &Pair, title: &str) -> String {
    let size = |print: &Print| (u32::from(print.template.width()), u32::from(print.template.height()));
    let ((left, high), (right, other)) = (size(&pair.applicant), size(&pair.other));
    let (width, height) = (left + GAP + right, high.max(other) + GAP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\
         <title>{title}</title><text x=\"4\" y=\"16\" font-family=\"sans-serif\" font-size=\"12\">{title}</text>"
    );
    let (ours, theirs): (Vec<_>, Vec<_>) = pair.matched.iter().copied().unzip();
    print(&mut svg, &pair.applicant, 0, &ours);
    print(&mut svg, &pair.other, left + GAP, &theirs);
    svg.push_str("</svg>\n");
    svg
}

fn print(svg: &mut String, print: &Print, x: u32, matched: &[[u16; 2]]) {
    let (width, height) = (print.template.width(), print.template.height());
    let png = base64::engine::general_purpose::STANDARD.encode(print.image.to_png());
    // Writing into a string does not fail.
    let _ = write!(
        svg,
        "<g transform=\"translate({x} {GAP})\" fill=\"none\">\
         <image width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{png}\"/>"
    );
    for minutia in print.template.minutiae() {
        let number = matched.iter().position(|place| *place == [minutia.x, minutia.y]);
        let colour = if number.is_some() { "#0a7d32" } else { "#c0392b" };
        let turn = f64::from(minutia.angle) / 256.0 * std::f64::consts::TAU;
        let (x, y) = (f64::from(minutia.x), f64::from(minutia.y));
        let (to_x, to_y) = (x + 12.0 * turn.cos(), y - 12.0 * turn.sin());
        let _ = write!(
            svg,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"4\" stroke=\"{colour}\"/>\
             <line x1=\"{x}\" y1=\"{y}\" x2=\"{to_x:.1}\" y2=\"{to_y:.1}\" stroke=\"{colour}\"/>"
        );
        if let Some(number) = number {
            let (x, y, number) = (x + 5.0, y - 5.0, number + 1);
            let _ = write!(
                svg,
                "<text x=\"{x}\" y=\"{y}\" font-family=\"sans-serif\" font-size=\"10\" fill=\"{colour}\">{number}</text>"
            );
        }
    }
    svg.push_str("</g>");
}
