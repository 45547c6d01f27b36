//! Secure messaging: every command and every answer encrypted, then authenticated, and counted.
//!
//! Standard: Doc 9303-11, 9.8 (AES); ISO/IEC 7816-4:2020, 10. Data objects: 87 or 85 cryptogram (85 with an odd INS, and
//! then without padding indicator), 97 Le, 99 status, 8E checksum over send sequence counter, header and data objects.
//! Invariant: the counter goes up once per message, also for refused ones; a refused message ends the session, which is
//! the caller's to enforce.
//! Start reading at [`Channel`].

use alloc::vec::Vec;
use apdu::{Command, Form, LE_SHORT_MAX, Response, Status};
use lds::tlv::{self, Reader};
use subtle::ConstantTimeEq;

use crate::aes_cipher::{BLOCK, cbc_decrypt, cbc_encrypt, cmac, encrypt_block, pad, unpad};
use crate::{Error, Keys};

/// The most plain bytes that fit a protected answer of 256 bytes: thirteen blocks and fifteen bytes.
pub const PLAIN_MAX_SHORT: usize = 14 * BLOCK - 1;

/// One side of an open session. Both sides are the same: each protects what it sends and opens what it gets.
pub struct Channel {
    keys: Keys,
    counter: u128,
    blocks: u64,
}

impl core::fmt::Debug for Channel {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Channel({:?}, {})", self.keys, self.counter)
    }
}

impl Channel {
    /// A session that begins now, its counter at zero.
    pub fn new(keys: Keys) -> Channel {
        Channel { keys, counter: 0, blocks: 0 }
    }

    /// Blocks of AES computed so far.
    pub fn blocks(&self) -> u64 {
        self.blocks
    }

    /// The protected form of a command: the terminal's side.
    pub fn protect_command(&mut self, plain: &Command) -> Command {
        self.counter += 1;
        let mut protected = plain.clone();
        protected.cla |= 0x0C;
        let mut objects = self.cryptogram(&plain.data, plain.ins & 1 == 1);
        if let Some(le) = plain.le {
            // The cast keeps the low bytes on purpose: 256 and 65,536 are written as zero.
            let bytes = (le as u16).to_be_bytes();
            tlv::write(&mut objects, 0x97, if le <= LE_SHORT_MAX { &bytes[1..] } else { &bytes });
        }
        let mac = self.checksum(Some(header(&protected)), &objects, true);
        tlv::write(&mut objects, 0x8E, &mac);
        let extended =
            objects.len() > 255 || plain.form == Form::Extended || plain.le.is_some_and(|le| le > LE_SHORT_MAX);
        protected.data = objects;
        (protected.form, protected.le) =
            if extended { (Form::Extended, Some(65_536)) } else { (Form::Short, Some(256)) };
        protected
    }

    /// The plain command inside a protected one: the card's side.
    ///
    /// # Errors
    /// [`Error::ObjectMissing`] or [`Error::ObjectIncorrect`]: the session must end.
    pub fn open_command(&mut self, protected: &Command) -> Result<Command, Error> {
        self.counter += 1;
        let mut reader = Reader::new(&protected.data);
        let wrong = |_| Error::ObjectIncorrect;
        let odd = protected.ins & 1 == 1;
        let cryptogram = reader.optional(cryptogram_tag(odd)).map_err(wrong)?;
        let le = reader.optional(0x97).map_err(wrong)?;
        let objects = protected.data.get(..reader.offset()).unwrap_or_default();
        let mac = reader.optional(0x8E).map_err(wrong)?;
        let mac = mac.ok_or(if reader.is_empty() { Error::ObjectMissing } else { Error::ObjectIncorrect })?;
        reader.finish().map_err(wrong)?;
        let header = Some(header(protected));
        let fits = self.checksum(header, objects, true).ct_eq(mac.value)
            // Without data objects some terminals pad the padded header once more (9.8.6.1 leaves it open).
            | (self.checksum(header, objects, false).ct_eq(mac.value) & u8::from(objects.is_empty()).into());
        if !bool::from(fits) {
            return Err(Error::ObjectIncorrect);
        }
        let mut plain = Command::new(protected.cla & !0x0C, protected.ins, protected.p1, protected.p2);
        plain.form = protected.form;
        if let Some(cryptogram) = cryptogram {
            plain.data = self.open_cryptogram(cryptogram.value, odd)?;
        }
        plain.le = match le.map(|le| le.value) {
            None => None,
            Some([0]) => Some(256),
            Some([le]) => Some(u32::from(*le)),
            Some([0, 0]) => Some(65_536),
            Some([hi, lo]) => Some(u32::from(u16::from_be_bytes([*hi, *lo]))),
            Some(_) => return Err(Error::ObjectIncorrect),
        };
        Ok(plain)
    }

