//! The commands, one file per noun.

mod application;
mod audit;
pub(crate) mod batch;
mod bench;
pub(crate) mod card;
mod case;
mod demo;
mod fingerprint;
mod import;
mod installation;
mod link;
mod listing;
mod load;
mod migrate;
mod officer;
mod person;
mod programme;
mod sample;
mod serve;
mod usage;

use crate::output::{Failure, Output};
use crate::text::{Language, Texts};
use clap::{CommandFactory, FromArgMatches, Parser};
pub(crate) use listing::Listing;

/// The command line.
#[derive(Parser)]
#[command(name = "vandan", version, disable_help_subcommand = true)]
pub(crate) struct Line {
    #[arg(long, global = true)]
    json: bool,
    #[arg(long, global = true, value_parser = Language::ALL.map(Language::code))]
    lang: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Init(installation::Init),
    SignIn(installation::SignIn),
    SignOut(installation::SignOut),
    #[command(subcommand)]
    Officer(officer::Officer),
    Serve(serve::Serve),
    Status(installation::Status),
    Doctor(installation::Status),
    Backup(installation::Backup),
    Restore(installation::Restore),
    Migrate(migrate::Migrate),
    #[command(subcommand)]
    Import(import::Import),
    Link(link::Link),
    #[command(subcommand)]
    Person(person::Person),
    #[command(subcommand)]
    Case(case::Case),
    #[command(subcommand)]
    Audit(audit::Audit),
    Sample(sample::Sample),
    Demo(demo::Demo),
    Bench(bench::Bench),
    #[command(subcommand)]
    Application(application::Application),
    #[command(subcommand)]
    Batch(batch::Batch),
    #[command(subcommand)]
    Card(card::Card),
    #[command(subcommand)]
    Fingerprint(fingerprint::Fingerprint),
    #[command(subcommand)]
    Programme(programme::Programme),
}

impl Line {
    /// Reads the arguments; help and usage errors come in the language of the run.
    pub(crate) fn read(arguments: Vec<std::ffi::OsString>, locale: &str) -> Result<(Line, Output), (String, u8)> {
        let language = language_of(&arguments, locale);
        let texts = Texts::new(language);
        let command = usage::localise(Line::command(), "help", &texts);
        let wants_json = arguments.iter().any(|word| word == "--json");
        let wrong = |error: clap::Error| {
            let status = if error.use_stderr() { 2 } else { 0 };
            if status == 2 && wants_json {
                // One JSON document, errors too; `main` prints it where JSON goes.
                let message = usage::message(&error, &texts);
                let document = serde_json::json!({ "error": { "code": "usage", "message": message, "details": {} } });
                return (document.to_string(), 200);
            }
            (usage::text(&error, &texts), status)
        };
        let matches = command.try_get_matches_from(arguments).map_err(wrong)?;
        let line = Line::from_arg_matches(&matches).map_err(wrong)?;
        let output = Output::new(line.json, language);
        Ok((line, output))
    }

    /// Runs the command.
    pub(crate) fn run(self, out: &mut Output) -> Result<(), Failure> {
        match self.command {
            Command::Init(command) => installation::init(&command, out),
            Command::SignIn(command) => installation::sign_in(&command, out),
            Command::SignOut(command) => installation::sign_out(&command, out),
            Command::Officer(command) => officer::run(command, out),
            Command::Serve(command) => serve::run(&command, out),
            Command::Status(command) => installation::status(&command, out),
            Command::Doctor(command) => installation::doctor(&command, out),
            Command::Backup(command) => installation::backup(&command, out),
            Command::Restore(command) => installation::restore(&command, out),
            Command::Migrate(command) => migrate::run(&command, out),
            Command::Import(command) => import::run(command, out),
            Command::Link(command) => link::run(&command, out),
            Command::Person(command) => person::run(command, out),
            Command::Case(command) => case::run(command, out),
            Command::Audit(command) => audit::run(command, out),
            Command::Sample(command) => sample::run(&command, out),
            Command::Demo(command) => demo::run(&command, out),
            Command::Bench(command) => bench::run(&command, out),
            Command::Application(command) => application::run(command, out),
            Command::Batch(command) => batch::run(command, out),
            Command::Card(command) => card::run(command, out),
            Command::Fingerprint(command) => fingerprint::run(command, out),
            Command::Programme(command) => programme::run(command, out),
        }
    }
}

/// `--lang` is wanted before the line is parsed, because parsing may print help.
fn language_of(arguments: &[std::ffi::OsString], locale: &str) -> Language {
    let mut words = arguments.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        if let Some(value) = word.strip_prefix("--lang=") {
            return Language::of(value);
        }
        if word == "--lang" {
            return Language::of(words.next().unwrap_or_default());
        }
    }
    Language::of(locale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Key;

    /// Every command and argument has a help text in the language files.
    #[test]
    fn every_command_and_argument_has_a_help_text() {
        let mut missing = Vec::new();
        collect(&Line::command(), "help", &mut missing);
        assert!(missing.is_empty(), "no text for {missing:?}");
    }

    fn collect(command: &clap::Command, prefix: &str, missing: &mut Vec<String>) {
        if Key::find(prefix).is_none() {
            missing.push(prefix.to_owned());
        }
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str().replace('_', "-");
            let own = format!("{prefix}-{id}");
            if Key::find(&own).is_none() && Key::find(&format!("help-any-{id}")).is_none() {
                missing.push(own);
            }
        }
        for sub in command.get_subcommands() {
            collect(sub, &format!("{prefix}-{}", sub.get_name()), missing);
        }
    }
}
