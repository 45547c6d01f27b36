//! The prints of a fingerprint case, side by side: the applicant's against those of everybody who was like them.

use super::{contents, subjects};
use crate::application::{blob_context, of_case, person_of, template_context};
use crate::book::{Book, Decision};
use crate::officer::Officer;
use crate::person::Entry;
use crate::seal::open;
use crate::{Error, unit};
use enrolment::table::{APPLICATION, CAPTURE};
use fingerprint::{FingerPosition, GreyImage, Template};
use ids::{ApplicationId, CaseId, PersonId};
use ports::Fault;
use ports::store::Read;
use register::table::CASE;
use std::sync::Arc;

/// One impression of one finger.
#[derive(Clone)]
pub struct Print {
    /// The finger, 1 to 10.
    pub position: u8,
    /// The image as captured.
    pub image: GreyImage,
    /// Its minutiae, in an image of 500 dpi.
    pub template: Template,
}

/// A finger of the applicant and the same finger of somebody who was like them; of the other hand, where the hands were exchanged, and
/// the one beside it, where two fingers were.
pub struct Pair {
    /// Who.
    pub candidate: PersonId,
    /// The applicant's.
    pub applicant: Print,
    /// The other's; of several impressions the one most alike.
    pub other: Print,
    /// The comparison score.
    pub score: f32,
    /// Places of the minutiae that lie on each other, in the one and the other.
    pub matched: Vec<([u16; 2], [u16; 2])>,
}

/// The prints of a case, for the officer who decides it. The read of everybody in it is an event before anything is opened.
pub fn prints(book: &Arc<Book>, officer: &Officer, purpose: &str, id: CaseId) -> Result<Vec<Pair>, Error> {
    officer.may("adjudicate")?;
    crate::person::purpose(purpose)?;
    let (applicant, candidates, mut event) = book.view(|view| {
        let row = view.get(&CASE, &[id.bytes().into()])?.ok_or(Error::Missing("case-missing"))?;
        if !unit::within(view, row[4].text(), &officer.unit)? {
            return Err(Error::Missing("case-missing"));
        }
        let contents = contents(book, &row, 0)?;
        let applicant = of_case(view, &contents)?.ok_or(Error::refused("case-no-prints"))?;
        let listed = contents.body["candidates"].as_array().cloned().unwrap_or_default();
        let candidates: Vec<PersonId> =
            listed.iter().filter_map(|one| PersonId::parse(one["person"].as_str()?)).collect();
        let mut event = book.event("prints.read", &officer.actor(purpose));
        event.unit.clone_from(&contents.summary.unit);
        event.subjects = subjects(&contents);
        Ok((applicant, candidates, event))
    })?;
    event
        .subjects
        .extend(candidates.iter().filter(|person| !event.subjects.contains(person)).copied().collect::<Vec<_>>());
    book.submit(None, move |_| Ok(Decision { events: vec![event], answer: Vec::new() }))?;
    book.view(|view| {
        let own = of_application(book, view, &applicant)?;
        let mut pairs = Vec::new();
        for candidate in candidates {
            let mut others = Vec::new();
            for application in view.scan(&APPLICATION, &[candidate.bytes().into()], None, 1_000)? {
                others.extend(of_application(book, view, &application)?);
            }
            pairs.extend(finger_by_finger(candidate, &own, &others));
        }
        Ok(pairs)
    })
}

/// Each finger beside the same finger of the other. Where these are no hit, the hands may have been exchanged when one of them was
/// captured, or the two fingers where there are no others; the way that is a hit is shown. In every way two neighbours among
/// more may have been put down for each other.
fn finger_by_finger(candidate: PersonId, own: &[Print], others: &[Print]) -> Vec<Pair> {
    let (taken, is_hit) = pairs(candidate, own, others, |position| position);
    if is_hit {
        return taken;
    }
    let (hands, is_hit) = pairs(candidate, own, others, FingerPosition::other_hand);
    if is_hit {
        return hands;
    }
    if let [one, other] = own {
        let of = |position: FingerPosition| {
            let of = if position.number() == one.position { other } else { one };
            FingerPosition::new(of.position).unwrap_or(position)
        };
        let (two, is_hit) = pairs(candidate, own, others, of);
        if is_hit {
            return two;
        }
    }
    taken
}

