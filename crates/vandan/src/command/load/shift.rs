//! One officer's shift: what is next is drawn by chance, the way it is done depends on what was seen before.

use super::client::{Answer, Client, Sent};
use super::staff::{Member, Work};
use axum::http::StatusCode;
use ids::Uuid;
use ports::machine::{Entropy, random};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What was acknowledged: the register must have each of it, once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Done {
    /// A case was decided, by the officer with this number.
    Decided(String, usize),
    /// An account with this name was made.
    Account(String),
    /// An application was received.
    Received(String),
    /// A person was read.
    Read,
}

/// What a run measured.
#[derive(Default)]
pub(super) struct Seen {
    /// Microseconds of each answer, by kind of request.
    pub(super) times: BTreeMap<&'static str, Vec<u32>>,
    pub(super) done: Vec<Done>,
    /// Answers that say no: somebody else was first, too many reads.
    pub(super) refused: BTreeMap<String, u64>,
    /// What must not happen: server errors, connections that broke while nothing was killed.
    pub(super) errors: BTreeMap<String, u64>,
    /// Sent again because the server or the database had been killed.
    pub(super) again: u64,
}

/// What all shifts share.
pub(super) struct Floor {
    pub(super) seen: Mutex<Seen>,
    pub(super) packets: Mutex<Vec<Vec<u8>>>,
    pub(super) over: AtomicBool,
    /// Processes are killed in this run: a broken connection is followed by the same request.
    pub(super) kills: bool,
    pub(super) think_ms: u64,
}

/// Names that everybody searches for.
const COMMON: [&str; 8] =
    ["nguyen van", "tran thi", "le van", "pham thi", "nguyen thi", "hoang van", "vo thi", "dang van"];

/// How long an officer whose server is gone waits before sending again, and how often.
const AGAIN: Duration = Duration::from_millis(50);
const TRIES_MAX: u32 = 2_400;

/// Notes an answer; gives it where it says yes.
fn noted(seen: &mut Seen, kind: &'static str, took: u32, answer: Option<Answer>) -> Option<Answer> {
    let Some(answer) = answer else {
        *seen.errors.entry(format!("{kind}: no answer")).or_default() += 1;
        return None;
    };
    seen.times.entry(kind).or_default().push(took);
    let status = answer.status;
    let no = match status {
        _ if status.is_server_error() => &mut seen.errors,
        _ if status.is_client_error() => &mut seen.refused,
        _ => return Some(answer),
    };
    *no.entry(format!("{kind}: {}", status.as_u16())).or_default() += 1;
    None
}

pub(super) struct Shift {
    pub(super) at: usize,
    pub(super) member: Member,
    pub(super) client: Client,
    pub(super) floor: Arc<Floor>,
    /// Names and persons that were on a page.
    names: VecDeque<String>,
    persons: VecDeque<String>,
    cases: VecDeque<(String, i64)>,
    /// Where each long list goes on.
    deep: BTreeMap<&'static str, String>,
    state: u64,
}

impl Shift {
    pub(super) fn new(at: usize, member: Member, client: Client, floor: Arc<Floor>) -> Shift {
        let (names, persons, cases, deep) = Default::default();
        Shift { at, member, client, floor, names, persons, cases, deep, state: at as u64 + 1 }
    }

    /// Half of the officers sit at the console; the others' machines speak to the API.
    fn at_console(&self) -> bool {
        self.at.is_multiple_of(2)
    }

    /// A number below `below`, from the shift's own seed.
    fn chance(&mut self, below: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % below.max(1)
    }

