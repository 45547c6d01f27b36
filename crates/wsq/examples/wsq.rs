//! A codec to try streams with: `wsq encode RATE [PPI] < image.pgm > image.wsq`, `wsq decode < image.wsq > image.pgm`,
//! `wsq time RATE < image.pgm` (milliseconds for each direction).
#![expect(clippy::print_stderr, reason = "an example that prints is the purpose")]

use std::io::{Error, ErrorKind, Read, Write};
use std::process::ExitCode;
use std::time::Instant;
use wsq::{Image, Rate, decode, encode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), Error> {
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input)?;
    let output = match *words {
        ["encode", rate] => encode(&pgm(&input, None)?, number(rate)?).map_err(Error::other)?,
        ["encode", rate, ppi] => {
            let ppi = ppi.parse().map_err(Error::other)?;
            encode(&pgm(&input, Some(ppi))?, number(rate)?).map_err(Error::other)?
        }
        ["decode"] => {
            let image = decode(&input).map_err(Error::other)?;
            let mut file = format!("P5\n{} {}\n255\n", image.width, image.height).into_bytes();
            file.extend(image.pixels);
            file
        }
        ["time", rate] => time(&pgm(&input, None)?, number(rate)?).map_err(Error::other)?,
        _ => return Err(Error::other("usage: wsq encode RATE [PPI] | decode | time RATE")),
    };
    std::io::stdout().lock().write_all(&output)
}

fn number(rate: &str) -> Result<Rate, Error> {
    rate.parse().map_err(Error::other).and_then(|bits| Rate::new(bits).map_err(Error::other))
}

/// The best of twenty of each direction.
fn time(image: &Image, rate: Rate) -> Result<Vec<u8>, wsq::Error> {
    let (mut encoding, mut decoding) = (f64::MAX, f64::MAX);
    for _ in 0..20 {
        #[expect(clippy::disallowed_methods, reason = "a stopwatch is what this is")]
        let begin = Instant::now();
        let stream = encode(image, rate)?;
        encoding = encoding.min(begin.elapsed().as_secs_f64());
        #[expect(clippy::disallowed_methods, reason = "a stopwatch is what this is")]
        let begin = Instant::now();
        decode(&stream)?;
        decoding = decoding.min(begin.elapsed().as_secs_f64());
    }
    Ok(format!("encode {:.2} ms, decode {:.2} ms\n", encoding * 1e3, decoding * 1e3).into_bytes())
}

/// A binary PGM file of 8 bits without comments.
fn pgm(bytes: &[u8], ppi: Option<u32>) -> Result<Image, Error> {
    let bad = || Error::new(ErrorKind::InvalidData, "not a PGM file of 8 bits");
    let mut fields = bytes.splitn(5, u8::is_ascii_whitespace);
    let mut next = || fields.next().ok_or_else(bad);
    let (kind, width, height, most, pixels) = (next()?, next()?, next()?, next()?, next()?);
    let side = |text: &[u8]| String::from_utf8_lossy(text).parse().map_err(|_| bad());
    if kind != b"P5" || most != b"255" {
        return Err(bad());
    }
    Ok(Image { width: side(width)?, height: side(height)?, ppi, pixels: pixels.to_vec() })
}
