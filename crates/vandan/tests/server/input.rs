//! Bad input: what is sent too large, and names that no name is.

use crate::common::Folder;
use crate::process::{Server, answer, empty, officer};
use std::io::Write;

const MIB: usize = 1 << 20;

/// Sends so many MiB of a file to be imported; gives the answer, or status 0 where none came.
fn upload(server: &Server, token: &str, length: Option<u64>, mib: usize) -> crate::process::Answer {
    let mut stream = server.connect();
    let size = length.map_or("Transfer-Encoding: chunked".to_owned(), |length| format!("Content-Length: {length}"));
    let head = format!(
        "POST /collect HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: vandan-session={token}; vandan-language=en\r\n\
         Content-Type: multipart/form-data; boundary=b\r\n{size}\r\n\r\n",
        server.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    let opening = b"--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"large.csv\"\r\n\r\n";
    let (zeros, chunked) = (vec![b'0'; MIB], length.is_none());
    let mut send = |bytes: &[u8]| -> std::io::Result<()> {
        if chunked {
            write!(stream, "{:x}\r\n", bytes.len())
                .and_then(|()| stream.write_all(bytes))
                .and_then(|()| stream.write_all(b"\r\n"))
        } else {
            stream.write_all(bytes)
        }
    };
    let pieces = [opening.as_slice()].into_iter().chain((0..mib).map(|_| zeros.as_slice()));
    // A server that has refused may listen no more; what it said counts.
    let _ = pieces.map(&mut send).find(Result::is_err);
    answer(&mut stream)
}

#[test]
fn a_file_of_two_gigabytes_is_refused_before_it_is_kept() {
    let folder = Folder::new("large");
    let data = empty(&folder);
    let token = officer(&data, "thu.thap", "collector", "");
    let server = Server::start(&data, &[]);
    assert_eq!(server.page(&token, "/collect").status, 200);
    let before = server.memory_max_mib();
    let refused = upload(&server, &token, Some(2 << 30), 2_048);
    let grown = server.memory_max_mib() - before;
    assert_eq!(refused.status, 413, "{refused:?}");
    assert!(refused.body.contains("Too much was sent at once"), "{refused:?}");
    println!("2 GiB sent, the server grew by {grown} MiB");
    assert!(grown < 32, "{grown} MiB");
}
