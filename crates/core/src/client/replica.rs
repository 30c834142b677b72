//! What a screen shows.

use std::collections::VecDeque;

use decentra_model::Timestamp;
use decentra_model::lobby::{Presence, Who};

use super::{Event, Failure, Notice, Pending, Roster, Said, Scrollback, Tone, What, When};

/// All that is known of the lobby. It changes by [`Replica::apply`] alone; screens only read it.
#[derive(Debug, Clone, Default)]
pub struct Replica {
    /// How the connection is.
    pub link: Link,
    /// The name that one goes by, once one was let in.
    pub me: Option<String>,
    /// Who is here, where the server tells.
    pub roster: Option<Roster>,
    /// What happened.
    pub scrollback: Scrollback,
    /// One's own messages that are not confirmed yet, oldest first.
    pub waiting: VecDeque<Waiting>,
}

/// How the connection is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Link {
    /// It is being made for the first time.
    #[default]
    Connecting,
    /// It stands.
    Online,
    /// It is lost, and why; it will be made again.
    Away(String),
}

/// A message of one's own that is not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The message.
    pub pending: Pending,
    /// Why it has to wait, if the server told.
    pub why: Option<String>,
}

impl Replica {
    /// What is known after `event`, which was heard `now`.
    pub fn apply(&mut self, event: Event, now: Timestamp) {
        match event {
            // Whoever is away stays so until let in again: what a screen says must not flicker with each attempt.
            Event::Connecting => {}
            Event::Away(why) => {
                self.link = Link::Away(why);
                self.roster = None;
            }
            Event::Entered(entered) => {
                self.link = Link::Online;
                self.me = Some(entered.you);
                self.roster = entered.who.map(Roster::from);
            }
            Event::Said(said) => self.said(said),
            Event::Noticed(notice) => self.noticed(notice),
            Event::Missed => self.note(MISSED, now),
            Event::Who(who) => self.told_who(who, now),
            Event::Queued(pending) => self.waiting.push_back(Waiting { pending, why: None }),
            Event::Held(nonce, why) => {
                if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.pending.nonce == nonce)
                {
                    waiting.why = Some(why);
                }
            }
            Event::Settled(nonce) => self.waiting.retain(|waiting| waiting.pending.nonce != nonce),
            Event::Failed(failure) => self.failed(failure, now),
        }
    }

    /// Adds a note of one's own program.
    pub fn note(&mut self, text: &str, now: Timestamp) {
        self.scrollback.push(When::At(now), What::Note(text.to_owned()));
    }

    fn said(&mut self, said: Said) {
        if let Some(nonce) = said.confirms {
            self.waiting.retain(|waiting| waiting.pending.nonce != nonce);
        }
        self.scrollback.push(said.when, What::Said { by: said.by, text: said.text, mine: said.mine });
    }

    fn noticed(&mut self, notice: Notice) {
        if let (Some(roster), Some(presence)) = (&mut self.roster, &notice.presence) {
            roster.apply(presence);
        }
        let what = match (notice.presence, notice.tone) {
            (_, Tone::Trouble) => What::Trouble(notice.text),
            (Some(Presence::Joined(_)), _) => What::Joined(notice.text),
            (Some(Presence::Left(_)), _) => What::Left(notice.text),
            (None, Tone::Plain) => What::Note(notice.text),
        };
        self.scrollback.push(notice.when, what);
    }

    fn told_who(&mut self, who: Who, now: Timestamp) {
        let roster = Roster::from(who);
        self.note(&here(&roster), now);
        self.roster = Some(roster);
    }

    fn failed(&mut self, failure: Failure, now: Timestamp) {
        self.waiting.retain(|waiting| waiting.pending.nonce != failure.pending.nonce);
        let what = What::Failed { text: failure.pending.text, why: failure.why };
        self.scrollback.push(When::At(now), what);
    }
}

/// What stands where messages are missing.
pub const MISSED: &str =
    "More was said while you were away than the server still tells: some of it is missing here.";

/// Who is here, in a sentence.
pub fn here(roster: &Roster) -> String {
    let names: Vec<_> = roster.names().collect();
    let more = roster.online().saturating_sub(names.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{} here: {}{more}", roster.online(), names.join(", "))
}

#[cfg(test)]
mod tests {
    use decentra_model::Nonce;

    use super::*;
    use crate::client::Entered;

    const NOW: Timestamp = Timestamp::from_unix_micros(0);

    fn replica(events: Vec<Event>) -> Replica {
        let mut replica = Replica::default();
        for event in events {
            replica.apply(event, NOW);
        }
        replica
    }

    fn pending(text: &str) -> Pending {
        Pending { nonce: Nonce::parse(text).unwrap(), text: text.into() }
    }

    fn entered(names: &[&str]) -> Event {
        let who = Who { online: names.len(), users: names.iter().map(ToString::to_string).collect() };
        Event::Entered(Entered { you: "Ana".into(), who: Some(who) })
    }

    fn confirmed(text: &str) -> Event {
        Event::Said(Said {
            by: "Ana".into(),
            text: text.into(),
            when: When::At(NOW),
            mine: true,
            confirms: Some(pending(text).nonce),
        })
    }

    #[test]
    fn what_is_confirmed_moves_from_waiting_to_said() {
        let replica = replica(vec![Event::Queued(pending("a")), Event::Queued(pending("b")), confirmed("a")]);
        assert_eq!(replica.waiting.iter().map(|w| w.pending.text.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(
            replica.scrollback.entry(0).unwrap().what,
            What::Said { by: "Ana".into(), text: "a".into(), mine: true }
        );
    }

    #[test]
    fn what_failed_is_shown_with_its_reason() {
        let failure = Failure { pending: pending("a"), why: "no".into() };
        let held = Event::Held(pending("a").nonce, "disk full".into());
        let before = replica(vec![Event::Queued(pending("a")), held.clone()]);
        assert_eq!(before.waiting[0].why.as_deref(), Some("disk full"));
        let after = replica(vec![Event::Queued(pending("a")), held, Event::Failed(failure)]);
        assert!(after.waiting.is_empty());
        let what = What::Failed { text: "a".into(), why: "no".into() };
        assert_eq!(after.scrollback.entry(0).unwrap().what, what);
    }

    #[test]
    fn the_roster_follows_who_comes_and_goes_and_is_unknown_while_away() {
        let ben = Notice {
            text: "Ben joined the chat".into(),
            when: When::At(NOW),
            presence: Some(Presence::Joined("Ben".into())),
            tone: Tone::Plain,
        };
        let mut replica = replica(vec![entered(&["Ana"]), Event::Noticed(ben)]);
        assert_eq!(here(replica.roster.as_ref().unwrap()), "2 here: Ana, Ben");
        replica.apply(Event::Away("cut".into()), NOW);
        assert_eq!((replica.roster, replica.link), (None, Link::Away("cut".into())));
    }

    #[test]
    fn a_large_lobby_is_told_in_one_sentence() {
        let roster = Roster::from(Who { online: 7, users: vec!["Ana".into(), "Ben".into()] });
        assert_eq!(here(&roster), "7 here: Ana, Ben and 5 more");
    }
}
