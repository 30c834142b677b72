//! Messages: one received, one sent and edited, one in reply.

use anyhow::{Context, Result, ensure};
use twilight_model::{
    channel::{Message, message::MessageType},
    gateway::event::Event,
    id::{Id, marker::MessageMarker},
};

use crate::bot::Bot;

/// Waits for a person's `ping`.
pub(crate) async fn receive(bot: &mut Bot) -> Result<Id<MessageMarker>> {
    let channel = bot.channel;
    bot.inbox
        .pick("a person's `ping`", |event| match event {
            Event::MessageCreate(message)
                if message.channel_id == channel && !message.author.bot && message.content == "ping" =>
            {
                Some(message.id)
            }
            _ => None,
        })
        .await
}

/// Sends `pong`.
pub(crate) async fn send(bot: &Bot) -> Result<Id<MessageMarker>> {
    let pong = bot.http.create_message(bot.channel).content("pong").await?.model().await?;
    ensure!(pong.content == "pong" && pong.author.id == bot.me, "the answer is {pong:?}");
    Ok(pong.id)
}

/// Makes `pong!` of it.
pub(crate) async fn edit(bot: &mut Bot, pong: Id<MessageMarker>) -> Result<()> {
    let edited = bot.http.update_message(bot.channel, pong).content(Some("pong!")).await?.model().await?;
    ensure!(edited.content == "pong!" && edited.edited_timestamp.is_some(), "the answer is {edited:?}");
    bot.inbox
        .pick("the MESSAGE_UPDATE", |event| match event {
            Event::MessageUpdate(message) if message.id == pong && message.content == "pong!" => Some(()),
            _ => None,
        })
        .await
}

/// Replies to `ping`.
pub(crate) async fn reply(bot: &Bot, ping: Id<MessageMarker>) -> Result<()> {
    let reply = bot.http.create_message(bot.channel).content("a reply").reply(ping).await?.model().await?;
    let reference = reply.reference.as_ref().context("the reply has no message_reference")?;
    ensure!(
        (reference.message_id, reference.channel_id, reference.guild_id)
            == (Some(ping), Some(bot.channel), Some(bot.guild)),
        "the reply refers to {reference:?}",
    );
    ensure!(reply.kind == MessageType::Reply, "the reply is of the kind {:?}", reply.kind);
    let referenced = reply.referenced_message.as_deref().map(|message: &Message| message.id);
    ensure!(referenced == Some(ping), "the reply's referenced_message is {referenced:?}");
    Ok(())
}
