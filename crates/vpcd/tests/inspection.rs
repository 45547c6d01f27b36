//! A card from its holder's facts to the inspector's verdict, in one process: every profile, every way to forge.

#![allow(clippy::unwrap_used, reason = "a test")]

mod person;

use apdu::{Broken, Transmit};
use card_app::InProcess;
use eac::Password;
use inspection::{Inspection, Mechanism, NotMade, Request, Verdict, inspect, read_back};
use issuance::Profile;
use lds::security_info::Cipher;
use lds::{CardImage, Curve, File};
use person::{Keys, card, day, holder, seeded};

fn look(image: &CardImage, keys: &Keys, password: Password, extended_length: bool) -> Inspection {
    let mut card = InProcess::insert(image, seeded(7)).unwrap();
    let csca = [keys.csca.clone()];
    let request = Request { password, csca: &csca, at: day(2030), extended_length };
    inspect(&mut card, &request, &mut seeded(8)).unwrap()
}

fn can(image: &CardImage) -> Password {
    Password::can(&image.secrets.can)
}

#[track_caller]
fn check(inspection: &Inspection, expected: &[(Mechanism, Verdict, &str)]) {
    for (mechanism, verdict, reason) in expected {
        let finding = inspection.finding(*mechanism).unwrap();
        let codes: Vec<&str> = finding.reasons.iter().map(|reason| reason.code).collect();
        assert_eq!((finding.verdict, codes.contains(reason) || codes.is_empty()), (*verdict, true), "{finding:?}");
    }
    assert_eq!(inspection.findings.len(), 4);
}

#[test]
fn every_profile_is_read_completely() {
    let keys = Keys::new(3);
    for curve in Curve::ALL {
        for cipher in Cipher::ALL {
            let profile = Profile { pace: vec![(cipher, curve)], chip_curve: curve, chip_ciphers: vec![cipher] };
            let image = card(&keys, &profile, &holder(15_000), 1);
            for (password, extended) in
                [(can(&image), true), (can(&image), false), (Password::mrz(&image.secrets.mrz), true)]
            {
                let inspection = look(&image, &keys, password, extended);
                assert!(inspection.is_genuine(), "{inspection:?}");
                assert_eq!(inspection.files.get(&File::Dg2), image.files.get(&File::Dg2));
                assert_eq!(inspection.zone().unwrap().personal_number(), Some("001099000017"));
                assert_eq!(inspection.details().unwrap().full_name, "Nguyễn Văn Mẫu");
                assert_eq!(inspection.face().unwrap().image.len(), 15_000);
            }
        }
    }
}

#[test]
fn a_face_beyond_32_kilobytes_is_read() {
    let keys = Keys::new(3);
    let image = card(&keys, &Profile::default(), &holder(50_000), 1);
    for extended in [true, false] {
        assert!(look(&image, &keys, can(&image), extended).is_genuine());
    }
}

#[test]
fn one_changed_bit_in_any_data_group_is_refused() {
    let keys = Keys::new(3);
    for file in [File::Dg1, File::Dg2, File::Dg13, File::Dg14] {
        let mut image = card(&keys, &Profile::default(), &holder(2_000), 1);
        let bytes = image.files.get_mut(&file).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        let inspection = look(&image, &keys, can(&image), true);
        check(&inspection, &[(Mechanism::PassiveAuthentication, Verdict::Invalid, "hash-mismatch")]);
        assert!(inspection.is_refused());
    }
}

#[test]
fn a_copied_card_without_the_chip_key_is_refused_and_still_read() {
    let keys = Keys::new(3);
    let mut image = card(&keys, &Profile::default(), &holder(2_000), 1);
    image.secrets.chip_key.copy_from_slice(&[0x42; 32]);
    let inspection = look(&image, &keys, can(&image), true);
    check(
        &inspection,
        &[
            (Mechanism::Pace, Verdict::Valid, ""),
            (Mechanism::PassiveAuthentication, Verdict::Valid, ""),
            (Mechanism::ChipAuthentication, Verdict::Invalid, "chip-key-not-held"),
        ],
    );
    assert_eq!(inspection.files.len(), 8);
}

