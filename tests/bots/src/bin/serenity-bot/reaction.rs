//! A reaction.

use anyhow::Result;
use serenity::all::{Event, Message, Reaction, ReactionType};

use crate::bot::Bot;

const THUMB: char = '👍';

/// Reacts to `ping`.
pub(crate) async fn add(bot: &mut Bot, ping: &Message) -> Result<()> {
    bot.channel.create_reaction(&bot.http, ping.id, THUMB).await?;
    let me = bot.me;
    let is_ours = |reaction: &Reaction| {
        (reaction.message_id, reaction.user_id) == (ping.id, Some(me))
            && reaction.emoji == ReactionType::from(THUMB)
    };
    bot.inbox
        .pick("the MESSAGE_REACTION_ADD", |event| match event {
            Event::ReactionAdd(event) if is_ours(&event.reaction) => Some(()),
            _ => None,
        })
        .await
}
