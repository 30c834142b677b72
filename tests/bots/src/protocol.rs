//! How a bot and its driver understand each other: orders in the environment, steps on standard output.

use std::{
    env,
    io::{Write, stdout},
    num::NonZeroU64,
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use tokio::time::timeout;

/// How long something may take to come, before the step that waits for it has failed.
pub const WAIT_MAX: Duration = Duration::from_mins(1);

/// How long a whole step may take: longer than one wait, so that a wait can say what did not come; shorter
/// than the driver's own patience of 90 s.
const STEP_MAX: Duration = Duration::from_secs(75);

/// What the driver has posted before the bot starts: `history 1` and so on.
pub const HISTORY_COUNT: usize = 120;
/// What the driver posts while nothing can connect: `missed 1` and so on.
pub const MISSED_COUNT: usize = 5;
/// What the driver posts once the server has been killed and restarted: `after 1` and so on.
pub const AFTER_COUNT: usize = 3;
/// What the bot calls the channel and the role that it makes.
pub const MADE_NAME: &str = "made-by-bot";

/// Where the bot is to work, and as whom.
pub struct Orders {
    /// `HOST:PORT` of the server.
    pub address: String,
    /// The bot's token, without a prefix.
    pub token: String,
    /// The guild that the bot is a member of.
    pub guild_id: NonZeroU64,
    /// The channel in it that the driver posts in.
    pub channel_id: NonZeroU64,
}

impl Orders {
    /// Reads `DECENTRA_URL`, `BOT_TOKEN`, `GUILD_ID` and `CHANNEL_ID`.
    pub fn from_env() -> Result<Self> {
        Ok(Self {
            address: address(&variable("DECENTRA_URL")?)?.to_owned(),
            token: variable("BOT_TOKEN")?,
            guild_id: id("GUILD_ID")?,
            channel_id: id("CHANNEL_ID")?,
        })
    }
}

/// Takes all steps, and tells how it went: what was wrong goes to standard error.
///
/// In one line, and without a backtrace: the driver shows the last lines only.
pub async fn run(steps: impl Future<Output = Result<()>>) -> ExitCode {
    match steps.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does the `work` of one step, and tells the driver once it is done.
pub async fn step<T>(name: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    let late = || anyhow!("not done within {} s", STEP_MAX.as_secs());
    let done = timeout(STEP_MAX, work)
        .await
        .map_err(|_| late())
        .flatten()
        .with_context(|| format!("in the step `{name}`"))?;
    passed(name)?;
    Ok(done)
}

/// Tells the driver that a step has been taken.
pub fn passed(step: &str) -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "step {step}")?;
    out.flush().context("cannot tell of a step")
}

fn variable(name: &str) -> Result<String> {
    env::var(name).with_context(|| format!("{name} is not set"))
}

fn id(name: &str) -> Result<NonZeroU64> {
    variable(name)?.parse().with_context(|| format!("{name} is not an id"))
}

fn address(url: &str) -> Result<&str> {
    let address = url
        .strip_prefix("http://")
        .with_context(|| format!("{url:?} is not of the form http://HOST:PORT"))?;
    Ok(address.trim_end_matches('/'))
}
