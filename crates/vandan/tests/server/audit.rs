//! What each route and operation records: asked as an officer who may, the events in the feed are exactly those declared.

use crate::common::{Folder, json, text};
use crate::device::{BASE64, Device, Engine, challenge};
use crate::process::{Answer, Server, officer};
use services::audit::Records;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ROLES: [&str; 10] = [
    "administrator",
    "collector",
    "reader",
    "enroller",
    "adjudicator",
    "approver",
    "personaliser",
    "auditor",
    "director",
    "inspector",
];

/// A server over a register with everything in it, and an officer of each role.
struct Scene {
    server: Server,
    sessions: BTreeMap<&'static str, String>,
    sample: PathBuf,
    /// The reader's id, which a passkey brings back.
    reader: Vec<u8>,
    /// What was asked, and the kinds of the events that it left.
    seen: BTreeMap<String, Vec<String>>,
    /// The events that the feed has told of.
    told: Cell<u64>,
    _folder: Folder,
}

impl Scene {
    /// The scene, the number of somebody who has not applied, and a kit's packet of somebody else.
    fn new() -> (Scene, String, Vec<u8>) {
        let folder = Folder::new("audit");
        let demo = folder.join("demo");
        json(&["demo", "--once", "--data", text(&demo), "--persons", "300", "--applications", "12", "--cards", "3"], 0);
        let data = demo.join("register");
        let mut sessions: BTreeMap<&str, String> =
            ROLES.iter().map(|role| (*role, officer(&data, role, role, ""))).collect();
        sessions.insert("adjudicator2", officer(&data, "adjudicator2", "adjudicator", ""));
        sessions.insert("inspector2", officer(&data, "inspector2", "inspector", ""));
        sessions.insert("leaving", officer(&data, "leaving", "reader", ""));
        sessions.insert("leaving2", officer(&data, "leaving2", "reader", ""));
        let (numbers, file, sample) = (numbers(&data), folder.join("packet"), demo.join("sample"));
        let mut line = vec!["application", "new", &numbers[1], "--data", text(&data), "--packet", text(&file)];
        let face = sample.join("faces/11.jpg");
        let missing: Vec<String> = (1..=10).map(|position| format!("{position}=bandaged")).collect();
        line.extend(["--face", text(&face)]);
        missing.iter().for_each(|missing| line.extend(["--missing", missing]));
        line.extend(["--session", &sessions["enroller"]]);
        json(&line, 0);
        let accounts = json(&["officer", "list", "--data", text(&data)], 0);
        let account = accounts.as_array().unwrap().iter().find(|one| one["name"] == "reader").unwrap();
        let reader = ids::Uuid::parse(account["id"].as_str().unwrap()).unwrap().0.to_vec();
        let server = Server::start(&data, &["--reads-per-minute", "1000"]);
        let scene =
            Scene { server, sessions, sample, reader, seen: BTreeMap::new(), told: Cell::new(0), _folder: folder };
        (scene, numbers[0].clone(), std::fs::read(file).unwrap())
    }

    fn token(&self, who: &str) -> &str {
        self.sessions.get(who).map_or("", String::as_str)
    }

    fn get(&self, who: &str, path: &str) -> serde_json::Value {
        let answer = self.server.operation(self.token(who), "GET", path, "");
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        serde_json::from_str(&answer.body).unwrap()
    }

    /// How many events there are: what the feed has not told yet is read to its end.
    fn count(&self) -> u64 {
        loop {
            let feed = self.get("auditor", &format!("/events?from={}&limit=1000", self.told.get()));
            self.told.set(feed["next"].as_u64().unwrap());
            if feed["events"].as_array().unwrap().is_empty() {
                return self.told.get();
            }
        }
    }

