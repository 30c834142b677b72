//! What of a message goes into an index.

use super::mark::{Mark, marks};
use super::words::{Word, words};
use crate::message::MessageKind;
use crate::{Embed, Message};

/// What a message is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The words of all that is to be read in it, in their order.
    pub words: Vec<Word>,
    /// Its marks.
    pub marks: Vec<Mark>,
}

/// What `message` is found by; nothing, if it is a notice of the server's, which is not searched for.
pub fn entry(message: &Message) -> Option<Entry> {
    if !matches!(message.extra.kind, MessageKind::Default | MessageKind::Reply) {
        return None;
    }
    let mut words = words(&message.content);
    message.extra.embeds.iter().flat_map(texts).for_each(|text| words.extend(self::words(text)));
    Some(Entry { words, marks: marks(message) })
}

fn texts(embed: &Embed) -> impl Iterator<Item = &str> {
    let named = [&embed.title, &embed.description].into_iter().flatten().map(String::as_str);
    let author = embed.author.iter().map(|author| author.name.as_str());
    let fields = embed.fields.iter().flat_map(|field| [field.name.as_str(), field.value.as_str()]);
    let footer = embed.footer.iter().map(|footer| footer.text.as_str());
    named.chain(author).chain(fields).chain(footer)
}

impl Entry {
    /// All of it as words, with spaces between: letters, digits, and nothing else that is ASCII.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for word in &self.words {
            text.push_str(&word.text);
            text.push(' ');
        }
        for mark in &self.marks {
            text.push_str(&mark.word());
            text.push(' ');
        }
        text
    }
}
