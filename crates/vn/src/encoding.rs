//! From a file's bytes to text: which encoding an office used.

use crate::codepage::repair;
use crate::syllable::is_syllable;
use unicode_normalization::UnicodeNormalization;

/// The encoding that a file was found to be in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// UTF-16 with a byte-order mark, either order.
    Utf16,
    /// Windows-1258: marks as combining bytes.
    Windows1258,
    /// Bytes as Latin-1 shows them: TCVN3 or VNI, to be repaired cell by cell.
    Latin1,
}

impl Encoding {
    /// The name as people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16 => "UTF-16",
            Encoding::Windows1258 => "Windows-1258",
            Encoding::Latin1 => "TCVN3/VNI",
        }
    }
}

/// Decodes a file. `Err` gives the offset of the first byte that fits no encoding tried.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding), usize> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => return utf8(rest).map_err(|at| at + 3),
        [0xff, 0xfe, rest @ ..] => return utf16(rest, u16::from_le_bytes).map_err(|at| at + 2),
        [0xfe, 0xff, rest @ ..] => return utf16(rest, u16::from_be_bytes).map_err(|at| at + 2),
        _ => {}
    }
    match utf8(bytes) {
        Ok(decoded) => Ok(decoded),
        Err(at) => {
            if let Some(zero) = bytes.iter().position(|byte| *byte == 0) {
                return Err(zero);
            }
            // A file cut off in the middle of a letter is UTF-8 all the same.
            if bytes.len() - at < 4 && at > 0 {
                return Ok((String::from_utf8_lossy(&bytes[..at]).into_owned(), Encoding::Utf8));
            }
            Ok(legacy(bytes))
        }
    }
}

fn utf8(bytes: &[u8]) -> Result<(String, Encoding), usize> {
    simdutf8::compat::from_utf8(bytes)
        .map(|text| (text.to_owned(), Encoding::Utf8))
        .map_err(|error| error.valid_up_to())
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Result<(String, Encoding), usize> {
    let (units, _) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    for (at, c) in char::decode_utf16(units.iter().map(|unit| read(*unit))).enumerate() {
        text.push(c.map_err(|_| at * 2)?);
    }
    Ok((text, Encoding::Utf16))
}

/// Windows-1258 or Latin-1, whichever gives more syllables in the first part of the file.
fn legacy(bytes: &[u8]) -> (String, Encoding) {
    let sample = &bytes[..bytes.len().min(64 << 10)];
    let vietnamese: String = encoding_rs::WINDOWS_1258.decode_without_bom_handling(sample).0.nfc().collect();
    let latin: String = sample.iter().map(|byte| *byte as char).collect();
    let repaired: Vec<String> = latin.split(['\n', ',', ';', '\t']).map(|cell| repair(cell).0.into_owned()).collect();
    if syllables(&vietnamese) >= syllables(&repaired.join(" ")) {
        let text = encoding_rs::WINDOWS_1258.decode_without_bom_handling(bytes).0.nfc().collect();
        (text, Encoding::Windows1258)
    } else {
        (bytes.iter().map(|byte| *byte as char).collect(), Encoding::Latin1)
    }
}

fn syllables(text: &str) -> usize {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_ascii() && is_syllable(word)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(bytes: &[u8], encoding: Encoding, text: &str) {
        assert_eq!(decode(bytes), Ok((text.to_owned(), encoding)));
    }

    #[test]
    fn files_in_common_encodings_are_read() {
        let text = "Nguyễn Thị Hồng, Trần Văn Đức";
        check(text.as_bytes(), Encoding::Utf8, text);
        check(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8, text);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&[b"\xff\xfe", little.as_slice()].concat(), Encoding::Utf16, text);
        // Windows-1258: ê is one byte, the tilde after it another; here ị is i with a dot below.
        check(b"Nguy\xea\xden Th\x69\xf2", Encoding::Windows1258, "Nguyễn Thị");
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }
    }
}
