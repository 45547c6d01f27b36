//! Where a list goes on: what lies outside the officer's unit is answered as what is not there.

use crate::place::{Place, two_provinces};
use ids::{ApplicationId, CaseId, ImportId, PersonId, Uuid};
use register::unit::Unit;
use services::officer::{self, Officer};
use services::person::Reader;
use services::{Command, Error, application, case, import, unit};

/// The answer to a cursor must be the same as to one that names nothing, and the list must go on from an own one.
fn check<T>(what: &str, own: Result<T, Error>, others: Result<T, Error>, nobodys: Result<T, Error>) {
    assert!(own.is_ok(), "{what}: {:?}", own.err());
    let (others, nobodys) = (others.err(), nobodys.err());
    assert!(matches!(nobodys, Some(Error::Missing(_))), "{what}: {nobodys:?}");
    assert_eq!(others, nobodys, "{what}");
}

#[test]
fn a_cursor_of_another_unit_names_nothing() {
    let place = Place::new("cursor");
    two_provinces(&place);
    let (book, none) = (&place.book, Uuid([7; 16]));
    let of = |unit: &str| {
        let mut officer = Officer::operator();
        officer.unit = unit.to_owned();
        officer
    };
    let everyone = services::person::everyone(book, &of(""), "a test").unwrap();
    let lives = |unit: &str| everyone.iter().find(|entry| entry.unit == unit).unwrap().id;
    let reader = Reader { actor: of("P001").actor("a test"), unit: "P001".into() };
    let find = |after: PersonId| services::person::find(book, &reader, "nguyen", Some(after));
    check("persons", find(lives("00001")), find(lives("01273")), find(PersonId(none)));
    for (name, unit) in [("own", "P001"), ("others", "P004")] {
        officer::create(book, &Command::by(&of("")), name, &["reader".to_owned()], unit).unwrap();
    }
    let list = |after: &str| officer::list(book, "P001", Some(after), 10);
    check("officers", list("own"), list("others"), list("nobody"));
    let all = import::imports(book, &of(""), None, 10).unwrap().items;
    let id = ImportId::parse(&all[0].import).unwrap();
    let list = |unit: &str, after: ImportId| import::imports(book, &of(unit), Some(after), 10);
    check("imports", list("", id), list("P001", id), list("P001", ImportId(none)));
}

#[test]
fn a_cursor_of_another_units_case_or_application_names_nothing() {
    let place = Place::filled("cursor-filled");
    let (book, none) = (&place.book, Uuid([7; 16]));
    let units = book.view(unit::all).unwrap();
    let province = |code: &str| {
        let mut at: &Unit = &units[code];
        while at.level > 1 {
            at = &units[&at.parent];
        }
        at.code.clone()
    };
    let elsewhere = |code: &str| units.values().find(|one| one.level == 1 && one.code != province(code)).unwrap();
    let cases = case::list(book, "", "open", None, 100).unwrap().items;
    let one = cases.iter().find(|one| units.contains_key(&one.unit)).unwrap();
    let list = |unit: &str, id: CaseId| case::list(book, unit, "open", Some(id), 10);
    let (id, other) = (CaseId::parse(&one.id).unwrap(), &elsewhere(&one.unit).code);
    check("cases", list(&province(&one.unit), id), list(other, id), list(other, CaseId(none)));
    let applications = application::STATES.map(|state| application::list(book, "", state, None, 100).unwrap().items);
    let one = applications.iter().flatten().find(|one| units.contains_key(&one.unit)).unwrap();
    let list = |unit: &str, id: ApplicationId| application::list(book, unit, "checked", Some(id), 10);
    let (id, other) = (ApplicationId::parse(&one.id).unwrap(), &elsewhere(&one.unit).code);
    check("applications", list(&province(&one.unit), id), list(other, id), list(other, ApplicationId(none)));
}
