//! How likely an agreement is for one person, for kin, for namesakes and for strangers.
//!
//! A mixture after Fellegi and Sunter (1969), fitted to the records themselves. Strangers are counted on random pairs and
//! from how often each value stands; kin on households, names where the dates differ and dates where the names differ, so
//! that twins follow without having been seen; namesakes agree in name and date as one person does and are strangers
//! otherwise. Only the shares of the classes and the agreement of one person with himself are fitted by expectation and
//! maximisation: nothing can change places.

use crate::likeness::{MISSING, SAME, date, levels, name};
use crate::maths::{exp2, log2};
use crate::pattern::{Layout, Pattern, recognised};
use crate::spec::{Factor, Field, Kind, Part, Spec};
use crate::table::{BINS, Rarity, Table, bins};
use crate::{Evidence, Explanation, Rival};

/// Rounds of fitting.
const ROUNDS: usize = 12;
/// Observations that what is expected of a kind weighs.
const EXPECTED_WEIGHT: f64 = 40.0;
/// Observations that independence weighs, for fields counted together.
const INDEPENDENT_WEIGHT: f64 = 30.0;
/// Pairs that a whole country's chance of agreeing weighs.
const USUAL_PAIRS: f64 = 200_000.0;
/// How many pairs of a class there are that a description does not know.
const NONE: f64 = 1e-300;
/// The share of kin of whom one has been written down elsewhere.
const KIN_APART: f64 = 0.1;

/// Patterns and how many pairs have each.
pub(crate) type Counts = Vec<(Pattern, u32)>;

/// Joint probabilities of the levels of some fields, given which of them are known.
#[derive(Clone, Debug)]
struct Joint {
    fields: Factor,
    /// How far a level of each field reaches in the table.
    strides: Vec<usize>,
    /// Logarithms to base two of the probabilities of the levels together.
    table: Vec<f64>,
}

/// A kind of pair.
#[derive(Clone, Debug)]
struct Class {
    joints: Vec<Joint>,
    /// By field: whether the value that both share is drawn as people are, or as pairs are.
    by_people: Vec<bool>,
    /// How many pairs there are, in all.
    pairs: f64,
}

/// What a pair's agreement says.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    layout: Layout,
    same: Class,
    siblings: Class,
    relatives: Class,
    namesake: Class,
    stranger: Class,
    /// By field and rarity: the share of people, and of agreeing pairs, as logarithms.
    people: Vec<[f64; BINS]>,
    agreeing: Vec<[f64; BINS]>,
    unique: Option<usize>,
    /// Dates, numbers and parents.
    firm: Vec<(usize, Kind)>,
}

/// What is counted before fitting.
pub(crate) struct Observed<'a> {
    pub(crate) records: usize,
    pub(crate) rarity: &'a [Rarity],
    /// Candidate pairs.
    pub(crate) candidates: &'a Counts,
    /// One in so many candidates was counted.
    pub(crate) one_in: f64,
    /// Random pairs.
    pub(crate) random: &'a Counts,
    /// Pairs of one family.
    pub(crate) families: &'a Counts,
    /// One in so many of them was counted.
    pub(crate) families_one_in: f64,
}

impl Joint {
    fn new(spec: &Spec, fields: &[usize]) -> Joint {
        let mut size = 1;
        let strides = fields
            .iter()
            .map(|field| {
                let stride = size;
                size *= levels(spec.fields[*field].kind);
                stride
            })
            .collect();
        Joint { fields: fields.to_vec(), strides, table: vec![0.0; size] }
    }

    fn index(&self, layout: &Layout, pattern: Pattern) -> usize {
        self.fields
            .iter()
            .zip(&self.strides)
            .map(|(field, stride)| usize::from(layout.level(pattern, *field)) * stride)
            .sum()
    }

    fn level(&self, spec: &Spec, index: usize, at: usize) -> usize {
        index / self.strides[at] % levels(spec.fields[self.fields[at]].kind)
    }

