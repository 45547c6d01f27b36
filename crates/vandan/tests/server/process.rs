//! A server of a test's own, and what is asked of it over a socket.

use crate::common::{self, json, session, text, vandan};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

/// A server on a port of its own choice; it is ended with the value.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// The code of a problem.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["status"], self.status);
        problem["code"].as_str().unwrap().to_owned()
    }
}

impl Server {
    pub(crate) fn start(data: &Path, settings: &[&str]) -> Server {
        let log = data.join("serve.log");
        let mut child = vandan()
            .args(["serve", "--data", text(data), "--listen", "127.0.0.1:0", "--json"])
            .args(settings)
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = said["address"].as_str().unwrap().trim_start_matches("http://").trim_end_matches('/').to_owned();
        Server { child, address: address.parse().unwrap(), log }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Asks with these headers and this body.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        answer(&mut stream)
    }

    /// Sends a form of a page.
    pub(crate) fn form(&self, token: &str, path: &str, body: &str) -> Answer {
        let cookie = format!("vandan-session={token}; vandan-language=en");
        let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", cookie.as_str())];
        self.ask("POST", path, &headers, body)
    }

    /// Opens a page.
    pub(crate) fn page(&self, token: &str, path: &str) -> Answer {
        self.ask("GET", path, &[("Cookie", &format!("vandan-session={token}; vandan-language=en"))], "")
    }

    /// Asks an operation of the API.
    pub(crate) fn operation(&self, token: &str, method: &str, path: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("Content-Type", "application/json"), ("Authorization", bearer.as_str())];
        self.ask(method, &format!("/api/v1{path}"), &headers, body)
    }

    /// Sends bytes of a kind to a page.
    pub(crate) fn send(&self, token: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        self.bytes(path, &format!("Cookie: vandan-session={token}; vandan-language=en"), kind, body)
    }

    /// Sends a packet to an operation.
    pub(crate) fn packet(&self, token: &str, path: &str, body: &[u8]) -> Answer {
        self.bytes(path, &format!("Authorization: Bearer {token}"), "application/octet-stream", body)
    }

    /// Sends a file to an operation.
    pub(crate) fn file(&self, token: &str, path: &str, name: &str, bytes: &[u8]) -> Answer {
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n");
        let body = [head.as_bytes(), bytes, b"\r\n--edge--\r\n"].concat();
        self.bytes(path, &format!("Authorization: Bearer {token}"), "multipart/form-data; boundary=edge", &body)
    }

    fn bytes(&self, path: &str, who: &str, kind: &str, body: &[u8]) -> Answer {
        let mut stream = self.connect();
        let (address, length) = (self.address, body.len());
        write!(stream, "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{who}\r\n").unwrap();
        write!(stream, "Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n").unwrap();
        stream.write_all(body).unwrap();
        answer(&mut stream)
    }

    /// The most memory that the server has held, in MiB.
    pub(crate) fn memory_max_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
    }

    /// Everything written to standard error so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads an answer to its end; a connection that is closed without one gives status 0.
pub(crate) fn answer(stream: &mut TcpStream) -> Answer {
    let (mut bytes, mut piece) = (Vec::new(), [0; 65_536]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(length) => bytes.extend_from_slice(&piece[..length]),
        }
        // An answer with a length ends there, also where the connection stays.
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if length.is_some_and(|length: usize| body.len() >= length) {
                break;
            }
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// An officer with a role who is signed in: the session's token.
pub(crate) fn officer(data: &Path, name: &str, role: &str, unit: &str) -> String {
    let made = json(&["officer", "add", name, "--role", role, "--unit", unit, "--data", text(data)], 0);
    session(data, name, made["one_time_code"].as_str().unwrap())
}

/// An installation with nobody in it.
pub(crate) fn empty(folder: &common::Folder) -> PathBuf {
    let data = folder.join("data");
    json(&["init", "--data", text(&data)], 0);
    data
}
