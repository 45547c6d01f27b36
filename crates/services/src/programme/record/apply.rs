//! One act on one record: what the fields say is given to the noun, which allows it or refuses.

use super::act::Act;
use super::fields::Fields;
use super::readiness::Counts;
use super::sight;
use crate::Error;
use crate::officer::Officer;
use ::programme::record::approach::Approach;
use ::programme::record::delegation::{Delegation, Outcome};
use ::programme::record::difficulty::Difficulty;
use ::programme::record::milestone::Milestone;
use ::programme::record::pilot::Pilot;
use ::programme::record::roadmap::{Amendment, Said};
use ::programme::record::{By, Record, Refusal};
use ::programme::{NATION, Units};
use ids::{OfficerId, Uuid};
use ports::store::Read;

/// Where an act takes place.
pub(super) struct Scene<'a> {
    pub(super) view: &'a dyn Read,
    pub(super) units: &'a Units,
    pub(super) officer: &'a Officer,
    /// All acts of law, where the act is on one.
    pub(super) all: &'a [Record],
    /// The id of one that is made.
    pub(super) id: Uuid,
    pub(super) by: By,
    /// What the board counts for the pilot, where that is asked for.
    pub(super) counts: &'a Counts,
}

fn refused(refusal: Refusal) -> Error {
    Error::refused(refusal.code)
}

pub(super) fn apply(scene: &Scene<'_>, act: &Act, old: Option<Record>, fields: &Fields) -> Result<Record, Error> {
    match old {
        None => made(scene, act, fields),
        Some(Record::Difficulty(one)) => difficulty(scene, act, one, fields).map(Record::Difficulty),
        Some(Record::Approach(one)) => approach(scene, act, one, fields).map(Record::Approach),
        Some(Record::Delegation(one)) => delegation(scene, act, one, fields).map(Record::Delegation),
        Some(Record::Roadmap(one)) => amendment(scene, act, one, fields).map(Record::Roadmap),
        Some(Record::Milestone(one)) => milestone(scene, act, one, fields).map(Record::Milestone),
        Some(Record::Pilot(one)) => pilot(scene, act, one, fields).map(Record::Pilot),
    }
}

impl Scene<'_> {
    /// A unit within the officer's; the officer's own where none is named.
    fn unit(&self, code: &str) -> Result<String, Error> {
        let missing = || Error::Missing("unit-missing");
        let own = self.units.find(&self.officer.unit).ok_or_else(missing)?;
        let place = if code.is_empty() { own } else { self.units.find(code).ok_or_else(missing)? };
        if self.units.within(place, own) { Ok(self.units.at(place).code.clone()) } else { Err(missing()) }
    }

    /// The unit that has to answer: named, or the one above; the raising unit lies in it.
    fn answering(&self, code: &str, unit: &str) -> Result<String, Error> {
        let missing = || Error::Missing("unit-missing");
        let place = self.units.find(unit).ok_or_else(missing)?;
        if code.is_empty() {
            return Ok(self.units.at(self.units.parent(place)).code.clone());
        }
        let at = self.units.find(code).ok_or_else(missing)?;
        if self.units.within(place, at) { Ok(code.to_owned()) } else { Err(missing()) }
    }

    /// The unit above one.
    fn above(&self, code: &str) -> Option<String> {
        let place = self.units.find(code).filter(|place| *place != NATION)?;
        Some(self.units.at(self.units.parent(place)).code.clone())
    }

    /// An error unless the officer's unit is this one or lies above it.
    pub(super) fn answers_for(&self, unit: &str) -> Result<(), Error> {
        let own = self.units.find(&self.officer.unit);
        let near = self.units.resolve(unit).zip(own).is_some_and(|(place, own)| self.units.within(place, own));
        if near { Ok(()) } else { Err(Error::refused("record-elsewhere")) }
    }

    fn officer_named(&self, name: &str) -> Result<OfficerId, Error> {
        let all = crate::officer::reachable(self.view, self.officer)?;
        let found = all.into_iter().find(|officer| officer.name == name);
        Ok(found.ok_or(Error::Missing("officer-missing"))?.id)
    }

    fn amendments(&self) -> Vec<Amendment> {
        self.all
            .iter()
            .filter_map(|one| if let Record::Roadmap(one) = one { Some(one.clone()) } else { None })
            .collect()
    }
}

fn made(scene: &Scene<'_>, act: &Act, fields: &Fields) -> Result<Record, Error> {
    let (id, by) = (scene.id, scene.by);
    let unit = scene.unit(fields.text("unit"))?;
    let (title, body) = (fields.text("title"), fields.text("body"));
    match act.name {
        "raise" => {
            let at = scene.answering(fields.text("at"), &unit)?;
            let (about, severity) = (fields.word("about")?, fields.word("severity")?);
            let until = (at.as_str(), fields.day("until")?);
            Difficulty::raise(id, &unit, title, body, about, severity, until, by).map(Record::Difficulty)
        }
        "share" => {
            let (measure, since) = (fields.text("measure"), fields.day("since")?);
            Approach::share(id, &unit, title, body, measure, since, by).map(Record::Approach)
        }
        "plan-delegation" => {
            let names = fields.lines("members");
            let members: Result<Vec<OfficerId>, Error> = names.iter().map(|name| scene.officer_named(name)).collect();
            let route = fields.stops("route")?;
            for (unit, _) in &route {
                scene.unit(unit)?;
            }
            Delegation::plan(id, &unit, title, body, &members?, &route, by).map(Record::Delegation)
        }
        "plan-amendment" => {
            let said = Said {
                document: fields.word("document")?,
                number: fields.text("number").to_owned(),
                article: fields.text("article").to_owned(),
                change: fields.text("change").to_owned(),
                why: fields.text("why").to_owned(),
                stages: fields.stages("stages")?,
            };
            Amendment::plan(id, &unit, title, said, by).map(Record::Roadmap)
        }
        "plan-milestone" => {
            Milestone::plan(id, &unit, title, fields.word("project")?, fields.day("day")?, by).map(Record::Milestone)
        }
        _ => {
            let units = fields.lines("units");
            for unit in &units {
                scene.unit(unit)?;
            }
            let (criteria, until) = (fields.criteria("criteria")?, fields.day("until")?);
            Pilot::plan(id, &unit, title, &units, &criteria, until, by).map(Record::Pilot)
        }
    }
    .map_err(refused)
}

