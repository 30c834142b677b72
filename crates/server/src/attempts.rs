//! How often one may try to log in: limited for each account, and for each network.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use decentra_model::limits::{
    ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ACCOUNT_REFILL, ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_ADDRESS_REFILL,
    CALLERS_MAX,
};

use crate::addresses::network;
use crate::rates::Rates;

/// An account, and a network from which someone logged in to it.
type Home = (String, IpAddr);

/// Counts attempts.
#[derive(Debug)]
pub(crate) struct Attempts {
    /// Those from networks that are strange to the account, all together.
    accounts: Rates<String>,
    /// Those from networks that are not: strangers who guess do not lock out whose account it is.
    homes: Rates<Home>,
    known: Mutex<HashSet<Home>>,
    networks: Rates<IpAddr>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            accounts: Rates::new(ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ACCOUNT_REFILL),
            homes: Rates::new(ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ACCOUNT_REFILL),
            known: Mutex::default(),
            networks: Rates::new(ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_ADDRESS_REFILL),
        }
    }
}

impl Attempts {
    /// Counts an attempt from `address` at the time `now`, or tells how long to wait.
    pub(crate) fn from(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        self.networks.take(network(address), now)
    }

    /// Counts an attempt from `address` at the account that logs in with `name`, whether it exists or not.
    pub(crate) fn at(&self, name: &str, address: IpAddr, now: Duration) -> Result<(), Duration> {
        let home = home(name, address);
        let is_known = self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&home);
        if is_known { self.homes.take(home, now) } else { self.accounts.take(home.0, now) }
    }

    /// Forgets the attempts at an account: whoever came from `address` knew the password.
    pub(crate) fn succeeded(&self, name: &str, address: IpAddr) {
        let home = home(name, address);
        self.accounts.forget(&home.0);
        self.homes.forget(&home);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CALLERS_MAX {
            known.clear();
        }
        known.insert(home);
    }
}

fn home(name: &str, address: IpAddr) -> Home {
    (name.trim().to_lowercase(), network(address))
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
