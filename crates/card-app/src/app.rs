//! The application's state and the way of a command through it.
//!
//! Standard: ISO/IEC 7816-4:2020, 5; Doc 9303-11, 9.8.8 (what ends a session).
//! Invariant: while a session is open, every answer to a protected command is protected, errors too; a command in the
//! clear ends the session and is then answered as if there had been none.
//! Start reading at [`App::process`].

mod authenticate;
mod files;

use alloc::vec::Vec;

use apdu::{Command, Response, Status};
use eac::{Channel, Entropy, pace};
use lds::File;
use lds::security_info::Cipher;

use crate::failures;
use crate::personalise::Content;
use crate::storage::Storage;

/// The card application over a memory.
pub struct App<S> {
    storage: S,
    content: Option<Content>,
    directory: Directory,
    current: Option<File>,
    session: Option<Channel>,
    pending: Option<Pending>,
    effort: Effort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Directory {
    Master,
    Travel,
}

/// A protocol that MSE:SET AT has chosen and GENERAL AUTHENTICATE carries on.
enum Pending {
    Pace(pace::Card),
    ChipAuthentication(Cipher),
}

/// The card's answer, and how long it waits before giving it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Response APDU.
    pub bytes: Vec<u8>,
    /// Milliseconds that the adapter lets pass first.
    pub delay_ms: u32,
}

/// Work done since power-on, for estimates of a real chip's speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effort {
    /// Scalar multiplications on a curve of 256 bits.
    pub ec_operations: u64,
    /// Blocks of AES.
    pub aes_blocks: u64,
    /// Bytes of files read from memory.
    pub flash_bytes: u64,
}

/// What handling a command leads to.
struct Outcome {
    response: Response,
    /// Keys that hold from the next command on.
    next: Option<Channel>,
    delay_ms: u32,
}

impl From<Response> for Outcome {
    fn from(response: Response) -> Outcome {
        Outcome { response, next: None, delay_ms: 0 }
    }
}

impl From<Status> for Outcome {
    fn from(status: Status) -> Outcome {
        Response::from(status).into()
    }
}

impl<S: Storage> App<S> {
    /// The application as it is after power-on.
    pub fn power_on(storage: S) -> App<S> {
        let content = Content::load(&storage);
        App {
            storage,
            content,
            directory: Directory::Master,
            current: None,
            session: None,
            pending: None,
            effort: Effort::default(),
        }
    }

    /// A reset without loss of power: sessions and selections are gone.
    pub fn reset(&mut self) {
        self.directory = Directory::Master;
        self.current = None;
        self.end_session();
        self.pending = None;
    }

    /// Power off: gives the memory back.
    pub fn power_off(self) -> S {
        self.storage
    }

    /// Whether the card has been personalised.
    pub fn is_personalised(&self) -> bool {
        self.content.is_some()
    }

    /// Work done so far.
    pub fn effort(&self) -> Effort {
        let open = self.session.as_ref().map_or(0, Channel::blocks);
        Effort { aes_blocks: self.effort.aes_blocks + open, ..self.effort }
    }

    /// Answers one command APDU, whatever its bytes are.
    pub fn process(&mut self, bytes: &[u8], entropy: &mut dyn Entropy) -> Answer {
        let answer = |response: Response, delay_ms| Answer { bytes: response.encode(), delay_ms };
        let Ok(command) = Command::parse(bytes) else {
            self.end_session();
            return answer(Status::WRONG_LENGTH.into(), 0);
        };
        if !command.is_protected() {
            self.end_session();
            let outcome = self.handle(&command, entropy);
            self.replace_session(outcome.next);
            return answer(outcome.response, outcome.delay_ms);
        }
        let Some(channel) = &mut self.session else {
            return answer(Status::SM_OBJECTS_INCORRECT.into(), 0);
        };
        let plain = match channel.open_command(&command) {
            Ok(plain) => plain,
            Err(error) => {
                self.end_session();
                let missing = error == eac::Error::ObjectMissing;
                let status = if missing { Status::SM_OBJECTS_MISSING } else { Status::SM_OBJECTS_INCORRECT };
                return answer(status.into(), 0);
            }
        };
        let outcome = self.handle(&plain, entropy);
        let protected = match &mut self.session {
            Some(channel) => channel.protect_response(&outcome.response, plain.ins & 1 == 1),
            None => outcome.response,
        };
        self.replace_session(outcome.next);
        answer(protected, outcome.delay_ms)
    }

    fn handle(&mut self, command: &Command, entropy: &mut dyn Entropy) -> Outcome {
        if self.content.is_none() {
            return Status::CONDITIONS_NOT_SATISFIED.into();
        }
        match command.cla {
            0x00 => {}
            0x10 if command.ins == 0x86 => {}
            0x01..=0x03 | 0x40..=0x7F => return Status::CHANNEL_UNSUPPORTED.into(),
            _ => return Status::CLA_UNSUPPORTED.into(),
        }
        match command.ins {
            0x22 => self.manage_security_environment(command).into(),
            0x84 => challenge(command, entropy).into(),
            0x86 => self.general_authenticate(command, entropy),
            0xA4 => self.select(command).into(),
            0xB0 | 0xB1 => self.read_binary(command).into(),
            _ => Status::INS_UNSUPPORTED.into(),
        }
    }

    /// Ends an open session; the application is then as after a reset. Terminals that leave the card powered between two
    /// reads find EF.CardAccess where they found it first.
    fn end_session(&mut self) {
        if let Some(channel) = self.session.take() {
            self.effort.aes_blocks += channel.blocks();
            (self.directory, self.current, self.pending) = (Directory::Master, None, None);
        }
    }

    /// From now on the keys just agreed on hold; selections stay.
    fn replace_session(&mut self, next: Option<Channel>) {
        if let Some(next) = next {
            let before = self.session.replace(next);
            self.effort.aes_blocks += before.as_ref().map_or(0, Channel::blocks);
        }
    }
}

/// GET CHALLENGE. This card has no use for the number itself: its protocols draw their own.
fn challenge(command: &Command, entropy: &mut dyn Entropy) -> Response {
    match (command.p1, command.p2, command.le) {
        (0, 0, Some(le)) if command.data.is_empty() && le <= 64 => {
            let mut bytes = alloc::vec![0; le as usize];
            entropy.fill(&mut bytes);
            Response::ok(bytes)
        }
        (0, 0, _) => Status::WRONG_LENGTH.into(),
        _ => Status::WRONG_PARAMETERS.into(),
    }
}
