//! Commands and answers with the card, in the clear or inside a session, and reading whole files with them.
//!
//! Standard: ISO/IEC 7816-4:2020, 11.3.3 (READ BINARY, odd INS beyond 32,767 bytes).
//! Start reading at [`Dialogue::read_file`].

use apdu::{Broken, Command, Form, Response, Status, Transmit};
use eac::Channel;
use eac::secure_messaging::PLAIN_MAX_SHORT;
use lds::{File, tlv};

use crate::Step;

/// No file of a card is larger; a card that claims so is not believed.
const FILE_LEN_MAX: usize = 256 * 1024;
/// What secure messaging adds to an extended answer, generously.
const PROTECTION: usize = 64;
/// Offsets from here on need the odd instruction.
const OFFSET_MAX: usize = 0x7FFF;

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The connection is gone.
    Broken(Broken),
    /// The card refused.
    Refused(Status),
    /// The session is over: the answer was unprotected or wrongly protected.
    Session,
    /// The answer is no answer.
    Malformed,
}

impl From<Broken> for Failure {
    fn from(broken: Broken) -> Failure {
        Failure::Broken(broken)
    }
}

pub(crate) struct Dialogue<'a> {
    card: &'a mut dyn Transmit,
    pub(crate) channel: Option<Channel>,
    pub(crate) steps: Vec<Step>,
    /// Bytes of an extended answer that the card can give; none where only short ones are used.
    pub(crate) extended: Option<usize>,
}

impl<'a> Dialogue<'a> {
    pub(crate) fn new(card: &'a mut dyn Transmit) -> Dialogue<'a> {
        Dialogue { card, channel: None, steps: Vec::new(), extended: None }
    }

    /// Whether the reader passes extended commands on.
    pub(crate) fn reader_takes_extended_length(&self) -> bool {
        self.card.takes_extended_length()
    }

    /// Begins a part of the procedure; its messages are counted together, also when it is begun again.
    pub(crate) fn begin(&mut self, stage: &'static str) {
        self.card.begin(stage);
        let index = self.steps.iter().position(|step| step.stage == stage);
        let step = match index {
            Some(index) => self.steps.remove(index),
            None => Step { stage, apdus: 0, bytes_out: 0, bytes_in: 0 },
        };
        self.steps.push(step);
    }

    /// Sends a command as the session has it and opens the answer.
    pub(crate) fn send(&mut self, command: &Command) -> Result<Response, Failure> {
        let bytes = match &mut self.channel {
            Some(channel) => channel.protect_command(command).encode(),
            None => command.encode(),
        };
        let answer = self.card.transmit(&bytes)?;
        if let Some(step) = self.steps.last_mut() {
            step.apdus += 1;
            step.bytes_out += bytes.len() as u64;
            step.bytes_in += answer.len() as u64;
        }
        let response = Response::parse(&answer).map_err(|_| Failure::Malformed)?;
        match &mut self.channel {
            None => Ok(response),
            Some(channel) => channel.open_response(&response).map_err(|_| {
                self.channel = None;
                Failure::Session
            }),
        }
    }

    /// Sends a command that must succeed.
    pub(crate) fn expect_ok(&mut self, command: &Command) -> Result<Vec<u8>, Failure> {
        let response = self.send(command)?;
        if response.status.is_ok() { Ok(response.data) } else { Err(Failure::Refused(response.status)) }
    }

    /// Reads a whole file: by short identifier at first, and by selecting it where the card does not take that.
    pub(crate) fn read_file(&mut self, file: File) -> Result<Vec<u8>, Failure> {
        let mut command = Command::new(0x00, 0xB0, 0x80 | file.short_id(), 0);
        let mut first = self.read(command, self.block());
        if matches!(first, Err(Failure::Refused(status)) if status != Status::SECURITY_NOT_SATISFIED) {
            self.expect_ok(&Command::new(0x00, 0xA4, 0x02, 0x0C).with_data(file.id().to_be_bytes()))?;
            command = Command::new(0x00, 0xB0, 0, 0);
            first = self.read(command.clone(), self.block());
            if matches!(first, Err(Failure::Refused(_))) {
                // Some cards refuse to read beyond the end; a few bytes are always there.
                first = self.read(command, 8);
            }
        }
        let mut bytes = first?;
        let Some(tag) = file.tag() else { return Ok(bytes) };
        let len = tlv::total_len(&bytes).map_err(|_| Failure::Malformed)?;
        if len > FILE_LEN_MAX || bytes.first().map(|byte| u32::from(*byte)) != Some(tag) {
            return Err(Failure::Malformed);
        }
        while bytes.len() < len {
            let part = self.read_at(bytes.len(), (len - bytes.len()).min(self.block()))?;
            if part.is_empty() {
                return Err(Failure::Malformed);
            }
            bytes.extend_from_slice(&part);
        }
        bytes.truncate(len);
        Ok(bytes)
    }

    fn read_at(&mut self, offset: usize, len: usize) -> Result<Vec<u8>, Failure> {
        if offset <= OFFSET_MAX {
            let [.., hi, lo] = offset.to_be_bytes();
            return self.read(Command::new(0x00, 0xB0, hi, lo), len);
        }
        let [.., a, b, c] = offset.to_be_bytes();
        let command = Command::new(0x00, 0xB1, 0, 0).with_data(tlv::encode(0x54, &[a, b, c]));
        // Tag and length around the data take up to four bytes of the answer.
        let answer = self.read(command, (len + 4).min(self.block()))?;
        Ok(tlv::only(&answer, 0x53).map_err(|_| Failure::Malformed)?.value.to_vec())
    }

    fn read(&mut self, mut command: Command, len: usize) -> Result<Vec<u8>, Failure> {
        command.le = u32::try_from(len).ok();
        command.form = if self.extended.is_some() { Form::Extended } else { Form::Short };
        let response = self.send(&command)?;
        match response.status {
            Status::OK | Status::END_OF_FILE if !response.data.is_empty() => Ok(response.data),
            Status::OK => Err(Failure::Malformed),
            status => Err(Failure::Refused(status)),
        }
    }

    /// Plain bytes per answer.
    fn block(&self) -> usize {
        match (self.extended, self.channel.is_some()) {
            (Some(len), _) => len.saturating_sub(PROTECTION).clamp(PLAIN_MAX_SHORT, 0xFF00),
            (None, true) => PLAIN_MAX_SHORT,
            (None, false) => 256,
        }
    }
}
