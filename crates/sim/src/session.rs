//! A client of the gateway: it identifies, is cut off, and resumes where it was, or begins anew where it is told to.

use std::ops::ControlFlow;
use std::time::Duration;

use decentra_server::Stream;
use fastrand::Rng;
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::caller::Account;
use crate::record::{Record, Session};
use crate::template::Template;
use crate::time;
use crate::world::World;

/// Time between two heartbeats.
const HEARTBEAT: Duration = Duration::from_millis(41_250);

/// Time that an opening may take.
const PATIENCE: Duration = Duration::from_secs(20);

type Socket = WebSocketStream<Stream>;

/// A client of the gateway.
pub struct Attendee {
    /// What it is called in the trace.
    pub name: &'static str,
    /// Whose it is.
    pub account: Account,
    /// Its intents.
    pub intents: u64,
    /// Until when it is restless: after that, it stays.
    pub until: Instant,
}

/// The session that a client has.
struct Held {
    /// Its place in the record.
    nth: usize,
    id: String,
    sequence: u64,
}

/// What a client does when it has had enough of a connection.
#[derive(Debug, Clone, Copy)]
enum Whim {
    /// Hangs up without a word.
    Drop,
    /// Closes so that the session is over.
    Leave,
    /// Closes so that it can come back.
    Close,
    /// Reads nothing for a while.
    Nap,
    /// Asks who is in the guild.
    Ask,
    /// Shows itself otherwise.
    Appear,
}

const WHIMS: [Whim; 8] =
    [Whim::Drop, Whim::Drop, Whim::Leave, Whim::Close, Whim::Nap, Whim::Nap, Whim::Ask, Whim::Appear];

#[derive(Deserialize)]
struct Payload<'a> {
    op: u8,
    t: Option<String>,
    s: Option<u64>,
    #[serde(borrow)]
    d: &'a RawValue,
}

struct Client<'a> {
    world: &'a World,
    record: &'a Record,
    template: &'a Template,
    who: &'a Attendee,
    chance: Rng,
    held: Option<Held>,
    /// Whether the session is open on this connection.
    is_open: bool,
}

/// Attends for ever.
pub async fn attend(world: World, record: Record, template: Template, who: Attendee) {
    let chance = world.chance();
    let mut client = Client {
        world: &world,
        record: &record,
        template: &template,
        who: &who,
        chance,
        held: None,
        is_open: false,
    };
    loop {
        if let Some(Ok(socket)) = time::within(PATIENCE, client.open()).await {
            client.converse(socket).await;
        }
        let pause = client.chance.u64(10..1_500);
        time::sleep(Duration::from_millis(pause)).await;
    }
}

