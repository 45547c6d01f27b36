//! `card bench`: an in-process full read, counted, and what it would take on a contactless chip.
//!
//! The estimate uses constants agreed with those who compare it: 9 bit times a byte, 4 ms an APDU, 80 ms an operation on
//! a curve of 256 bits, 20 µs a block of AES, 1 ms per 256 bytes read from flash. It is an estimate, not a promise.

use super::{now, random};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use apdu::{Broken, Transmit};
use card_app::{Effort, InProcess};
use eac::Password;
use inspection::{Request, inspect};
use issuance::{CardHolder, Profile, Signer, assemble};
use lds::{CardImage, Date, mrz::Sex};
use pki::Certificate;
use ports::signer::{Role, Signer as _};
use serde_json::{Value, json};
use signer_soft::{Identity, SoftSigner};

const BIT_TIMES_PER_BYTE: f64 = 9.0;
const SECONDS_PER_APDU: f64 = 0.004;
const SECONDS_PER_EC_OPERATION: f64 = 0.080;
const SECONDS_PER_AES_BLOCK: f64 = 0.000_020;
const SECONDS_PER_FLASH_BYTE: f64 = 0.001 / 256.0;
const KBIT_PER_SECOND: [u32; 3] = [106, 424, 848];

/// What one part of the procedure cost.
#[derive(Clone, Copy, Default)]
struct Cost {
    apdus: u64,
    bytes_out: u64,
    bytes_in: u64,
    nanoseconds: u128,
    effort: Effort,
}

impl Cost {
    fn add(&mut self, other: &Cost) {
        self.apdus += other.apdus;
        self.bytes_out += other.bytes_out;
        self.bytes_in += other.bytes_in;
        self.nanoseconds += other.nanoseconds;
        self.effort.ec_operations += other.effort.ec_operations;
        self.effort.aes_blocks += other.effort.aes_blocks;
        self.effort.flash_bytes += other.effort.flash_bytes;
    }

    fn contactless_s(&self, kbit_per_second: u32) -> f64 {
        let bits = (self.bytes_out + self.bytes_in) as f64 * BIT_TIMES_PER_BYTE;
        bits / (f64::from(kbit_per_second) * 1000.0)
            + self.apdus as f64 * SECONDS_PER_APDU
            + self.effort.ec_operations as f64 * SECONDS_PER_EC_OPERATION
            + self.effort.aes_blocks as f64 * SECONDS_PER_AES_BLOCK
            + self.effort.flash_bytes as f64 * SECONDS_PER_FLASH_BYTE
    }

    fn document(&self) -> Value {
        let contactless: serde_json::Map<String, Value> = KBIT_PER_SECOND
            .into_iter()
            .map(|rate| (rate.to_string(), json!((self.contactless_s(rate) * 1e6).round() / 1e6)))
            .collect();
        json!({
            "apdus": self.apdus,
            "bytes_out": self.bytes_out,
            "bytes_in": self.bytes_in,
            "microseconds": u64::try_from(self.nanoseconds / 1000).unwrap_or(u64::MAX),
            "ec_operations": self.effort.ec_operations,
            "aes_blocks": self.effort.aes_blocks,
            "flash_bytes": self.effort.flash_bytes,
            "contactless_s": contactless,
        })
    }
}

/// A card in this process with a counter at each part of the procedure.
struct Metered<E> {
    card: InProcess<E>,
    stages: Vec<(&'static str, Cost)>,
    since: std::time::Instant,
    effort: Effort,
}

impl<E: eac::Entropy> Metered<E> {
    /// Books time and work since the last call on the current stage.
    fn book(&mut self) {
        let (now, effort) = (instant(), self.card.app.effort());
        if let Some((_, cost)) = self.stages.last_mut() {
            cost.nanoseconds += now.duration_since(self.since).as_nanos();
            cost.effort.ec_operations += effort.ec_operations - self.effort.ec_operations;
            cost.effort.aes_blocks += effort.aes_blocks - self.effort.aes_blocks;
            cost.effort.flash_bytes += effort.flash_bytes - self.effort.flash_bytes;
        }
        (self.since, self.effort) = (now, effort);
    }
}

impl<E: eac::Entropy> Transmit for Metered<E> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Broken> {
        let answer = self.card.transmit(command)?;
        if let Some((_, cost)) = self.stages.last_mut() {
            cost.apdus += 1;
            cost.bytes_out += command.len() as u64;
            cost.bytes_in += answer.len() as u64;
        }
        Ok(answer)
    }