/// The unit that has to answer assigns, answers and passes on; the one that raised it takes the answer or not.
fn difficulty(scene: &Scene<'_>, act: &Act, one: Difficulty, fields: &Fields) -> Result<Difficulty, Error> {
    let by = scene.by;
    if act.name == "withdraw-file" {
        let missing = Error::Missing("attachment-missing");
        let id = Uuid::parse(fields.text("file")).ok_or(missing.clone())?;
        let file = one.files().find(|file| file.id == id).ok_or(missing)?;
        // Whoever has to answer takes nothing back that others have shown.
        scene.answers_for(&file.unit)?;
        return one.withdraw(id, by).map_err(refused);
    }
    let raiser = matches!(act.name, "send-back" | "close-difficulty");
    scene
        .answers_for(if raiser { &one.head.unit } else { &one.at })
        // Whoever waits for an answer may pass it on too.
        .or_else(|error| if act.name == "escalate" { scene.answers_for(&one.head.unit) } else { Err(error) })?;
    match act.name {
        "assign" => one.assign(scene.officer_named(fields.text("owner"))?, fields.day("until")?, by),
        "answer" => one.answer(fields.text("decision"), by),
        "escalate" => {
            let above = scene.above(&one.at);
            one.escalate(above.as_deref(), fields.day("until")?, by)
        }
        "send-back" => one.send_back(fields.day("until")?, by),
        _ => one.close(by),
    }
    .map_err(refused)
}

fn approach(scene: &Scene<'_>, act: &Act, one: Approach, fields: &Fields) -> Result<Approach, Error> {
    match act.name {
        "adopt" => one.adopt(&scene.unit(fields.text("unit"))?, fields.day("day")?, scene.by),
        _ => {
            scene.answers_for(&one.head.unit)?;
            one.withdraw(scene.by)
        }
    }
    .map_err(refused)
}

fn delegation(scene: &Scene<'_>, act: &Act, one: Delegation, fields: &Fields) -> Result<Delegation, Error> {
    let by = scene.by;
    let (unit, body) = (fields.text("unit"), fields.text("body"));
    match act.name {
        "set-out" => one.begin(by),
        "cancel" => one.cancel(by),
        "visit" => one.visit(unit, fields.day("day")?, by),
        "find" => one.find(unit, body, by),
        "promise" => one.promise(unit, body, fields.day("until")?, by),
        "report-back" => one.report(by),
        "keep" => one.settle(fields.place("promise")?, Outcome::Kept(fields.day("day")?), by),
        "give-up" => {
            let outcome = Outcome::GivenUp(fields.day("day")?, fields.text("reason").to_owned());
            one.settle(fields.place("promise")?, outcome, by)
        }
        _ => one.close(by),
    }
    .map_err(refused)
}

fn amendment(scene: &Scene<'_>, act: &Act, one: Amendment, fields: &Fields) -> Result<Amendment, Error> {
    let (by, all) = (scene.by, scene.amendments());
    let on = || Uuid::parse(fields.text("on")).ok_or(Error::Missing("record-missing"));
    match act.name {
        "advance" => one.advance(fields.day("day")?, &all, by),
        "depend" => {
            let (on, own) = (on()?, scene.units.find(&scene.officer.unit));
            let other = scene.all.iter().find(|other| other.head().id == on).zip(own);
            // Nobody learns here which acts others plan.
            other
                .filter(|(other, own)| sight::whole(scene.units, *own, other))
                .ok_or(Error::Missing("record-missing"))?;
            one.depend(on, &all, by)
        }
        "release" => one.release(on()?, by),
        _ => one.drop(by),
    }
    .map_err(refused)
}

fn milestone(scene: &Scene<'_>, act: &Act, one: Milestone, fields: &Fields) -> Result<Milestone, Error> {
    match act.name {
        "put-off" => one.put_off(fields.day("day")?, fields.text("reason"), scene.by),
        "reach" => one.reach(fields.day("day")?, scene.by),
        _ => one.drop(scene.by),
    }
    .map_err(refused)
}

fn pilot(scene: &Scene<'_>, act: &Act, one: Pilot, fields: &Fields) -> Result<Pilot, Error> {
    match act.name {
        "begin-pilot" => one.begin(scene.by),
        "measure" => one.measure(fields.place("criterion")?, fields.number("value")?, scene.by),
        "count" => {
            one.count(|measure, percent| scene.counts.get(&(measure.name, percent)).copied().flatten(), scene.by)
        }
        "sign" => one.sign(fields.word("verdict")?, scene.by),
        _ => one.promote(scene.by),
    }
    .map_err(refused)
}
