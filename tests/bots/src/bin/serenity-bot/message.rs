//! Messages: one received, one sent and edited, one in reply.

use anyhow::{Context, Result, ensure};
use serenity::all::{EditMessage, Event, Message, MessageId, MessageType};

use crate::bot::Bot;

/// Waits for a person's `ping`.
pub(crate) async fn receive(bot: &mut Bot) -> Result<Message> {
    let channel = bot.channel;
    bot.inbox
        .pick("a person's `ping`", |event| match event {
            Event::MessageCreate(event) => Some(&event.message)
                .filter(|message| {
                    message.channel_id == channel && !message.author.bot && message.content == "ping"
                })
                .cloned(),
            _ => None,
        })
        .await
}

/// Sends `pong`.
pub(crate) async fn send(bot: &Bot) -> Result<Message> {
    let pong = bot.channel.say(&bot.http, "pong").await?;
    ensure!(pong.content == "pong" && pong.author.id == bot.me, "the answer is {pong:?}");
    Ok(pong)
}

/// Makes `pong!` of it.
pub(crate) async fn edit(bot: &mut Bot, pong: &Message) -> Result<()> {
    let edit = EditMessage::new().content("pong!");
    let edited = bot.channel.edit_message(&bot.http, pong.id, edit).await?;
    ensure!(edited.content == "pong!" && edited.edited_timestamp.is_some(), "the answer is {edited:?}");
    bot.inbox
        .pick("the MESSAGE_UPDATE", |event| new_content(event, pong.id).filter(|new| new == "pong!"))
        .await?;
    Ok(())
}

fn new_content(event: &Event, message: MessageId) -> Option<String> {
    match event {
        Event::MessageUpdate(event) if event.id == message => event.content.clone(),
        _ => None,
    }
}

/// Replies to `ping`.
pub(crate) async fn reply(bot: &Bot, ping: &Message) -> Result<()> {
    let reply = ping.reply(&bot.http, "a reply").await?;
    let reference = reply.message_reference.as_ref().context("the reply has no message_reference")?;
    ensure!(
        (reference.message_id, reference.channel_id, reference.guild_id)
            == (Some(ping.id), bot.channel, Some(bot.guild)),
        "the reply refers to {reference:?}",
    );
    ensure!(reply.kind == MessageType::InlineReply, "the reply is of the kind {:?}", reply.kind);
    let referenced = reply.referenced_message.as_ref().map(|message| message.id);
    ensure!(referenced == Some(ping.id), "the reply's referenced_message is {referenced:?}");
    Ok(())
}
