//! A register with its pages and operations, without a socket.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use console::{Console, Site};
use enrolment::Application;
use folder::{DataFolder, KeyFile};
use ids::{BatchId, CardId};
use inspection::Inspection;
use ports::machine::{Clock, Entropy};
use register::heading::Mapping;
use services::application::Received;
use services::batch::Outcome;
use services::import::{self, Input, Thresholds};
use services::job::Jobs;
use services::limit::{Limits, Rates};
use services::officer::{self, Officer};
use services::programme::{Paper, Rulebook};
use services::{Book, Command, Desk, Error, Home};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tower::ServiceExt;

/// The machine's clock, or one that stands where a test has set it.
#[derive(Clone, Default)]
pub(crate) struct Machine(Arc<AtomicI64>);

impl Machine {
    /// From now on it is this instant.
    pub(crate) fn set(&self, at: time::Instant) {
        self.0.store(at.0, Ordering::SeqCst);
    }
}

impl Clock for Machine {
    fn now(&self) -> time::Instant {
        match self.0.load(Ordering::SeqCst) {
            0 => {}
            set => return time::Instant(set),
        }
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        time::Instant(since.as_micros() as i64)
    }
}

impl Entropy for Machine {
    fn fill(&self, bytes: &mut [u8]) {
        use std::io::Read;
        std::fs::File::open("/dev/urandom").unwrap().read_exact(bytes).unwrap();
    }
}

/// A machine without kit and signer: what the pages ask of it is refused.
struct Bare;

impl services::machine::Machine for Bare {
    fn enrol(&self, _: &Command, _: &Application) -> Result<Received, Error> {
        Err(Error::refused("kit-unknown"))
    }

    fn personalise(&self, _: &Command, _: BatchId, _: &mut dyn FnMut(u64, u64)) -> Result<Outcome, Error> {
        Err(Error::refused("batch-not-approved"))
    }

    fn rulebook(&self) -> Result<Rulebook, Error> {
        Rulebook::shipped().map_err(|fault| services::programme::of_rules(&fault))
    }

    /// No pages, but what pages bear: their state and the hash of what was frozen.
    fn set(&self, paper: &Paper, form: &str) -> Result<Option<Vec<u8>>, Error> {
        let hash = programme::report::Report::read(&paper.frozen).unwrap().hash();
        if form == "xlsx" {
            // Compressed, it shows nothing of what it says.
            let turned = paper.frozen.iter().rev();
            return Ok(Some(b"PK".iter().chain(turned).copied().collect()));
        }
        let signed =
            if paper.signer.is_empty() { String::new() } else { format!("{}/{} ", paper.number, paper.signer) };
        let mut file =
            format!("%{form} {} {signed}sha256:{hash} edition:0123456789abcdef\n", paper.state.name()).into_bytes();
        file.extend(&paper.frozen);
        Ok(Some(file))
    }

    fn inspect(&self, _: CardId, _: &str) -> Result<Option<Inspection>, Error> {
        Ok(None)
    }
}

/// Where the pages are, as browsers name it.
pub(crate) const ORIGIN: &str = "http://localhost:8080";

pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) clock: Machine,
    pub(crate) book: Arc<Book>,
    pub(crate) app: Router,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

impl Place {
    pub(crate) fn new(name: &str) -> Place {
        let path = fresh(name);
        std::fs::create_dir_all(path.join("keys")).unwrap();
        let keys = KeyFile::create(&DataFolder::open(&path).unwrap().keys(), [7; 32], "vandan/test").unwrap();
        Place::open(path.clone(), path, keys)
    }

    /// A register with people, cases, applications, cards and batches in it.
    pub(crate) fn filled(name: &str) -> Place {
        let path = fresh(name);
        let made = std::process::Command::new(env!("CARGO_BIN_EXE_vandan"))
            .args(["demo", "--once", "--persons", "300", "--applications", "12", "--cards", "6", "--data"])
            .arg(&path)
            .env_remove("VANDAN_DATABASE")
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let data = path.join("register");
        let keys = KeyFile::open(&DataFolder::open(&data).unwrap().keys()).unwrap();
        Place::open(path, data, keys)
    }

    /// Ends what serves the register and opens it again: nothing of its memory is there any more.
    pub(crate) fn restart(&mut self) {
        // Something has to stand in their place while they end, for the register is open once.
        let mut other = Place::new("standing-in");
        std::mem::swap(&mut self.book, &mut other.book);
        std::mem::swap(&mut self.app, &mut other.app);
        drop(other);
        let keys = KeyFile::open(&DataFolder::open(&self.path).unwrap().keys()).unwrap();
        self.book = Arc::new(Book::open(home(&self.path, keys, &self.clock)).unwrap());
        self.app = app(&self.book, 1_000_000, ORIGIN);
    }

    fn open(path: PathBuf, data: PathBuf, keys: KeyFile) -> Place {
        let clock = Machine::default();
        let book = Arc::new(Book::open(home(&data, keys, &clock)).unwrap());
        let app = app(&book, 1_000_000, ORIGIN);
        Place { path, clock, book, app }
    }

    /// The same with so many reads a minute.
    pub(crate) fn reading(mut self, reads: u32) -> Place {
        self.app = app(&self.book, reads, ORIGIN);
        self
    }

    /// The same where browsers find it at another address.
    pub(crate) fn at(mut self, origin: &str) -> Place {
        self.app = app(&self.book, 1_000_000, origin);
        self
    }
}

