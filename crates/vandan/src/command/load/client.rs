//! A browser or a program at the other end: one connection kept open, requests one after the other.

use axum::body::Bytes;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// What is sent.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) kind: &'static str,
    pub(super) body: Bytes,
    /// The command's key, for the API; a form has it in itself.
    pub(super) key: Option<String>,
}

impl Sent {
    pub(super) fn get(path: impl Into<String>) -> Sent {
        Sent { method: Method::GET, path: path.into(), kind: "", body: Bytes::new(), key: None }
    }

    pub(super) fn form(path: impl Into<String>, fields: &[(&str, &str)]) -> Sent {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
        let body = pairs.collect::<Vec<_>>().join("&").into();
        Sent { method: Method::POST, path: path.into(), kind: "application/x-www-form-urlencoded", body, key: None }
    }

    pub(super) fn json(path: impl Into<String>, body: &serde_json::Value) -> Sent {
        let body = body.to_string().into();
        Sent { method: Method::POST, path: path.into(), kind: "application/json", body, key: None }
    }

    pub(super) fn bytes(path: impl Into<String>, body: Vec<u8>) -> Sent {
        Sent { method: Method::POST, path: path.into(), kind: "application/octet-stream", body: body.into(), key: None }
    }

    pub(super) fn keyed(self, key: &str) -> Sent {
        Sent { key: Some(key.to_owned()), ..self }
    }
}

/// A value as it stands in a form or an address.
fn escaped(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(byte as char);
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) text: String,
}

/// The connection of one officer.
pub(super) struct Client {
    address: SocketAddr,
    token: String,
    connection: Option<SendRequest<Full<Bytes>>>,
}

impl Client {
    pub(super) fn new(address: SocketAddr, token: String) -> Client {
        Client { address, token, connection: None }
    }

    /// Sends and waits for the whole answer; none if the connection or the server went away.
    pub(super) async fn send(&mut self, sent: &Sent) -> Option<Answer> {
        let answer = self.try_send(sent).await;
        if answer.is_none() {
            self.connection = None;
        }
        answer
    }

    async fn try_send(&mut self, sent: &Sent) -> Option<Answer> {
        if self.connection.as_ref().is_none_or(SendRequest::is_closed) {
            let stream = TcpStream::connect(self.address).await.ok()?;
            stream.set_nodelay(true).ok()?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
            tokio::spawn(connection);
            self.connection = Some(sender);
        }
        let connection = self.connection.as_mut()?;
        connection.ready().await.ok()?;
        let mut request = Request::builder()
            .method(&sent.method)
            .uri(&sent.path)
            .header(header::HOST, self.address.to_string())
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::COOKIE, format!("vandan-session={}; vandan-language=vi", self.token))
            .header("sec-fetch-site", "same-origin");
        if !sent.kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, sent.kind);
        }
        if let Some(key) = &sent.key {
            request = request.header("idempotency-key", key);
        }
        let answer = connection.send_request(request.body(Full::new(sent.body.clone())).ok()?).await.ok()?;
        let status = answer.status();
        let body = answer.into_body().collect().await.ok()?.to_bytes();
        Some(Answer { status, text: String::from_utf8_lossy(&body).into_owned() })
    }
}
