//! `fingerprint show`: a print with its minutiae, the directions of its ridges and its quality; two with what lies on each other.

use super::bad;
use crate::installation::{read_file, writable, write_file};
use crate::output::{Exit, Failure, Output};
use crate::prints::{Picture, Print};
use crate::text::t;
use fingerprint::{DPI, Extraction, FILE_BYTES_MAX, GreyImage, Orientation, Prepared, matched};
use std::path::{Path, PathBuf};

/// A print as far as it was looked at.
struct Looked {
    image: GreyImage,
    extraction: Extraction,
    orientation: Orientation,
}

fn look(file: &Path, dpi: Option<u32>) -> Result<Looked, Failure> {
    let bytes = read_file(file, FILE_BYTES_MAX as u64)?;
    let looked = || {
        let (image, stated) = fingerprint::decode_with_dpi(&bytes)?;
        let dpi = dpi.or(stated).unwrap_or(DPI);
        Ok(Looked {
            extraction: fingerprint::extract(image.clone(), dpi)?,
            orientation: fingerprint::orientation(image.clone(), dpi)?,
            image: image.at_500_dpi(dpi)?,
        })
    };
    looked().map_err(|error| bad(file, &error))
}

pub(super) fn show(images: &[PathBuf], file: &Path, dpi: Option<u32>, out: &mut Output) -> Result<(), Failure> {
    let form = file.extension().and_then(|form| form.to_str()).unwrap_or_default().to_lowercase();
    if !["png", "svg"].contains(&form.as_str()) {
        return Err(Failure::new(Exit::Use, t!("picture-file-form"), vec![("file", file.display().to_string())]));
    }
    writable(file)?;
    let looked: Vec<Looked> = images.iter().map(|image| look(image, dpi)).collect::<Result<_, _>>()?;
    let pair = match looked.as_slice() {
        [a, b] => Some((&a.extraction.template, &b.extraction.template)),
        _ => None,
    };
    let pairs = pair.map_or_else(Vec::new, |(a, b)| matched(a, b));
    let score = pair.map(|(a, b)| Prepared::new(a).compare(&Prepared::new(b)));
    let title = match score {
        Some(score) => {
            let arguments = [("score", out.language.number(f64::from(score), 1)), ("matched", pairs.len().to_string())];
            out.text(t!("picture-of-two"), &arguments)
        }
        None => {
            let minutiae = looked.first().map_or(0, |one| one.extraction.template.minutiae().len());
            let quality = looked.first().map_or(0, |one| one.extraction.quality.value);
            out.text(t!("picture-of-one"), &[("minutiae", minutiae.to_string()), ("quality", quality.to_string())])
        }
    };
    let prints: Vec<Print<'_>> = looked
        .iter()
        .map(|one| Print { image: &one.image, template: &one.extraction.template, orientation: Some(&one.orientation) })
        .collect();
    let picture = Picture::of(&prints, &pairs, &title);
    let bytes = if form == "svg" { Some(picture.svg().into_bytes()) } else { picture.png() };
    let unmade = || Failure::new(Exit::Now, t!("picture-unmade"), vec![("file", file.display().to_string())]);
    write_file(file, &bytes.ok_or_else(unmade)?)?;
    out.say(t!("picture-written"), &[("title", title), ("file", file.display().to_string())]);
    let qualities: Vec<u8> = looked.iter().map(|one| one.extraction.quality.value).collect();
    out.json(&serde_json::json!({ "file": file, "quality": qualities, "score": score, "matched": pairs.len() }));
    Ok(())
}
