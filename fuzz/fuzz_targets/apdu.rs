//! Command APDUs of any shape against a personalised card, in the clear and inside a session.
#![no_main]

use apdu::{Command, Response};
use card_app::{App, CardImage, MemoryStorage, personalise};
use eac::pace::{Next, Terminal};
use eac::{Channel, Password, Secret};
use lds::image::Secrets;
use lds::security_info::{Cipher, SecurityInfo, SecurityInfos};
use lds::{Curve, File, PublicKey, tlv};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use vandan_fuzz::{choice, pieces, seeded};
use zeroize::Zeroizing;

const SECRET: [u8; 90] = [0x11; 90];

static CARD: LazyLock<MemoryStorage> = LazyLock::new(|| {
    let chip = Secret::generate(Curve::P256, &mut seeded(9));
    let pace = vec![SecurityInfo::Pace { cipher: Cipher::Aes128, curve: Curve::P256 }];
    let key = PublicKey { curve: Curve::P256, point: chip.public().as_bytes().to_vec() };
    let mut options = pace.clone();
    options.push(SecurityInfo::ChipAuthentication { cipher: Cipher::Aes128, key_id: None });
    options.push(SecurityInfo::ChipAuthenticationPublicKey { key, key_id: None });
    let image = CardImage {
        files: BTreeMap::from([
            (File::CardAccess, SecurityInfos(pace).encode()),
            (File::Dg1, tlv::encode(0x61, &SECRET)),
            (File::Dg2, tlv::encode(0x75, &[0x22; 3000])),
            (File::Dg14, SecurityInfos(options).encode_dg14()),
        ]),
        secrets: Secrets {
            can: Zeroizing::new("123456".to_owned()),
            mrz: Zeroizing::new("0990000176990101839010160".to_owned()),
            chip_curve: Curve::P256,
            chip_key: Zeroizing::new(chip.expose().to_vec()),
        },
    };
    let mut storage = MemoryStorage::default();
    personalise(&mut storage, &image).expect("the example is a card");
    storage
});

fn send(app: &mut App<MemoryStorage>, bytes: &[u8]) -> Response {
    let answer = app.process(bytes, &mut seeded(1));
    assert!(answer.bytes.len() <= 4096 + 64, "the answer is longer than any buffer");
    Response::parse(&answer.bytes).expect("an answer ends with two status bytes")
}

fn open(app: &mut App<MemoryStorage>) -> Channel {
    let mut terminal = Terminal::new(Cipher::Aes128, Curve::P256, Password::can("123456"));
    let mut answer = send(app, &terminal.select().encode());
    loop {
        match terminal.next(&answer.data, &mut seeded(2)).expect("the right password") {
            Next::Send(command) => answer = send(app, &command.encode()),
            Next::Done(keys) => return Channel::new(keys),
        }
    }
}

fuzz_target!(|data: &[u8]| {
    if let Ok(command) = Command::parse(data) {
        assert_eq!(command.encode(), data, "a command is written otherwise than read");
    }
    let _ = Response::parse(data);
    let (way, data) = choice(data);
    let mut app = App::power_on(CARD.clone());
    if way % 2 == 0 {
        for command in pieces(data).take(64) {
            let answer = send(&mut app, command);
            assert!(!answer.data.windows(20).any(|window| window == &SECRET[..20]), "a file without a session");
        }
        return;
    }
    let mut channel = open(&mut app);
    let select = Command::new(0, 0xA4, 4, 0x0C).with_data(lds::APPLICATION_ID);
    for command in [select.encode()].iter().map(Vec::as_slice).chain(pieces(data).take(16)) {
        let Ok(mut command) = Command::parse(command) else {
            // Raw bytes inside a session, perhaps a forged protected command: they never open anything.
            let answer = send(&mut app, command);
            assert!(!answer.data.windows(20).any(|window| window == &SECRET[..20]), "a file without protection");
            return;
        };
        // Another class cannot be protected in this form, and ends the session like a command in the clear.
        command.cla &= 0x10;
        // A finished protocol changes the keys, which this terminal does not follow.
        if command.data.len() > 200 || command.ins == 0x86 {
            continue;
        }
        let answer = send(&mut app, &channel.protect_command(&command).encode());
        channel.open_response(&answer).expect("inside a session every answer is protected");
    }
});
