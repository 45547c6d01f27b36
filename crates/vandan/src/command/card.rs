//! `vandan card`: a virtual card in a reader, reading and verifying a card, and measuring both.
//!
//! Not here: making cards (`vandan batch`). The files below this one hold what is said about an inspection (`report`) and
//! the measurement (`bench`).

mod bench;
mod report;

use crate::machine::{SystemClock, SystemEntropy};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use apdu::Transmit;
use card_app::InProcess;
use eac::Password;
use inspection::{Inspection, Request, inspect};
use lds::{CardImage, File, mrz};
use pki::{Certificate, Time};
use ports::machine::{Clock, Entropy};
use ports::reader::Readers;
use std::fs;
use std::path::{Path, PathBuf};

/// The subcommands.
#[derive(clap::Subcommand)]
pub(crate) enum Card {
    /// A virtual card in a PC/SC virtual reader.
    Emulate {
        card: PathBuf,
        #[arg(long, default_value = "127.0.0.1:35963")]
        vpcd: String,
        #[arg(long, value_enum, default_value_t)]
        interface: Interface,
        #[arg(long)]
        once: bool,
    },
    /// Full read and verification.
    Read(Read),
    /// An in-process full read, measured.
    Bench {
        #[arg(long, default_value_t = 15_000)]
        face_bytes: usize,
        #[arg(long, default_value_t = 20)]
        runs: u32,
    },
}

/// What `card read` reads, and with what.
#[derive(clap::Args)]
pub(crate) struct Read {
    #[arg(long, conflicts_with = "card")]
    reader: Option<String>,
    #[arg(long)]
    card: Option<PathBuf>,
    #[arg(long, required_unless_present = "mrz", conflicts_with = "mrz")]
    can: Option<String>,
    #[arg(long)]
    mrz: Option<String>,
    #[arg(long)]
    csca: Vec<PathBuf>,
    #[arg(long)]
    out: Option<PathBuf>,
    #[arg(long)]
    short_length: bool,
}

/// The kind of reader that the virtual card believes to be in.
#[derive(Clone, Copy, Default, clap::ValueEnum)]
pub(crate) enum Interface {
    #[default]
    Contactless,
    Contact,
}

/// Runs a subcommand.
pub(crate) fn run(command: Card, out: &mut Output) -> Result<(), Failure> {
    match command {
        Card::Emulate { card, vpcd, interface, once } => {
            let interface = match interface {
                Interface::Contactless => vpcd::Interface::Contactless,
                Interface::Contact => vpcd::Interface::Contact,
            };
            emulate(&card, vpcd::Settings { address: vpcd, interface, once }, out)
        }
        Card::Read(read) => run_read(&read, out),
        Card::Bench { face_bytes, runs } => bench::run(face_bytes, runs, out),
    }
}

fn emulate(card: &Path, settings: vpcd::Settings, out: &mut Output) -> Result<(), Failure> {
    let image = load_card(card)?;
    let address = settings.address.clone();
    let served = vpcd::emulate(&image, &settings, &mut random, || {
        out.say(t!("card-emulate-ready"), &[("address", address)]);
    })
    .map_err(|error| Failure::of_code(Exit::Now, error.code(), vec![("detail", error.to_string())]))?;
    out.say(t!("card-emulate-done"), &[("commands", served.commands.to_string())]);
    out.json(&serde_json::json!({ "commands": served.commands, "power_ons": served.power_ons }));
    Ok(())
}

fn run_read(read: &Read, out: &mut Output) -> Result<(), Failure> {
    let password = password(read)?;
    let csca = read.csca.iter().map(|path| load_certificate(path)).collect::<Result<Vec<_>, _>>()?;
    let request = Request { password, csca: &csca, at: now(), extended_length: !read.short_length };
    let (inspection, microseconds) = match &read.card {
        Some(path) => {
            let image = load_card(path)?;
            let mut card = InProcess::insert(&image, random)
                .map_err(|error| Failure::of_code(Exit::Input, error.code(), vec![("file", name(path))]))?;
            timed(&mut card, &request)?
        }
        None => {
            let failed = |error: ports::reader::Error| {
                Failure::of_code(Exit::Now, error.code(), vec![("detail", error.to_string())])
            };
            let readers = reader_pcsc::PcscReaders::open().map_err(failed)?;
            let mut card = readers.connect(read.reader.as_deref().unwrap_or_default()).map_err(failed)?;
            timed(&mut card, &request)?
        }
    };
    if let Some(folder) = &read.out {
        write_files(folder, &inspection)?;
    }
    report::print(&inspection, microseconds, out);
    if inspection.is_refused() { Err(Failure::no(t!("card-read-refused"))) } else { Ok(()) }
}

/// `bench card`: the same as `card bench` with its usual size and number of runs.
pub(crate) fn bench_defaults(out: &mut Output) -> Result<(), Failure> {
    bench::run(15_000, 20, out)
}