/// Each finger beside that finger of the other, and whether they are a hit.
fn pairs(
    candidate: PersonId,
    own: &[Print],
    others: &[Print],
    of: impl Fn(FingerPosition) -> FingerPosition,
) -> (Vec<Pair>, bool) {
    let position = |print: &Print| FingerPosition::new(print.position).ok();
    let beside = |print: &Print, of: FingerPosition| most_alike(candidate, print, of, others);
    let mut pairs: Vec<Pair> = own.iter().filter_map(|print| beside(print, of(position(print)?))).collect();
    pairs.sort_by_key(|pair| pair.applicant.position);
    let mut fingers: Vec<_> = pairs.iter().map(|pair| (position(&pair.applicant), pair.score)).collect();
    let crosswise = |one: usize, other: usize| {
        let of = FingerPosition::new(pairs[other].other.position).ok()?;
        beside(&pairs[one].applicant, of)
    };
    let (fused, firsts) =
        fingerprint::fuse_crosswise(&mut fingers, |one, other| crosswise(one, other).map(|pair| pair.score));
    let exchanged: Vec<(usize, Pair)> = firsts
        .into_iter()
        .flat_map(|first| [(first, first + 1), (first + 1, first)])
        .filter_map(|(one, other)| Some((one, crosswise(one, other)?)))
        .collect();
    exchanged.into_iter().for_each(|(at, pair)| pairs[at] = pair);
    (pairs, fused.is_hit())
}

fn most_alike(candidate: PersonId, print: &Print, of: FingerPosition, others: &[Print]) -> Option<Pair> {
    let same = others.iter().filter(|other| other.position == of.number());
    let scored = same.map(|other| (fingerprint::compare(&print.template, &other.template), other));
    let (score, other) = scored.max_by(|one, two| one.0.total_cmp(&two.0))?;
    let matched = fingerprint::matched(&print.template, &other.template);
    Some(Pair { candidate, applicant: print.clone(), other: other.clone(), score, matched })
}

/// The prints of an application, opened; fingers that were not captured are left out.
fn of_application(book: &Book, view: &dyn Read, row: &journal::Row) -> Result<Vec<Print>, Error> {
    let damaged = |cause: &str| Fault::Damaged { what: "table capture".into(), cause: cause.into() };
    let person = person_of(row)?;
    let application = ApplicationId::from_bytes(row[1].blob()).ok_or_else(|| damaged("malformed id"))?;
    let entry = Entry::load(view, book.home(), person)?.ok_or(Error::Missing("person-missing"))?;
    let mut prints = Vec::new();
    for capture in view.scan(&CAPTURE, &row[..2], None, 10)?.iter().filter(|capture| !capture[6].is_null()) {
        let context = template_context(person, application, capture[2].int());
        let template = open(&entry.key, &context, capture[6].blob())?;
        let template = Template::from_bytes(&template).map_err(|_| damaged("malformed template"))?;
        let address: [u8; 32] = capture[5].blob().try_into().map_err(|_| damaged("malformed address"))?;
        let sealed = book.home().blobs.get(&address)?.ok_or_else(|| damaged("the image is gone"))?;
        let file = open(&entry.key, &blob_context(person), &sealed)?;
        let image = fingerprint::decode(&file).map_err(|_| damaged("the image cannot be read"))?;
        prints.push(Print { position: capture[2].int() as u8, image, template });
    }
    Ok(prints)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fingerprint::scale::Finger;

    /// Fingers of somebody, each said to be the one beside its number.
    fn prints(capture: u64, fingers: &[(u8, u8)]) -> Vec<Print> {
        let print = |&(finger, position): &(u8, u8)| Print {
            position,
            image: GreyImage::new(1, 1, vec![0]).unwrap(),
            template: Finger::new(u64::from(finger)).impression(capture),
        };
        fingers.iter().map(print).collect()
    }

    #[test]
    fn each_finger_is_shown_beside_the_one_that_it_is() {
        let nobody = PersonId::from_bytes(&[0; 16]).unwrap();
        let enrolled = prints(0, &[(1, 1), (2, 2), (3, 3), (4, 4)]);
        let check = |taken: &[(u8, u8)], expected: &[(u8, u8)]| {
            let pairs = finger_by_finger(nobody, &prints(1, taken), &enrolled);
            let shown: Vec<_> = pairs.iter().map(|pair| (pair.applicant.position, pair.other.position)).collect();
            assert_eq!(shown, expected, "{taken:?}");
        };
        check(&[(1, 1), (2, 2), (3, 3)], &[(1, 1), (2, 2), (3, 3)]);
        check(&[(1, 1), (3, 2), (2, 3)], &[(1, 1), (2, 3), (3, 2)]);
        check(&[(3, 2), (2, 3)], &[(2, 3), (3, 2)]);
        check(&[(1, 6), (3, 7), (2, 8)], &[(6, 1), (7, 3), (8, 2)]);
        // Strangers stay as they were taken.
        check(&[(11, 1), (12, 2), (13, 3)], &[(1, 1), (2, 2), (3, 3)]);
    }
}
