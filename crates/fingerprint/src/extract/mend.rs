//! The skeleton mended: spurs and crumbs taken off, breaks closed, false bridges and eyelets cut.
//!
//! Lengths are in pixels at 500 dpi, where a ridge and its valley take about nine.
//! Start reading at [`mend`].

use super::Raster;
use super::field::Field;
use super::thin::neighbours;
use crate::maths::{angle, cosine};

/// A side line up to this long is a spur.
const SPUR: usize = 9;
/// A free line up to this long is a crumb.
const CRUMB: usize = 14;
/// Two endings up to this far apart and facing each other are one broken ridge.
const BREAK: f32 = 13.0;
/// A line up to this long between two forks may be a bridge or a side of an eyelet.
const BRIDGE: usize = 13;

/// Where following a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// At the end of the line.
    Ending,
    /// At a fork.
    Fork,
    /// After the number of steps asked for.
    Open,
}

pub(super) fn mend(skeleton: &mut Raster, field: &Field) {
    prune(skeleton);
    join(skeleton, field);
    cut(skeleton, field);
    prune(skeleton);
}

/// How many lines leave a pixel: 1 at an ending, 2 along a line, 3 or more at a fork.
pub(super) fn lines(raster: &Raster, index: usize) -> usize {
    let bits = neighbours(raster, index, &raster.around());
    ((bits ^ (bits >> 1 | (bits & 1) << 7)).count_ones() / 2) as usize
}

/// The first pixel of every line that leaves a pixel.
pub(super) fn branches(raster: &Raster, index: usize) -> Vec<usize> {
    let around = raster.around();
    let bits = neighbours(raster, index, &around);
    let set = |k: usize| bits >> (k % 8) & 1 == 1;
    (0..8)
        .filter(|&k| set(k) && !set(k + 7))
        .map(|k| {
            // A run of neighbours is one line; its straight member is nearest.
            let step = if k % 2 == 1 && set(k + 1) { k + 1 } else { k };
            index.wrapping_add_signed(around[step % 8])
        })
        .collect()
}

/// Follows a line from `start` through `first`, at most `limit` pixels; the path begins with `first`.
pub(super) fn follow(raster: &Raster, start: usize, first: usize, limit: usize) -> (Vec<usize>, End) {
    let around = raster.around();
    let mut path = vec![first];
    let (mut before, mut here) = (start, first);
    loop {
        let count = lines(raster, here);
        if count >= 3 {
            return (path, End::Fork);
        }
        if path.len() >= limit {
            return (path, End::Open);
        }
        let touches = |index: usize| around.iter().any(|&offset| before.wrapping_add_signed(offset) == index);
        // Straight neighbours first; a neighbour that also touches the pixel before is the corner just cut.
        let next = (0..8)
            .map(|k| here.wrapping_add_signed(around[k * 2 % 8 + k / 4]))
            .filter(|&index| raster.cells[index] == 1 && index != before && index != start && !path.contains(&index))
            .min_by_key(|&index| touches(index));
        let Some(next) = next else {
            return (path, End::Ending);
        };
        path.push(next);
        (before, here) = (here, next);
    }
}

fn with_lines(raster: &Raster, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
    (0..raster.cells.len()).filter(|&index| raster.cells[index] == 1 && wanted(lines(raster, index))).collect()
}

/// Takes off spurs and crumbs, and single pixels.
fn prune(skeleton: &mut Raster) {
    for index in with_lines(skeleton, |count| count <= 1) {
        if skeleton.cells[index] == 0 {
            continue;
        }
        let Some(&first) = branches(skeleton, index).first() else {
            skeleton.cells[index] = 0;
            continue;
        };
        let (path, end) = follow(skeleton, index, first, CRUMB);
        let keep = match end {
            End::Fork if path.len() <= SPUR => path.len() - 1,
            End::Ending => path.len(),
            _ => continue,
        };
        skeleton.cells[index] = 0;
        path[..keep].iter().for_each(|&pixel| skeleton.cells[pixel] = 0);
    }
}

