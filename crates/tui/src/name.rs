//! Asking for a name.

use std::io::{self, BufRead, Write};

use decentra_model::Name;

use crate::args;

/// Asks on the terminal until the answer is a name; an empty answer, or none, is Anonymous.
pub(crate) fn ask(mut input: impl BufRead, mut output: impl Write) -> io::Result<Name> {
    loop {
        write!(output, "Your name (Enter for Anonymous): ")?;
        output.flush()?;
        let mut answer = String::new();
        input.read_line(&mut answer)?;
        match args::name(&answer) {
            Ok(name) => return Ok(name),
            Err(error) => writeln!(output, "{error}")?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_asks_until_the_answer_is_a_name() {
        for (typed, name, asked) in [
            ("Ana\n", "Ana", 1),
            ("\n", "Anonymous", 1),
            ("", "Anonymous", 1),
            ("a\u{7}b\n\u{200b}\n Ben \n", "Ben", 3),
        ] {
            let mut shown = Vec::new();
            assert_eq!(ask(typed.as_bytes(), &mut shown).unwrap().as_str(), name);
            assert_eq!(String::from_utf8(shown).unwrap().matches("Your name").count(), asked);
        }
    }
}
