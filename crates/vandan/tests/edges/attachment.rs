//! Files of difficulties, by pages and operations: what is no such file is refused and leaves nothing; who sees the record opens
//! it, with an event; what was withdrawn opens for nobody.

use crate::place::{Place, ask, call, hidden, kinds, session, session_as, two_provinces};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;
use services::Command;
use services::officer::{self, Officer};
use services::programme::FILE_BYTES_MAX;
use tower::ServiceExt;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n";

/// A form of files, and what a form of the console holds beside them.
fn form(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    let mut part = |head: String, content: &[u8]| {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; {head}\r\n\r\n").into_bytes());
        body.extend([content, b"\r\n"].concat());
    };
    for (name, value) in fields {
        part(format!("name=\"{name}\""), value.as_bytes());
    }
    for (name, bytes) in files {
        part(format!("name=\"files\"; filename=\"{name}\""), bytes);
    }
    body.extend(b"--edge--\r\n");
    body
}

fn answer(place: &Place, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let response = place.app.clone().oneshot(request).await.unwrap();
        let (status, head) = (response.status(), response.headers().clone());
        (status, head, axum::body::to_bytes(response.into_body(), 32 << 20).await.unwrap().into())
    })
}

/// Sends files by the page of a record.
fn send(place: &Place, token: &str, at: &str, key: &str, files: &[(&str, &[u8])]) -> (StatusCode, String) {
    let body = form(&[("key", key)], files);
    let request = Request::builder()
        .method("POST")
        .uri(format!("{at}/files"))
        .header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header(header::CONTENT_LENGTH, body.len());
    let (status, _, said) = answer(place, request.body(Body::from(body)).unwrap());
    (status, String::from_utf8_lossy(&said).into_owned())
}

