//! The officers of a load run: made as people make accounts, each signed in, in units where people live.

use crate::installation::Installation;
use crate::kit::OwnKit;
use crate::output::Failure;
use enrolment::{Application, Capture, Finger};
use ids::{ApplicationId, PersonId};
use rayon::prelude::*;
use register::table::{PERSON, UNIT};
use services::Command;
use services::officer::{self, Officer};
use std::collections::{BTreeMap, BTreeSet};

/// What an officer of the run does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Work {
    /// Searches, opens, enrols, in a commune.
    Ward,
    /// Decides cases, in a province.
    Verifier,
    /// Looks after accounts and lists, for the nation.
    Centre,
}

/// One officer.
pub(super) struct Member {
    pub(super) work: Work,
    pub(super) officer: Officer,
    pub(super) token: String,
}

/// Of twenty officers twelve are in communes, six in provinces, two at the centre.
fn work(at: usize) -> Work {
    match at % 20 {
        0..12 => Work::Ward,
        12..18 => Work::Verifier,
        _ => Work::Centre,
    }
}

/// Communes with people in them, and their provinces.
fn places(installation: &Installation) -> Result<(Vec<String>, Vec<String>), Failure> {
    let communes = installation.book.view(|view| {
        let (mut communes, mut after) = (BTreeSet::new(), None::<journal::Row>);
        loop {
            let rows = view.scan(&PERSON, &[], after.as_deref(), 5_000)?;
            let Some(last) = rows.last() else { return Ok(communes) };
            after = Some(last[..1].to_vec());
            communes.extend(rows.iter().map(|row| row[4].text().to_owned()).filter(|unit| !unit.is_empty()));
        }
    })?;
    let parents: BTreeMap<String, String> = installation.book.view(|view| {
        let rows = view.scan(&UNIT, &[], None, 100_000)?;
        Ok(rows.iter().map(|row| (row[0].text().to_owned(), row[1].text().to_owned())).collect())
    })?;
    let province = |commune: &String| parents.get(parents.get(commune)?).cloned();
    let provinces: BTreeSet<String> = communes.iter().filter_map(province).collect();
    Ok((communes.into_iter().collect(), provinces.into_iter().collect()))
}

/// Makes so many officers. `run` tells those of one run from those of another.
pub(super) fn staff(installation: &Installation, run: i64, officers: usize) -> Result<Vec<Member>, Failure> {
    let (communes, provinces) = places(installation)?;
    let pick = |from: &[String], at: usize| from.get(at * 7919 % from.len().max(1)).cloned().unwrap_or_default();
    (0..officers)
        .into_par_iter()
        .map(|at| {
            let work = work(at);
            let (roles, unit): (&[&str], String) = match work {
                Work::Ward => (&["reader", "enroller"], pick(&communes, at)),
                Work::Verifier => (&["adjudicator"], pick(&provinces, at)),
                Work::Centre => (&["administrator", "reader", "adjudicator", "enroller"], String::new()),
            };
            let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
            member(installation, work, &format!("tai.{run}.{at}"), &roles, &unit)
        })
        .collect()
}

/// People who look at the board: three of four at their province's, the others at the nation's.
pub(super) fn readers(installation: &Installation, run: i64, readers: usize) -> Result<Vec<Member>, Failure> {
    let (_, provinces) = places(installation)?;
    let unit = |at: usize| match at % 4 {
        0 => String::new(),
        _ => provinces.get(at % provinces.len().max(1)).cloned().unwrap_or_default(),
    };
    let member = |at| member(installation, Work::Centre, &format!("xem.{run}.{at}"), &["director".into()], &unit(at));
    (0..readers).into_par_iter().map(member).collect()
}

/// Officers of the nation who read persons.
pub(super) fn writers(installation: &Installation, run: i64, writers: usize) -> Result<Vec<Member>, Failure> {
    let member = |at| member(installation, Work::Centre, &format!("ghi.{run}.{at}"), &["reader".into()], "");
    (0..writers).into_par_iter().map(member).collect()
}

/// The ids of the first persons.
pub(super) fn persons(installation: &Installation, count: usize) -> Result<Vec<String>, Failure> {
    let rows = installation.book.view(|view| Ok(view.scan(&PERSON, &[], None, count)?))?;
    Ok(rows.iter().filter_map(|row| PersonId::from_bytes(row[0].blob())).map(|id| id.to_string()).collect())
}

fn member(
    installation: &Installation,
    work: Work,
    name: &str,
    roles: &[String],
    unit: &str,
) -> Result<Member, Failure> {
    let book = &installation.book;
    let one_time = officer::create(book, &Command::by(&Officer::operator()), name, roles, unit)?;
    let password = format!("mat khau cua {name}");
    let accepted = officer::accept(book, name, &one_time, &password)?;
    let code = officer::code_of(&accepted.second_factor, book.now())?;
    let token = officer::sign_in(book, name, &password, &code)?;
    Ok(Member { work, officer: accepted.officer, token })
}

/// Packets of a kit with ten made-up prints each, for persons who have no application yet.
pub(in crate::command) fn packets(
    installation: &Installation,
    enroller: &Officer,
    count: usize,
) -> Result<Vec<Vec<u8>>, Failure> {
    let invited = services::person::invite(&installation.book, &Officer::operator(), count)?;
    let kit = OwnKit::open(installation, &Officer::operator())?;
    let filled: Vec<Application> = invited
        .into_par_iter()
        .enumerate()
        .map(|(at, number)| Application {
            id: ApplicationId(installation.book.id()),
            number,
            enroller: enroller.actor("").officer,
            captured: installation.book.now(),
            face: sample::face::jpeg(at as u64, 15_000),
            fingers: (1..=10u8).map(|position| finger(at as u64, position)).collect(),
        })
        .collect();
    filled.iter().map(|application| kit.seal(installation, application)).collect()
}

fn finger(seed: u64, position: u8) -> Finger {
    let master = sample::print::master(1_000_000 + seed * 16 + u64::from(position), position);
    Finger { position, capture: Capture::Image { file: sample::print::png(&master.impression(1)), dpi: 500 } }
}
