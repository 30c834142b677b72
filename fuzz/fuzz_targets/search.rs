//! What is searched for, and what it is looked for in.
#![no_main]

use decentra_fuzz::memory;
use decentra_model::limits::WORD_CHARS_MAX;
use decentra_model::search::{Mark, terms, words::words};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (typed, text) = input;
    let found = memory::within(4_096 * (typed.len() + text.len()) + 100_000, || {
        let terms = terms(typed);
        let text = words(text);
        for word in &text {
            assert!(word.text.chars().count() <= WORD_CHARS_MAX && is_one_word(&word.text), "{word:?}");
        }
        for term in &terms {
            assert!(!term.words.is_empty() && term.words.iter().all(|word| is_one_word(word)), "{term:?}");
            assert!(term.count_in(&text) <= text.len());
        }
        terms
    });
    // What was typed is found in a message that says just that.
    let said = words(typed);
    assert!(found.iter().all(|term| term.count_in(&said) > 0), "{typed:?}");
    assert!(is_one_word(&Mark::LinksTo(typed.to_owned()).word()));
});

/// Whether an index takes it for one word: whatever else is ASCII would part it, or be read as something else.
fn is_one_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric())
}
