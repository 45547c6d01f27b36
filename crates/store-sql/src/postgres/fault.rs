//! What PostgreSQL says, as a fault of the port.
//!
//! Invariant: no value of a row is in a fault's text. The server's own words are given only for faults of the connection,
//! the account and the machine; they name roles, databases and files.

use ports::Fault;
use postgres::Error;
use postgres::error::SqlState;

/// The fault for an error.
pub(crate) fn fault(error: &Error) -> Fault {
    let refused = |cause: String| Fault::Refused { what: "database".into(), cause };
    let away = |cause: String| Fault::Away { what: "database".into(), cause };
    let Some(said) = error.as_db_error() else {
        return lost(error);
    };
    let state = said.code();
    if *state == SqlState::DISK_FULL {
        return Fault::Full;
    }
    let busy = [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    if busy.contains(state) {
        return Fault::Locked;
    }
    let place = [said.table(), said.constraint()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let cause = format!("SQLSTATE {} {place}", state.code()).trim_end().to_owned();
    match state.code().get(..2) {
        // Data and index corruption.
        Some("XX") => Fault::Damaged { what: "database".into(), cause },
        // Connection, resources, operator: a server that stops, starts, or has no connection to give.
        Some("08" | "53" | "57") => away(format!("{} ({})", said.message(), state.code())),
        // Account, database name, system.
        Some("28" | "3D" | "58") => refused(format!("{} ({})", said.message(), state.code())),
        _ if *state == SqlState::INSUFFICIENT_PRIVILEGE => refused(format!("{} ({})", said.message(), state.code())),
        _ => refused(cause),
    }
}

/// An error without words of the server: the connection, or what it carried.
fn lost(error: &Error) -> Fault {
    let what = || "database".to_owned();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            return Fault::Away { what: what(), cause: format!("no connection: {}", io.kind()) };
        }
        if inner.is::<postgres::types::WrongType>() {
            return Fault::Refused { what: what(), cause: "a cell of another kind".into() };
        }
        source = inner.source();
    }
    match error.is_closed() {
        true => Fault::Away { what: what(), cause: "the connection was lost".into() },
        false => Fault::Refused { what: what(), cause: "the connection failed".into() },
    }
}

/// Whether the server says that it is being started.
pub(crate) fn starting(error: &Error) -> bool {
    error.as_db_error().is_some_and(|said| *said.code() == SqlState::CANNOT_CONNECT_NOW)
}

/// Whether nobody answered, as between the end of a server and its next start.
pub(crate) fn silent(error: &Error) -> bool {
    error.as_db_error().is_none()
}
