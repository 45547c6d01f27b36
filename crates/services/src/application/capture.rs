//! Captures made ready: images decoded, templates extracted, quality measured. No store, no keys.

use crate::Error;
use enrolment::{Application, Capture, Finger};
use fingerprint::Template;
use rayon::prelude::*;

/// Bytes of a face.
const FACE_BYTES_MAX: usize = 2 << 20;

/// One finger made ready.
pub(super) struct Ready {
    pub(super) position: u8,
    /// Template, quality 0–100 and the image file; or the reason why there is none.
    pub(super) found: Result<(Template, u8, Vec<u8>), &'static str>,
}

/// Extracts every finger's template, on all cores; the first bad image in order of positions is the one named.
pub(super) fn make_ready(application: &Application) -> Result<Vec<Ready>, Error> {
    check_face(&application.face)?;
    let ready: Vec<Result<Ready, Error>> = application.fingers.par_iter().map(finger).collect();
    ready.into_iter().collect()
}

fn check_face(face: &[u8]) -> Result<(), Error> {
    let jpeg = face.starts_with(&[0xff, 0xd8, 0xff]);
    let jpeg2000 = face.starts_with(&[0, 0, 0, 12, b'j', b'P', b' ', b' ']);
    if face.len() > FACE_BYTES_MAX {
        return Err(Error::Input { code: "face-too-large", arguments: vec![("max", FACE_BYTES_MAX.to_string())] });
    }
    // A JPEG is decoded to see that it is one; JPEG 2000 is known by its signature only.
    if jpeg2000 || (jpeg && fingerprint::decode(face).is_ok()) { Ok(()) } else { Err(Error::input("face-not-jpeg")) }
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
            Ok((extraction.template, extraction.quality.value, file.clone()))
        }
    };
    Ok(Ready { position, found })
}
