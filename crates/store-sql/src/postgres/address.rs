//! Where the database is, as one text: `postgres://user:password@host:port/name`.
//!
//! Invariant: what is shown of an address names neither user nor password.
//! There is no TLS in the program: the server is on this machine, or behind a tunnel that ends on this machine.

use ports::Fault;
use postgres::Config;
use postgres::config::{Host, SslMode};
use std::fmt;
use std::time::Duration;

/// Where Debian's and most others' servers listen when the address names no host.
const SOCKETS: &str = "/var/run/postgresql";

/// An address that has been read and may be used.
#[derive(Clone)]
pub struct Address {
    pub(crate) config: Config,
}

impl Address {
    /// Whether a text looks like an address of this kind, rather than a folder.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        text.starts_with("postgres://") || text.starts_with("postgresql://")
    }

    /// Reads an address. What is wrong is named without repeating any part of it.
    pub fn parse(text: &str) -> Result<Address, Fault> {
        if !Address::is_one(text) {
            return Err(refused("it does not begin with postgres://"));
        }
        let mut config: Config = text.parse().map_err(|_| refused("it is not postgres://user@host:port/name"))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            config.host_path(SOCKETS);
        }
        let near = |host: &Host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => {
                name == "localhost" || name.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
            }
        };
        let addresses = config.get_hostaddrs();
        // Where addresses are given, names only serve to check certificates.
        let here = if addresses.is_empty() {
            config.get_hosts().iter().all(near)
        } else {
            addresses.iter().all(std::net::IpAddr::is_loopback)
        };
        if !here {
            return Err(refused(
                "the host is another machine, and the connection would not be encrypted; use a socket of this machine or a tunnel that ends on it",
            ));
        }
        if !matches!(config.get_ssl_mode(), SslMode::Disable | SslMode::Prefer) {
            return Err(refused(
                "the program has no TLS; take sslmode away, or use a tunnel that ends on this machine",
            ));
        }
        config.ssl_mode(SslMode::Disable);
        config.application_name("vandan");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        Ok(Address { config })
    }
}

fn refused(cause: &str) -> Fault {
    Fault::Refused { what: "database address".into(), cause: cause.into() }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => f.write_str(name)?,
            Some(Host::Unix(path)) => write!(f, "{}", path.display())?,
            None => {}
        }
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        write!(f, ":{port}/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn only_servers_of_this_machine_are_taken_and_no_password_is_shown() {
        for (text, shown) in [
            ("postgres://vandan:geheim@localhost:5433/register", "postgres://localhost:5433/register"),
            ("postgresql://vandan:geheim@127.0.0.1/register?sslmode=disable", "postgres://127.0.0.1:5432/register"),
            ("postgres://vandan:geheim@[::1]/register", "postgres://::1:5432/register"),
            ("postgres://vandan@%2Ftmp%2Fsocket/register", "postgres:///tmp/socket:5432/register"),
            ("postgres:///register?host=/tmp/socket", "postgres:///tmp/socket:5432/register"),
            ("postgres:///register", "postgres:///var/run/postgresql:5432/register"),
        ] {
            match Address::parse(text) {
                Ok(address) => assert_eq!((address.to_string(), format!("{address:?}")), (shown.into(), shown.into())),
                Err(fault) => panic!("{shown}: {fault}"),
            }
        }
        for text in [
            "mysql://vandan:geheim@localhost/register",
            "postgres://vandan:geheim@192.0.2.7/register",
            "postgres://vandan:geheim@localhost,db.example/register",
            "postgres://vandan:geheim@localhost/register?sslmode=require",
            "postgres://vandan:geheim@localhost:geheim/register",
            "postgres://vandan:geheim@localhost/register?geheim=1",
            "postgres://vandan:geheim@localhost/register?hostaddr=192.0.2.7",
        ] {
            match Address::parse(text) {
                Ok(address) => panic!("{address} was taken"),
                Err(fault) => assert!(!fault.to_string().contains("geheim"), "{fault}"),
            }
        }
    }
}
