//! A batch on its page: as many reads are taken as faces are drawn, and a card that cannot be drawn hides no other.

use crate::place::{Place, ask, kinds, session};
use axum::http::StatusCode;
use ids::BatchId;
use services::batch;
use services::officer::Officer;

/// A batch of several cards, and one of its cards.
fn made(place: &Place) -> (BatchId, String) {
    let mut approver = Officer::operator();
    approver.roles = vec!["approver".into()];
    let all = batch::STATES.map(|state| batch::list(&place.book, "", state, None, 100).unwrap().items).concat();
    let one = all.into_iter().find(|one| one.cards >= 3).expect("a batch of three");
    let id = BatchId::parse(&one.batch).unwrap();
    let shown = batch::show(&place.book, &approver, id).unwrap();
    (id, shown.lines.into_iter().find_map(|line| line.card).expect("a card"))
}

#[test]
fn each_face_of_a_batch_is_a_read_and_so_is_a_card() {
    let place = Place::filled("batch-reads").reading(2);
    let (id, card) = made(&place);
    let (approver, personaliser) = (session(&place.book, "approver"), session(&place.book, "personaliser"));
    let before = kinds(&place).len();
    let (status, page) = ask(&place, &approver, &format!("/batches/{id}"), None);
    assert_eq!(status, StatusCode::OK, "{page}");
    assert_eq!(kinds(&place)[before..], ["person.read", "person.read"]);
    assert_eq!(page.matches("<svg").count(), 4, "two cards with two faces each");
    assert_eq!(page.matches("Too many persons were read").count(), 1, "{page}");

    let path = format!("/cards/{card}");
    let before = kinds(&place).len();
    let answers: Vec<u16> = (0..4).map(|_| ask(&place, &personaliser, &path, Some("key=1")).0.as_u16()).collect();
    // The machine of the test holds no card: the read comes first.
    assert_eq!(answers[..2], [404, 404]);
    assert!(answers[2..].contains(&429), "{answers:?}");
    assert_eq!(kinds(&place).len() - before, answers.iter().filter(|status| **status == 404).count());
}

#[test]
fn a_card_that_cannot_be_drawn_hides_no_other() {
    let place = Place::filled("batch-blob");
    let (id, _) = made(&place);
    let approver = session(&place.book, "approver");
    let path = format!("/batches/{id}");
    let (_, page) = ask(&place, &approver, &path, None);
    assert!(page.matches("<svg").count() >= 6, "{page}");
    std::fs::remove_dir_all(place.path.join("register/blobs")).unwrap();
    let (status, page) = ask(&place, &approver, &path, None);
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.matches("The face is not found.").count() >= 3, "each card says its own reason: {page}");
    assert!(page.contains(&id.to_string()[28..]), "the batch itself is shown");
}
