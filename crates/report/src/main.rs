//! `vandan-report`: a frozen report from standard input to a file on standard output, or the answer whether a file is it.
//!
//! Exits 0 done, 1 done and the answer is no, 2 wrong use, 3 bad input, 4 cannot now.

use programme::report::State;
use report::{Error, INPUT_MAX, Paper, Signed, Verdict, edition, pdf, tables, verify, xlsx};
use std::io::{Read, Write};
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::time::Duration;
use text::{Key, Language, Texts, t};

/// A report that takes longer is given up.
const SECONDS_MAX: u64 = 60;
/// A PDF that is larger is none of ours.
const FILE_MAX: u64 = 64 << 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Pdf,
    Xlsx,
    Csv,
    Json,
}

struct Arguments {
    format: Format,
    state: Option<State>,
    signed: Signed,
    table: Option<String>,
    verify: Option<String>,
    language: Language,
    json: bool,
    help: bool,
}

/// How it ends: status, code, text. An answer that was asked for goes to standard output, everything else to standard error.
struct End {
    answer: bool,
    status: u8,
    code: &'static str,
    key: Key,
    arguments: Vec<(&'static str, String)>,
}

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| given.iter().position(|word| word == name).and_then(|at| given.get(at + 1));
    let language = after("--lang").map_or_else(|| Language::of(&locale()), |language| Language::of(language));
    let json = given.iter().any(|word| word == "--json");
    let end = match arguments(&given, language) {
        Ok(arguments) => run(arguments),
        Err(end) => Err(end),
    };
    let end = match end {
        Ok(None) => return ExitCode::SUCCESS,
        Ok(Some(end)) | Err(end) => end,
    };
    say(&end, language, json);
    ExitCode::from(end.status)
}

#[expect(clippy::disallowed_methods, reason = "the language of whoever calls stands in the environment")]
fn locale() -> String {
    std::env::var("LANG").unwrap_or_default()
}

/// One line for people, or one JSON document.
fn say(end: &End, language: Language, json: bool) {
    let text = Texts::new(language).fill(end.key, &end.arguments);
    let mut line = text.clone();
    if json {
        let mut value = serde_json::json!({ "code": end.code, "message": text });
        for (name, argument) in &end.arguments {
            value[*name] = argument.as_str().into();
        }
        line = value.to_string();
    }
    let _ = if end.answer { writeln!(std::io::stdout(), "{line}") } else { writeln!(std::io::stderr(), "{line}") };
}

fn wrong(argument: &str) -> End {
    End {
        answer: false,
        status: 2,
        code: "wrong-use",
        key: t!("report-wrong-use"),
        arguments: vec![("argument", argument.to_owned())],
    }
}

fn arguments(given: &[String], language: Language) -> Result<Arguments, End> {
    let mut arguments = Arguments {
        format: Format::Pdf,
        state: None,
        signed: Signed::default(),
        table: None,
        verify: None,
        language,
        json: false,
        help: false,
    };
    let mut words = given.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| wrong(word));
        match word.as_str() {
            "--help" | "-h" => arguments.help = true,
            "--json" => arguments.json = true,
            "--lang" => drop(value()?),
            "--signer" => arguments.signed.signer.clone_from(value()?),
            "--number" => arguments.signed.number.clone_from(value()?),
            "--table" => arguments.table = Some(value()?.clone()),
            "--verify" => arguments.verify = Some(value()?.clone()),
            "--format" => {
                arguments.format = match value()?.as_str() {
                    "pdf" => Format::Pdf,
                    "xlsx" => Format::Xlsx,
                    "csv" => Format::Csv,
                    "json" => Format::Json,
                    other => return Err(wrong(other)),
                }
            }
            "--state" => {
                let value = value()?;
                let known = State::ALL.into_iter().find(|state| state.name() == value);
                arguments.state = Some(known.ok_or_else(|| wrong(value))?);
            }
            other => return Err(wrong(other)),
        }
    }
    Ok(arguments)
}

fn run(arguments: Arguments) -> Result<Option<End>, End> {
    if arguments.help {
        let text =
            Texts::new(arguments.language).fill(t!("report-usage"), &[("tables", "1-entered, honours, …".to_owned())]);
        write(text.as_bytes())?;
        return write(b"\n").map(|()| None);
    }
    let mut bytes = Vec::new();
    // One byte more than the limit tells that there is more.
    let read = std::io::stdin().lock().take(INPUT_MAX as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable("stdin", &error.to_string()))?;
    let file = arguments.verify.as_ref().map(|path| contents(path)).transpose()?;
    let mut paper = Paper::read(&bytes, arguments.state.unwrap_or(State::Draft)).map_err(|error| failed(&error))?;
    paper.signed = arguments.signed;
    if let Some(file) = file {
        let hash = paper.report.hash();
        let mut verdict = within_time(move || verify(&paper.report, &paper.signed, &file))?;
        if let Some(state) = arguments.state {
            verdict = verdict.filed(state);
        }
        return Ok(Some(judged(&verdict, hash, &Texts::new(arguments.language))));
    }
    let made = within_time(move || make(&paper, arguments.format, arguments.table.as_deref()))?;
    write(&made?)?;
    Ok(None)
}

