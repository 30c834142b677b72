//! Text from outside, made safe to show on a terminal.

use std::borrow::Cow;
use std::fmt::Write;

use decentra_model::text::is_control as acts;

/// Columns that a tab stands for.
const TAB: &str = "    ";

/// `text` on one line, with every character that could act on a terminal shown instead of sent.
///
/// C0 controls and DEL become their Unicode picture (`␛`); C1 controls, line separators and the controls of the
/// reading direction become their number (`\u{9b}`). All else is left as it is.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\0'..='\u{1f}' => shown.push(picture(u32::from(c))),
            '\u{7f}' => shown.push('␡'),
            c if acts(c) => write!(shown, "{}", c.escape_unicode()).expect("a String takes all"),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// The lines of `text`, each [`visible`]; tabs become spaces. Never none.
pub fn lines(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.split('\n').map(|line| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.contains('\t') {
            Cow::Owned(visible(&line.replace('\t', TAB)).into_owned())
        } else {
            visible(line)
        }
    })
}

/// The picture of a C0 control: U+2400 and the 31 after it.
fn picture(control: u32) -> char {
    char::from_u32(0x2400 + control).expect("U+2400 to U+241F are characters")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_act_is_shown() {
        for (text, shown) in [
            ("plain, Ünïcode 🌻 👩‍🚀 שלום", "plain, Ünïcode 🌻 👩‍🚀 שלום"),
            ("\u{1b}]0;owned\u{7}", "␛]0;owned␇"),
            ("\u{1b}[2J\u{1b}[H", "␛[2J␛[H"),
            ("a\u{9b}31mb", "a\\u{9b}31mb"),
            ("x\u{202e}y\u{2066}z\u{61c}", "x\\u{202e}y\\u{2066}z\\u{61c}"),
            ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"),
            ("\0\r\n\t\u{7f}\u{85}", "␀␍␊␉␡\\u{85}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn nothing_that_acts_is_left_of_any_character() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            assert!(!visible(c.encode_utf8(&mut [0; 4])).chars().any(acts), "{c:?}");
        }
    }

    #[test]
    fn lines_and_tabs_are_kept_apart() {
        let shown: Vec<_> = lines("a\r\n\tb\n\u{1b}c").collect();
        assert_eq!(shown, ["a", "    b", "␛c"]);
        assert_eq!(lines("").count(), 1);
    }
}
