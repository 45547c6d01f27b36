//! The synthetic prints of `sample` under our own engine, and the engine's commands on them.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "tests wait for, time and kill real processes")]

mod common;

use common::{Folder, json, run, with_input};
use fingerprint::{Extraction, GreyImage, Prepared, extract, thresholds};
use serde_json::Value;

fn capture(finger: u64, capture: u64) -> Extraction {
    let image = sample::print::master(finger, (finger % 10) as u8 + 1).impression(100 * finger + capture);
    let grey = GreyImage::new(image.width as u32, image.height as u32, image.pixels).unwrap();
    extract(grey, 500).unwrap()
}

#[test]
fn impressions_of_one_finger_match_and_of_two_do_not() {
    const FINGERS: u64 = 24;
    let prints: Vec<[Prepared; 2]> = (0..FINGERS)
        .map(|finger| {
            [1, 2].map(|number| {
                let found = capture(finger, number);
                let count = found.template.minutiae().len();
                assert!((15..=110).contains(&count), "finger {finger}: {count} minutiae");
                Prepared::new(&found.template)
            })
        })
        .collect();
    // Synthetic fingers are more alike than real ones: a few in a hundred reach the bound, and none comes near a mate.
    let mut false_matches = 0;
    for (k, [first, second]) in prints.iter().enumerate() {
        let mated = first.compare(second);
        assert!(mated > thresholds::ONE_FINGER + 10.0, "finger {k} against itself: {mated}");
        for (l, other) in prints.iter().enumerate().filter(|(l, _)| *l != k) {
            let score = first.compare(&other[1]);
            assert!(score < thresholds::ONE_FINGER + 5.0, "finger {k} against {l}: {score}");
            false_matches += usize::from(score >= thresholds::ONE_FINGER);
        }
    }
    assert!(false_matches <= 11, "{false_matches} of 552");
}

