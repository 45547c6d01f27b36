//! Captures made ready: images decoded, templates extracted, quality measured. No store, no keys.

use super::face::{check_jp2, check_jpeg};
use crate::Error;
use enrolment::{Application, Capture, Finger};
use fingerprint::{Quality, Template};
use rayon::prelude::*;

/// Bytes of a face.
const FACE_BYTES_MAX: usize = 2 << 20;

/// One finger made ready.
pub(super) struct Ready {
    pub(super) position: u8,
    /// Template, quality 0–100 and the image file; or the reason why there is none.
    pub(super) found: Result<(Template, Quality, Vec<u8>), &'static str>,
}

/// Extracts every finger's template, on all cores, and measures the face; the first bad image in order of positions is
/// the one named.
pub(super) fn make_ready(application: &Application) -> Result<(Vec<Ready>, Option<u8>), Error> {
    let face_quality = check_face(&application.face)?;
    let ready: Vec<Result<Ready, Error>> = application.fingers.par_iter().map(finger).collect();
    Ok((ready.into_iter().collect::<Result<_, _>>()?, face_quality))
}

/// The quality of a face, 0–100; none where it is not measured. A JPEG is decoded to see that it is one and to measure it;
/// of JPEG 2000 the boxes, the size and the end are looked at, the picture is not decoded.
fn check_face(face: &[u8]) -> Result<Option<u8>, Error> {
    if face.len() > FACE_BYTES_MAX {
        return Err(Error::Input { code: "face-too-large", arguments: vec![("max", FACE_BYTES_MAX.to_string())] });
    }
    if face.starts_with(&[0, 0, 0, 12, b'j', b'P', b' ', b' ']) {
        return check_jp2(face).map(|()| None);
    }
    if !face.starts_with(&[0xff, 0xd8, 0xff]) {
        return Err(Error::input("face-not-jpeg"));
    }
    check_jpeg(face)?;
    let image = fingerprint::decode(face).map_err(|_| Error::input("face-not-jpeg"))?;
    Ok(Some(face_quality(&image)))
}

/// A first measure of a face image: large enough (300 pixels), with contrast, and sharp. Where the face is in it, and
/// whose, is not looked at.
fn face_quality(image: &fingerprint::GreyImage) -> u8 {
    let (width, height, pixels) = (u64::from(image.width()), u64::from(image.height()), image.pixels());
    let count = pixels.len().max(1) as u64;
    let mean = pixels.iter().map(|pixel| u64::from(*pixel)).sum::<u64>() / count;
    let spread = pixels.iter().map(|pixel| u64::from(*pixel).abs_diff(mean)).sum::<u64>() * 100 / count;
    let steps = pixels.windows(2).map(|pair| u64::from(pair[0].abs_diff(pair[1]))).sum::<u64>() * 100 / count;
    // Full marks at a mean deviation of 30 grey levels and a mean step of 2 between neighbours.
    let (contrast, sharp) = ((spread * 100 / 3_000).min(100), (steps * 100 / 200).min(100));
    let size = (width.min(height) * 100 / 300).min(100);
    contrast.min(sharp).min(size) as u8
}

fn finger(finger: &Finger) -> Result<Ready, Error> {
    let position = finger.position;
    let found = match &finger.capture {
        Capture::Missing(reason) => Err(reason.word()),
        Capture::Image { file, dpi } => {
            let bad = |error: fingerprint::Error| {
                let mut arguments = error.arguments();
                arguments.retain(|(name, _)| *name != "file");
                let own =
                    [("finger", position.to_string()), ("file", position.to_string()), ("detail", error.to_string())];
                arguments.extend(own);
                Error::Input { code: error.code(), arguments }
            };
            let image = fingerprint::decode(file).map_err(bad)?;
            let extraction = fingerprint::extract(image, u32::from(*dpi)).map_err(bad)?;
            Ok((extraction.template, extraction.quality, file.clone()))
        }
    };
    Ok(Ready { position, found })
}
