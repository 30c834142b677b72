//! The bot: its way to the server, and where it works.

use anyhow::{Result, anyhow, ensure};
use decentra_bots::{
    inbox::{self, Feed, Inbox},
    protocol::Orders,
};
use twilight_gateway::{
    ConfigBuilder, EventTypeFlags, Intents, Shard, ShardId, StreamExt, error::ReceiveMessageErrorType,
};
use twilight_http::Client;
use twilight_model::{
    gateway::{event::Event, payload::incoming::GuildCreate},
    id::{
        Id,
        marker::{ChannelMarker, GuildMarker, UserMarker},
    },
};

/// A bot that is logged in.
pub(crate) struct Bot {
    pub(crate) http: Client,
    pub(crate) inbox: Inbox<Event>,
    pub(crate) guild: Id<GuildMarker>,
    pub(crate) channel: Id<ChannelMarker>,
    pub(crate) me: Id<UserMarker>,
}

impl Bot {
    /// Connects, and waits until the guild is there with its channel.
    pub(crate) async fn login(orders: &Orders) -> Result<Self> {
        let http = Client::builder().token(orders.token.clone()).proxy(orders.address.clone(), true).build();
        let (feed, mut inbox) = inbox::open();
        tokio::spawn(listen(shard(orders), feed));
        let (guild, channel) = (Id::from(orders.guild_id), Id::from(orders.channel_id));
        let me = inbox.pick("READY", ready).await?;
        let has_channel = inbox.pick("GUILD_CREATE", |event| guild_has(event, guild, channel)).await?;
        ensure!(has_channel, "GUILD_CREATE lacks the channel {channel}");
        Ok(Self { http, inbox, guild, channel, me })
    }
}

fn shard(orders: &Orders) -> Shard {
    let intents = Intents::GUILDS
        | Intents::GUILD_MESSAGES
        | Intents::GUILD_MESSAGE_REACTIONS
        | Intents::MESSAGE_CONTENT;
    let url = format!("ws://{}", orders.address);
    let config = ConfigBuilder::new(orders.token.clone(), intents).proxy_url(url).build();
    Shard::with_config(ShardId::ONE, config)
}

/// Hears all events. One that twilight cannot read fails the step under way, whether the bot has use for it
/// or not.
async fn listen(mut shard: Shard, feed: Feed<Event>) {
    while let Some(item) = shard.next_event(EventTypeFlags::all()).await {
        match item {
            Ok(event @ Event::Ready(_)) => feed.push_ready(event),
            Ok(event) => feed.push(event),
            // It goes on trying. Who could not connect even once, though, was told a wrong address.
            Err(error)
                if matches!(error.kind(), ReceiveMessageErrorType::Reconnect) && feed.has_session() => {}
            Err(error) => feed.fail(error.into()),
        }
    }
    feed.fail(anyhow!("the gateway has closed the session for good"));
}

fn ready(event: &Event) -> Option<Id<UserMarker>> {
    if let Event::Ready(ready) = event { Some(ready.user.id) } else { None }
}

fn guild_has(event: &Event, guild: Id<GuildMarker>, channel: Id<ChannelMarker>) -> Option<bool> {
    match event {
        Event::GuildCreate(created) if created.id() == guild => Some(match &**created {
            GuildCreate::Available(guild) => guild.channels.iter().any(|known| known.id == channel),
            GuildCreate::Unavailable(_) => false,
        }),
        _ => None,
    }
}
