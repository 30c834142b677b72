//! A message as its author was told that it is.

use super::table::Stored;
use crate::random::Random;

/// Something that its author does to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// To post this text.
    Post(String),
    /// To change the text of the `nth` message.
    Edit(usize, String),
    /// To put an emoji under it.
    React(usize, Emoji),
    /// To take it away.
    Unreact(usize, Emoji),
    /// To delete it.
    Delete(usize),
}

/// An emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emoji {
    /// 👍
    Thumb,
    /// 🎉
    Party,
}

/// A message, by all that its author was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// Its snowflake.
    pub(super) id: i64,
    /// The text that it was posted with.
    pub(super) posted: String,
    content: String,
    reactions: Vec<Emoji>,
    /// The reactions that were ever put under it: none is put twice, so that each event is one of its kind.
    spent: Vec<Emoji>,
    is_deleted: bool,
}

impl Emoji {
    const ALL: [Self; 2] = [Self::Thumb, Self::Party];

    /// The emoji itself.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Thumb => "👍",
            Self::Party => "🎉",
        }
    }

    /// The same in a path.
    pub(super) fn in_path(self) -> &'static str {
        match self {
            Self::Thumb => "%F0%9F%91%8D",
            Self::Party => "%F0%9F%8E%89",
        }
    }
}

impl Deed {
    /// Which message it changes.
    pub(super) fn of(&self) -> Option<usize> {
        match self {
            Self::Post(_) => None,
            Self::Edit(nth, _) | Self::React(nth, _) | Self::Unreact(nth, _) | Self::Delete(nth) => {
                Some(*nth)
            }
        }
    }
}

impl Message {
    /// One that was just posted.
    pub(super) fn new(id: i64, posted: String) -> Self {
        let content = posted.clone();
        Self { id, posted, content, reactions: Vec::new(), spent: Vec::new(), is_deleted: false }
    }

    /// What its author may do to it, which is the `nth`; the text back, if nothing.
    pub(super) fn next_change(
        &self,
        nth: usize,
        content: String,
        random: &mut Random,
    ) -> Result<Deed, String> {
        if self.is_deleted {
            return Err(content);
        }
        let fresh = Emoji::ALL.into_iter().find(|emoji| !self.spent.contains(emoji));
        Ok(match (random.index(4), fresh, self.reactions.first()) {
            (0, ..) => Deed::Delete(nth),
            (1, Some(emoji), _) => Deed::React(nth, emoji),
            (2, _, Some(emoji)) => Deed::Unreact(nth, *emoji),
            _ => Deed::Edit(nth, content),
        })
    }

    /// What it is after `deed`.
    pub(super) fn apply(&mut self, deed: &Deed) {
        match deed {
            Deed::Post(_) => {}
            Deed::Edit(_, content) => self.content.clone_from(content),
            Deed::React(_, emoji) => {
                self.reactions.push(*emoji);
                self.spent.push(*emoji);
            }
            Deed::Unreact(_, emoji) => self.reactions.retain(|other| other != emoji),
            Deed::Delete(_) => self.is_deleted = true,
        }
    }

    /// Whether what is `stored` is the message, with `open`, which was not acknowledged, done or not.
    pub(super) fn is(&self, stored: Option<&Stored>, open: Option<&Deed>) -> bool {
        let mut after = self.clone();
        if let Some(open) = open {
            after.apply(open);
        }
        self.is_as(stored) || after.is_as(stored)
    }

    fn is_as(&self, stored: Option<&Stored>) -> bool {
        match stored {
            None => self.is_deleted,
            Some(Stored { content, reactions }) => {
                let own = self.reactions.iter().map(|emoji| emoji.text());
                !self.is_deleted
                    && *content == self.content
                    && reactions.len() == self.reactions.len()
                    && own.into_iter().all(|emoji| reactions.iter().any(|other| other == emoji))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(content: &str, reactions: &[&str]) -> Stored {
        Stored { content: content.into(), reactions: reactions.iter().map(|&text| text.into()).collect() }
    }

    #[test]
    fn what_was_acknowledged_must_be_stored() {
        let mut message = Message::new(7, "a".into());
        let is = |message: &Message, stored: Stored| message.is(Some(&stored), None);
        assert!(is(&message, stored("a", &[])));
        assert!(!message.is(None, None), "it is lost");
        message.apply(&Deed::Edit(0, "b".into()));
        message.apply(&Deed::React(0, Emoji::Thumb));
        assert!(is(&message, stored("b", &["👍"])));
        assert!(!is(&message, stored("a", &["👍"])), "the edit is lost");
        assert!(!is(&message, stored("b", &[])), "the reaction is lost");
        assert!(!is(&message, stored("b", &["🎉"])), "it is another");
        message.apply(&Deed::Unreact(0, Emoji::Thumb));
        assert!(!is(&message, stored("b", &["👍"])), "the reaction is back");
        message.apply(&Deed::Delete(0));
        assert!(!is(&message, stored("b", &[])), "it is back");
        assert!(message.is(None, None));
    }

    #[test]
    fn what_was_not_acknowledged_may_be_done_or_not() {
        let message = Message::new(7, "a".into());
        let edit = Deed::Edit(0, "b".into());
        assert!(message.is(Some(&stored("a", &[])), Some(&edit)));
        assert!(message.is(Some(&stored("b", &[])), Some(&edit)));
        assert!(!message.is(Some(&stored("c", &[])), Some(&edit)));
        assert!(message.is(None, Some(&Deed::Delete(0))));
        assert!(!message.is(None, Some(&edit)));
    }

    #[test]
    fn no_reaction_is_put_twice() {
        let mut random = Random::new(Some(3));
        let mut message = Message::new(7, "a".into());
        let mut reactions = Vec::new();
        for _ in 0..100 {
            match message.next_change(0, "b".into(), &mut random).unwrap() {
                Deed::Delete(_) => {}
                deed => {
                    reactions.extend(matches!(deed, Deed::React(..)).then(|| deed.clone()));
                    message.apply(&deed);
                }
            }
        }
        assert_eq!(reactions, [Deed::React(0, Emoji::Thumb), Deed::React(0, Emoji::Party)]);
    }
}
