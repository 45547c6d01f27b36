//! A province's file as CSV: read or refused; what is read has a meaning for every row, and the same one twice; the linker
//! takes every row.
#![no_main]

use libfuzzer_sys::fuzz_target;
use register::heading::Mapping;
use register::{row, sheet, unit};
use vandan_fuzz::choice;

const HEADINGS: &[u8] =
    b"rec_id,file_province,source,full_name,birth_date,sex,ethnic,birth_province,home_town,res_ward,\
res_address,id9,pin12,father_name,mother_name,household_no\n";

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let mut mapping = Mapping::default();
    let bytes = match way % 4 {
        0 => data.to_vec(),
        1 | 2 => [HEADINGS, data].concat(),
        _ => {
            // A mapping file, a zero byte, then the sheet.
            let at = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
            let text = String::from_utf8_lossy(&data[..at]);
            mapping = Mapping::parse(&text).unwrap_or_default();
            data[at..].iter().skip(1).copied().collect()
        }
    };
    let _ = unit::read(&bytes, &mut std::collections::BTreeMap::new());
    let Ok(sheet) = sheet::read(&bytes, &mapping) else { return };
    let world = row::World { ward_exists: &|code| code == "00142", year: 2026 };
    let rows = row::rows(&sheet, &world);
    assert_eq!(rows.len(), sheet.len());
    assert_eq!(row::rows(&sheet, &world), rows);
    for one in rows {
        let _ = row::normalise(one.line, one.raw, &world);
        let _ = one.facts.linked_cells();
    }
    // Read row by row it is the same, and the linker takes whatever stands in it.
    let mut table = linkage::Table::new(linkage::Spec::dc01());
    let mut given = 0;
    sheet::each(&bytes, &mapping, &mut |cells| {
        table.push(&cells[3..]);
        given += 1;
    })
    .expect("a sheet that is read is read row by row");
    assert_eq!(given, sheet.len());
    if given <= 200 {
        let links = linkage::link(&mut table, linkage::Thresholds::default());
        assert_eq!(links.cluster.len(), given);
    }
});
