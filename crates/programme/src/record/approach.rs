//! Approaches: what works in one unit, for others to find and take up.
//!
//! States: shared → withdrawn. What it did is told by [`super::effect`], with the day each unit took it up.
//! Codes: `approach-withdrawn`, `approach-adopted`, `approach-ahead`, `approach-own`, `list-full`.
//! Start reading at [`Approach::share`].

use super::{By, Head, LIST_MAX, Refusal, TEXT_MAX, names, need, text};
use ids::{OfficerId, Uuid};
use serde::{Deserialize, Serialize};
use time::Day;

/// Whether others may take it up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// They may.
    Shared,
    /// It turned out otherwise.
    Withdrawn,
}
names!(State { Shared => "shared", Withdrawn => "withdrawn" });

/// An approach.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Approach {
    /// What every record has.
    pub head: Head,
    /// Whether others may take it up.
    pub state: State,
    /// What is done.
    pub body: String,
    /// The measure that it is to move.
    pub measure: String,
    /// Since when the unit does so.
    pub since: Day,
    /// Who took it up.
    pub adopted: Vec<Adoption>,
}

/// A unit that took an approach up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Adoption {
    /// The unit.
    pub unit: String,
    /// From this day.
    pub day: Day,
    /// Who said so.
    pub officer: OfficerId,
}

impl Approach {
    /// Shared by a unit that does so since a day.
    pub fn share(
        id: Uuid,
        unit: &str,
        title: &str,
        body: &str,
        measure: &str,
        since: Day,
        by: By,
    ) -> Result<Approach, Refusal> {
        let head = Head::new(id, unit, title, by)?;
        let measure = crate::Measure::find(measure).ok_or(Refusal { code: "measure-unknown" })?.name.to_owned();
        let body = text(body, TEXT_MAX)?;
        Ok(Approach { head, state: State::Shared, body, measure, since, adopted: Vec::new() })
    }

    /// Another unit takes it up from a day.
    pub fn adopt(mut self, unit: &str, day: Day, by: By) -> Result<Approach, Refusal> {
        need(self.state == State::Shared, "approach-withdrawn")?;
        need(unit != self.head.unit, "approach-own")?;
        need(self.adopted.iter().all(|one| one.unit != unit), "approach-adopted")?;
        need(day <= by.at.day(), "approach-ahead")?;
        need(self.adopted.len() < LIST_MAX * 40, "list-full")?;
        self.head = self.head.next(by);
        self.adopted.push(Adoption { unit: unit.to_owned(), day, officer: by.officer });
        Ok(self)
    }

    /// It turned out otherwise; who took it up stays noted.
    pub fn withdraw(mut self, by: By) -> Result<Approach, Refusal> {
        need(self.state == State::Shared, "approach-withdrawn")?;
        self.head = self.head.next(by);
        self.state = State::Withdrawn;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::record::given::{by, code, day};

    #[test]
    fn it_is_found_by_words_and_taken_up_once_by_each() {
        let share = |measure| {
            let (title, body) = ("Làm thẻ buổi tối", "Tổ lưu động đến từng bản sau giờ làm");
            Approach::share(Uuid([3; 16]), "P001", title, body, measure, day("2021-02-01"), by(1, "2021-03-01"))
        };
        assert_eq!(code(share("speed")), "measure-unknown");
        let one = share("applications").unwrap();
        assert!(
            Record::Approach(one.clone()).matches("luu dong the") && !Record::Approach(one.clone()).matches("sang")
        );
        assert_eq!(code(one.clone().adopt("P002", day("2021-03-11"), by(2, "2021-03-10"))), "approach-ahead");
        let one = one.adopt("P002", day("2021-03-10"), by(2, "2021-03-10")).unwrap();
        assert_eq!(code(one.clone().adopt("P002", day("2021-03-10"), by(2, "2021-03-10"))), "approach-adopted");
        assert_eq!(code(one.clone().adopt("P001", day("2021-03-10"), by(2, "2021-03-10"))), "approach-own");
        let gone = one.withdraw(by(1, "2021-04-01")).unwrap();
        assert_eq!((gone.adopted.len(), gone.head.version), (1, 3));
        assert_eq!(code(gone.adopt("P003", day("2021-04-10"), by(2, "2021-04-10"))), "approach-withdrawn");
    }
}
