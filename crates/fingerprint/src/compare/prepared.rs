//! A template made ready for comparison.
//!
//! Start reading at [`Prepared::new`].

use super::MINUTIAE_MAX;
use super::cylinder::{self, Cylinder};
use super::hull::Hull;
use crate::Template;
use minutiae::Kind;

/// A minutia as the comparison sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
    /// In steps of 1/256 turn, counter-clockwise.
    pub(super) angle: u8,
    /// 0 to 1; a half where it is not known.
    pub(super) quality: f32,
    pub(super) kind: Kind,
}

/// A template made ready for comparison; about 8 KB.
#[derive(Debug, Clone)]
pub struct Prepared {
    pub(super) points: Vec<Point>,
    pub(super) cylinders: Vec<Cylinder>,
    pub(super) hull: Hull,
}

impl Prepared {
    /// Prepares a template.
    #[must_use]
    pub fn new(template: &Template) -> Self {
        let mut sorted = template.minutiae().to_vec();
        // Known order whoever made the template: best first, then by place.
        sorted.sort_by_key(|m| (std::cmp::Reverse(m.quality), m.y, m.x, m.angle));
        sorted.truncate(MINUTIAE_MAX);
        let points: Vec<Point> = sorted
            .iter()
            .map(|m| Point {
                x: f32::from(m.x),
                y: f32::from(m.y),
                angle: m.angle,
                quality: if m.quality == 0 { 0.5 } else { f32::from(m.quality) / 100.0 },
                kind: m.kind,
            })
            .collect();
        let hull = Hull::of(&points);
        let cylinders = cylinder::cylinders(&points, &hull);
        Self { points, cylinders, hull }
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

/// Signed difference of two angles in steps of 1/256 turn, -128 to 127.
pub(super) fn turn(from: u8, to: u8) -> i32 {
    i32::from(to.wrapping_sub(from) as i8)
}
