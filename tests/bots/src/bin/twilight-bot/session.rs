//! The session, as it goes on after a lost connection.

use anyhow::Result;
use decentra_bots::{
    roll::Roll,
    session::{self, Sign},
};
use twilight_model::{
    gateway::event::Event,
    id::{
        Id,
        marker::{ChannelMarker, UserMarker},
    },
};

use crate::bot::Bot;

/// Waits for `word 1` to `word count`, in a session that was resumed.
pub(crate) async fn resume(bot: &mut Bot, word: &'static str, count: usize) -> Result<()> {
    let Bot { http, inbox, channel, me, .. } = bot;
    let say = async |content: &str| {
        http.create_message(*channel).content(content).await?.model().await?;
        Ok(())
    };
    session::resume(inbox, Roll::new(word, count), |event| sign(event, *channel, *me), say).await
}

fn sign(event: &Event, channel: Id<ChannelMarker>, me: Id<UserMarker>) -> Option<Sign> {
    match event {
        Event::Resumed => Some(Sign::Resumed),
        Event::MessageCreate(message) if message.channel_id == channel => {
            let sign = if message.author.id == me { Sign::Said } else { Sign::Heard };
            Some(sign(message.content.clone()))
        }
        _ => None,
    }
}
