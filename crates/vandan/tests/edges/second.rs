//! Two officers on one record: the second sees what the first did, by whom and when; nothing typed is lost, nothing is
//! changed unseen.

use crate::place::{Place, ask, hidden, session};
use axum::http::StatusCode;
use register::heading::Mapping;
use services::import::{self, Input, Thresholds};
use services::officer::{self, Officer};

#[test]
fn who_changes_an_account_second_sees_what_the_first_did() {
    let place = Place::new("second-account");
    let token = session(&place.book, "administrator");
    let by = services::Command::by(&Officer::operator());
    officer::create(&place.book, &by, "moi", &["reader".to_owned()], "").unwrap();
    let (_, page) = ask(&place, &token, "/officers/moi", None);
    let (version, seen) = (hidden(&page, "version"), hidden(&page, "seen"));
    officer::change(&place.book, &by, "moi", Some(&["approver".to_owned()]), None).unwrap();

    let form = format!("key=1&version={version}&seen={seen}&what=change&role-auditor=1&unit=");
    let (status, page) = ask(&place, &token, "/officers/moi", Some(&form));
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    assert!(page.contains("Roles or unit changed") && page.contains("Operator"), "what was done, and by whom: {page}");
    assert!(page.contains("In the register now: Approver"), "{page}");
    assert!(page.contains("name=\"role-auditor\" value=\"1\" checked"), "what was chosen is kept");
    let of = || officer::find(&place.book, "", "moi").unwrap().unwrap();
    assert_eq!(of().officer.roles, ["approver"], "nothing was changed");

    // Having seen it, the second sends the same again.
    let form = format!("key=2&version={}&seen={seen}&what=change&role-auditor=1&unit=", hidden(&page, "version"));
    assert_eq!(ask(&place, &token, "/officers/moi", Some(&form)).0, StatusCode::SEE_OTHER);
    assert_eq!(of().officer.roles, ["auditor"]);
}

#[test]
fn a_form_of_an_account_that_is_not_whole_changes_nothing() {
    let place = Place::new("second-cut");
    let token = session(&place.book, "administrator");
    let by = services::Command::by(&Officer::operator());
    officer::create(&place.book, &by, "moi", &["reader".to_owned()], "").unwrap();
    let before = crate::place::kinds(&place).len();
    for (path, form) in [
        ("/officers/moi", "key=1&what=change&unit="),
        ("/officers/moi", "key=2&what=change&role-auditor=1"),
        ("/officers/moi", "key=3&what=remove&role-auditor=1&unit="),
        ("/officers/moi", "key=4&role-auditor=1&unit="),
        ("/officers", "key=5&name=hai&role-reader=1"),
        ("/officers", "key=6&name=hai&unit="),
    ] {
        assert_eq!(ask(&place, &token, path, Some(form)).0, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
    }
    assert_eq!(crate::place::kinds(&place).len(), before);
}

#[test]
fn who_corrects_a_row_second_corrects_the_newest_version() {
    let place = Place::new("second-row");
    let head = "rec_id,file_province,source,full_name,birth_date,sex,res_address";
    let csv = format!("{head}\r\n7,001,DC01,Nguyễn Văn Thử,31/02/1980,Nam,1 Phố Huế\r\n");
    let inputs = vec![Input { name: "one.csv".into(), bytes: csv.into_bytes() }];
    let operator = Officer::operator();
    import::persons(&place.book, &operator, inputs, &Mapping::default(), Thresholds::default(), &mut |_, _, _| ())
        .unwrap();
    let imports = || import::imports(&place.book, &operator, None, 100).unwrap().items;
    let id = imports()[0].import.clone();
    let file = import::files(&place.book, &operator, ids::ImportId::parse(&id).unwrap()).unwrap()[0].file.clone();
    let token = session(&place.book, "collector");
    let path = format!("/collect/{id}/rows/{file}/2");
    let (status, page) = ask(&place, &token, &path, None);
    assert_eq!(status, StatusCode::OK, "{page}");
    let seen = hidden(&page, "seen");

    let first = format!("key=1&seen={seen}&birth_date=28/02/1980");
    let (status, newest) = ask(&place, &token, &path, Some(&first));
    assert_eq!(status, StatusCode::SEE_OTHER, "{newest}");
    assert_eq!(imports().len(), 2);
    // Pressed twice it is the same correction.
    assert_eq!(ask(&place, &token, &path, Some(&first)), (StatusCode::SEE_OTHER, newest));
    assert_eq!(imports().len(), 2);

    let second = format!("key=2&seen={seen}&birth_date=31/02/1980&res_address=2+Ph%E1%BB%91+Hu%E1%BA%BF");
    let (status, page) = ask(&place, &token, &path, Some(&second));
    assert_eq!(status, StatusCode::CONFLICT, "{page}");
    assert!(page.contains("a row corrected") && page.contains("officer.collector"), "{page}");
    assert!(page.contains("In the register now: 28/02/1980"), "the field that the first changed: {page}");
    assert!(page.contains("value=\"2 Phố Huế\""), "what the second typed is kept: {page}");
    assert_eq!(imports().len(), 2, "nothing was changed");
    // The old version only shows the way to the new one.
    let (_, old) = ask(&place, &token, &path, None);
    assert!(old.contains("There is a newer version of this row") && !old.contains("name=\"birth_date\""), "{old}");

    let action = page.split("<form class=\"stack\" method=\"post\" action=\"").nth(1).unwrap();
    let newest = action.split('"').next().unwrap();
    assert_ne!(newest, path);
    let form = format!("key=3&seen={seen}&birth_date=28/02/1980&res_address=2+Ph%E1%BB%91+Hu%E1%BA%BF");
    assert_eq!(ask(&place, &token, newest, Some(&form)).0, StatusCode::SEE_OTHER);
    assert_eq!(imports().len(), 3);
}
