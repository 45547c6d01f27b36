//! The grade of an image, 0 to 100, and what to say to the person at the sensor.
//!
//! The grade is the product of three shares: how clear the ridges are, how large the print is, and how many minutiae
//! were found; a print that fails in one fails. It is not NFIQ 2 and is not calibrated against it.
//! Start reading at [`grade`].

use super::BLOCK;
use super::field::Field;
use super::segment::Mask;
use crate::{GreyImage, Minutia};

/// What most lowers the grade of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nothing to complain of.
    Good,
    /// The print covers too little of the finger.
    TooSmall,
    /// The ridges are thin and broken: the finger is dry or pressed too lightly.
    Dry,
    /// The ridges run together: the finger is wet or pressed too hard.
    Wet,
    /// The ridges are wiped out along one direction: the finger moved.
    Moved,
    /// The ridges are unclear, neither dark nor light.
    Unclear,
    /// Too few minutiae for a comparison.
    FewMinutiae,
}

impl Reason {
    /// A stable name, for programs and for the text table.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::TooSmall => "too-small",
            Self::Dry => "dry",
            Self::Wet => "wet",
            Self::Moved => "moved",
            Self::Unclear => "unclear",
            Self::FewMinutiae => "few-minutiae",
        }
    }
}

/// The grade of an image and its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality {
    /// 0 (useless) to 100.
    pub value: u8,
    /// What most lowers it.
    pub reason: Reason,
}

/// Area of a plain print that counts as full, in square pixels at 500 dpi (about 12 mm by 13 mm).
const AREA_FULL: f32 = 60_000.0;
/// Number of minutiae that counts as full.
const MINUTIAE_FULL: f32 = 25.0;
/// Mean confidence of the ridges that counts as full, and that counts as nothing.
const CLEAR_FULL: f32 = 0.65;
const CLEAR_NONE: f32 = 0.15;
/// Below this grade a reason is given.
const GOOD: u8 = 50;
/// Share of dark pixels in the print beyond which it is wet, and below which it is dry.
const DARK_WET: f32 = 0.60;
const DARK_DRY: f32 = 0.38;
/// A movement (see [`super::movement`]) from which a poor print is poor for its sake: 2.2 times as much left across as along.
const MOVED: f32 = 0.8;

/// The grade of a print that shows so much movement; see [`super::movement::movement`].
pub(super) fn grade(image: &GreyImage, field: &Field, mask: &Mask, minutiae: &[Minutia], movement: f32) -> Quality {
    let blocks = mask.blocks();
    let mut confidence = 0.0f32;
    let mut tones = [0u32; 256];
    for row in 0..field.rows {
        for column in 0..field.columns {
            if mask.block(column as isize, row as isize) {
                confidence += field.confidence[row * field.columns + column];
                count_tones(image, column, row, &mut tones);
            }
        }
    }
    let clear = ((confidence / blocks as f32 - CLEAR_NONE) / (CLEAR_FULL - CLEAR_NONE)).clamp(0.0, 1.0);
    let large = ((blocks * BLOCK * BLOCK) as f32 / AREA_FULL).min(1.0);
    let many = (minutiae.len() as f32 / MINUTIAE_FULL).min(1.0);
    let value = (100.0 * clear * large.sqrt() * many.sqrt()) as u8;
    let reason = if value >= GOOD {
        Reason::Good
    } else if movement >= MOVED {
        // Before the others: what was wiped out is missed in area, minutiae and tones too.
        Reason::Moved
    } else if large <= clear && large <= many {
        Reason::TooSmall
    } else if many <= clear {
        Reason::FewMinutiae
    } else {
        match dark_share(&tones) {
            share if share > DARK_WET => Reason::Wet,
            share if share < DARK_DRY => Reason::Dry,
            _ => Reason::Unclear,
        }
    };
    Quality { value, reason }
}

fn count_tones(image: &GreyImage, column: usize, row: usize, tones: &mut [u32; 256]) {
    let (width, height) = (image.width() as usize, image.height() as usize);
    for y in row * BLOCK..((row + 1) * BLOCK).min(height) {
        for x in column * BLOCK..((column + 1) * BLOCK).min(width) {
            tones[usize::from(image.pixels()[y * width + x])] += 1;
        }
    }
}

/// The share of pixels darker than halfway between the darkest and the lightest tenth.
fn dark_share(tones: &[u32; 256]) -> f32 {
    let total: u32 = tones.iter().sum();
    let tone_at = |share: u32| {
        let mut below = 0;
        tones.iter().position(|&count| {
            below += count;
            below * 20 >= total * share
        })
    };
    let (low, high) = (tone_at(1).unwrap_or(0), tone_at(19).unwrap_or(255));
    let dark: u32 = tones[..=(low + high) / 2].iter().sum();
    dark as f32 / total.max(1) as f32
}
