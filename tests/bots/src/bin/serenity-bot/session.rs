//! The session, as it goes on after a lost connection.

use anyhow::Result;
use decentra_bots::{
    roll::Roll,
    session::{self, Sign},
};
use serenity::all::{ChannelId, Event, UserId};

use crate::bot::Bot;

/// Waits for `word 1` to `word count`, in a session that was resumed.
pub(crate) async fn resume(bot: &mut Bot, word: &'static str, count: usize) -> Result<()> {
    let Bot { http, inbox, channel, me, .. } = bot;
    let say = async |content: &str| {
        channel.say(&*http, content).await?;
        Ok(())
    };
    session::resume(inbox, Roll::new(word, count), |event| sign(event, *channel, *me), say).await
}

fn sign(event: &Event, channel: ChannelId, me: UserId) -> Option<Sign> {
    match event {
        Event::Resumed(_) => Some(Sign::Resumed),
        Event::MessageCreate(event) if event.message.channel_id == channel => {
            let sign = if event.message.author.id == me { Sign::Said } else { Sign::Heard };
            Some(sign(event.message.content.clone()))
        }
        _ => None,
    }
}
