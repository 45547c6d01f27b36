//! Minutiae of a mended skeleton: where its lines end and fork, away from the rim of the print.
//!
//! Directions follow ISO/IEC 19794-2: from an ending into its ridge, from a fork into the valley between its branches.
//! Start reading at [`minutiae()`].

use super::Raster;
use super::field::Field;
use super::mend::{branches, follow, heading, lines};
use super::segment::Mask;
use crate::maths::{angle, cosine, sine};
use crate::{Kind, Minutia};

/// How far a line is followed to tell its direction, in pixels.
const TRACE: usize = 14;
/// How far every minutia stays from the rim of the print, in pixels.
const RIM: f32 = 11.0;
/// How far beyond an ending the print must continue, in pixels.
const BEYOND: f32 = 18.0;
/// Two minutiae nearer than this are a flaw of the skeleton, in pixels.
const APART: f32 = 6.5;
/// Most minutiae that a template keeps.
const COUNT_MAX: usize = 150;
/// A confidence of the field that counts as full quality.
const CONFIDENCE_FULL: f32 = 0.7;

pub(super) fn minutiae(skeleton: &Raster, field: &Field, mask: &Mask) -> Vec<Minutia> {
    let mut found = Vec::new();
    for index in 0..skeleton.cells.len() {
        if skeleton.cells[index] == 0 {
            continue;
        }
        let kind = match lines(skeleton, index) {
            1 => Kind::Ending,
            3.. => Kind::Bifurcation,
            _ => continue,
        };
        if let Some(minutia) = minutia(skeleton, field, mask, index, kind) {
            found.push(minutia);
        }
    }
    let mut kept = separate(&found);
    // The best first, by place where equal, so that the bound takes the worst away.
    kept.sort_by_key(|m| (std::cmp::Reverse(m.quality), m.y, m.x));
    kept.truncate(COUNT_MAX);
    kept
}

fn minutia(skeleton: &Raster, field: &Field, mask: &Mask, index: usize, kind: Kind) -> Option<Minutia> {
    let (x, y) = skeleton.place(index);
    let (fx, fy) = (x as f32, y as f32);
    let inside = |turns: f32, far: f32| mask.pixel(fx + cosine(turns) * far, fy - sine(turns) * far);
    if !(0..8).all(|k| inside(k as f32 / 8.0, RIM)) {
        return None;
    }
    let traced = match kind {
        Kind::Bifurcation => valley(skeleton, index)?,
        _ => {
            let (path, _) = follow(skeleton, index, *branches(skeleton, index).first()?, TRACE);
            heading(skeleton, index, *path.last()?)
        }
    };
    let local = field.at(x, y);
    let turns = settle(traced, local.orientation);
    if kind == Kind::Ending && !(inside(turns + 0.5, BEYOND) && inside(turns, BEYOND)) {
        return None;
    }
    let quality = (local.confidence / CONFIDENCE_FULL).clamp(0.01, 1.0);
    Some(Minutia {
        x: x as u16,
        y: y as u16,
        angle: (turns * 256.0 + 0.5) as u32 as u8,
        quality: (quality * 100.0) as u8,
        kind,
    })
}

/// The direction of the field that is nearer to the traced one; the traced one where the two disagree widely.
fn settle(traced: f32, orientation: f32) -> f32 {
    let with = cosine(traced - orientation);
    if with > 0.7 {
        orientation
    } else if with < -0.7 {
        orientation + 0.5
    } else {
        traced
    }
}

/// The direction into the valley of a fork: between the two branches with the smallest angle.
fn valley(skeleton: &Raster, index: usize) -> Option<f32> {
    let headings: Vec<f32> = branches(skeleton, index)
        .into_iter()
        .map(|first| {
            let (path, _) = follow(skeleton, index, first, TRACE);
            heading(skeleton, index, path[path.len() - 1])
        })
        .collect();
    let mut best: Option<(f32, f32)> = None;
    for (k, &a) in headings.iter().enumerate() {
        for &b in &headings[k + 1..] {
            let closeness = cosine(a - b);
            if best.is_none_or(|(closest, _)| closeness > closest) {
                best = Some((closeness, angle(sine(a) + sine(b), cosine(a) + cosine(b))));
            }
        }
    }
    best.map(|(_, middle)| middle)
}

/// Forks seen twice become one; other minutiae too near each other go, both.
fn separate(found: &[Minutia]) -> Vec<Minutia> {
    let mut once: Vec<Minutia> = Vec::with_capacity(found.len());
    for minutia in found {
        let again = once.iter().any(|other| {
            other.kind == Kind::Bifurcation && minutia.kind == Kind::Bifurcation && apart(other, minutia) <= 3.0
        });
        if !again {
            once.push(*minutia);
        }
    }
    let alone = |minutia: &Minutia| once.iter().all(|other| other == minutia || apart(other, minutia) >= APART);
    once.iter().copied().filter(alone).collect()
}

fn apart(a: &Minutia, b: &Minutia) -> f32 {
    let (dx, dy) = (f32::from(a.x) - f32::from(b.x), f32::from(a.y) - f32::from(b.y));
    (dx * dx + dy * dy).sqrt()
}
