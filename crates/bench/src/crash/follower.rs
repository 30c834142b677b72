//! Whether a reader was told all that happened, once, and in its order.

use std::ops::Range;

use anyhow::{Context, Result, bail};

use super::event::Event;

/// What a reader was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    /// That its session begins, so that what came before it is not told.
    Began,
    /// That something happened.
    Told(Event),
}

/// How far a reader has come in what happened.
#[derive(Debug, Default)]
pub(super) struct Follower {
    /// The place of what it is to be told next; `None` if its session has begun, and was told nothing yet.
    place: Option<usize>,
    /// Up to where it was told all by the session before; `None` if there was none.
    known: Option<usize>,
    /// What it was not told, since a session had ended.
    gaps: Vec<Range<usize>>,
}

impl Follower {
    /// Goes on over what it `heard`. Within a session that must be what `happened`, with nothing left out.
    pub(super) fn follow(&mut self, happened: &[Event], heard: &[Heard]) -> Result<()> {
        for heard in heard {
            match heard {
                Heard::Began => self.known = self.place.take().or(self.known),
                Heard::Told(event) => {
                    let place = match self.place {
                        Some(place) => place,
                        None => self.begin(happened, event)?,
                    };
                    if happened.get(place) != Some(event) {
                        bail!(fault(happened, place, event));
                    }
                    self.place = Some(place + 1);
                }
            }
        }
        Ok(())
    }

    /// What it was not told, since a session had ended, as far as that is known. It is forgotten here.
    pub(super) fn take_gaps(&mut self) -> Vec<Range<usize>> {
        std::mem::take(&mut self.gaps)
    }

    /// Whether it is known where its session began, so that no gap is still to be found.
    pub(super) fn is_placed(&self) -> bool {
        self.place.is_some()
    }

    /// The place of the first event that a session was told of.
    fn begin(&mut self, happened: &[Event], first: &Event) -> Result<usize> {
        let known = self.known.unwrap_or_default();
        let later = happened.get(known..).unwrap_or_default();
        let place = later.iter().position(|event| event == first).map(|nth| known + nth);
        let place = place.with_context(|| fault(happened, known, first))?;
        if self.known.is_some() && place > known {
            self.gaps.push(known..place);
        }
        Ok(place)
    }
}

/// What is wrong with hearing of `event` where the next is at `place`.
fn fault(happened: &[Event], place: usize, event: &Event) -> String {
    match happened.iter().position(|other| other == event) {
        None => format!("lost: it was told of {event:?}, which is not stored"),
        Some(at) if at < place => format!("doubled, or out of order: it was told of {event:?} once more"),
        Some(at) => {
            format!(
                "a gap: {} events, first {:?}, were left out before {event:?}",
                at - place,
                happened[place]
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::created;
    use super::*;

    fn events(messages: &[i64]) -> Vec<Event> {
        messages.iter().copied().map(created).collect()
    }

    /// What comes of hearing of these messages, 0 being the begin of a session, when 1 to 9 were posted.
    fn follow(heard: &[i64]) -> Result<Vec<Range<usize>>> {
        let heard: Vec<Heard> =
            heard.iter().map(|id| if *id == 0 { Heard::Began } else { Heard::Told(created(*id)) }).collect();
        let mut follower = Follower::default();
        // However the lives of the server cut it.
        for part in heard.chunks(2) {
            follower.follow(&events(&[1, 2, 3, 4, 5, 6, 7, 8, 9]), part)?;
        }
        Ok(follower.take_gaps())
    }

    #[test]
    fn a_session_that_was_told_all_is_fine() {
        assert_eq!(follow(&[0, 1, 2, 3, 4]).unwrap(), []);
        assert_eq!(follow(&[0, 3, 4, 5]).unwrap(), [], "it began later");
        assert_eq!(follow(&[0, 3, 0, 0, 4]).unwrap(), [], "nothing happened between the sessions");
    }

    #[test]
    fn what_a_new_session_is_not_told_is_a_gap() {
        assert_eq!(follow(&[0, 1, 2, 0, 5, 6, 0, 9]).unwrap(), [2..4, 6..8]);
        assert_eq!(follow(&[0, 1, 0, 0, 4, 0, 9]).unwrap(), [1..3, 4..8]);
    }

    #[test]
    fn each_fault_is_found() {
        for (heard, fault) in [
            (&[0, 1, 3][..], "a gap: 1 events"),
            (&[0, 1, 2, 2], "doubled"),
            (&[0, 1, 2, 3, 2], "doubled"),
            (&[0, 2, 1], "doubled, or out of order"),
            (&[0, 1, 10], "lost"),
            (&[0, 10], "lost"),
            (&[0, 1, 2, 0, 2], "doubled"),
        ] {
            let error = follow(heard).unwrap_err().to_string();
            assert!(error.starts_with(fault), "{heard:?}: {error}");
        }
    }
}
