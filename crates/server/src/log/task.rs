//! A command of the community on its way through the log.

use std::sync::Arc;

use decentra_core::community::{Command, Desk, Refusal};
use decentra_model::lobby::Draft;
use tokio::sync::oneshot;

use crate::socket::outlet::Outlet;

/// A command, whatever its answer.
pub(crate) trait Task: Send {
    /// Decides it. Whoever asked is told when what happened is stored, and all were told.
    fn decide(self: Box<Self>, desk: &mut Desk<'_>) -> Settle;
}

/// What is to be done when it is known whether a command's events are stored.
pub(crate) enum Settle {
    /// Answer whoever asked.
    Answer(Box<dyn FnOnce(bool) + Send>),
    /// It was said in the lobby, where the message itself is the answer.
    Said(Draft, Arc<Outlet>),
}

struct Asked<C: Command> {
    command: C,
    reply: oneshot::Sender<Result<C::Answer, Refusal>>,
}

/// What whoever asked is told in the end.
pub(crate) type Answer<C> = oneshot::Receiver<Result<<C as Command>::Answer, Refusal>>;

/// `command` as a task, and its answer to come.
pub(crate) fn task<C: Command>(command: C) -> (Box<dyn Task>, Answer<C>) {
    let (reply, answer) = oneshot::channel();
    (Box::new(Asked { command, reply }), answer)
}

impl<C: Command> Task for Asked<C> {
    fn decide(self: Box<Self>, desk: &mut Desk<'_>) -> Settle {
        let Self { command, reply } = *self;
        let decided = command.decide(desk);
        Settle::Answer(Box::new(move |stored| {
            // Whoever asked may have gone.
            let _ = reply.send(if stored { decided } else { Err(Refusal::NotStored) });
        }))
    }
}