impl Client<'_> {
    async fn open(&self) -> anyhow::Result<Socket> {
        let stream = self.world.network.connect().await?;
        let (socket, _) = tokio_tungstenite::client_async("ws://sim/?v=10&encoding=json", stream).await?;
        Ok(socket)
    }

    async fn converse(&mut self, mut socket: Socket) {
        self.is_open = false;
        let mut beat = Instant::now() + HEARTBEAT;
        loop {
            let whim_at = Instant::now() + Duration::from_millis(self.chance.u64(300..9_000));
            let is_restless = whim_at < self.who.until;
            let turn = tokio::select! {
                biased;
                message = socket.next() => match message {
                    Some(Ok(message)) => self.receive(&mut socket, message).await,
                    Some(Err(_)) | None => ControlFlow::Break(()),
                },
                () = time::until(beat) => {
                    beat += HEARTBEAT;
                    let sequence = self.held.as_ref().map(|held| held.sequence);
                    send(&mut socket, json!({"op": 1, "d": sequence})).await
                }
                () = time::until(whim_at), if is_restless => self.follow_whim(&mut socket).await,
            };
            if turn.is_break() {
                return;
            }
        }
    }

    async fn follow_whim(&mut self, socket: &mut Socket) -> ControlFlow<()> {
        let whim = WHIMS[self.chance.usize(..WHIMS.len())];
        self.world.trace.does(self.who.name, format_args!("{whim:?}"));
        match whim {
            Whim::Drop => ControlFlow::Break(()),
            Whim::Leave => {
                self.close(socket, 1000).await;
                self.give_up();
                ControlFlow::Break(())
            }
            Whim::Close => {
                self.close(socket, 4000).await;
                ControlFlow::Break(())
            }
            Whim::Nap => {
                time::sleep(Duration::from_millis(self.chance.u64(100..5_000))).await;
                ControlFlow::Continue(())
            }
            Whim::Ask | Whim::Appear if !self.is_open => ControlFlow::Continue(()),
            Whim::Ask => {
                let d = json!({"guild_id": self.template.guild, "query": "", "limit": 0});
                send(socket, json!({"op": 8, "d": d})).await
            }
            Whim::Appear => {
                let status = ["online", "idle", "dnd"][self.chance.usize(..3)];
                let d = json!({"since": null, "activities": [], "status": status, "afk": false});
                send(socket, json!({"op": 3, "d": d})).await
            }
        }
    }

    async fn close(&self, socket: &mut Socket, code: u16) {
        let frame = CloseFrame { code: code.into(), reason: "".into() };
        // The connection may be broken, which is as good.
        let _ = time::within(PATIENCE, socket.close(Some(frame))).await;
    }

    async fn receive(&mut self, socket: &mut Socket, message: Message) -> ControlFlow<()> {
        let text = match message {
            Message::Text(text) => text,
            Message::Close(frame) => {
                let code = frame.map_or(0, |frame| u16::from(frame.code));
                self.world.trace.heard(self.who.name, &format!("close {code}"));
                if matches!(code, 1002 | 1007 | 4001..=4005 | 4007..=4008 | 4010..) {
                    self.world.broken(format!("{} was closed with {code}", self.who.name));
                }
                return ControlFlow::Break(());
            }
            _ => return ControlFlow::Continue(()),
        };
        self.world.trace.heard(self.who.name, &text);
        let Ok(payload) = serde_json::from_str::<Payload<'_>>(&text) else {
            self.world.broken(format!("{} was sent what is no payload: {text}", self.who.name));
            return ControlFlow::Break(());
        };
        match payload.op {
            0 => self.dispatched(payload),
            7 => return ControlFlow::Break(()),
            9 => {
                self.is_open = false;
                self.refused();
                time::sleep(Duration::from_millis(self.chance.u64(1_000..2_000))).await;
                return self.begin(socket).await;
            }
            10 => return self.begin(socket).await,
            11 => {}
            op => self.world.broken(format!("{} was sent the unknown op {op}", self.who.name)),
        }
        ControlFlow::Continue(())
    }

    /// Resumes what there is to resume, or identifies.
    async fn begin(&mut self, socket: &mut Socket) -> ControlFlow<()> {
        let token = &self.who.account.token;
        let payload = match &self.held {
            Some(held) => {
                json!({"op": 6, "d": {"token": token, "session_id": held.id, "seq": held.sequence}})
            }
            None => {
                json!({"op": 2, "d": {"token": token, "intents": self.who.intents, "properties": {}}})
            }
        };
        self.world.trace.does(self.who.name, &payload);
        send(socket, payload).await
    }

    /// The session cannot go on, or shall not.
    fn give_up(&mut self) -> Option<usize> {
        let held = self.held.take()?;
        self.record.entries().sessions[held.nth].is_live = false;
        Some(held.nth)
    }

    fn refused(&mut self) {
        if let Some(nth) = self.give_up() {
            self.record.entries().sessions[nth].refused = true;
        }
    }

    fn dispatched(&mut self, payload: Payload<'_>) {
        let (Some(name), Some(sequence)) = (payload.t, payload.s) else {
            return self.world.broken(format!("{} was sent a dispatch without t or s", self.who.name));
        };
        let last = if name == "READY" { 0 } else { self.held.as_ref().map_or(0, |held| held.sequence) };
        if sequence != last + 1 {
            self.world.broken(format!("{}: {name} is number {sequence}, after {last}", self.who.name));
        }
        if name == "READY" {
            return self.ready(payload.d);
        }
        let Some(held) = &mut self.held else {
            return self.world.broken(format!("{} was sent {name} before READY", self.who.name));
        };
        held.sequence = sequence;
        self.is_open = true;
        let session = &mut self.record.entries().sessions[held.nth];
        match name.as_str() {
            "GUILD_CREATE" if session.guilds_to_come > 0 => {
                session.guilds_to_come -= 1;
                session.newest = newest(payload.d, &self.template.channels[1]);
            }
            "RESUMED" | "GUILD_MEMBERS_CHUNK" => {}
            _ => session.heard.push((name, payload.d.get().to_owned())),
        }
    }

    fn ready(&mut self, d: &RawValue) {
        let Ok(d) = serde_json::from_str::<Value>(d.get()) else { return };
        let id = d["session_id"].as_str().unwrap_or_default().to_owned();
        let sessions = &mut self.record.entries().sessions;
        sessions.push(Session {
            client: self.who.name.into(),
            user_id: self.who.account.id.clone(),
            intents: self.who.intents,
            guilds_to_come: d["guilds"].as_array().map_or(0, Vec::len),
            newest: None,
            heard: Vec::new(),
            refused: false,
            is_live: true,
        });
        self.held = Some(Held { nth: sessions.len() - 1, id, sequence: 1 });
    }
}

/// The newest message of `channel` in what a `GUILD_CREATE` tells.
fn newest(d: &RawValue, channel: &str) -> Option<Option<decentra_model::Id>> {
    let guild: Value = serde_json::from_str(d.get()).ok()?;
    let channel = guild["channels"].as_array()?.iter().find(|one| one["id"] == channel)?;
    Some(channel["last_message_id"].as_str().and_then(|id| id.parse().ok()))
}

async fn send(socket: &mut Socket, payload: Value) -> ControlFlow<()> {
    let sent = time::within(PATIENCE, socket.send(Message::text(payload.to_string()))).await;
    if matches!(sent, Some(Ok(()))) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}
