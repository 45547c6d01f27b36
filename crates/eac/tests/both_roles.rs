//! Card and terminal against each other: every cipher, curve and password; every message changed in every byte.

#![allow(clippy::unwrap_used, reason = "a test")]

use apdu::{Command, Form, Response, Status};
use eac::pace::{Answer, Card, Next, Terminal};
use eac::{Channel, Error, Keys, Password, Point, Secret, chip_authentication};
use lds::security_info::Cipher;
use lds::{Curve, PublicKey};
use proptest::prelude::*;

/// Repeatable bytes, different for every seed.
fn seeded(seed: u64) -> impl FnMut(&mut [u8]) {
    let mut state = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    move |out: &mut [u8]| {
        for byte in out {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = (state >> 32) as u8;
        }
    }
}

/// Runs PACE with one password on each side; `change` may alter what the card answers.
fn pace(
    cipher: Cipher,
    curve: Curve,
    passwords: [Password; 2],
    mut change: impl FnMut(usize, &mut Vec<u8>),
) -> Result<[Keys; 2], Error> {
    let [of_card, of_terminal] = passwords;
    let (mut card, mut terminal) = (Card::new(cipher, curve, of_card), Terminal::new(cipher, curve, of_terminal));
    let (mut a, mut b) = (seeded(1), seeded(2));
    let (mut answer, mut card_keys, mut step) = (Vec::new(), None, 0);
    loop {
        match terminal.next(&answer, &mut b)? {
            Next::Done(keys) => return Ok([card_keys.unwrap(), keys]),
            Next::Send(command) => {
                assert_eq!(command.is_chained(), !card.expects_last());
                answer = match card.answer(&command.data, &mut a)? {
                    Answer::Continue(data) => data,
                    Answer::Done(data, keys) => {
                        card_keys = Some(keys);
                        data
                    }
                };
                change(step, &mut answer);
                step += 1;
            }
        }
    }
}

fn can() -> Password {
    Password::can("123456")
}

#[test]
fn every_cipher_curve_and_password() {
    for cipher in Cipher::ALL {
        for curve in Curve::ALL {
            for password in [can(), Password::mrz("0990000176990101839010160")] {
                let [card, terminal] = pace(cipher, curve, [password.clone(), password], |_, _| {}).unwrap();
                assert_eq!(card.expose(), terminal.expose());
                assert_eq!(card.expose().0.len(), cipher.key_len());
            }
        }
    }
}

#[test]
fn a_wrong_password_ends_at_the_token() {
    let result = pace(Cipher::Aes256, Curve::P256, [can(), Password::can("123457")], |_, _| {});
    assert_eq!(result.map(|_| ()), Err(Error::Token));
}

#[test]
fn a_changed_answer_never_opens_a_session() {
    for step in 0..4 {
        for at in [0, 3, 4, 9] {
            let result = pace(Cipher::Aes128, Curve::P256, [can(), can()], |s, answer| {
                if s == step {
                    let at = at.min(answer.len() - 1);
                    answer[at] ^= 0x20;
                }
            });
            assert!(result.is_err(), "step {step}, byte {at}");
        }
    }
}

#[test]
fn chip_authentication_gives_both_sides_the_same_keys() {
    for curve in Curve::ALL {
        let secret = Secret::generate(curve, &mut seeded(3));
        let key = PublicKey { curve, point: secret.public().as_bytes().to_vec() };
        let terminal = chip_authentication::Terminal::start(Cipher::Aes192, &key, Some(2), &mut seeded(4)).unwrap();
        let (data, keys) = chip_authentication::card(Cipher::Aes192, &secret, &terminal.authenticate.data).unwrap();
        assert_eq!(data, [0x7C, 0]);
        assert_eq!(keys.expose(), terminal.keys.expose());
        assert!(chip_authentication::card(Cipher::Aes192, &secret, &[0x7C, 2, 0x80, 0]).is_err());
        assert!(Point::parse(curve, &key.point[..64]).is_err());
    }
}

fn channels(cipher: Cipher) -> (Channel, Channel) {
    let keys = Keys::derive(cipher, b"a shared secret");
    (Channel::new(keys.clone()), Channel::new(keys))
}

#[test]
fn a_protected_answer_of_the_largest_plain_size_fits_256_bytes() {
    let (mut card, _) = channels(Cipher::Aes256);
    let answer = card.protect_response(&Response::ok(vec![0; eac::secure_messaging::PLAIN_MAX_SHORT]), false);
    assert!(answer.data.len() <= 256);
    let answer = card.protect_response(&Response::ok(vec![0; eac::secure_messaging::PLAIN_MAX_SHORT + 1]), false);
    assert!(answer.data.len() > 256);
}

#[test]
fn an_answer_in_the_clear_says_that_the_session_is_over() {
    let (_, mut terminal) = channels(Cipher::Aes128);
    let answer = Response::from(Status::SM_OBJECTS_INCORRECT);
    assert_eq!(terminal.open_response(&answer), Err(Error::Unprotected(0x6988)));
}

#[test]
fn a_message_repeated_is_refused() {
    let (mut terminal, mut card) = channels(Cipher::Aes128);
    let command = terminal.protect_command(&Command::new(0, 0xB0, 0, 0).expecting(4));
    card.open_command(&command).unwrap();
    assert_eq!(card.open_command(&command), Err(Error::ObjectIncorrect));
}

prop_compose! {
    fn any_command()(header: [u8; 4], data in proptest::collection::vec(any::<u8>(), 0..500), le in proptest::option::of(1u32..=65_536)) -> Command {
        let mut command = Command::new(header[0] & 0x10, header[1], header[2], header[3]).with_data(data);
        command.le = le;
        command
    }
}

proptest! {
    #[test]
    fn commands_and_answers_come_through(command in any_command(), data in proptest::collection::vec(any::<u8>(), 0..500), status: u16, which in 0usize..3) {
        let (mut terminal, mut card) = channels(Cipher::ALL[which]);
        for _ in 0..2 {
            let protected = terminal.protect_command(&command);
            let sent = Command::parse(&protected.encode()).unwrap();
            prop_assert!(sent.is_protected());
            let mut opened = card.open_command(&sent).unwrap();
            if sent.form == Form::Short {
                opened.form = command.form;
            }
            prop_assert_eq!((&opened.data, opened.le, opened.cla, opened.ins), (&command.data, command.le, command.cla, command.ins));
            let answer = Response { data: data.clone(), status: Status(status) };
            let protected = card.protect_response(&answer, command.ins & 1 == 1);
            prop_assert_eq!(terminal.open_response(&protected).unwrap(), answer);
        }
    }

    #[test]
    fn a_changed_byte_is_refused(command in any_command(), at: proptest::sample::Index, bit in 0u8..8) {
        let (mut terminal, mut card) = channels(Cipher::Aes128);
        let mut protected = terminal.protect_command(&command);
        let at = at.index(protected.data.len());
        protected.data[at] ^= 1 << bit;
        prop_assert!(card.open_command(&protected).is_err());
    }

    #[test]
    fn any_bytes_are_refused(data in proptest::collection::vec(any::<u8>(), 0..80), ins: u8) {
        let (mut terminal, mut card) = channels(Cipher::Aes128);
        let command = Command::new(0x0C, ins, 0, 0).with_data(data.clone());
        prop_assert!(card.open_command(&command).is_err());
        prop_assert!(terminal.open_response(&Response::ok(data)).is_err());
    }
}
