//! The card's side of PACE.
//!
//! Standard: Doc 9303-11, 4.4.4. After an error the run is over; a new one begins with a new nonce.
//! Start reading at [`Card::answer`].

use alloc::vec::Vec;
use lds::Curve;
use lds::security_info::Cipher;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{NONCE_LEN, token};
use crate::aes_cipher::cbc_encrypt;
use crate::{Entropy, Error, Keys, Password, Point, Secret, message};

/// One run of PACE in the card.
pub struct Card {
    cipher: Cipher,
    curve: Curve,
    password: Password,
    step: Step,
}

enum Step {
    Selected,
    Nonce(Zeroizing<[u8; NONCE_LEN]>),
    Mapped(Point),
    Agreed { keys: Keys, own: Point, other: Point },
    Over,
}

/// What the card says to one GENERAL AUTHENTICATE.
#[derive(Debug)]
pub enum Answer {
    /// Response data; the run goes on.
    Continue(Vec<u8>),
    /// Response data; the terminal knows the password, and these are the keys of the session.
    Done(Vec<u8>, Keys),
}

impl Card {
    /// A run with the parameters and the password that MSE:SET AT named.
    pub fn new(cipher: Cipher, curve: Curve, password: Password) -> Card {
        Card { cipher, curve, password, step: Step::Selected }
    }

    /// Whether the next message is the last of the run and must come without the chaining bit.
    pub fn expects_last(&self) -> bool {
        matches!(self.step, Step::Agreed { .. })
    }

    /// Answers the dynamic authentication data of one GENERAL AUTHENTICATE.
    ///
    /// # Errors
    /// [`Error`]; the run is then over.
    pub fn answer(&mut self, data: &[u8], entropy: &mut dyn Entropy) -> Result<Answer, Error> {
        match core::mem::replace(&mut self.step, Step::Over) {
            Step::Selected if message::is_empty(data) => {
                let mut nonce = Zeroizing::new([0; NONCE_LEN]);
                entropy.fill(&mut nonce[..]);
                let mut encrypted = *nonce;
                cbc_encrypt(self.cipher, &self.password.key(self.cipher), [0; 16], &mut encrypted);
                self.step = Step::Nonce(nonce);
                Ok(Answer::Continue(message::wrap(0x80, &encrypted)))
            }
            Step::Nonce(nonce) => {
                let other = Point::parse(self.curve, message::unwrap(data, 0x81)?)?;
                let secret = Secret::generate(self.curve, entropy);
                let own = secret.public();
                if own == other {
                    return Err(Error::Point);
                }
                let generator = other.times(&secret)?.map(&nonce[..])?;
                self.step = Step::Mapped(generator);
                Ok(Answer::Continue(message::wrap(0x82, own.as_bytes())))
            }
            Step::Mapped(generator) => {
                let other = Point::parse(self.curve, message::unwrap(data, 0x83)?)?;
                let secret = Secret::generate(self.curve, entropy);
                let own = generator.times(&secret)?;
                if own == other {
                    return Err(Error::Point);
                }
                let keys = Keys::derive(self.cipher, other.times(&secret)?.x());
                let answer = message::wrap(0x84, own.as_bytes());
                self.step = Step::Agreed { keys, own, other };
                Ok(Answer::Continue(answer))
            }
            Step::Agreed { keys, own, other } => {
                let given = message::unwrap(data, 0x85)?;
                if !bool::from(token(&keys, self.cipher, &own).ct_eq(given)) {
                    return Err(Error::Token);
                }
                let answer = message::wrap(0x86, &token(&keys, self.cipher, &other));
                Ok(Answer::Done(answer, keys))
            }
            Step::Selected | Step::Over => Err(Error::Order),
        }
    }
}
