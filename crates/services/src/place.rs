//! Where listed rows lie: the unit an officer sees, as the part of an index that holds it.
//!
//! A row that waits in a list carries, beside its unit, the district and the province above it: a list of any unit is
//! then one stretch of one index, oldest first, however deep the page. Where the order of communes does, [`Walk`] follows
//! the units themselves.

use crate::Error;
use journal::{Change, Kind, Row, Table, Value};
use ports::store::{Page, Read};
use register::table::UNIT;
use std::collections::BTreeSet;

/// The levels of units.
const PROVINCE: i64 = 1;
const DISTRICT: i64 = 2;
const COMMUNE: i64 = 3;

/// The province and the district that a unit is or lies in, for the columns of a listed row.
pub(crate) fn above(view: &dyn Read, unit: &str) -> Result<[Value; 2], Error> {
    let (mut above, mut at) = ([Value::from(""), Value::from("")], unit.to_owned());
    for _ in 0..4 {
        let Some(row) = view.get(&UNIT, &[at.as_str().into()])? else { break };
        match row[3].int() {
            PROVINCE => above[0] = row[0].clone(),
            DISTRICT => above[1] = row[0].clone(),
            _ => {}
        }
        row[1].text().clone_into(&mut at);
    }
    Ok(above)
}

/// A table whose rows are listed by unit: its column of the unit, the first of the two beside it, and the indexes that
/// list it for the nation, a province, a district and a commune. Without an index for the nation its key lists it.
pub(crate) struct Listed {
    pub(crate) table: &'static Table,
    pub(crate) unit: usize,
    pub(crate) above: usize,
    pub(crate) nation: Option<usize>,
    pub(crate) province: usize,
}

/// A page of such a list.
#[derive(Clone, Debug, Default)]
pub struct Slice<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The id to go on from, if there is more.
    pub next: Option<String>,
}

impl<T> Slice<T> {
    /// Cuts what was read, one more than a page holds, to a page.
    pub(crate) fn of(
        rows: Vec<Row>,
        limit: usize,
        item: impl Fn(&Row) -> Result<T, Error>,
        id: impl Fn(&Row) -> String,
    ) -> Result<Slice<T>, Error> {
        let next = (rows.len() > limit).then(|| id(&rows[limit - 1]));
        let items = rows.iter().take(limit).map(item).collect::<Result<_, _>>()?;
        Ok(Slice { items, next })
    }
}

impl Listed {
    /// The index that holds a unit's rows together, none for the key, and what its columns begin with.
    fn stretch(&self, view: &dyn Read, unit: &str, given: &[Value]) -> Result<(Option<usize>, Vec<Value>), Error> {
        let mut values = given.to_vec();
        if unit.is_empty() {
            return Ok((self.nation, values));
        }
        values.push(unit.into());
        let level = view.get(&UNIT, &[unit.into()])?.map_or(COMMUNE, |row| row[3].int().clamp(PROVINCE, COMMUNE));
        Ok((Some(self.province + (level - PROVINCE) as usize), values))
    }

    /// The rows within a unit whose index columns begin with `given`, after the row `after`, one more than `limit`.
    pub(crate) fn page(
        &self,
        view: &dyn Read,
        unit: &str,
        given: &[Value],
        after: Option<&Row>,
        limit: usize,
        back: bool,
    ) -> Result<Vec<Row>, Error> {
        let (index, values) = self.stretch(view, unit, given)?;
        let key = self.table.key;
        let Some(index) = index else {
            let after = after.map(|row| &row[..key]);
            return Ok(view.scan_page(self.table, &[], Page { after, limit: limit + 1, back })?);
        };
        let columns = &self.table.indexes[index].columns[values.len()..];
        let after = after.map(|row| columns.iter().copied().chain(0..key).map(|at| row[at].clone()).collect::<Row>());
        Ok(view.find_page(self.table, index, &values, Page { after: after.as_deref(), limit: limit + 1, back })?)
    }

    /// How many rows within a unit have index columns that begin with `given`.
    pub(crate) fn count(&self, view: &dyn Read, unit: &str, given: &[Value]) -> Result<u64, Error> {
        let (index, values) = self.stretch(view, unit, given)?;
        let Some(index) = index else { return Ok(view.count(self.table)?) };
        Ok(view.count_by(self.table, index, &values)?)
    }

