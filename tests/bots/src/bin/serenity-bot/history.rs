//! The channel's history, page by page.

use anyhow::{Context, Result};
use decentra_bots::history::{Line, check};
use serenity::{
    all::{GetMessages, Message, MessageId},
    futures::TryStreamExt,
};

use crate::bot::Bot;

const PAGE_MAX: u8 = 100;

/// Reads all of the history, from either end.
pub(crate) async fn page(bot: &Bot) -> Result<()> {
    check(&backwards(bot).await?).context("with `before`")?;
    check(&forwards(bot).await?).context("with `after`")
}

/// By serenity's own means: it asks `before` the oldest message of each page, until one is empty.
async fn backwards(bot: &Bot) -> Result<Vec<Line>> {
    let mut messages: Vec<Message> = bot.channel.messages_iter(&bot.http).try_collect().await?;
    messages.reverse();
    Ok(messages.iter().map(line).collect())
}

async fn forwards(bot: &Bot) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let mut newest = MessageId::new(1);
    loop {
        let request = GetMessages::new().after(newest).limit(PAGE_MAX);
        let page = bot.channel.messages(&bot.http, request).await?;
        let Some(first) = page.first() else { return Ok(lines) };
        newest = first.id;
        lines.extend(page.iter().rev().map(line));
    }
}

fn line(message: &Message) -> Line {
    Line { id: message.id.get(), content: message.content.clone() }
}