    pub(super) async fn work(mut self) {
        // Nobody begins at the same moment.
        let first = self.chance(self.floor.think_ms);
        tokio::time::sleep(Duration::from_millis(first)).await;
        while !self.floor.over.load(Ordering::Relaxed) {
            let draw = self.chance(100);
            match (self.member.work, draw) {
                (Work::Ward, 0..45) => self.search().await,
                (Work::Ward, 45..85) => self.open().await,
                (Work::Ward, _) => self.queue("queue").await,
                (Work::Verifier, 0..30) => self.queue("queue").await,
                (Work::Verifier, 30..50) => self.search().await,
                (Work::Verifier, 50..70) => self.open().await,
                (Work::Verifier, _) => self.decide().await,
                (Work::Centre, 0..25) => self.search().await,
                (Work::Centre, 25..65) => self.queue("deep").await,
                (Work::Centre, 65..85) => self.account().await,
                (Work::Centre, 85..95) => self.open().await,
                (Work::Centre, _) => self.enrol().await,
            }
            // Between half and one and a half times the pause.
            let pause = self.floor.think_ms / 2 + self.chance(self.floor.think_ms);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
    }

    /// Sends until there is an answer; notes its time and what it says. None where it was refused or the run is over.
    async fn ask(&mut self, kind: &'static str, sent: Sent) -> Option<Answer> {
        let mut tries = 0;
        loop {
            #[expect(clippy::disallowed_methods, reason = "answers are timed")]
            let begun = Instant::now();
            let answer = self.client.send(&sent).await;
            let took = begun.elapsed().as_micros() as u32;
            let lost = answer.as_ref().is_none_or(|answer| answer.status == StatusCode::SERVICE_UNAVAILABLE);
            if lost && self.floor.kills {
                self.seen(|seen| seen.again += 1);
                tries += 1;
                if tries > TRIES_MAX {
                    return None;
                }
                tokio::time::sleep(AGAIN).await;
                continue;
            }
            return self.seen(|seen| noted(seen, kind, took, answer));
        }
    }

    fn seen<T>(&self, note: impl FnOnce(&mut Seen) -> T) -> T {
        note(&mut self.floor.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, done: Done) {
        self.seen(|seen| seen.done.push(done));
    }

    async fn search(&mut self) {
        let words = match self.chance(3) {
            0 => COMMON[self.chance(COMMON.len() as u64) as usize].to_owned(),
            _ => self.names.pop_front().unwrap_or_else(|| COMMON[self.at % COMMON.len()].to_owned()),
        };
        let sent = if self.at_console() {
            Sent::form("/persons", &[("text", &words), ("purpose", "request")])
        } else {
            Sent::json("/api/v1/persons/search", &serde_json::json!({ "text": words, "purpose": "request" }))
        };
        let Some(answer) = self.ask("search", sent).await else { return };
        let found = if self.at_console() { on_page(&answer.text) } else { in_document(&answer.text) };
        for (person, name) in found.into_iter().take(5) {
            self.persons.push_back(person);
            self.names.push_back(name);
        }
        self.persons.truncate(50);
        self.names.truncate(50);
    }

    async fn open(&mut self) {
        let Some(person) = self.persons.pop_front() else { return self.search().await };
        let sent = if self.at_console() {
            Sent::form(format!("/persons/{person}"), &[("purpose", "request")])
        } else {
            Sent::json(format!("/api/v1/persons/{person}/read"), &serde_json::json!({ "purpose": "request" }))
        };
        if self.ask("open", sent).await.is_some() {
            self.note(Done::Read);
        }
    }

    /// The officer's queue; at the centre page after page of the nation's.
    async fn queue(&mut self, kind: &'static str) {
        let lists: &[&'static str] = match self.member.work {
            Work::Ward => &["/", "/applications", "/api/v1/applications"],
            Work::Verifier => &["/", "/cases", "/api/v1/cases"],
            Work::Centre => &["/cases", "/applications", "/officers", "/api/v1/cases"],
        };
        let list = lists[self.chance(lists.len() as u64) as usize];
        let path = match self.deep.get(list).filter(|_| kind == "deep") {
            Some(after) if list.starts_with("/api") => format!("{list}?after={after}"),
            Some(next) => next.clone(),
            None => list.to_owned(),
        };
        let Some(answer) = self.ask(kind, Sent::get(path)).await else {
            self.deep.remove(list);
            return;
        };
        let next = if list.starts_with("/api") {
            let page: serde_json::Value = serde_json::from_str(&answer.text).unwrap_or_default();
            let items = page["items"].as_array().cloned().unwrap_or_default();
            for item in items.iter().filter(|_| list.ends_with("cases")) {
                let (Some(id), Some(version)) = (item["id"].as_str(), item["version"].as_i64()) else { continue };
                self.cases.push_back((id.to_owned(), version));
            }
            page["next"].as_str().map(str::to_owned)
        } else {
            for id in between(&answer.text, "href=\"/cases/", "\"") {
                self.cases.push_back((id.to_owned(), 1));
            }
            let next = between(&answer.text, "<p class=\"next\"><a class=\"button\" href=\"", "\"").next();
            next.map(|next| next.replace("&amp;", "&"))
        };
        match next {
            Some(next) => drop(self.deep.insert(list, next)),
            None => drop(self.deep.remove(list)),
        }
    }

    async fn decide(&mut self) {
        if self.cases.is_empty() {
            return self.queue("queue").await;
        }
        let pick = self.chance(self.cases.len() as u64) as usize;
        let Some((case, version)) = self.cases.remove(pick) else { return };
        self.cases.truncate(60);
        let (key, version) = (key(), version.to_string());
        let fields =
            [("key", key.as_str()), ("version", &version), ("verdict", "different"), ("reason", "hai người khác nhau")];
        let sent = if self.at_console() {
            Sent::form(format!("/cases/{case}"), &fields)
        } else {
            let body = serde_json::json!({ "verdict": "different", "reason": "hai người khác nhau" });
            Sent::json(format!("/api/v1/cases/{case}/decisions"), &body).keyed(&key)
        };
        if self.ask("submit", sent).await.is_some() {
            self.note(Done::Decided(case, self.at));
        }
    }

    async fn account(&mut self) {
        let number = self.chance(u64::MAX);
        let (key, name) = (key(), format!("moi.{}.{number}", self.at));
        let fields = [("key", key.as_str()), ("name", &name), ("role-reader", "1"), ("unit", "")];
        if self.ask("submit", Sent::form("/officers", &fields)).await.is_some() {
            self.note(Done::Account(name));
        }
    }

    async fn enrol(&mut self) {
        let packet = self.floor.packets.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(packet) = packet else { return };
        let sent = Sent::bytes("/api/v1/applications", packet).keyed(&key());
        let Some(answer) = self.ask("enrol", sent).await else { return };
        let receipt: serde_json::Value = serde_json::from_str(&answer.text).unwrap_or_default();
        self.note(Done::Received(receipt["application"].as_str().unwrap_or_default().to_owned()));
    }
}

/// A command's key.
fn key() -> String {
    let bytes: [u8; 16] = random(&crate::machine::SystemEntropy as &dyn Entropy);
    Uuid(bytes).to_string()
}

/// What stands between two marks, wherever they do.
fn between<'a>(text: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(begin).skip(1).filter_map(move |rest| rest.split_once(end).map(|(found, _)| found))
}

/// The persons of a page of results: id and name.
fn on_page(text: &str) -> Vec<(String, String)> {
    let forms = between(text, "action=\"/persons/", "</form>");
    let person = |form: &str| {
        let (id, rest) = form.split_once('"')?;
        let (name, _) = rest.split_once("class=\"link\">")?.1.split_once('<')?;
        Some((id.to_owned(), name.to_owned()))
    };
    forms.filter_map(person).collect()
}

/// The persons of the API's answer: id and name.
fn in_document(text: &str) -> Vec<(String, String)> {
    let page: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let person =
        |one: &serde_json::Value| Some((one["id"].as_str()?.to_owned(), one["facts"]["name"].as_str()?.to_owned()));
    page["persons"].as_array().map(|all| all.iter().filter_map(person).collect()).unwrap_or_default()
}
