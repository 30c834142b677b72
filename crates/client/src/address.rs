//! Where a server is.

use std::fmt;
use std::str::FromStr;

use http::Uri;

/// The address of a lobby: `ws://` or `wss://`, a host, perhaps a port and a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress(Uri);

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It has another scheme, or none.
    #[error("An address starts with ws:// or wss://, such as ws://{0}.")]
    Scheme(String),
    /// It cannot be read.
    #[error("That is no address. One looks like ws://localhost:8765 or wss://chat.example.org.")]
    Malformed,
}

impl ServerAddress {
    /// `ws://` at `host`, a name or an address, and `port`.
    pub fn of(host: &str, port: u16) -> Result<Self, AddressError> {
        let bare_ipv6 = host.contains(':') && !host.starts_with('[');
        let host = if bare_ipv6 { format!("[{host}]") } else { host.to_owned() };
        let address: Self = format!("ws://{host}:{port}").parse()?;
        // A host with a path or a question in it would take the port along.
        if address.0.port_u16() == Some(port) { Ok(address) } else { Err(AddressError::Malformed) }
    }

    /// The whole address.
    pub(crate) fn uri(&self) -> &Uri {
        &self.0
    }

    /// The host, without brackets.
    pub fn host(&self) -> &str {
        self.0.host().unwrap_or_default().trim_matches(['[', ']'])
    }

    /// The port; without one, that of HTTP or HTTPS.
    pub fn port(&self) -> u16 {
        self.0.port_u16().unwrap_or(if self.is_secure() { 443 } else { 80 })
    }

    /// Whether the connection is encrypted.
    pub fn is_secure(&self) -> bool {
        self.0.scheme_str() == Some("wss")
    }
}

impl FromStr for ServerAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let lower = text.to_ascii_lowercase();
        if !lower.starts_with("ws://") && !lower.starts_with("wss://") {
            let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
            return Err(AddressError::Scheme(bare.to_owned()));
        }
        let uri: Uri = text.parse().map_err(|_| AddressError::Malformed)?;
        let authority = uri.authority().ok_or(AddressError::Malformed)?;
        // Beside the host there is a port that can be one, or nothing.
        let is_bare = authority.as_str() == authority.host();
        let has_user = authority.as_str().contains('@');
        let has_host = !authority.host().trim_matches(['[', ']']).is_empty();
        if !has_host || has_user || (!is_bare && authority.port_u16().is_none()) {
            return Err(AddressError::Malformed);
        }
        Ok(Self(uri))
    }
}

/// As people know it: the scheme only where it is encrypted, and no path if there is none.
impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_secure() { "wss://" } else { "" };
        let authority = self.0.authority().map_or("", |authority| authority.as_str());
        write!(f, "{scheme}{authority}{}", self.0.path().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (text, host, port, shown) in [
            ("ws://localhost:8765", "localhost", 8765, "localhost:8765"),
            ("wss://chat.example.org", "chat.example.org", 443, "wss://chat.example.org"),
            ("ws://chat.example.org/lobby", "chat.example.org", 80, "chat.example.org/lobby"),
            (" ws://[::1]:9/ ", "::1", 9, "[::1]:9"),
            ("WS://HOST:1", "HOST", 1, "HOST:1"),
        ] {
            let address: ServerAddress = text.parse().unwrap();
            assert_eq!((address.host(), address.port(), address.to_string().as_str()), (host, port, shown));
        }
    }

    #[test]
    fn what_is_no_address_says_how_one_looks() {
        for (text, error) in [
            ("localhost:8765", AddressError::Scheme("localhost:8765".into())),
            ("http://x", AddressError::Scheme("x".into())),
            ("", AddressError::Scheme(String::new())),
            ("ws://", AddressError::Malformed),
            ("ws://a b", AddressError::Malformed),
            ("ws://:8765", AddressError::Malformed),
            ("ws://h:99999", AddressError::Malformed),
            ("ws://[]", AddressError::Malformed),
            ("ws://user:secret@h:80", AddressError::Malformed),
        ] {
            assert_eq!(text.parse::<ServerAddress>(), Err(error), "{text}");
        }
    }

    #[test]
    fn a_host_and_a_port_make_an_address() {
        assert_eq!(ServerAddress::of("::1", 8765).unwrap().to_string(), "[::1]:8765");
        assert_eq!(ServerAddress::of("server", 80).unwrap().port(), 80);
        for no_host in ["", "host/lobby", "host?", "host#", "user@host"] {
            assert_eq!(ServerAddress::of(no_host, 80), Err(AddressError::Malformed), "{no_host}");
        }
    }
}
