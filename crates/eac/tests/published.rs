//! The worked example of Doc 9303-11, appendix G.1, in both roles, from the shared folder of test data.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test says why it was skipped")]

use apdu::Command;
use eac::Password;
use eac::pace::{Answer, Card, Next, Terminal};
use lds::Curve;
use lds::security_info::Cipher;
use serde_json::Value;

/// The shared vectors of one appendix, or none with a line that says so.
#[allow(clippy::disallowed_methods, reason = "tests find the shared folder through the environment")]
fn vectors(name: &str) -> Option<Value> {
    let folder =
        std::env::var("VANDAN_SHARED").unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
    let Ok(text) = std::fs::read_to_string(format!("{folder}/icao-vectors.json")) else {
        eprintln!("skipped: no ../shared");
        return None;
    };
    Some(serde_json::from_str::<Value>(&text).unwrap()[name].clone())
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Gives out the values of the example in the order in which they are drawn.
fn drawn(values: &Value, names: &[&str]) -> impl FnMut(&mut [u8]) {
    let mut values: Vec<Vec<u8>> = names.iter().rev().map(|name| bytes(&values[name])).collect();
    move |out: &mut [u8]| out.copy_from_slice(&values.pop().unwrap())
}

#[test]
fn card_answers_as_the_example_does() {
    let Some(example) = vectors("pace_gm_ecdh") else { return };
    let password = Password::mrz(example["mrz_information"].as_str().unwrap());
    let mut card = Card::new(Cipher::Aes128, Curve::BrainpoolP256r1, password);
    // The example prints the card's public keys but not its second private key; the terminal's side checks the rest.
    let mut entropy = drawn(&example, &["nonce", "ic_map_private"]);
    for exchange in &example["apdus"].as_array().unwrap()[1..3] {
        let command = Command::parse(&bytes(&exchange[0])).unwrap();
        let Answer::Continue(data) = card.answer(&command.data, &mut entropy).unwrap() else { panic!() };
        assert_eq!([&data[..], &[0x90, 0]].concat(), bytes(&exchange[1]));
    }
}

#[test]
fn terminal_sends_what_the_example_sends() {
    let Some(example) = vectors("pace_gm_ecdh") else { return };
    let password = Password::mrz(example["mrz_information"].as_str().unwrap());
    let mut terminal = Terminal::new(Cipher::Aes128, Curve::BrainpoolP256r1, password);
    let mut entropy = drawn(&example, &["pcd_map_private", "pcd_private"]);
    let exchanges = example["apdus"].as_array().unwrap();
    // Our MSE:SET AT names password, protocol and parameters as the example does.
    assert_eq!(terminal.select().data[..12], bytes(&exchanges[0][0])[5..17]);
    let mut answer = Vec::new();
    for exchange in &exchanges[1..] {
        let Next::Send(command) = terminal.next(&answer, &mut entropy).unwrap() else { panic!() };
        let expected = bytes(&exchange[0]);
        // The mapping point is printed as 81 under tag 83 in one edition; the tag of the step decides here.
        let sent = command.encode();
        assert_eq!((&sent[..7], &sent[8..]), (&expected[..7], &expected[8..]));
        let response = bytes(&exchange[1]);
        answer = response[..response.len() - 2].to_vec();
        if answer.get(2) == Some(&0x84) && sent[7] == 0x81 {
            answer[2] = 0x82;
        }
    }
    let Next::Done(keys) = terminal.next(&answer, &mut entropy).unwrap() else { panic!() };
    assert_eq!(keys.expose(), (&bytes(&example["ks_enc"])[..], &bytes(&example["ks_mac"])[..]));
}
