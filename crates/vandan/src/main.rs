//! Vạn Dân: a population register and chip ID cards in one program.
//!
//! Start reading at [`command`]: one file per noun, each a thin layer over `services`.

mod archive;
mod command;
mod home;
mod installation;
mod kit;
mod machine;
mod output;
mod outside;
mod prints;
mod rulebook;
mod text;
mod typesetter;

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let locale = ["VANDAN_LANG", "LC_ALL", "LANG"].iter().find_map(|name| machine::variable(name)).unwrap_or_default();
    let (line, mut out) = match command::Line::read(std::env::args_os().collect(), &locale) {
        Ok(read) => read,
        Err((message, 0)) => {
            let _ = write!(std::io::stdout(), "{message}");
            return ExitCode::SUCCESS;
        }
        Err((document, 200)) => {
            let _ = writeln!(std::io::stdout(), "{document}");
            return ExitCode::from(2);
        }
        Err((message, status)) => {
            let _ = write!(std::io::stderr(), "{message}");
            return ExitCode::from(status);
        }
    };
    match line.run(&mut out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out.fail(&failure);
            ExitCode::from(failure.exit as u8)
        }
    }
}