#[test]
fn the_commands_extract_compare_and_identify() {
    let folder = Folder::new("prints");
    let path = |name: &str| folder.join(name).display().to_string();
    let mut lists = [String::from("id,path,dpi,finger\n"), String::from("id,path,dpi,finger\n")];
    for person in 0..3u64 {
        for finger in 1..=3u8 {
            let master = sample::print::master(person, finger);
            for capture in 0..2 {
                let name = format!("{person}-{finger}-{capture}.png");
                std::fs::write(folder.join(&name), sample::print::png(&master.impression(capture + 7 * person)))
                    .unwrap();
                lists[capture as usize].push_str(&format!("person {person},{name},500,{finger}\n"));
            }
        }
    }
    let made = json(&["fingerprint", "extract", &path("0-1-0.png"), &path("0-2-0.png"), "--out-dir", &path("t")], 0);
    assert_eq!(made["templates"].as_array().unwrap().len(), 2);
    // An image, its ISO record and its native template give one score.
    let mate = path("0-1-1.png");
    let score = |file: &str| json(&["fingerprint", "compare", file, &mate], 0)["score"].as_f64().unwrap();
    assert_eq!(score(&path("0-1-0.png")), score(&path("t/0-1-0.iso")));
    run(&["fingerprint", "extract", &path("0-1-0.png"), "--format", "native", "--out-dir", &path("t")]);
    assert_eq!(score(&path("0-1-0.png")), score(&path("t/0-1-0.vdft")));
    for (format, file) in [("iso2011", "t2/0-1-0.iso"), ("ansi378", "t2/0-1-0.ansi")] {
        run(&["fingerprint", "extract", &path("0-1-0.png"), "--format", format, "--out-dir", &path("t2")]);
        // Angles in steps of two degrees are a little coarser.
        let off = (score(&path("0-1-0.png")) - score(&path(file))).abs();
        assert!(
            if format == "iso2011" { off == 0.0 } else { off < score(&path("0-1-0.png")).abs() / 2.0 },
            "{format}: {off}"
        );
    }
    assert_eq!(json(&["fingerprint", "compare", &path("1-1-0.png"), &mate], 0)["same_finger"], false);

    // One print, and two with what lies on each other; the picture is twice as large, with room for the grade above.
    for (form, begins) in [("png", &b"\x89PNG"[..]), ("svg", b"<svg ")] {
        let (one, two) = (path(&format!("one.{form}")), path(&format!("two.{form}")));
        assert_eq!(json(&["fingerprint", "show", &path("0-1-0.png"), "--out", &one], 0)["matched"], 0);
        let shown = json(&["fingerprint", "show", &path("0-1-0.png"), &mate, "--out", &two], 0);
        assert!(shown["matched"].as_u64().unwrap() > 5 && shown["score"].as_f64().unwrap() > 13.0, "{shown}");
        let [one, two] = [one, two].map(|file| std::fs::read(file).unwrap());
        assert!(one.starts_with(begins) && two.starts_with(begins) && two.len() > one.len());
        if form == "png" {
            let print = image::open(path("0-1-0.png")).unwrap();
            let one = image::load_from_memory(&one).unwrap();
            assert_eq!((one.width(), one.height()), (2 * print.width(), 2 * (print.height() + 24)));
        }
    }
    json(&["fingerprint", "show", &path("0-1-0.png"), "--out", &path("one.gif")], 2);
    // What has no end is not read to it.
    let endless = json(&["fingerprint", "compare", "/dev/zero", &mate], 3);
    assert_eq!(endless["error"]["code"], "file-larger", "{endless}");

    let lines =
        format!("{0}\t{1}\t500\t500\n{0}\tmissing.png\t500\t500\n\n{1}\t{0}\t500\t500\n", path("0-1-0.png"), mate);
    let (status, scores, _) = with_input(&["fingerprint", "compare", "--batch"], &lines);
    let scores: Vec<&str> = scores.lines().collect();
    assert_eq!((status, scores.len(), scores[1], scores[2]), (0, 4, "nan", "nan"));
    assert_eq!(scores[0], scores[3]);

    std::fs::write(folder.join("gallery.csv"), &lists[0]).unwrap();
    std::fs::write(folder.join("probes.csv"), &lists[1]).unwrap();
    let (gallery, probes, found) = (path("gallery.csv"), path("probes.csv"), path("found.csv"));
    let arguments =
        ["fingerprint", "identify", "--gallery", &gallery, "--probes", &probes, "--top", "2", "--out", &found];
    let answer = json(&arguments, 0);
    assert_eq!((&answer["hits"], &answer["prints_unusable"]), (&Value::from(3), &Value::from(0)));
    let found = std::fs::read_to_string(found).unwrap();
    assert_eq!(found.lines().filter(|line| line.contains(",1,")).count(), 3);
    assert!((0..3).all(|person| found.contains(&format!("person {person},1,person {person},"))), "{found}");
}

#[test]
fn bad_images_are_named_and_nothing_is_written() {
    let folder = Folder::new("bad-prints");
    let path = |name: &str| folder.join(name).display().to_string();
    std::fs::write(folder.join("good.png"), sample::print::png(&sample::print::master(1, 1).impression(1))).unwrap();
    let check = |name: &str, bytes: &[u8], code: &str| {
        std::fs::write(folder.join(name), bytes).unwrap();
        let answer = json(&["fingerprint", "extract", &path("good.png"), &path(name), "--out-dir", &path("out")], 3);
        assert_eq!(answer["error"]["code"], code, "{answer}");
        assert!(!folder.join("out").exists());
    };
    let pgm = |width: usize, height: usize, tone: u8| {
        let mut bytes = format!("P5\n{width} {height}\n255\n").into_bytes();
        bytes.resize(bytes.len() + width * height, tone);
        bytes
    };
    check("words.png", b"not an image", "fingerprint-not-an-image");
    check("white.pgm", &pgm(300, 300, 255), "fingerprint-blank-image");
    check("wide.pgm", &pgm(20_000, 20, 255), "fingerprint-image-too-large");
    check("tiny.pgm", &pgm(20, 20, 0), "fingerprint-image-too-small");
    check("empty.png", b"", "fingerprint-not-an-image");
    check("begins.wsq", b"\xFF\xA0", "wsq-truncated");
    check("other.wsq", b"\xFF\xA0\xFF\xD8", "wsq-bad-marker");
}
