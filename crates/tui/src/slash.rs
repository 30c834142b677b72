//! What can be typed beside messages.

use decentra_model::Body;

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slash {
    /// Tell what can be typed.
    Help,
    /// Tell who is here.
    Who,
    /// Empty the screen.
    Clear,
    /// Leave.
    Quit,
}

/// The commands, with what they do, for `/help`.
pub const SLASHES: &[(&[&str], &str, Slash)] = &[
    (&["/help"], "this list", Slash::Help),
    (&["/who"], "who is here", Slash::Who),
    (&["/clear"], "empty the screen; nothing is deleted", Slash::Clear),
    (&["/quit", "/exit", "/q"], "leave", Slash::Quit),
];

/// What a typed text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Nothing.
    Nothing,
    /// A message.
    Say(Body),
    /// A command.
    Do(Slash),
    /// Neither, and why.
    Wrong(String),
}

/// Reads what was typed. `//text` says `/text`.
pub fn read(text: &str) -> Typed {
    let text = text.trim();
    if text.is_empty() {
        return Typed::Nothing;
    }
    match text.strip_prefix('/') {
        None => say(text),
        Some(rest) if rest.starts_with('/') => say(rest),
        Some(_) => command(text.split_whitespace().next().unwrap_or(text)),
    }
}

fn say(text: &str) -> Typed {
    Body::parse(text).map_or_else(|error| Typed::Wrong(error.to_string()), Typed::Say)
}

fn command(word: &str) -> Typed {
    let known = SLASHES.iter().find(|(words, ..)| words.contains(&word.to_lowercase().as_str()));
    match known {
        Some((.., slash)) => Typed::Do(*slash),
        None => Typed::Wrong(format!("There is no command {word}: see /help, or write /{word} to say it.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_message_or_a_command() {
        let body = |text| Typed::Say(Body::parse(text).unwrap());
        for (text, typed) in [
            ("", Typed::Nothing),
            (" \n ", Typed::Nothing),
            ("hi", body("hi")),
            (" a / b ", body("a / b")),
            ("//quit", body("/quit")),
            ("/quit", Typed::Do(Slash::Quit)),
            ("/EXIT now", Typed::Do(Slash::Quit)),
            ("/q", Typed::Do(Slash::Quit)),
            ("/who", Typed::Do(Slash::Who)),
        ] {
            assert_eq!(read(text), typed, "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_said_says_why() {
        for (text, hint) in
            [("/dance", "//dance"), ("/", "/help"), ("a\u{1b}b", "control"), (&"x".repeat(2_001), "2001")]
        {
            let Typed::Wrong(why) = read(text) else { panic!("{text:?} is fine") };
            assert!(why.contains(hint), "{why}");
        }
    }
}
