//! The channel's history, page by page.

use anyhow::{Context, Result};
use decentra_bots::history::{Line, check};
use twilight_model::{channel::Message, id::Id};

use crate::bot::Bot;

const PAGE_MAX: u16 = 100;

/// Reads all of the history, from either end.
pub(crate) async fn page(bot: &Bot) -> Result<()> {
    check(&backwards(bot).await?).context("with `before`")?;
    check(&forwards(bot).await?).context("with `after`")
}

async fn backwards(bot: &Bot) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let mut page = bot.http.channel_messages(bot.channel).limit(PAGE_MAX).await?.models().await?;
    while let Some(last) = page.last() {
        let oldest = last.id;
        lines.extend(page.iter().map(line));
        page = bot.http.channel_messages(bot.channel).before(oldest).limit(PAGE_MAX).await?.models().await?;
    }
    lines.reverse();
    Ok(lines)
}

async fn forwards(bot: &Bot) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    let mut newest = Id::new(1);
    loop {
        let page =
            bot.http.channel_messages(bot.channel).after(newest).limit(PAGE_MAX).await?.models().await?;
        let Some(first) = page.first() else { return Ok(lines) };
        newest = first.id;
        lines.extend(page.iter().rev().map(line));
    }
}

fn line(message: &Message) -> Line {
    Line { id: message.id.get(), content: message.content.clone() }
}
