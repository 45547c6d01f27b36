//! Who may read what, when sessions end, and how files are read.

#![allow(clippy::unwrap_used, reason = "a test")]

mod terminal;

use apdu::{Command, Form, Response, Status};
use eac::{Channel, Password, chip_authentication};
use lds::security_info::{Cipher, SecurityInfos};
use lds::{Curve, File, tlv};
use terminal::{Bench, CAN, ZONE, image, read, select, select_application};

#[test]
fn before_pace_only_the_master_file_is_readable() {
    let mut bench = Bench::new();
    let card_access = &image().files[&File::CardAccess];
    assert_eq!(bench.send(&Command::new(0, 0xB0, 0x9C, 0).expecting(256)), Response::ok(card_access.clone()));
    assert_eq!(bench.send(&select(File::CardAccess)), Response::ok([]));
    assert_eq!(bench.send(&read(0, 4)), Response::ok(&card_access[..4]));
    assert_eq!(bench.send(&select_application()).status, Status::OK);
    assert_eq!(bench.send(&read(0, 4)).status, Status::NO_CURRENT_FILE);
    for file in [File::Com, File::Sod, File::Dg1, File::Dg2, File::Dg14] {
        assert_eq!(bench.send(&select(file)).status, Status::SECURITY_NOT_SATISFIED);
        let by_short_id = Command::new(0, 0xB0, 0x80 | file.short_id(), 0).expecting(256);
        assert_eq!(bench.send(&by_short_id).status, Status::SECURITY_NOT_SATISFIED);
    }
}

#[test]
fn every_password_and_variant_opens_the_card() {
    for (cipher, curve) in [(Cipher::Aes256, Curve::P256), (Cipher::Aes128, Curve::BrainpoolP256r1)] {
        for password in [Password::can(CAN), Password::mrz(ZONE)] {
            let mut bench = Bench::new();
            bench.open(cipher, curve, password).unwrap();
            assert_eq!(bench.send(&select_application()), Response::ok([]));
            assert_eq!(bench.send(&select(File::Dg1)), Response::ok([]));
            assert_eq!(bench.send(&read(0, 256)), Response::ok(image().files[&File::Dg1].clone()));
        }
    }
    let unknown = Bench::new().open(Cipher::Aes192, Curve::P256, Password::can(CAN));
    assert_eq!(unknown, Err(Status::REFERENCE_NOT_FOUND));
}

#[test]
fn wrong_passwords_slow_the_card_down_and_a_right_one_ends_that() {
    let mut bench = Bench::new();
    for _ in 0..5 {
        let opened = bench.open(Cipher::Aes256, Curve::P256, Password::can("000000"));
        assert_eq!(opened, Err(Status::AUTHENTICATION_FAILED));
    }
    bench.app = card_app::App::power_on(std::mem::replace(&mut bench.app, Bench::new().app).power_off());
    bench.open(Cipher::Aes256, Curve::P256, Password::can(CAN)).unwrap();
    assert_eq!(bench.delay_ms, 2000);
    bench.channel = None;
    bench.open(Cipher::Aes256, Curve::P256, Password::can(CAN)).unwrap();
    assert_eq!(bench.delay_ms, 0);
}

#[test]
fn errors_inside_a_session_are_protected() {
    let mut bench = Bench::opened();
    // `send` opens every answer, so an unprotected one would fail here.
    for (command, status) in [
        (Command::new(0, 0xA4, 2, 0x0C).with_data([1, 3]), Status::FILE_NOT_FOUND),
        (Command::new(0, 0xFF, 0, 0), Status::INS_UNSUPPORTED),
        (Command::new(0, 0xB0, 0, 0), Status::NO_CURRENT_FILE),
        (Command::new(0, 0x22, 0x41, 0xA6), Status::FUNCTION_UNSUPPORTED),
        (Command::new(0, 0x86, 0, 0).expecting(256), Status::CONDITIONS_NOT_SATISFIED),
    ] {
        assert_eq!(bench.send(&command), Response::from(status));
    }
    assert_eq!(bench.send(&select_application()).status, Status::OK);
    assert_eq!(bench.send(&select(File::Dg1)).status, Status::OK);
    assert_eq!(bench.send(&read(1000, 4)).status, Status::WRONG_OFFSET);
    assert_eq!(bench.send(&read(0, 256)).status, Status::OK);
}

