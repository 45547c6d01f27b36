//! A person: the rows that speak of them, and what they say together.

use crate::row::{Absent, Facts, Finding, Row};
use serde::{Deserialize, Serialize};
use time::Instant;

/// One row's contribution, with where it came from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Source {
    /// The three-digit code of the sender.
    pub sender: String,
    /// The number of the row at its sender.
    pub rec_id: String,
    /// The kind of form.
    pub form: String,
    /// The file, by its id.
    pub file: String,
    /// The line in the file.
    pub line: u64,
    /// When it was recorded.
    pub recorded: Instant,
    /// What it says.
    pub facts: Facts,
    /// What is to be known about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// The columns that the row does not have: what they would say, the version before it still says.
    #[serde(default, skip_serializing_if = "Absent::is_none")]
    pub absent: Absent,
    /// A newer version of the same row has come: kept, but no longer believed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub superseded: bool,
}

/// What is sealed under the person's own key.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Person {
    /// The personal number, where allotted or accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Every row that speaks of this person.
    pub sources: Vec<Source>,
}

/// Forms in the order in which they are believed.
const FORMS: [&str; 5] = ["DC01", "CIVIL", "REENTRY", "MOVED", "ARCHIVE"];

impl Source {
    /// The contribution of a row.
    #[must_use]
    pub fn of(row: &Row, file: String, recorded: Instant) -> Source {
        Source {
            sender: row.sender.clone(),
            rec_id: row.rec_id.clone(),
            form: row.source.clone(),
            file,
            line: row.line,
            recorded,
            facts: row.facts.clone(),
            findings: row.findings.clone(),
            absent: row.absent,
            superseded: false,
        }
    }

    /// Whether two are versions of one row: its sender and number; a row without a number is only itself.
    fn is_same_row(&self, other: &Source) -> bool {
        let own = !self.rec_id.is_empty() || (self.file == other.file && self.line == other.line);
        own && self.sender == other.sender && self.rec_id == other.rec_id
    }
}

/// The column that a fact stands in.
fn column(fact: &str) -> &str {
    match fact {
        "name" => "full_name",
        "birth" => "birth_date",
        "ward" => "res_ward",
        "address" => "res_address",
        "old_number" => "id9",
        "number" => "pin12",
        "father" => "father_name",
        "mother" => "mother_name",
        same => same,
    }
}

impl Person {
    /// What the rows say together: for each fact the most believed row that has it. `provenance` names, for each fact, the
    /// row it was taken from.
    #[must_use]
    pub fn facts(&self) -> (Facts, Vec<(&'static str, usize)>) {
        let mut order: Vec<usize> = (0..self.sources.len()).filter(|at| !self.sources[*at].superseded).collect();
        order.sort_by_key(|at| self.rank(*at));
        let mut facts = Facts::default();
        let mut provenance = Vec::new();
        let text = |name: &'static str, of: fn(&Facts) -> &String, better: fn(&String) -> bool| {
            let said: Vec<usize> =
                order.iter().map(|at| self.speaker(*at, name, &|facts| !of(facts).is_empty())).collect();
            let of = |at: &usize| of(&self.sources[*at].facts);
            let found = said.iter().find(|at| better(of(at))).or_else(|| said.iter().find(|at| !of(at).is_empty()))?;
            Some((*found, of(found).clone(), name))
        };
        let marked = |text: &String| !text.is_ascii();
        let any = |text: &String| !text.is_empty();
        let taken = [
            text("name", |f| &f.name, marked),
            text("ethnic", |f| &f.ethnic, any),
            text("birth_province", |f| &f.birth_province, any),
            text("home_town", |f| &f.home_town, marked),
            text("ward", |f| &f.ward, any),
            text("address", |f| &f.address, any),
            text("old_number", |f| &f.old_number, any),
            text("number", |f| &f.number, any),
            text("father", |f| &f.father, marked),
            text("mother", |f| &f.mother, marked),
            text("household_no", |f| &f.household_no, any),
        ];
        for (at, value, name) in taken.into_iter().flatten() {
            let place = match name {
                "name" => &mut facts.name,
                "ethnic" => &mut facts.ethnic,
                "birth_province" => &mut facts.birth_province,
                "home_town" => &mut facts.home_town,
                "ward" => &mut facts.ward,
                "address" => &mut facts.address,
                "old_number" => &mut facts.old_number,
                "number" => &mut facts.number,
                "father" => &mut facts.father,
                "mother" => &mut facts.mother,
                _ => &mut facts.household_no,
            };
            *place = value;
            provenance.push((name, at));
        }
        let births: Vec<usize> =
            order.iter().map(|at| self.speaker(*at, "birth", &|facts| facts.birth.is_some())).collect();
        let birth_of = |at: &usize| self.sources[*at].facts.birth;
        let full = births.iter().find(|at| birth_of(at).is_some_and(|date| date.day().is_some()));
        if let Some(at) = full.or_else(|| births.iter().find(|at| birth_of(at).is_some())) {
            facts.birth = birth_of(at);
            provenance.push(("birth", *at));
        }
        let mut sexes = order.iter().map(|at| self.speaker(*at, "sex", &|facts| facts.sex.is_some()));
        if let Some(at) = sexes.find(|at| self.sources[*at].facts.sex.is_some()) {
            facts.sex = self.sources[at].facts.sex;
            provenance.push(("sex", at));
        }
        (facts, provenance)
    }

