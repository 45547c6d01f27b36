//! How far each role reaches: every thing that lies in a unit, asked for by every role from the nation, from the thing's own
//! province, district and commune, and from others; against the documented table. Whoever is refused changes nothing.

use crate::place::{Place, answer, session, session_as};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use ids::BatchId;
use register::heading::Mapping;
use services::import::{Input, Thresholds};
use services::officer::{self, Officer, ROLES};
use services::{Command, application, batch, case, import, programme, unit};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What is asked: as whom it appears in the document, and how.
struct Action {
    name: &'static str,
    /// The actions of [`ROLES`], one of which a role must allow.
    need: &'static [&'static str],
    thing: Thing,
    body: &'static str,
    /// The answer to somebody who may: a change is asked for on a version that is not, so that it stays undone.
    allowed: u16,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Thing {
    Person,
    Case,
    /// A case of fingerprints.
    Prints,
    /// What a unit raised to be followed up.
    Record,
    Application,
    Batch,
    Import,
    Card,
    Officer,
    /// A unit named in a form.
    Unit,
    /// What is of no unit: only the nation's officers reach it.
    Nation,
}

const fn action(
    name: &'static str,
    need: &'static [&'static str],
    thing: Thing,
    body: &'static str,
    allowed: u16,
) -> Action {
    Action { name, need, thing, body, allowed }
}

const ISSUE: &[&str] = &["approve", "personalise"];
const STALE: &str = "key=KEY&version=999999&verdict=same&reason=r&what=change&role-reader=1&unit=";

const STALE_VERSION: &str = r#"{"version":999999}"#;
const STALE_ACCOUNT: &str = r#"{"version":999999,"roles":["reader"],"unit":""}"#;