    /// Which fields are known at an index, as bits.
    fn mask(&self, spec: &Spec, index: usize) -> usize {
        (0..self.fields.len()).filter(|at| self.level(spec, index, *at) != usize::from(MISSING)).map(|at| 1 << at).sum()
    }

    /// Counts to probabilities: of each field alone, drawn towards what is expected; of all together, drawn towards
    /// independence; each given which fields are known.
    fn estimate(&self, spec: &Spec, counts: &[f64], expected: impl Fn(usize) -> Vec<f64>, weight: f64) -> Vec<f64> {
        let alone: Vec<Vec<f64>> = (0..self.fields.len())
            .map(|at| {
                let mut own: Vec<f64> = expected(self.fields[at]).iter().map(|share| share * weight).collect();
                own[0] = 0.0;
                for (index, count) in counts.iter().enumerate() {
                    let level = self.level(spec, index, at);
                    if level != usize::from(MISSING) {
                        own[level] += count;
                    }
                }
                let sum: f64 = own.iter().sum();
                own.iter().map(|count| count / sum.max(1e-300)).collect()
            })
            .collect();
        if self.fields.len() == 1 {
            let known = |(level, share): (usize, &f64)| if level == usize::from(MISSING) { 1.0 } else { *share };
            return alone[0].iter().enumerate().map(known).collect();
        }
        let product = |index: usize| -> f64 {
            let levels = (0..self.fields.len()).map(|at| (at, self.level(spec, index, at)));
            levels.filter(|(_, level)| *level != usize::from(MISSING)).map(|(at, level)| alone[at][level]).product()
        };
        let mut sums = vec![0.0; 1 << self.fields.len()];
        for (index, count) in counts.iter().enumerate() {
            sums[self.mask(spec, index)] += count;
        }
        let share = |index: usize| {
            let sum = sums[self.mask(spec, index)];
            (counts[index] + INDEPENDENT_WEIGHT * product(index)) / (sum + INDEPENDENT_WEIGHT)
        };
        (0..counts.len()).map(share).collect()
    }

    fn set(&mut self, shares: Vec<f64>) {
        self.table = shares.iter().map(|share| log2(share.max(1e-30))).collect();
    }
}

/// What is expected of one person written down twice, by level, before anything is counted.
fn expected_same(spec: &Spec, field: usize) -> Vec<f64> {
    let parent = spec.fields[field].kind == Kind::Name && spec.name != Some(field);
    match spec.fields[field].kind {
        Kind::Name if parent => vec![0.0, 0.72, 0.03, 0.02, 0.09, 0.005, 0.01, 0.05, 0.01, 0.01, 0.02, 0.015, 0.02],
        Kind::Name => vec![0.0, 0.75, 0.04, 0.02, 0.08, 0.004, 0.01, 0.05, 0.006, 0.004, 0.002, 0.01, 0.003],
        Kind::Date => vec![0.0, 0.83, 0.015, 0.06, 0.06, 0.005, 0.01, 0.02],
        Kind::Sex => vec![0.0, 0.99, 0.0, 0.01],
        Kind::Code if spec.household == Some(field) => vec![0.0, 0.6, 0.0, 0.4],
        Kind::Code => vec![0.0, 0.985, 0.0, 0.015],
        Kind::Unit => vec![0.0, 0.55, 0.15, 0.3],
        Kind::Place => vec![0.0, 0.9, 0.05, 0.05],
        Kind::Text => vec![0.0, 0.55, 0.0, 0.45],
        Kind::OldNumber => vec![0.0, 0.8, 0.03, 0.17],
        Kind::PersonalNumber => vec![0.0, 0.97, 0.02, 0.01],
        Kind::Word => vec![0.0, 0.85, 0.08, 0.03, 0.04],
        Kind::Words => vec![0.0, 0.7, 0.05, 0.1, 0.05, 0.04, 0.02, 0.04],
    }
}

