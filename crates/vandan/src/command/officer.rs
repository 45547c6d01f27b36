//! `officer add`, `officer list`, `officer change`, `officer close`, `officer open`, `officer reset`.

use crate::installation::{Changing, Installation, Making, Place, of_services};
use crate::output::{Exit, Failure, Output};
use crate::text::t;
use services::officer;

#[derive(clap::Subcommand)]
pub(crate) enum Officer {
    Add {
        #[command(flatten)]
        place: Place,
        name: String,
        #[arg(long, value_name = "ROLE", required = true)]
        role: Vec<String>,
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        #[command(flatten)]
        making: Making,
    },
    List {
        #[command(flatten)]
        place: Place,
    },
    Change {
        #[command(flatten)]
        place: Place,
        name: String,
        #[arg(long, value_name = "ROLE")]
        role: Vec<String>,
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
        #[command(flatten)]
        changing: Changing,
    },
    Close {
        #[command(flatten)]
        place: Place,
        name: String,
        #[command(flatten)]
        changing: Changing,
    },
    Open {
        #[command(flatten)]
        place: Place,
        name: String,
        #[command(flatten)]
        changing: Changing,
    },
    Reset {
        #[command(flatten)]
        place: Place,
        name: String,
        #[command(flatten)]
        changing: Changing,
    },
}

pub(crate) fn run(command: Officer, out: &mut Output) -> Result<(), Failure> {
    let failure = |error: services::Error| of_services(&error);
    match command {
        Officer::Add { place, name, role, unit, making } => {
            let installation = Installation::open(&place)?;
            let command = installation.making(&place, making)?;
            let code = officer::create(&installation.book, &command, &name, &role, &unit).map_err(failure)?;
            say_code(&name, &code, out);
            installation.close()
        }
        Officer::List { place } => {
            let installation = Installation::open(&place)?;
            let by = installation.officer(&place)?;
            by.may("administer").map_err(failure)?;
            let mut documents = Vec::new();
            // Accounts are few on one page of a terminal; all of them are said.
            let mut accounts = Vec::new();
            let mut after: Option<String> = None;
            loop {
                let page = officer::list(&installation.book, &by.unit, after.as_deref(), 1_000).map_err(failure)?;
                accounts.extend(page.items);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            for account in accounts {
                let officer = account.officer;
                let arguments = [
                    ("id", officer.id.to_string()),
                    ("name", officer.name.clone()),
                    ("roles", officer.roles.join(" ")),
                    ("unit", officer.unit.clone()),
                    ("state", account.state.clone()),
                    ("version", account.version.to_string()),
                ];
                out.say(t!("officer-line"), &arguments);
                documents.push(serde_json::json!({
                    "id": officer.id.to_string(), "name": officer.name, "roles": officer.roles, "unit": officer.unit, "state": account.state,
                    "version": account.version,
                }));
            }
            out.json(&documents.into());
            Ok(())
        }
        Officer::Change { place, name, role, unit, changing } => {
            if role.is_empty() && unit.is_none() {
                return Err(Failure::new(Exit::Use, t!("officer-change-what"), Vec::new()));
            }
            let installation = Installation::open(&place)?;
            let command = installation.changing(&place, changing)?;
            let roles = Some(role.as_slice()).filter(|role| !role.is_empty());
            officer::change(&installation.book, &command, &name, roles, unit.as_deref()).map_err(failure)?;
            out.say(t!("officer-changed"), &[("officer", name.clone())]);
            out.json(&serde_json::json!({ "officer": name, "changed": true }));
            installation.close()
        }
        Officer::Close { place, name, changing } => {
            let installation = Installation::open(&place)?;
            let command = installation.changing(&place, changing)?;
            officer::close(&installation.book, &command, &name).map_err(failure)?;
            out.say(t!("officer-closed"), &[("officer", name.clone())]);
            out.json(&serde_json::json!({ "officer": name, "closed": true }));
            installation.close()
        }
        Officer::Open { place, name, changing } => {
            let installation = Installation::open(&place)?;
            let command = installation.changing(&place, changing)?;
            officer::reopen(&installation.book, &command, &name).map_err(failure)?;
            out.say(t!("officer-opened"), &[("officer", name.clone())]);
            out.json(&serde_json::json!({ "officer": name, "closed": false }));
            installation.close()
        }
        Officer::Reset { place, name, changing } => {
            let installation = Installation::open(&place)?;
            let command = installation.changing(&place, changing)?;
            let code = officer::reset(&installation.book, &command, &name).map_err(failure)?;
            say_code(&name, &code, out);
            installation.close()
        }
    }
}

fn say_code(name: &str, code: &str, out: &mut Output) {
    out.say(t!("init-code"), &[("officer", name.to_owned()), ("code", code.to_owned())]);
    out.json(&serde_json::json!({ "officer": name, "one_time_code": code }));
}
