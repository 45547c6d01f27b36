//! What an operator sees of the server: one line of JSON a request, counts and times for Prometheus.
//!
//! Invariant: route templates, statuses and times; never an address as it was asked, a field or a name.

use crate::request::route;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Upper bounds of the times counted, in milliseconds.
const BOUNDS_MS: [u64; 9] = [1, 5, 10, 20, 50, 100, 250, 1_000, 5_000];

/// Where requests are written down.
pub struct Watch {
    counts: Mutex<BTreeMap<(String, String, u16), Times>>,
    log: Box<dyn Fn(&str) + Send + Sync>,
    clock: Box<dyn Fn() -> u64 + Send + Sync>,
}

#[derive(Clone, Default)]
struct Times {
    count: u64,
    sum_us: u64,
    within: [u64; BOUNDS_MS.len()],
}

impl Watch {
    /// `log` takes one line; `clock` gives microseconds that only ever grow.
    #[must_use]
    pub fn new(log: Box<dyn Fn(&str) + Send + Sync>, clock: Box<dyn Fn() -> u64 + Send + Sync>) -> Watch {
        Watch { counts: Mutex::default(), log, clock }
    }

    /// Microseconds, for measuring.
    #[must_use]
    pub fn now_us(&self) -> u64 {
        (self.clock)()
    }

    /// Writes a request down.
    pub fn record(&self, method: &str, route: &str, status: u16, us: u64) {
        let line =
            serde_json::json!({ "kind": "request", "method": method, "route": route, "status": status, "us": us });
        (self.log)(&line.to_string());
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let times = counts.entry((method.to_owned(), route.to_owned(), status)).or_default();
        times.count += 1;
        times.sum_us += us;
        for (bound, within) in BOUNDS_MS.iter().zip(&mut times.within) {
            *within += u64::from(us <= bound * 1_000);
        }
    }

    /// Writes down what failed here. A fault names tables, files and ids, and nobody.
    pub fn fault(&self, route: &str, fault: &ports::Fault) {
        let line =
            serde_json::json!({ "kind": "fault", "route": route, "code": fault.code(), "detail": fault.to_string() });
        (self.log)(&line.to_string());
    }

    /// The counts in Prometheus' text format.
    #[must_use]
    pub fn metrics(&self) -> String {
        let mut text = String::from("# TYPE vandan_request_seconds histogram\n");
        for ((method, route, status), times) in self.counts.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            for (bound, within) in BOUNDS_MS.iter().zip(times.within) {
                let seconds = *bound as f64 / 1_000.0;
                let _ = writeln!(text, "vandan_request_seconds_bucket{{{labels},le=\"{seconds}\"}} {within}");
            }
            let _ = writeln!(text, "vandan_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}", times.count);
            let _ = writeln!(text, "vandan_request_seconds_sum{{{labels}}} {}", times.sum_us as f64 / 1e6);
            let _ = writeln!(text, "vandan_request_seconds_count{{{labels}}} {}", times.count);
        }
        text
    }
}

/// Has every request to the app written down.
pub fn watched(app: Router, watch: &Arc<Watch>) -> Router {
    app.layer(from_fn_with_state(Arc::clone(watch), write_down))
}

async fn write_down(State(watch): State<Arc<Watch>>, request: Request, next: Next) -> Response {
    // A method that nobody knows may be any text; only known ones are named.
    let known = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    let method = known.iter().find(|method| *method == request.method()).map_or("other", Method::as_str);
    let route = route(&request);
    let begun = watch.now_us();
    let response = next.run(request).await;
    if let Some(fault) = response.extensions().get::<ports::Fault>() {
        watch.fault(&route, fault);
    }
    watch.record(method, &route, response.status().as_u16(), watch.now_us().saturating_sub(begun));
    response
}