impl Model {
    /// Fits the model to what was counted.
    pub(crate) fn fit(spec: &Spec, layout: Layout, observed: &Observed<'_>) -> Model {
        let fields = spec.fields.len();
        let joints = |factors: &[Factor]| factors.iter().map(|fields| Joint::new(spec, fields)).collect::<Vec<_>>();
        let people = shares(spec, observed.rarity, |rarity| &rarity.records);
        let agreeing = shares(spec, observed.rarity, |rarity| &rarity.pairs);
        let all = observed.records as f64 * (observed.records as f64 - 1.0) / 2.0;
        let mut model = Model {
            same: Class {
                joints: joints(&spec.same),
                by_people: vec![true; fields],
                pairs: observed.records as f64 * 0.05,
            },
            siblings: Class { joints: joints(&spec.kin), by_people: vec![true; fields], pairs: 1.0 },
            relatives: Class { joints: joints(&spec.kin), by_people: vec![true; fields], pairs: 1.0 },
            namesake: Class {
                joints: joints(&spec.stranger),
                by_people: vec![false; fields],
                pairs: if spec.name.is_some() { 1.0 + observed.records as f64 * 1e-3 } else { NONE },
            },
            stranger: Class { joints: joints(&spec.stranger), by_people: vec![false; fields], pairs: all.max(1.0) },
            people,
            agreeing,
            firm: (0..fields)
                .filter(|field| spec.name != Some(*field))
                .map(|field| (field, spec.fields[field].kind))
                .filter(|(_, kind)| matches!(kind, Kind::Name | Kind::Date | Kind::OldNumber | Kind::PersonalNumber))
                .collect(),
            unique: spec.fields.iter().position(|field| field.kind == Kind::PersonalNumber),
            layout,
        };
        model.count_strangers(spec, observed);
        model.count_kin(spec, observed);
        model.expect_same(spec);
        model.take_over(spec);
        for _ in 0..ROUNDS {
            model.round(spec, observed);
        }
        model
    }

    fn count_strangers(&mut self, spec: &Spec, observed: &Observed<'_>) {
        let layout = &self.layout;
        for joint in &mut self.stranger.joints {
            let mut counts = vec![0.0; joint.table.len()];
            for (pattern, count) in observed.random {
                counts[joint.index(layout, *pattern)] += f64::from(*count);
            }
            let expected = |field: usize| by_chance(spec, layout, observed, field);
            joint.set(joint.estimate(spec, &counts, expected, 1e9));
        }
    }

