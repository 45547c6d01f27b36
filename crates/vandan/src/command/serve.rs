//! `serve`: the console on this machine, until it is told to stop.

mod listen;
mod patience;

use crate::installation::{Installation, Place};
use crate::machine::stopwatch;
use crate::output::{Exit, Failure, Output};
use crate::outside::ThisMachine;
use crate::text::t;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use console::{Console, Site, Watch};
use patience::Patience;
use services::job::Jobs;
use services::limit::{Limits, Rates};
use services::{Book, Desk};
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;

/// MiB of bodies that may be in memory at once: two of the largest kind, or more that are smaller.
const ROOM_MIB: usize = 512;
/// How often the register is counted anew.
const FIGURES: Duration = Duration::from_secs(5);
/// How often the boards that somebody looks at are made anew.
const BOARDS: Duration = Duration::from_secs(2);
/// How often checkpoints are looked after.
const TICK: Duration = Duration::from_millis(100);

#[derive(clap::Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    // One process plays every part; the others of the contract come with their own database rights.
    #[arg(long, value_name = "ROLE", default_value = "all", value_parser = ["all"])]
    role: String,
    #[command(flatten)]
    settings: Settings,
}

/// What is allowed of number, time and rate.
#[derive(clap::Args, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Settings {
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 512)]
    connections: usize,
    #[arg(long, value_name = "N", default_value_t = 10)]
    header_seconds: u64,
    #[arg(long, value_name = "N", default_value_t = 15)]
    body_seconds: u64,
    #[arg(long, value_name = "N", default_value_t = 60)]
    request_seconds: u64,
    #[arg(long, value_name = "N", default_value_t = Rates::default().reads)]
    reads_per_minute: u32,
    #[arg(long, value_name = "N", default_value_t = Rates::default().sign_ins)]
    sign_ins_per_minute: u32,
    #[arg(long, value_name = "N", default_value_t = Rates::default().anonymous)]
    anonymous_per_minute: u32,
    #[arg(long)]
    behind_proxy: bool,
}

impl Settings {
    /// What holds where nothing else is said.
    pub(crate) fn usual() -> Settings {
        let Rates { reads, sign_ins, anonymous } = Rates::default();
        Settings {
            origin: None,
            connections: 512,
            header_seconds: 10,
            body_seconds: 15,
            request_seconds: 60,
            reads_per_minute: reads,
            sign_ins_per_minute: sign_ins,
            anonymous_per_minute: anonymous,
            behind_proxy: false,
        }
    }
}

pub(crate) fn run(command: &Serve, out: &mut Output) -> Result<(), Failure> {
    let installation = Arc::new(Installation::open(&command.place)?);
    serve(&installation, command.listen, &command.settings, out)
}

/// Serves until the process is told to stop; everything begun is finished, and a last checkpoint signed.
pub(crate) fn serve(
    installation: &Arc<Installation>,
    listen: SocketAddr,
    settings: &Settings,
    out: &mut Output,
) -> Result<(), Failure> {
    if !listen.ip().is_loopback() {
        // What leaves the machine is encrypted; that wire is not built yet.
        return Err(Failure::new(Exit::Use, t!("serve-loopback"), vec![("address", listen.to_string())]));
    }
    let failed = |error: std::io::Error| {
        Failure::new(
            Exit::Now,
            t!("serve-failed"),
            vec![("address", listen.to_string()), ("detail", error.kind().to_string())],
        )
    };
    let listener = std::net::TcpListener::bind(listen).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let origin = settings.origin.clone().unwrap_or_else(|| format!("http://localhost:{}", address.port()));
    let unusable = || Failure::new(Exit::Use, t!("serve-origin"), vec![("origin", origin.clone())]);
    let site = Site::at(&origin).ok_or_else(unusable)?;
    // Rules that cannot be read are said before the first morning on which somebody misses them.
    crate::rulebook::read(installation.folder.path())?;
    let begun = stopwatch();
    let log = Box::new(|line: &str| {
        // A log that nobody takes holds up no officer.
        let _ = writeln!(std::io::stderr(), "{line}");
    });
    let watch = Arc::new(Watch::new(log, Box::new(move || begun.elapsed().as_micros() as u64)));
    let book = Arc::clone(&installation.book);
    let noted = Arc::clone(&watch);
    let desk = Arc::new(Desk {
        book: Arc::clone(&book),
        machine: Box::new(ThisMachine::open(installation)?),
        limits: Limits::new(Rates {
            reads: settings.reads_per_minute,
            sign_ins: settings.sign_ins_per_minute,
            anonymous: settings.anonymous_per_minute,
        }),
        jobs: Jobs::new(Box::new(move |kind, fault| noted.fault(&format!("job {kind}"), fault))),
        version: env!("CARGO_PKG_VERSION"),
    });
    let patience = Patience {
        body: Duration::from_secs(settings.body_seconds),
        answer: Duration::from_secs(settings.request_seconds),
    };
    let room = Arc::new(Semaphore::new(ROOM_MIB));
    let home = format!("{}/", site.origin());
    let jobs = Arc::clone(&desk);
    let console = Console::new(Arc::clone(&desk), api::document(), site, Arc::clone(&room));
    let app = console::router(console).merge(api::router(api::Api::new(desk, room)));
    let app = console::watched(app.layer(from_fn_with_state(patience, patience::wait)), &watch);
    let app = app.merge(operations(&book, &watch));
    book.will_warm();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    let ticking = Ticking::start(Arc::clone(&book), Arc::clone(&watch));
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        if !console::is_complete() {
            out.say(t!("serve-incomplete"), &[]);
        }
        out.say(t!("serve-ready"), &[("address", home.clone())]);
        out.json(&serde_json::json!({ "address": format!("http://{address}/"), "origin": home }));
        listen::listen(listener, app, settings, told_to_stop()).await;
        Ok(())
    });
    drop(ticking);
    jobs.jobs.close(Duration::from_secs(60));
    runtime.shutdown_timeout(Duration::from_secs(60));
    served.map_err(failed)?;
    installation.book.checkpoint(false).map(drop).map_err(|error| crate::installation::of_services(&error))
}

