//! What the load writes into a message, so that whoever receives it can check it.

use std::time::Duration;

/// Bytes of a message's content. All are equally long, so that all frames are.
pub const CONTENT_BYTES: usize = 60;

/// Fills a content up to [`CONTENT_BYTES`]; it ends in a visible character, since servers trim.
const FILLER: &[u8; CONTENT_BYTES - 26] = b" says hello to everyone in here :)";

/// Who sent a message, which of theirs it is, and when it was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The sender's number, from 0, below 100.
    pub sender: usize,
    /// The message's number among the sender's, from 0, below 100 million.
    pub sequence: u64,
    /// When it was due, counted from the beginning of the room.
    pub due: Duration,
}

impl Stamp {
    /// The content that carries the stamp: 2, 8 and 16 digits, then filler.
    pub fn content(&self) -> String {
        let filler = String::from_utf8_lossy(FILLER);
        format!("{:02}{:08}{:016}{filler}", self.sender, self.sequence, self.due.as_nanos())
    }

    /// The stamp in `content`. Anything but digits in their places gives a number that fits nothing.
    pub fn read(content: &[u8; CONTENT_BYTES]) -> Self {
        let at = |start: usize| {
            digits(*content[start..].first_chunk().expect("a place eight bytes before the end"))
        };
        let [tens, ones] = [content[0], content[1]].map(|digit| usize::from(digit.wrapping_sub(b'0')));
        Self {
            sender: tens * 10 + ones,
            sequence: at(2),
            due: Duration::from_nanos(at(10) * 100_000_000 + at(18)),
        }
    }
}

/// The number that eight decimal digits stand for: pairs, then fours, then all, added up side by side in one word.
///
/// A loop over the digits would cost the load as much as all else that it does for a frame.
fn digits(text: [u8; 8]) -> u64 {
    let ones = u64::from_le_bytes(text) & 0x0f0f_0f0f_0f0f_0f0f;
    let pairs = (ones.wrapping_mul(10 * 0x100 + 0x1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100 * 0x1_0000 + 0x1) >> 16) & 0x0000_ffff_0000_ffff;
    fours.wrapping_mul(10_000 * 0x1_0000_0000 + 0x1) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for (sender, sequence, due_ns) in
            [(0, 0, 0), (7, 12_345_678, 1), (99, 99_999_999, 9_876_543_210_123_456)]
        {
            let stamp = Stamp { sender, sequence, due: Duration::from_nanos(due_ns) };
            let content = stamp.content();
            assert_eq!(Stamp::read(content.as_bytes().try_into().unwrap()), stamp, "{content}");
        }
    }
}
