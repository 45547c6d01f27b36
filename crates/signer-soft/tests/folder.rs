//! The adapter passes the port's suite, and its folder holds what it should.

#![allow(clippy::unwrap_used, reason = "a test")]

use lds::Date;
use pki::Time;
use ports::signer::suite;
use signer_soft::{Identity, SoftSigner};
use std::path::PathBuf;

/// A folder of this test's own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("vandan-signer-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn entropy() -> impl FnMut(&mut [u8]) {
    let mut next = 0u8;
    move |out: &mut [u8]| {
        next += 1;
        out.fill(next);
    }
}

#[test]
fn what_was_created_opens_and_passes_the_suite() {
    let folder = Folder::new("suite");
    let leap_day = Time::end_of(Date::new(2020, 2, 29).unwrap());
    let now = Time::start_of(Date::new(2021, 1, 1).unwrap());
    suite(&SoftSigner::create(&folder.0, &Identity::demonstration(), leap_day, &mut entropy()).unwrap(), now);
    suite(&SoftSigner::open(&folder.0).unwrap(), now);
}

/// In Việt Nam the next day has begun when it is 18:00 UTC; certificates count in UTC.
#[test]
fn a_signer_may_sign_in_the_second_it_was_made() {
    for second in [0, 18 * 3600, 86_399] {
        let now = Time { second, ..Time::start_of(Date::new(2026, 11, 22).unwrap()) };
        suite(&SoftSigner::ephemeral(&Identity::test_keys(), now, &mut entropy()).unwrap(), now);
    }
}

#[test]
fn keys_are_never_overwritten_and_only_their_owner_reads_them() {
    let folder = Folder::new("modes");
    let now = Time::start_of(Date::new(2020, 11, 1).unwrap());
    SoftSigner::create(&folder.0, &Identity::test_keys(), now, &mut entropy()).unwrap();
    assert!(SoftSigner::create(&folder.0, &Identity::test_keys(), now, &mut entropy()).is_err());
    #[cfg(unix)]
    for name in ["csca.p8", "document-signer.p8"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.0.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_key_that_is_not_the_certificates_is_refused() {
    let folder = Folder::new("swapped");
    let now = Time::start_of(Date::new(2020, 11, 1).unwrap());
    SoftSigner::create(&folder.0, &Identity::test_keys(), now, &mut entropy()).unwrap();
    std::fs::copy(folder.0.join("csca.p8"), folder.0.join("document-signer.p8")).unwrap();
    assert_eq!(SoftSigner::open(&folder.0).unwrap_err().code(), "data-damaged");
}
