//! How many connections come from where.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Counts connections by address, and refuses those over the limit. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    /// Connections from one address, at most; 0 is no limit.
    per_address_max: usize,
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A place among the connections of one address, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    addresses: Addresses,
    key: IpAddr,
}

impl Addresses {
    pub(crate) fn new(per_address_max: usize) -> Self {
        Self { per_address_max, counts: Arc::default() }
    }

    /// A place for one more connection from `address`, or `None` when it has enough of them.
    pub(crate) fn admit(&self, address: IpAddr) -> Option<Place> {
        let key = network(address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key).or_default();
        if self.per_address_max != 0 && *count >= self.per_address_max {
            return None;
        }
        *count += 1;
        Some(Place { addresses: self.clone(), key })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.addresses.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

/// What counts as one address: of IPv6, a /64, the smallest network that one customer is given (RFC 6177).
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_places_and_gets_them_back() {
        let addresses = Addresses::new(2);
        let here: IpAddr = "192.0.2.1".parse().unwrap();
        let first = addresses.admit(here).unwrap();
        let _second = addresses.admit(here).unwrap();
        assert!(addresses.admit(here).is_none());
        assert!(addresses.admit("192.0.2.2".parse().unwrap()).is_some());
        drop(first);
        assert!(addresses.admit(here).is_some());
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_as_one_and_nothing_is_kept_of_those_who_left() {
        let addresses = Addresses::new(1);
        let first = addresses.admit("2001:db8::1".parse().unwrap()).unwrap();
        assert!(addresses.admit("2001:db8::2".parse().unwrap()).is_none());
        drop(first);
        assert!(addresses.counts.lock().unwrap().is_empty());
    }
}
