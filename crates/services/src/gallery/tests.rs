//! A gallery over files that fail: a power loss in the middle of any write, and bytes that are changed.

use super::change::{Change, What};
use super::*;
use fingerprint::FingerPosition;
use fingerprint::scale::Finger;
use fingerprint::search::Form;
use std::collections::BTreeSet;

const KEY: [u8; 32] = [7; 32];
const SECTOR: usize = 512;

/// Numbers from a seed.
struct Dice(Mutex<u64>);

impl Dice {
    fn below(&self, end: usize) -> usize {
        let mut state = lock(&self.0);
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize % end.max(1)
    }
}

impl Entropy for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|byte| *byte = self.below(256) as u8);
    }
}

/// Files in memory. When as many bytes were written as may be, the power goes: what is being written is there in part, and
/// nothing works any more.
struct Memory {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
    left: Mutex<Option<usize>>,
    dice: Arc<Dice>,
}

impl Memory {
    fn new(dice: &Arc<Dice>) -> Arc<Self> {
        Arc::new(Self { files: Mutex::default(), left: Mutex::default(), dice: Arc::clone(dice) })
    }

    /// Takes the cost of a write; `false` where the power goes in the middle of it.
    fn spend(&self, bytes: usize) -> Result<bool, Fault> {
        match &mut *lock(&self.left) {
            Some(0) => Err(Fault::Refused { what: "test".into(), cause: "no power".into() }),
            Some(left) if *left <= bytes => {
                *left = 0;
                Ok(false)
            }
            Some(left) => {
                *left -= bytes;
                Ok(true)
            }
            None => Ok(true),
        }
    }

    fn gone<T>() -> Result<T, Fault> {
        Err(Fault::Refused { what: "test".into(), cause: "the power went".into() })
    }
}

impl GalleryFiles for Memory {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let whole = self.spend(bytes.len())?;
        if whole || self.dice.below(2) == 0 {
            lock(&self.files).insert(name.into(), bytes.to_vec());
        }
        if whole { Ok(()) } else { Self::gone() }
    }

    fn append(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let whole = self.spend(bytes.len())?;
        let mut files = lock(&self.files);
        let file = files.entry(name.into()).or_default();
        let from = file.len();
        file.extend_from_slice(bytes);
        if whole {
            return Ok(());
        }
        // Each sector came or did not, and the file is longer or is not.
        let mut at = from;
        while at < file.len() {
            let end = (at / SECTOR + 1) * SECTOR;
            let end = end.min(file.len());
            if self.dice.below(2) == 0 {
                file[at..end].fill(0);
            }
            at = end;
        }
        if self.dice.below(2) == 0 {
            let cut = from + self.dice.below(bytes.len() + 1);
            file.truncate(cut);
        }
        Self::gone()
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.spend(0)?;
        Ok(lock(&self.files).get(name).cloned())
    }

    fn delete(&self, name: &str) -> Result<(), Fault> {
        let whole = self.spend(1)?;
        if whole || self.dice.below(2) == 0 {
            lock(&self.files).remove(name);
        }
        if whole { Ok(()) } else { Self::gone() }
    }

    fn list(&self) -> Result<Vec<String>, Fault> {
        self.spend(0)?;
        Ok(lock(&self.files).keys().cloned().collect())
    }
}

fn id(number: u64) -> ApplicationId {
    ApplicationId::from_bytes(&u128::from(number).to_be_bytes()).unwrap()
}

fn entry(number: u64, impression: u64) -> Entry {
    let form = |finger: u8| Form::new(&Finger::new(number * 16 + u64::from(finger)).impression(impression));
    let prints = [1, 2].map(|finger| (FingerPosition::new(finger).ok(), form(finger)));
    Entry { id: id(number), prints: prints.into() }
}

