//! Small image files, written out by the formats' own rules so that any header can be made.
//!
//! Pixels are grey; a file in colour has the same value in each channel, a palette is one of greys. With fewer pixels than
//! the sides make, the file ends early.

/// A binary PGM file.
pub(crate) fn pgm(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    [format!("P5\n{width} {height}\n255\n").as_bytes(), pixels].concat()
}

/// A binary PGM file of 16 bits.
pub(crate) fn pgm_16(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    [format!("P5\n{width} {height}\n65535\n").into_bytes(), wide(pixels)].concat()
}

/// A PGM file of decimal numbers.
pub(crate) fn pgm_in_words(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let words: Vec<String> = pixels.iter().map(u8::to_string).collect();
    format!("P2\n# a comment\n{width} {height}\n255\n{}\n", words.join(" ")).into_bytes()
}

/// A binary PBM file: one is black.
pub(crate) fn pbm(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let inverted: Vec<u8> = bits(width, pixels).iter().map(|byte| !byte).collect();
    [format!("P4\n{width} {height}\n").as_bytes(), &inverted].concat()
}

/// A BMP file of 1, 8 or 24 bits, rows from the bottom.
pub(crate) fn bmp(width: u32, height: u32, pixels: &[u8], depth: u16) -> Vec<u8> {
    let palette: Vec<u8> = match depth {
        1 => vec![0, 0, 0, 0, 255, 255, 255, 0],
        8 => (0..=255).flat_map(|grey| [grey, grey, grey, 0]).collect(),
        _ => Vec::new(),
    };
    let mut rows = Vec::new();
    for row in pixels.chunks(width.max(1) as usize).rev() {
        let start = rows.len();
        match depth {
            1 => rows.extend(bits(width, row)),
            8 => rows.extend(row),
            _ => rows.extend(row.iter().flat_map(|&grey| [grey; 3])),
        }
        rows.resize(start + (rows.len() - start).next_multiple_of(4), 0);
    }
    let offset = 54 + palette.len() as u32;
    let mut file = b"BM".to_vec();
    let long = |file: &mut Vec<u8>, value: u32| file.extend(value.to_le_bytes());
    for value in [offset + rows.len() as u32, 0, offset, 40, width, height] {
        long(&mut file, value);
    }
    file.extend([1u16.to_le_bytes(), depth.to_le_bytes()].concat());
    for value in [0, rows.len() as u32, 0, 0, palette.len() as u32 / 4, 0] {
        long(&mut file, value);
    }
    [file, palette, rows].concat()
}

/// What a PNG file's pixels are.
#[derive(Clone, Copy)]
pub(crate) enum Png {
    Grey8,
    Grey16,
    Colour,
    Palette,
    OneBit,
}

/// A PNG file whose data is stored without compression.
pub(crate) fn png(width: u32, height: u32, pixels: &[u8], kind: Png) -> Vec<u8> {
    let (depth, colour) = match kind {
        Png::Grey8 => (8, 0),
        Png::Grey16 => (16, 0),
        Png::Colour => (8, 2),
        Png::Palette => (8, 3),
        Png::OneBit => (1, 0),
    };
    let mut rows = Vec::new();
    for row in pixels.chunks(width.max(1) as usize) {
        rows.push(0);
        match kind {
            Png::Grey8 | Png::Palette => rows.extend(row),
            Png::Grey16 => rows.extend(wide(row)),
            Png::Colour => rows.extend(row.iter().flat_map(|&grey| [grey; 3])),
            Png::OneBit => rows.extend(bits(width, row)),
        }
    }
    let mut data = vec![0x78, 0x01];
    let last = rows.chunks(0xFFFF).count().saturating_sub(1);
    for (index, part) in rows.chunks(0xFFFF).enumerate() {
        let length = part.len() as u16;
        data.push(u8::from(index == last));
        data.extend([length.to_le_bytes(), (!length).to_le_bytes()].concat());
        data.extend(part);
    }
    data.extend(adler(&rows).to_be_bytes());
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colour, 0, 0, 0]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(b"IHDR", &header, &mut file);
    if matches!(kind, Png::Palette) {
        chunk(b"PLTE", &(0..=255).flat_map(|grey| [grey; 3]).collect::<Vec<u8>>(), &mut file);
    }
    chunk(b"IDAT", &data, &mut file);
    chunk(b"IEND", &[], &mut file);
    file
}

