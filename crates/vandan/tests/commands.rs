//! Every command from outside, twice under one key: the same answer, and nothing more is written. With another version
//! than there is: refused. And what officers' accounts, separation of duties and cards that fail come to.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use common::Folder;
use enrolment::packet::{self, Kit};
use enrolment::{Application, Capture, Finger};
use folder::{DataFolder, KeyFile};
use ids::{ApplicationId, BatchId, CaseId, KitId, Uuid};
use ports::Fault;
use ports::machine::{Clock, Entropy};
use register::heading::Mapping;
use services::case::Verdict;
use services::import::{Input, Thresholds};
use services::officer::{self, Officer};
use services::{Book, Command, Error, Home, application, batch, case, import, unit};
use signer_soft::{Identity, SoftSigner};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store_sql::SqliteStore;
use time::Instant;

/// A clock that goes on with every look.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Instant {
        Instant(self.0.fetch_add(1_000, Ordering::Relaxed))
    }
}

/// Numbers from a seed.
struct Seeded(AtomicU64);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let mut state = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = ((state ^ (state >> 27)) >> 24) as u8;
        }
    }
}

const HEAD: &str =
    "rec_id,file_province,full_name,birth_date,sex,birth_province,home_town,res_address,res_ward,pin12\n";

/// An installation of its own, its officers, and its kit.
struct World {
    folder: Folder,
    book: Arc<Book>,
    kit: Kit,
    packets: Cell<u64>,
    officers: BTreeMap<&'static str, Officer>,
}

impl World {
    fn new(name: &str) -> World {
        let folder = Folder::new(name);
        std::fs::create_dir_all(folder.join("data/keys")).unwrap();
        let keys = KeyFile::create(&folder.join("data/keys"), [7; 32], "vandan/test").unwrap();
        let book = World::book(&folder, keys, 1);
        let kit = Kit::new(KitId(Uuid([5; 16])), &[6; 32]);
        let actor = Officer::operator().actor("kit");
        application::register_kit(&book, &actor, KitId(Uuid([5; 16])), kit.public(), "").unwrap();
        World { folder, book, kit, packets: Cell::new(0), officers: BTreeMap::new() }
    }

    fn book(folder: &Folder, keys: KeyFile, seed: u64) -> Arc<Book> {
        let data = DataFolder::open(&folder.join("data")).unwrap();
        let mut tables = vec![&services::schema::PERSON_EVENT, &services::schema::COMMAND];
        tables.extend(services::programme::TABLES);
        for more in [officer::TABLES, register::table::TABLES, enrolment::table::TABLES, issuance::table::TABLES] {
            tables.extend(more);
        }
        let home = Home {
            store: Box::new(SqliteStore::open(&data.database(), &tables).unwrap()),
            blobs: Box::new(data.blobs()),
            tiles: Box::new(data.tiles()),
            keys: Box::new(keys),
            // 3 May 2021.
            clock: Box::new(Ticking(AtomicI64::new(1_620_000_000_000_000))),
            gallery: Arc::new(data.gallery()),
            entropy: Arc::new(Seeded(AtomicU64::new(seed))),
        };
        Arc::new(Book::open(home).unwrap())
    }

    /// Closes the book and opens it as another process would.
    fn again(&mut self) {
        let keys = KeyFile::open(&self.folder.join("data/keys")).unwrap();
        // Other ids than before.
        let seed = self.events() << 40;
        self.book = World::book(&self.folder, keys, seed);
    }

    fn events(&self) -> u64 {
        self.book.view(|view| Ok(view.event_count()?)).unwrap()
    }

    /// Runs a command twice: it writes, then it answers the same and writes nothing.
    fn twice<T: Debug + PartialEq>(&self, run: impl Fn() -> Result<T, Error>) -> T {
        let before = self.events();
        let first = run().unwrap();
        let written = self.events();
        assert!(written > before, "{first:?} wrote nothing");
        assert_eq!(run().unwrap(), first);
        assert_eq!(self.events(), written, "{first:?} wrote again");
        first
    }

    /// The same command with another version than there is changes nothing.
    fn stale<T: Debug>(&self, run: impl FnOnce() -> Result<T, Error>) {
        let before = self.events();
        assert_eq!(run().unwrap_err().code(), "version-changed");
        assert_eq!(self.events(), before);
    }