    fn begin(&mut self, stage: &'static str) {
        self.book();
        self.stages.push((stage, Cost::default()));
    }
}

/// Makes a card, reads it `runs` times, and prints the run with the median time.
pub(super) fn run(face_bytes: usize, runs: u32, out: &mut Output) -> Result<(), Failure> {
    let (image, csca) = make_card(face_bytes)?;
    let password = Password::can(&image.secrets.can);
    let request = Request { password, csca: &[csca], at: now(), extended_length: true };
    let mut measured = Vec::new();
    for _ in 0..runs.max(1) {
        let card =
            InProcess::insert(&image, random).map_err(|error| Failure::of_code(Exit::Now, error.code(), Vec::new()))?;
        let mut card = Metered { card, stages: Vec::new(), since: instant(), effort: Effort::default() };
        let inspection = inspect(&mut card, &request, &mut random)
            .map_err(|broken| Failure::of_code(Exit::Now, "card-broken", vec![("detail", broken.0)]))?;
        card.book();
        if !inspection.is_genuine() {
            return Err(Failure::of_code(Exit::Now, "card-not-valid", vec![("detail", format!("{inspection:?}"))]));
        }
        let mut total = Cost::default();
        card.stages.iter().for_each(|(_, cost)| total.add(cost));
        measured.push((total, card.stages));
    }
    measured.sort_by_key(|(total, _)| total.nanoseconds);
    let (total, stages) = measured.swap_remove(measured.len() / 2);
    let arguments = [
        ("apdus", total.apdus.to_string()),
        ("milliseconds", out.language.number(total.nanoseconds as f64 / 1e6, 1)),
        ("seconds", out.language.number(total.contactless_s(848), 2)),
    ];
    out.say(t!("card-bench-done"), &arguments);
    let mut document = total.document();
    document["mechanisms"] = stages
        .iter()
        .map(|(stage, cost)| ((*stage).to_owned(), cost.document()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    document["face_bytes"] = face_bytes.into();
    document["runs"] = runs.into();
    out.json(&document);
    Ok(())
}

/// A card of nobody, made with test keys that are forgotten afterwards.
fn make_card(face_bytes: usize) -> Result<(CardImage, Certificate), Failure> {
    let failed = |code: &str, detail: String| Failure::of_code(Exit::Now, code, vec![("detail", detail)]);
    let now = now();
    let today = now.date;
    let signer = SoftSigner::ephemeral(&Identity::test_keys(), now, &mut random)
        .map_err(|fault| failed(fault.code(), fault.to_string()))?;
    let certificate = |role| signer.certificate(role).map_err(|fault| failed(fault.code(), fault.to_string()));
    let (csca, document_signer) = (certificate(Role::Csca)?, certificate(Role::DocumentSigner)?);
    let holder = CardHolder {
        number: "001099000017".to_owned(),
        full_name: "Nguyễn Văn Mẫu".to_owned(),
        birth: Date { year: 1999, month: 1, day: 1 },
        sex: Sex::Male,
        nationality: "Việt Nam".to_owned(),
        ethnic: "Kinh".to_owned(),
        religion: "Không".to_owned(),
        home_town: "Phúc Xá, Ba Đình, Hà Nội".to_owned(),
        residence: "Số 1, đường Mẫu, Phúc Xá, Ba Đình, Hà Nội".to_owned(),
        features: "Nốt ruồi cách 1 cm trên sau cánh mũi trái".to_owned(),
        issue: today,
        expiry: Some(Date { year: today.year + 15, month: 1, day: 1 }),
        parents: ["Nguyễn Văn Cha".to_owned(), "Trần Thị Mẹ".to_owned()],
        old_number: "012345678".to_owned(),
        face_jpeg: jpeg_of_length(face_bytes),
    };
    let mut sign = |digest: &[u8; 32]| signer.sign(Role::DocumentSigner, digest).map_err(|_| pki::Refused);
    let signer = Signer { certificate: &document_signer, at: now, sign: &mut sign };
    let image = assemble(&holder, &Profile::default(), &mut random, signer)
        .map_err(|error| failed(error.code(), error.to_string()))?;
    Ok((image, csca))
}

/// The headers of a JPEG of 300 by 400 pixels, filled up: only its length matters here.
fn jpeg_of_length(len: usize) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 1, 0x90, 1, 0x2C, 1, 1, 0x11, 0];
    bytes.resize(len.clamp(64, 200_000) - 2, 0);
    bytes.extend_from_slice(&[0xFF, 0xD9]);
    bytes
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn instant() -> std::time::Instant {
    std::time::Instant::now()
}
