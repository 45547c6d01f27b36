//! Limits of size, time, number and rate: each is answered as documented, on pages and in the API.

use crate::common::{Folder, installation, json, text};
use crate::process::{Server, answer, empty, officer};
use std::io::Write;
use std::time::{Duration, Instant};

#[test]
fn a_head_that_does_not_come_is_not_waited_for() {
    let folder = Folder::new("slow-head");
    let server = Server::start(&empty(&folder), &["--header-seconds", "1"]);
    let mut stream = server.connect();
    stream.write_all(b"GET /live HTTP/1.1\r\nHost: a\r\nX-Slow: ").unwrap();
    let begun = Instant::now();
    let closed = answer(&mut stream);
    assert!(begun.elapsed() < Duration::from_secs(5), "the connection is closed");
    assert!(matches!(closed.status, 0 | 408), "{closed:?}");
    assert_eq!(server.ask("GET", "/live", &[], "").status, 200, "others are answered");
}

#[test]
fn a_body_that_does_not_come_is_answered_with_408() {
    let folder = Folder::new("slow-body");
    let server = Server::start(&empty(&folder), &["--body-seconds", "1"]);
    let check = |path: &str, kind: &str| {
        let mut stream = server.connect();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\nCookie: vandan-language=en\r\nContent-Length: 60000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let begun = Instant::now();
        // A byte now and then does not help: it buys no second.
        while begun.elapsed() < Duration::from_millis(800) {
            stream.write_all(b"a").unwrap();
            std::thread::sleep(Duration::from_millis(200));
        }
        let answer = answer(&mut stream);
        assert!(begun.elapsed() < Duration::from_secs(5));
        assert_eq!(answer.status, 408, "{path}: {answer:?}");
        answer
    };
    assert_eq!(check("/api/v1/session", "application/json").code(), "body-slow");
    let page = check("/sign-in", "application/x-www-form-urlencoded");
    assert!(page.body.contains("did not arrive completely in time"), "{page:?}");
}

#[test]
fn an_answer_that_takes_too_long_is_a_503_and_the_work_is_done_once() {
    let folder = Folder::new("late");
    let data = empty(&folder);
    let token = officer(&data, "quan.tri", "administrator", "");
    let body = "key=k1&name=moi&role-reader=1&unit=";
    let page = {
        let server = Server::start(&data, &["--request-seconds", "0"]);
        // Nothing is written while another holds the database, however quick the machine is.
        let mut other = rusqlite::Connection::open(data.join("register.sqlite")).unwrap();
        let held = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
        let page = server.form(&token, "/officers", body);
        assert_eq!(page.status, 503, "{page:?}");
        let wrong = r#"{"officer":"quan.tri","password":"wrong","code":"000000"}"#;
        let problem = server.operation("", "POST", "/session", wrong);
        assert_eq!((problem.status, problem.code().as_str()), (503, "answer-late"));
        held.rollback().unwrap();
        page
    };
    assert_eq!(page.header("retry-after"), Some("5"), "{page:?}");
    assert!(page.body.contains("takes too long"), "{page:?}");
    let server = Server::start(&data, &[]);
    let page = server.form(&token, "/officers", body);
    assert_eq!(page.status, 200, "the same command is told what came of it: {page:?}");
    drop(server);
    let listed = json(&["officer", "list", "--data", text(&data)], 0);
    assert_eq!(listed.to_string().matches("\"moi\"").count(), 1, "{listed}");
}

#[test]
fn more_connections_than_allowed_wait() {
    let folder = Folder::new("connections");
    let server = Server::start(&empty(&folder), &["--connections", "2", "--header-seconds", "30"]);
    let held = [server.connect(), server.connect()];
    // Both places are taken once the server has accepted them.
    std::thread::sleep(Duration::from_millis(300));
    let mut third = server.connect();
    third.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
    third.write_all(b"GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
    assert_eq!(answer(&mut third).status, 0, "nobody answers yet");
    drop(held);
    third.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert_eq!(answer(&mut third).status, 200, "its turn has come");
}

#[test]
fn attempts_to_sign_in_are_counted_for_pages_and_operations_together() {
    let folder = Folder::new("attempts");
    let server = Server::start(&empty(&folder), &["--sign-ins-per-minute", "3", "--behind-proxy"]);
    let wrong = r#"{"officer":"nobody","password":"wrong","code":"000000"}"#;
    let operation = |from: &str| {
        let headers = [("Content-Type", "application/json"), ("X-Forwarded-For", from)];
        server.ask("POST", "/api/v1/session", &headers, wrong)
    };
    let page = |path: &str| {
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [kind, ("X-Forwarded-For", "10.0.0.1"), ("Cookie", "vandan-language=en")];
        server.ask("POST", path, &headers, "officer=nobody&password=wrong&code=0&one_time=0")
    };
    assert_eq!(operation("10.0.0.1").status, 403);
    assert_eq!(page("/sign-in").status, 401);
    assert_eq!(page("/accept").status, 422);
    let often = operation("10.0.0.1");
    assert_eq!((often.status, often.code().as_str()), (429, "sign-ins-often"));
    let seconds: u64 = often.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&seconds), "{often:?}");
    let often = page("/sign-in");
    assert_eq!(often.status, 429);
    assert!(often.header("retry-after").is_some() && often.body.contains("Too many attempts"), "{often:?}");
    assert_eq!(operation("10.0.0.2").status, 403, "another address has its own");
    assert_eq!(operation("10.0.0.2, 10.0.0.1").status, 429, "what a client writes before the proxy is not believed");
}

