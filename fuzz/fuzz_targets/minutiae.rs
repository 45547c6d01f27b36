//! Minutiae records and templates: what is read can be written and read again as the same.
#![no_main]

use fingerprint::{Kind, Minutia, RecordFormat, Template, compare};
use libfuzzer_sys::fuzz_target;
use minutiae::Record;
use std::sync::LazyLock;
use vandan_fuzz::{changed, choice};

static TEMPLATE: LazyLock<Template> = LazyLock::new(|| {
    let minutia = |at: u16| Minutia {
        x: 20 + at * 37 % 260,
        y: 20 + at * 91 % 330,
        angle: (at * 53) as u8,
        quality: 60,
        kind: if at % 2 == 0 { Kind::Ending } else { Kind::Bifurcation },
    };
    Template::new(300, 400, 70, (0..30).map(minutia).collect())
});
/// The example in each format.
static RECORDS: LazyLock<[Vec<u8>; 4]> = LazyLock::new(|| {
    [RecordFormat::Iso2005, RecordFormat::Iso2011, RecordFormat::Ansi2004, RecordFormat::Ansi2009]
        .map(|format| TEMPLATE.to_record(None, format).expect("the example fits"))
});
static NATIVE: LazyLock<Vec<u8>> = LazyLock::new(|| TEMPLATE.to_bytes());

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let bytes = match way % 6 {
        0 => data.to_vec(),
        which @ 1..=4 => changed(&RECORDS[usize::from(which) - 1], data),
        _ => changed(&NATIVE, data),
    };
    if let Ok(record) = Record::parse(&bytes)
        && let Some(format) = RecordFormat::of(&bytes)
        && let Ok(written) = record.to_bytes_as(format)
    {
        assert_eq!(Record::parse(&written).as_ref(), Ok(&record));
    }
    let read = [Template::from_record(&bytes), Template::from_bytes(&bytes)];
    for template in read.into_iter().flatten() {
        let written = template.to_bytes();
        assert!(written.len() <= Template::BYTES_MAX);
        assert_eq!(Template::from_bytes(&written).map(|again| again.to_bytes()), Ok(written));
        assert!(compare(&template, &TEMPLATE).is_finite());
    }
});
