//! Jobs: the officer's own, and an administrator's those of the unit's officers.

use crate::place::{Place, ask, session_as, two_provinces};
use axum::http::StatusCode;
use services::import::Input;
use services::job::{Done, Job, Jobs, Order, Progress};
use services::officer::{self, Officer};
use services::{Command, Error};
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};

#[test]
fn an_administrator_sees_the_jobs_of_the_own_unit() {
    let place = Place::new("job-reach");
    two_provinces(&place);
    let enter = |name: &str, role: &str, unit: &str| {
        let token = session_as(&place.book, name, role);
        let by = Command::by(&Officer::operator());
        officer::change(&place.book, &by, name, Some(&[role.to_owned()]), Some(unit)).unwrap();
        token
    };
    let enroller = enter("enroller", "enroller", "00001");
    let (status, job) = ask(&place, &enroller, "/applications/check", Some("key=1"));
    assert_eq!(status, StatusCode::SEE_OTHER, "{job}");
    for (name, role, unit, sees) in [
        ("nation", "administrator", "", true),
        ("province", "administrator", "P001", true),
        ("elsewhere", "administrator", "P004", false),
        ("colleague", "enroller", "00001", false),
    ] {
        let token = enter(name, role, unit);
        assert_eq!(ask(&place, &token, &job, None).0 == StatusCode::OK, sees, "{name}");
        assert_eq!(ask(&place, &token, "/jobs", None).1.contains(&job), sees, "{name}");
    }
    assert_eq!(ask(&place, &enroller, &job, None).0, StatusCode::OK);
}

/// Work that waits until it is told to go on.
fn held() -> (Sender<()>, impl FnOnce(Progress<'_>) -> Result<Done, Error> + Send + 'static) {
    let (go, waits) = channel::<()>();
    (go, move |_: Progress<'_>| {
        let _ = waits.recv();
        Ok(Done::default())
    })
}

fn order<'a>(key: &'a str, what: &'a str) -> Order<'a> {
    Order { kind: "withdraw", key, what, mebibytes: 0 }
}

fn ended(jobs: &Jobs, place: &Place, id: &str) -> Job {
    let all = || jobs.find(&place.book, &Officer::operator(), id).unwrap();
    (0..500)
        .find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            Some(all()).filter(|job| job.result.is_some())
        })
        .unwrap()
}

#[test]
fn a_key_is_one_job_and_with_anything_else_it_is_refused() {
    let place = Place::new("job-keys");
    let (jobs, officer) = (Jobs::default(), Officer::operator());
    let begin = |key: &str, what: &str| jobs.begin(&place.book, &officer, order(key, what), |_| Ok(Done::default()));
    let first = begin("k", "import a").unwrap();
    ended(&jobs, &place, &first);
    assert_eq!(begin("k", "import a").unwrap(), first, "the same again is the same");
    assert_eq!(begin("k", "import b").unwrap_err().code(), "key-reused");
    // Without a key the same work is one job while it runs, and another once it has ended.
    let (go, work) = held();
    let one = jobs.begin(&place.book, &officer, order("", "import c"), work).unwrap();
    assert_eq!(begin("", "import c").unwrap(), one);
    go.send(()).unwrap();
    ended(&jobs, &place, &one);
    assert_ne!(begin("", "import c").unwrap(), one);
    // What failed under a key is done again.
    let failing = jobs.begin(&place.book, &officer, order("f", "d"), |_| Err(Error::refused("x"))).unwrap();
    ended(&jobs, &place, &failing);
    assert_ne!(begin("f", "d").unwrap(), failing);
}

#[test]
fn many_jobs_hold_up_nobody_and_none_that_runs_is_forgotten() {
    let place = Place::new("job-many");
    let (jobs, officer) = (Jobs::default(), Officer::operator());
    let mut others = Officer::operator();
    others.id = ids::OfficerId(place.book.id());
    let (mut go, mut ids) = (Vec::new(), Vec::new());
    for number in 0..8 {
        let (tell, work) = held();
        go.push(tell);
        ids.push(jobs.begin(&place.book, &officer, order("", &number.to_string()), work).unwrap());
    }
    let refused = jobs.begin(&place.book, &officer, order("", "one more"), |_| Ok(Done::default()));
    assert_eq!(refused.unwrap_err().code(), "jobs-many");
    // Files that wait are counted, whoever sent them.
    let large = Order { kind: "import", key: "", what: "files", mebibytes: 513 };
    let refused = jobs.begin(&place.book, &others, large, |_| Ok(Done::default()));
    assert_eq!(refused.unwrap_err().code(), "jobs-many");
    // Hundreds of ended jobs of somebody else push none of them out.
    go.drain(..4).for_each(|go| go.send(()).unwrap());
    ids[..4].iter().for_each(|id| drop(ended(&jobs, &place, id)));
    for number in 0..120 {
        let id = jobs.begin(&place.book, &others, order("", &format!("other {number}")), |_| Ok(Done::default()));
        drop(id);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    assert!(ids[4..].iter().all(|id| jobs.find(&place.book, &officer, id).is_ok()));
    go.into_iter().for_each(|go| go.send(()).unwrap());
    ids[4..].iter().for_each(|id| drop(ended(&jobs, &place, id)));
}

#[test]
fn what_fails_in_a_job_is_written_down_and_one_that_breaks_off_has_ended() {
    let place = Place::new("job-faults");
    let (told, heard) = channel();
    let told = Mutex::new(told);
    let jobs = Jobs::new(Box::new(move |kind, fault| {
        told.lock().unwrap().send(format!("{kind} {}", fault.code())).unwrap();
    }));
    let officer = Officer::operator();
    let broken = jobs.begin(&place.book, &officer, order("a", ""), |_| panic!("broken off")).unwrap();
    assert_eq!(ended(&jobs, &place, &broken).state(), "failed");
    assert!(heard.recv().unwrap().starts_with("withdraw "));
    // The next one runs all the same.
    let next = jobs.begin(&place.book, &officer, order("b", ""), |_| Ok(Done::default())).unwrap();
    assert_eq!(ended(&jobs, &place, &next).state(), "done");
    jobs.close(std::time::Duration::from_secs(5));
}

#[test]
fn a_first_line_of_people_is_repeated_to_nobody() {
    let place = Place::new("job-heading");
    let inputs = vec![Input { name: "p.csv".into(), bytes: "14,001,DC01,Lê Văn Khoa,16/08/1977,Nam\n".into() }];
    let desk = crate::place::desk(&place.book);
    let error = services::job::import(&desk, &Officer::operator(), inputs, &mut |_, _| ()).unwrap_err();
    assert_eq!(error.code(), "columns-missing");
    assert!(!format!("{error:?}").contains("Khoa"), "{error:?}");
}