#[test]
fn a_forger_with_keys_of_his_own_is_refused() {
    let (keys, forger) = (Keys::new(3), Keys::new(4));
    let image = card(&forger, &Profile::default(), &holder(2_000), 1);
    let inspection = look(&image, &keys, can(&image), true);
    check(&inspection, &[(Mechanism::PassiveAuthentication, Verdict::Invalid, "signer-untrusted")]);
    let mut card = InProcess::insert(&image, seeded(7)).unwrap();
    let request = Request { password: can(&image), csca: &[], at: day(2030), extended_length: true };
    let inspection = inspect(&mut card, &request, &mut seeded(8)).unwrap();
    check(&inspection, &[(Mechanism::PassiveAuthentication, Verdict::Unknown, "no-csca")]);
}

#[test]
fn a_weakened_card_access_is_noticed() {
    let keys = Keys::new(3);
    let mut image = card(&keys, &Profile::default(), &holder(2_000), 1);
    let weak = Profile { pace: vec![(Cipher::Aes192, Curve::P256)], ..Profile::default() };
    let other = card(&keys, &weak, &holder(2_000), 1);
    image.files.insert(File::CardAccess, other.files[&File::CardAccess].clone());
    let inspection = look(&image, &keys, can(&image), true);
    check(&inspection, &[(Mechanism::CardAccess, Verdict::Invalid, "not-in-dg14")]);
}

#[test]
fn a_wrong_access_number_opens_nothing() {
    let keys = Keys::new(3);
    let image = card(&keys, &Profile::default(), &holder(2_000), 1);
    let inspection = look(&image, &keys, Password::can("1234567"), true);
    check(
        &inspection,
        &[
            (Mechanism::Pace, Verdict::Invalid, "wrong-password"),
            (Mechanism::PassiveAuthentication, Verdict::Unknown, "not-opened"),
        ],
    );
    assert!(inspection.files.keys().all(|file| file.is_in_master_file()));
}

#[test]
fn read_back_accepts_what_was_made_and_names_what_was_not() {
    let keys = Keys::new(3);
    let image = card(&keys, &Profile::default(), &holder(15_000), 1);
    let csca = [keys.csca.clone()];
    let mut made = InProcess::insert(&image, seeded(7)).unwrap();
    read_back(&mut made, &image, &csca, day(2021), &mut seeded(8)).unwrap();

    let mut other = image.clone();
    other.files.insert(File::AtrInfo, vec![0x80, 0]);
    let mut written = InProcess::insert(&other, seeded(7)).unwrap();
    let error = read_back(&mut written, &image, &csca, day(2021), &mut seeded(8)).unwrap_err();
    assert_eq!(error, NotMade::File { file: File::AtrInfo });
    let error = read_back(&mut made, &image, &[], day(2021), &mut seeded(8)).unwrap_err();
    assert_eq!(error.code(), "card-not-valid");
}

/// A card that answers rubbish, or breaks, at every single command.
struct Faulty<T> {
    inner: T,
    at: usize,
    kind: u8,
    count: usize,
}

impl<T: Transmit> Transmit for Faulty<T> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        self.count += 1;
        let mut answer = self.inner.transmit(command)?;
        if self.count != self.at {
            return Ok(answer);
        }
        match self.kind {
            0 => return Err(Broken("taken away".into())),
            1 => answer.clear(),
            2 => answer = vec![0x6F, 0x00],
            3 => answer.iter_mut().for_each(|byte| *byte ^= 0x55),
            4 => answer = vec![0xFF; 300],
            _ => answer.extend_from_slice(&[0x90, 0x00]),
        }
        Ok(answer)
    }
}

#[test]
fn an_inspection_ends_whatever_the_card_answers() {
    let keys = Keys::new(3);
    let image = card(&keys, &Profile::default(), &holder(600), 1);
    let csca = [keys.csca.clone()];
    let request = Request { password: can(&image), csca: &csca, at: day(2030), extended_length: true };
    for at in 1..25 {
        for kind in 0..6 {
            let inner = InProcess::insert(&image, seeded(7)).unwrap();
            let mut faulty = Faulty { inner, at, kind, count: 0 };
            match inspect(&mut faulty, &request, &mut seeded(8)) {
                Err(Broken(_)) => assert_eq!(kind, 0),
                Ok(inspection) => assert_eq!(inspection.findings.len(), 4),
            }
        }
    }
}
