//! The terminal's side of PACE, as commands to send and answers to take.
//!
//! Standard: Doc 9303-11, 4.4.4.
//! Start reading at [`Terminal::select`] and [`Terminal::next`].

use alloc::vec::Vec;
use apdu::Command;
use lds::Curve;
use lds::security_info::Cipher;
use lds::tlv;
use subtle::ConstantTimeEq;

use super::token;
use crate::aes_cipher::cbc_decrypt;
use crate::{Entropy, Error, Keys, Password, Point, Secret, message};

/// One run of PACE in the terminal.
pub struct Terminal {
    cipher: Cipher,
    curve: Curve,
    password: Password,
    step: Step,
}

enum Step {
    Start,
    Nonce,
    Mapping { nonce: zeroize::Zeroizing<Vec<u8>>, secret: Secret },
    Agreement { secret: Secret, own: Point },
    Token { keys: Keys, own: Point },
    Over,
}

/// What to do next.
#[derive(Debug)]
pub enum Next {
    /// Send this command and bring its answer.
    Send(Command),
    /// The card knows the password too; these are the keys of the session.
    Done(Keys),
}

impl Terminal {
    /// A run with what EF.CardAccess offers.
    pub fn new(cipher: Cipher, curve: Curve, password: Password) -> Terminal {
        Terminal { cipher, curve, password, step: Step::Start }
    }

    /// MSE:SET AT: names protocol, password and domain parameters.
    pub fn select(&self) -> Command {
        let pieces = [
            tlv::encode(0x80, &self.cipher.pace_oid()),
            tlv::encode(0x83, &[self.password.reference()]),
            tlv::encode(0x84, &[self.curve.parameter_id()]),
        ];
        Command::new(0x00, 0x22, 0xC1, 0xA4).with_data(pieces.concat())
    }

    /// Takes the data of the answer before (of MSE:SET AT at first, which has none) and says how to go on.
    ///
    /// # Errors
    /// [`Error`]; the run is then over.
    pub fn next(&mut self, answer: &[u8], entropy: &mut dyn Entropy) -> Result<Next, Error> {
        match core::mem::replace(&mut self.step, Step::Over) {
            Step::Start => {
                self.step = Step::Nonce;
                Ok(authenticate(message::empty(), true))
            }
            Step::Nonce => {
                let mut nonce = zeroize::Zeroizing::new(message::unwrap(answer, 0x80)?.to_vec());
                let key = self.password.key(self.cipher);
                if nonce.is_empty() || !cbc_decrypt(self.cipher, &key, [0; 16], &mut nonce) {
                    return Err(Error::Malformed(lds::Error::Value { what: "nonce" }));
                }
                let secret = Secret::generate(self.curve, entropy);
                let data = message::wrap(0x81, secret.public().as_bytes());
                self.step = Step::Mapping { nonce, secret };
                Ok(authenticate(data, true))
            }
            Step::Mapping { nonce, secret } => {
                let other = Point::parse(self.curve, message::unwrap(answer, 0x82)?)?;
                if other == secret.public() {
                    return Err(Error::Point);
                }
                let generator = other.times(&secret)?.map(&nonce)?;
                let secret = Secret::generate(self.curve, entropy);
                let own = generator.times(&secret)?;
                let data = message::wrap(0x83, own.as_bytes());
                self.step = Step::Agreement { secret, own };
                Ok(authenticate(data, true))
            }
            Step::Agreement { secret, own } => {
                let other = Point::parse(self.curve, message::unwrap(answer, 0x84)?)?;
                if other == own {
                    return Err(Error::Point);
                }
                let keys = Keys::derive(self.cipher, other.times(&secret)?.x());
                let data = message::wrap(0x85, &token(&keys, self.cipher, &other));
                self.step = Step::Token { keys, own };
                Ok(authenticate(data, false))
            }
            Step::Token { keys, own } => {
                // Chips that also offer certificate-based access append 87 and 88; only the token matters here.
                let mut objects = tlv::only(answer, 0x7C)?.inside();
                let given = objects.expect(0x86)?.value;
                if bool::from(token(&keys, self.cipher, &own).ct_eq(given)) {
                    Ok(Next::Done(keys))
                } else {
                    Err(Error::Token)
                }
            }
            Step::Over => Err(Error::Order),
        }
    }
}

/// GENERAL AUTHENTICATE; all but the last of a run are chained.
fn authenticate(data: Vec<u8>, chained: bool) -> Next {
    Next::Send(Command::new(if chained { 0x10 } else { 0x00 }, 0x86, 0, 0).with_data(data).expecting(256))
}
