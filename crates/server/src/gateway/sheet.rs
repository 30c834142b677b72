//! A batch as it leaves: laid out once for all sessions that are told the same, with room for each one's sequences.

use bytes::BytesMut;

use super::encoded::{Encoded, digits};
use crate::socket::frame;

/// Sheets that are kept, at most.
const SHEETS_MAX: usize = 8;

/// Bytes of a sheet, at most: what is more leaves in pieces.
const SHEET_BYTES_MAX: usize = 128 * 1024;

/// The sheets of one batch.
#[derive(Debug, Default)]
pub(crate) struct Sheets {
    kept: Vec<Sheet>,
    /// How many of them are of this batch.
    used: usize,
    /// The one to be replaced, when there are too many.
    next: usize,
}

/// What sessions are told whose sequences have so many digits.
#[derive(Debug, Default)]
struct Sheet {
    /// The places of the dispatches among those of the batch.
    nths: Vec<usize>,
    digits: usize,
    bytes: BytesMut,
    /// Where the digits of each sequence stand.
    places: Vec<usize>,
}

impl Sheets {
    /// What a session is told of `encoded`, the dispatches `nths`, its first sequence being `first`. `None`, if that does
    /// not fit onto a sheet.
    pub(super) fn stamped(&mut self, first: u64, nths: &[usize], encoded: &[Encoded]) -> Option<&[u8]> {
        let digits = self::digits(first);
        let last = first + (nths.len() as u64).saturating_sub(1);
        if self::digits(last) != digits {
            return None;
        }
        let known =
            self.kept[..self.used].iter().position(|sheet| sheet.digits == digits && sheet.nths == nths);
        let nth = match known {
            Some(nth) => nth,
            None => self.lay_out(first, nths, encoded)?,
        };
        let sheet = &mut self.kept[nth];
        sheet.stamp(first);
        Some(&sheet.bytes)
    }

    /// Forgets the batch.
    pub(super) fn clear(&mut self) {
        self.used = 0;
    }

    /// Lays out a sheet; which it is.
    fn lay_out(&mut self, first: u64, nths: &[usize], encoded: &[Encoded]) -> Option<usize> {
        let bytes: usize = nths.iter().map(|nth| encoded[*nth].length(first)).sum();
        if bytes > SHEET_BYTES_MAX {
            return None;
        }
        let nth = if self.used < SHEETS_MAX {
            self.used += 1;
            self.used - 1
        } else {
            self.next = (self.next + 1) % SHEETS_MAX;
            self.next
        };
        if nth == self.kept.len() {
            self.kept.push(Sheet::default());
        }
        self.kept[nth].lay_out(first, nths, encoded);
        Some(nth)
    }
}

impl Sheet {
    fn lay_out(&mut self, first: u64, nths: &[usize], encoded: &[Encoded]) {
        self.digits = digits(first);
        self.nths.clear();
        self.nths.extend_from_slice(nths);
        self.bytes.clear();
        self.places.clear();
        for encoded in nths.iter().map(|nth| &encoded[*nth]) {
            frame::put_head(&mut self.bytes, encoded.length(first), false);
            encoded.put_own(&mut self.bytes, first);
            self.places.push(self.bytes.len() - self.digits);
            self.bytes.extend_from_slice(encoded.after());
        }
    }

    /// Writes the sequences from `first` on into their places.
    fn stamp(&mut self, first: u64) {
        for (mut sequence, place) in (first..).zip(&self.places) {
            for digit in self.bytes[*place..][..self.digits].iter_mut().rev() {
                *digit = b'0' + u8::try_from(sequence % 10).expect("a digit is small");
                sequence /= 10;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sheets: &mut Sheets, first: u64, nths: &[usize], encoded: &[Encoded]) -> Option<String> {
        sheets.stamped(first, nths, encoded).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// The same, put together for one session alone.
    fn plain(first: u64, nths: &[usize], encoded: &[Encoded]) -> String {
        let mut bytes = BytesMut::new();
        for (sequence, nth) in (first..).zip(nths) {
            let encoded = &encoded[*nth];
            frame::put_head(&mut bytes, encoded.length(sequence), false);
            encoded.put_own(&mut bytes, sequence);
            bytes.extend_from_slice(encoded.after());
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn each_session_gets_its_own_sequences() {
        let encoded: Vec<_> =
            (0..20).map(|nth| Encoded::new("NAME", format!("[{nth}]").as_bytes())).collect();
        let mut sheets = Sheets::default();
        for batch in [[0, 1, 2].as_slice(), &[0, 2], &[3], &[0, 1, 2]] {
            for first in [1, 4, 7, 10, 95, 123, 7, 1_234_567_890, 20] {
                assert_eq!(told(&mut sheets, first, batch, &encoded), Some(plain(first, batch, &encoded)));
            }
        }
        // More sheets than are kept.
        for _ in 0..2 {
            for nth in 0..20 {
                assert_eq!(told(&mut sheets, 5, &[nth], &encoded), Some(plain(5, &[nth], &encoded)));
            }
        }
        let before = told(&mut sheets, 5, &[0], &encoded);
        sheets.clear();
        let others: Vec<_> = (0..3).map(|nth| Encoded::new("OTHER", format!("{nth}").as_bytes())).collect();
        assert_ne!(told(&mut sheets, 5, &[0], &others), before);
    }

    #[test]
    fn what_does_not_fit_is_none() {
        let encoded = [Encoded::new("NAME", " ".repeat(SHEET_BYTES_MAX).as_bytes())];
        let mut sheets = Sheets::default();
        assert_eq!(told(&mut sheets, 5, &[0], &encoded), None);
        let encoded = [Encoded::new("NAME", b"1"), Encoded::new("NAME", b"2")];
        assert_eq!(told(&mut sheets, 9, &[0, 1], &encoded), None, "its sequences are of different lengths");
    }
}