    /// Asks, and notes the kinds of the events that are there as soon as the answer is; of a job, those there at its end.
    fn note(&mut self, name: &str, who: &str, ask: impl FnOnce(&Server, &str) -> Answer) -> Answer {
        let before = self.count();
        let answer = ask(&self.server, self.token(who));
        assert!((200..400).contains(&answer.status), "{name} as {who}: {answer:?}");
        match answer.header("location") {
            Some(job) if job.starts_with("/jobs/") => self.wait(who, job),
            Some(job) if job.starts_with("/api/v1/jobs/") => self.await_job(who, job.trim_start_matches("/api/v1")),
            _ => (),
        }
        let feed = self.get("auditor", &format!("/events?from={before}&limit=1000"));
        let kinds = feed["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned());
        assert!(self.seen.insert(name.to_owned(), kinds.collect()).is_none(), "{name} twice");
        answer
    }

    fn wait(&self, who: &str, job: &str) {
        let begun = Instant::now();
        loop {
            let page = self.server.page(self.token(who), job);
            assert_eq!(page.status, 200, "{page:?}");
            if page.header("refresh").is_none() {
                assert!(!page.body.contains("notice bad"), "the job failed: {page:?}");
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn await_job(&self, who: &str, place: &str) {
        let begun = Instant::now();
        loop {
            let job = self.get(who, place);
            if job["state"] != "running" {
                assert_eq!(job["state"], "done", "{job}");
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn page(&mut self, route: &str, who: &str, path: &str) -> Answer {
        self.note(&format!("GET {route}"), who, |server, token| server.page(token, path))
    }

    fn form(&mut self, route: &str, who: &str, path: &str, body: &str) -> Answer {
        self.note(&format!("POST {route}"), who, |server, token| server.form(token, path, body))
    }

    fn operation(&mut self, id: &str, who: &str, method: &str, path: &str, body: &str) -> Answer {
        self.note(id, who, |server, token| {
            let who = format!("Bearer {token}");
            let mut headers = vec![("Content-Type", "application/json"), ("Idempotency-Key", id)];
            headers.extend((!token.is_empty()).then_some(("Authorization", who.as_str())));
            server.ask(method, &format!("/api/v1{path}"), &headers, body)
        })
    }
}

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {text}")).split(after).next().unwrap()
}

fn code_of(secret: &str) -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    services::officer::code_of(secret, time::Instant(since.as_micros() as i64)).unwrap()
}

/// A form with files.
fn multipart(server: &Server, token: &str, path: &str, parts: &[(&str, Option<&str>, Vec<u8>)]) -> Answer {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    server.send(token, path, "multipart/form-data; boundary=edge", &body)
}

/// An application without a finger: nothing that is found can hold it up.
fn application(number: &str, face: &Path) -> Vec<(String, Option<&'static str>, Vec<u8>)> {
    let mut parts = vec![("key".to_owned(), None, b"k-enrol".to_vec()), ("number".to_owned(), None, number.into())];
    parts.push(("face".to_owned(), Some("face.jpg"), std::fs::read(face).unwrap()));
    parts.extend((1..=10).map(|position| (format!("missing-{position}"), None, b"bandaged".to_vec())));
    parts
}

/// Persons with a number who have no application yet, by the last of the sample's files.
fn numbers(data: &Path) -> Vec<String> {
    let found = json(&["person", "find", "tran", "--purpose", "a test", "--data", text(data)], 0);
    let all = found["persons"].as_array().unwrap().iter().filter_map(|one| one["number"].as_str().map(str::to_owned));
    let all: Vec<String> = all.collect();
    assert!(all.len() >= 4, "{found}");
    all
}

fn pages(scene: &mut Scene) {
    for path in ["/sign-in", "/accept", "/parts", "/api"] {
        scene.page(path, "", path);
    }
    scene.page("/assets/{name}", "", "/assets/style.css");
    scene.form("/settings", "", "/settings", "language=en&back=/");
    for (path, who) in [
        ("/", "reader"),
        ("/persons", "reader"),
        ("/collect", "collector"),
        ("/cases", "adjudicator"),
        ("/applications", "enroller"),
        ("/applications/new", "enroller"),
        ("/batches", "approver"),
        ("/audit", "auditor"),
        ("/audit/events", "auditor"),
        ("/officers", "administrator"),
        ("/jobs", "collector"),
        ("/health", "reader"),
        ("/board", "director"),
        ("/board/conference", "inspector"),
        ("/honours", "inspector"),
        ("/attention", "inspector"),
        ("/digest", "director"),
        ("/board/compare", "director"),
    ] {
        scene.page(path, who, path);
    }
    for (id, who, path) in [
        ("list_cases", "adjudicator", "/cases"),
        ("list_applications", "reader", "/applications"),
        ("list_batches", "approver", "/batches"),
        ("feed_events", "auditor", "/events"),
        ("search_events", "auditor", "/events/search?kind=person.read"),
        ("list_jobs", "collector", "/jobs"),
        ("show_account", "reader", "/account"),
        ("show_status", "reader", "/status"),
        ("list_honours", "inspector", "/honours"),
        ("show_attention", "inspector", "/attention"),
        ("show_digest", "director", "/digest"),
    ] {
        scene.operation(id, who, "GET", path, "");
    }
}

fn followed(scene: &mut Scene) {
    scene.page("/board/rows", "director", "/board/rows?measure=entered");
    scene.page("/follow/{kind}", "director", "/follow/difficulty");
    let raised = "key=f1&act=raise&unit=&title=t&body=b&about=data&severity=low&until=2099-01-01&at=";
    let made = scene.form("/follow/{kind}", "director", "/follow/difficulty", raised);
    let place = made.header("location").unwrap().to_owned();
    scene.page("/records/{id}", "director", &place);
    scene.form("/records/{id}", "director", &place, "key=f2&act=answer&decision=d&version=1");
    let record = place.rsplit('/').next().unwrap().to_owned();
    scene.operation("show_board", "director", "GET", "/board?all=true", "");
    scene.operation("list_board_rows", "director", "GET", "/board/rows?measure=entered", "");
    scene.operation("list_records", "director", "GET", "/records?kind=difficulty", "");
    scene.operation("show_record", "director", "GET", &format!("/records/{record}"), "");
    let parts = [("key", None, b"f5".to_vec()), ("files", Some("a.txt"), b"seen".to_vec())];
    let files = format!("{place}/files");
    scene.note("POST /records/{id}/files", "director", |server, token| multipart(server, token, &files, &parts));
    scene.note("attach_files", "director", |server, token| {
        server.file(token, &format!("/api/v1/records/{record}/files"), "b.txt", b"seen")
    });
    let shown = scene.server.page(scene.token("director"), &place);
    let file = between(&shown.body, "/files/", "\"").to_owned();
    scene.page("/records/{id}/files/{file}", "director", &format!("{files}/{file}"));
    scene.operation("read_attachment", "director", "GET", &format!("/records/{record}/files/{file}"), "");
    let sent = format!(r#"{{"act":"close-difficulty","record":"{record}","version":4}}"#);
    scene.operation("act_on_record", "director", "POST", "/records", &sent);
    let sent = r#"{"unit":"","measure":"entered","deadline":"2099-01-01","count":100,"share":true}"#;
    scene.operation("set_target", "inspector", "POST", "/targets", sent);
    scene.note("sign_returns", "director", |server, token| {
        let sheet = "unit,day,measure,count,signer\nP001,2026-01-01,processed,5,a\n";
        let who = format!("Bearer {token}");
        server.ask("POST", "/api/v1/returns", &[("Content-Type", "text/csv"), ("Authorization", &who)], sheet)
    });
    scene.page("/board/export/{form}", "director", "/board/export/xlsx");
    scene.page("/targets", "inspector", "/targets");
    scene.operation("list_targets", "inspector", "GET", "/targets", "");
    let typed = "key=f7&act=set&unit=&measure=entered&deadline=2098-01-01&count=7&basis=&version=0";
    scene.form("/targets", "inspector", "/targets", typed);
    scene.page("/returns", "director", "/returns");
    scene.operation("list_returns", "director", "GET", "/returns", "");
    let typed = "key=f5&unit=P001&day=2026-01-02&measure=entered&count=7&signer=a";
    scene.form("/returns", "director", "/returns", typed);
    let sheet = b"unit,day,measure,count,signer\nP001,2026-01-03,processed,8,a\n".to_vec();
    let parts = [("key", None, b"f6".to_vec()), ("sheet", Some("returns.csv"), sheet)];
    scene.note("POST /returns/file", "director", |server, token| multipart(server, token, "/returns/file", &parts));
    scene.page("/honours/export/{form}", "inspector", "/honours/export/csv");
    scene.page("/board/compare/export/{form}", "director", "/board/compare/export/csv");
    scene.page("/tables/{table}/{form}", "director", "/tables/returns/csv");
    scene.operation("read_table", "director", "GET", "/tables/difficulty/csv", "");
    scene.operation("compare_board", "director", "GET", "/board/comparison?then=true", "");
    scene.page("/reports", "director", "/reports");
    let made = scene.form("/reports", "inspector", "/reports", "key=f3&title=&unit=&as_of=&place=");
    let place = made.header("location").unwrap().to_owned();
    let shown = scene.page("/reports/{id}", "inspector", &place);
    let hash = between(&shown.body, "<code>", "</code>").to_owned();
    let file = scene.page("/reports/{id}/file/{form}", "inspector", &format!("{place}/file/json"));
    let parts = [("copy", Some("copy.json"), file.body.into_bytes())];
    let verify = format!("{place}/verify");
    scene.note("POST /reports/{id}/verify", "inspector", |server, token| multipart(server, token, &verify, &parts));
    scene.operation("list_reports", "inspector", "GET", "/reports", "");
    let report = place.rsplit('/').next().unwrap().to_owned();
    scene.operation("show_report", "inspector", "GET", &format!("/reports/{report}"), "");
    scene.form("/reports/{id}", "inspector2", &place, &format!("key=f4&hash={hash}"));
    let made = scene.operation("freeze_report", "inspector", "POST", "/reports", r#"{"title":"By program"}"#);
    let made: serde_json::Value = serde_json::from_str(&made.body).unwrap();
    let place = format!("/reports/{}", made["id"].as_str().unwrap());
    let file = scene.operation("read_report", "inspector", "GET", &format!("{place}/file/json"), "");
    scene.note("verify_report", "inspector", |server, token| {
        let head = [("Content-Type", "application/octet-stream"), ("Authorization", &format!("Bearer {token}"))];
        let told = server.ask("POST", &format!("/api/v1{place}/verification"), &head, &file.body);
        assert!(told.body.contains("\"same\""), "{}", told.body);
        told
    });
    let step = format!(r#"{{"hash":"{}"}}"#, made["hash"].as_str().unwrap());
    scene.operation("file_report", "inspector2", "POST", &format!("{place}/steps"), &step);
}

fn accounts(scene: &mut Scene) {
    let made = scene.form("/officers", "administrator", "/officers", "key=k1&name=moi&role-reader=1&unit=");
    let one_time = between(&made.body, "<code>", "</code>").to_owned();
    let taken =
        scene.form("/accept", "", "/accept", &format!("officer=moi&one_time={one_time}&password=mat+khau+rat+dai"));
    let code = code_of(between(&taken.body, "<code>", "</code>"));
    scene.form("/sign-in", "", "/sign-in", &format!("officer=moi&password=mat+khau+rat+dai&code={code}"));
    // A code is good once: the operation signs another officer in.
    let token = scene.token("administrator").to_owned();
    let made = scene.server.form(&token, "/officers", "key=k2&name=hai&role-reader=1&unit=");
    let one_time = between(&made.body, "<code>", "</code>");
    let form = format!("officer=hai&one_time={one_time}&password=mat+khau+rat+dai");
    let taken = scene.server.form("", "/accept", &form);
    let code = code_of(between(&taken.body, "<code>", "</code>"));
    let body = format!(r#"{{"officer":"hai","password":"mat khau rat dai","code":"{code}"}}"#);
    scene.operation("sign_in", "", "POST", "/session", &body);
    scene.page("/officers/{name}", "administrator", "/officers/hai");
    scene.form("/officers/{name}", "administrator", "/officers/hai", "key=k3&what=change&role-collector=1&unit=");
    scene.operation("list_officers", "administrator", "GET", "/officers", "");
    scene.operation("show_officer", "administrator", "GET", "/officers/hai", "");
    let sent = r#"{"name":"ba","roles":["reader"],"unit":""}"#;
    let made = scene.operation("make_officer", "administrator", "POST", "/officers", sent);
    let one_time = between(&made.body, "\"one_time_code\":\"", "\"");
    let sent = format!(r#"{{"officer":"ba","one_time_code":"{one_time}","password":"mat khau rat dai"}}"#);
    scene.operation("accept_account", "", "POST", "/account", &sent);
    let sent = r#"{"roles":["reader","collector"]}"#;
    scene.operation("change_officer", "administrator", "PATCH", "/officers/ba", sent);
    scene.operation("close_officer", "administrator", "POST", "/officers/ba/closing", "{}");
    scene.operation("open_officer", "administrator", "POST", "/officers/ba/opening", "{}");
    scene.operation("reset_officer", "administrator", "POST", "/officers/ba/reset", "{}");
    scene.form("/sign-out", "leaving", "/sign-out", "");
    scene.operation("sign_out", "leaving2", "DELETE", "/session", "");
}

/// An officer's own account: a passkey added, used and removed.
fn passkeys(scene: &mut Scene) {
    let origin = format!("http://localhost:{}", scene.server.address.port());
    let mut device = Device::new(b"a");
    let account = scene.page("/account", "reader", "/account");
    let fields = device.create(&challenge(&account.body), &origin);
    scene.form("/account/passkeys", "reader", "/account/passkeys", &format!("key=p1&{fields}"));
    let shown = scene.server.page("", "/sign-in");
    let fields = device.get(&challenge(&shown.body), &origin, &scene.reader);
    scene.form("/sign-in/passkey", "", "/sign-in/passkey", &fields);
    let removed = format!("/account/passkeys/{}/remove", BASE64.encode(device.id));
    scene.form("/account/passkeys/{id}/remove", "reader", &removed, "key=p2");
    // Another, for the operation to remove.
    let device = Device::new(b"b");
    let account = scene.server.page(scene.token("reader"), "/account");
    let fields = device.create(&challenge(&account.body), &origin);
    let added = scene.server.form(scene.token("reader"), "/account/passkeys", &format!("key=p3&{fields}"));
    assert_eq!(added.status, 303, "{added:?}");
    let account = scene.get("reader", "/account");
    let removed = format!("/account/passkeys/{}", account["passkeys"][0]["id"].as_str().unwrap());
    scene.operation("remove_passkey", "reader", "DELETE", &removed, "");
}

fn people(scene: &mut Scene) {
    let sent = r#"{"text":"nguyen van","purpose":"request"}"#;
    let found = scene.operation("search_persons", "reader", "POST", "/persons/search", sent);
    let found: serde_json::Value = serde_json::from_str(&found.body).unwrap();
    let someone = found["persons"].as_array().unwrap().iter().find(|one| one["household"].is_string()).unwrap();
    let (id, number) = (someone["id"].as_str().unwrap().to_owned(), someone["number"].as_str().unwrap().to_owned());
    scene.operation("read_person", "reader", "POST", &format!("/persons/{id}/read"), r#"{"purpose":"request"}"#);
    let household = someone["household"].as_str().unwrap();
    let sent = r#"{"purpose":"request"}"#;
    scene.operation("read_household", "reader", "POST", &format!("/households/{household}/read"), sent);
    let sent = format!(r#"{{"number":"{number}","purpose":"request"}}"#);
    scene.operation("prove_person", "auditor", "POST", "/persons/proof", &sent);
    scene.form("/persons", "reader", "/persons", "text=nguyen&purpose=request");
    scene.page("/persons/{id}", "reader", &format!("/persons/{id}"));
    scene.form("/persons/{id}", "reader", &format!("/persons/{id}"), "purpose=request");
    scene.form("/audit", "auditor", "/audit", &format!("number={number}&purpose=complaint"));
}

fn files(scene: &mut Scene) {
    let file = "rec_id,file_province,full_name,birth_date,sex\nx1,001,Trần Thị Thử,1/2/1980,Nữ\n";
    let parts = [("files", Some("one.csv"), file.as_bytes().to_vec())];
    scene.note("POST /collect", "collector", |server, token| multipart(server, token, "/collect", &parts));
    let jobs = scene.server.page(scene.token("collector"), "/jobs");
    let job = format!("/jobs/{}", between(&jobs.body, "href=\"/jobs/", "\""));
    scene.page("/jobs/{id}", "collector", &job);
    let list = scene.server.page(scene.token("collector"), "/collect");
    let import = format!("/collect/{}", between(&list.body, "href=\"/collect/", "\""));
    let shown = scene.page("/collect/{id}", "collector", &import);
    let imports = scene.operation("list_imports", "collector", "GET", "/imports", "");
    let place = format!("/imports/{}", between(&imports.body, "\"id\":\"", "\""));
    let files = scene.operation("show_import", "collector", "GET", &place, "");
    let rows = format!("{place}/files/{}/rows", between(&files.body, "\"id\":\"", "\""));
    scene.operation("list_rows", "collector", "GET", &rows, "");
    let row = format!("{import}/rows/{}", between(&shown.body, "/rows/", "\""));
    scene.page("/collect/{id}/rows/{file}/{line}", "collector", &row);
    let corrected =
        "key=k4&cell-full_name=Tr%E1%BA%A7n+Th%E1%BB%8B+Ki%E1%BB%83m&full_name=Tr%E1%BA%A7n+Th%E1%BB%8B+Ki%E1%BB%83m";
    scene.form("/collect/{id}/rows/{file}/{line}", "collector", &row, corrected);
    scene.form("/collect/{id}/withdraw", "collector", &format!("{import}/withdraw"), "key=k5");
    let file = file.replace("x1,", "x2,").replace("Thị Thử", "Văn Gửi").replace("1/2/1980,Nữ", "3/4/1981,Nam");
    let sent = scene.note("send_files", "collector", |server, token| {
        server.file(token, "/api/v1/imports", "two.csv", file.as_bytes())
    });
    let job = sent.header("location").unwrap().trim_start_matches("/api/v1").to_owned();
    scene.operation("show_job", "collector", "GET", &job, "");
    let import = scene.get("collector", "/imports")["items"][0]["id"].as_str().unwrap().to_owned();
    let files = scene.get("collector", &format!("/imports/{import}"));
    let row = format!("/imports/{import}/files/{}/rows/2", files["files"][0]["id"].as_str().unwrap());
    scene.operation("read_row", "collector", "POST", &format!("{row}/read"), "");
    let corrected = r#"{"full_name":"Trần Văn Sửa"}"#;
    scene.operation("correct_row", "collector", "POST", &format!("{row}/corrections"), corrected);
    scene.operation("withdraw_import", "collector", "POST", &format!("/imports/{import}/withdrawal"), "");
}

fn cases(scene: &mut Scene) {
    let open = scene.get("adjudicator", "/cases");
    let mut linkage = open["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "linkage");
    let [one, other] = [(); 2].map(|()| linkage.next().unwrap()["id"].as_str().unwrap().to_owned());
    scene.page("/cases/{id}", "adjudicator", &format!("/cases/{one}"));
    scene.form("/cases/{id}", "adjudicator", &format!("/cases/{one}"), "key=k6&verdict=different&reason=a+test");
    scene.operation("read_case", "adjudicator", "POST", &format!("/cases/{other}/read"), "");
    let sent = r#"{"verdict":"different","reason":"a test"}"#;
    scene.operation("decide_case", "adjudicator", "POST", &format!("/cases/{other}/decisions"), sent);
}

fn cards(scene: &mut Scene, number: &str, packet: Vec<u8>) {
    let made = scene.operation("make_batch", "personaliser", "POST", "/batches", "");
    let batch = between(&made.body, "\"batch\":\"", "\"").to_owned();
    scene.operation("show_batch", "approver", "GET", &format!("/batches/{batch}"), "");
    scene.operation("approve_batch", "approver", "POST", &format!("/batches/{batch}/approval"), "{}");
    scene.operation("personalise_batch", "personaliser", "POST", &format!("/batches/{batch}/personalisation"), "{}");
    let shown = scene.get("approver", &format!("/batches/{batch}"));
    let holder = format!("/applications/{}/holder/read", shown["cards"][0]["application"].as_str().unwrap());
    scene.operation("read_holder", "approver", "POST", &holder, "");
    let card = shown["cards"][0]["card"].as_str().unwrap().to_owned();
    let read = scene.operation("read_card", "personaliser", "POST", &format!("/cards/{card}/read"), "");
    assert!(read.body.starts_with(r#"{"verdict":"valid""#), "{read:?}");
    let parts = application(number, &scene.sample.join("faces/11.jpg"));
    let parts: Vec<(&str, Option<&str>, Vec<u8>)> =
        parts.iter().map(|(name, file, bytes)| (name.as_str(), *file, bytes.clone())).collect();
    scene.note("POST /applications/new", "enroller", |server, token| {
        multipart(server, token, "/applications/new", &parts)
    });
    let waiting = scene.get("enroller", "/applications");
    let place = format!("/applications/{}", waiting["items"][0]["id"].as_str().unwrap());
    scene.page("/applications/{id}", "enroller", &place);
    scene.operation("show_application", "enroller", "GET", &place, "");
    scene.form("/applications/check", "enroller", "/applications/check", "key=k7");
    scene
        .note("receive_application", "enroller", |server, token| server.packet(token, "/api/v1/applications", &packet));
    scene.operation("check_applications", "enroller", "POST", "/applications/check", "");
    let open = scene.get("adjudicator", "/cases");
    let case = open["items"].as_array().unwrap().iter().find(|one| one["kind"] == "fingerprint").unwrap();
    let prints = format!("/cases/{}/prints/read", case["id"].as_str().unwrap());
    scene.operation("read_prints", "adjudicator", "POST", &prints, "");
    // Without a finger nobody is told apart by the machine: two officers do it.
    for case in scene.get("adjudicator", "/cases")["items"].as_array().unwrap() {
        if case["kind"] == "fingerprint" {
            let place = format!("/cases/{}/decisions", case["id"].as_str().unwrap());
            for who in ["adjudicator", "adjudicator2"] {
                let sent = r#"{"verdict":"different","reason":"a test"}"#;
                let decided = scene.server.operation(scene.token(who), "POST", &place, sent);
                assert_eq!(decided.status, 200, "{decided:?}");
            }
        }
    }
    scene.form("/batches", "personaliser", "/batches", "key=k8");
    let list = scene.get("approver", "/batches");
    let open = &list["items"][0];
    let place = format!("/batches/{}", open["id"].as_str().unwrap());
    scene.page("/batches/{id}", "approver", &place);
    scene.form("/batches/{id}/approve", "approver", &format!("{place}/approve"), "key=k9");
    scene.form("/batches/{id}/personalise", "personaliser", &format!("{place}/personalise"), "key=k10");
    let shown = scene.get("approver", &place);
    let card = format!("/cards/{}", shown["cards"][0]["card"].as_str().unwrap());
    scene.page("/cards/{id}", "personaliser", &card);
    scene.form("/cards/{id}", "personaliser", &card, "key=k11");
}

#[test]
fn every_route_and_operation_records_what_it_declares() {
    let (mut scene, number, packet) = Scene::new();
    pages(&mut scene);
    followed(&mut scene);
    accounts(&mut scene);
    passkeys(&mut scene);
    people(&mut scene);
    files(&mut scene);
    cases(&mut scene);
    cards(&mut scene, &number, packet);
    let document = api::document();
    let operations = document["paths"].as_object().unwrap().values().flat_map(|methods| methods.as_object().unwrap());
    let ids: BTreeSet<&str> = operations.map(|(_, one)| one["operationId"].as_str().unwrap()).collect();
    let declared_ids: BTreeSet<&str> = api::RECORDS.iter().map(|(id, _)| *id).collect();
    assert_eq!(
        ids, declared_ids,
        "an operation does not declare what it records, or one is declared that is not there"
    );
    let pages = console::RECORDS.iter().map(|(method, path, records)| (format!("{method} {path}"), records));
    let declared: BTreeMap<String, &Records> =
        pages.chain(api::RECORDS.iter().map(|(id, records)| ((*id).to_owned(), records))).collect();
    let mut wrong = Vec::new();
    for (name, records) in &declared {
        let Some(found) = scene.seen.get(name) else {
            wrong.push(format!("{name} was not asked"));
            continue;
        };
        let mut found: Vec<&str> = found.iter().map(String::as_str).collect();
        let mut known = BTreeSet::new();
        found.retain(|kind| known.insert(*kind));
        let expected = match records {
            Records::Nothing(why) => {
                assert!(!why.is_empty(), "{name} says no reason");
                &[][..]
            }
            Records::Events(kinds) => kinds,
        };
        if found != expected {
            wrong.push(format!("{name}: {found:?}, declared {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), declared.len(), wrong.join("\n"));
    println!("{} routes and operations record what they declare", declared.len());
}
