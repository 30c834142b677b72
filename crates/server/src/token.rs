//! Tokens: shown once, kept as hashes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use decentra_model::{Id, Timestamp, TokenHash};
use sha2::{Digest, Sha256};

/// Bytes of a token's secret: too many to guess.
const SECRET_BYTES: usize = 32;

/// A new token for `user`, in the shape of Discord's: the id, the time, the secret. What its owner keeps, and what
/// we keep of it.
pub(crate) fn mint(user: Id, now: Timestamp) -> (String, TokenHash) {
    let mut secret = [0; SECRET_BYTES];
    getrandom::fill(&mut secret).expect("the system has random numbers");
    let seconds = u32::try_from(now.unix_micros() / 1_000_000).unwrap_or_default();
    let parts = [user.to_string().as_bytes(), &seconds.to_be_bytes(), &secret]
        .map(|part| URL_SAFE_NO_PAD.encode(part));
    let text = parts.join(".");
    let hash = hash(&text);
    (text, hash)
}

/// What is kept of a token. A secret of 256 random bits needs no slow hash.
pub(crate) fn hash(token: &str) -> TokenHash {
    TokenHash(Sha256::digest(token.as_bytes()).into())
}
