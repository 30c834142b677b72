//! What someone typed to be found.

use super::words::{Word, WordKind, words};
use crate::limits::{PREFIX_CHARS_MIN, UNFINISHED_CHARS_MIN};

/// Words that must follow each other in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The words, folded; one at least.
    pub words: Vec<String>,
    /// Whether the last of them need only be the beginning of a word.
    pub is_prefix: bool,
}

/// The terms in what someone typed. What stands in quotes is one term, and so is what stands between spaces. A `*` at
/// the end of a word lets it be the beginning of one, and so may the very last word be, unless it is short or stands in
/// quotes: it may not be typed to its end, and most languages have other endings.
pub fn terms(typed: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut is_quoted = false;
    for (nth, part) in typed.split(is_quote).enumerate() {
        let before = terms.len();
        // Every second part stands in quotes; the last quote may be missing.
        if nth % 2 == 1 {
            terms.extend(Term::of(part));
        } else {
            terms.extend(part.split_whitespace().filter_map(Term::of));
        }
        if terms.len() > before {
            is_quoted = nth % 2 == 1;
        }
    }
    if let Some(last) = terms.last_mut().filter(|_| !is_quoted) {
        last.is_prefix |= last.is_long();
    }
    let mut seen = Vec::with_capacity(terms.len());
    for term in terms {
        if !seen.contains(&term) {
            seen.push(term);
        }
    }
    seen
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

impl Term {
    /// The term that `text` is, if there is a word in it.
    fn of(text: &str) -> Option<Self> {
        let mut words = words(text);
        let mut is_prefix = text.trim_end().ends_with('*');
        match words.last()?.kind {
            WordKind::Whole => {}
            // It stands in the word before; in what is searched, more may follow it.
            WordKind::Tail => {
                words.pop();
                is_prefix = false;
            }
            WordKind::Alone => is_prefix = true,
        }
        Some(Self { words: words.into_iter().map(|word| word.text).collect(), is_prefix })
    }

    /// Whether its last word is long enough to stand for longer ones by itself.
    fn is_long(&self) -> bool {
        let last = self.words.last().map_or("", String::as_str);
        last.chars().count() >= UNFINISHED_CHARS_MIN
    }

    /// Whether it may be the beginning of so many words that to gather them all takes long.
    pub fn is_vague(&self) -> bool {
        let last = self.words.last().map_or("", String::as_str);
        self.is_prefix && last.is_ascii() && last.len() < PREFIX_CHARS_MIN
    }

    /// How often it stands in `text`.
    pub fn count_in(&self, text: &[Word]) -> usize {
        text.windows(self.words.len()).filter(|window| self.matches(window)).count()
    }

    fn matches(&self, window: &[Word]) -> bool {
        let last = self.words.len() - 1;
        let mut pairs = self.words.iter().zip(window).enumerate();
        pairs.all(|(nth, (wanted, word))| {
            if self.is_prefix && nth == last { word.text.starts_with(wanted) } else { word.text == *wanted }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: &[&str]) {
        let told = |term: Term| term.words.join("+") + if term.is_prefix { "*" } else { "" };
        assert_eq!(terms(typed).into_iter().map(told).collect::<Vec<_>>(), expected, "{typed}");
    }

    #[test]
    fn words_stand_apart_and_quotes_hold_together() {
        check("Green beans", &["green", "beans*"]);
        check("Green pea", &["green", "pea"]);
        check("\"Green beans\" soup", &["green+beans", "soup*"]);
        check("“Green beans”", &["green+beans"]);
        check("so-called it's", &["so+called", "it+s"]);
        check("one one", &["one"]);
    }

    #[test]
    fn a_star_lets_a_word_begin_so() {
        check("bea*", &["bea*"]);
        check("\"green bea*\"", &["green+bea*"]);
        check("* ** *x", &["x"]);
        check("x*", &["x*"]);
    }

    #[test]
    fn in_a_text_without_spaces_any_stretch_is_a_term() {
        check("東京", &["東京"]);
        check("東京都", &["東京+京都"]);
        check("京", &["京*"]);
        check("東京*", &["東京"]);
        check("充電iPhone", &["充電+電+iphone*"]);
    }

    #[test]
    fn what_holds_no_word_is_no_term() {
        check("", &[]);
        check("\" AND ( ) NEAR/2 - ^ : \"", &["and+near+2"]);
        check("\"", &[]);
        check("\"unclosed quote", &["unclosed+quote"]);
    }

    #[test]
    fn a_term_is_counted_where_it_stands() {
        let text = words("green beans and greener beans, 東京都庁");
        let count = |typed: &str| terms(typed)[0].count_in(&text);
        assert_eq!(count("\"green\""), 1);
        assert_eq!(count("green*"), 2);
        assert_eq!(count("\"green beans\""), 1);
        assert_eq!(count("\"beans green\""), 0);
        assert_eq!(["都", "京都", "都庁", "東京都庁", "庁", "庁東"].map(count), [1, 1, 1, 1, 1, 0]);
    }
}
