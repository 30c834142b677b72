//! Passwords: kept as what Argon2 makes of them, which takes time and memory on purpose.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use decentra_core::community::Refusal;

use crate::work::Work;

/// Memory in KiB, passes, lanes. Source: OWASP's Password Storage Cheat Sheet, the first of its equal choices.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// What a password is compared with where there is no account, so that it takes as long: of this cost, of nothing.
const OF_NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5aGFzdGhpcw$0000000000000000000000000000000000000000000";

/// What is kept of `password`.
pub(crate) async fn hash(work: &Work, password: String) -> Result<String, Refusal> {
    work.run(move || hashed(&password)).await?.ok_or(Refusal::Busy)
}

/// Whether `password` is the one of which `kept` was kept; without one it is not, after the same time.
pub(crate) async fn is_right(work: &Work, password: String, kept: Option<String>) -> Result<bool, Refusal> {
    let is_account = kept.is_some();
    let kept = kept.unwrap_or_else(|| OF_NOBODY.to_owned());
    Ok(work.run(move || matches(&password, &kept)).await? && is_account)
}

fn argon() -> Option<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hashed(password: &str) -> Option<String> {
    // With a salt of its own, by chance.
    let hash: PasswordHash = argon()?.hash_password(password.as_bytes()).ok()?;
    Some(hash.to_string())
}

/// Compares with the cost that is written in `hash`, which may be that of an earlier version.
fn matches(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    argon().is_some_and(|argon| argon.verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_told_from_others_by_its_hash() {
        let kept = hashed("correct horse").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(matches("correct horse", &kept));
        assert!(!matches("wrong horse", &kept));
        assert_ne!(hashed("correct horse").unwrap(), kept, "each has a salt of its own");
    }

    #[test]
    fn what_is_compared_for_nobody_is_a_hash_of_the_same_cost() {
        let nobody = PasswordHash::new(OF_NOBODY).unwrap();
        let somebody = hashed("correct horse").unwrap();
        assert_eq!(nobody.params, PasswordHash::new(&somebody).unwrap().params);
        assert_eq!(nobody.hash.unwrap().len(), 32);
    }
}
