//! The site that passkeys are made for: its origin, and the relying party's id within it.

use sha2::{Digest, Sha256};

/// The site, as browsers name it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    origin: String,
    id: String,
}

impl Site {
    /// The site at an origin: `https://console.example`, or `http://localhost:8080`. Browsers make passkeys for names only,
    /// and without TLS for `localhost` only.
    #[must_use]
    pub fn at(origin: &str) -> Option<Site> {
        let origin = origin.strip_suffix('/').unwrap_or(origin);
        let (scheme, rest) = origin.split_once("://")?;
        let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        let named = !host.is_empty() && host.chars().all(plain) && host.contains(|c: char| c.is_ascii_lowercase());
        let secure = scheme == "https" || (scheme == "http" && host == "localhost");
        let numbered = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port));
        (named && secure && numbered).then(|| Site { origin: origin.to_owned(), id: host.to_owned() })
    }

    /// Where the pages are.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The relying party's id: the host's name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn id_hash(&self) -> [u8; 32] {
        Sha256::digest(self.id.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::Site;

    #[test]
    fn only_what_browsers_make_passkeys_for_is_a_site() {
        for (origin, id) in [
            ("http://localhost:8080", "localhost"),
            ("http://localhost:8080/", "localhost"),
            ("https://console.example", "console.example"),
        ] {
            assert_eq!(Site::at(origin).map(|site| site.id().to_owned()).as_deref(), Some(id), "{origin}");
        }
        for origin in [
            "http://console.example",
            "http://127.0.0.1:8080",
            "https://127.0.0.1",
            "https://[::1]:1",
            "localhost",
            "https://a/b",
            "https://a:99999",
            "https://user@a",
            "https://A",
            "",
        ] {
            assert_eq!(Site::at(origin), None, "{origin}");
        }
    }
}
