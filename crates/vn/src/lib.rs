//! Vietnamese text, names, numbers and places as people write them.
//!
//! Invariant: what is read is repaired in its encoding, never "corrected" in its spelling; a name is what its bearer says.
//! Not here: dates (`time`), and which unit a place is (`register`, from the units imported).
//! Start reading at [`repair`] for text and [`PersonalNumber`] for numbers.

mod codepage;
mod encoding;
mod habits;
mod number;
mod syllable;
mod text;
mod word;

pub use codepage::{Damage, damage, repair, undo};
pub use encoding::{Encoding, decode};
pub use habits::{Habits, is_certain};
pub use number::{Century, OldNumber, PersonalNumber, Sex};
pub use syllable::{Syllable, is_syllable};
pub use text::{clean, fold, place_tones, title};
pub use word::{ethnic_code, ethnic_name, province_code, sex, unit_code};
