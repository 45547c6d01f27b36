//! What the targets share: a valid example with a few bytes changed reaches deeper than bytes out of nothing.

/// Splits off the first byte; 0 where there is none.
#[must_use]
pub fn choice(data: &[u8]) -> (u8, &[u8]) {
    data.split_first().map_or((0, data), |(first, rest)| (*first, rest))
}

/// An example with the changes that `data` describes, four bytes each: where (2), what, and how (overwrite, insert,
/// delete, cut, repeat).
#[must_use]
pub fn changed(example: &[u8], data: &[u8]) -> Vec<u8> {
    let mut bytes = example.to_vec();
    for change in data.chunks_exact(4) {
        if bytes.is_empty() {
            break;
        }
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % bytes.len();
        match change[3] % 8 {
            0..=3 => bytes[at] = change[2],
            4 => bytes.insert(at, change[2]),
            5 => drop(bytes.remove(at)),
            6 => bytes.truncate(at),
            _ => {
                let end = (at + usize::from(change[2])).min(bytes.len());
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}

/// The pieces of `data`, each behind two bytes of length.
pub fn pieces(mut data: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = data.split_first_chunk::<2>()?;
        let (piece, rest) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
        data = rest;
        Some(piece)
    })
}

/// Repeatable bytes, different for every seed.
pub fn seeded(seed: u64) -> impl FnMut(&mut [u8]) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |out: &mut [u8]| {
        for byte in out {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = (state >> 32) as u8;
        }
    }
}