    /// Kin: pairs of a household. Names are counted where the dates differ and dates where the given names differ: what one
    /// person written down twice would add is in neither.
    fn count_kin(&mut self, spec: &Spec, observed: &Observed<'_>) {
        let layout = &self.layout;
        let (own_name, own_birth) = (spec.name, spec.birth);
        let parents: Vec<usize> = (0..spec.fields.len())
            .filter(|field| spec.fields[*field].kind == Kind::Name && own_name != Some(*field))
            .collect();
        // Brothers and sisters: no parent is another, and one is known to be the same.
        let siblings = |pattern| {
            let mut levels = parents.iter().map(|field| layout.level(pattern, *field));
            let same = |level| recognised(Kind::Name, level);
            levels.clone().all(|level| level == MISSING || same(level)) && levels.any(same)
        };
        let has = |joint: &Joint, own: Option<usize>| own.is_some_and(|own| joint.fields.contains(&own));
        let other_name =
            |pattern| own_name.is_none_or(|own| matches!(layout.level(pattern, own), name::GIVEN | name::OTHER));
        let other_date =
            |pattern| own_birth.is_none_or(|own| matches!(layout.level(pattern, own), date::OTHER | date::DAY));
        for (class, are_siblings) in [(&mut self.siblings, true), (&mut self.relatives, false)] {
            for joint in &mut class.joints {
                let mut counts = vec![0.0; joint.table.len()];
                for (pattern, count) in observed.families {
                    let taken = siblings(*pattern) == are_siblings
                        && if has(joint, own_name) {
                            other_date(*pattern)
                        } else if has(joint, own_birth) {
                            other_name(*pattern)
                        } else {
                            other_name(*pattern) && other_date(*pattern)
                        };
                    if taken {
                        counts[joint.index(layout, *pattern)] += f64::from(*count);
                    }
                }
                let expected = |field: usize| match spec.fields[field].kind {
                    Kind::Name if own_name == Some(field) => {
                        vec![0.0, 1e-4, 1e-4, 1e-4, 2e-3, 5e-3, 1e-4, 1e-3, 2e-3, 0.01, 0.6, 1e-3, 0.37]
                    }
                    Kind::Name => vec![0.0, 0.4, 0.02, 0.02, 0.02, 0.002, 0.002, 0.01, 0.02, 0.02, 0.1, 0.002, 0.38],
                    Kind::Date => vec![0.0, 4e-3, 1e-4, 4e-3, 1e-3, 2e-3, 0.03, 0.96],
                    Kind::Sex => vec![0.0, 0.5, 0.0, 0.5],
                    Kind::Code | Kind::Text => vec![0.0, 0.95, 0.0, 0.05],
                    Kind::Unit | Kind::Place => vec![0.0, 0.9, 0.03, 0.07],
                    Kind::OldNumber | Kind::PersonalNumber => vec![0.0, 1e-4, 1e-3, 1.0],
                    Kind::Word => vec![0.0, 0.5, 0.02, 0.03, 0.45],
                    Kind::Words => vec![0.0, 0.5, 0.01, 0.02, 0.02, 0.02, 0.03, 0.4],
                };
                let mut estimate = joint.estimate(spec, &counts, expected, EXPECTED_WEIGHT);
                // Some have been written down elsewhere.
                if spec.household.is_some_and(|household| joint.fields.contains(&household)) {
                    let apart = |field: usize| match spec.fields[field].kind {
                        Kind::Unit => vec![0.0, 0.1, 0.1, 0.8],
                        _ => vec![0.0, 0.02, 0.0, 0.98],
                    };
                    let apart = joint.estimate(spec, &vec![0.0; joint.table.len()], apart, EXPECTED_WEIGHT);
                    for (share, apart) in estimate.iter_mut().zip(apart) {
                        *share = *share * (1.0 - KIN_APART) + apart * KIN_APART;
                    }
                }
                joint.set(estimate);
            }
            let own = observed.families.iter().filter(|(pattern, _)| siblings(*pattern) == are_siblings);
            let count: f64 = own.map(|(_, count)| f64::from(*count)).sum();
            class.pairs = match spec.family.is_empty() {
                true => NONE,
                false => (count * observed.families_one_in / (1.0 - KIN_APART)).max(1.0),
            };
        }
    }

    fn expect_same(&mut self, spec: &Spec) {
        for joint in &mut self.same.joints {
            let counts = vec![0.0; joint.table.len()];
            joint.set(joint.estimate(spec, &counts, |field| expected_same(spec, field), EXPECTED_WEIGHT));
        }
    }

    /// Namesakes agree in name, date and sex as one person does.
    fn take_over(&mut self, spec: &Spec) {
        let own = [spec.name, spec.birth];
        self.namesake.joints = self.stranger.joints.clone();
        let of_person = |field: &usize| own.contains(&Some(*field)) || spec.fields[*field].kind == Kind::Sex;
        for joint in &mut self.namesake.joints {
            if joint.fields.iter().all(of_person)
                && let Some(like) = self.same.joints.iter().find(|like| like.fields == joint.fields)
            {
                joint.clone_from(like);
            }
        }
        for (field, by_people) in self.namesake.by_people.iter_mut().enumerate() {
            *by_people = of_person(&field);
        }
    }

