//! The records of files as a description has them.

use crate::installation::read_file;
use crate::output::{Exit, Failure};
use linkage::{Spec, Table};
use register::heading::Mapping;
use std::path::{Path, PathBuf};

/// What the records are, and where in a row each field's cells stand.
pub(crate) struct Description {
    spec: Spec,
    mapping: Mapping,
    id: usize,
    /// By field: positions in a row.
    fields: Vec<Vec<usize>>,
}

/// The records of files, ready to be linked, and what their senders call them.
pub(crate) struct Records {
    pub(crate) table: Table,
    ids: String,
    ends: Vec<usize>,
}

impl Description {
    /// The columns of the form DC01, some of them perhaps under other headings.
    pub(crate) fn of_persons(mapping: Mapping) -> Description {
        Description::of(Spec::dc01(), mapping)
    }

    /// A description from a file, or that of the form DC01.
    pub(super) fn read(spec: Option<&PathBuf>, mapping: Option<&PathBuf>) -> Result<Description, Failure> {
        let Some(file) = spec else {
            return Ok(Description::of_persons(crate::command::import::mapping(mapping)?));
        };
        let refused = |line: usize, column: usize, cause: String| {
            let place = [("line", line.to_string()), ("column", column.to_string())];
            let mut arguments = vec![("file", file.display().to_string()), ("cause", cause)];
            arguments.extend(place);
            Failure::of_code(Exit::Input, "link-spec", arguments)
        };
        let bytes = read_file(file, linkage::BYTES_MAX as u64)?;
        let text = String::from_utf8(bytes).map_err(|_| refused(1, 1, "it is not UTF-8".into()))?;
        let spec = Spec::parse(&text).map_err(|fault| refused(fault.line, fault.column, fault.cause))?;
        let mut columns = vec![spec.id.clone()];
        for column in spec.fields.iter().flat_map(|field| &field.columns) {
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        }
        Ok(Description::of(spec, Mapping::of(columns)))
    }

    fn of(spec: Spec, mapping: Mapping) -> Description {
        let place = |column: &String| (0..mapping.width()).find(|at| mapping.name(*at) == column);
        let id = place(&spec.id).unwrap_or(0);
        let fields = spec.fields.iter().map(|field| field.columns.iter().filter_map(place).collect()).collect();
        Description { spec, mapping, id, fields }
    }

    /// Goes through the records of files: what each is called, and the cells of its fields.
    pub(super) fn each(&self, files: &[PathBuf], take: &mut dyn FnMut(&str, &[&str])) -> Result<(), Failure> {
        for file in files {
            self.each_of(file, take)?;
        }
        Ok(())
    }

    fn each_of(&self, file: &Path, take: &mut dyn FnMut(&str, &[&str])) -> Result<(), Failure> {
        let bytes = read_file(file, register::sheet::BYTES_MAX)?;
        register::sheet::each(&bytes, &self.mapping, &mut |row| {
            let joined: Vec<String> = self
                .fields
                .iter()
                .filter(|columns| columns.len() > 1)
                .map(|columns| columns.iter().map(|at| row[*at]).collect::<Vec<_>>().join(" "))
                .collect();
            let mut joined = joined.iter();
            let mut cells = [""; linkage::FIELDS_MAX];
            for (cell, columns) in cells.iter_mut().zip(&self.fields) {
                *cell = match columns[..] {
                    [at] => row[at],
                    _ => joined.next().map_or("", |cell| cell.trim()),
                };
            }
            take(row[self.id].trim(), &cells[..self.fields.len()]);
        })
        .map_err(|error| {
            let mut arguments = error.arguments();
            arguments.push(("file", file.display().to_string()));
            Failure::of_code(Exit::Input, error.code(), arguments)
        })
    }
}

impl Records {
    /// Reads files row by row.
    pub(crate) fn read(files: &[PathBuf], description: &Description) -> Result<Records, Failure> {
        let mut records = Records { table: Table::new(description.spec.clone()), ids: String::new(), ends: Vec::new() };
        for file in files {
            description.each_of(file, &mut |id, cells| {
                records.ids.push_str(id);
                records.ends.push(records.ids.len());
                records.table.push(cells);
            })?;
        }
        Ok(records)
    }

    /// What its sender calls a record.
    pub(super) fn id(&self, at: u32) -> &str {
        let begin = (at as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.ids[begin..self.ends[at as usize]]
    }

    /// What a record is sorted by: the length of its name, then the name, so that numbers come in their order.
    pub(super) fn key(&self, at: u32) -> (usize, &str) {
        (self.id(at).len(), self.id(at))
    }
}
