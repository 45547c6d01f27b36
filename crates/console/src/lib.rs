//! The console: pages for every officer, in Vietnamese and English, complete without script.
//!
//! Invariant: a page does nothing that a service does not; unit and role are checked there, whatever a page shows.
//! Invariant: every form carries an idempotency key made when it was shown, and the version that was seen, so that a double
//! press and a second editor change nothing unseen.
//! Invariant: no page puts a name or number into an address: people are addressed by id, searches are sent as forms.
//! Not here: listening, and the machine's keys and files ([`Machine`] brings what pages need of them).
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
use axum::response::Response;
use axum::routing::{get, post};
use frame::Refused;
use services::job::{Done, Jobs, Order, Progress};
use services::machine::Machine;
use services::{Book, Desk};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Bytes of a body, where nothing else is said.
const BODY_BYTES_MAX: usize = 64 << 10;
/// Bytes of a file of returns.
const RETURNS_BYTES_MAX: usize = 4 << 20;
/// Bytes of an application's images.
const APPLICATION_BYTES_MAX: usize = 64 << 20;
/// Bytes of the files that are attached to something at once, and of what stands around them.
const FILES_BYTES_MAX: usize = services::programme::FILES_MAX * services::programme::FILE_BYTES_MAX + BODY_BYTES_MAX;
/// Bytes of files to be imported, in one go.
pub(crate) const IMPORT_BYTES_MAX: usize = 256 << 20;

/// Everything that the pages work with.
#[derive(Clone)]
pub struct Console(Arc<State>);

struct State {
    desk: Arc<Desk>,
    /// The document of the API.
    document: serde_json::Value,
    site: Site,
    /// What may be in memory of bodies that are being read, in MiB.
    room: Arc<Semaphore>,
}

impl Console {
    /// The console of a desk; passkeys are made for `site`. `room`: MiB of bodies that may be in memory at once, over all edges.
    #[must_use]
    pub fn new(desk: Arc<Desk>, document: serde_json::Value, site: Site, room: Arc<Semaphore>) -> Console {
        Console(Arc::new(State { desk, document, site, room }))
    }

    /// Takes one read of this officer for a purpose.
    pub(crate) fn take_read(&self, page: &request::Page, purpose: &str) -> Result<(), Refused> {
        Ok(self.0.desk.limits.read(&page.officer, purpose, self.book().now())?)
    }

    pub(crate) fn book(&self) -> &Arc<Book> {
        &self.0.desk.book
    }

    pub(crate) fn machine(&self) -> &dyn Machine {
        &*self.0.desk.machine
    }

    pub(crate) fn jobs(&self) -> &Jobs {
        &self.0.desk.jobs
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

    /// Begins a job of this officer; sends the browser to it.
    pub(crate) fn start(
        &self,
        page: &request::Page,
        order: Order<'_>,
        work: impl FnOnce(&Desk, Progress<'_>) -> Result<Done, services::Error> + Send + 'static,
    ) -> Response {
        let desk = Arc::clone(&self.0.desk);
        match self.jobs().begin(self.book(), &page.officer, order, move |progress| work(&desk, progress)) {
            Ok(id) => page::see(&format!("/jobs/{id}")),
            Err(error) => Refused::from(error).page(&page.look),
        }
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
        account, application, attention, audit, batch, board, case, collect, compare, digest, fingers, health, home,
        honour, job, officer, operations, parts, person, record, report, returns, sign_in, tables, target,
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
        .route("/follow/{kind}", get(record::list).post(record::make))
        .route("/records/{id}", get(record::show).post(record::step))
        .route("/records/{id}/files", post(record::attach).layer(large(FILES_BYTES_MAX)))
        .route("/records/{id}/files/{file}", get(record::file))
        .route("/reports", get(report::list).post(report::freeze))
        .route("/reports/{id}", get(report::show).post(report::file))
        .route("/reports/{id}/file/{form}", get(report::download))
        .route("/reports/{id}/verify", post(report::verify).layer(large(APPLICATION_BYTES_MAX)))
        .route("/board", get(board::show))
        .route("/board/conference", get(board::conference))
        .route("/board/rows", get(board::rows))
        .route("/board/export/{form}", get(page::export::board))
        .route("/honours", get(honour::show))
        .route("/honours/export/{form}", get(honour::file))
        .route("/attention", get(attention::show))
        .route("/digest", get(digest::show))
        .route("/returns", get(returns::list).post(returns::sign))
        .route("/returns/file", post(returns::file).layer(large(RETURNS_BYTES_MAX)))
        .route("/targets", get(target::list).post(target::set))
        .route("/board/compare", get(compare::show))
        .route("/board/compare/export/{form}", get(compare::export))
        .route("/tables/{table}/{form}", get(tables::file))
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