    /// The change that puts a row where its unit lies now; none where it does.
    pub(crate) fn placed(&self, view: &dyn Read, mut row: Row) -> Result<Option<Change>, Error> {
        let above = above(view, row[self.unit].text())?;
        if row[self.above..self.above + 2] == above {
            return Ok(None);
        }
        row[self.above..self.above + 2].clone_from_slice(&above);
        Ok(Some(Change::put(self.table, row)))
    }
}

/// An officer's unit with everything below it; the nation needs no list.
pub(crate) struct Subtree(Option<BTreeSet<String>>);

impl Subtree {
    pub(crate) fn of(view: &dyn Read, unit: &str) -> Result<Subtree, Error> {
        if unit.is_empty() {
            return Ok(Subtree(None));
        }
        let (mut all, mut open) = (BTreeSet::new(), vec![unit.to_owned()]);
        while let Some(unit) = open.pop() {
            // Communes have nothing below them: their codes are digits alone.
            if !unit.starts_with(|first: char| first.is_ascii_digit()) {
                for row in view.find(&UNIT, 0, &[unit.as_str().into()], UNITS_BELOW)? {
                    open.push(row[0].text().to_owned());
                }
            }
            all.insert(unit);
        }
        Ok(Subtree(Some(all)))
    }

    pub(crate) fn is_nation(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn has(&self, unit: &str) -> bool {
        self.0.as_ref().is_none_or(|all| all.contains(unit))
    }

    /// The first unit of the subtree from a code on.
    fn from(&self, unit: &str) -> Option<&str> {
        self.0
            .as_ref()?
            .range::<str, _>((std::ops::Bound::Included(unit), std::ops::Bound::Unbounded))
            .next()
            .map(String::as_str)
    }

    fn first(&self) -> Option<&str> {
        self.0.as_ref().and_then(|all| all.first()).map(String::as_str)
    }
}

/// More units are in no unit.
const UNITS_BELOW: usize = 2_000;

/// The rows of an index in which the unit stands right after what is given, unit by unit of a subtree.
pub(crate) struct Walk<'a> {
    pub(crate) table: &'static Table,
    pub(crate) index: usize,
    pub(crate) given: &'a [Value],
    pub(crate) units: &'a Subtree,
}

impl Walk<'_> {
    /// The place of a row in the walk.
    pub(crate) fn place(&self, row: &Row) -> Row {
        let columns = &self.table.indexes[self.index].columns[self.given.len()..];
        columns.iter().copied().chain(0..self.table.key).map(|at| row[at].clone()).collect()
    }

    /// The place right before everything of a unit.
    fn before(&self, unit: &str) -> Row {
        let columns = &self.table.indexes[self.index].columns[self.given.len()..];
        let lowest = |at: usize| match self.table.columns[at].kind {
            Kind::Int => Value::Int(i64::MIN),
            Kind::Text => "".into(),
            Kind::Blob => Value::Blob(Vec::new()),
        };
        let mut place: Row = columns.iter().copied().chain(0..self.table.key).map(lowest).collect();
        place[0] = unit.into();
        place
    }

    /// The next rows after a place, `some` at the most; and the place to go on from, if anything may follow.
    pub(crate) fn next(
        &self,
        view: &dyn Read,
        after: Option<Row>,
        some: usize,
    ) -> Result<(Vec<Row>, Option<Row>), Error> {
        let column = self.table.indexes[self.index].columns[self.given.len()];
        let mut after = match (after, self.units.first()) {
            (Some(after), _) => Some(after),
            (None, Some(first)) => Some(self.before(first)),
            (None, None) => None,
        };
        loop {
            let page = Page::after(after.as_deref(), some);
            let mut rows = view.find_page(self.table, self.index, self.given, page)?;
            let Some(last) = rows.last() else { return Ok((rows, None)) };
            let go_on = (rows.len() == some).then(|| self.place(last));
            // A row of a unit outside ends this stretch; the next begins at the next unit within.
            let outside = rows.iter().position(|row| !self.units.has(row[column].text()));
            let Some(outside) = outside else { return Ok((rows, go_on)) };
            let next = self.units.from(rows[outside][column].text()).map(|unit| self.before(unit));
            rows.truncate(outside);
            if !rows.is_empty() || next.is_none() {
                return Ok((rows, next));
            }
            after = next;
        }
    }
}