/// Everything that names a thing of a unit. A route or operation whose path has a hole and that is not here fails the test.
/// Who may have a proof: auditors, and whoever may read the person.
const PROVE: &[&str] = &["audit", "read"];
const ACTIONS: &[Action] = &[
    action("POST /persons", &["read"], Thing::Person, "text=NUMBER&purpose=request", 200),
    action("POST /persons/{id}", &["read"], Thing::Person, "purpose=request", 200),
    action("POST /audit", &["audit"], Thing::Person, "number=NUMBER&purpose=request", 200),
    action("POST /api/v1/persons/search", &["read"], Thing::Person, r#"{"text":"NUMBER","purpose":"request"}"#, 200),
    action("POST /api/v1/persons/{id}/read", &["read"], Thing::Person, r#"{"purpose":"request"}"#, 200),
    action("GET /cases/{id}", &["adjudicate"], Thing::Case, "", 200),
    action("POST /cases/{id}", &["adjudicate"], Thing::Case, STALE, 409),
    action("GET /api/v1/cases", &["adjudicate"], Thing::Case, "", 200),
    action("POST /api/v1/cases/{id}/read", &["adjudicate"], Thing::Case, "", 200),
    action(
        "POST /api/v1/cases/{id}/decisions",
        &["adjudicate"],
        Thing::Case,
        r#"{"verdict":"same","reason":"r","version":999999}"#,
        409,
    ),
    action("GET /applications/{id}", &["enrol"], Thing::Application, "", 200),
    action("GET /api/v1/applications", &["status"], Thing::Application, "", 200),
    action("GET /api/v1/applications/{id}", &["enrol"], Thing::Application, "", 200),
    action("GET /batches/{id}", ISSUE, Thing::Batch, "", 200),
    action("POST /batches/{id}/approve", &["approve"], Thing::Batch, STALE, 409),
    action("GET /api/v1/batches", &["status"], Thing::Batch, "", 200),
    action("GET /api/v1/batches/{id}", ISSUE, Thing::Batch, "", 200),
    action("POST /api/v1/batches/{id}/approval", &["approve"], Thing::Batch, r#"{"version":999999}"#, 409),
    action("GET /collect", &["import"], Thing::Import, "", 200),
    action("GET /collect/{id}", &["import"], Thing::Import, "", 200),
    action("GET /collect/{id}/rows/{file}/{line}", &["import"], Thing::Import, "", 200),
    action("GET /api/v1/imports", &["import"], Thing::Import, "", 200),
    action("GET /api/v1/imports/{id}", &["import"], Thing::Import, "", 200),
    action("GET /api/v1/imports/{id}/files/{file}/rows", &["import"], Thing::Import, "", 200),
    action("POST /api/v1/persons/proof", PROVE, Thing::Person, r#"{"number":"NUMBER","purpose":"request"}"#, 200),
    action("POST /cards/{id}", &["personalise"], Thing::Card, "key=KEY", 404),
    action("GET /api/v1/officers", &["administer"], Thing::Officer, "", 200),
    action("GET /api/v1/officers/{name}", &["administer"], Thing::Officer, "", 200),
    action("GET /officers", &["administer"], Thing::Officer, "", 200),
    action("GET /officers/{name}", &["administer"], Thing::Officer, "", 200),
    action("POST /officers/{name}", &["administer"], Thing::Officer, STALE, 409),
    action("POST /officers", &["administer"], Thing::Unit, "key=KEY&name=NAME&role-reader=1&unit=UNIT", 200),
    action("GET /api/v1/events", &["audit"], Thing::Nation, "", 200),
    action("GET /api/v1/records/{record}", &["status"], Thing::Record, "", 200),
    action("GET /records/{id}", &["status"], Thing::Record, "", 200),
    action("POST /records/{id}", &["return"], Thing::Record, "key=KEY&act=close-difficulty&version=999999", 409),
    action("POST /api/v1/imports/{id}/files/{file}/rows/{line}/read", &["import"], Thing::Import, "", 200),
    action("POST /api/v1/cases/{id}/prints/read", &["adjudicate"], Thing::Prints, "", 200),
    action("POST /api/v1/applications/{id}/holder/read", ISSUE, Thing::Application, "", 200),
    action("POST /api/v1/cards/{id}/read", &["personalise"], Thing::Card, "", 404),
    action("PATCH /api/v1/officers/{name}", &["administer"], Thing::Officer, STALE_ACCOUNT, 409),
    action("POST /api/v1/officers/{name}/closing", &["administer"], Thing::Officer, STALE_VERSION, 409),
    action("POST /api/v1/officers/{name}/opening", &["administer"], Thing::Officer, STALE_VERSION, 409),
    action("POST /api/v1/officers/{name}/reset", &["administer"], Thing::Officer, STALE_VERSION, 409),
];

/// Routes with a hole that disclose and change nothing of a unit, or whose job asks again; each with the reason.
const WITHOUT: &[(&str, &str)] = &[
    ("POST /api/v1/households/{id}/read", "leaves out who lives elsewhere, as a search does"),
    ("POST /account/passkeys/{id}/remove", "only the account's own passkeys are looked at; see passkey.rs"),
    ("DELETE /api/v1/account/passkeys/{passkey}", "only the account's own passkeys are looked at; see passkey.rs"),
    ("GET /api/v1/jobs/{job}", "the officer's own jobs, an administrator's those of the unit's officers: job.rs"),
    ("POST /api/v1/imports/{id}/withdrawal", "asks for the import's files first, as listing them does"),
    ("POST /api/v1/imports/{id}/files/{file}/rows/{line}/corrections", "reads the row first, as reading it does"),
    ("POST /api/v1/batches/{id}/personalisation", "asks for the batch first, as showing it does"),
    ("GET /persons/{id}", "asks for a purpose and shows nobody"),
    ("GET /cards/{id}", "a button; reading the card asks"),
    ("POST /records/{id}/files", "asks for the record first: attachment.rs"),
    ("GET /records/{id}/files/{file}", "asks for the record first: attachment.rs"),
    ("POST /api/v1/records/{record}/files", "asks for the record first: attachment.rs"),
    ("GET /api/v1/records/{record}/files/{file}", "asks for the record first: attachment.rs"),
    ("GET /api/v1/tables/{table}/{form}", "every table is cut to the officer's unit: tables.rs"),
    ("GET /api/v1/reports/{report}", "only those of the officer's unit or below: report.rs"),
    ("GET /api/v1/reports/{report}/file/{form}", "only those of the officer's unit or below: report.rs"),
    ("POST /api/v1/reports/{report}/steps", "only those of the officer's unit or below: report.rs"),
    ("POST /api/v1/reports/{report}/verification", "only those of the officer's unit or below: report.rs"),
    ("GET /tables/{table}/{form}", "lists that are cut to the officer's unit: tables.rs"),
    ("GET /board/compare/export/{form}", "the comparison, which is cut to the officer's unit: report.rs"),
    ("GET /board/export/{form}", "the board, which is cut to the officer's unit: report.rs"),
    ("GET /honours/export/{form}", "the units below the officer's own: steer.rs"),
    ("GET /reports/{id}", "only those of the officer's unit or below: report.rs"),
    ("POST /reports/{id}", "only those of the officer's unit or below: report.rs"),
    ("GET /reports/{id}/file/{form}", "only those of the officer's unit or below: report.rs"),
    ("POST /reports/{id}/verify", "only those of the officer's unit or below: report.rs"),
    ("GET /follow/{kind}", "leaves out what lies elsewhere: record.rs"),
    ("POST /follow/{kind}", "makes one in the officer's own unit or below it: record.rs"),
    ("GET /jobs/{id}", "the officer's own jobs, an administrator's those of the unit's officers: job.rs"),
    ("GET /assets/{name}", "style, script and fonts"),
    ("POST /collect/{id}/withdraw", "a job, whose service asks: tests/versions.rs"),
    ("POST /collect/{id}/rows/{file}/{line}", "reads the row first, as the page before it does"),
    ("POST /batches/{id}/personalise", "a job, whose service asks"),
];

/// A thing and where it lies.
struct Found {
    /// What paths are filled with, in order.
    ids: Vec<String>,
    commune: String,
}

/// Where an officer may be, seen from a thing.
fn positions(place: &Place, commune: &str) -> Vec<(&'static str, String, bool)> {
    let units = place.book.view(unit::all).unwrap();
    let parent = |code: &str| units[code].parent.clone();
    let (district, province) = (parent(commune), parent(&parent(commune)));
    let other = |level: u8, inside: Option<&str>| {
        let mut fitting = units.values().filter(|one| one.level == level);
        let own = [commune, &district, &province];
        let fits =
            |one: &&unit_of::Unit| !own.contains(&one.code.as_str()) && inside.is_none_or(|above| one.parent == above);
        fitting.find(fits).map(|one| one.code.clone())
    };
    let level = |code: &str| units[code].level;
    let mut all = vec![
        ("the nation", String::new(), true),
        ("its province", province.clone(), true),
        ("its district", district.clone(), true),
        ("its commune", commune.to_owned(), true),
    ];
    let others = [
        ("another commune of the district", other(level(commune), Some(&district))),
        ("another district of the province", other(level(&district), Some(&province))),
        ("another province", other(level(&province), None)),
        ("another commune", other(level(commune), None)),
    ];
    all.extend(others.into_iter().filter_map(|(name, code)| Some((name, code?, false))));
    assert!(all.len() >= 7, "{commune}: too few units around it");
    all
}

use register::unit as unit_of;

fn things(place: &Place) -> BTreeMap<Thing, Found> {
    let (book, mut found) = (&place.book, BTreeMap::new());
    let everyone = services::person::everyone(book, &Officer::operator(), "a test").unwrap();
    let units = book.view(unit::all).unwrap();
    let is_commune = |code: &str| units.get(code).is_some_and(|one| one.level == 3);
    let person = everyone.iter().find(|one| one.person.number.is_some() && is_commune(&one.unit)).unwrap();
    let number = person.person.number.clone().unwrap();
    found.insert(Thing::Person, Found { ids: vec![person.id.to_string(), number], commune: person.unit.clone() });
    let cases = case::list(book, "", "open", None, 1_000).unwrap().items;
    let one = cases.iter().find(|one| is_commune(&one.unit)).unwrap();
    found.insert(Thing::Case, Found { ids: vec![one.id.clone()], commune: one.unit.clone() });
    let all = case::STATES.map(|state| case::list(book, "", state, None, 1_000).unwrap().items).concat();
    let one = all.iter().find(|one| one.kind == "fingerprint" && is_commune(&one.unit)).unwrap();
    found.insert(Thing::Prints, Found { ids: vec![one.id.clone()], commune: one.unit.clone() });
    let applications = application::list(book, "", "checked", None, 1_000).unwrap().items;
    // One that stays checked, in another commune than the batch's.
    let one = applications.first().unwrap();
    let other = applications.iter().find(|other| other.unit != one.unit).unwrap();
    found.insert(Thing::Application, Found { ids: vec![other.id.clone()], commune: other.unit.clone() });
    // A batch of one commune: its own personaliser makes it.
    let mut maker = Officer::operator();
    (maker.roles, maker.unit) = (vec!["personaliser".into()], one.unit.clone());
    let made: BatchId = batch::new(book, &Command::by(&maker), 10).unwrap().batch.unwrap();
    found.insert(Thing::Batch, Found { ids: vec![made.to_string()], commune: one.unit.clone() });
    // An import of one commune, of somebody who is sent by its own province.
    let province = units[&units[&person.unit].parent].parent.trim_start_matches('P').to_owned();
    (maker.roles, maker.unit) = (vec!["collector".into()], person.unit.clone());
    let file = format!(
        "rec_id,file_province,full_name,birth_date,sex,res_ward\nx1,{province},Trần Thị Thử,1/2/1980,Nữ,{}\n",
        person.unit
    );
    let inputs = vec![Input { name: "one.csv".into(), bytes: file.into_bytes() }];
    let steps = &mut |_: &'static str, _: u64, _: u64| ();
    let report = import::persons(book, &maker, inputs, &Mapping::default(), Thresholds::default(), steps).unwrap();
    let own = ids::ImportId::parse(&report.import).unwrap();
    let staged = import::files(book, &maker, own).unwrap();
    let ids = vec![report.import, staged[0].file.clone(), "2".to_owned()];
    found.insert(Thing::Import, Found { ids, commune: person.unit.clone() });
    let shown = batch::STATES.map(|state| batch::list(book, "", state, None, 100).unwrap().items).concat();
    let lines = shown.iter().filter_map(|one| {
        let mut nation = Officer::operator();
        nation.roles = vec!["approver".into()];
        batch::show(book, &nation, BatchId::parse(&one.batch)?).ok()
    });
    let line = lines.flat_map(|shown| shown.lines).find(|line| line.card.is_some()).unwrap();
    found.insert(Thing::Card, Found { ids: vec![line.card.unwrap()], commune: line.unit });
    let by = Command::by(&Officer::operator());
    officer::create(book, &by, "of.commune", &["reader".into()], &person.unit).unwrap();
    found.insert(Thing::Officer, Found { ids: vec!["of.commune".into()], commune: person.unit.clone() });
    found.insert(Thing::Unit, Found { ids: vec![person.unit.clone()], commune: person.unit.clone() });
    let raised =
        [("unit", person.unit.as_str()), ("title", "t"), ("body", "b"), ("about", "data"), ("severity", "low")];
    let raised = raised.into_iter().chain([("until", "2099-01-01")]).map(|(name, value)| (name.into(), value.into()));
    let raised = programme::act(book, &by, None, "raise", &programme::Fields::new(raised)).unwrap();
    found.insert(Thing::Record, Found { ids: vec![raised.head().id.to_string()], commune: person.unit.clone() });
    found.insert(Thing::Nation, Found { ids: vec!["commitment".into()], commune: person.unit.clone() });
    found
}

fn ask(place: &Place, action: &Action, token: &str, thing: &Found, at: usize) -> (StatusCode, String) {
    let (method, path) = action.name.split_once(' ').unwrap();
    let mut path = path.to_owned();
    for id in &thing.ids {
        if let (Some(begin), Some(end)) = (path.find('{'), path.find('}')) {
            path.replace_range(begin..=end, id);
        }
    }
    let last = thing.ids.last().unwrap();
    let body = action.body.replace("NUMBER", last).replace("UNIT", last).replace("KEY", &format!("k{at}"));
    let body = body.replace("NAME", &format!("made.{at}"));
    let mut request = Request::builder().method(method).uri(&path);
    if path.starts_with("/api/") {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        request = request.header(header::CONTENT_TYPE, "application/json");
        if path.ends_with("cases") || path.ends_with("batches") {
            request = request.uri(format!("{path}?limit=1000"));
        }
        if path.ends_with("applications") {
            request = request.uri(format!("{path}?limit=1000&state=checked"));
        }
    } else {
        request = request.header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"));
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    answer(&place.app, request.body(Body::from(body)).unwrap())
}

/// Whether an answer gives what was asked for. A list and a search always answer; what counts is whether the thing is there.
fn gives(action: &Action, thing: &Found, status: StatusCode, said: &str) -> bool {
    let listed = !action.name.contains('{')
        && !matches!(action.thing, Thing::Unit)
        && action.name != "POST /audit"
        && !action.name.ends_with("/proof");
    if listed {
        // A search page repeats the words that were sent: the person's own address counts.
        return status == StatusCode::OK && said.contains(&thing.ids[0]);
    }
    if action.thing == Thing::Card {
        // The machine of the test holds no card: whoever may gets as far as its file. The read is the event that tells.
        return false;
    }
    if action.name == "POST /audit" || action.name.ends_with("/proof") {
        return status == StatusCode::OK && said.starts_with('{');
    }
    status.as_u16() == action.allowed
}

#[test]
fn each_role_reaches_exactly_what_is_documented() {
    let place = Place::filled("reach");
    let things = things(&place);
    let roles: Vec<&str> = ROLES.iter().map(|(role, _)| *role).filter(|role| *role != "operator").collect();
    let sessions: Vec<String> = roles.iter().map(|role| session(&place.book, role)).collect();
    let by = Command::by(&Officer::operator());
    // The nation keeps an administrator while the other is moved about.
    session_as(&place.book, "staying", "administrator");
    let events = || place.book.view(|view| Ok(view.event_count()?)).unwrap();
    let mut asked = 0;
    for (thing, found) in &things {
        for (position, unit, inside) in positions(&place, &found.commune) {
            for (role, token) in roles.iter().zip(&sessions) {
                officer::change(&place.book, &by, &format!("officer.{role}"), None, Some(&unit)).unwrap();
                for action in ACTIONS.iter().filter(|action| action.thing == *thing) {
                    let holds = ROLES.iter().find(|(name, _)| name == role).unwrap().1;
                    let inside = inside && (*thing != Thing::Nation || unit.is_empty());
                    let expected = inside && action.need.iter().any(|need| holds.contains(need));
                    let before = events();
                    let (status, said) = ask(&place, action, token, found, asked);
                    asked += 1;
                    let grown = events() - before;
                    let given = if *thing == Thing::Card { grown == 1 } else { gives(action, found, status, &said) };
                    let what = format!("{} as {role} of {position}: {status}, {grown} events\n{said}", action.name);
                    assert_eq!(given, expected, "{what}");
                    assert!(!status.is_server_error(), "{what}");
                    // A search that finds nobody is recorded too: who asked for whom is known.
                    let search = action.name.ends_with("/persons") || action.name.ends_with("search");
                    assert!(given || search || grown == 0, "refused, and something was written: {what}");
                    let may = action.need.iter().any(|need| holds.contains(need));
                    assert!(!search || grown == u64::from(may), "a search is recorded, a refused one is none: {what}");
                    if !given && !search {
                        assert!(
                            !said.contains(&found.commune) || *thing == Thing::Unit,
                            "refused, and the unit is said: {what}"
                        );
                    }
                }
            }
        }
    }
    println!("{asked} pairs of role, action and unit");
    assert!(asked > 1_000);
    document(&roles);
}

/// The table that people read: written from the actions above, compared with the file.
fn document(roles: &[&str]) {
    let mut lines = vec![
        "# How far each role reaches".to_owned(),
        String::new(),
        "Made by `WRITE=1 cargo test -p vandan --test edges`, which asks for each of these things as every role from the".to_owned(),
        "nation, from the thing's own province, district and commune, and from other communes, districts and provinces. *yes*:".to_owned(),
        "where the thing lies in the officer's unit, which is the nation's, or the unit's own and everything below it. Everywhere".to_owned(),
        "else, and for every other role, the answer is that there is no such thing or that the role does not allow it; nothing is".to_owned(),
        "written, but for a search, which is recorded also where it finds nobody. What is of the nation is given to its own".to_owned(),
        "officers alone.".to_owned(),
        String::new(),
        format!("| what is asked | of | {} |", roles.join(" | ")),
        format!("| --- | --- |{}", " --- |".repeat(roles.len())),
    ];
    for action in ACTIONS {
        let may = |role: &&str| {
            let holds = ROLES.iter().find(|(name, _)| name == role).unwrap().1;
            if action.need.iter().any(|need| holds.contains(need)) { "yes" } else { "" }
        };
        let cells: Vec<&str> = roles.iter().map(may).collect();
        let thing = format!("{:?}", action.thing).to_lowercase();
        lines.push(format!("| {} | {thing} | {} |", action.name, cells.join(" | ")));
    }
    lines.extend([String::new(), "Paths that name something and are not asked so:".to_owned(), String::new()]);
    lines.extend(WITHOUT.iter().map(|(name, why)| format!("- `{name}`: {why}.")));
    let found = lines.join("\n") + "\n";
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reach.md");
    if std::env::var_os("WRITE").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let documented = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(documented == found, "docs/reach.md differs; look whether that is meant, then write it anew");
}

#[test]
fn every_path_that_names_something_is_asked_as_every_unit() {
    let document = api::document();
    let mut all: Vec<String> = console::ROUTES.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    for (path, methods) in document["paths"].as_object().unwrap() {
        all.extend(methods.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let known =
        |name: &String| ACTIONS.iter().any(|action| action.name == name) || WITHOUT.iter().any(|(own, _)| own == name);
    let missing: Vec<&String> = all.iter().filter(|name| name.contains('{') && !known(name)).collect();
    assert!(missing.is_empty(), "asked by no action of this file, and without a reason: {missing:?}");
    let stale = ACTIONS.iter().map(|action| action.name).chain(WITHOUT.iter().map(|(name, _)| *name));
    let stale: Vec<&str> = stale.filter(|name| !all.iter().any(|own| own == name)).collect();
    assert!(stale.is_empty(), "no such route or operation: {stale:?}");
}
