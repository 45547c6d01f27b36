//! Help and usage errors in the language of the run: what clap says in English is said with keyed texts.

use crate::text::{Key, Texts, t};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

/// Puts the texts `help-…` of a language on a command, its arguments and its subcommands, with the headings.
pub(super) fn localise(mut command: Command, prefix: &str, texts: &Texts) -> Command {
    let text = |key| texts.fill(key, &[]);
    if let Some(key) = Key::find(prefix) {
        command = command.about(text(key));
    }
    command = command.mut_args(|argument| {
        let id = argument.get_id().as_str().replace('_', "-");
        let own = Key::find(&format!("{prefix}-{id}")).or_else(|| Key::find(&format!("help-any-{id}")));
        let help = own.map(text).unwrap_or_default();
        let heading = if argument.is_positional() { t!("usage-arguments") } else { t!("usage-options") };
        let (help, heading) = (help + &values(&argument, texts), text(heading));
        // Only what takes a value has values to hide: they are said in the help text, in the language.
        let (takes, argument) = (argument.get_action().takes_values(), argument.help(help).help_heading(heading));
        if takes { argument.hide_default_value(true).hide_possible_values(true) } else { argument }
    });
    let flag = |name: &'static str, short, action, key| {
        Arg::new(name).short(short).long(name).action(action).help(text(key)).help_heading(text(t!("usage-options")))
    };
    command = command.disable_help_flag(true).arg(flag("help", 'h', ArgAction::Help, t!("help-any-help")));
    if command.get_version().is_some() {
        let version = flag("version", 'V', ArgAction::Version, t!("help-any-version"));
        command = command.disable_version_flag(true).arg(version);
    }
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        let prefix = format!("{prefix}-{name}");
        command = command.mut_subcommand(&name, |sub| localise(sub, &prefix, texts));
    }
    command
        .subcommand_help_heading(text(t!("usage-commands")))
        .subcommand_value_name(text(t!("usage-command")))
        .help_template(format!("{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}\n", text(t!("usage-heading"))))
}

/// What an argument is without being given, and what it may be.
fn values(argument: &Arg, texts: &Texts) -> String {
    if !argument.get_action().takes_values() {
        return String::new();
    }
    let fill = |key, value: String| format!(" [{}]", texts.fill(key, &[("values", value)]));
    let possible: Vec<String> =
        argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let default: Vec<String> = argument.get_default_values().iter().map(|value| value.display().to_string()).collect();
    let mut words = String::new();
    if default.iter().any(|value| !value.is_empty()) {
        words += &fill(t!("usage-default"), default.join(", "));
    }
    if !possible.is_empty() {
        words += &fill(t!("usage-possible"), possible.join(", "));
    }
    words
}

/// What clap says, in the language: help as it is laid out, an error with the usage below it.
pub(super) fn text(error: &Error, texts: &Texts) -> String {
    let options = texts.fill(t!("usage-options-place"), &[]);
    let localised = |words: &str| words.replace("[OPTIONS]", &format!("[{options}]"));
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    ) {
        return localised(&error.render().to_string());
    }
    let mut text = message(error, texts) + "\n";
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = localised(usage.to_string().trim_start_matches("Usage:").trim());
        text += &format!("\n{}: {usage}\n", texts.fill(t!("usage-heading"), &[]));
    }
    text + "\n" + &texts.fill(t!("usage-see-help"), &[]) + "\n"
}

/// What is wrong with the line, in one sentence.
pub(super) fn message(error: &Error, texts: &Texts) -> String {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join(", "),
        _ => String::new(),
    };
    let value = context(ContextKind::InvalidValue);
    let key = match error.kind() {
        ErrorKind::InvalidSubcommand => t!("usage-subcommand-unknown"),
        ErrorKind::UnknownArgument => t!("usage-argument-unknown"),
        ErrorKind::MissingRequiredArgument => t!("usage-argument-missing"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            t!("usage-subcommand-missing")
        }
        ErrorKind::InvalidValue if value.is_empty() => t!("usage-value-missing"),
        ErrorKind::InvalidValue => t!("usage-value-unknown"),
        ErrorKind::ValueValidation => t!("usage-value-wrong"),
        ErrorKind::ArgumentConflict => t!("usage-conflict"),
        _ => t!("usage-other"),
    };
    let arguments = [
        ("command", context(ContextKind::InvalidSubcommand)),
        ("argument", context(ContextKind::InvalidArg)),
        ("value", value),
        ("possible", context(ContextKind::ValidValue)),
        ("other", context(ContextKind::PriorArg)),
    ];
    texts.fill(key, &arguments)
}