fn make(paper: &Paper, format: Format, table: Option<&str>) -> Result<Result<Vec<u8>, End>, Error> {
    match format {
        Format::Pdf => return pdf(paper).map(Ok),
        Format::Xlsx => return xlsx(paper).map(Ok),
        Format::Csv | Format::Json => {}
    }
    let tables = tables(&paper.report);
    let chosen = tables.iter().find(|one| table.is_none_or(|name| one.name == name));
    Ok(chosen.map_or_else(
        || {
            let names: Vec<&str> = tables.iter().map(|one| one.name.as_str()).collect();
            let arguments = vec![("table", table.unwrap_or("–").to_owned()), ("tables", names.join(", "))];
            Err(End { answer: false, status: 2, code: "report-no-table", key: t!("report-no-table"), arguments })
        },
        |one| Ok(if format == Format::Csv { one.csv() } else { one.json() }),
    ))
}

/// Does the work beside, and gives up after a while: the process ends, and the work with it.
fn within_time<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, End> {
    let (done, wait) = channel();
    // Pages nest deeper than a thread's usual two megabytes.
    let begun = std::thread::Builder::new().stack_size(64 << 20).spawn(move || drop(done.send(work())));
    begun.map_err(|error| unwritable(&error.to_string()))?;
    match wait.recv_timeout(Duration::from_secs(SECONDS_MAX)) {
        Ok(result) => result.map_err(|error| failed(&error)),
        Err(_) => Err(End {
            answer: false,
            status: 4,
            code: "report-slow",
            key: t!("report-too-slow"),
            arguments: vec![("seconds", SECONDS_MAX.to_string())],
        }),
    }
}

fn judged(verdict: &Verdict, hash: String, texts: &Texts) -> End {
    let state = |state: State| match state {
        State::Draft => t!("report-is-draft"),
        State::Checked => t!("report-is-checked"),
        State::Signed => t!("report-is-signed"),
    };
    let (status, key, arguments) = match verdict {
        Verdict::Genuine(found) => (0, t!("report-genuine"), {
            let stands = texts.fill(state(*found), &[]);
            vec![("hash", hash), ("state", stands), ("stands", found.name().to_owned())]
        }),
        Verdict::Earlier(found) | Verdict::Beyond(found) => {
            let key = if matches!(verdict, Verdict::Earlier(_)) { t!("report-earlier") } else { t!("report-beyond") };
            (1, key, vec![("state", texts.fill(state(*found), &[])), ("stands", found.name().to_owned())])
        }
        Verdict::Altered => (1, t!("report-altered"), vec![("hash", hash)]),
        Verdict::Another(found) => (1, t!("report-another"), vec![("hash", hash), ("found", found.clone())]),
        Verdict::Unmarked => (1, t!("report-unmarked"), vec![("hash", hash)]),
        Verdict::Edition(found) => {
            (4, t!("report-edition"), vec![("hash", hash), ("found", found.clone()), ("edition", edition().to_owned())])
        }
    };
    End { answer: true, status, code: verdict.code(), key, arguments }
}

fn contents(path: &str) -> Result<Vec<u8>, End> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error.to_string()))?;
    let read = file.take(FILE_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(path, &error.to_string()))?;
    Ok(bytes)
}

fn failed(error: &Error) -> End {
    let (status, key, arguments) = match error {
        Error::Report(fault) => (3, t!("report-bad-report"), vec![("detail", fault.to_string())]),
        Error::Large => (3, t!("report-too-large"), vec![("max", INPUT_MAX.to_string())]),
        Error::Set(said) => (3, t!("report-unsettable"), vec![("detail", said.clone())]),
        Error::Sheet(error) => (3, t!("report-unsettable"), vec![("detail", error.to_string())]),
    };
    End { answer: false, status, code: error.code(), key, arguments }
}

fn unreadable(file: &str, detail: &str) -> End {
    let arguments = vec![("file", file.to_owned()), ("detail", detail.to_owned())];
    End { answer: false, status: 3, code: "file-unreadable", key: t!("report-unreadable"), arguments }
}

fn unwritable(detail: &str) -> End {
    End {
        answer: false,
        status: 4,
        code: "file-unwritable",
        key: t!("report-unwritable"),
        arguments: vec![("detail", detail.to_owned())],
    }
}

fn write(bytes: &[u8]) -> Result<(), End> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| unwritable(&error.to_string()))
}