fn chunk(kind: &[u8; 4], body: &[u8], file: &mut Vec<u8>) {
    file.extend((body.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(body);
    let check = crc(&file[start..]);
    file.extend(check.to_be_bytes());
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xEDB8_8320 ^ crc >> 1 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| step(crc)))
}

fn adler(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1u32, 0u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

/// What a TIFF file's pixels are.
#[derive(Clone, Copy)]
pub(crate) enum Tiff {
    Grey8,
    WhiteIsZero,
    Grey16,
    Colour,
    Palette,
    OneBit,
}

/// A little-endian TIFF file of one strip without compression.
pub(crate) fn tiff(width: u32, height: u32, pixels: &[u8], kind: Tiff) -> Vec<u8> {
    let (depth, photometric, samples) = match kind {
        Tiff::Grey8 => (8, 1, 1),
        Tiff::WhiteIsZero => (8, 0, 1),
        Tiff::Grey16 => (16, 1, 1),
        Tiff::Colour => (8, 2, 3),
        Tiff::Palette => (8, 3, 1),
        Tiff::OneBit => (1, 1, 1),
    };
    let strip: Vec<u8> = match kind {
        Tiff::Grey8 | Tiff::Palette => pixels.to_vec(),
        Tiff::WhiteIsZero => pixels.iter().map(|&grey| 255 - grey).collect(),
        Tiff::Grey16 => pixels.iter().flat_map(|&grey| [grey; 2]).collect(),
        Tiff::Colour => pixels.iter().flat_map(|&grey| [grey; 3]).collect(),
        Tiff::OneBit => bits(width, pixels),
    };
    // Behind the header: three depths, the palette, the strip, the directory.
    let (depths, palette) = (8u32, 14u32);
    let colours: Vec<u8> = if matches!(kind, Tiff::Palette) {
        (0..3).flat_map(|_| (0..=255u8).flat_map(|grey| [grey; 2])).collect()
    } else {
        Vec::new()
    };
    let start = palette + colours.len() as u32;
    let directory = (start + strip.len() as u32).next_multiple_of(2);
    let (short, long) = (3u16, 4u16);
    let mut entries = vec![
        (256u16, long, 1u32, width),
        (257, long, 1, height),
        (258, short, samples, if samples == 3 { depths } else { depth }),
        (259, short, 1, 1),
        (262, short, 1, photometric),
        (273, long, 1, start),
        (277, short, 1, samples),
        (278, long, 1, height),
        (279, long, 1, strip.len() as u32),
    ];
    if !colours.is_empty() {
        entries.push((320, short, 768, palette));
    }
    let mut file = b"II*\0".to_vec();
    file.extend(directory.to_le_bytes());
    file.extend([8, 0, 8, 0, 8, 0]);
    file.extend(colours);
    file.extend(strip);
    file.resize(directory as usize, 0);
    file.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        file.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        file.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
    }
    file.extend([0; 4]);
    file
}

/// Rows of pixels as bits, one for the bright ones, each row in whole bytes.
fn bits(width: u32, pixels: &[u8]) -> Vec<u8> {
    let row = |row: &[u8]| -> Vec<u8> {
        let byte = |eight: &[u8]| eight.iter().enumerate().fold(0, |byte, (at, &grey)| byte | (grey >> 7) << (7 - at));
        row.chunks(8).map(byte).collect()
    };
    pixels.chunks(width.max(1) as usize).flat_map(row).collect()
}

/// Each pixel as two bytes that mean the same grey.
fn wide(pixels: &[u8]) -> Vec<u8> {
    pixels.iter().flat_map(|&grey| [grey; 2]).collect()
}
