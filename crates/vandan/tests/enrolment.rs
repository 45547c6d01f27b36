//! Packets and images that are not what they should be: each gets its named error, and the state stays as it was.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]

mod common;

use common::{Folder, json, session, text};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// An installation with one person who has a number, and prints and a face to enrol with.
fn prepared(folder: &Folder, name: &str) -> (PathBuf, String) {
    let data = folder.join(name);
    json(&["init", "--data", text(&data)], 0);
    let csv = folder.join("people.csv");
    let row = "1,001,Nguyễn Thị Thử,5/2/1990,Nữ,001,Hà Nội,Số 1 Lê Lợi";
    std::fs::write(
        &csv,
        format!("rec_id,file_province,full_name,birth_date,sex,birth_province,home_town,res_address\n{row}\n"),
    )
    .unwrap();
    json(&["import", "persons", text(&csv), "--data", text(&data)], 0);
    let found = json(&["person", "find", "thu nguyen", "--purpose", "a test", "--data", text(&data)], 0);
    (data, found["persons"][0]["number"].as_str().unwrap().to_owned())
}

fn sample(folder: &Folder) -> PathBuf {
    let sample = folder.join("sample");
    json(&["sample", "--persons", "5", "--applicants", "1", "--out", text(&sample)], 0);
    sample
}

/// Everything that must not change when something is refused.
fn state(data: &Path) -> Value {
    let mut status = json(&["status", "--data", text(data)], 0);
    status["ledger_root"] = Value::Null;
    status
}

fn finger(sample: &Path, position: u8) -> String {
    format!("{position}={}", text(&sample.join("prints/0").join(format!("{position}_1.png"))))
}

#[test]
fn a_packet_is_accepted_once_and_never_altered() {
    let folder = Folder::new("packets");
    let sample = sample(&folder);
    let (data, number) = prepared(&folder, "data");
    let (face, packet) = (sample.join("faces/0.jpg"), folder.join("packet"));
    let (one, two) = (finger(&sample, 1), finger(&sample, 2));
    let new = |data: &Path, file: &Path| {
        json(
            &[
                "application",
                "new",
                &number,
                "--face",
                text(&face),
                "--finger",
                &one,
                "--finger",
                &two,
                "--missing",
                "3=bandaged",
                "--packet",
                text(file),
                "--data",
                text(data),
            ],
            0,
        )
    };
    new(&data, &packet);
    let before = state(&data);
    let bytes = std::fs::read(&packet).unwrap();
    let altered = folder.join("altered");
    for at in [0, 4, 10, 25, 40, 63, 100, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        std::fs::write(&altered, changed).unwrap();
        let refused = json(&["application", "receive", text(&altered), "--data", text(&data)], 3);
        let code = refused["error"]["code"].as_str().unwrap().to_owned();
        assert!(["packet-malformed", "packet-signature", "kit-unknown"].contains(&code.as_str()), "byte {at}: {code}");
    }
    std::fs::write(&altered, &bytes[..bytes.len() / 3]).unwrap();
    let refused = json(&["application", "receive", text(&altered), "--data", text(&data)], 3);
    assert_eq!(refused["error"]["code"], "packet-malformed");
    assert_eq!(state(&data), before, "refused packets change nothing");

    let first = json(&["application", "receive", text(&packet), "--data", text(&data)], 0);
    assert_eq!((first[0]["fingers"].as_u64(), first[0]["again"].as_bool()), (Some(2), Some(false)));
    let received = state(&data);
    let again = json(&["application", "receive", text(&packet), "--data", text(&data)], 0);
    assert_eq!((&again[0]["application"], again[0]["again"].as_bool()), (&first[0]["application"], Some(true)));
    assert_eq!(state(&data), received, "a packet delivered twice is accepted once");

    // A kit that this centre does not know, and a packet that another centre's kit sealed to another centre.
    let (other, _) = prepared(&folder, "other");
    let refused = json(&["application", "receive", text(&packet), "--data", text(&other)], 3);
    assert_eq!(refused["error"]["code"], "kit-unknown");
    // The kit's count is gone, as after a restore: the next packet still has a count of its own.
    std::fs::remove_file(data.join("kit.counter")).unwrap();
    let another = ["application", "new", &number, "--face", text(&face), "--finger", &one, "--data", text(&data)];
    assert_eq!(json(&another, 2)["error"]["code"], "application-waiting");
    json(&["audit", "verify", "--data", text(&data)], 0);
}