    fn staff(&mut self) {
        for (name, role) in [
            ("enroller", "enroller"),
            ("other", "enroller"),
            ("first", "adjudicator"),
            ("second", "adjudicator"),
            ("approver", "approver"),
            ("maker", "personaliser"),
        ] {
            let by = keyed(&Officer::operator(), name);
            let code = self.twice(|| officer::create(&self.book, &by, name, &[role.to_owned()], ""));
            // The code stands nowhere: it is computed again.
            for file in std::fs::read_dir(self.folder.join("data")).unwrap().flatten() {
                let bytes = std::fs::read(file.path()).unwrap_or_default();
                assert!(!bytes.windows(code.len()).any(|window| window == code.as_bytes()), "{:?}", file.path());
            }
            let account = officer::list(&self.book, "", None, 100)
                .unwrap()
                .items
                .into_iter()
                .find(|account| account.officer.name == name);
            self.officers.insert(name, account.unwrap().officer);
        }
    }

    fn by(&self, name: &str) -> Command {
        keyed(&self.officers[name], "the key")
    }

    /// Takes up persons, one a row of name, day of birth and number; gives the import.
    fn persons(&self, rows: &[(&str, &str, &str)]) -> String {
        let mut text = String::from(HEAD);
        for (at, (name, birth, number)) in rows.iter().enumerate() {
            text.push_str(&format!("{number}{at},001,{name},{birth},Nam,001,Hà Nội,Số {at} Lê Lợi,,{number}\n"));
        }
        let inputs = vec![Input { name: "people.csv".into(), bytes: text.into_bytes() }];
        let by = Officer::operator();
        let report =
            import::persons(&self.book, &by, inputs, &Mapping::default(), Thresholds::default(), &mut |_, _, _| ());
        let report = report.unwrap();
        assert_eq!(report.persons, rows.len(), "{report:?}");
        report.import
    }

    /// An application with two fingers of somebody.
    fn filled(&self, number: &str, whose: u64, impression: u64, enroller: Option<&str>) -> Application {
        let finger = |position: u8| Finger {
            position,
            capture: Capture::Image {
                file: sample::print::png(
                    &sample::print::master(whose * 16 + u64::from(position), position).impression(impression),
                ),
                dpi: 500,
            },
        };
        Application {
            id: ApplicationId(self.book.id()),
            number: number.to_owned(),
            enroller: enroller.map(|name| self.officers[name].id),
            captured: self.book.now(),
            face: sample::face::jpeg(whose, 6_000),
            fingers: vec![finger(1), finger(2), finger(3)],
        }
    }

    fn seal(&self, filled: &Application) -> Result<Vec<u8>, Error> {
        self.packets.set(self.packets.get() + 1);
        let home = self.book.home();
        let centre = packet::centre_public(&home.keys.packet_secret());
        let mut fill = |bytes: &mut [u8]| home.entropy.fill(bytes);
        packet::seal(filled, &self.kit, self.packets.get(), &centre, &mut fill)
            .map_err(|error| Error::input(error.code()))
    }

    fn signer(&self) -> SoftSigner {
        let now = services::batch::certificate_time(&self.book);
        let mut fill = |bytes: &mut [u8]| self.book.home().entropy.fill(bytes);
        SoftSigner::ephemeral(&Identity::test_keys(), now, &mut fill).unwrap()
    }

    /// An applicant with a checked application, by an enroller or by the operator.
    fn checked(&self, number: &str, whose: u64, enroller: Option<&str>) -> String {
        let filled = self.filled(number, whose, 1, enroller);
        let officer = enroller.map_or_else(Officer::operator, |name| self.officers[name].clone());
        let receipt = application::enrol(&self.book, &Command::by(&officer), &filled, |filled| self.seal(filled));
        application::check_all(&self.book, &Command::by(&self.officers["other"]), &mut |_, _| ()).unwrap();
        receipt.unwrap().application
    }

    fn state_of(&self, application: &str) -> String {
        let all = application::STATES
            .map(|state| application::list(&self.book, "", state, None, 100).unwrap().items)
            .concat();
        all.into_iter().find(|one| one.id == application).unwrap().state
    }
}

fn keyed(officer: &Officer, key: &str) -> Command {
    Command { key: Some(key.to_owned()), ..Command::by(officer) }
}

fn expecting(command: &Command, version: i64) -> Command {
    Command { version: Some(version), ..command.clone() }
}

const THREE: [(&str, &str, &str); 3] = [
    ("Nguyễn Văn An", "5/2/1990", "001090000001"),
    ("Trần Quốc Bảo", "7/9/1985", "001085000002"),
    ("Lê Minh Châu", "11/12/1979", "001079000003"),
];