    /// The protected form of an answer: the card's side. `odd` says whether the command had an odd INS.
    pub fn protect_response(&mut self, plain: &Response, odd: bool) -> Response {
        self.counter += 1;
        let mut objects = self.cryptogram(&plain.data, odd);
        tlv::write(&mut objects, 0x99, &plain.status.0.to_be_bytes());
        let mac = self.checksum(None, &objects, true);
        tlv::write(&mut objects, 0x8E, &mac);
        Response { data: objects, status: plain.status }
    }

    /// The plain answer inside a protected one: the terminal's side.
    ///
    /// # Errors
    /// [`Error::Unprotected`] where the card answered in the clear, otherwise [`Error::ObjectMissing`] or
    /// [`Error::ObjectIncorrect`]: the session is over.
    pub fn open_response(&mut self, protected: &Response) -> Result<Response, Error> {
        self.counter += 1;
        if protected.data.is_empty() {
            return Err(Error::Unprotected(protected.status.0));
        }
        let mut reader = Reader::new(&protected.data);
        let wrong = |_| Error::ObjectIncorrect;
        let even = reader.optional(0x87).map_err(wrong)?;
        let odd = reader.optional(0x85).map_err(wrong)?;
        let status = reader.optional(0x99).map_err(wrong)?;
        let objects = protected.data.get(..reader.offset()).unwrap_or_default();
        let mac = reader.optional(0x8E).map_err(wrong)?.ok_or(Error::ObjectMissing)?;
        reader.finish().map_err(wrong)?;
        if !bool::from(self.checksum(None, objects, true).ct_eq(mac.value)) {
            return Err(Error::ObjectIncorrect);
        }
        let status = match status.ok_or(Error::ObjectMissing)?.value {
            [sw1, sw2] => Status(u16::from_be_bytes([*sw1, *sw2])),
            _ => return Err(Error::ObjectIncorrect),
        };
        let data = match (even, odd) {
            (None, None) => Vec::new(),
            (Some(even), None) => self.open_cryptogram(even.value, false)?,
            (None, Some(odd)) => self.open_cryptogram(odd.value, true)?,
            (Some(_), Some(_)) => return Err(Error::ObjectIncorrect),
        };
        if status != protected.status {
            return Err(Error::ObjectIncorrect);
        }
        Ok(Response { data, status })
    }

    /// Padded, encrypted, and in its data object; nothing where there are no data.
    fn cryptogram(&mut self, data: &[u8], odd: bool) -> Vec<u8> {
        let mut out = Vec::new();
        if data.is_empty() {
            return out;
        }
        let mut encrypted = data.to_vec();
        pad(&mut encrypted);
        let iv = self.initial_vector();
        cbc_encrypt(self.keys.cipher, &self.keys.enc, iv, &mut encrypted);
        self.count(encrypted.len() / BLOCK);
        if !odd {
            encrypted.insert(0, 0x01);
        }
        tlv::write(&mut out, cryptogram_tag(odd), &encrypted);
        out
    }

    fn open_cryptogram(&mut self, value: &[u8], odd: bool) -> Result<Vec<u8>, Error> {
        let encrypted = match value {
            [0x01, rest @ ..] if !odd => rest,
            _ if odd => value,
            _ => return Err(Error::ObjectIncorrect),
        };
        let mut data = encrypted.to_vec();
        let iv = self.initial_vector();
        self.count(data.len() / BLOCK);
        let whole = cbc_decrypt(self.keys.cipher, &self.keys.enc, iv, &mut data);
        unpad(&mut data).filter(|()| whole).ok_or(Error::ObjectIncorrect)?;
        Ok(data)
    }

    fn initial_vector(&mut self) -> [u8; BLOCK] {
        self.count(1);
        encrypt_block(self.keys.cipher, &self.keys.enc, self.counter.to_be_bytes())
    }

    /// The checksum over counter, padded header and padded data objects. A header alone is padded once, or twice where
    /// `once` is false.
    fn checksum(&mut self, header: Option<[u8; 4]>, objects: &[u8], once: bool) -> [u8; 8] {
        let mut data = self.counter.to_be_bytes().to_vec();
        if let Some(header) = header {
            data.extend_from_slice(&header);
            pad(&mut data);
        }
        if !objects.is_empty() || !once {
            data.extend_from_slice(objects);
            pad(&mut data);
        }
        self.count(data.len() / BLOCK);
        cmac(self.keys.cipher, &self.keys.mac, &data)
    }

    fn count(&mut self, blocks: usize) {
        self.blocks += blocks as u64;
    }
}

fn header(command: &Command) -> [u8; 4] {
    [command.cla, command.ins, command.p1, command.p2]
}

fn cryptogram_tag(odd: bool) -> u32 {
    if odd { 0x85 } else { 0x87 }
}
