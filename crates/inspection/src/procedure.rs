//! The procedure: open, prove, read, verify.
//!
//! Standard: Doc 9303-11, 4.2 and 6.2.5. If the chip fails to prove its key, the session with it is lost; the card is then
//! opened again to read the rest, because an officer wants to see what a forged card says.
//! Start reading at [`inspect`].

use std::collections::BTreeMap;

use apdu::{Broken, Command, Status, Transmit};
use eac::pace::{Next, Terminal};
use eac::{Channel, Entropy, Password, chip_authentication as ca};
use lds::security_info::SecurityInfos;
use lds::tlv::{self, Reader};
use lds::{APPLICATION_ID, File};
use pki::ef_sod::EfSod;
use pki::passive::{self, Verdict};
use pki::{Certificate, Time};

use crate::dialogue::{Dialogue, Failure};
use crate::report::{Finding, Inspection, Mechanism, Reason};

/// What the terminal knows and wants.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What opens the card.
    pub password: Password,
    /// Trusted CSCA certificates.
    pub csca: &'a [Certificate],
    /// Now.
    pub at: Time,
    /// Whether extended length may be used where card and reader can.
    pub extended_length: bool,
}

/// Inspects the card.
///
/// # Errors
/// [`Broken`] where the connection broke; everything else is a verdict.
pub fn inspect(
    card: &mut dyn Transmit,
    request: &Request<'_>,
    entropy: &mut dyn Entropy,
) -> Result<Inspection, Broken> {
    let mut run = Run {
        dialogue: Dialogue::new(card),
        request,
        entropy,
        files: BTreeMap::new(),
        unread: Vec::new(),
        findings: Vec::new(),
        pace: None,
    };
    run.all()?;
    let Run { dialogue, files, mut findings, pace, .. } = run;
    findings.sort_by_key(|finding| finding.mechanism);
    Ok(Inspection { findings, files, steps: dialogue.steps, pace })
}

struct Run<'a> {
    dialogue: Dialogue<'a>,
    request: &'a Request<'a>,
    entropy: &'a mut dyn Entropy,
    files: BTreeMap<File, Vec<u8>>,
    /// Files that EF.SOD or EF.COM name and the card did not give.
    unread: Vec<File>,
    findings: Vec<Finding>,
    pace: Option<String>,
}

/// Lets a broken connection through as an error and keeps every other failure.
fn keep<T>(result: Result<T, Failure>) -> Result<Result<T, Failure>, Broken> {
    match result {
        Err(Failure::Broken(broken)) => Err(broken),
        other => Ok(other),
    }
}

