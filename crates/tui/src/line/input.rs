//! Lines from standard input.

use std::io::{self, BufRead, Read};

use tokio::sync::mpsc;

/// Bytes of one line, at most: a message of 2,000 characters takes 8,000, and what is longer cannot be said anyway.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// Lines read ahead, at most.
const LINES_AHEAD_MAX: usize = 16;

/// What comes from the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A line, without its end.
    Line(String),
    /// Something that is no line of text, and why; reading goes on after it.
    Broken(String),
    /// Nothing more comes.
    End,
}

/// Starts to read standard input, on a thread of its own that ends with the program: a read cannot be cut short.
pub fn start() -> mpsc::Receiver<Input> {
    let (sender, receiver) = mpsc::channel(LINES_AHEAD_MAX);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let line = read(&mut input);
            let last = line == Input::End;
            if sender.blocking_send(line).is_err() || last {
                return;
            }
        }
    });
    receiver
}

/// The next line of `input`. What is not UTF-8 in it is replaced; an unreadable input has ended.
fn read(input: &mut impl BufRead) -> Input {
    let mut line = Vec::new();
    match input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line) {
        Ok(0) | Err(_) => return Input::End,
        Ok(_) => {}
    }
    if line.last() != Some(&b'\n') && line.len() as u64 == LINE_BYTES_MAX {
        return skip_rest(input);
    }
    Input::Line(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned())
}

/// Skips what is left of a line.
fn skip_rest(input: &mut impl BufRead) -> Input {
    loop {
        let (skipped, end) = match input.fill_buf() {
            Ok([]) | Err(_) => break,
            Ok(bytes) => match bytes.iter().position(|byte| *byte == b'\n') {
                Some(end) => (end + 1, true),
                None => (bytes.len(), false),
            },
        };
        input.consume(skipped);
        if end {
            break;
        }
    }
    Input::Broken(format!("a line of more than {LINE_BYTES_MAX} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_one_by_one() {
        let mut input = &b"a\r\n\nb\xff\nlast"[..];
        let line = |text: &str| Input::Line(text.to_owned());
        for expected in [line("a"), line(""), line("b\u{fffd}"), line("last"), Input::End] {
            assert_eq!(read(&mut input), expected);
        }
    }

    #[test]
    fn a_huge_line_is_skipped_and_the_next_is_read() {
        let text = "x".repeat(3 * usize::try_from(LINE_BYTES_MAX).unwrap()) + "\nb\n";
        let mut input = text.as_bytes();
        assert!(matches!(read(&mut input), Input::Broken(_)));
        assert_eq!(read(&mut input), Input::Line("b".into()));
    }
}
