//! Whence a request came, and where it reached the server.

use std::net::IpAddr;

use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, header};

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
        Self {
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

/// The client as the trusted proxies name it: the last address in the chain that is none of them.
pub(crate) fn forwarded_for(app: &App, headers: &HeaderMap) -> Option<IpAddr> {
    let chain = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let mut hops: Vec<IpAddr> =
        chain.flat_map(|value| value.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.reverse();
    hops.into_iter().find(|hop| !is_trusted(app, *hop))
}
