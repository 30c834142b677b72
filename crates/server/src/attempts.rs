//! How often one may try to log in: limited for each account, and for each address.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use decentra_core::rate::Rate;
use decentra_model::limits::{
    ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ACCOUNT_REFILL, ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_ADDRESS_REFILL,
    CALLERS_MAX,
};

/// Counts attempts.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    accounts: Mutex<HashMap<String, Rate>>,
    addresses: Mutex<HashMap<IpAddr, Rate>>,
}

impl Attempts {
    /// Counts an attempt from `address` at the time `now`, or tells how long to wait.
    pub(crate) fn from(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        let rate = || Rate::new(ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_ADDRESS_REFILL);
        take(&self.addresses, subnet(address), rate, now)
    }

    /// Counts an attempt at the account that logs in with `name`, whether it exists or not.
    pub(crate) fn at(&self, name: &str, now: Duration) -> Result<(), Duration> {
        let rate = || Rate::new(ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ACCOUNT_REFILL);
        take(&self.accounts, name.trim().to_lowercase(), rate, now)
    }

    /// Forgets the attempts at an account: whoever came knew the password.
    pub(crate) fn succeeded(&self, name: &str) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.remove(&name.trim().to_lowercase());
    }
}

fn take<K: Eq + Hash>(
    rates: &Mutex<HashMap<K, Rate>>,
    key: K,
    rate: impl Fn() -> Rate,
    now: Duration,
) -> Result<(), Duration> {
    let mut rates = rates.lock().unwrap_or_else(PoisonError::into_inner);
    if rates.len() >= CALLERS_MAX {
        rates.retain(|_, rate| !rate.is_whole(now));
    }
    // So many at once is an attack: then nobody new may try, rather than everyone as often as they like.
    if rates.len() >= CALLERS_MAX && !rates.contains_key(&key) {
        return Err(ATTEMPTS_PER_ACCOUNT_REFILL);
    }
    rates.entry(key).or_insert_with(rate).take(now)
}

/// The network that one customer has: with IPv6 that is a /64 at least, all of whose addresses are theirs.
fn subnet(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let mut segments = v6.segments();
            segments[4..].fill(0);
            IpAddr::from(segments)
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_cannot_try_without_end_by_changing_its_address() {
        let attempts = Attempts::default();
        let address = |last: u32| format!("2001:db8::{last:x}").parse().unwrap();
        for last in 0..ATTEMPTS_PER_ADDRESS {
            assert_eq!(attempts.from(address(last), Duration::ZERO), Ok(()));
        }
        assert!(attempts.from(address(999), Duration::ZERO).is_err());
        assert_eq!(attempts.from("2001:db9::1".parse().unwrap(), Duration::ZERO), Ok(()));
        assert_eq!(attempts.from(address(999), ATTEMPTS_PER_ADDRESS_REFILL), Ok(()));
    }
}