#[test]
fn images_that_are_no_prints_are_named_and_nothing_is_kept() {
    let folder = Folder::new("images");
    let sample = sample(&folder);
    let (data, number) = prepared(&folder, "data");
    let face = sample.join("faces/0.jpg");
    let mut white = b"P5 300 400 255\n".to_vec();
    white.resize(white.len() + 300 * 400, 0xff);
    let mut wide = b"P5 20000 20 255\n".to_vec();
    wide.resize(wide.len() + 20_000 * 20, 0x80);
    let images: [(&str, &[u8]); 4] =
        [("text.png", b"not an image"), ("white.pgm", &white), ("wide.pgm", &wide), ("empty.png", b"")];
    // The kit is registered with the first application: that is a change of its own.
    let good = finger(&sample, 1);
    json(
        &[
            "application",
            "new",
            &number,
            "--face",
            text(&face),
            "--finger",
            &good,
            "--packet",
            text(&folder.join("p")),
            "--data",
            text(&data),
        ],
        0,
    );
    let before = state(&data);
    for (name, bytes) in images {
        let file = folder.join(name);
        std::fs::write(&file, bytes).unwrap();
        let bad = format!("2={}", text(&file));
        let refused = json(
            &[
                "application",
                "new",
                &number,
                "--face",
                text(&face),
                "--finger",
                &good,
                "--finger",
                &bad,
                "--data",
                text(&data),
            ],
            3,
        );
        println!("{name}: {}", refused["error"]["message"]);
        assert_eq!(refused["error"]["details"]["finger"], "2", "{refused}");
    }
    let refused = json(
        &[
            "application",
            "new",
            &number,
            "--face",
            text(&face),
            "--finger",
            &good,
            "--finger",
            &good,
            "--data",
            text(&data),
        ],
        3,
    );
    assert_eq!(refused["error"]["code"], "finger-position");
    let no_face = folder.join("text.png");
    let refused =
        json(&["application", "new", &number, "--face", text(&no_face), "--finger", &good, "--data", text(&data)], 3);
    assert_eq!(refused["error"]["code"], "face-not-jpeg");
    // A face that was cut off, one that is too wide, and a JPEG 2000 of which there is only the beginning.
    let whole = std::fs::read(&face).unwrap();
    let mut wide = whole.clone();
    let size = wide.windows(2).position(|pair| pair[0] == 0xff && matches!(pair[1], 0xc0..=0xc2)).unwrap();
    wide[size + 7..size + 9].copy_from_slice(&20_000u16.to_be_bytes());
    let faces: [(&[u8], &str); 3] = [
        (&whole[..whole.len() / 2], "face-truncated"),
        (&wide, "face-dimensions"),
        (b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftyp", "face-jp2"),
    ];
    for (bytes, code) in faces {
        let file = folder.join("face");
        std::fs::write(&file, bytes).unwrap();
        let refused =
            json(&["application", "new", &number, "--face", text(&file), "--finger", &good, "--data", text(&data)], 3);
        assert_eq!(refused["error"]["code"], code);
    }
    assert_eq!(state(&data), before);
}

#[test]
fn cards_need_another_officers_approval_and_read_back() {
    let folder = Folder::new("cards");
    let sample = sample(&folder);
    let (data, number) = prepared(&folder, "data");
    let face = sample.join("faces/0.jpg");
    let officer = |name: &str, roles: &[&str]| {
        let mut arguments = vec!["officer", "add", name, "--data", text(&data)];
        for role in roles {
            arguments.extend(["--role", role]);
        }
        let code = json(&arguments, 0)["one_time_code"].as_str().unwrap().to_owned();
        session(&data, name, &code)
    };
    let enroller = officer("enroller", &["enroller", "approver"]);
    let approver = officer("approver", &["approver", "personaliser"]);
    let maker = officer("maker", &["personaliser"]);
    let fingers: Vec<String> = (1..=10).map(|position| finger(&sample, position)).collect();
    let mut arguments =
        vec!["application", "new", &number, "--face", text(&face), "--session", &enroller, "--data", text(&data)];
    for finger in &fingers {
        arguments.extend(["--finger", finger]);
    }
    json(&arguments, 0);
    json(&["application", "check", "--session", &enroller, "--data", text(&data)], 0);
    // Without a session nobody may make a batch.
    let refused = json(&["batch", "new", "--data", text(&data)], 2);
    assert_eq!(refused["error"]["code"], "session-needed");
    let batch = json(&["batch", "new", "--session", &maker, "--data", text(&data)], 0);
    assert_eq!(batch["cards"], 1);
    let id = batch["batch"].as_str().unwrap();
    let cards = folder.join("cards");
    let personalise = |session: &str, status| {
        json(&["batch", "personalise", id, "--out", text(&cards), "--session", session, "--data", text(&data)], status)
    };
    assert_eq!(personalise(&maker, 2)["error"]["code"], "batch-not-approved");
    let refused = json(&["batch", "approve", id, "--session", &enroller, "--data", text(&data)], 2);
    assert_eq!(refused["error"]["code"], "batch-enroller");
    json(&["batch", "approve", id, "--session", &approver, "--data", text(&data)], 0);
    assert_eq!(personalise(&approver, 2)["error"]["code"], "batch-own-approval");
    let made = personalise(&maker, 0);
    let card = PathBuf::from(made["cards"][0].as_str().unwrap());
    let can = std::fs::read_to_string(card.with_extension("can")).unwrap();
    let csca = cards.join("csca.cer");
    let read = json(&["card", "read", "--card", text(&card), "--can", &can, "--csca", text(&csca)], 0);
    println!("{read}");
    // The same batch again makes nothing new.
    assert_eq!(personalise(&maker, 0)["cards"].as_array().unwrap().len(), 0);
    json(&["audit", "verify", "--data", text(&data)], 0);
}
