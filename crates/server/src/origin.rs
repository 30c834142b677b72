//! Whence a request came, and where it reached the server.

use std::net::{IpAddr, SocketAddr};

use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{Extensions, HeaderMap, Uri, header};

use crate::app::App;
use crate::listener::{Peer, is_trusted};

/// Whence a request came, as far as trusted proxies tell.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The client's address.
    pub(crate) address: IpAddr,
    /// The host and port by which the client reached the server.
    pub(crate) host: String,
    /// Whether the client speaks TLS, with the proxy before us.
    pub(crate) is_secure: bool,
    /// Whether it is a browser that asks, for the page of another site.
    pub(crate) is_foreign: bool,
}

impl Origin {
    /// The origin of the request with these parts.
    pub(crate) fn of(app: &App, parts: &Parts) -> Self {
        Self::from(app, &parts.headers, &parts.extensions)
    }

    /// The origin of a request with these headers.
    pub(crate) fn from(app: &App, headers: &HeaderMap, extensions: &Extensions) -> Self {
        let peer = extensions.get::<Peer>().map_or(crate::api::serve::NOWHERE, |peer| peer.0);
        let by_proxy = is_trusted(app, peer);
        let forwarded = |name: &str| {
            let value = headers.get(name).filter(|_| by_proxy)?.to_str().ok()?;
            value.split(',').next().map(str::trim).filter(|value| !value.is_empty())
        };
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = forwarded("x-forwarded-host").or(host);
        let page = headers.get(header::ORIGIN).map(|page| page.to_str().unwrap_or_default());
        Self {
            is_foreign: page.is_some_and(|page| !is_own(page, host.unwrap_or_default())),
            address: if by_proxy { forwarded_for(app, headers).unwrap_or(peer) } else { peer },
            host: host.map_or_else(|| format!("localhost:{}", app.settings.listen.port()), str::to_owned),
            is_secure: forwarded("x-forwarded-proto") == Some("https"),
        }
    }

    /// The address of the gateway: bare, so that a library needs one setting.
    pub(crate) fn gateway(host: &str, is_secure: bool) -> String {
        format!("{}://{host}", if is_secure { "wss" } else { "ws" })
    }
}

/// Whether a page from `origin`, as browsers tell it, comes from the machine that was reached as `host`. Its port does not
/// matter: whoever serves pages on another port of the machine is its owner, too.
fn is_own(origin: &str, host: &str) -> bool {
    let page = origin.parse::<Uri>().ok().and_then(|page| page.host().map(machine));
    let here = host.parse::<Authority>().ok().map(|here| machine(here.host()));
    page.is_some() && page == here
}

/// The machine with this name; this machine has more than one.
fn machine(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    if matches!(name.as_str(), "127.0.0.1" | "[::1]") { "localhost".into() } else { name }
}

/// The client as the trusted proxies name it: the last address in the chain that is none of them. What stands before
/// something that is no address is not believed: a client may have written it.
pub(crate) fn forwarded_for(app: &App, headers: &HeaderMap) -> Option<IpAddr> {
    let chain: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .collect();
    chain.into_iter().rev().map_while(hop).find(|hop| !is_trusted(app, *hop))
}

/// The address in one place of the chain; some proxies write the port, too.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(with_port).or_else(in_brackets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_a_servers_own_if_it_comes_from_the_same_machine() {
        for (origin, host) in [
            ("http://chat.example:8765", "chat.example:8765"),
            ("https://Chat.example", "chat.example"),
            ("http://localhost:5173", "127.0.0.1:8765"),
            ("http://[::1]:8765", "localhost:8765"),
        ] {
            assert!(is_own(origin, host), "{origin} {host}");
        }
        for (origin, host) in [
            ("http://evil.example", "chat.example:8765"),
            ("http://chat.example.evil.example", "chat.example"),
            ("http://192.168.1.7", "192.168.1.6:8765"),
            ("null", "chat.example"),
            ("file://", "localhost"),
            ("", ""),
        ] {
            assert!(!is_own(origin, host), "{origin} {host}");
        }
    }

    #[test]
    fn proxies_write_addresses_in_more_ways_than_one() {
        for (text, address) in [
            (" 192.0.2.1 ", Some("192.0.2.1")),
            ("192.0.2.1:4711", Some("192.0.2.1")),
            ("[2001:db8::1]:4711", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("unknown", None),
            ("", None),
        ] {
            assert_eq!(hop(text), address.map(|address| address.parse().unwrap()), "{text}");
        }
    }
}
