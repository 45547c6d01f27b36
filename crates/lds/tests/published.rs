//! The specimen zones and PACEInfos that ICAO publishes, from the shared folder of test data.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test says why it was skipped")]
use lds::mrz::{Td1, information};
use lds::security_info::SecurityInfos;
use lds::tlv;

/// The shared vectors, or none with a line that says so.
#[allow(clippy::disallowed_methods, reason = "tests find the shared folder through the environment")]
fn vectors() -> Option<serde_json::Value> {
    let folder =
        std::env::var("VANDAN_SHARED").unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
    let Ok(text) = std::fs::read_to_string(format!("{folder}/icao-vectors.json")) else {
        eprintln!("skipped: no ../shared");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn zones_of_size_td1() {
    let Some(vectors) = vectors() else { return };
    for lines in [&vectors["mrz"]["td1"], &vectors["mrz_viet_nam_style_synthetic"]["lines"]] {
        let text: String = lines.as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        assert_eq!(Td1::parse(&text).unwrap().encode(), text);
    }
}

#[test]
fn information_of_appendix_g_1() {
    let Some(vectors) = vectors() else { return };
    let expected = vectors["pace_gm_ecdh"]["mrz_information"].as_str().unwrap();
    assert_eq!(information("T22000129", "640812", "101031").unwrap(), expected);
}

#[test]
fn pace_infos() {
    let Some(vectors) = vectors() else { return };
    for (name, count) in [("pace_gm_ecdh", 1), ("pace_gm_dh", 0)] {
        let text = vectors[name]["pace_info"].as_str().unwrap();
        let info: Vec<u8> =
            (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect();
        let infos = SecurityInfos::parse(&tlv::encode(tlv::tag::SET, &info)).unwrap();
        assert_eq!(infos.pace().count(), count);
        assert_eq!(infos.encode(), tlv::encode(tlv::tag::SET, &info));
    }
}