#[test]
fn every_command_is_carried_out_once_and_on_the_version_that_was_seen() {
    let mut world = World::new("commands");
    world.staff();
    let (world, book) = (&world, &world.book);
    let operator = keyed(&Officer::operator(), "the key");
    let provinces = "pin_code,gso_code,name\n001,01,Thành phố Hà Nội\n";
    let units = [("provinces.csv".to_owned(), provinces.as_bytes().to_vec())];
    assert_eq!(world.twice(|| unit::import(book, &operator, &units)), 1);
    // Nothing is new, yet under another key it is another command: its answer stays the same too.
    assert_eq!(world.twice(|| unit::import(book, &keyed(&Officer::operator(), "another"), &units)), 0);
    world.persons(&THREE);
    let second = world.persons(&[("Phạm Thị Dung", "1/1/1970", "001070000004")]);

    // The second applicant shows the fingers of the first.
    let filled = world.filled(THREE[0].2, 1, 1, Some("enroller"));
    let by = world.by("enroller");
    let new = world.twice(|| application::enrol(book, &by, &filled, |filled| world.seal(filled)));
    let other = Application { number: THREE[2].2.to_owned(), ..filled.clone() };
    let reused = application::enrol(book, &by, &other, |filled| world.seal(filled));
    assert_eq!(reused.unwrap_err().code(), "key-reused");
    let packet = world.seal(&world.filled(THREE[1].2, 1, 2, Some("enroller"))).unwrap();
    world.twice(|| application::receive(book, &by, &packet));
    let again = application::receive(book, &Command::by(&by.officer), &packet).unwrap();
    assert!(again.again, "without a key the packet itself is known");
    let checked = world.twice(|| application::check_all(book, &by, &mut |_, _| ()));
    assert_eq!((checked.searched, checked.clear, checked.hits), (2, 1, 1));

    let cases = case::list(book, "", "open", None, 10).unwrap().items;
    let id = CaseId::parse(&cases[0].id).unwrap();
    let first = world.by("first");
    let decide = |command: &Command| case::decide(book, command, id, Verdict::Different, "hai người khác nhau");
    world.stale(|| decide(&expecting(&first, 7)));
    assert_eq!(world.twice(|| decide(&expecting(&first, cases[0].version))), "open");
    let reused = case::decide(book, &expecting(&first, 1), id, Verdict::Same, "hai người khác nhau");
    assert_eq!(reused.unwrap_err().code(), "key-reused");
    world.stale(|| decide(&expecting(&world.by("second"), 1)));
    assert_eq!(world.twice(|| decide(&expecting(&world.by("second"), 2))), "different");

    let (maker, approver) = (world.by("maker"), world.by("approver"));
    let made = world.twice(|| batch::new(book, &maker, 10));
    assert_eq!((made.cards, made.without_enroller), (2, 0));
    let id = made.batch.unwrap();
    world.stale(|| batch::approve(book, &expecting(&approver, 2), id));
    assert_eq!(world.twice(|| batch::approve(book, &expecting(&approver, 1), id)), 2);
    let signer = world.signer();
    let personalise =
        |command: &Command| batch::personalise(book, command, id, &signer, &mut |_| Ok(()), &mut |_, _| ());
    world.stale(|| personalise(&expecting(&maker, 1)));
    assert_eq!(world.twice(|| personalise(&expecting(&maker, 2))).made.len(), 2);
    assert_eq!(world.state_of(&new.application), "personalised");

    let import = ids::ImportId::parse(&second).unwrap();
    world.stale(|| import::withdraw(book, &expecting(&operator, 1), import));
    assert_eq!(world.twice(|| import::withdraw(book, &expecting(&operator, 2), import)), (1, 0));

    let version = || {
        let all = officer::list(book, "", None, 100).unwrap().items;
        all.into_iter().find(|account| account.officer.name == "other").unwrap().version
    };
    let reader = ["reader".to_owned()];
    for change in [
        &(|command: &Command| officer::change(book, command, "other", Some(&reader), None).map(|()| String::new()))
            as &dyn Fn(&Command) -> Result<String, Error>,
        &|command| officer::close(book, command, "other").map(|()| String::new()),
        &|command| officer::reopen(book, command, "other").map(|()| String::new()),
        &|command| officer::reset(book, command, "other"),
    ] {
        world.stale(|| change(&expecting(&operator, 99)));
        let command = expecting(&operator, version());
        world.twice(|| change(&command));
    }
}