    /// One round: whose are the pairs, given the model; the model, given whose they are.
    fn round(&mut self, spec: &Spec, observed: &Observed<'_>) {
        let mut counts: Vec<Vec<f64>> = self.same.joints.iter().map(|joint| vec![0.0; joint.table.len()]).collect();
        let (mut same, mut namesake) = (0.0, 0.0);
        for (pattern, count) in observed.candidates {
            let shares = self.shares(*pattern);
            let count = f64::from(*count) * observed.one_in;
            namesake += shares[3] * count;
            if self.is_forbidden(*pattern) {
                continue;
            }
            same += shares[0] * count;
            for (joint, counts) in self.same.joints.iter().zip(&mut counts) {
                counts[joint.index(&self.layout, *pattern)] += shares[0] * count;
            }
        }
        self.same.pairs = same.max(1.0);
        if spec.name.is_some() {
            self.namesake.pairs = namesake.max(1e-3);
        }
        for (joint, counts) in self.same.joints.iter_mut().zip(&counts) {
            joint.set(joint.estimate(spec, counts, |field| expected_same(spec, field), EXPECTED_WEIGHT));
        }
        self.take_over(spec);
    }

    /// The logarithm of how many pairs of a class have a pattern.
    fn intensity(&self, class: &Class, pattern: Pattern) -> f64 {
        let mut sum = log2(class.pairs);
        for joint in &class.joints {
            sum += joint.table[joint.index(&self.layout, pattern)];
        }
        sum + (0..class.by_people.len()).map(|field| self.rarity(class, pattern, field)).sum::<f64>()
    }

    /// The logarithm of how often what a field has in common is as rare as that.
    fn rarity(&self, class: &Class, pattern: Pattern, field: usize) -> f64 {
        let Some(bin) = self.layout.bin(pattern, field) else { return 0.0 };
        if class.by_people[field] { self.people[field][bin] } else { self.agreeing[field][bin] }
    }

    /// The shares of one person, kin, namesakes and strangers among the pairs of a pattern.
    fn shares(&self, pattern: Pattern) -> [f64; 5] {
        let mut logs = [&self.same, &self.siblings, &self.relatives, &self.namesake, &self.stranger]
            .map(|class| self.intensity(class, pattern));
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        logs.iter_mut().for_each(|log| *log = exp2(*log - most));
        let sum: f64 = logs.iter().sum();
        logs.map(|share| share / sum)
    }

    /// Two valid different twelve-digit numbers.
    pub(crate) fn is_forbidden(&self, pattern: Pattern) -> bool {
        self.unique.is_some_and(|field| self.layout.level(pattern, field) > SAME)
    }

    /// What speaks for one person and against the likeliest of the others.
    pub(crate) fn explain(&self, pattern: Pattern) -> Explanation {
        let others = [
            (Rival::Stranger, &self.stranger),
            (Rival::Siblings, &self.siblings),
            (Rival::Relatives, &self.relatives),
            (Rival::Namesake, &self.namesake),
        ];
        let (mut rival, mut most) = (others[0], f64::NEG_INFINITY);
        for other in others {
            let own = self.intensity(other.1, pattern);
            if own > most {
                (rival, most) = (other, own);
            }
        }
        let (rival, other) = rival;
        let group = self.groups(other);
        let mut evidence: Vec<Evidence> = Vec::new();
        for first in (0..group.len()).filter(|field| group[*field] == *field) {
            let members = || (first..group.len()).filter(|field| group[*field] == first);
            let fields: Vec<_> = members().filter_map(|at| Some((at, self.layout.alike(pattern, at)?))).collect();
            if fields.is_empty() {
                continue;
            }
            let of = |class: &Class| {
                let own = class.joints.iter().filter(|joint| group[joint.fields[0]] == first);
                let together: f64 = own.map(|joint| joint.table[joint.index(&self.layout, pattern)]).sum();
                together + members().map(|field| self.rarity(class, pattern, field)).sum::<f64>()
            };
            evidence.push(Evidence { bits: of(&self.same) - of(other), fields });
        }
        Explanation { rival, before: log2(self.same.pairs) - log2(other.pairs), evidence }
    }

