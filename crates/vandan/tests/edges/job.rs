//! Jobs: the officer's own, and an administrator's those of the unit's officers.

use crate::place::{Place, ask, session_as, two_provinces};
use axum::http::StatusCode;
use services::Command;
use services::officer::{self, Officer};

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
