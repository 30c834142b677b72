//! What is asked for, and what is found.

use super::entry::{Entry, entry};
use super::mark::{Has, Mark, is_by};
use super::term::Term;
use crate::{Id, Message};

/// What messages are to be like. What is empty, or none, leaves all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Where they may stand: whoever asks has been found to see these channels, and nothing else is looked at.
    pub channels: Vec<Id>,
    /// What must stand in them, all of it.
    pub terms: Vec<Term>,
    /// That something was typed in which there is no word, which nothing has.
    pub is_wordless: bool,
    /// Whose they may be.
    pub authors: Vec<Id>,
    /// Whom they mention, one at least.
    pub mentions: Vec<Id>,
    /// Which role they mention, one at least.
    pub mention_roles: Vec<Id>,
    /// Whether they mention everyone.
    pub mention_everyone: Option<bool>,
    /// Which message they answer.
    pub replied_to: Vec<Id>,
    /// What they have, all of it.
    pub has: Vec<Has>,
    /// What they do not have.
    pub lacks: Vec<Has>,
    /// Where links in them lead, one at least.
    pub hosts: Vec<String>,
    /// Whether they are pinned.
    pub pinned: Option<bool>,
    /// That they came after this id.
    pub after: Option<Id>,
    /// That they came before this id.
    pub before: Option<Id>,
    /// Which come first.
    pub order: Order,
    /// How many are passed over.
    pub offset: usize,
    /// How many are wanted, at most.
    pub limit: usize,
}

/// In which order messages are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// Those first that say the most of what was typed.
    Best,
    /// Those last.
    Worst,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The messages of the page, in the order that was asked for.
    pub messages: Vec<Message>,
    /// How many there are in all; of more than can be paged to, so many.
    pub total: usize,
    /// Whether older messages are still being taken into the index, and are not found yet.
    pub is_indexing: bool,
}

impl Query {
    /// Marks of which a message must have one of each list.
    pub fn any_of(&self) -> Vec<Vec<Mark>> {
        let ids = |ids: &[Id], mark: fn(Id) -> Mark| ids.iter().copied().map(mark).collect::<Vec<_>>();
        let mut lists = vec![
            ids(&self.authors, Mark::Author),
            ids(&self.mentions, Mark::Mentions),
            ids(&self.mention_roles, Mark::MentionsRole),
            ids(&self.replied_to, Mark::RepliesTo),
            self.hosts.iter().map(|host| Mark::LinksTo(host.to_lowercase())).collect(),
        ];
        lists.extend(self.has.iter().map(|has| vec![Mark::Has(*has)]));
        lists.extend((self.mention_everyone == Some(true)).then(|| vec![Mark::MentionsEveryone]));
        lists.retain(|list| !list.is_empty());
        lists
    }

    /// Marks that a message must not have.
    pub fn none_of(&self) -> Vec<Mark> {
        let mut marks: Vec<Mark> = self.lacks.iter().copied().map(Mark::Has).collect();
        marks.extend((self.mention_everyone == Some(false)).then_some(Mark::MentionsEveryone));
        marks
    }

    /// Whether `message` is one of those that are asked for.
    pub fn admits(&self, message: &Message) -> bool {
        let Some(entry) = entry(message) else { return false };
        self.is_at(message)
            && !self.is_wordless
            && is_by(&message.author, &self.authors)
            && self.terms.iter().all(|term| term.count_in(&entry.words) > 0)
            && self.any_of().iter().all(|list| list.iter().any(|mark| entry.marks.contains(mark)))
            && !self.none_of().iter().any(|mark| entry.marks.contains(mark))
    }

    /// Whether `message` stands where they may stand, in its time, and is pinned or not as is asked for.
    pub fn is_at(&self, message: &Message) -> bool {
        self.channels.contains(&message.channel_id)
            && self.after.is_none_or(|after| message.id > after)
            && self.before.is_none_or(|before| message.id < before)
            && self.pinned.is_none_or(|pinned| message.pinned_at.is_some() == pinned)
    }

    /// How much `message` says of what was typed: more for each time that it is said, ever less, and for a short message.
    ///
    /// The formula is BM25's for one term, with its usual constants and an average message of 12 words; the terms count
    /// alike, since all of them are in all messages that are found.
    pub fn score(&self, message: &Message) -> f64 {
        let Some(Entry { words, .. }) = entry(message) else { return 0.0 };
        #[expect(clippy::cast_precision_loss, reason = "a message has some thousands of words at most")]
        let length = words.len() as f64 / 12.0;
        let of = |term: &Term| {
            #[expect(clippy::cast_precision_loss, reason = "nor more of one word")]
            let count = term.count_in(&words) as f64;
            count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length))
        };
        self.terms.iter().map(of).sum()
    }
}