#[test]
fn a_closed_account_ends_its_sessions_and_one_administrator_stays() {
    let world = World::new("accounts");
    let book = &world.book;
    let operator = Command::by(&Officer::operator());
    let code = |name: &str| officer::create(book, &operator, name, &["administrator".to_owned()], "").unwrap();
    let enter = |name: &str, code: &str| {
        let accepted = officer::accept(book, name, code, "mot mat khau dai").unwrap();
        let code = officer::code_of(&accepted.second_factor, book.now()).unwrap();
        officer::sign_in(book, name, "mot mat khau dai", &code).unwrap()
    };
    let (one, two) = (enter("one", &code("one")), enter("two", &code("two")));
    let by = Command::by(&officer::of_session(book, &one).unwrap());
    officer::close(book, &by, "two").unwrap();
    assert_eq!(officer::of_session(book, &two).unwrap_err().code(), "session-ended");
    assert_eq!(officer::close(book, &by, "two").unwrap_err().code(), "officer-closed");
    let last = officer::close(book, &by, "one").unwrap_err();
    assert_eq!(last.code(), "officer-last-administrator");
    let last = officer::change(book, &by, "one", Some(&["reader".to_owned()]), None).unwrap_err();
    assert_eq!(last.code(), "officer-last-administrator");
    assert_eq!(officer::reset(book, &by, "one").unwrap_err().code(), "officer-last-administrator");
    assert_eq!(officer::reset(book, &by, "two").unwrap_err().code(), "officer-closed");
    // Opened again, the old session stays ended, and the password is still good.
    officer::reopen(book, &by, "two").unwrap();
    assert_eq!(officer::of_session(book, &two).unwrap_err().code(), "session-ended");
    assert_eq!(officer::reopen(book, &by, "two").unwrap_err().code(), "officer-open");
    for _ in 0..10 {
        assert_eq!(officer::sign_in(book, "two", "falsch", "000000").unwrap_err().code(), "sign-in-refused");
    }
    let state = |name: &str| {
        let all = officer::list(book, "", None, 100).unwrap().items;
        all.into_iter().find(|account| account.officer.name == name).unwrap().state
    };
    assert_eq!(state("two"), "locked");
    officer::reopen(book, &by, "two").unwrap();
    assert_eq!(state("two"), "active");
    // A new code is another code; with it everything begins anew.
    let again = officer::reset(book, &by, "two").unwrap();
    assert_eq!(state("two"), "invited");
    let two = enter("two", &again);
    officer::change(book, &by, "two", Some(&["reader".to_owned()]), None).unwrap();
    let reader = officer::of_session(book, &two).unwrap();
    assert_eq!(reader.roles, ["reader"], "roles hold at once");
    assert_eq!(officer::close(book, &Command::by(&reader), "one").unwrap_err().code(), "role-missing");
    officer::sign_out(book, &two).unwrap();
    assert_eq!(officer::of_session(book, &two).unwrap_err().code(), "session-ended");
    assert_eq!(officer::sign_out(book, &two).unwrap_err().code(), "session-ended");
}

#[test]
fn attempts_to_sign_in_change_no_version_and_end_at_a_locked_account() {
    let world = World::new("attempts");
    let book = &world.book;
    let operator = Command::by(&Officer::operator());
    let code = officer::create(book, &operator, "one", &["reader".to_owned()], "").unwrap();
    let accepted = officer::accept(book, "one", &code, "mot mat khau dai").unwrap();
    let account = || officer::find(book, "", "one").unwrap().unwrap();
    let version = account().version;
    let code = officer::code_of(&accepted.second_factor, book.now()).unwrap();
    officer::sign_in(book, "one", "mot mat khau dai", &code).unwrap();
    let wrong = || assert_eq!(officer::sign_in(book, "one", "falsch", "000000").unwrap_err().code(), "sign-in-refused");
    (0..10).for_each(|_| wrong());
    assert_eq!((account().version, account().state.as_str()), (version, "locked"));
    let before = world.events();
    wrong();
    assert_eq!(world.events(), before, "nothing is left to write of a locked account");
    officer::close(book, &Command { version: Some(version), ..operator }, "one").unwrap();
    let before = world.events();
    wrong();
    assert_eq!(officer::accept(book, "one", "AAAA", "mot mat khau dai").err().unwrap().code(), "sign-in-refused");
    assert_eq!((world.events(), account().version), (before, version + 1));
}