/// Reads and verifies a card in a file, as the demonstration's inspector does.
pub(crate) fn read_file(card: &Path, can: &str, csca: &Path, out: &mut Output) -> Result<serde_json::Value, Failure> {
    let csca = [load_certificate(csca)?];
    let request = Request { password: Password::can(can), csca: &csca, at: now(), extended_length: true };
    let mut chip = InProcess::insert(&load_card(card)?, random)
        .map_err(|error| Failure::of_code(Exit::Input, error.code(), vec![("file", name(card))]))?;
    let (inspection, microseconds) = timed(&mut chip, &request)?;
    if !out.json {
        report::print(&inspection, microseconds, out);
    }
    if !inspection.is_genuine() {
        return Err(Failure::new(Exit::No, t!("card-read-refused"), Vec::new()));
    }
    Ok(serde_json::json!({ "genuine": true, "microseconds": microseconds as u64 }))
}

/// Reads and verifies a card in a file, for pages and operations.
pub(crate) fn inspected(card: &Path, can: &str, csca: Certificate) -> Result<Inspection, Failure> {
    let csca = [csca];
    let request = Request { password: Password::can(can), csca: &csca, at: now(), extended_length: true };
    let mut chip = InProcess::insert(&load_card(card)?, random)
        .map_err(|error| Failure::of_code(Exit::Input, error.code(), Vec::new()))?;
    timed(&mut chip, &request).map(|(inspection, _)| inspection)
}

/// Inspects and takes the time from after the connection.
fn timed(card: &mut dyn Transmit, request: &Request<'_>) -> Result<(Inspection, u128), Failure> {
    #[expect(clippy::disallowed_methods, reason = "the time of a read is a result that the caller asked for")]
    let start = std::time::Instant::now();
    let inspection = inspect(card, request, &mut random)
        .map_err(|broken| Failure::of_code(Exit::Now, "card-broken", vec![("detail", broken.0)]))?;
    Ok((inspection, start.elapsed().as_micros()))
}

/// The access number, or the zone: all of it, or the part that access needs.
fn password(read: &Read) -> Result<Password, Failure> {
    if let Some(can) = &read.can {
        if can.is_empty() || !can.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Failure::of_code(Exit::Use, "can-invalid", Vec::new()));
        }
        return Ok(Password::can(can));
    }
    let text = read.mrz.as_deref().unwrap_or_default();
    let zone: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if zone.len() == 24 && zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'<') {
        return Ok(Password::mrz(&zone));
    }
    let information = mrz::Td1::parse(&zone).and_then(|zone| zone.information());
    let information =
        information.map_err(|error| Failure::of_code(Exit::Use, error.code(), vec![("detail", error.to_string())]))?;
    Ok(Password::mrz(&information))
}

/// Larger files are neither cards nor certificates.
const FILE_BYTES_MAX: u64 = 4 << 20;

fn load(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |detail: String| {
        Failure::of_code(Exit::Input, "file-unreadable", vec![("file", name(path)), ("detail", detail)])
    };
    let len = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if len > FILE_BYTES_MAX {
        return Err(unreadable(format!("{len} B")));
    }
    fs::read(path).map_err(|error| unreadable(error.to_string()))
}

fn load_card(path: &Path) -> Result<CardImage, Failure> {
    CardImage::parse(&load(path)?).map_err(|error| {
        let arguments = vec![("file", name(path)), ("detail", error.to_string())];
        let code = if error.code() == "card-image-version" { error.code() } else { "card-image-malformed" };
        Failure::of_code(Exit::Input, code, arguments)
    })
}

fn load_certificate(path: &Path) -> Result<Certificate, Failure> {
    let bytes = load(path)?;
    let der = match std::str::from_utf8(&bytes).ok().filter(|text| text.contains("-----BEGIN CERTIFICATE-----")) {
        Some(text) => {
            use base64::Engine;
            let body: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
            base64::engine::general_purpose::STANDARD.decode(body).unwrap_or_default()
        }
        None => bytes,
    };
    Certificate::parse(&der).map_err(|error| {
        Failure::of_code(Exit::Input, error.code(), vec![("file", name(path)), ("detail", error.to_string())])
    })
}

/// Every file read under its name, and the face as an image.
fn write_files(folder: &Path, inspection: &Inspection) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let arguments = vec![("file", name(folder)), ("detail", error.to_string())];
        Failure::of_code(Exit::Now, "file-unwritable", arguments)
    };
    fs::create_dir_all(folder).map_err(failed)?;
    for (file, bytes) in &inspection.files {
        let name = if *file == File::AtrInfo { "EF.ATR" } else { file.name() };
        fs::write(folder.join(format!("{name}.bin")), bytes).map_err(failed)?;
    }
    if let Some(face) = inspection.face() {
        let ending = if face.image_type == lds::dg2::ImageType::Jpeg { "jpg" } else { "jp2" };
        fs::write(folder.join(format!("face.{ending}")), face.image).map_err(failed)?;
    }
    Ok(())
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// The machine's random bytes.
fn random(bytes: &mut [u8]) {
    SystemEntropy.fill(bytes);
}

/// Now, by the machine's clock.
fn now() -> Time {
    let seconds = SystemClock.now().0.div_euclid(1_000_000).unsigned_abs();
    Time::from_unix(seconds).unwrap_or(Time { date: lds::Date { year: 1970, month: 1, day: 1 }, second: 0 })
}