    /// For each field the first of those that are weighed together with it, for one person or for another class.
    fn groups(&self, other: &Class) -> Vec<usize> {
        let mut group: Vec<usize> = (0..self.people.len()).collect();
        for joint in self.same.joints.iter().chain(&other.joints) {
            let least = joint.fields.iter().map(|field| group[*field]).min().unwrap_or(0);
            let own: Vec<usize> = joint.fields.iter().map(|field| group[*field]).collect();
            group.iter_mut().filter(|at| own.contains(at)).for_each(|at| *at = least);
        }
        group
    }

    /// A record's twelve-digit number.
    pub(crate) fn unique_value(&self, table: &Table, record: u32) -> Option<u64> {
        table.part(table.row(record), self.unique?, Part::Whole)
    }

    /// The probability that two records of this pattern are one person.
    pub(crate) fn probability(&self, pattern: Pattern) -> f64 {
        if self.is_forbidden(pattern) {
            return 0.0;
        }
        let [same, ..] = self.shares(pattern);
        same
    }

    /// Whether neither a whole date, nor a number, nor a parent agrees: neighbours of one name and age look like this, and a
    /// small file does not show how many there are.
    pub(crate) fn is_thin(&self, pattern: Pattern) -> bool {
        !self.firm.iter().any(|(field, kind)| {
            let level = self.layout.level(pattern, *field);
            match kind {
                Kind::Date => (SAME..=date::SLIP).contains(&level),
                Kind::Name => recognised(*kind, level),
                _ => level == SAME,
            }
        })
    }
}

/// How often the levels of a field stand among strangers. That two values are the same is known exactly from how often
/// each stands.
fn by_chance(spec: &Spec, layout: &Layout, observed: &Observed<'_>, field: usize) -> Vec<f64> {
    let kind = spec.fields[field].kind;
    let mut shares = vec![0.5; levels(kind)];
    for (pattern, count) in observed.random {
        shares[usize::from(layout.level(*pattern, field))] += f64::from(*count);
    }
    shares[usize::from(MISSING)] = 0.0;
    let rarity = &observed.rarity[field];
    let known = rarity.known as f64;
    let (agreeing, all) = (rarity.pairs.iter().sum::<u64>() as f64, known * (known - 1.0).max(0.0) / 2.0);
    // In a handful of records most that agree are one person: then a whole country's chance counts.
    let usual = match kind {
        Kind::Name => 3e-4,
        Kind::Date => 4e-5,
        Kind::Sex => 0.5,
        Kind::Code if spec.household == Some(field) => 1e-6,
        Kind::Code => 0.3,
        Kind::Unit | Kind::Place => 1e-3,
        Kind::Text => 5e-3,
        Kind::OldNumber | Kind::PersonalNumber => 1e-8,
        Kind::Word | Kind::Words => 1e-3,
    };
    let exact = ((agreeing + usual * USUAL_PAIRS) / (all + USUAL_PAIRS)).clamp(1e-12, 1.0 - 1e-6);
    let alike = if kind == Kind::Name { usize::from(name::MARKS) } else { usize::from(SAME) };
    let (agreeing, others) = shares[1..].split_at_mut(alike);
    let (sum, rest): (f64, f64) = (agreeing.iter().sum(), others.iter().sum());
    agreeing.iter_mut().for_each(|share| *share *= exact / sum);
    others.iter_mut().for_each(|share| *share *= (1.0 - exact) / rest);
    shares
}

fn shares(spec: &Spec, rarity: &[Rarity], of: impl Fn(&Rarity) -> &[u64; BINS]) -> Vec<[f64; BINS]> {
    let one = |(rarity, field): (&Rarity, &Field)| {
        let (counts, bins) = (of(rarity), bins(field.kind).0);
        let sum: f64 = counts[..bins].iter().map(|count| *count as f64 + 0.5).sum();
        counts.map(|count| log2((count as f64 + 0.5) / sum))
    };
    rarity.iter().zip(&spec.fields).map(one).collect()
}