#[test]
fn requests_without_a_session_are_counted_and_those_with_one_are_not() {
    let folder = Folder::new("anonymous");
    let data = empty(&folder);
    let token = officer(&data, "doc", "reader", "");
    let server = Server::start(&data, &["--anonymous-per-minute", "3"]);
    assert_eq!(server.page("forged", "/").status, 303);
    assert_eq!(server.operation("forged", "GET", "/status", "").status, 401);
    assert_eq!(server.ask("GET", "/sign-in", &[], "").status, 200);
    let often = server.operation("forged", "GET", "/status", "");
    assert_eq!((often.status, often.code().as_str()), (429, "requests-often"));
    assert_eq!(server.page("forged", "/").status, 429);
    assert_eq!(server.page(&token, "/").status, 200);
    assert_eq!(server.operation(&token, "GET", "/status", "").status, 200);
    assert_eq!(server.ask("GET", "/live", &[], "").status, 200, "whoever watches is not counted");
    assert!(server.log().contains(r#""route":"/api/v1/status","status":429"#), "{}", server.log());
}

#[test]
fn reads_are_counted_for_pages_and_operations_together() {
    let folder = Folder::new("reads");
    let data = installation(&folder, 30, 7);
    let token = officer(&data, "doc", "reader", "");
    let server = Server::start(&data, &["--reads-per-minute", "2"]);
    let operation = |purpose: &str| {
        let body = format!(r#"{{"text":"nguyen","purpose":"{purpose}"}}"#);
        server.operation(&token, "POST", "/persons/search", &body)
    };
    assert_eq!(operation("request").status, 200);
    assert_eq!(server.form(&token, "/persons", "text=nguyen&purpose=request").status, 200);
    let often = operation("request");
    assert_eq!((often.status, often.code().as_str()), (429, "reads-often"));
    assert!(often.header("retry-after").unwrap().parse::<u64>().unwrap() <= 30, "{often:?}");
    let often = server.form(&token, "/persons", "text=nguyen&purpose=request");
    assert_eq!(often.status, 429);
    assert!(often.header("retry-after").is_some() && often.body.contains("Too many persons"), "{often:?}");
    assert_eq!(operation("correction").status, 200, "another purpose");
    assert_eq!(operation("another").status, 200);
    assert_eq!(operation("a third").status, 429, "made-up purposes read no more than twice as much");
}

#[test]
fn two_of_the_largest_bodies_are_read_at_once_and_a_third_waits() {
    let folder = Folder::new("bodies");
    let data = empty(&folder);
    let token = officer(&data, "thu.thap", "collector", "");
    let server = Server::start(&data, &[]);
    let begin = |length: u64| {
        let mut stream = server.connect();
        let head = format!(
            "POST /collect HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: vandan-session={token}; vandan-language=en\r\n\
             Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n",
            server.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    let large = [begin(256 << 20), begin(256 << 20)];
    std::thread::sleep(Duration::from_millis(500));
    let third = answer(&mut begin(1_000));
    assert_eq!((third.status, third.header("retry-after")), (503, Some("5")), "{third:?}");
    assert!(third.body.contains("Too many large files are being received"), "{third:?}");
    assert_eq!(server.page(&token, "/collect").status, 200, "pages are answered");
    drop(large);
    std::thread::sleep(Duration::from_millis(500));
    let mut small = begin(5);
    small.write_all(b"--b--").unwrap();
    assert_eq!(answer(&mut small).status, 422, "there is room again: nothing was chosen");
}
