//! Real fingers: the four databases of FVC2002 set B as four people with ten fingers and eight captures.
//!
//! The set is not part of the project; without it the test says that it was skipped.

use fingerprint::{FingerPosition, Gallery, Person, Template, decode, extract, identify};
use std::path::{Path, PathBuf};

const CAPTURES: usize = 8;
/// Folder and resolution in dots per inch of each person.
const PEOPLE: [(&str, u32); 4] = [("DB1_B", 500), ("DB2_B", 569), ("DB3_B", 500), ("DB4_B", 500)];

fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("VANDAN_SHARED").map_or(root, PathBuf::from);
    let folder = shared.join("fingerprints/fvc2002");
    folder.is_dir().then_some(folder)
}

/// All captures of one finger of one person; a capture that cannot be enrolled is a missing finger.
fn finger(folder: &Path, person: usize, position: usize) -> Vec<Option<Template>> {
    let (database, dpi) = PEOPLE[person];
    (1..=CAPTURES)
        .map(|capture| {
            let file = folder.join(database).join(format!("{}_{capture}.tif", 100 + position));
            let image = decode(&std::fs::read(file).expect("the set is complete")).expect("an image");
            extract(image, dpi).ok().map(|extraction| extraction.template)
        })
        .collect()
}

/// Templates by person, finger and capture.
fn templates(folder: &Path) -> Vec<Vec<Vec<Option<Template>>>> {
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..PEOPLE.len())
            .map(|person| scope.spawn(move || (1..=10).map(|position| finger(folder, person, position)).collect()))
            .collect();
        running.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

#[test]
fn people_are_found_again_and_strangers_are_not() {
    let Some(folder) = folder() else {
        println!("skipped: no ../shared");
        return;
    };
    let all = templates(&folder);
    // Ten fingers of one capture; the right hand may be another person's than the left.
    let person = |right: usize, left: usize, capture: usize| {
        Person::new((0..10).filter_map(|finger| {
            let owner = if finger < 5 { right } else { left };
            let template = all[owner][finger][capture].as_ref()?;
            Some((FingerPosition::new(finger as u8 + 1).ok(), template))
        }))
    };
    let mut gallery = Gallery::new();
    (0..PEOPLE.len()).for_each(|who| gallery.enrol(who, person(who, who, 0)));
    let (mut found, mut searches, mut lowest) = (0, 0, f32::MAX);
    for who in 0..PEOPLE.len() {
        for capture in 1..CAPTURES {
            let answer = identify(&gallery, &person(who, who, capture), 1, 2);
            searches += 1;
            found += usize::from(answer[0].id == who && answer[0].fused.is_hit());
            lowest = lowest.min(answer[0].fused.score);
        }
    }
    // Strangers: two hands of two people, searched among persons made of the other hands and the other people.
    let (mut strangers, mut false_hits, mut highest) = (0, 0, f32::MIN);
    for right in 0..PEOPLE.len() {
        for left in (0..PEOPLE.len()).filter(|&left| left != right) {
            let mut others = Gallery::new();
            for enrolled_right in (0..PEOPLE.len()).filter(|&who| who != right) {
                for enrolled_left in (0..PEOPLE.len()).filter(|&who| who != left) {
                    others.enrol((enrolled_right, enrolled_left), person(enrolled_right, enrolled_left, 0));
                }
            }
            for capture in 0..CAPTURES {
                let answer = identify(&others, &person(right, left, capture), 1, 2);
                strangers += 1;
                false_hits += usize::from(answer[0].fused.is_hit());
                highest = highest.max(answer[0].fused.score);
            }
        }
    }
    println!(
        "found {found} of {searches}, lowest score {lowest}; false {false_hits} of {strangers}, highest {highest}"
    );
    assert!(found >= 27, "found {found} of {searches}");
    assert_eq!(false_hits, 0, "of {strangers}");
}
