//! A channel of the bot's own: made, changed, deleted.

use anyhow::{Result, ensure};
use decentra_bots::protocol::MADE_NAME;
use twilight_model::{
    channel::ChannelType,
    gateway::event::Event,
    id::{Id, marker::ChannelMarker},
};

use crate::bot::Bot;

const TOPIC: &str = "edited by the bot";

/// Makes a channel, edits its topic, deletes it.
pub(crate) async fn keep(bot: &mut Bot) -> Result<()> {
    let channel = create(bot).await?;
    edit(bot, channel).await?;
    delete(bot, channel).await
}

async fn create(bot: &mut Bot) -> Result<Id<ChannelMarker>> {
    let request = bot.http.create_guild_channel(bot.guild, MADE_NAME).kind(ChannelType::GuildText);
    let made = request.await?.model().await?;
    ensure!(
        (made.name.as_deref(), made.kind) == (Some(MADE_NAME), ChannelType::GuildText),
        "the answer is {made:?}"
    );
    bot.inbox
        .pick("the CHANNEL_CREATE", |event| match event {
            Event::ChannelCreate(channel) if channel.id == made.id => Some(()),
            _ => None,
        })
        .await?;
    Ok(made.id)
}

async fn edit(bot: &mut Bot, channel: Id<ChannelMarker>) -> Result<()> {
    let edited = bot.http.update_channel(channel).topic(TOPIC).await?.model().await?;
    ensure!(edited.topic.as_deref() == Some(TOPIC), "the answer's topic is {:?}", edited.topic);
    bot.inbox
        .pick("the CHANNEL_UPDATE", |event| match event {
            Event::ChannelUpdate(update)
                if update.id == channel && update.topic.as_deref() == Some(TOPIC) =>
            {
                Some(())
            }
            _ => None,
        })
        .await
}

async fn delete(bot: &mut Bot, channel: Id<ChannelMarker>) -> Result<()> {
    bot.http.delete_channel(channel).await?.model().await?;
    bot.inbox
        .pick("the CHANNEL_DELETE", |event| match event {
            Event::ChannelDelete(deleted) if deleted.id == channel => Some(()),
            _ => None,
        })
        .await
}
