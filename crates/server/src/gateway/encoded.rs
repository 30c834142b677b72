//! A dispatch as it is sent: encoded once for all who are told the same.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use decentra_core::gateway::payload::{after_sequence, before_sequence};
use serde::Serialize;

use super::packed::{Codec, Past};

/// Forms of one dispatch that are kept, at most: sessions differ in few ways, and who differs in another is served as well.
const FORMS_MAX: usize = 8;

/// The number of the next dispatch.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A dispatch in two parts, between which stands what alone is the session's own: its sequence. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Encoded(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    /// Tells it apart from all others.
    number: u64,
    before: Bytes,
    after: Bytes,
    /// What stands after the sequence as it is compressed, for each past that sessions have.
    packed: Mutex<Vec<Form>>,
}

/// What stands after the sequence, compressed for streams that have this past.
type Form = (Codec, Past, Bytes);

impl Encoded {
    /// The dispatch of this `name` whose body is `d`, which is JSON.
    pub(crate) fn new(name: &str, d: &[u8]) -> Self {
        Self(Arc::new(Parts {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            before: before_sequence(name).into(),
            after: after_sequence(d).into(),
            packed: Mutex::default(),
        }))
    }

    /// The dispatch of this `name` whose body is `d`.
    pub(crate) fn of(name: &str, d: &impl Serialize) -> Self {
        Self::new(name, &serde_json::to_vec(d).expect("our objects always serialise"))
    }

    /// What tells it apart from all others.
    pub(super) fn number(&self) -> u64 {
        self.0.number
    }

    /// What stands before the sequence.
    pub(super) fn before(&self) -> &Bytes {
        &self.0.before
    }

    /// What stands after it.
    pub(crate) fn after(&self) -> &Bytes {
        &self.0.after
    }

    /// Bytes of it with its sequence.
    pub(super) fn length(&self, sequence: u64) -> usize {
        self.before().len() + digits(sequence) + self.after().len()
    }

    /// Adds what is the session's own of it: all up to its sequence.
    pub(crate) fn put_own(&self, bytes: &mut BytesMut, sequence: u64) {
        bytes.extend_from_slice(self.before());
        bytes.write_fmt(format_args!("{sequence}")).expect("a buffer takes any text");
    }

    /// What stands after the sequence, compressed for streams with this `past`, by `pack` if it was not before. If there
    /// are too many pasts, it is compressed for none.
    pub(super) fn packed(&self, codec: Codec, past: Past, pack: impl FnOnce(Past) -> Bytes) -> Bytes {
        let mut forms = self.0.packed.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |forms: &[Form], past| {
            forms.iter().find(|form| (form.0, form.1) == (codec, past)).map(|form| form.2.clone())
        };
        if let Some(found) = find(&forms, past) {
            return found;
        }
        let past = past.filter(|_| forms.len() < FORMS_MAX);
        if let Some(found) = find(&forms, past) {
            return found;
        }
        let bytes = pack(past);
        forms.push((codec, past, bytes.clone()));
        bytes
    }
}

/// Digits of a sequence.
pub(super) fn digits(sequence: u64) -> usize {
    sequence.checked_ilog10().unwrap_or_default() as usize + 1
}
