//! Files taken in by several at once, and imports that were cut off: nobody is entered twice, nothing sent is lost, and nobody
//! waits for somebody else's files.

use crate::place::{Place, ask, kinds, session, two_provinces};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use ids::{FileId, ImportId};
use register::heading::Mapping;
use services::import::{self, Input, Report, Thresholds};
use services::officer::Officer;
use services::{Command, Error};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tower::ServiceExt;

const HEAD: &str = "rec_id,file_province,source,full_name,birth_date,sex,res_address";

fn rows(from: usize) -> String {
    let names = match from {
        1 => ["Nguyễn Văn Thử", "Trần Thị Bích", "Lê Quốc Khánh"],
        _ => ["Phạm Đức Long", "Hoàng Mai Anh", "Vũ Tuấn Kiệt"],
    };
    let row =
        |(at, name): (usize, &&str)| format!("\r\n{},001,DC01,{name},1{at}/2/19{}0,Nam,", from + at, 5 + from % 5);
    HEAD.to_owned() + &names.iter().enumerate().map(row).collect::<String>()
}

fn send(place: &Place, csv: &str, step: &mut dyn FnMut(&str)) -> Result<Report, Error> {
    let inputs = vec![Input { name: "rows.csv".into(), bytes: csv.as_bytes().to_vec() }];
    let (by, mapping, mut told) = (Officer::operator(), Mapping::default(), |name: &'static str, _, _| step(name));
    import::persons(&place.book, &by, inputs, &mapping, Thresholds::default(), &mut told)
}

fn states(place: &Place) -> Vec<String> {
    let all = import::imports(&place.book, &Officer::operator(), None, 100).unwrap().items;
    all.into_iter().map(|one| one.state).collect()
}

fn entered(place: &Place) -> u64 {
    services::status::status(&place.book, "test").unwrap().persons.entered
}

#[test]
fn the_same_files_from_two_at_once_are_entered_once() {
    let place = Place::new("collect-twice");
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..4).map(|_| scope.spawn(|| send(&place, &rows(1), &mut |_| ()).unwrap())).collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(reports.iter().map(|report| report.persons).sum::<usize>(), 3);
    assert_eq!((entered(&place), states(&place)), (3, vec!["done".to_owned()]));
}

#[test]
fn a_form_that_was_sent_twice_is_one_job() {
    let place = Place::new("collect-form");
    let token = session(&place.book, "collector");
    // Jobs go on after the answer, so what runs them stays.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let upload = |key: &str, csv: &str| {
        let part =
            |name: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; {name}\r\n\r\n{value}\r\n");
        let body = part("name=\"key\"", key) + &part("name=\"files\"; filename=\"rows.csv\"", csv) + "--b--\r\n";
        let request = Request::builder()
            .method("POST")
            .uri("/collect")
            .header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        let response = place.app.clone().oneshot(request.body(Body::from(body)).unwrap());
        let response = runtime.block_on(response).unwrap();
        (response.status(), response.headers()[header::LOCATION].to_str().unwrap().to_owned())
    };
    let first = upload("k1", &rows(1));
    assert!(first.0 == StatusCode::SEE_OTHER && first.1.starts_with("/jobs/"), "{first:?}");
    assert_eq!(upload("k1", &rows(1)), first);
    assert_ne!(upload("k1", &rows(7)).1, first.1, "other files in the same form are another job");
    let begun = std::time::Instant::now();
    while entered(&place) < 6 {
        assert!(begun.elapsed().as_secs() < 30);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(states(&place).len(), 2);
}