#[test]
fn a_unit_keeps_an_administrator_of_all_of_it() {
    let world = World::new("administrators");
    let book = &world.book;
    let operator = Command::by(&Officer::operator());
    let provinces = "pin_code,gso_code,name\n001,01,Thành phố Hà Nội\n";
    unit::import(book, &operator, &[("provinces.csv".to_owned(), provinces.as_bytes().to_vec())]).unwrap();
    let province = book.view(unit::all).unwrap().into_keys().next().unwrap();
    for (name, unit) in [("nation", ""), ("province", province.as_str())] {
        let code = officer::create(book, &operator, name, &["administrator".to_owned()], unit).unwrap();
        officer::accept(book, name, &code, "mot mat khau dai").unwrap();
    }
    let last = |done: Result<(), Error>| assert_eq!(done.unwrap_err().code(), "officer-last-administrator");
    last(officer::close(book, &operator, "nation"));
    last(officer::change(book, &operator, "nation", None, Some(&province)));
    // Whoever administers all of it may close a part's.
    officer::close(book, &operator, "province").unwrap();
}

#[test]
fn a_text_that_no_home_can_hold_is_refused_alone() {
    let world = World::new("unheld");
    let before = world.events();
    let mut event = world.book.event("unit.entered", &Officer::operator().actor("test"));
    let row = register::table::UNIT.columns.iter().map(|_| "a\0".into()).collect();
    event.changes = vec![journal::Change::put(&register::table::UNIT, row)];
    let refused = world.book.submit(None, move |_| Ok(services::Decision { events: vec![event], answer: Vec::new() }));
    assert_eq!(refused.unwrap_err().code(), "text-unusable");
    assert_eq!(world.events(), before);
}

#[test]
fn of_somebody_who_was_read_a_thousand_times_every_change_is_still_told() {
    let world = World::new("read-often");
    world.persons(&THREE[..1]);
    let reader = services::person::Reader { actor: Officer::operator().actor("request"), unit: String::new() };
    let read = || services::person::show(&world.book, &reader, THREE[0].2).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let (book, reader) = (&world.book, &reader);
            scope.spawn(move || (0..130).for_each(|_| drop(services::person::show(book, reader, THREE[0].2).unwrap())));
        }
    });
    let items = services::history::of(&world.book, &read()).unwrap();
    assert!(services::history::is_shortened(&items));
    assert_eq!((items[0].kind.as_str(), items.len()), ("person.entered", 1_001));
    assert!(services::history::known(&items, world.book.now()).is_some());
    assert!(items.is_sorted_by_key(|item| item.recorded.clone()));
}

#[test]
fn what_nobody_is_known_to_have_enrolled_gets_no_card() {
    let mut world = World::new("enrollers");
    world.staff();
    let (world, book) = (&world, &world.book);
    world.persons(&THREE);
    let nobodys = world.checked(THREE[0].2, 1, None);
    let somebodys = world.checked(THREE[1].2, 2, Some("enroller"));
    let maker = Command::by(&world.officers["maker"]);
    let new = batch::new(book, &maker, 10).unwrap();
    assert_eq!((new.cards, new.without_enroller), (1, 1));
    assert_eq!((world.state_of(&nobodys), world.state_of(&somebodys)), ("checked".into(), "batched".into()));
    // One from an officer takes its place.
    let anew = world.checked(THREE[0].2, 1, Some("enroller"));
    assert_eq!((world.state_of(&nobodys), world.state_of(&anew)), ("refused".into(), "checked".into()));
    let new = batch::new(book, &maker, 10).unwrap();
    assert_eq!((new.cards, new.without_enroller), (1, 0));
    // Whoever enrolled the application does not decide its case, whatever other roles they have.
    let filled = world.filled(THREE[2].2, 1, 2, Some("enroller"));
    let enroller = &world.officers["enroller"];
    application::enrol(book, &Command::by(enroller), &filled, |filled| world.seal(filled)).unwrap();
    application::check_all(book, &Command::by(enroller), &mut |_, _| ()).unwrap();
    let id = CaseId::parse(&case::list(book, "", "open", None, 10).unwrap().items[0].id).unwrap();
    let both = Officer { roles: vec!["enroller".into(), "adjudicator".into()], ..enroller.clone() };
    let refused = case::decide(book, &Command::by(&both), id, Verdict::Same, "cùng người").unwrap_err();
    assert_eq!(refused.code(), "case-enroller");
}

