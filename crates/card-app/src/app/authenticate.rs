//! MSE:SET AT and GENERAL AUTHENTICATE: PACE and Chip Authentication.
//!
//! Standard: Doc 9303-11, 4.4.4 and 6.2.4. The mapping must be generic, the cipher AES; EF.CardAccess says which.
//! Start reading at [`App::general_authenticate`].

use apdu::{Command, Response, Status};
use eac::{Channel, Entropy, chip_authentication as ca, pace};
use lds::security_info::Cipher;
use lds::tlv::Reader;

use super::{App, Outcome, Pending, failures};
use crate::storage::Storage;

/// What MSE:SET AT may carry.
struct Reference<'a> {
    protocol: &'a [u8],
    password: Option<u8>,
    /// Domain parameters (PACE) or number of the key (Chip Authentication).
    private: Option<u32>,
}

impl<'a> Reference<'a> {
    fn parse(data: &'a [u8]) -> Result<Reference<'a>, lds::Error> {
        let mut reader = Reader::new(data);
        let mut reference = Reference { protocol: &[], password: None, private: None };
        while let Some(object) = reader.next()? {
            let invalid = lds::Error::Value { what: "reference" };
            match object.tag {
                0x80 => reference.protocol = object.value,
                0x83 => match object.value {
                    [password] => reference.password = Some(*password),
                    _ => return Err(invalid),
                },
                0x84 if object.value.len() <= 4 && !object.value.is_empty() => {
                    reference.private = Some(object.value.iter().fold(0, |id, byte| id << 8 | u32::from(*byte)));
                }
                0x84 => return Err(invalid),
                // Terminals that know more protocols add objects (7F4C); they do not concern this card.
                _ => {}
            }
        }
        Ok(reference)
    }
}

impl<S: Storage> App<S> {
    /// MANAGE SECURITY ENVIRONMENT: SET AT.
    pub(super) fn manage_security_environment(&mut self, command: &Command) -> Response {
        self.pending = None;
        let Ok(reference) = Reference::parse(&command.data) else { return Status::WRONG_DATA.into() };
        let chosen = match (command.p1, command.p2) {
            (0xC1, 0xA4) => self.choose_pace(&reference),
            (0x41, 0xA4) => self.choose_chip_authentication(&reference),
            (0x41, 0xA6) => Err(Status::FUNCTION_UNSUPPORTED),
            _ => Err(Status::WRONG_PARAMETERS),
        };
        match chosen {
            Ok(pending) => {
                self.pending = Some(pending);
                Response::ok([])
            }
            Err(status) => status.into(),
        }
    }

    fn choose_pace(&self, reference: &Reference<'_>) -> Result<Pending, Status> {
        let content = self.content.as_ref().ok_or(Status::CONDITIONS_NOT_SATISFIED)?;
        let cipher = Cipher::from_pace_oid(reference.protocol).ok_or(Status::WRONG_DATA)?;
        let fits = |id: u8| reference.private.is_none_or(|wanted| wanted == u32::from(id));
        let (cipher, curve) = content
            .card_access
            .pace()
            .find(|(offered, curve)| *offered == cipher && fits(curve.parameter_id()))
            .ok_or(Status::REFERENCE_NOT_FOUND)?;
        let password = reference.password.ok_or(Status::WRONG_DATA)?;
        let password = content.password(password).ok_or(Status::REFERENCE_NOT_FOUND)?;
        Ok(Pending::Pace(pace::Card::new(cipher, curve, password)))
    }

    fn choose_chip_authentication(&self, reference: &Reference<'_>) -> Result<Pending, Status> {
        let content = self.content.as_ref().filter(|_| self.session.is_some()).ok_or(Status::SECURITY_NOT_SATISFIED)?;
        let cipher = Cipher::from_chip_authentication_oid(reference.protocol).ok_or(Status::WRONG_DATA)?;
        // There is one key and it has no number, so whatever number a terminal makes up is another key's.
        if reference.private.is_some() || !content.chip_authentication.contains(&cipher) {
            return Err(Status::REFERENCE_NOT_FOUND);
        }
        Ok(Pending::ChipAuthentication(cipher))
    }

    /// GENERAL AUTHENTICATE: the next step of the protocol chosen.
    pub(super) fn general_authenticate(&mut self, command: &Command, entropy: &mut dyn Entropy) -> Outcome {
        if (command.p1, command.p2) != (0, 0) {
            return Status::WRONG_PARAMETERS.into();
        }
        match self.pending.take() {
            None => Status::CONDITIONS_NOT_SATISFIED.into(),
            Some(Pending::Pace(run)) => self.pace_step(run, &command.data, entropy),
            Some(Pending::ChipAuthentication(cipher)) => self.chip_authentication(cipher, &command.data),
        }
    }

    fn pace_step(&mut self, mut run: pace::Card, data: &[u8], entropy: &mut dyn Entropy) -> Outcome {
        let is_last = run.expects_last();
        let before = failures::count(&self.storage);
        if is_last && failures::set(&mut self.storage, before.saturating_add(1)).is_err() {
            return Status::MEMORY.into();
        }
        match run.answer(data, entropy) {
            Ok(pace::Answer::Continue(data)) => {
                let begins = data.get(2) == Some(&0x80);
                self.pending = Some(Pending::Pace(run));
                let delay_ms = if begins { failures::delay_ms(before) } else { 0 };
                Outcome { response: Response::ok(data), next: None, delay_ms }
            }
            Ok(pace::Answer::Done(data, keys)) => {
                self.effort.ec_operations += u64::from(pace::CARD_EC_OPERATIONS);
                self.effort.aes_blocks += u64::from(pace::CARD_AES_BLOCKS);
                if failures::set(&mut self.storage, 0).is_err() {
                    return Status::MEMORY.into();
                }
                Outcome { response: Response::ok(data), next: Some(Channel::new(keys)), delay_ms: 0 }
            }
            Err(eac::Error::Token) => Status::AUTHENTICATION_FAILED.into(),
            Err(eac::Error::Order) => Status::CONDITIONS_NOT_SATISFIED.into(),
            Err(_) => Status::WRONG_DATA.into(),
        }
    }

    fn chip_authentication(&mut self, cipher: Cipher, data: &[u8]) -> Outcome {
        let (Some(content), true) = (&self.content, self.session.is_some()) else {
            return Status::SECURITY_NOT_SATISFIED.into();
        };
        match ca::card(cipher, &content.chip_key, data) {
            Ok((answer, keys)) => {
                self.effort.ec_operations += u64::from(ca::CARD_EC_OPERATIONS);
                Outcome { response: Response::ok(answer), next: Some(Channel::new(keys)), delay_ms: 0 }
            }
            Err(_) => Status::WRONG_DATA.into(),
        }
    }
}
