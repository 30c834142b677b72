//! The small texts: names, messages, nonces, ids, moments, emoji; and what is shown of any text.
#![no_main]

use decentra_core::client::text::{lines, visible};
use decentra_core::community::reaction::emoji;
use decentra_model::limits::NAME_CHARS_MAX;
use decentra_model::text::is_control;
use decentra_model::{Body, Id, Name, Nonce, Timestamp};
use decentra_tui::screen::wrap::{columns_of, fitted, wrap};
use decentra_tui::slash;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (width, text) = input;
    if let Ok(name) = Name::parse(text) {
        assert_eq!(Name::parse(name.as_str()), Ok(name.clone()));
        let second = name.numbered(usize::from(width));
        assert!(second.as_str().chars().count() <= NAME_CHARS_MAX);
        assert_eq!(Name::parse(second.as_str()), Ok(second.clone()), "the second {name}");
        // A long one that ends so already is the same, and the next number is tried.
        assert!(name.key() != second.key() || name.as_str().ends_with(&format!("-{width}")), "{name}");
    }
    if let Ok(body) = Body::parse(text) {
        assert_eq!(Body::parse(body.as_str()), Ok(body));
    }
    if let Ok(nonce) = Nonce::parse(text) {
        assert_eq!(nonce.as_str(), text);
    }
    if let Ok(id) = text.parse::<Id>() {
        assert_eq!(id.to_string().parse(), Ok(id));
        let _ = (id.timestamp().to_string(), id.timestamp().zoned().to_string());
    }
    if let Some(moment) = Timestamp::parse(text) {
        assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
        assert_eq!(Timestamp::parse(&moment.zoned().to_string()), Some(moment));
    }
    if let Ok(emoji_of) = emoji(text) {
        assert_eq!(emoji(&emoji_of), Ok(emoji_of));
    }
    let _ = slash::read(text);
    show(text, usize::from(width));
});

fn show(text: &str, width: usize) {
    let shown = visible(text);
    assert!(!shown.chars().any(is_control));
    assert_eq!(visible(&shown), shown);
    assert!(shown.len() <= 10 * text.len());
    assert_eq!(lines(text).count(), text.split('\n').count());
    for line in lines(text) {
        assert!(!line.chars().any(is_control));
        let mut end = 0;
        for row in wrap(&line, width) {
            assert_eq!(row.start, end);
            end = row.end;
        }
        assert_eq!(end, line.len(), "rows hold all of a text");
        assert!(columns_of(&fitted(&line, width)) <= width);
    }
}