#[test]
fn a_card_that_fails_stops_no_other_and_keeps_its_id() {
    let mut world = World::new("failing");
    world.staff();
    let (world, book) = (&world, &world.book);
    world.persons(&THREE);
    let applications: Vec<String> =
        THREE.iter().zip(1..).map(|(person, whose)| world.checked(person.2, whose, Some("enroller"))).collect();
    let maker = world.by("maker");
    let id: BatchId = batch::new(book, &maker, 10).unwrap().batch.unwrap();
    batch::approve(book, &world.by("approver"), id).unwrap();
    let signer = world.signer();
    let mut written = Vec::new();
    let mut run = |fails: Option<usize>| {
        let mut count = 0;
        let mut write = |made: &batch::Made| {
            written.push(made.card);
            count += 1;
            // The file is there, and then the machine goes down: the event of the card is not written.
            if fails == Some(count) { Err(Error::Fault(Fault::Locked)) } else { Ok(()) }
        };
        batch::personalise(book, &maker, id, &signer, &mut write, &mut |_, _| ()).unwrap()
    };
    let first = run(Some(2));
    assert_eq!((first.made.len(), first.failed.len()), (2, 1));
    assert_eq!(first.failed[0].error.code(), Fault::Locked.code());
    let failed = first.failed[0].application.to_string();
    for application in &applications {
        let state = if *application == failed { "approved" } else { "personalised" };
        assert_eq!(world.state_of(application), state);
    }
    assert_eq!(batch::list(book, "", "approved", None, 10).unwrap().items.len(), 1);
    // The same command goes on, and only with the card that is missing, under the id it had.
    let second = run(None);
    assert_eq!((second.made.len(), second.failed.len()), (1, 0));
    assert_eq!(world.state_of(&failed), "personalised");
    assert_eq!(batch::list(book, "", "personalised", None, 10).unwrap().items.len(), 1);
    let third = run(None);
    assert_eq!(third, second, "the same key, the same answer");
    assert_eq!(written.len(), 4);
    assert_eq!(written[3], written[1], "the file of the attempt that failed is overwritten");
    assert_eq!(second.made, [written[1]]);
}

