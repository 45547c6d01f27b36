//! The console: pages for every officer, in Vietnamese and English, complete without script.
//!
//! Invariant: a page does nothing that a service does not; unit and role are checked there, whatever a page shows.
//! Invariant: every form carries an idempotency key made when it was shown, and the version that was seen, so that a double
//! press and a second editor change nothing unseen.
//! Invariant: no page puts a name or number into an address: people are addressed by id, searches are sent as forms.
//! Not here: listening, and the machine's keys and files ([`Outside`] brings what pages need of them).
//! Start reading at [`router`], then `page/home.rs`.

mod assets;
mod body;
mod frame;
mod page;
mod part;
mod records;
mod request;
mod rights;
mod watch;

pub use frame::refusal;
pub use passkey::Site;
pub use records::RECORDS;
pub use rights::{Need, ROUTES, Route};
pub use watch::{Watch, watched};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use enrolment::Application;
use frame::Refused;
use services::application::Received;
use services::batch::{Made, Outcome};
use services::limit::Limits;
use services::{Book, Command};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Bytes of a body, where nothing else is said.
const BODY_BYTES_MAX: usize = 64 << 10;
/// Bytes of an application's images.
const APPLICATION_BYTES_MAX: usize = 64 << 20;
/// Bytes of files to be imported, in one go.
pub(crate) const IMPORT_BYTES_MAX: usize = 256 << 20;

/// What pages need that lies outside the services: this machine's kit and the card centre's signer.
pub trait Outside: Send + Sync {
    /// Takes in an application that was filled in at this machine.
    fn enrol(&self, command: &Command, application: &Application) -> Result<Received, services::Error>;
    /// Makes the cards of a batch.
    fn personalise(
        &self,
        command: &Command,
        batch: ids::BatchId,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Outcome, services::Error>;
    /// The document of the API.
    fn document(&self) -> &serde_json::Value;
    /// Reads a card that was made here, with its access number: each mechanism and its verdict.
    fn read_card(&self, card: ids::CardId, access_number: &str) -> Result<Option<Verdicts>, services::Error>;
}

/// What reading a card found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verdicts {
    /// Each mechanism: the text of its name, `valid`, `invalid` or `unknown`, and the text of the reason.
    pub mechanisms: Vec<(text::Key, &'static str, Option<text::Key>)>,
    /// Every mechanism was found valid.
    pub genuine: bool,
    /// A mechanism was found invalid. Neither: nothing was proven.
    pub refused: bool,
    /// The machine-readable zone, line by line.
    pub zone: Vec<String>,
    /// The face as the chip holds it.
    pub face: Vec<u8>,
}

/// Named again for implementers of [`Outside`].
pub type Card = Made;

/// Everything that the pages work with.
#[derive(Clone)]
pub struct Console(Arc<State>);

struct State {
    book: Arc<Book>,
    outside: Box<dyn Outside>,
    limits: Arc<Limits>,
    jobs: page::job::Jobs,
    site: Site,
    version: &'static str,
    /// What may be in memory of bodies that are being read.
    bodies: Arc<Semaphore>,
}

impl Console {
    /// The console of a register; passkeys are made for `site`. The limits are those of the whole server.
    #[must_use]
    pub fn new(
        book: Arc<Book>,
        outside: Box<dyn Outside>,
        limits: Arc<Limits>,
        site: Site,
        version: &'static str,
    ) -> Console {
        let jobs = page::job::Jobs::default();
        Console(Arc::new(State { book, outside, limits, jobs, site, version, bodies: body::room() }))
    }

    /// Takes one read of this officer for a purpose.
    pub(crate) fn take_read(&self, page: &request::Page, purpose: &str) -> Result<(), Refused> {
        Ok(self.0.limits.read(&page.officer, purpose, self.book().now())?)
    }

    pub(crate) fn book(&self) -> &Arc<Book> {
        &self.0.book
    }

    pub(crate) fn outside(&self) -> &dyn Outside {
        &*self.0.outside
    }

    /// Runs work that waits for disks and locks where it holds up nobody else.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Console) -> Result<T, services::Error> + Send + 'static,
    ) -> Result<T, services::Error> {
        let console = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&console)).await;
        done.unwrap_or(Err(services::Error::Fault(ports::Fault::Locked)))
    }
}

/// Whether script and fonts were built into this program.
#[must_use]
pub fn is_complete() -> bool {
    assets::is_complete()
}

/// All pages.
pub fn router(console: Console) -> Router {
    use page::{
        account, application, audit, batch, case, collect, fingers, health, home, job, officer, operations, parts,
        person, sign_in,
    };
    let declared = |bytes| from_fn_with_state((console.clone(), bytes), body::declared);
    let large = |bytes| (DefaultBodyLimit::max(bytes), declared(bytes));
    Router::new()
        .route("/", get(home::home))
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/sign-in/passkey", post(sign_in::by_passkey))
        .route("/account", get(account::show))
        .route("/account/passkeys", post(account::add))
        .route("/account/passkeys/{id}/remove", post(account::remove))
        .route("/accept", get(sign_in::accept_form).post(sign_in::accept))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/settings", post(sign_in::settings))
        .route("/persons", get(person::search_form).post(person::search))
        .route("/persons/{id}", get(person::purpose).post(person::show))
        .route("/collect", get(collect::list).post(collect::upload).layer(large(IMPORT_BYTES_MAX)))
        .route("/collect/{id}", get(collect::show))
        .route("/collect/{id}/withdraw", post(collect::withdraw))
        .route("/collect/{id}/rows/{file}/{line}", get(collect::row).post(collect::correct))
        .route("/cases", get(case::list))
        .route("/cases/{id}", get(case::show).post(case::decide))
        .route("/applications", get(application::list))
        .route("/applications/new", get(application::form).post(application::enrol).layer(large(APPLICATION_BYTES_MAX)))
        .route("/applications/check", post(application::check))
        .route("/applications/{id}", get(fingers::show))
        .route("/batches", get(batch::list).post(batch::new))
        .route("/batches/{id}", get(batch::show))
        .route("/batches/{id}/approve", post(batch::approve))
        .route("/batches/{id}/personalise", post(batch::personalise))
        .route("/cards/{id}", get(batch::card).post(batch::read_card))
        .route("/audit", get(audit::form).post(audit::proof))
        .route("/audit/events", get(audit::events))
        .route("/officers", get(officer::list).post(officer::create))
        .route("/officers/{name}", get(officer::show).post(officer::change))
        .route("/jobs", get(job::list))
        .route("/jobs/{id}", get(job::show))
        .route("/health", get(health::page))
        .route("/parts", get(parts::page))
        .route("/api", get(operations::page))
        .route("/assets/{name}", get(assets::serve))
        .fallback(page::missing)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(console.clone(), rights::guard))
        .layer(from_fn(request::same_origin))
        .layer(from_fn(frame::headers))
        .with_state(console)
}