/// For whoever watches the process: alive, ready, counted.
fn operations(book: &Arc<Book>, watch: &Arc<Watch>) -> Router {
    let (book, watch) = (Arc::clone(book), Arc::clone(watch));
    let ready = move || {
        let book = Arc::clone(&book);
        async move {
            let looked = tokio::task::spawn_blocking(move || book.view(|view| Ok(view.event_count()?))).await;
            match looked {
                Ok(Ok(_)) => (StatusCode::OK, "ready\n"),
                _ => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
            }
        }
    };
    let metrics = move || async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], watch.metrics()) };
    Router::new()
        .route("/live", get(|| async { "alive\n" }))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
}

async fn told_to_stop() {
    let interrupted = async {
        // Without a way to hear of it the process is ended from outside, which loses nothing either.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    let (mut interrupted, mut terminated) = (std::pin::pin!(interrupted), std::pin::pin!(terminated));
    std::future::poll_fn(|context| {
        let one = interrupted.as_mut().poll(context);
        if one.is_ready() { one } else { terminated.as_mut().poll(context) }
    })
    .await;
}

/// A thread that signs checkpoints while nobody else does, counts, and passes on what nobody answered in time.
struct Ticking(Arc<AtomicBool>, Option<std::thread::JoinHandle<()>>);

impl Ticking {
    fn start(book: Arc<Book>, watch: Arc<Watch>) -> Ticking {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            // What cannot be made ready now is made when it is wanted.
            let _ = book.warm();
            book.will_tick();
            if let Err(services::Error::Fault(fault)) = services::programme::relist(&book) {
                watch.fault("records", &fault);
            }
            let (mut counted, mut pause) = (stopwatch(), FIGURES);
            let (mut shown, mut rest) = (stopwatch(), BOARDS);
            while !told.load(Ordering::Relaxed) {
                #[expect(clippy::disallowed_methods, reason = "a checkpoint is signed every so often")]
                std::thread::sleep(TICK);
                // What cannot be signed now is signed the next time.
                let _ = book.tick();
                if shown.elapsed() >= rest {
                    let begun = stopwatch();
                    let _ = services::programme::refresh(&book);
                    (shown, rest) = (stopwatch(), BOARDS.max(5 * begun.elapsed()));
                }
                if counted.elapsed() >= pause {
                    // Counting takes a small part of the time, however long it takes.
                    let begun = stopwatch();
                    let _ = services::status::refresh(&book);
                    // A copy of the counters saves the next start the counting.
                    let _ = services::programme::keep(&book);
                    if let Err(services::Error::Fault(fault)) = services::programme::escalate(&book) {
                        watch.fault("escalation", &fault);
                    }
                    (counted, pause) = (stopwatch(), FIGURES.max(50 * begun.elapsed()));
                }
            }
        });
        Ticking(stop, Some(thread))
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
        if let Some(thread) = self.1.take() {
            let _ = thread.join();
        }
    }
}
