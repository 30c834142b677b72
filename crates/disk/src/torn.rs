//! What is left of a file whose last changes were not synced.

use crate::platter::Loss;

/// Bytes that a disk writes wholly or not at all.
const SECTOR_BYTES: usize = 512;

/// A number less than the one given: where chance comes from.
pub type Chance<'a> = dyn FnMut(u64) -> u64 + 'a;

/// A file: what is on disk, and what may be.
#[derive(Debug, Default)]
pub(crate) struct Content {
    synced: Vec<u8>,
    pending: Vec<Change>,
}

/// A change that is not synced.
#[derive(Debug)]
pub(crate) enum Change {
    /// Bytes at an offset.
    Written(usize, Vec<u8>),
    /// Another length.
    Cut(usize),
}

impl Content {
    /// A file that was on disk before.
    pub(crate) fn synced(bytes: Vec<u8>) -> Self {
        Self { synced: bytes, pending: Vec::new() }
    }

    /// Changes it.
    pub(crate) fn change(&mut self, change: Change) {
        self.pending.push(change);
    }

    /// Brings all changes to the disk.
    pub(crate) fn sync(&mut self) {
        for change in self.pending.drain(..) {
            match change {
                Change::Written(offset, bytes) => overwrite(&mut self.synced, offset, &bytes),
                Change::Cut(length) => self.synced.resize(length, 0),
            }
        }
    }

    /// What a power failure may leave of it.
    ///
    /// Each change is there or not, whatever became of those before it, and a write may be there in some of its sectors:
    /// so writes are also reordered. A file that grew may have kept its old length, and what never came holds zeros.
    pub(crate) fn left(&self, loss: Loss, chance: &mut Chance<'_>) -> Vec<u8> {
        let mut left = self.synced.clone();
        for change in &self.pending {
            match (fate(loss, chance), change) {
                (Fate::Lost, _) => {}
                (_, Change::Cut(length)) => left.resize(*length, 0),
                (Fate::Kept, Change::Written(offset, bytes)) => overwrite(&mut left, *offset, bytes),
                (Fate::Torn, Change::Written(offset, bytes)) => tear(&mut left, *offset, bytes, chance),
            }
        }
        if loss == Loss::Parts && left.len() > self.synced.len() && chance(4) == 0 {
            left.truncate(self.synced.len());
        }
        left
    }
}

enum Fate {
    Kept,
    Lost,
    Torn,
}

fn fate(loss: Loss, chance: &mut Chance<'_>) -> Fate {
    match loss {
        Loss::Nothing => Fate::Kept,
        Loss::Unsynced => Fate::Lost,
        Loss::Parts => match chance(3) {
            0 => Fate::Kept,
            1 => Fate::Lost,
            _ => Fate::Torn,
        },
    }
}

/// Writes those sectors of `bytes` that chance picks.
fn tear(file: &mut Vec<u8>, offset: usize, bytes: &[u8], chance: &mut Chance<'_>) {
    let mut from = 0;
    while from < bytes.len() {
        let in_sector = SECTOR_BYTES - (offset + from) % SECTOR_BYTES;
        let to = bytes.len().min(from + in_sector);
        if chance(2) == 0 {
            overwrite(file, offset + from, &bytes[from..to]);
        }
        from = to;
    }
}

fn overwrite(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[offset..end].copy_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Content {
        let mut file = Content::synced(b"old".to_vec());
        file.change(Change::Written(0, vec![1; 1_024]));
        file
    }

    #[test]
    fn what_was_synced_is_left_whatever_else_is_lost() {
        let mut file = file();
        assert_eq!(file.left(Loss::Unsynced, &mut |_| 0), b"old");
        assert_eq!(file.left(Loss::Nothing, &mut |_| 0), [1; 1_024]);
        file.sync();
        file.change(Change::Cut(2));
        assert_eq!(file.left(Loss::Unsynced, &mut |_| 0), [1; 1_024]);
        assert_eq!(file.left(Loss::Nothing, &mut |_| 0), [1; 2]);
    }

    #[test]
    fn a_write_is_torn_between_sectors() {
        // Torn, the first sector lost, the second kept, the length kept.
        let mut draws = [2, 1, 0, 1].into_iter();
        let left = file().left(Loss::Parts, &mut |_| draws.next().unwrap());
        assert_eq!(left[..3], *b"old");
        assert_eq!((&left[3..512], &left[512..]), (&[0; 509][..], &[1; 512][..]));
    }

    #[test]
    fn a_file_that_grew_may_have_its_old_length() {
        let mut draws = [0, 0].into_iter();
        assert_eq!(file().left(Loss::Parts, &mut |_| draws.next().unwrap()), [1; 3]);
    }
}