/// Few minutiae, so that thousands are made quickly.
fn small(number: u64, version: u64) -> Entry {
    let whole = Finger::new(number % 7).impression(version % 3).to_bytes();
    let template = fingerprint::Template::from_bytes(&whole).unwrap();
    let few = template.minutiae().iter().take(4 + (number + version) as usize % 5).copied().collect();
    let template = fingerprint::Template::new(template.width(), template.height(), 0, few);
    Entry { id: id(number), prints: vec![(None, Form::new(&template))] }
}

fn open(files: &Arc<Memory>) -> Result<(Gallery, Opened), Fault> {
    let files: Arc<Memory> = Arc::clone(files);
    let dice = Arc::clone(&files.dice);
    Gallery::open(files, dice, &KEY)
}

/// Everything that is enrolled.
fn all(gallery: &Gallery) -> BTreeMap<ApplicationId, Forms> {
    let view = gallery.view();
    (0..view.people().len() as u32).filter_map(|at| Some((view.id(at)?, view.people().forms(at)))).collect()
}

#[test]
fn the_memory_is_a_home_of_gallery_files() {
    ports::suite::gallery_files(&*Memory::new(&Arc::new(Dice(Mutex::new(1)))));
}

#[test]
fn who_is_enrolled_is_found_and_who_is_erased_is_not() {
    let files = Memory::new(&Arc::new(Dice(Mutex::new(1))));
    let (gallery, opened) = open(&files).unwrap();
    assert_eq!((opened.entries, gallery.mark()), (0, 0));
    gallery.enrol((0..40).map(|number| entry(number, 0)).collect(), 5).unwrap();
    let first =
        |gallery: &Gallery, number: u64| gallery.search(&entry(number, 1).prints, 1).first().map(|best| best.id);
    let mates: BTreeSet<u64> = (0..40).filter(|number| first(&gallery, *number) == Some(id(*number))).collect();
    assert!(mates.len() > 30, "{}", mates.len());
    let gone = *mates.first().unwrap();
    gallery.erase(&[id(gone), id(1_000)], 6).unwrap();
    assert_ne!(first(&gallery, gone), Some(id(gone)));
    let left = |gallery: &Gallery| -> BTreeSet<u64> {
        mates.iter().copied().filter(|number| first(gallery, *number) == Some(id(*number))).collect()
    };
    let expected: BTreeSet<u64> = mates.iter().copied().filter(|number| *number != gone).collect();
    assert_eq!(left(&gallery), expected);
    // After a start from the log, from parts, and from parts without the erased.
    let (gallery, opened) = open(&files).unwrap();
    assert_eq!((opened, gallery.mark()), (Opened { entries: 39, indexed: 0, replayed: 2 }, 6));
    assert_eq!(left(&gallery), expected);
    gallery.flush().unwrap();
    gallery.erase(&[id(*expected.last().unwrap())], 7).unwrap();
    let (gallery, opened) = open(&files).unwrap();
    assert_eq!((opened, gallery.mark()), (Opened { entries: 38, indexed: 39, replayed: 1 }, 7));
    assert_ne!(first(&gallery, *expected.last().unwrap()), expected.last().map(|number| id(*number)));
    gallery.purge().unwrap();
    let (gallery, opened) = open(&files).unwrap();
    assert_eq!((opened, gallery.mark()), (Opened { entries: 38, indexed: 38, replayed: 0 }, 7));
    assert_eq!(lock(&gallery.state).parts[0].ids.len(), 38, "the erased stand in no file");
    assert_eq!(lock(&files.files).keys().collect::<Vec<_>>(), ["manifest", "part-0000000002"]);
}

#[test]
fn prints_enrolled_again_take_the_place_of_the_old() {
    let files = Memory::new(&Arc::new(Dice(Mutex::new(2))));
    let (gallery, _) = open(&files).unwrap();
    gallery.enrol(vec![small(1, 0), small(2, 0)], 1).unwrap();
    gallery.flush().unwrap();
    gallery.enrol(vec![small(1, 1)], 2).unwrap();
    let expected = BTreeMap::from([(id(1), small(1, 1).prints), (id(2), small(2, 0).prints)]);
    assert_eq!(all(&gallery), expected);
    assert_eq!(all(&open(&files).unwrap().0), expected);
}

