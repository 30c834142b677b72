//! Random numbers.

use std::fmt::Write;

use decentra_model::Nonce;

use crate::World;

/// Bytes of a nonce: 96 bits, so that no two of a lifetime are the same.
const NONCE_BYTES: usize = 12;

/// A nonce that was never used before.
pub(crate) fn nonce(world: &impl World) -> Nonce {
    let text = bytes::<NONCE_BYTES>(world).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all");
        text
    });
    Nonce::parse(&text).expect("24 hexadecimal digits are a nonce")
}

/// A number, evenly distributed.
pub(crate) fn number(world: &impl World) -> u64 {
    u64::from_le_bytes(bytes(world))
}

fn bytes<const COUNT: usize>(world: &impl World) -> [u8; COUNT] {
    let mut bytes = [0; COUNT];
    world.roll(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Real;

    #[test]
    fn nonces_have_24_digits_and_differ() {
        assert_eq!(nonce(&Real).as_str().len(), 24);
        assert_ne!(nonce(&Real), nonce(&Real));
    }
}
