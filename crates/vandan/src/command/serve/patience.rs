//! How long a request may take: its body to arrive, its answer to be made.
//!
//! Invariant: what was begun is not cut off with the answer: the work goes on, and the same command under the same key is told
//! what came of it.

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use http_body::Frame;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use text::t;
use tokio::time::{Instant, Sleep, timeout_at};

/// Bytes of a body that are worth another second.
const BYTES_PER_SECOND: u64 = 16 << 10;
/// When to come again after an answer took too long.
const AGAIN_SECONDS: u64 = 5;

/// How long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Patience {
    /// For a body, and a second more for each [`BYTES_PER_SECOND`] that have come.
    pub(super) body: Duration,
    /// For an answer, after the last byte of the request.
    pub(super) answer: Duration,
}

/// Waits for a request's answer as long as it may take.
pub(super) async fn wait(State(patience): State<Patience>, request: Request, next: Next) -> Response {
    let (path, headers) = (request.uri().path().to_owned(), request.headers().clone());
    let begun = Instant::now();
    let arrived = Arc::new(AtomicU64::new(0));
    let own = Arc::clone(&arrived);
    let request = request.map(|inner| {
        let end = Box::pin(tokio::time::sleep_until(begun + patience.body));
        Body::new(Timed { inner, end, begun, patience: patience.body, received: 0, arrived: own })
    });
    let mut answer = pin!(next.run(request));
    loop {
        let seen = arrived.load(Ordering::Relaxed);
        let end = begun + Duration::from_micros(seen) + patience.answer;
        match timeout_at(end, answer.as_mut()).await {
            Ok(response) => return response,
            // More of the body has come meanwhile: the answer's time begins after it.
            Err(_) if arrived.load(Ordering::Relaxed) > seen => {}
            Err(_) => return late(&path, &headers),
        }
    }
}

fn late(path: &str, headers: &axum::http::HeaderMap) -> Response {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    if path.starts_with("/api/") {
        return api::refusal(status, "answer-late", AGAIN_SECONDS);
    }
    console::refusal(headers, path, status, t!("error-answer-late"), AGAIN_SECONDS)
}

/// A body that has to arrive in time.
struct Timed {
    inner: Body,
    end: Pin<Box<Sleep>>,
    begun: Instant,
    patience: Duration,
    received: u64,
    /// Microseconds from the beginning to the last byte.
    arrived: Arc<AtomicU64>,
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                self.received += frame.data_ref().map_or(0, |data| data.len() as u64);
                let end = self.begun + self.patience + Duration::from_secs(self.received / BYTES_PER_SECOND);
                self.end.as_mut().reset(end);
                self.arrived.store(self.begun.elapsed().as_micros() as u64, Ordering::Relaxed);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(ended) => Poll::Ready(ended.map(|frame| frame.map_err(Into::into))),
            Poll::Pending => match self.end.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Some(Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))),
                Poll::Pending => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}