/// Each of these ends the session: afterwards the old keys open nothing.
#[test]
fn what_ends_a_session() {
    let plain = read(0, 4).encode();
    let no_command = vec![0x0C, 0xB0];
    let forged = vec![0x0C, 0xB0, 0, 0, 13, 0x97, 1, 4, 0x8E, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0];
    let without_checksum = vec![0x0C, 0xB0, 0, 0, 3, 0x97, 1, 4, 0];
    for (bytes, status) in [
        (plain, Status::NO_CURRENT_FILE),
        (no_command, Status::WRONG_LENGTH),
        (forged, Status::SM_OBJECTS_INCORRECT),
        (without_checksum, Status::SM_OBJECTS_MISSING),
    ] {
        let mut bench = Bench::opened();
        bench.send(&select_application());
        bench.send(&select(File::Dg1));
        assert_eq!(bench.raw(&bytes), Response::from(status));
        let mut channel = bench.channel.take().unwrap();
        let after = bench.raw(&channel.protect_command(&read(0, 4)).encode());
        assert_eq!(after, Response::from(Status::SM_OBJECTS_INCORRECT));
        assert_eq!(bench.raw(&read(0, 4).encode()).status, Status::NO_CURRENT_FILE);
        assert_eq!(bench.raw(&select(File::CardAccess).encode()).status, Status::OK);
        assert_eq!(bench.raw(&select(File::Dg1).encode()).status, Status::FILE_NOT_FOUND);
    }
}

#[test]
fn a_terminal_that_selects_the_application_first_still_finds_card_access() {
    let mut bench = Bench::new();
    bench.send(&select_application());
    assert_eq!(bench.send(&select(File::CardAccess)).status, Status::OK);
    assert_eq!(bench.send(&read(0, 2)).data, [0x31, 0x28]);
    bench.open(Cipher::Aes256, Curve::P256, Password::can(CAN)).unwrap();
    assert_eq!(bench.send(&select(File::Dg1)).status, Status::OK);
}

#[test]
fn a_long_file_is_read_in_every_way() {
    let expected = &image().files[&File::Dg2];
    let mut bench = Bench::opened();
    bench.send(&select_application());
    assert_eq!(bench.send(&select(File::Dg2)), Response::ok([]));

    let mut bytes = bench.send(&read(0, 256)).data;
    assert_eq!(bytes.len(), eac::secure_messaging::PLAIN_MAX_SHORT);
    while bytes.len() < 0x8000 {
        bytes.extend(bench.send(&read(bytes.len() as u16, 256)).data);
    }
    while bytes.len() < expected.len() {
        let offset = tlv::encode(0x54, &(bytes.len() as u32).to_be_bytes()[1..]);
        let mut command = Command::new(0, 0xB1, 0, 0).with_data(offset).expecting(65_536);
        command.form = Form::Extended;
        let answer = bench.send(&command).data;
        bytes.extend(tlv::only(&answer, 0x53).unwrap().value);
    }
    assert_eq!(&bytes, expected);

    let end = bench.send(&Command::new(0, 0xB1, 0, 2).with_data([0x54, 2, 0x9C, 0x40]).expecting(100));
    assert_eq!((end.data.len(), end.status), (6, Status::END_OF_FILE));
}

#[test]
fn the_chip_proves_its_key_and_the_session_goes_on_with_new_keys() {
    let mut bench = Bench::opened();
    bench.send(&select_application());
    let dg14 = bench.send(&Command::new(0, 0xB0, 0x8E, 0).expecting(256)).data;
    let mut dg14 = dg14;
    while dg14.len() < tlv::total_len(&dg14).unwrap() {
        dg14.extend(bench.send(&read(dg14.len() as u16, 256)).data);
    }
    let infos = SecurityInfos::parse_dg14(&dg14).unwrap();
    let (cipher, key, id) = infos.chip_authentication().unwrap();
    let proof = chip_authentication::Terminal::start(cipher, key, id, &mut terminal::seeded(5)).unwrap();
    assert_eq!(bench.send(&proof.select), Response::ok([]));
    assert_eq!(bench.send(&proof.authenticate), Response::ok([0x7C, 0]));
    bench.channel = Some(Channel::new(proof.keys));
    assert_eq!(bench.send(&select(File::Dg1)), Response::ok([]));
    assert_eq!(bench.app.effort().ec_operations, 6);
}

#[test]
fn a_challenge_has_the_length_asked_for() {
    let mut bench = Bench::new();
    assert_eq!(bench.send(&Command::new(0, 0x84, 0, 0).expecting(8)).data.len(), 8);
    assert_eq!(bench.send(&Command::new(0, 0x84, 0, 0)).status, Status::WRONG_LENGTH);
}
