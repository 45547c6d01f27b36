//! Real fingers: the four databases of FVC2002 set B as four people with ten fingers and eight captures.
//!
//! The set is not part of the project; without it the test says that it was skipped.

use fingerprint::{FingerPosition, Gallery, GreyImage, Person, Reason, Template, decode, extract, identify};
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

/// A capture, counted from 1, of a finger of a person.
fn image(folder: &Path, person: usize, position: usize, capture: usize) -> GreyImage {
    let file = folder.join(PEOPLE[person].0).join(format!("{}_{capture}.tif", 100 + position));
    decode(&std::fs::read(file).expect("the set is complete")).expect("an image")
}

/// All captures of one finger of one person; a capture that cannot be enrolled is a missing finger.
fn finger(folder: &Path, person: usize, position: usize) -> Vec<Option<Template>> {
    let found = |capture| extract(image(folder, person, position, capture), PEOPLE[person].1).ok();
    (1..=CAPTURES).map(|capture| Some(found(capture)?.template)).collect()
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

/// The mean of copies of an image that lie up to so many pixels apart, and a sensor's noise over it.
fn dragged(image: &GreyImage, (across, down): (i32, i32)) -> GreyImage {
    const COPIES: i32 = 12;
    let (width, height) = (image.width() as i32, image.height() as i32);
    let pixel = |at: i32| {
        let copy = |copy: i32| {
            let part = |whole: i32| (2 * copy - COPIES) * whole / (2 * COPIES);
            let x = (at % width + part(across)).clamp(0, width - 1);
            let y = (at / width + part(down)).clamp(0, height - 1);
            i32::from(image.pixels()[(y * width + x) as usize])
        };
        let mixed = (at as u32 ^ 0x9E37).wrapping_mul(2_654_435_761);
        let noise = (mixed ^ mixed >> 15).wrapping_mul(0x2C1B_3C6D) >> 28;
        ((0..=COPIES).map(copy).sum::<i32>() / (COPIES + 1) + noise as i32 - 8).clamp(0, 255) as u8
    };
    GreyImage::new(image.width(), image.height(), (0..width * height).map(pixel).collect())
        .expect("the sides are the same")
}

#[test]
fn a_poor_print_is_called_moved_where_the_finger_moved() {
    let Some(folder) = folder() else {
        println!("skipped: no ../shared");
        return;
    };
    // Of each way of moving, in hundredths of a millimetre: poor prints, and those of them that are called moved.
    let ways = [(0, 0), (46, 0), (0, 46), (33, 33), (70, 0)];
    let count = |person: usize| {
        let dpi = PEOPLE[person].1;
        let mut counts = [[0; 2]; 5];
        for (position, capture) in (1..=10).flat_map(|position| [1, 4, 7].map(|capture| (position, capture))) {
            let held = image(&folder, person, position, capture);
            for (count, (across, down)) in counts.iter_mut().zip(ways) {
                let pixels = |hundredths: i32| hundredths * dpi as i32 / 2_540;
                let image = dragged(&held, (pixels(across), pixels(down)));
                let Ok(found) = extract(image, dpi) else { continue };
                count[0] += u32::from(found.quality.reason != Reason::Good);
                count[1] += u32::from(found.quality.reason == Reason::Moved);
            }
        }
        counts
    };
    let counts = std::thread::scope(|scope| {
        let running: Vec<_> = (0..PEOPLE.len()).map(|person| scope.spawn(move || count(person))).collect();
        running.into_iter().map(|thread| thread.join().expect("no panic")).fold([[0; 2]; 5], |sum, one| {
            std::array::from_fn(|way| std::array::from_fn(|at| sum[way][at] + one[way][at]))
        })
    });
    println!("poor, and called moved, of 120 prints each: {:?}", ways.iter().zip(counts).collect::<Vec<_>>());
    let [held, moved @ ..] = counts;
    assert!(held[0] > 60 && held[1] <= 1, "held still: {held:?}");
    for [poor, called] in moved {
        assert!(poor > 80 && called * 100 >= poor * 90, "{counts:?}");
    }
}
