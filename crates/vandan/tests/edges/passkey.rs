//! Passkeys: added, used once for each challenge, and every way in which they are refused.

use crate::device::{BASE64, Device, Engine, challenge};
use crate::place::{ORIGIN, Place, answer, kinds, session};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use services::Command;
use services::officer::{self, Officer};

fn get(place: &Place, path: &str, token: &str) -> String {
    let cookie = format!("vandan-session={token}; vandan-language=en");
    let request = Request::builder().uri(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let (status, page) = answer(&place.app, request);
    assert_eq!(status, StatusCode::OK, "{path}: {page}");
    page
}

fn post(place: &Place, path: &str, token: &str, body: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, format!("vandan-session={token}; vandan-language=en"))
        .body(Body::from(body.to_owned()))
        .unwrap();
    answer(&place.app, request)
}

/// A place with an officer who has the device's passkey: place, session, officer's id.
fn place(name: &str, device: &Device) -> (Place, String, Vec<u8>) {
    let place = Place::new(name);
    let token = session(&place.book, "reader");
    let fields = device.create(&challenge(&get(&place, "/account", &token)), ORIGIN);
    let added = post(&place, "/account/passkeys", &token, &format!("key=1&{fields}"));
    assert_eq!(added, (StatusCode::SEE_OTHER, "/account".to_owned()));
    let user = officer::of_session(&place.book, &token).unwrap().id.bytes().to_vec();
    (place, token, user)
}

#[test]
fn a_passkey_signs_in_once_for_each_challenge() {
    let mut device = Device::new(b"a");
    let (place, token, user) = place("passkey-once", &device);
    assert!(get(&place, "/account", &token).contains("on one device"));
    let fields = device.get(&challenge(&get(&place, "/sign-in", "")), ORIGIN, &user);
    assert_eq!(post(&place, "/sign-in/passkey", "", &fields), (StatusCode::SEE_OTHER, "/persons".to_owned()));
    let before = kinds(&place);
    assert_eq!(before.iter().filter(|kind| *kind == "passkey.added").count(), 1);
    assert_eq!(before.last().unwrap(), "officer.signed-in");
    // The same answer again: refused, and written down.
    let (status, page) = post(&place, "/sign-in/passkey", "", &fields);
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(page.contains("The passkey was not accepted"), "{page}");
    // The same challenge signed anew is no better.
    let again = challenge(&get(&place, "/sign-in", ""));
    let first = device.get(&again, ORIGIN, &user);
    let second = device.get(&again, ORIGIN, &user);
    assert_eq!(post(&place, "/sign-in/passkey", "", &first).0, StatusCode::SEE_OTHER);
    assert_eq!(post(&place, "/sign-in/passkey", "", &second).0, StatusCode::UNAUTHORIZED);
    assert_eq!(kinds(&place).iter().filter(|kind| *kind == "officer.refused").count(), 2);
}

#[test]
fn what_is_not_this_officers_passkey_for_this_place_is_refused() {
    let mut device = Device::new(b"a");
    let (place, token, user) = place("passkey-refused", &device);
    let fresh = || challenge(&get(&place, "/sign-in", ""));
    let foreign = challenge(&get(&place, "/account", &token));
    let made_up = BASE64.encode([7; 40]);
    for (why, fields) in [
        ("another origin", device.get(&fresh(), "http://localhost:9999", &user)),
        ("a site that looks alike", device.get(&fresh(), "http://localhost:8080.example", &user)),
        ("somebody else's handle", device.get(&fresh(), ORIGIN, &[1; 16])),
        ("a challenge for adding", device.get(&foreign, ORIGIN, &user)),
        ("a challenge made up", device.get(&made_up, ORIGIN, &user)),
    ] {
        assert_eq!(post(&place, "/sign-in/passkey", "", &fields).0, StatusCode::UNAUTHORIZED, "{why}");
        assert_eq!(kinds(&place).last().unwrap(), "officer.refused", "{why}");
    }
    let before = kinds(&place).len();
    let unknown = Device::new(b"b").get(&fresh(), ORIGIN, &user);
    assert_eq!(post(&place, "/sign-in/passkey", "", &unknown).0, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&place, "/sign-in/passkey", "", "").0, StatusCode::UNAUTHORIZED);
    assert_eq!(kinds(&place).len(), before, "a passkey that there is not changes nothing");
    let right = device.get(&fresh(), ORIGIN, &user);
    assert_eq!(post(&place, "/sign-in/passkey", "", &right).0, StatusCode::SEE_OTHER);
}

#[test]
fn a_passkey_is_added_once_and_by_whom_it_was_offered_to() {
    let device = Device::new(b"a");
    let (place, token, _) = place("passkey-added", &device);
    let offered = challenge(&get(&place, "/account", &token));
    let other = Device::new(b"b").create(&offered, ORIGIN);
    let approver = session(&place.book, "approver");
    let count = || {
        let owner = officer::of_session(&place.book, &token).unwrap();
        officer::passkeys(&place.book, &owner).unwrap().len()
    };
    let elsewhere = Device::new(b"b").create(&offered, "https://evil.example");
    for (token, fields, said) in [
        (&approver, &other, "The page was open too long"),
        (&token, &elsewhere, "The passkey was not accepted"),
        (&token, &device.create(&offered, ORIGIN), "has been added already"),
    ] {
        let (status, page) = post(&place, "/account/passkeys", token, &format!("key=2&{fields}"));
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(page.contains(said), "{page}");
    }
    assert_eq!(count(), 1);
    // Pressed twice: one passkey, the same answer.
    for _ in 0..2 {
        let (status, _) = post(&place, "/account/passkeys", &token, &format!("key=3&{other}"));
        assert_eq!(status, StatusCode::SEE_OTHER);
    }
    assert_eq!(count(), 2);
}

#[test]
fn a_passkey_goes_when_its_owner_removes_it_or_the_account_is_given_anew() {
    let mut device = Device::new(b"a");
    let (place, token, user) = place("passkey-gone", &device);
    let address = format!("/account/passkeys/{}/remove", BASE64.encode(device.id));
    let approver = session(&place.book, "approver");
    assert_eq!(post(&place, &address, &approver, "key=1&version=1").0, StatusCode::NOT_FOUND, "another's passkey");
    let used = device.get(&challenge(&get(&place, "/sign-in", "")), ORIGIN, &user);
    assert_eq!(post(&place, "/sign-in/passkey", "", &used).0, StatusCode::SEE_OTHER);
    assert_eq!(post(&place, &address, &token, "key=1&version=1").0, StatusCode::CONFLICT, "used since it was seen");
    assert_eq!(post(&place, &address, &token, "key=2&version=2").0, StatusCode::SEE_OTHER);
    let gone = device.get(&challenge(&get(&place, "/sign-in", "")), ORIGIN, &user);
    assert_eq!(post(&place, "/sign-in/passkey", "", &gone).0, StatusCode::UNAUTHORIZED);

    let fields = device.create(&challenge(&get(&place, "/account", &token)), ORIGIN);
    assert_eq!(post(&place, "/account/passkeys", &token, &format!("key=4&{fields}")).0, StatusCode::SEE_OTHER);
    let by = Command::by(&Officer::operator());
    let code = officer::reset(&place.book, &by, "officer.reader").unwrap();
    officer::accept(&place.book, "officer.reader", &code, "another long password").unwrap();
    let gone = device.get(&challenge(&get(&place, "/sign-in", "")), ORIGIN, &user);
    assert_eq!(post(&place, "/sign-in/passkey", "", &gone).0, StatusCode::UNAUTHORIZED);
}