/// The direction from an ending into its line, in turns.
pub(super) fn heading(raster: &Raster, from: usize, to: usize) -> f32 {
    let ((x0, y0), (x1, y1)) = (raster.place(from), raster.place(to));
    angle(y0 as f32 - y1 as f32, x1 as f32 - x0 as f32)
}

/// Closes breaks between endings that face each other along the ridges.
fn join(skeleton: &mut Raster, field: &Field) {
    let endings: Vec<(usize, f32, f32, f32)> = with_lines(skeleton, |count| count == 1)
        .into_iter()
        .filter_map(|index| {
            let (path, _) = follow(skeleton, index, *branches(skeleton, index).first()?, 12);
            let (x, y) = skeleton.place(index);
            Some((index, x as f32, y as f32, heading(skeleton, index, *path.last()?)))
        })
        .collect();
    let mut pairs = Vec::new();
    for (i, a) in endings.iter().enumerate() {
        for (j, b) in endings.iter().enumerate().skip(i + 1) {
            // The endings are in the order of their rows.
            if b.2 - a.2 > BREAK {
                break;
            }
            let (dx, dy) = (b.1 - a.1, b.2 - a.2);
            let distance = (dx * dx + dy * dy).sqrt();
            if distance > BREAK {
                continue;
            }
            let way = angle(-dy, dx);
            // Each line leaves its ending away from the other ending.
            let facing = -cosine(way - a.3) > 0.75 && cosine(way - b.3) > 0.75;
            let (x, y) = ((a.1 + b.1) / 2.0, (a.2 + b.2) / 2.0);
            let along = cosine(2.0 * (field.at(x as usize, y as usize).orientation - way)) > 0.4;
            if facing && (along || distance < 4.0) {
                pairs.push((distance, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut used = vec![false; endings.len()];
    for (_, i, j) in pairs {
        if used[i] || used[j] {
            continue;
        }
        let line = straight(skeleton, endings[i].0, endings[j].0);
        if line.iter().all(|&index| skeleton.cells[index] == 0) {
            line.iter().for_each(|&index| skeleton.cells[index] = 1);
            (used[i], used[j]) = (true, true);
        }
    }
}

/// The pixels strictly between two pixels.
fn straight(raster: &Raster, from: usize, to: usize) -> Vec<usize> {
    let ((x0, y0), (x1, y1)) = (raster.place(from), raster.place(to));
    let (dx, dy) = (x1 as isize - x0 as isize, y1 as isize - y0 as isize);
    let steps = dx.abs().max(dy.abs());
    (1..steps)
        .map(|k| {
            let at = |start: usize, delta: isize| {
                (start as isize + (2 * delta * k + steps * delta.signum()) / (2 * steps)) as usize
            };
            raster.at(at(x0, dx), at(y0, dy))
        })
        .collect()
}

/// Cuts short lines between forks that lie across the ridges, and one side of eyelets.
fn cut(skeleton: &mut Raster, field: &Field) {
    for fork in with_lines(skeleton, |count| count >= 3) {
        let mut sides: Vec<(usize, Vec<usize>)> = Vec::new();
        for first in branches(skeleton, fork) {
            let (path, end) = follow(skeleton, fork, first, BRIDGE);
            if end == End::Fork && path.len() >= 2 && path.last() != Some(&fork) {
                sides.push((path[path.len() - 1], path));
            }
        }
        for k in 0..sides.len() {
            let (other, path) = &sides[k];
            let middle = path[path.len() / 2];
            let (x, y) = skeleton.place(middle);
            let way = heading(skeleton, fork, *other);
            let across = cosine(2.0 * (field.at(x, y).orientation - way)) < 0.3;
            let eyelet = sides[..k].iter().any(|(earlier, _)| earlier == other);
            if (across && path.len() >= 3) || eyelet {
                path[..path.len() - 1].iter().for_each(|&pixel| skeleton.cells[pixel] = 0);
                break;
            }
        }
    }
}
