//! Proves that nothing was lost, doubled or put out of order.

use anyhow::{Result, ensure};

use crate::stamp::Stamp;

/// What every receiver of a room has received so far.
#[derive(Debug)]
pub struct Ledger {
    senders: usize,
    /// The next sequence that is expected: for each receiver, one for each sender.
    next: Vec<u64>,
    /// For each receiver, a hash over what it received, in the order in which it did.
    order: Vec<u64>,
}

impl Ledger {
    /// A ledger in which nothing has been received.
    pub fn new(receivers: usize, senders: usize) -> Self {
        Self { senders, next: vec![0; receivers * senders], order: vec![0; receivers] }
    }

    /// Notes that `receiver` received the message with `stamp`. It must be the sender's next one.
    pub fn receive(&mut self, receiver: usize, stamp: &Stamp) -> Result<()> {
        let Stamp { sender, sequence, .. } = *stamp;
        ensure!(
            sender < self.senders,
            "receiver {receiver}: a message of sender {sender}, who does not exist"
        );
        let next = &mut self.next[receiver * self.senders + sender];
        ensure!(
            sequence == *next,
            "receiver {receiver}: message {sequence} of sender {sender} came where {next} was due ({})",
            if sequence < *next { "doubled, or out of order" } else { "lost, or out of order" }
        );
        *next += 1;
        self.order[receiver] = hashed(self.order[receiver], (sender as u64) ^ (sequence << 8));
        Ok(())
    }

    /// Checks, when nothing is under way, that each receiver has all that was `sent`; and, where the server promises
    /// it (`in_one_order`), that they saw the messages of all senders in one order.
    pub fn settle(&self, sent: &[u64], in_one_order: bool) -> Result<()> {
        for (receiver, next) in self.next.chunks(self.senders).enumerate() {
            ensure!(next == sent, "receiver {receiver}: of each sender's {sent:?} messages, it has {next:?}");
        }
        let differs = self.order.iter().position(|order| *order != self.order[0]);
        let differs = differs.filter(|_| in_one_order);
        ensure!(differs.is_none(), "receivers 0 and {differs:?} saw the messages in different orders");
        Ok(())
    }
}

/// `hash` with `value` mixed in; another order of the same values gives another hash.
fn hashed(hash: u64, value: u64) -> u64 {
    // The multiplier of SplitMix64's finalizer: odd, with its bits well spread.
    (hash.rotate_left(5) ^ value).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// The ledger of two receivers, each of whom received the (sender, sequence) pairs in its list.
    fn check(received: [&[(usize, u64)]; 2], sent: &[u64]) -> Result<()> {
        let mut ledger = Ledger::new(2, sent.len());
        for (receiver, list) in received.into_iter().enumerate() {
            for &(sender, sequence) in list {
                ledger.receive(receiver, &Stamp { sender, sequence, due: Duration::ZERO })?;
            }
        }
        ledger.settle(sent, true)
    }

    #[test]
    fn what_everyone_received_in_one_order_is_fine() {
        let all = [(0, 0), (1, 0), (0, 1)];
        check([&all, &all], &[2, 1]).unwrap();
    }

    #[test]
    fn each_fault_is_found() {
        let all = [(0, 0), (1, 0), (0, 1)];
        for (fault, other) in [
            ("lost at the end", &[(0, 0), (1, 0)][..]),
            ("lost", &[(1, 0), (0, 1)]),
            ("doubled", &[(0, 0), (0, 0), (1, 0), (0, 1)]),
            ("in another order", &[(1, 0), (0, 0), (0, 1)]),
            ("of nobody", &[(0, 0), (7, 0)]),
        ] {
            assert!(check([&all, other], &[2, 1]).is_err(), "{fault}");
        }
    }
}
