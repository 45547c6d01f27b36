//! The convex hull of the minutiae: the part of the finger that an impression is known to show.
//!
//! Start reading at [`Hull::of`].

use super::prepared::Point;

/// Corners in order, and the area inside.
#[derive(Debug, Clone)]
pub(super) struct Hull {
    /// Each side as a point and the unit vector that points out of the hull there.
    sides: Vec<[f32; 4]>,
    /// Square pixels.
    pub(super) area: f32,
}

impl Hull {
    pub(super) fn of(points: &[Point]) -> Self {
        let mut sorted: Vec<(f32, f32)> = points.iter().map(|p| (p.x, p.y)).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        sorted.dedup();
        let mut corners = half(sorted.iter().copied());
        corners.extend(half(sorted.iter().rev().copied()));
        let mut sides = Vec::with_capacity(corners.len());
        let mut doubled = 0.0;
        for (k, &(x, y)) in corners.iter().enumerate() {
            let (next_x, next_y) = corners[(k + 1) % corners.len()];
            let (dx, dy) = (next_x - x, next_y - y);
            let length = (dx * dx + dy * dy).sqrt().max(1e-6);
            sides.push([x, y, dy / length, -dx / length]);
            doubled += x * next_y - next_x * y;
        }
        Self { sides, area: doubled.abs() / 2.0 }
    }

    /// Whether a place is inside or at most `margin` pixels beyond one side.
    pub(super) fn covers(&self, x: f32, y: f32, margin: f32) -> bool {
        self.sides.iter().all(|side| (x - side[0]) * side[2] + (y - side[1]) * side[3] <= margin)
    }
}

/// One half of the hull by Andrew's monotone chain, without its last corner.
fn half(points: impl Iterator<Item = (f32, f32)>) -> Vec<(f32, f32)> {
    let mut chain: Vec<(f32, f32)> = Vec::new();
    for point in points {
        while let [.., a, b] = chain[..] {
            if (b.0 - a.0) * (point.1 - a.1) - (b.1 - a.1) * (point.0 - a.0) > 0.0 {
                break;
            }
            chain.pop();
        }
        chain.push(point);
    }
    chain.pop();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutiae::Kind;

    #[test]
    fn a_square_covers_what_is_in_it() {
        let corners = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (5.0, 5.0)];
        let points: Vec<Point> = corners
            .iter()
            .map(|&(x, y)| Point { x, y, angle: 0, ahead: (1.0, 0.0), quality: 1.0, kind: Kind::Ending })
            .collect();
        let hull = Hull::of(&points);
        assert_eq!(hull.area, 100.0);
        assert!(hull.covers(5.0, 5.0, 0.0) && hull.covers(-2.0, 5.0, 3.0));
        assert!(!hull.covers(-2.0, 5.0, 1.0) && !hull.covers(5.0, 12.0, 1.0));
    }
}
