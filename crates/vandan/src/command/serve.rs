//! `serve`: the console on this machine, until it is told to stop.

use crate::installation::{Installation, Place};
use crate::machine::stopwatch;
use crate::output::{Exit, Failure, Output};
use crate::outside::Machine;
use crate::text::t;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::get;
use console::{Console, Site, Watch};
use services::Book;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often the register is counted anew.
const FIGURES: Duration = Duration::from_secs(5);
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
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
}

pub(crate) fn run(command: &Serve, out: &mut Output) -> Result<(), Failure> {
    let installation = Arc::new(Installation::open(&command.place)?);
    serve(&installation, command.listen, command.origin.as_deref(), out)
}

/// Serves until the process is told to stop; everything begun is finished, and a last checkpoint signed.
/// `origin` is where browsers find the pages, if that is not this machine: passkeys are made for it alone.
pub(crate) fn serve(
    installation: &Arc<Installation>,
    listen: SocketAddr,
    origin: Option<&str>,
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
    let origin = origin.map_or_else(|| format!("http://localhost:{}", address.port()), str::to_owned);
    let unusable = || Failure::new(Exit::Use, t!("serve-origin"), vec![("origin", origin.clone())]);
    let site = Site::at(&origin).ok_or_else(unusable)?;
    let begun = stopwatch();
    let log = Box::new(|line: &str| {
        // A log that nobody takes holds up no officer.
        let _ = writeln!(std::io::stderr(), "{line}");
    });
    let watch = Arc::new(Watch::new(log, Box::new(move || begun.elapsed().as_micros() as u64)));
    let machine = Box::new(Machine::open(installation)?);
    let book = Arc::clone(&installation.book);
    let home = format!("{}/", site.origin());
    let pages =
        console::router(Console::new(Arc::clone(&book), machine, Arc::clone(&watch), site, env!("CARGO_PKG_VERSION")));
    let operations = operations(&book, &watch);
    let app = pages.merge(api::router(api::Api::new(Arc::clone(&book), env!("CARGO_PKG_VERSION")))).merge(operations);
    book.warm().map_err(|error| crate::installation::of_services(&error))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    let ticking = Ticking::start(Arc::clone(&book));
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        if !console::is_complete() {
            out.say(t!("serve-incomplete"), &[]);
        }
        out.say(t!("serve-ready"), &[("address", home.clone())]);
        out.json(&serde_json::json!({ "address": format!("http://{address}/"), "origin": home }));
        axum::serve(listener, app).with_graceful_shutdown(told_to_stop()).await
    });
    drop(ticking);
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

/// A thread that signs checkpoints while nobody else does.
struct Ticking(Arc<AtomicBool>, Option<std::thread::JoinHandle<()>>);

impl Ticking {
    fn start(book: Arc<Book>) -> Ticking {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let (mut counted, mut pause) = (stopwatch(), FIGURES);
            while !told.load(Ordering::Relaxed) {
                #[expect(clippy::disallowed_methods, reason = "a checkpoint is signed every so often")]
                std::thread::sleep(TICK);
                // What cannot be signed now is signed the next time.
                let _ = book.tick();
                if counted.elapsed() >= pause {
                    // Counting takes a small part of the time, however long it takes.
                    let begun = stopwatch();
                    let _ = services::status::refresh(&book);
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