    /// The version of a row that speaks of a fact: the row itself, or, where it does not have the column, the version
    /// before it.
    fn speaker(&self, at: usize, fact: &str, has: &dyn Fn(&Facts) -> bool) -> usize {
        let mut speaker = at;
        while self.sources[speaker].absent.has(column(fact)) && !has(&self.sources[speaker].facts) {
            let source = &self.sources[speaker];
            match self.sources[..speaker].iter().rposition(|before| before.is_same_row(source)) {
                Some(before) => speaker = before,
                None => break,
            }
        }
        speaker
    }

    /// How much a row is believed: by its form, then by sender and number.
    fn rank(&self, at: usize) -> (usize, &str, &str) {
        let source = &self.sources[at];
        let own = &self.sources[self.speaker(at, "source", &|_| !source.form.is_empty())].form;
        let form = FORMS.iter().position(|form| form == own).unwrap_or(FORMS.len());
        (form, &source.sender, &source.rec_id)
    }

    /// Takes up a row: a new one, or a new version of one that is there, which is kept as superseded.
    pub fn take_up(&mut self, source: Source) {
        for old in &mut self.sources {
            if old.is_same_row(&source) {
                old.superseded = true;
            }
        }
        self.sources.push(source);
    }

    /// Takes back every row of some files; the version before one that is taken back is believed again.
    pub fn take_back(&mut self, withdrawn: &dyn Fn(&str) -> bool) {
        let (gone, mut kept): (Vec<Source>, Vec<Source>) =
            std::mem::take(&mut self.sources).into_iter().partition(|source| withdrawn(&source.file));
        for source in gone.iter().filter(|source| !source.superseded) {
            if let Some(before) = kept.iter_mut().rev().find(|before| before.is_same_row(source)) {
                before.superseded = false;
            }
        }
        self.sources = kept;
    }

    /// The words by which a person is found: folded syllables of the name, each once.
    #[must_use]
    pub fn search_words(name: &str) -> Vec<String> {
        let folded = vn::fold(name);
        let mut words: Vec<String> = folded.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(form: &str, rec_id: &str, facts: Facts) -> Source {
        let (sender, file) = ("001".into(), "f".into());
        Source {
            sender,
            rec_id: rec_id.into(),
            form: form.into(),
            file,
            line: 2,
            recorded: Instant(0),
            facts,
            findings: vec![],
            absent: Absent::default(),
            superseded: false,
        }
    }

    #[test]
    fn the_most_believed_row_that_has_a_fact_gives_it() {
        let archive = Facts { name: "Võ Trung Hà".into(), address: "Thôn Hạ".into(), ..Facts::default() };
        let form = Facts { name: "Vo Trung Ha".into(), ward: "00001".into(), ..Facts::default() };
        let person = Person { number: None, sources: vec![source("ARCHIVE", "1", archive), source("DC01", "2", form)] };
        let (facts, provenance) = person.facts();
        assert_eq!(
            (facts.name.as_str(), facts.ward.as_str(), facts.address.as_str()),
            ("Võ Trung Hà", "00001", "Thôn Hạ")
        );
        assert!(provenance.contains(&("ward", 1)) && provenance.contains(&("address", 0)));
    }

    #[test]
    fn a_row_sent_again_replaces_itself() {
        let mut person = Person::default();
        person.take_up(source("DC01", "1", Facts { name: "A".into(), ..Facts::default() }));
        person.take_up(source("DC01", "1", Facts { name: "B".into(), ..Facts::default() }));
        assert_eq!((person.sources.len(), person.facts().0.name.as_str()), (2, "B"));
        person.sources[1].file = "later".into();
        person.take_back(&|file| file == "later");
        assert_eq!(
            (person.sources.len(), person.facts().0.name.as_str()),
            (1, "A"),
            "the version before is believed again"
        );
        // What a newer version does not have at all, the version before it still says; an empty cell takes it away.
        let whole = Facts { name: "A".into(), ward: "00001".into(), sex: Some('M'), ..Facts::default() };
        let short = Facts { name: "C".into(), ..Facts::default() };
        let mut person = Person::default();
        person.take_up(source("DC01", "1", whole));
        person.take_up(Source { absent: Absent::but([0, 1, 2, 3, 5]), ..source("DC01", "1", short.clone()) });
        let (facts, provenance) = person.facts();
        assert_eq!((facts.name.as_str(), facts.ward.as_str(), facts.sex), ("C", "00001", None));
        assert!(provenance.contains(&("ward", 0)) && provenance.contains(&("name", 1)));
        person.take_up(source("DC01", "1", short));
        assert_eq!(person.facts().0.ward, "");
        let mut person = Person::default();
        // Rows without a number of their own are different rows.
        person.take_up(source("DC01", "", Facts { ward: "00001".into(), ..Facts::default() }));
        person.take_up(Source { line: 3, ..source("DC01", "", Facts { address: "x".into(), ..Facts::default() }) });
        assert_eq!((person.facts().0.ward.as_str(), person.facts().0.address.as_str()), ("00001", "x"));
    }
}
