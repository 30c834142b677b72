//! A channel of the bot's own: made, changed, deleted.

use anyhow::{Result, ensure};
use decentra_bots::protocol::MADE_NAME;
use serenity::all::{ChannelId, ChannelType, CreateChannel, EditChannel, Event};

use crate::bot::Bot;

const TOPIC: &str = "edited by the bot";

/// Makes a channel, edits its topic, deletes it.
pub(crate) async fn keep(bot: &mut Bot) -> Result<()> {
    let channel = create(bot).await?;
    edit(bot, channel).await?;
    delete(bot, channel).await
}

async fn create(bot: &mut Bot) -> Result<ChannelId> {
    let made =
        bot.guild.create_channel(&bot.http, CreateChannel::new(MADE_NAME).kind(ChannelType::Text)).await?;
    ensure!((made.name.as_str(), made.kind) == (MADE_NAME, ChannelType::Text), "the answer is {made:?}");
    bot.inbox
        .pick("the CHANNEL_CREATE", |event| match event {
            Event::ChannelCreate(event) if event.channel.id == made.id => Some(()),
            _ => None,
        })
        .await?;
    Ok(made.id)
}

async fn edit(bot: &mut Bot, channel: ChannelId) -> Result<()> {
    let edited = channel.edit(&bot.http, EditChannel::new().topic(TOPIC)).await?;
    ensure!(edited.topic.as_deref() == Some(TOPIC), "the answer's topic is {:?}", edited.topic);
    let is_ours = |id, topic: Option<&str>| id == channel && topic == Some(TOPIC);
    bot.inbox
        .pick("the CHANNEL_UPDATE", |event| match event {
            Event::ChannelUpdate(event) if is_ours(event.channel.id, event.channel.topic.as_deref()) => {
                Some(())
            }
            _ => None,
        })
        .await
}

async fn delete(bot: &mut Bot, channel: ChannelId) -> Result<()> {
    channel.delete(&bot.http).await?;
    bot.inbox
        .pick("the CHANNEL_DELETE", |event| match event {
            Event::ChannelDelete(event) if event.channel.id == channel => Some(()),
            _ => None,
        })
        .await
}
