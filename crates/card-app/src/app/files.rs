//! SELECT and READ BINARY, and who may read what.
//!
//! Standard: ISO/IEC 7816-4:2020, 11.2.2 and 11.3.3; Doc 9303-10, 3.6. Access: files of the master file always, files of
//! the application inside a session only.
//! Start reading at [`App::select`] and [`App::read_binary`].

use alloc::vec::Vec;

use apdu::{Command, Form, Response, Status};
use eac::secure_messaging::PLAIN_MAX_SHORT;
use lds::{APPLICATION_ID, File, tlv};

use super::{App, Directory};
use crate::storage::{Slot, Storage};

/// The most plain bytes in an extended answer; EF.ATR/INFO says so, with room for secure messaging.
const PLAIN_MAX_EXTENDED: usize = 4096 - 64;
const MASTER_FILE: [u8; 2] = [0x3F, 0x00];

impl<S: Storage> App<S> {
    /// SELECT by application identifier or file identifier.
    pub(super) fn select(&mut self, command: &Command) -> Response {
        let found = match (command.p1, command.data.as_slice()) {
            (0x04, id) if id == APPLICATION_ID => {
                (self.directory, self.current) = (Directory::Travel, None);
                None
            }
            (0x00, [] | [0x3F, 0x00]) => {
                (self.directory, self.current) = (Directory::Master, None);
                None
            }
            (0x00 | 0x02, [hi, lo]) => {
                let id = u16::from_be_bytes([*hi, *lo]);
                match self.find(|file| file.id() == id) {
                    Ok(file) => {
                        self.current = Some(file);
                        Some(file)
                    }
                    Err(status) => return status.into(),
                }
            }
            (0x04, _) => return Status::FILE_NOT_FOUND.into(),
            (0x00 | 0x02, _) => return Status::WRONG_DATA.into(),
            _ => return Status::WRONG_PARAMETERS.into(),
        };
        match command.p2 {
            0x0C => Response::ok([]),
            0x00 => Response::ok(tlv::encode(0x6F, &self.control_information(found))),
            0x04 => Response::ok(tlv::encode(0x62, &self.control_information(found))),
            _ => Status::WRONG_PARAMETERS.into(),
        }
    }

    fn control_information(&self, file: Option<File>) -> Vec<u8> {
        match (file, self.directory) {
            (Some(file), _) => {
                let len = self.storage.read(Slot(file.id())).map_or(0, <[u8]>::len);
                let pieces =
                    [tlv::encode(0x80, &(len as u16).to_be_bytes()), tlv::encode(0x83, &file.id().to_be_bytes())];
                pieces.concat()
            }
            (None, Directory::Travel) => tlv::encode(0x84, &APPLICATION_ID),
            (None, Directory::Master) => tlv::encode(0x83, &MASTER_FILE),
        }
    }

    /// A file of the current directory that may be read now. EF.CardAccess is found from the application too: some
    /// terminals select the application first and then look how to open it.
    fn find(&self, wanted: impl Fn(File) -> bool) -> Result<File, Status> {
        let master = self.directory == Directory::Master;
        let present = self.content.iter().flat_map(|content| content.files.iter().copied());
        let mut here = present.filter(|file| file.is_in_master_file() == master || *file == File::CardAccess);
        match here.find(|file| wanted(*file)) {
            Some(file) if file.is_in_master_file() || self.session.is_some() => Ok(file),
            // Without a session the card does not even say which files it has.
            None if master || self.session.is_some() => Err(Status::FILE_NOT_FOUND),
            _ => Err(Status::SECURITY_NOT_SATISFIED),
        }
    }

    /// READ BINARY with offset in P1 P2, by short identifier, or with odd INS and offset data object.
    pub(super) fn read_binary(&mut self, command: &Command) -> Response {
        let odd = command.ins == 0xB1;
        let short_id = |id: u8| self.find(|file| file.short_id() == id);
        let target = match (odd, command.p1, command.p2) {
            (false, p1, p2) if p1 & 0x80 != 0 && p1 & 0x60 == 0 => {
                short_id(p1 & 0x1F).map(|file| (file, u32::from(p2)))
            }
            (false, p1, _) if p1 & 0x80 != 0 => Err(Status::WRONG_PARAMETERS),
            (false, p1, p2) => self.current_file().map(|file| (file, u32::from(u16::from_be_bytes([p1, p2])))),
            (true, p1, p2) => offset(&command.data).and_then(|offset| {
                let file = match (p1, p2) {
                    (0, 0) => self.current_file(),
                    (0, 1..=30) => short_id(p2),
                    _ => self.find(|file| file.id() == u16::from_be_bytes([p1, p2])),
                };
                file.map(|file| (file, offset))
            }),
        };
        let (file, offset) = match target {
            Ok(target) => target,
            Err(status) => return status.into(),
        };
        let Some(le) = command.le else { return Status::WRONG_LENGTH.into() };
        self.current = Some(file);
        let bytes = self.storage.read(Slot(file.id())).unwrap_or_default();
        let Some(rest) = bytes.get(offset as usize..).filter(|rest| !rest.is_empty()) else {
            return Status::WRONG_OFFSET.into();
        };
        let room = match (command.form, self.session.is_some()) {
            (Form::Short, false) => 256,
            (Form::Short, true) => PLAIN_MAX_SHORT,
            (Form::Extended, _) => PLAIN_MAX_EXTENDED,
        };
        let asked = le as usize;
        // Tag and length of the discretionary data object count as part of the answer asked for.
        let head = if odd { if asked.min(room) < 130 { 2 } else { 4 } } else { 0 };
        let wanted = asked.min(room).saturating_sub(head);
        let data = rest.get(..wanted).unwrap_or(rest);
        self.effort.flash_bytes += data.len() as u64;
        let ends_early = rest.len() < wanted && !matches!(le, 256 | 65_536);
        Response {
            data: if odd { tlv::encode(0x53, data) } else { data.to_vec() },
            status: if ends_early { Status::END_OF_FILE } else { Status::OK },
        }
    }

    fn current_file(&self) -> Result<File, Status> {
        let file = self.current.ok_or(Status::NO_CURRENT_FILE)?;
        // The session may have ended since the file was selected.
        self.find(|found| found == file)
    }
}

/// The offset data object of READ BINARY with odd INS.
fn offset(data: &[u8]) -> Result<u32, Status> {
    let tlv = tlv::only(data, 0x54).map_err(|_| Status::WRONG_DATA)?;
    match tlv.value {
        [] => Err(Status::WRONG_DATA),
        value if value.len() > 4 => Err(Status::WRONG_OFFSET),
        value => Ok(value.iter().fold(0, |offset, byte| offset << 8 | u32::from(*byte))),
    }
}
