//! The bot: its way to the server, and where it works.

use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, ensure};
use decentra_bots::{
    inbox::{self, Feed, Inbox},
    protocol::Orders,
};
use serenity::{
    all::{
        ChannelId, ClientBuilder, Context, Event, GatewayIntents, GuildId, Http, HttpBuilder,
        RawEventHandler, UserId,
    },
    async_trait,
};

/// A bot that is logged in.
pub(crate) struct Bot {
    pub(crate) http: Arc<Http>,
    pub(crate) inbox: Inbox<Event>,
    pub(crate) guild: GuildId,
    pub(crate) channel: ChannelId,
    pub(crate) me: UserId,
}

impl Bot {
    /// Connects, and waits until the guild is there with its channel.
    pub(crate) async fn login(orders: &Orders) -> Result<Self> {
        let (feed, mut inbox) = inbox::open();
        let http = connect(orders, feed).await?;
        let (guild, channel) = (GuildId::from(orders.guild_id), ChannelId::from(orders.channel_id));
        let me = inbox.pick("READY", ready).await?;
        let has_channel = inbox.pick("GUILD_CREATE", |event| guild_has(event, guild, channel)).await?;
        ensure!(has_channel, "GUILD_CREATE lacks the channel {channel}");
        Ok(Self { http, inbox, guild, channel, me })
    }
}

async fn connect(orders: &Orders, feed: Feed<Event>) -> Result<Arc<Http>> {
    let url = format!("http://{}", orders.address);
    let http = HttpBuilder::new(&orders.token).proxy(url).ratelimiter_disabled(true).build();
    // The client asks too, but takes Discord's own address where it gets no answer.
    http.get_gateway().await.context("GET /gateway")?;

    let ear = Ear { feed: feed.clone() };
    let mut client = ClientBuilder::new_with_http(http, intents()).raw_event_handler(ear).await?;
    let http = Arc::clone(&client.http);
    tokio::spawn(async move {
        let end = client.start().await;
        feed.fail(anyhow!("the client has ended: {end:?}"));
    });
    Ok(http)
}

fn intents() -> GatewayIntents {
    GatewayIntents::GUILDS
        | GatewayIntents::GUILD_MESSAGES
        | GatewayIntents::GUILD_MESSAGE_REACTIONS
        | GatewayIntents::MESSAGE_CONTENT
}

/// Hears all events. One that serenity cannot read fails the step under way, whether the bot has use for it
/// or not.
struct Ear {
    feed: Feed<Event>,
}

#[async_trait]
impl RawEventHandler for Ear {
    async fn raw_event(&self, _: Context, event: Event) {
        match event {
            Event::Ready(_) => self.feed.push_ready(event),
            // Not only what has a name that is new to it: what lacks a field ends here too, and nothing is logged.
            Event::Unknown(event) => {
                self.feed.fail(anyhow!("serenity cannot read {}: {}", event.kind, event.value));
            }
            _ => self.feed.push(event),
        }
    }
}

fn ready(event: &Event) -> Option<UserId> {
    if let Event::Ready(event) = event { Some(event.ready.user.id) } else { None }
}

fn guild_has(event: &Event, guild: GuildId, channel: ChannelId) -> Option<bool> {
    match event {
        Event::GuildCreate(event) if event.guild.id == guild => {
            Some(event.guild.channels.contains_key(&channel))
        }
        _ => None,
    }
}
