//! A reaction.

use anyhow::Result;
use twilight_http::request::channel::reaction::RequestReactionType;
use twilight_model::{
    channel::message::EmojiReactionType,
    gateway::{GatewayReaction, event::Event},
    id::{Id, marker::MessageMarker},
};

use crate::bot::Bot;

const THUMB: &str = "👍";

/// Reacts to `ping`.
pub(crate) async fn add(bot: &mut Bot, ping: Id<MessageMarker>) -> Result<()> {
    bot.http.create_reaction(bot.channel, ping, &RequestReactionType::Unicode { name: THUMB }).await?;
    let me = bot.me;
    let is_ours = |reaction: &GatewayReaction| {
        (reaction.message_id, reaction.user_id) == (ping, me)
            && matches!(&reaction.emoji, EmojiReactionType::Unicode { name } if name == THUMB)
    };
    bot.inbox
        .pick("the MESSAGE_REACTION_ADD", |event| match event {
            Event::ReactionAdd(reaction) if is_ours(reaction) => Some(()),
            _ => None,
        })
        .await
}
