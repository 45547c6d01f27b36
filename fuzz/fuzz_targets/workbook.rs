//! A province's file as XLSX: any bytes, a changed workbook, and a whole archive with any sheet in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use register::heading::Mapping;
use register::{row, sheet};
use std::io::{Cursor, Write};
use std::sync::LazyLock;
use vandan_fuzz::{changed, choice, pieces};
use zip::write::SimpleFileOptions;

const TYPES: &[u8] = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const RELATIONS: &[u8] = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELATIONS: &[u8] = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const SHEET: &[u8] = br#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:C2"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>rec_id</t></is></c><c r="B1" t="inlineStr"><is><t>file_province</t></is></c><c r="C1" t="s"><v>0</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" s="0"><v>43831</v></c><c r="C2" t="s"><v>1</v></c></row></sheetData></worksheet>"#;
const STRINGS: &[u8] = br#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2" uniqueCount="2"><si><t>full_name</t></si><si><t>An</t></si></sst>"#;
const STYLES: &[u8] = br#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="1"><xf numFmtId="14"/></cellXfs></styleSheet>"#;

/// An archive of a workbook's parts.
fn archive(parts: [&[u8]; 7]) -> Vec<u8> {
    const NAMES: [&str; 7] = [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
    ];
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in NAMES.iter().zip(parts) {
        writer.start_file(*name, stored).expect("a file in memory");
        writer.write_all(part).expect("a file in memory");
    }
    writer.finish().expect("a file in memory").into_inner()
}

const PARTS: [&[u8]; 7] = [TYPES, RELATIONS, BOOK, BOOK_RELATIONS, SHEET, STRINGS, STYLES];

static EXAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let example = archive(PARTS);
    let read = sheet::read(&example, &Mapping::default()).expect("the example is a workbook");
    assert_eq!(read.len(), 1);
    example
});

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let bytes = match way % 8 {
        0 => [b"PK\x03\x04", data].concat(),
        1 | 2 => changed(&EXAMPLE, data),
        3 => archive([TYPES, RELATIONS, BOOK, BOOK_RELATIONS, data, STRINGS, STYLES]),
        4 => archive([TYPES, RELATIONS, BOOK, BOOK_RELATIONS, SHEET, data, STYLES]),
        _ => {
            let mut changes = pieces(data);
            let parts = PARTS.map(|part| changed(part, changes.next().unwrap_or_default()));
            archive(std::array::from_fn(|at| parts[at].as_slice()))
        }
    };
    let Ok(sheet) = sheet::read(&bytes, &Mapping::default()) else { return };
    let world = row::World { ward_exists: &|code| code == "00142", year: 2026 };
    assert_eq!(row::rows(&sheet, &world).len(), sheet.len());
});