impl Run<'_> {
    fn all(&mut self) -> Result<(), Broken> {
        self.dialogue.begin("open");
        self.read(File::CardAccess)?;
        if !self.files.contains_key(&File::CardAccess) {
            // An application may be selected already; the file is in the master file.
            keep(self.dialogue.send(&Command::new(0x00, 0xA4, 0x00, 0x0C).with_data([0x3F, 0x00])))?.ok();
            self.unread.clear();
            self.read(File::CardAccess)?;
        }
        if self.request.extended_length && self.dialogue.reader_takes_extended_length() {
            self.read(File::AtrInfo)?;
            self.dialogue.extended = self.files.get(&File::AtrInfo).and_then(|bytes| extended_answer_len(bytes));
        }
        self.dialogue.begin("pace");
        if let Err(reason) = self.open()? {
            let verdict = if reason.code == "wrong-password" { Verdict::Invalid } else { Verdict::Unknown };
            self.find(Mechanism::Pace, verdict, vec![reason]);
            for mechanism in [Mechanism::PassiveAuthentication, Mechanism::ChipAuthentication, Mechanism::CardAccess] {
                self.find(mechanism, Verdict::Unknown, vec![Reason::new("not-opened")]);
            }
            return Ok(());
        }
        self.find(Mechanism::Pace, Verdict::Valid, Vec::new());

        self.dialogue.begin("passive-authentication");
        self.read(File::Com)?;
        self.read(File::Sod)?;
        let groups = self.groups();
        if groups.contains(&File::Dg14) {
            self.read(File::Dg14)?;
        }
        self.dialogue.begin("chip-authentication");
        self.chip_authentication()?;
        self.dialogue.begin("read");
        for file in groups.into_iter().filter(|file| *file != File::Dg14) {
            self.read(file)?;
        }
        self.passive_authentication();
        self.card_access();
        Ok(())
    }

    fn find(&mut self, mechanism: Mechanism, verdict: Verdict, reasons: Vec<Reason>) {
        self.findings.push(Finding { mechanism, verdict, reasons });
    }

    /// Reads a file if the card gives it.
    fn read(&mut self, file: File) -> Result<(), Broken> {
        match keep(self.dialogue.read_file(file))? {
            Ok(bytes) => {
                self.files.insert(file, bytes);
            }
            Err(_) => self.unread.push(file),
        }
        Ok(())
    }

    /// Opens a session with the strongest variant of PACE that card and terminal share, and selects the application.
    fn open(&mut self) -> Result<Result<(), Reason>, Broken> {
        let Some(bytes) = self.files.get(&File::CardAccess) else {
            return Ok(Err(Reason::of("card-access-missing", File::CardAccess)));
        };
        let Ok(infos) = SecurityInfos::parse(bytes) else {
            return Ok(Err(Reason::of("card-access-malformed", File::CardAccess)));
        };
        let Some((cipher, curve)) = infos.pace().max_by_key(|(cipher, _)| *cipher) else {
            return Ok(Err(Reason::of("pace-unsupported", File::CardAccess)));
        };
        self.dialogue.channel = None;
        let mut terminal = Terminal::new(cipher, curve, self.request.password.clone());
        let mut answer = match keep(self.dialogue.expect_ok(&terminal.select()))? {
            Ok(answer) => answer,
            Err(_) => return Ok(Err(Reason::new("pace-refused"))),
        };
        loop {
            match terminal.next(&answer, self.entropy) {
                Ok(Next::Send(command)) => {
                    answer = match keep(self.dialogue.expect_ok(&command))? {
                        Ok(answer) => answer,
                        Err(failure) => return Ok(Err(Reason::new(pace_failure(&failure, &command)))),
                    };
                }
                Ok(Next::Done(keys)) => {
                    self.dialogue.channel = Some(Channel::new(keys));
                    self.pace = Some(format!("{} {}", cipher.name(), curve.name()));
                    break;
                }
                Err(eac::Error::Token) => return Ok(Err(Reason::new("wrong-password"))),
                Err(_) => return Ok(Err(Reason::new("pace-malformed"))),
            }
        }
        let select = Command::new(0x00, 0xA4, 0x04, 0x0C).with_data(APPLICATION_ID);
        Ok(keep(self.dialogue.expect_ok(&select))?.map(|_| ()).map_err(|_| Reason::new("application-missing")))
    }

    /// The data groups to read: what EF.SOD lists, or EF.COM where EF.SOD cannot be read. Fingers and irises need rights
    /// that this terminal does not have.
    fn groups(&self) -> Vec<File> {
        let signed = self.files.get(&File::Sod).and_then(|bytes| EfSod::parse(bytes).ok());
        let files: Vec<File> = match signed {
            Some(sod) => sod.hashes.iter().filter_map(|(number, _)| File::from_data_group(*number)).collect(),
            None => {
                let com = self.files.get(&File::Com).and_then(|bytes| lds::com::Com::parse(bytes).ok());
                com.iter().flat_map(lds::com::Com::files).collect()
            }
        };
        files.into_iter().filter(|file| !matches!(file, File::Dg3 | File::Dg4)).collect()
    }

    fn chip_authentication(&mut self) -> Result<(), Broken> {
        let infos = self.files.get(&File::Dg14).map(|bytes| SecurityInfos::parse_dg14(bytes));
        let (verdict, reasons) = match infos {
            None if self.unread.contains(&File::Dg14) => {
                (Verdict::Invalid, vec![Reason::of("file-missing", File::Dg14)])
            }
            None => (Verdict::Unknown, vec![Reason::new("not-offered")]),
            Some(Err(_)) => (Verdict::Invalid, vec![Reason::of("file-malformed", File::Dg14)]),
            Some(Ok(infos)) => match infos.chip_authentication() {
                None => (Verdict::Unknown, vec![Reason::new("not-offered")]),
                Some((cipher, key, key_id)) => match ca::Terminal::start(cipher, key, key_id, self.entropy) {
                    Err(_) => (Verdict::Invalid, vec![Reason::of("chip-key-invalid", File::Dg14)]),
                    Ok(terminal) => match self.prove(terminal)? {
                        Ok(()) => (Verdict::Valid, Vec::new()),
                        Err(code) => {
                            // Best effort: if the card does not open again, the files are reported as missing.
                            let _ = self.open()?;
                            (Verdict::Invalid, vec![Reason::new(code)])
                        }
                    },
                },
            },
        };
        self.find(Mechanism::ChipAuthentication, verdict, reasons);
        Ok(())
    }

    /// Sends both commands, changes keys, and has the card answer once with them.
    fn prove(&mut self, terminal: ca::Terminal) -> Result<Result<(), &'static str>, Broken> {
        for command in [&terminal.select, &terminal.authenticate] {
            if keep(self.dialogue.expect_ok(command))?.is_err() {
                return Ok(Err("chip-refused"));
            }
        }
        self.dialogue.channel = Some(Channel::new(terminal.keys));
        let select = Command::new(0x00, 0xA4, 0x02, 0x0C).with_data(File::Com.id().to_be_bytes());
        Ok(keep(self.dialogue.send(&select))?.map(|_| ()).map_err(|_| "chip-key-not-held"))
    }

    fn passive_authentication(&mut self) {
        let Some(sod) = self.files.get(&File::Sod) else {
            return self.find(
                Mechanism::PassiveAuthentication,
                Verdict::Invalid,
                vec![Reason::of("file-missing", File::Sod)],
            );
        };
        let groups: Vec<(u8, &[u8])> =
            self.files.iter().filter_map(|(file, bytes)| Some((file.data_group()?, bytes.as_slice()))).collect();
        let (mut verdict, reasons) = passive::verify(sod, &groups, self.request.csca, self.request.at);
        let mut reasons: Vec<Reason> = reasons
            .into_iter()
            .map(|reason| Reason {
                code: reason.code(),
                file: reason.data_group().and_then(|group| File::from_data_group(u32::from(group))),
            })
            .collect();
        for file in self.unread.iter().filter(|file| file.data_group().is_some()) {
            verdict = Verdict::Invalid;
            reasons.push(Reason::of("file-missing", *file));
        }
        self.find(Mechanism::PassiveAuthentication, verdict, reasons);
    }

    /// EF.CardAccess is not signed; the copies of its entries in DG14 are.
    fn card_access(&mut self) {
        let offered = self.files.get(&File::CardAccess).and_then(|bytes| SecurityInfos::parse(bytes).ok());
        let signed = self.files.get(&File::Dg14).and_then(|bytes| SecurityInfos::parse_dg14(bytes).ok());
        let (verdict, reasons) = match (offered, signed) {
            (Some(offered), Some(signed)) if offered.0.iter().all(|entry| signed.0.contains(entry)) => {
                (Verdict::Valid, Vec::new())
            }
            (Some(_), Some(_)) => (Verdict::Invalid, vec![Reason::of("not-in-dg14", File::CardAccess)]),
            _ => (Verdict::Unknown, vec![Reason::of("not-comparable", File::Dg14)]),
        };
        self.find(Mechanism::CardAccess, verdict, reasons);
    }
}

/// A refusal of the token means the password; anything earlier means that the card will not.
fn pace_failure(failure: &Failure, command: &Command) -> &'static str {
    match failure {
        Failure::Refused(Status(status)) if !command.is_chained() && (status >> 8) == 0x63 => "wrong-password",
        Failure::Refused(_) => "pace-refused",
        _ => "pace-malformed",
    }
}

/// The longest answer that EF.ATR/INFO promises (ISO/IEC 7816-4:2020, 12.7.1).
fn extended_answer_len(atr_info: &[u8]) -> Option<usize> {
    let mut reader = Reader::new(atr_info);
    while let Some(object) = reader.next().ok()? {
        if object.tag == 0x7F66 {
            let mut lengths = object.inside();
            lengths.expect(tlv::tag::INTEGER).ok()?;
            let answer = tlv::small_integer(lengths.expect(tlv::tag::INTEGER).ok()?.value).ok()?;
            return usize::try_from(answer).ok().filter(|len| *len > 256);
        }
    }
    None
}
