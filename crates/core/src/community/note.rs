//! Notes on others, for oneself alone.

use decentra_model::limits::{NOTE_CHARS_MAX, NOTES_MAX};
use decentra_model::{Event, Id};

use super::{Actor, Command, Desk, Form, Refusal};

/// The note in a form; an empty one, and a null, are none.
pub fn read_note(form: &mut Form<'_>) -> Option<String> {
    form.text("note", 0..=NOTE_CHARS_MAX).filter(|note| !note.trim().is_empty())
}

/// Notes something on someone, or takes the note away.
#[derive(Debug)]
pub struct SetNote {
    /// Who.
    pub actor: Actor,
    /// On whom.
    pub about: Id,
    /// What.
    pub note: Option<String>,
}

impl Command for SetNote {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let Self { actor, about, note } = self;
        let community = desk.community();
        community.user(about).ok_or(Refusal::UnknownUser)?;
        let notes = community.person(actor.user_id).notes();
        let old = notes.get(&about);
        if old.is_none() && note.is_some() && notes.len() >= NOTES_MAX {
            return Err(Refusal::Forbidden("You have noted something on as many as you can."));
        }
        if old != note.as_ref() {
            desk.emit(Event::NoteSet { user_id: actor.user_id, about, note });
        }
        Ok(())
    }
}