#[test]
fn an_import_that_was_cut_off_keeps_nobody_waiting_and_its_files_may_be_sent_again() {
    for (at, missing) in [("stage", 3), ("enter", 0)] {
        let place = Place::new(&format!("collect-cut-{at}"));
        let cut = catch_unwind(AssertUnwindSafe(|| {
            send(&place, &rows(1), &mut |step| assert_ne!(step, at, "the machine stops here"))
        }));
        assert!(cut.is_err());
        assert_eq!((entered(&place), states(&place)), (3 - missing, vec!["open".to_owned()]));
        let first = import::imports(&place.book, &Officer::operator(), None, 1).unwrap().items.remove(0).import;
        let token = session(&place.book, "collector");
        let (_, page) = ask(&place, &token, &format!("/collect/{first}"), None);
        assert!(page.contains("Send the files again"), "{page}");

        // Others go on; what was cut off has an end.
        assert_eq!(send(&place, &rows(7), &mut |_| ()).unwrap().persons, 3);
        assert_eq!(states(&place), ["done", "cut-off"]);
        assert!(kinds(&place).iter().any(|kind| kind == "import.cut-off"));

        // Sent again, what is there is not entered twice, and the rest is.
        let again = send(&place, &rows(1), &mut |_| ()).unwrap();
        assert_eq!((again.persons as u64, again.same as u64), (missing, 3 - missing), "{at}");
        assert_eq!((entered(&place), states(&place)[0].as_str()), (6, "done"));
        let first = ImportId::parse(&first).unwrap();
        import::withdraw(&place.book, &Command::by(&Officer::operator()), first).unwrap();
        assert_eq!(states(&place)[2], "withdrawn");
    }
}

#[test]
fn of_two_who_correct_a_row_at_the_same_moment_one_is_told() {
    let place = Place::new("collect-correct");
    let report = send(&place, &rows(1), &mut |_| ()).unwrap();
    let (by, import) = (Officer::operator(), ImportId::parse(&report.import).unwrap());
    let file = FileId::parse(&import::files(&place.book, &by, import).unwrap()[0].file).unwrap();
    let correct = |key: usize, address: &str| {
        let command = Command { key: Some(format!("k{key}")), ..Command::by(&by) };
        let cells = [("res_address".to_owned(), address.to_owned())];
        import::correct(&place.book, &command, file, 2, &cells).map(|report| report.import)
    };
    let answers: Vec<_> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..4).map(|at| scope.spawn(move || correct(at, &format!("{at} Phố Huế")))).collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert!(answers.iter().flat_map(|answer| answer.as_ref().err()).all(|error| error.code() == "version-changed"));
    let at = answers.iter().position(Result::is_ok).unwrap();
    let before = kinds(&place).len();
    assert_eq!(correct(at, &format!("{at} Phố Huế")), answers[at], "under its key it is the same correction");
    assert_eq!(correct(at, "elsewhere").unwrap_err().code(), "key-reused");
    assert_eq!(kinds(&place).len(), before);
}

#[test]
fn who_corrects_a_row_after_the_province_is_told_so_and_not_where() {
    let place = Place::new("collect-above");
    two_provinces(&place);
    let (nation, ward) = (Officer::operator(), Officer { unit: "00001".into(), ..Officer::operator() });
    let text = "rec_id,file_province,full_name,birth_date,sex,res_ward\n9,001,Trần Thị Thử,1/2/1980,Nữ,00001\n\
        10,001,Trần Văn Thử,3/4/1981,Nam,\n";
    let inputs = vec![Input { name: "ward.csv".into(), bytes: text.into() }];
    let (mapping, sure) = (Mapping::default(), Thresholds::default());
    let report = import::persons(&place.book, &ward, inputs, &mapping, sure, &mut |_, _, _| ()).unwrap();
    let import = ImportId::parse(&report.import).unwrap();
    let file = FileId::parse(&import::files(&place.book, &ward, import).unwrap()[0].file).unwrap();
    let correct = |by: &Officer, address: &str| {
        let cells = [("res_address".to_owned(), address.to_owned())];
        import::correct(&place.book, &Command::by(by), file, 2, &cells)
    };
    correct(&nation, "1 Phố Huế").unwrap();
    assert!(import::newer(&place.book, &nation, file, 2).unwrap().is_some());
    assert_eq!(import::newer(&place.book, &ward, file, 2).unwrap(), None);
    for address in ["1 Phố Huế", "2 Phố Huế"] {
        assert_eq!(correct(&ward, address).unwrap_err().code(), "version-changed");
    }

    // Every read of the row is its person's unit's to look after; that of somebody without one, the importing unit's.
    import::row(&place.book, &nation, file, 3).unwrap();
    let events = place.book.view(|view| Ok(view.events(0, 10_000)?)).unwrap();
    let reads = events.into_iter().filter(|event| event.kind == "row.read");
    let units: Vec<String> = reads.map(|event| event.unit).collect();
    assert!(units.len() >= 4 && units.iter().all(|unit| unit == "00001"), "{units:?}");
}
