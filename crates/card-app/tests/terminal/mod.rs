//! A small card, and a terminal that speaks with it command by command.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses its part")]

use std::collections::BTreeMap;

use apdu::{Command, Response, Status};
use card_app::{App, CardImage, MemoryStorage, personalise};
use eac::pace::{Next, Terminal};
use eac::{Channel, Password, Secret};
use lds::image::Secrets;
use lds::security_info::{Cipher, SecurityInfo, SecurityInfos};
use lds::{Curve, File, PublicKey, tlv};
use zeroize::Zeroizing;

pub(crate) const CAN: &str = "123456";
pub(crate) const ZONE: &str = "0990000176990101839010160";

/// Repeatable bytes, different for every seed.
pub(crate) fn seeded(seed: u64) -> impl FnMut(&mut [u8]) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |out: &mut [u8]| {
        for byte in out {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = (state >> 32) as u8;
        }
    }
}

/// A card with DG1, a DG2 of 40,000 bytes, and DG14.
pub(crate) fn image() -> CardImage {
    let chip = Secret::generate(Curve::BrainpoolP256r1, &mut seeded(9));
    let pace = vec![
        SecurityInfo::Pace { cipher: Cipher::Aes256, curve: Curve::P256 },
        SecurityInfo::Pace { cipher: Cipher::Aes128, curve: Curve::BrainpoolP256r1 },
    ];
    let mut options = pace.clone();
    options.push(SecurityInfo::ChipAuthentication { cipher: Cipher::Aes256, key_id: None });
    let key = PublicKey { curve: Curve::BrainpoolP256r1, point: chip.public().as_bytes().to_vec() };
    options.push(SecurityInfo::ChipAuthenticationPublicKey { key, key_id: None });
    CardImage {
        files: BTreeMap::from([
            (File::CardAccess, SecurityInfos(pace).encode()),
            (File::Dg1, tlv::encode(0x61, &[0x11; 90])),
            (File::Dg2, tlv::encode(0x75, &(0..40_000u32).map(|n| (n % 251) as u8).collect::<Vec<u8>>())),
            (File::Dg14, SecurityInfos(options).encode_dg14()),
        ]),
        secrets: Secrets {
            can: Zeroizing::new(CAN.to_owned()),
            mrz: Zeroizing::new(ZONE.to_owned()),
            chip_curve: Curve::BrainpoolP256r1,
            chip_key: Zeroizing::new(chip.expose().to_vec()),
        },
    }
}

pub(crate) struct Bench {
    pub(crate) app: App<MemoryStorage>,
    pub(crate) channel: Option<Channel>,
    pub(crate) delay_ms: u32,
}

impl Bench {
    pub(crate) fn new() -> Bench {
        let mut storage = MemoryStorage::default();
        personalise(&mut storage, &image()).unwrap();
        Bench { app: App::power_on(storage), channel: None, delay_ms: 0 }
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Response {
        let answer = self.app.process(bytes, &mut seeded(1));
        self.delay_ms = answer.delay_ms;
        Response::parse(&answer.bytes).unwrap()
    }

    /// Sends as the session has it; an answer that does not open is a failed test.
    pub(crate) fn send(&mut self, command: &Command) -> Response {
        match self.channel.take() {
            None => self.raw(&command.encode()),
            Some(mut channel) => {
                let sent = channel.protect_command(command).encode();
                let answer = self.raw(&sent);
                let opened = channel.open_response(&answer).unwrap();
                self.channel = Some(channel);
                opened
            }
        }
    }

    /// PACE; the status of the first command that failed.
    pub(crate) fn open(&mut self, cipher: Cipher, curve: Curve, password: Password) -> Result<(), Status> {
        let mut terminal = Terminal::new(cipher, curve, password);
        let mut delay_ms = 0;
        let mut answer = self.send(&terminal.select());
        loop {
            if !answer.status.is_ok() {
                return Err(answer.status);
            }
            match terminal.next(&answer.data, &mut seeded(2)).unwrap() {
                Next::Send(command) => answer = self.send(&command),
                Next::Done(keys) => {
                    self.channel = Some(Channel::new(keys));
                    self.delay_ms = delay_ms;
                    return Ok(());
                }
            }
            delay_ms = delay_ms.max(self.delay_ms);
        }
    }

    pub(crate) fn opened() -> Bench {
        let mut bench = Bench::new();
        bench.open(Cipher::Aes256, Curve::P256, Password::can(CAN)).unwrap();
        bench
    }
}

pub(crate) fn select_application() -> Command {
    Command::new(0, 0xA4, 4, 0x0C).with_data(lds::APPLICATION_ID)
}

pub(crate) fn select(file: File) -> Command {
    Command::new(0, 0xA4, 2, 0x0C).with_data(file.id().to_be_bytes())
}

pub(crate) fn read(offset: u16, le: u32) -> Command {
    let [hi, lo] = offset.to_be_bytes();
    Command::new(0, 0xB0, hi, lo).expecting(le)
}
