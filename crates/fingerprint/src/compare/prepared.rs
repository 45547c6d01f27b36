//! A template made ready for comparison.
//!
//! Start reading at [`Prepared::new`].

use super::cylinder::{self, Cylinder};
use super::hull::Hull;
use super::{MINUTIAE_MAX, best_first};
use crate::Template;
use crate::maths::{cosine, sine};
use minutiae::Kind;

/// A minutia as the comparison sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
    /// In steps of 1/256 turn, counter-clockwise.
    pub(super) angle: u8,
    /// The direction as a unit vector on paper: x to the right, y down.
    pub(super) ahead: (f32, f32),
    /// 0 to 1; a half where it is not known.
    pub(super) quality: f32,
    pub(super) kind: Kind,
}

/// Minutiae that are looked at together.
pub(super) const LANES: usize = 8;
/// Where nothing lies: what fills up the last lanes.
const NOWHERE: f32 = 1e6;

/// Places and directions of so many minutiae side by side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes {
    pub(super) x: [f32; LANES],
    pub(super) y: [f32; LANES],
    /// In steps of 1/256 turn.
    pub(super) angle: [u8; LANES],
}

/// A template made ready for comparison; about 8 KB.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(super) points: Vec<Point>,
    /// The points again, side by side.
    pub(super) lanes: Vec<Lanes>,
    pub(super) cylinders: Vec<Cylinder>,
    pub(super) hull: Hull,
    /// The mean place of the minutiae.
    pub(super) middle: (f32, f32),
}

impl Prepared {
    /// Prepares a template.
    #[must_use]
    pub fn new(template: &Template) -> Self {
        let mut sorted = template.minutiae().to_vec();
        // Known order whoever made the template: best first, then by place.
        sorted.sort_by_key(best_first);
        sorted.truncate(MINUTIAE_MAX);
        let points: Vec<Point> = sorted
            .iter()
            .map(|m| Point {
                x: f32::from(m.x),
                y: f32::from(m.y),
                angle: m.angle,
                ahead: (cosine(f32::from(m.angle) / 256.0), -sine(f32::from(m.angle) / 256.0)),
                quality: if m.quality == 0 { 0.5 } else { f32::from(m.quality) / 100.0 },
                kind: m.kind,
            })
            .collect();
        let hull = Hull::of(&points);
        let cylinders = cylinder::cylinders(&points, &hull);
        let count = points.len().max(1) as f32;
        let middle = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.x / count, y + point.y / count));
        let lanes = points.chunks(LANES).map(lanes).collect();
        Self { points, lanes, cylinders, hull, middle }
    }

    /// Whether this one is taken first, the same whichever is called with which.
    pub(super) fn precedes(&self, other: &Self) -> bool {
        let key = |p: &Point| (p.x as u32, p.y as u32, p.angle);
        self.points
            .len()
            .cmp(&other.points.len())
            .then_with(|| self.points.iter().map(key).cmp(other.points.iter().map(key)))
            != std::cmp::Ordering::Greater
    }
}

fn lanes(points: &[Point]) -> Lanes {
    let mut lanes = Lanes { x: [NOWHERE; LANES], y: [NOWHERE; LANES], angle: [0; LANES] };
    for (lane, point) in points.iter().enumerate() {
        (lanes.x[lane], lanes.y[lane], lanes.angle[lane]) = (point.x, point.y, point.angle);
    }
    lanes
}

/// Signed difference of two angles in steps of 1/256 turn, -128 to 127.
pub(super) fn turn(from: u8, to: u8) -> i32 {
    i32::from(to.wrapping_sub(from) as i8)
}
