//! `programme board`.

use crate::installation::{Installation, Place, of_services};
use crate::output::{Exit, Failure, Output};
use crate::text::{Key, t};
use time::Instant;

#[derive(clap::Subcommand)]
pub(crate) enum Programme {
    Board {
        #[command(flatten)]
        place: Place,
        #[arg(long, value_name = "TIME")]
        as_of: Option<String>,
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
    },
}

pub(crate) fn run(command: Programme, out: &mut Output) -> Result<(), Failure> {
    let Programme::Board { place, as_of, unit } = command;
    let installation = Installation::open(&place)?;
    let officer = installation.officer(&place)?;
    officer.may("status").map_err(|error| of_services(&error))?;
    let until = match &as_of {
        None => Instant(i64::MAX),
        Some(text) => {
            let wrong = || Failure::new(Exit::Use, t!("time-malformed"), vec![("time", text.clone())]);
            Instant::parse(text).ok_or_else(wrong)?
        }
    };
    // Nobody sees beside or above the unit of their office.
    let within = if officer.unit.is_empty() { unit } else { officer.unit };
    let lines = services::status::board(&installation.book, until, &within).map_err(|error| of_services(&error))?;
    say(&lines, out);
    out.json(&serde_json::to_value(&lines).unwrap_or_default());
    Ok(())
}

/// The nation and its provinces, for people; the JSON has every unit.
pub(crate) fn say(lines: &[programme::Line], out: &mut Output) {
    for line in lines.iter().filter(|line| line.unit.is_empty() || line.unit.starts_with('P')) {
        if line.value == 0 && !line.unit.is_empty() {
            continue;
        }
        let name = if line.unit.is_empty() { out.text(t!("board-nation"), &[]) } else { line.name.clone() };
        let percent = line.percent.map_or("—".to_owned(), |percent| format!("{} %", out.language.number(percent, 2)));
        let above = if line.above_average == Some(true) { out.text(t!("board-above"), &[]) } else { String::new() };
        let arguments = [
            ("measure", word(line.measure, out)),
            ("name", name),
            ("value", out.language.count(line.value)),
            ("percent", percent),
            ("rank", line.rank.map_or("—".to_owned(), |rank| rank.to_string())),
            ("above", above),
        ];
        out.say(t!("board-line"), &arguments);
    }
}

/// A measure in words.
fn word(measure: &str, out: &Output) -> String {
    Key::find(&format!("measure-{measure}")).map_or_else(|| measure.to_owned(), |key| out.text(key, &[]))
}
