//! Everything of the logical data structure: objects, data groups, security infos, keys, a card in a file.
#![no_main]

use lds::dg13::Dg13;
use lds::mrz::{Sex, Td1};
use lds::security_info::{Cipher, SecurityInfo, SecurityInfos};
use lds::tlv::{Reader, encode, total_len};
use lds::{CardImage, Curve, Date, File, PublicKey, com::Com, dg1, dg2, image::Secrets};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use vandan_fuzz::{changed, choice};
use zeroize::Zeroizing;

static EXAMPLES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let point = [&[4u8][..], &[7; 64]].concat();
    let infos = SecurityInfos(vec![
        SecurityInfo::Pace { cipher: Cipher::Aes256, curve: Curve::P256 },
        SecurityInfo::ChipAuthentication { cipher: Cipher::Aes128, key_id: Some(1) },
        SecurityInfo::ChipAuthenticationPublicKey {
            key: PublicKey { curve: Curve::BrainpoolP256r1, point },
            key_id: Some(1),
        },
    ]);
    let (birth, expiry) = (Date::new(1992, 3, 4).expect("a date"), Date::new(2032, 3, 4).expect("a date"));
    let zone = Td1::of_number("001192000001", birth, Sex::Female, expiry, "Nguyễn Thị Ánh").expect("a zone");
    let dg13 = Dg13 {
        number: "001192000001".into(),
        full_name: "Nguyễn Thị Ánh".into(),
        birth: "04/03/1992".into(),
        parents: ["A".into(), "B".into()],
        old_number: "012345678".into(),
        ..Dg13::default()
    };
    let jpeg = b"\xFF\xD8\xFF\xC0\x00\x11\x08\x01\xE0\x01\x68\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xFF\xD9";
    let card = CardImage {
        files: BTreeMap::from([
            (File::CardAccess, infos.encode()),
            (File::Dg1, dg1::encode(&zone)),
            (File::Dg14, infos.encode_dg14()),
        ]),
        secrets: Secrets {
            can: Zeroizing::new("123456".into()),
            mrz: Zeroizing::new("0990000176990101839010160".into()),
            chip_curve: Curve::P256,
            chip_key: Zeroizing::new(vec![5; 32]),
        },
    };
    vec![
        infos.encode(),
        infos.encode_dg14(),
        dg1::encode(&zone),
        dg13.encode(),
        dg2::encode(jpeg, Sex::Male).unwrap_or_default(),
        Com::of(&[File::Dg1, File::Dg2, File::Dg13]).encode(),
        card.encode().to_vec(),
        card.secrets.encode().to_vec(),
    ]
});

/// Walks all objects to the depth that the bytes allow.
fn walk(bytes: &[u8], depth: usize) {
    let mut reader = Reader::new(bytes);
    while let Ok(Some(object)) = reader.next() {
        let again = encode(object.tag, object.value);
        assert!(bytes.windows(again.len()).any(|window| window == again), "written otherwise than read");
        if depth < 8 {
            walk(object.value, depth + 1);
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let (way, data) = choice(data);
    let example = usize::from(way / 2) % EXAMPLES.len();
    let bytes = if way % 2 == 0 { data.to_vec() } else { changed(&EXAMPLES[example], data) };
    let bytes = bytes.as_slice();
    if bytes.len() < 2000 {
        walk(bytes, 0);
    }
    let _ = total_len(bytes);
    let _ = dg1::parse(bytes);
    let _ = dg2::parse(bytes);
    let _ = Com::parse(bytes).map(|com| com.files().count());
    let _ = PublicKey::parse(bytes);
    let _ = Secrets::parse(bytes);
    if let Ok(parsed) = Dg13::parse(bytes) {
        assert!(Dg13::parse(&parsed.encode()) == Ok(parsed), "DG13 reads otherwise when written again");
    }
    for parsed in [SecurityInfos::parse(bytes), SecurityInfos::parse_dg14(bytes)].into_iter().flatten() {
        // DER sorts the members of a SET, so only what was written once reads as the same.
        let written = parsed.encode();
        assert_eq!(SecurityInfos::parse(&written).map(|again| again.encode()), Ok(written));
        let _ = (parsed.pace().count(), parsed.chip_authentication());
    }
    if let Ok(card) = CardImage::parse(bytes) {
        assert_eq!(*card.encode(), bytes, "a card in a file is written otherwise than read");
    }
});