/// The same by the operation.
fn post(
    place: &Place,
    token: &str,
    record: &str,
    key: &str,
    length: Option<usize>,
    body: Vec<u8>,
) -> (StatusCode, Value) {
    let request = Request::builder()
        .method("POST")
        .uri(format!("/api/v1/records/{record}/files"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header("Idempotency-Key", key)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header(header::CONTENT_LENGTH, length.unwrap_or(body.len()));
    let (status, _, said) = answer(place, request.body(Body::from(body)).unwrap());
    (status, serde_json::from_slice(&said).unwrap_or_default())
}

fn open(place: &Place, token: &str, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::builder()
        .uri(path)
        .header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    answer(place, request.body(Body::empty()).unwrap())
}

/// A register, the page of a difficulty of the commune `00001`, and three directors: of the commune, of its district, and of
/// another province.
struct Scene {
    place: Place,
    at: String,
    id: String,
    commune: String,
    district: String,
    elsewhere: String,
}

impl Scene {
    fn new(name: &str) -> Scene {
        let place = Place::new(name);
        two_provinces(&place);
        let director = |name: &str, unit: &str| {
            let token = session_as(&place.book, name, "director");
            officer::change(&place.book, &Command::by(&Officer::operator()), name, None, Some(unit)).unwrap();
            token
        };
        let (commune, district) = (director("director.commune", "00001"), director("director.district", "D001"));
        let elsewhere = director("director.elsewhere", "P004");
        let raised = "key=r&act=raise&unit=&title=t&body=b&about=data&severity=low&until=2099-01-01&at=";
        let (status, at) = ask(&place, &commune, "/follow/difficulty", Some(raised));
        assert_eq!(status, StatusCode::SEE_OTHER, "{at}");
        let id = at.rsplit('/').next().unwrap().to_owned();
        Scene { place, at, id, commune, district, elsewhere }
    }

    fn blobs(&self) -> usize {
        self.place.book.home().blobs.list().unwrap().len()
    }

    /// The files of the record, as the operation tells them.
    fn files(&self) -> Vec<Value> {
        let (_, said) = call(&self.place, &self.commune, "GET", &format!("/api/v1/records/{}", self.id), "");
        let shown: Value = serde_json::from_str(&said).unwrap();
        shown["record"]["attachments"].as_array().cloned().unwrap_or_default()
    }
}

#[test]
fn who_sees_the_record_opens_its_files_and_each_look_is_an_event() {
    let scene = Scene::new("attachment");
    let Scene { place, at, id, .. } = &scene;
    let png = include_bytes!("../../../../docs/screens/board.png");
    // Sent by the page with a name that lies; by the operation with another.
    let (status, said) = send(place, &scene.commune, at, "a1", &[("Biên bản <b>.exe", PDF), ("ảnh.png", png)]);
    assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
    let (status, said) = post(place, &scene.district, id, "a2", None, form(&[], &[("n.csv", "Đã xem\n".as_bytes())]));
    assert_eq!((status, &said["version"]), (StatusCode::OK, &Value::from(3)), "{said}");
    let files = scene.files();
    let told: Vec<(&str, &str)> =
        files.iter().map(|one| (one["name"].as_str().unwrap(), one["kind"].as_str().unwrap())).collect();
    assert_eq!(told, [("Biên bản b.pdf", "pdf"), ("ảnh.png", "png"), ("n.txt", "text")]);
    // Each is offered to take back what is theirs to take back.
    for (token, own) in [(&scene.commune, 2), (&scene.district, 3)] {
        let (_, _, page) = open(place, token, at);
        let page = String::from_utf8(page).unwrap();
        assert_eq!(page.matches("value=\"withdraw-file\"").count(), own, "{page}");
    }
    // Nothing lies clear on the disk.
    let stored = place.book.home().blobs.list().unwrap();
    for address in stored {
        let bytes = place.book.home().blobs.get(&address).unwrap().unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"%PDF-" || window == b"\x89PNG\r"));
    }

    let path = |file: usize| format!("{at}/files/{}", files[file]["id"].as_str().unwrap());
    let before = kinds(place).len();
    let (status, head, bytes) = open(place, &scene.district, &path(0));
    assert_eq!((status, bytes.as_slice()), (StatusCode::OK, PDF));
    assert_eq!(head[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(head[header::CONTENT_TYPE], "application/pdf");
    let name = head[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(
        name.starts_with("attachment; ") && name.ends_with("filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n%20b.pdf"),
        "{name}"
    );
    let (status, head, bytes) = open(place, &scene.commune, &format!("/api/v1{}", path(1)));
    assert_eq!((status, bytes.as_slice()), (StatusCode::OK, &png[..]));
    assert_eq!(
        (&head[header::CONTENT_TYPE], &head[header::X_CONTENT_TYPE_OPTIONS]),
        (&"application/octet-stream".parse().unwrap(), &"nosniff".parse().unwrap())
    );
    assert!(head[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment; "));
    assert_eq!(kinds(place)[before..], ["attachment.read", "attachment.read"]);

    // Whoever lies beside sees neither record nor file, by either way, also where a name of a record of theirs stands before it.
    let raised = "key=r2&act=raise&unit=&title=o&body=b&about=data&severity=low&until=2099-01-01&at=";
    let (_, own) = ask(place, &scene.elsewhere, "/follow/difficulty", Some(raised));
    let file = files[0]["id"].as_str().unwrap();
    let before = kinds(place).len();
    for at in [at, &own] {
        for path in [format!("{at}/files/{file}"), format!("/api/v1{at}/files/{file}")] {
            assert_eq!(open(place, &scene.elsewhere, &path).0, StatusCode::NOT_FOUND, "{path}");
        }
    }
    assert_eq!(send(place, &scene.elsewhere, at, "a3", &[("x.pdf", PDF)]).0, StatusCode::NOT_FOUND);
    for unknown in ["0", "01890000-0000-7000-8000-000000000000", "%00"] {
        assert_eq!(open(place, &scene.commune, &format!("{at}/files/{unknown}")).0, StatusCode::NOT_FOUND);
        assert_eq!(open(place, &scene.commune, &format!("/api/v1{at}/files/{unknown}")).0, StatusCode::NOT_FOUND);
        assert_eq!(
            send(place, &scene.commune, &format!("/records/{unknown}"), "a4", &[("x.pdf", PDF)]).0,
            StatusCode::NOT_FOUND
        );
    }
    assert_eq!((kinds(place).len(), scene.blobs()), (before, 3), "nothing was read, nothing is left over");
}

#[test]
fn what_is_no_such_file_is_refused_and_leaves_nothing() {
    let scene = Scene::new("attachment-refused");
    let Scene { place, at, id, .. } = &scene;
    let before = kinds(place).len();
    let large = [PDF, &vec![b' '; FILE_BYTES_MAX - PDF.len() - 5], b"%%EOF\n"].concat();
    assert_eq!(large.len(), FILE_BYTES_MAX + 1);
    let six: Vec<(&str, &[u8])> = vec![("x.pdf", PDF); 6];
    for (files, status, code) in [
        (vec![("x.pdf", b"MZ\x90\x00program".as_slice())], 422, "attachment-kind"),
        (vec![("x.txt", b"<html><script>alert(1)</script>")], 422, "attachment-kind"),
        (vec![("good.pdf", PDF), ("x.png", b"not a picture\x00")], 422, "attachment-kind"),
        (vec![("x.pdf", large.as_slice())], 422, "attachment-large"),
        (six, 422, "attachments-full"),
        (vec![], 422, "attachment-none"),
        (vec![("x.pdf", b"")], 422, "form-malformed"),
    ] {
        let (found, said) = post(place, &scene.commune, id, "b", None, form(&[], &files));
        assert_eq!((found.as_u16(), &said["code"]), (status, &Value::from(code)), "{said}");
        let (found, said) = send(place, &scene.commune, at, "b", &files);
        assert!(found.is_client_error(), "{found} {said}");
    }
    // What says that it is too large is not read; what turns out to be is not kept.
    let (status, said) = post(place, &scene.commune, id, "c", Some(60 << 20), Vec::new());
    assert_eq!((status, &said["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &Value::from("body-large")));
    let over: Vec<(&str, &[u8])> = vec![("x.pdf", large.as_slice()); 6];
    let (status, said) = send(place, &scene.commune, at, "d", &over);
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{said}");
    // Whoever may only look sends nothing.
    let reader = session(&place.book, "reader");
    assert_eq!(send(place, &reader, at, "e", &[("x.pdf", PDF)]).0, StatusCode::FORBIDDEN);
    assert_eq!(post(place, &reader, id, "e", None, form(&[], &[("x.pdf", PDF)])).1["code"], "role-missing");
    let written: Vec<String> =
        kinds(place).into_iter().skip(before).filter(|kind| kind.starts_with("difficulty")).collect();
    assert_eq!((written.len(), scene.blobs(), scene.files().len()), (0, 0, 0), "{written:?}");
}

#[test]
fn the_same_form_twice_adds_files_once_and_withdrawn_ones_open_for_nobody() {
    let scene = Scene::new("attachment-twice");
    let Scene { place, at, id, .. } = &scene;
    for _ in 0..2 {
        assert_eq!(send(place, &scene.commune, at, "f", &[("x.pdf", PDF)]).0, StatusCode::SEE_OTHER);
    }
    for _ in 0..2 {
        assert_eq!(post(place, &scene.commune, id, "g", None, form(&[], &[("y.pdf", PDF)])).0, StatusCode::OK);
    }
    let (status, said) = post(place, &scene.commune, id, "g", None, form(&[], &[("y.pdf", &[PDF, PDF].concat())]));
    assert_eq!(
        (status, &said["code"]),
        (StatusCode::FORBIDDEN, &Value::from("key-reused")),
        "another file under the same key"
    );
    assert_eq!((scene.files().len(), scene.blobs()), (2, 2));
    // Four more are one too many; three fit.
    let three: Vec<(&str, &[u8])> = vec![("z.pdf", PDF); 3];
    assert_eq!(
        post(place, &scene.commune, id, "h", None, form(&[], &[&three[..], &three[..1]].concat())).1["code"],
        "attachments-full"
    );
    assert_eq!(scene.blobs(), 2);
    assert_eq!(send(place, &scene.commune, at, "i", &three).0, StatusCode::SEE_OTHER);

    let file = scene.files()[0]["id"].as_str().unwrap().to_owned();
    let version = |token: &str| hidden(&ask(place, token, at, None).1, "version");
    let withdraw = |token: &str, key: &str| {
        let sent = format!("key={key}&act=withdraw-file&version={}&file={file}", version(token));
        ask(place, token, at, Some(&sent))
    };
    assert_eq!(withdraw(&scene.commune, "j").0, StatusCode::SEE_OTHER);
    let (status, said) = withdraw(&scene.commune, "k");
    assert!(!status.is_redirection() && said.contains("or it was withdrawn"), "{status} {said}");
    for token in [&scene.commune, &scene.district] {
        for path in [format!("{at}/files/{file}"), format!("/api/v1{at}/files/{file}")] {
            assert_eq!(open(place, token, &path).0, StatusCode::NOT_FOUND);
        }
    }
    assert_eq!(scene.blobs(), 4, "its bytes are gone too");
    let (_, page) = ask(place, &scene.commune, at, None);
    assert!(page.contains("withdrawn") && !page.contains(&format!("/files/{file}")), "{page}");
    // The district's own file is not the commune's to withdraw.
    assert_eq!(send(place, &scene.district, at, "l", &[("d.pdf", PDF)]).0, StatusCode::SEE_OTHER);
    let file = scene.files().last().unwrap()["id"].as_str().unwrap().to_owned();
    let sent = format!("key=m&act=withdraw-file&version={}&file={file}", version(&scene.commune));
    let (status, said) = ask(place, &scene.commune, at, Some(&sent));
    assert!(!status.is_redirection() && said.contains("another unit"), "{status} {said}");
}
