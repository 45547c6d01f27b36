//! Makes a card with test keys, for interoperability trials: `test_card make FOLDER` and `test_card flip CARD OUT`.
//!
//! `make` writes `test.card` and `csca.cer`, and prints the access number. `flip` changes one bit in the image of the
//! face, which a reader must refuse.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "a program of its own")]

#[path = "../tests/person/mod.rs"]
mod person;

use lds::{CardImage, File};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["make", folder] => make(folder),
        ["flip", card, out] => flip(card, out),
        _ => Err("test_card make FOLDER | test_card flip CARD OUT".into()),
    };
    match done {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

type Failed = Box<dyn std::error::Error>;

fn make(folder: &str) -> Result<String, Failed> {
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_nanos() as u64;
    let keys = person::Keys::new(3);
    let image = person::card(&keys, &issuance::Profile::default(), &person::holder(15_000), seed);
    std::fs::create_dir_all(folder)?;
    std::fs::write(format!("{folder}/test.card"), &*image.encode())?;
    std::fs::write(format!("{folder}/csca.cer"), keys.csca.as_bytes())?;
    Ok(image.secrets.can.to_string())
}

fn flip(card: &str, out: &str) -> Result<String, Failed> {
    let mut image = CardImage::parse(&std::fs::read(card)?)?;
    let face = image.files.get_mut(&File::Dg2).ok_or("the card has no DG2")?;
    let at = face.len() / 2;
    face[at] ^= 1;
    std::fs::write(out, &*image.encode())?;
    Ok(format!("DG2, byte {at}"))
}
