//! What a message is found by beside its words.

use crate::{Author, Embed, Id, Message};

/// The character that every mark begins with in an index. It is of no script, so that no word begins so.
const SIGN: char = '\u{e000}';

/// A mark of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// Where it stands.
    Channel(Id),
    /// Whose it is.
    Author(Id),
    /// Whom it mentions.
    Mentions(Id),
    /// Which role it mentions.
    MentionsRole(Id),
    /// That it mentions everyone.
    MentionsEveryone,
    /// Which message it answers.
    RepliesTo(Id),
    /// What it has.
    Has(Has),
    /// Where a link in it leads.
    LinksTo(String),
}

/// What a message may have. The words are Discord's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Has {
    Link,
    Embed,
    File,
    Image,
    Video,
    Sound,
    Sticker,
    Poll,
    Snapshot,
}

impl Has {
    /// All there are.
    pub const ALL: [Self; 9] = [
        Self::Link,
        Self::Embed,
        Self::File,
        Self::Image,
        Self::Video,
        Self::Sound,
        Self::Sticker,
        Self::Poll,
        Self::Snapshot,
    ];

    /// Discord's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Embed => "embed",
            Self::File => "file",
            Self::Image => "image",
            Self::Video => "video",
            Self::Sound => "sound",
            Self::Sticker => "sticker",
            Self::Poll => "poll",
            Self::Snapshot => "snapshot",
        }
    }
}

impl Mark {
    /// The mark as a word of an index.
    pub fn word(&self) -> String {
        match self {
            Self::Channel(id) => format!("{SIGN}c{id}"),
            Self::Author(id) => format!("{SIGN}a{id}"),
            Self::Mentions(id) => format!("{SIGN}m{id}"),
            Self::MentionsRole(id) => format!("{SIGN}r{id}"),
            Self::MentionsEveryone => format!("{SIGN}e"),
            Self::RepliesTo(id) => format!("{SIGN}p{id}"),
            Self::Has(has) => format!("{SIGN}h{}", has.word()),
            Self::LinksTo(host) => format!("{SIGN}l{}", host_word(host)),
        }
    }
}

/// A host as one word: what is no letter or digit of it becomes a character of no script.
fn host_word(host: &str) -> String {
    let lower = host.to_lowercase();
    lower.chars().map(|c| if c.is_alphanumeric() { c } else { '\u{e001}' }).collect()
}

/// The marks of `message`.
pub fn marks(message: &Message) -> Vec<Mark> {
    let extra = &message.extra;
    let mut marks = vec![Mark::Channel(message.channel_id)];
    marks.extend(message.author.user().map(Mark::Author));
    marks.extend(extra.mentions.iter().copied().map(Mark::Mentions));
    marks.extend(extra.mention_roles.iter().copied().map(Mark::MentionsRole));
    marks.extend(extra.mention_everyone.then_some(Mark::MentionsEveryone));
    marks.extend(extra.reference.map(|reference| Mark::RepliesTo(reference.message_id)));
    let hosts = hosts(&message.content);
    let has = [
        (Has::Link, !hosts.is_empty()),
        (Has::Embed, !extra.embeds.is_empty()),
        (Has::Image, extra.embeds.iter().any(shows_image)),
    ];
    marks.extend(has.into_iter().filter(|(_, has)| *has).map(|(has, _)| Mark::Has(has)));
    marks.extend(hosts.into_iter().map(Mark::LinksTo));
    marks
}

fn shows_image(embed: &Embed) -> bool {
    embed.image.is_some() || embed.thumbnail.is_some()
}

/// Where the links in `text` lead, each host once.
fn hosts(text: &str) -> Vec<String> {
    let mut hosts = Vec::new();
    for (at, _) in text.match_indices("://") {
        let is_web = text[..at].ends_with("http") || text[..at].ends_with("https");
        let rest = &text[at + 3..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-'));
        let host = rest[..end.unwrap_or(rest.len())].trim_end_matches('.').to_lowercase();
        if is_web && !host.is_empty() && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

/// Whose message it is, to who filters by authors.
pub(super) fn is_by(author: &Author, wanted: &[Id]) -> bool {
    wanted.is_empty() || author.user().is_some_and(|id| wanted.contains(&id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_with_their_hosts() {
        let text = "see https://Example.org/a, http://example.org and <https://sub.example.com:80/b>. ftp://no.net ://";
        assert_eq!(hosts(text), ["example.org", "sub.example.com"]);
        assert_eq!(hosts("https:// http"), [] as [&str; 0]);
    }

    #[test]
    fn a_mark_is_one_word_that_no_text_has() {
        for mark in [Mark::LinksTo("a-b.example".into()), Mark::Author(Id::from_i64(7)), Mark::Has(Has::Link)]
        {
            let word = mark.word();
            assert!(word.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric()), "{word}");
            assert!(super::super::words::words(&word).iter().all(|found| found.text != word));
        }
    }
}