#[test]
fn an_application_that_was_like_somebody_withdrawn_is_searched_again() {
    let mut world = World::new("fallen");
    world.staff();
    let (world, book) = (&world, &world.book);
    let first = world.persons(&THREE[..1]);
    world.persons(&THREE[1..2]);
    world.checked(THREE[0].2, 1, Some("enroller"));
    let filled = world.filled(THREE[1].2, 1, 2, Some("enroller"));
    let by = Command::by(&world.officers["enroller"]);
    let like = application::enrol(book, &by, &filled, |filled| world.seal(filled)).unwrap().application;
    application::check_all(book, &by, &mut |_, _| ()).unwrap();
    assert_eq!(
        (world.state_of(&like).as_str(), case::list(book, "", "open", None, 10).unwrap().items.len()),
        ("case", 1)
    );
    // Its officer sees every finger of both, the read recorded first; nobody without the right does.
    let id = CaseId::parse(&case::list(book, "", "open", None, 10).unwrap().items[0].id).unwrap();
    let before = world.events();
    assert_eq!(case::prints(book, &by.officer, "a test", id).err().unwrap().code(), "role-missing");
    let pairs = case::prints(book, &world.officers["first"], "a test", id).unwrap();
    assert_eq!(world.events(), before + 1);
    let read = book.view(|view| Ok(view.events(before, 1)?.remove(0))).unwrap();
    assert_eq!((read.kind.as_str(), journal::Parts::from_bytes(&read.bytes).unwrap().links.len()), ("prints.read", 2));
    assert_eq!(pairs.iter().map(|pair| pair.applicant.position).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(pairs.iter().all(|pair| pair.score > 0.0 && pair.matched.len() > 10));
    let import = ids::ImportId::parse(&first).unwrap();
    import::withdraw(book, &Command::by(&Officer::operator()), import).unwrap();
    assert_eq!(
        (world.state_of(&like).as_str(), case::list(book, "", "open", None, 10).unwrap().items.len()),
        ("received", 0)
    );
    application::check_all(book, &by, &mut |_, _| ()).unwrap();
    assert_eq!(world.state_of(&like), "checked");
}

#[test]
fn whoever_gives_the_other_hand_is_found_and_shown_finger_by_finger() {
    let mut world = World::new("exchanged");
    world.staff();
    let (world, book) = (&world, &world.book);
    world.persons(&THREE);
    world.checked(THREE[0].2, 1, None);
    let mut filled = world.filled(THREE[1].2, 1, 1, None);
    filled.fingers.iter_mut().for_each(|finger| finger.position += 5);
    let by = Command::by(&Officer::operator());
    application::enrol(book, &by, &filled, |filled| world.seal(filled)).unwrap();
    assert_eq!(application::check_all(book, &by, &mut |_, _| ()).unwrap().hits, 1);
    let id = CaseId::parse(&case::list(book, "", "open", None, 10).unwrap().items[0].id).unwrap();
    let pairs = case::prints(book, &world.officers["first"], "a test", id).unwrap();
    let fingers: Vec<_> = pairs.iter().map(|pair| (pair.applicant.position, pair.other.position)).collect();
    assert_eq!(fingers, [(6, 1), (7, 2), (8, 3)]);
}

#[test]
fn a_gallery_that_is_kept_lost_or_damaged_finds_the_same() {
    let mut world = World::new("gallery");
    world.staff();
    world.persons(&THREE);
    world.persons(&[("Phạm Thị Dung", "1/1/1970", "001070000004")]);
    world.checked(THREE[0].2, 1, None);
    let folder = world.folder.join("data/gallery");
    let changed = |file: &std::path::Path| {
        let mut bytes = std::fs::read(file).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(file, bytes).unwrap();
    };
    let others = [THREE[1].2, THREE[2].2, "001070000004"];
    for (round, number) in others.into_iter().enumerate() {
        match round {
            0 => {}
            1 => changed(&folder.join("manifest")),
            _ => std::fs::remove_dir_all(&folder).unwrap(),
        }
        world.again();
        let by = Command::by(&Officer::operator());
        let filled = world.filled(number, 1, 1, None);
        application::enrol(&world.book, &by, &filled, |filled| world.seal(filled)).unwrap();
        let checked = application::check_all(&world.book, &by, &mut |_, _| ()).unwrap();
        let expected = application::Checked { searched: 1, clear: 0, hits: 1, gallery: round + 2, anew: round == 1 };
        assert_eq!(checked, expected, "round {round}");
    }
}

#[test]
fn a_withdrawn_person_gets_no_card_and_the_batch_ends() {
    let mut world = World::new("withdrawn-card");
    world.staff();
    let (world, book) = (&world, &world.book);
    let first = world.persons(&THREE[..1]);
    let second = world.persons(&THREE[1..2]);
    world.persons(&THREE[2..]);
    let waiting = world.checked(THREE[0].2, 1, Some("enroller"));
    let operator = Command::by(&Officer::operator());
    let withdraw = |import: &str| import::withdraw(book, &operator, ids::ImportId::parse(import).unwrap()).unwrap();
    // An application that waits goes with its person.
    withdraw(&first);
    assert_eq!(world.state_of(&waiting), "refused");
    let (approved, stays) =
        (world.checked(THREE[1].2, 2, Some("enroller")), world.checked(THREE[2].2, 3, Some("enroller")));
    let maker = world.by("maker");
    let id: BatchId = batch::new(book, &maker, 10).unwrap().batch.unwrap();
    batch::approve(book, &world.by("approver"), id).unwrap();
    withdraw(&second);
    assert_eq!(world.state_of(&approved), "refused");
    let outcome = batch::personalise(book, &maker, id, &world.signer(), &mut |_| Ok(()), &mut |_, _| ()).unwrap();
    assert_eq!((outcome.made.len(), outcome.failed.len()), (1, 0));
    assert_eq!(
        (
            world.state_of(&stays).as_str(),
            batch::STATES.map(|state| batch::list(book, "", state, None, 10).unwrap().items).concat()[0].state.as_str()
        ),
        ("personalised", "personalised")
    );
}

#[test]
fn a_proof_is_of_one_state_while_events_come_in() {
    let world = World::new("proof-still");
    let book = &world.book;
    world.persons(&THREE);
    let reader = services::person::Reader { actor: Officer::operator().actor("a test"), unit: String::new() };
    let over = std::sync::atomic::AtomicBool::new(false);
    let key = book.home().keys.verifying();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    services::person::show(book, &reader, THREE[0].2).unwrap();
                }
            });
        }
        let proofs: Vec<_> = (0..30)
            .map(|_| {
                services::audit::prove(book, &Officer::operator(), "a test", THREE[0].2)
                    .and_then(|proof| Ok(proof.check(&key)?))
            })
            .collect();
        over.store(true, Ordering::Relaxed);
        assert!(proofs.iter().all(Result::is_ok), "{proofs:?}");
    });
    let blank = services::audit::prove(book, &Officer::operator(), " ", THREE[0].2).unwrap_err();
    assert_eq!(blank.code(), "purpose-missing");
}

