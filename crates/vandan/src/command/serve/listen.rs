//! Listening: connections within limits of number and time, until the process is told to stop.

use super::Settings;
use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How long what was begun may take once the process has been told to stop.
const FINISH: Duration = Duration::from_secs(60);
/// How long nothing is accepted after the machine could not give another connection.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves until `stop`; then nothing more is accepted, and what was begun is finished.
pub(super) async fn listen(listener: TcpListener, app: Router, settings: &Settings, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(settings.connections.max(1)));
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        // Whoever comes when all places are taken waits in the operating system's queue.
        let Some(Ok(place)) = unless(stop.as_mut(), Arc::clone(&places).acquire_owned()).await else { break };
        let Some(accepted) = unless(stop.as_mut(), listener.accept()).await else { break };
        let Ok((stream, from)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // An answer goes out when it is written; failing that, it goes out a little later.
        let _ = stream.set_nodelay(true);
        let (service, behind_proxy) = (TowerToHyperService::new(app.clone()), settings.behind_proxy);
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            let from = if behind_proxy { forwarded(request.headers(), from) } else { from };
            request.extensions_mut().insert(ConnectInfo(from));
            service.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(settings.header_seconds))
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks off is its client's affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(FINISH, graceful.shutdown()).await;
}

/// Who asks, as the proxy in front says; what a client wrote itself stands before it and is not looked at.
fn forwarded(headers: &HeaderMap, from: SocketAddr) -> SocketAddr {
    let last = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let address: Option<IpAddr> = last.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
    address.map_or(from, |address| SocketAddr::new(address, 0))
}

/// Does the work unless it is stopped before.
async fn unless<T>(mut stop: Pin<&mut impl Future<Output = ()>>, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    std::future::poll_fn(|context| match stop.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => work.as_mut().poll(context).map(Some),
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_address_is_the_proxys_own_word() {
        let from = SocketAddr::from(([127, 0, 0, 1], 4711));
        let check = |sent: &[&str], expected: &str| {
            let mut headers = HeaderMap::new();
            for value in sent {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }
            assert_eq!(forwarded(&headers, from).ip().to_string(), expected, "{sent:?}");
        };
        check(&[], "127.0.0.1");
        check(&["10.0.0.7"], "10.0.0.7");
        check(&["1.1.1.1, 10.0.0.7"], "10.0.0.7");
        check(&["1.1.1.1", "2001:db8::1"], "2001:db8::1");
        check(&["10.0.0.7, nobody"], "127.0.0.1");
    }
}
