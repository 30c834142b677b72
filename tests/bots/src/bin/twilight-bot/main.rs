//! A bot on twilight: takes the steps of the compatibility tests, in order.

mod bot;
mod channel;
mod history;
mod message;
mod reaction;
mod role;
mod session;

use std::{io::stderr, process::ExitCode};

use anyhow::Result;
use decentra_bots::protocol::{AFTER_COUNT, MISSED_COUNT, Orders, passed, run, step};

use crate::bot::Bot;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(stderr).init();
    run(Box::pin(take_steps())).await
}

async fn take_steps() -> Result<()> {
    let orders = Orders::from_env()?;
    let mut bot = step("login", Bot::login(&orders)).await?;
    let ping = step("receive", message::receive(&mut bot)).await?;
    let answer = step("send", message::send(&bot)).await?;
    step("edit", message::edit(&mut bot, answer)).await?;
    step("react", reaction::add(&mut bot, ping)).await?;
    step("reply", message::reply(&bot, ping)).await?;
    step("page", history::page(&bot)).await?;
    step("channel", channel::keep(&mut bot)).await?;
    step("role", role::keep(&mut bot)).await?;
    passed("steady")?;
    step("resume", session::resume(&mut bot, "missed", MISSED_COUNT)).await?;
    step("survive", session::resume(&mut bot, "after", AFTER_COUNT)).await
}
