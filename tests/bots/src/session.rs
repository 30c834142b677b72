//! What a session must show after its connection was lost.

use anyhow::Result;

use crate::{inbox::Inbox, roll::Roll};

/// An event that tells how a session went on.
pub enum Sign {
    /// RESUMED.
    Resumed,
    /// Someone else posted this in the channel.
    Heard(String),
    /// The bot itself did.
    Said(String),
}

/// Waits until the session was resumed and all of `roll` has come, each message once and in order.
///
/// `read` takes signs from the library's events. Then the bot says a last word, by `say`: all see a channel's
/// events in one order, so a message that still comes again does so before the echo.
pub async fn resume<E>(
    inbox: &mut Inbox<E>,
    mut roll: Roll,
    read: impl Fn(&E) -> Option<Sign>,
    say: impl AsyncFnOnce(&str) -> Result<()>,
) -> Result<()> {
    let mut resumed = false;
    while !(resumed && roll.is_complete()) {
        match inbox.pick(&missing(resumed, &roll), &read).await? {
            Sign::Resumed => resumed = true,
            Sign::Heard(content) => roll.hear(&content)?,
            Sign::Said(_) => {}
        }
    }

    let last_word = format!("heard `{}`", roll.word());
    say(&last_word).await?;
    loop {
        match inbox.pick("the last word's echo", &read).await? {
            Sign::Said(content) if content == last_word => return Ok(()),
            Sign::Heard(content) => roll.hear(&content)?,
            Sign::Resumed | Sign::Said(_) => {}
        }
    }
}

fn missing(resumed: bool, roll: &Roll) -> String {
    let more = format!("what follows {}", roll.last());
    match (resumed, roll.is_complete()) {
        (true, _) => more,
        (false, true) => "RESUMED".to_owned(),
        (false, false) => format!("RESUMED and {more}"),
    }
}