#[test]
fn a_first_filling_is_as_if_enrolled_and_takes_the_place_of_the_old() {
    let files = Memory::new(&Arc::new(Dice(Mutex::new(5))));
    let (gallery, _) = open(&files).unwrap();
    gallery.enrol((0..6).map(|number| small(number, 0)).collect(), 1).unwrap();
    gallery.fill((3..9).map(|number| small(number, 1)).collect()).unwrap();
    gallery.enrol(vec![small(4, 2)], 2).unwrap();
    gallery.fill((20..30).map(|number| small(number, 0)).collect()).unwrap();
    let version = |number: u64| match number {
        4 => 2,
        5..9 => 1,
        _ => u64::from(number == 3),
    };
    let expected: BTreeMap<_, _> =
        (0..9).chain(20..30).map(|number| (id(number), small(number, version(number)).prints)).collect();
    assert_eq!(all(&gallery), expected);
    let (again, opened) = open(&files).unwrap();
    assert_eq!(all(&again), expected);
    assert_eq!((opened.entries, opened.replayed, again.mark()), (19, 0, 2));
}

#[test]
fn upkeep_changes_nobody_and_comes_to_an_end() {
    let files = Memory::new(&Arc::new(Dice(Mutex::new(3))));
    let (gallery, _) = open(&files).unwrap();
    for batch in 0..10 {
        gallery.enrol((batch * 512..(batch + 1) * 512).map(|number| small(number, 0)).collect(), batch).unwrap();
    }
    let whole = all(&gallery);
    assert_eq!(whole.len(), 5_120);
    let mut rounds = 0;
    while gallery.tend().unwrap() {
        rounds += 1;
    }
    assert_eq!((rounds, lock(&gallery.state).parts.len()), (1, 1), "parts of one size are joined");
    gallery.flush().unwrap();
    gallery.erase(&(0..500).map(id).collect::<Vec<_>>(), 20).unwrap();
    assert!(gallery.tend().unwrap(), "a part with many erased is written anew");
    assert!(!gallery.tend().unwrap());
    let left: BTreeMap<_, _> = whole.into_iter().filter(|(one, _)| *one >= id(500)).collect();
    assert_eq!(all(&gallery), left);
    assert_eq!(all(&open(&files).unwrap().0), left);
}

/// Whatever was acknowledged before the power went is there when it comes back, and what was not is there whole or not at all.
#[test]
fn a_power_loss_in_any_write_loses_nothing_acknowledged() {
    for seed in 0..150 {
        let dice = Arc::new(Dice(Mutex::new(seed)));
        let files = Memory::new(&dice);
        let mut known: BTreeMap<ApplicationId, Forms> = BTreeMap::new();
        let mut mark = 0;
        for _ in 0..4 {
            let (gallery, _) = open(&files).unwrap();
            *lock(&files.left) = Some(1 + dice.below(if dice.below(3) == 0 { 4_000 } else { 4_000_000 }));
            // The entries that the last change speaks of, as they are if it came to be.
            let mut doubtful: BTreeMap<ApplicationId, Option<Forms>> = BTreeMap::new();
            for _ in 0..30 {
                let some: Vec<u64> = (0..1 + dice.below(4)).map(|_| dice.below(30) as u64).collect();
                let done = match dice.below(10) {
                    0..=4 => {
                        let entries: Vec<Entry> = some.iter().map(|number| small(*number, mark)).collect();
                        doubtful = entries.iter().map(|entry| (entry.id, Some(entry.prints.clone()))).collect();
                        gallery.enrol(entries, mark + 1)
                    }
                    5..=6 => {
                        doubtful = some.iter().map(|number| (id(*number), None)).collect();
                        gallery.erase(&some.iter().map(|number| id(*number)).collect::<Vec<_>>(), mark + 1)
                    }
                    other => {
                        doubtful.clear();
                        match other {
                            7 => gallery.flush(),
                            8 => gallery.tend().map(|_| ()),
                            _ => gallery.purge(),
                        }
                    }
                };
                if done.is_err() {
                    break;
                }
                mark += u64::from(!doubtful.is_empty());
                for (id, prints) in std::mem::take(&mut doubtful) {
                    match prints {
                        Some(prints) => known.insert(id, prints),
                        None => known.remove(&id),
                    };
                }
            }
            *lock(&files.left) = None;
            let (again, _) = open(&files).unwrap();
            let found = all(&again);
            let without = |all: &BTreeMap<ApplicationId, Forms>| -> BTreeMap<_, _> {
                all.clone().into_iter().filter(|(id, _)| !doubtful.contains_key(id)).collect()
            };
            assert_eq!(without(&found), without(&known), "seed {seed}");
            let became = doubtful.iter().all(|(id, prints)| found.get(id) == prints.as_ref());
            let stayed = doubtful.keys().all(|id| found.get(id) == known.get(id));
            assert!(became || stayed, "seed {seed}: a change is there in part");
            assert!(again.mark() == mark || again.mark() == mark + 1, "seed {seed}");
            (known, mark) = (found, again.mark());
        }
    }
}

