//! The way out to one gateway session: what is its own goes before what all share, and is compressed if it asked for that.

use std::cell::RefCell;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::BytesMut;

use super::encoded::Encoded;
use super::packed::{self, Codec};
use super::sheet::Sheets;
use crate::socket::frame;
use crate::socket::outlet::{self, Outlet, Pace, Piece};

/// Bytes that are copied together into one write, at most.
const JOINED_BYTES_MAX: usize = 16 * 1024;

thread_local! {
    /// Where they are copied to.
    static JOINED: RefCell<BytesMut> = RefCell::new(BytesMut::new());
}

/// The way out to one session.
pub(crate) struct Way {
    outlet: Outlet,
    /// Its stream, if that is compressed.
    packed: Option<Mutex<packed::Stream>>,
}

impl Way {
    /// The way out through `outlet`, compressed by `codec` if there is one.
    pub(crate) fn new(outlet: Outlet, codec: Option<Codec>) -> Self {
        let outlet = if codec.is_some() { outlet.sharing_nothing() } else { outlet };
        Self { outlet, packed: codec.map(|codec| Mutex::new(packed::Stream::new(codec))) }
    }

    pub(crate) fn outlet(&self) -> &Outlet {
        &self.outlet
    }

    /// Sends dispatches, each with its sequence.
    pub(crate) fn push<'a>(&self, dispatches: impl Iterator<Item = (u64, &'a Encoded)>) -> Pace {
        let Some(stream) = &self.packed else {
            return self.push_pieces(&dispatches.map(plain).collect::<Vec<_>>());
        };
        let mut stream = lock(stream);
        let packed = dispatches.map(|(sequence, encoded)| stream.dispatch(sequence, encoded));
        self.push_pieces(&packed.collect::<Vec<_>>())
    }

    /// Sends a batch of dispatches, those of `encoded` with the places `nths`, the first of which has the sequence `first`.
    pub(crate) fn push_batch(
        &self,
        sheets: &mut Sheets,
        first: u64,
        nths: &[usize],
        encoded: &[Encoded],
    ) -> Pace {
        let dispatches = || (first..).zip(nths.iter().map(|nth| &encoded[*nth]));
        let stamped = if self.packed.is_none() { sheets.stamped(first, nths, encoded) } else { None };
        match stamped {
            // What the socket does not take waits in pieces, of which the long ones are shared with others.
            Some(bytes) => self.outlet.push_joined(bytes, || dispatches().map(plain).collect()),
            None => self.push(dispatches()),
        }
    }

    /// Sends one payload that is the session's own.
    pub(crate) fn say(&self, payload: &str) -> Pace {
        let Some(stream) = &self.packed else { return self.outlet.push(&frame::text(payload)) };
        let mut stream = lock(stream);
        self.push_pieces(&[stream.payload(payload.as_bytes())])
    }

    /// What is short is copied together: one plain write costs the kernel less than a gathering one, and mostly the socket
    /// takes it all.
    fn push_pieces(&self, pieces: &[Piece]) -> Pace {
        let bytes: usize = pieces.iter().map(outlet::length).sum();
        if bytes > JOINED_BYTES_MAX {
            return self.outlet.push_all(pieces);
        }
        JOINED.with_borrow_mut(|joined| {
            joined.clear();
            pieces.iter().flatten().for_each(|part| joined.extend_from_slice(part));
            self.outlet.push_joined(joined, || pieces.to_vec())
        })
    }
}

fn lock(stream: &Mutex<packed::Stream>) -> MutexGuard<'_, packed::Stream> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}

fn plain((sequence, encoded): (u64, &Encoded)) -> Piece {
    let mut head = BytesMut::new();
    frame::put_head(&mut head, encoded.length(sequence), false);
    encoded.put_own(&mut head, sequence);
    [head.freeze(), encoded.after().clone()]
}
