//! A small register in which the services have written every kind of event that a big one consists of: two imports, one
//! withdrawn, applications with prints, cards, people looked up. What [`super::crowd`] multiplies.

use super::files;
use crate::command::{application, batch, demo, import, load};
use crate::home::Home;
use crate::installation::{Installation, of_services};
use crate::machine::SetClock;
use crate::output::{Failure, Output};
use ids::ImportId;
use register::heading::Mapping;
use services::Command;
use services::import::Input;
use services::officer::Officer;
use services::person::{Reader, show};
use std::path::Path;
use time::Instant;

/// The days that it takes.
pub(super) const DAYS: i32 = 4;

const DAY_US: i64 = 86_400_000_000;

/// Makes it in an empty folder, as large as fits among so many events. The clock goes on to the day after.
pub(super) fn installation(
    folder: &Path,
    clock: &SetClock,
    events: u64,
    out: &mut Output,
) -> Result<Installation, Failure> {
    let failure = |error: services::Error| of_services(&error);
    let persons = (events / 20).clamp(200, 2_000) as usize;
    let applications = (events / 1_000).clamp(2, 12) as usize;
    let installation = Installation::init_at(folder, &Home::Folder, Box::new(clock.clone()))?;
    let book = &installation.book;
    let operator = Officer::operator();
    let (units, inputs, _) = files(50_000);
    services::unit::import(book, &Command::by(&operator), &units).map_err(failure)?;
    // One half, then the other, then the last office's, which it sent by mistake.
    let mut first = cut(inputs, persons);
    let mistake = first.split_off(first.len() - first.len().min(1));
    let second = first.split_off(first.len() / 2);
    let mut take_in = |files| import::persons(&installation, &operator, files, &Mapping::default(), out);
    take_in(first)?;
    tomorrow(clock);
    take_in(second)?;
    let wrong = take_in(mistake)?;
    if let Some(wrong) = ImportId::parse(&wrong.import) {
        services::import::withdraw(book, &Command::by(&operator), wrong).map_err(failure)?;
    }
    tomorrow(clock);
    let enroller = demo::account(&installation, "thu.nhan", "enroller")?;
    let approver = Command::by(&demo::account(&installation, "phe.duyet", "approver")?);
    let personaliser = Command::by(&demo::account(&installation, "san.xuat", "personaliser")?);
    for packet in load::staff::packets(&installation, &enroller, applications)? {
        services::application::receive(book, &Command::by(&enroller), &packet).map_err(failure)?;
    }
    application::check(&installation, &Command::by(&enroller), out)?;
    let new = services::batch::new(book, &personaliser, applications).map_err(failure)?;
    if let Some(id) = new.batch {
        services::batch::approve(book, &approver, id).map_err(failure)?;
        batch::personalise(&installation, &personaliser, id, &folder.join("cards"), false, out)?;
    }
    let number = services::person::invite(book, &operator, 1).map_err(failure)?.pop().unwrap_or_default();
    let reader = Reader { actor: operator.actor("request"), unit: String::new() };
    show(book, &reader, &number).map_err(failure)?;
    tomorrow(clock);
    Ok(installation)
}

fn tomorrow(clock: &SetClock) {
    clock.set(Instant(ports::machine::Clock::now(clock).0 + DAY_US));
}

/// The first rows of each file, so many in all.
fn cut(inputs: Vec<Input>, rows: usize) -> Vec<Input> {
    let each = rows.div_ceil(inputs.len().max(1)) + 1;
    let head = |input: Input| {
        let bytes = input.bytes.split_inclusive(|byte| *byte == b'\n').take(each).flatten().copied().collect();
        Input { bytes, ..input }
    };
    inputs.into_iter().map(head).collect()
}
