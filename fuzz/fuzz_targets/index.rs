//! An index of prints and a template, as bytes: read or refused, and whatever was read is searched without a fault.
#![no_main]

use fingerprint::scale::Finger;
use fingerprint::search::{Form, Forms, People, Simd};
use fingerprint::{FingerPosition, Template};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use vandan_fuzz::{changed, choice};

fn prints(seed: u64, impression: u64) -> Forms {
    let form = Form::new(&Finger::new(seed).impression(impression));
    vec![(FingerPosition::new(2).ok(), form.clone()), (None, form)]
}

static EXAMPLE: LazyLock<Vec<u8>> =
    LazyLock::new(|| People::new(&[prints(1, 0), prints(2, 0)], Simd::best()).to_bytes());
static TEMPLATE: LazyLock<Vec<u8>> = LazyLock::new(|| Finger::new(1).impression(0).to_bytes());

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    match way % 4 {
        0 => drop(People::from_bytes(data)),
        1 => {
            if let Ok(template) = Template::from_bytes(&changed(&TEMPLATE, data)) {
                let written = template.to_bytes();
                assert_eq!(Template::from_bytes(&written).map(|again| again.to_bytes()), Ok(written));
            }
        }
        2 => drop(Form::from_bytes(data)),
        _ => {
            if let Ok(people) = People::from_bytes(&changed(&EXAMPLE, data)) {
                let _ = people.search(&prints(1, 1), 3, Simd::best());
                assert_eq!(People::from_bytes(&people.to_bytes()).map(|again| again.len()), Ok(people.len()));
            }
        }
    }
});
