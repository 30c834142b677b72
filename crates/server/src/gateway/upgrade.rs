//! What a client of the gateway asks for in its address.

use super::packed::Codec;

/// What a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wish {
    /// The API's version; `None` for one that is not served.
    pub(crate) version: Option<u8>,
    /// How the stream is compressed, if it is.
    pub(crate) codec: Option<Codec>,
    /// Whether frames are JSON, the only encoding there is.
    pub(crate) is_json: bool,
}

/// What `query` asks for; `None` if it is not the gateway that it asks for, but the lobby (DESIGN 2.2).
pub(crate) fn wish(query: &str) -> Option<Wish> {
    let mut wish = Wish { version: None, codec: None, is_json: true };
    let mut is_gateway = false;
    for (key, value) in query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))) {
        match (key, value) {
            ("v", version) => {
                is_gateway = true;
                wish.version = version.parse().ok().filter(|version| (9..=10).contains(version));
            }
            ("compress", "zlib-stream") => wish.codec = Some(Codec::Zlib),
            ("compress", "zstd-stream") => wish.codec = Some(Codec::Zstd),
            ("encoding", encoding) => wish.is_json = encoding == "json",
            _ => {}
        }
    }
    is_gateway.then_some(wish)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_tells_the_gateway_from_the_lobby() {
        assert_eq!(wish("encoding=json"), None);
        assert_eq!(wish("v=10").unwrap().version, Some(10));
        assert_eq!(wish("&v=9&encoding=json&compress=zstd-stream").unwrap().codec, Some(Codec::Zstd));
        assert_eq!(wish("v=7").unwrap().version, None);
        assert!(!wish("v=10&encoding=etf").unwrap().is_json);
    }
}
