//! A database for one test, on the server that `VANDAN_POSTGRES` names. `cargo xtask postgres` starts one.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests fail by panicking, and say what they measured")]
#![allow(clippy::disallowed_methods, reason = "tests are told through the environment where a server is")]

use store_sql::Address;

/// A database of this test's own on the server that `VANDAN_POSTGRES` names, dropped when the test ends.
pub struct Database {
    pub server: String,
    pub name: String,
}

impl Database {
    /// The database, or the line that says that the test is skipped.
    pub fn new(name: &str) -> Option<Database> {
        let Ok(server) = std::env::var("VANDAN_POSTGRES") else {
            println!("skipped: no VANDAN_POSTGRES");
            return None;
        };
        let database = Database { server, name: format!("vandan_{name}_{}", std::process::id()) };
        database.on_server(&format!("CREATE DATABASE {}", database.name));
        Some(database)
    }

    /// The address of the database: the server's with another name of a database.
    pub fn url(&self) -> String {
        let (place, options) =
            self.server.split_once('?').map_or((self.server.as_str(), ""), |(place, rest)| (place, rest));
        let server = place.rsplit_once('/').unwrap().0;
        format!("{server}/{}?{options}", self.name)
    }

    pub fn address(&self) -> Address {
        Address::parse(&self.url()).unwrap()
    }

    /// Runs SQL in the database, behind the program's back.
    pub fn run(&self, sql: &str) {
        postgres::Client::connect(&self.url(), postgres::NoTls).unwrap().batch_execute(sql).unwrap();
    }

    fn on_server(&self, sql: &str) {
        postgres::Client::connect(&self.server, postgres::NoTls).unwrap().batch_execute(sql).unwrap();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.on_server(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}
