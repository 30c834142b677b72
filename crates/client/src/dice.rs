//! Random numbers: the only place of this crate that asks for them.

use std::fmt::Write;

use decentra_model::Nonce;

/// Bytes of a nonce: 96 bits, so that no two of a lifetime are the same.
const NONCE_BYTES: usize = 12;

/// A nonce that was never used before.
pub(crate) fn nonce() -> Nonce {
    let text = bytes::<NONCE_BYTES>().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all");
        text
    });
    Nonce::parse(&text).expect("24 hexadecimal digits are a nonce")
}

/// A number, evenly distributed.
pub(crate) fn number() -> u64 {
    u64::from_le_bytes(bytes())
}

fn bytes<const COUNT: usize>() -> [u8; COUNT] {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonces_have_24_digits_and_differ() {
        assert_eq!(nonce().as_str().len(), 24);
        assert_ne!(nonce(), nonce());
    }
}