/// The ports of a data folder.
fn home(data: &Path, keys: KeyFile, clock: &Machine) -> Home {
    let tables: Vec<&'static journal::Table> = [
        register::table::TABLES,
        enrolment::table::TABLES,
        issuance::table::TABLES,
        officer::TABLES,
        &[&services::schema::PERSON_EVENT, &services::schema::COMMAND],
        services::programme::TABLES,
    ]
    .concat();
    let folder = DataFolder::open(data).unwrap();
    Home {
        store: Box::new(store_sql::SqliteStore::open(&folder.database(), &tables).unwrap()),
        blobs: Box::new(folder.blobs()),
        tiles: Box::new(folder.tiles()),
        keys: Box::new(keys),
        clock: Box::new(clock.clone()),
        gallery: Arc::new(folder.gallery()),
        entropy: Arc::new(clock.clone()),
    }
}

/// A desk on a bare machine.
pub(crate) fn desk(book: &Arc<Book>) -> Desk {
    Desk {
        book: Arc::clone(book),
        machine: Box::new(Bare),
        limits: Limits::new(Rates { reads: 1_000_000, sign_ins: 1_000_000, anonymous: 1_000_000 }),
        jobs: Jobs::default(),
        version: "test",
    }
}

fn app(book: &Arc<Book>, reads: u32, origin: &str) -> Router {
    let limits = Limits::new(Rates { reads, sign_ins: 1_000_000, anonymous: 1_000_000 });
    let desk = Arc::new(Desk { limits, ..desk(book) });
    let room = Arc::new(tokio::sync::Semaphore::new(512));
    let site = Site::at(origin).unwrap();
    let console = Console::new(Arc::clone(&desk), api::document(), site, Arc::clone(&room));
    console::router(console).merge(api::router(api::Api::new(desk, room)))
}

fn fresh(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("vandan-console-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

/// An officer of a role who is signed in: the session's token.
pub(crate) fn session(book: &Arc<Book>, role: &str) -> String {
    session_as(book, &format!("officer.{role}"), role)
}

/// The same under a name.
pub(crate) fn session_as(book: &Arc<Book>, name: &str, role: &str) -> String {
    let by = Command::by(&Officer::operator());
    let code = officer::create(book, &by, name, &[role.to_owned()], "").unwrap();
    let accepted = officer::accept(book, name, &code, "a long password").unwrap();
    let code = officer::code_of(&accepted.second_factor, book.now()).unwrap();
    officer::sign_in(book, name, "a long password", &code).unwrap()
}

pub(crate) fn answer(app: &Router, request: Request<Body>) -> (StatusCode, String) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let response = app.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let place = response.headers().get(header::LOCATION).map(|place| place.to_str().unwrap().to_owned());
        let body = axum::body::to_bytes(response.into_body(), 32 << 20).await.unwrap();
        (status, place.unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned()))
    })
}

/// A page, or the answer to a form, in English.
pub(crate) fn ask(place: &Place, token: &str, path: &str, form: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::builder()
        .method(if form.is_some() { "POST" } else { "GET" })
        .uri(path)
        .header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"));
    if form.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    answer(&place.app, request.body(Body::from(form.unwrap_or_default().to_owned())).unwrap())
}

/// An operation of `/api/v1`, asked with a body of JSON.
pub(crate) fn call(place: &Place, token: &str, method: &str, path: &str, body: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json");
    answer(&place.app, request.body(Body::from(body.to_owned())).unwrap())
}

/// Sends bytes to an operation; gives what is said.
pub(crate) fn sent(place: &Place, token: &str, path: &str, bytes: &str) -> String {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/octet-stream");
    answer(&place.app, request.body(Body::from(bytes.to_owned())).unwrap()).1
}

/// The value of a page's first hidden field of this name.
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let field = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    field.split('"').next().unwrap().to_owned()
}

const HEAD: &str =
    "rec_id,file_province,source,full_name,birth_date,sex,birth_province,home_town,res_address,id9,pin12\n";

/// Takes up rows of these columns as a file of their own.
pub(crate) fn take_in(place: &Place, rows: &str) {
    let inputs = vec![Input { name: "people.csv".into(), bytes: format!("{HEAD}{rows}").into_bytes() }];
    let by = Officer::operator();
    import::persons(&place.book, &by, inputs, &Mapping::default(), Thresholds::default(), &mut |_, _, _| ()).unwrap();
}

/// Takes up two provinces, each with one commune, and a person in each: `00001` in `P001`, `01273` in `P004`.
pub(crate) fn two_provinces(place: &Place) {
    let units = [
        ("p.csv", "pin_code,gso_code,name\n001,01,Hà Nội\n004,04,Cao Bằng\n"),
        ("d.csv", "code,province_code,full_name\n001,01,Ba Đình\n040,04,Cao Bằng\n"),
        ("w.csv", "code,district_code,full_name\n00001,001,Phúc Xá\n01273,040,Sông Hiến\n"),
    ];
    let by = Command::by(&Officer::operator());
    services::unit::import(&place.book, &by, &units.map(|(name, text)| (name.to_owned(), text.into()))).unwrap();
    let text = "rec_id,file_province,full_name,birth_date,sex,birth_province,res_ward\n\
        1,001,Nguyễn Văn An,5/2/1950,Nam,001,00001\n2,001,Lý Thị Mai,7/9/1991,Nữ,004,01273\n";
    let inputs = vec![Input { name: "two.csv".into(), bytes: text.into() }];
    let (by, none) = (Officer::operator(), &mut |_: &'static str, _: u64, _: u64| ());
    import::persons(&place.book, &by, inputs, &Mapping::default(), Thresholds::default(), none).unwrap();
}

/// The kinds of all events, in order.
pub(crate) fn kinds(place: &Place) -> Vec<String> {
    place.book.view(|view| Ok(view.events(0, 10_000)?)).unwrap().into_iter().map(|event| event.kind).collect()
}
