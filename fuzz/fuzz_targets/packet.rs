//! A kit's packet: opened only if the kit signed these very bytes and sealed an application into them.
#![no_main]

use enrolment::packet::{Kit, centre_public, open, seal, sender};
use enrolment::{Application, Capture, Finger, MissingReason};
use ids::{ApplicationId, KitId, Uuid};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use time::Instant;
use vandan_fuzz::{changed, choice, seeded};

const CENTRE: [u8; 32] = [4; 32];

fn kit() -> Kit {
    Kit::new(KitId(Uuid([2; 16])), &[3; 32])
}

static EXAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let fingers = vec![
        Finger { position: 1, capture: Capture::Image { file: vec![9; 100], dpi: 500 } },
        Finger { position: 2, capture: Capture::Missing(MissingReason::Bandaged) },
    ];
    let application = Application {
        id: ApplicationId(Uuid([1; 16])),
        number: "001192000001".into(),
        enroller: None,
        captured: Instant(5),
        face: vec![1, 2, 3],
        fingers,
    };
    seal(&application, &kit(), 42, &centre_public(&CENTRE), &mut seeded(7)).expect("the example is an application")
});

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let bytes = match way % 4 {
        0 => data.to_vec(),
        1 => [b"VDPK\x01", data].concat(),
        _ => changed(&EXAMPLE, data),
    };
    let named = sender(&bytes);
    let opened = open(&bytes, &kit().public(), &CENTRE);
    if opened.is_ok() {
        assert!(named.is_ok() && bytes == *EXAMPLE, "an altered packet was opened");
    }
});
