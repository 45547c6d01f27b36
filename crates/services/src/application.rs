//! Applications.

use crate::{Error, book::Book, case::Contents};
use journal::{Actor, Event};
use ports::store::Read;
use std::sync::Arc;

/// What follows from the decision of a fingerprint case.
pub(crate) fn after_case(_: &Arc<Book>, _: &dyn Read, _: &Actor, _: &Contents, _: &str) -> Result<Vec<Event>, Error> {
    Ok(Vec::new())
}