#[test]
fn an_old_number_shared_with_somebody_elsewhere_is_one_persons_in_the_unit() {
    let world = World::new("shared-number");
    let book = &world.book;
    let by = Command::by(&Officer::operator());
    let units = [
        ("p.csv", "pin_code,gso_code,name\n001,01,Hà Nội\n004,04,Cao Bằng\n"),
        ("d.csv", "code,province_code,full_name\n001,01,Ba Đình\n040,04,Cao Bằng\n"),
        ("w.csv", "code,district_code,full_name\n00001,001,Phúc Xá\n01273,040,Sông Hiến\n"),
    ];
    unit::import(book, &by, &units.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))).unwrap();
    let head = "rec_id,file_province,full_name,birth_date,sex,birth_province,res_ward,id9";
    let text = format!(
        "{head}\n1,001,Nguyễn Văn An,5/2/1950,Nam,001,00001,012345678\n2,001,Lý Thị Mai,7/9/1991,Nữ,004,01273,012345678\n"
    );
    let inputs = vec![Input { name: "a.csv".into(), bytes: text.into_bytes() }];
    import::persons(book, &by.officer, inputs, &Mapping::default(), Thresholds::default(), &mut |_, _, _| ()).unwrap();
    let show = |unit: &str| {
        let reader = services::person::Reader { actor: Officer::operator().actor("a test"), unit: unit.to_owned() };
        services::person::show(book, &reader, "012345678").map(|entry| entry.unit).map_err(|error| error.code())
    };
    assert_eq!(show(""), Err("number-shared"));
    assert_eq!((show("P001"), show("P004")), (Ok("00001".to_owned()), Ok("01273".to_owned())));
    assert_eq!(show("99999"), Err("person-missing"));
}

#[test]
fn the_prints_of_a_merged_person_are_the_survivors() {
    let mut world = World::new("merged-prints");
    world.staff();
    let (world, book) = (&world, &world.book);
    for person in &THREE {
        world.persons(&[*person]);
    }
    world.checked(THREE[1].2, 2, Some("enroller"));
    // A newer version of the second's row claims the first's number: two officers find that they are one.
    let (name, birth, own) = THREE[1];
    let claim = format!("{HEAD}{own}0,001,{name},{birth},Nam,001,Hà Nội,Số 0 Lê Lợi,,{}\n", THREE[0].2);
    let inputs = vec![Input { name: "claim.csv".into(), bytes: claim.into_bytes() }];
    let by = Officer::operator();
    import::persons(book, &by, inputs, &Mapping::default(), Thresholds::default(), &mut |_, _, _| ()).unwrap();
    let open = case::list(book, "", "open", None, 10).unwrap().items;
    assert_eq!((open.len(), open[0].kind.as_str()), (1, "number-clash"));
    let id = CaseId::parse(&open[0].id).unwrap();
    let survivor = case::show(book, &world.officers["first"], "a test", id).unwrap().a;
    assert_eq!(case::show(book, &world.officers["first"], " ", id).err().unwrap().code(), "purpose-missing");
    // An officer who may see only one of them does not merge them.
    let local = Officer { unit: "00001".into(), ..world.officers["first"].clone() };
    assert!(case::decide(book, &Command::by(&local), id, Verdict::Same, "cùng người").is_err());
    for officer in ["first", "second"] {
        case::decide(book, &Command::by(&world.officers[officer]), id, Verdict::Same, "cùng người").unwrap();
    }
    // A third applicant with the merged person's fingers is held against the survivor.
    let third = world.checked(THREE[2].2, 2, Some("enroller"));
    assert_eq!(world.state_of(&third), "case");
    let held = CaseId::parse(&case::list(book, "", "open", None, 10).unwrap().items[0].id).unwrap();
    assert_eq!(case::show(book, &world.officers["first"], "a test", held).unwrap().a, survivor);
    case::decide(book, &Command::by(&world.officers["first"]), held, Verdict::Same, "cùng người").unwrap();
    case::decide(book, &Command::by(&world.officers["second"]), held, Verdict::Same, "cùng người").unwrap();
    assert_eq!(world.state_of(&third), "refused");
}