#[test]
fn damage_is_named_and_never_passed_over() {
    let files = Memory::new(&Arc::new(Dice(Mutex::new(4))));
    let (gallery, _) = open(&files).unwrap();
    gallery.enrol((0..3).map(|number| small(number, 0)).collect(), 1).unwrap();
    gallery.flush().unwrap();
    (10..14).for_each(|number| gallery.enrol(vec![small(number, 0)], number).unwrap());
    let whole = lock(&files.files).clone();
    let fault = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let changed = Memory::new(&files.dice);
        *lock(&changed.files) = whole.clone();
        change(lock(&changed.files).get_mut(name).unwrap());
        open(&changed).map(|(gallery, _)| gallery.len()).map_err(|fault| fault.to_string())
    };
    let log = "log-0000000002";
    assert_eq!(fault(log, &|_| {}), Ok(7));
    assert_eq!(
        fault(log, &|bytes| bytes[60] ^= 1).unwrap_err(),
        "gallery log-0000000002 is damaged: frame 0 at byte 24"
    );
    assert!(fault(log, &|bytes| bytes[25] ^= 1).is_err(), "the head of a frame");
    assert!(fault(log, &|bytes| bytes[3] ^= 1).is_err(), "the head of the log");
    assert_eq!(fault(log, &|bytes| bytes.truncate(bytes.len() - 5)), Ok(6), "the last frame was cut off");
    assert_eq!(
        fault("part-0000000001", &|bytes| bytes[99] ^= 1).unwrap_err(),
        "gallery part-0000000001 is damaged: piece 0"
    );
    assert!(fault("part-0000000001", &|bytes| bytes.truncate(bytes.len() / 2)).is_err());
    assert!(fault("manifest", &|bytes| bytes[30] ^= 1).is_err());
    for missing in ["manifest", "part-0000000001"] {
        let changed = Memory::new(&files.dice);
        *lock(&changed.files) = whole.clone();
        changed.delete(missing).unwrap();
        assert!(open(&changed).is_err(), "{missing}");
    }
    let other = Gallery::open(
        Arc::clone(&files) as Arc<dyn GalleryFiles>,
        Arc::clone(&files.dice) as Arc<dyn Entropy>,
        &[8; 32],
    );
    assert!(other.is_err(), "another key");
}

#[test]
fn a_change_is_read_as_it_was_written_and_nothing_else_is() {
    let changes = [
        Change { mark: 3, what: What::Enrolled(vec![entry(1, 0), small(2, 0)]) },
        Change { mark: u64::MAX, what: What::Erased(vec![id(1), id(9)]) },
    ];
    for change in changes {
        let bytes = change.to_bytes();
        assert_eq!(Change::from_bytes(&bytes), Some(change));
        assert!((0..bytes.len()).all(|end| Change::from_bytes(&bytes[..end]).is_none()));
        assert_eq!(Change::from_bytes(&[&bytes[..], &[0]].concat()), None);
    }
}
