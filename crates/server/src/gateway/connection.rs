//! One client of the gateway, from its upgrade to its end.

use std::io::ErrorKind;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use decentra_core::gateway::payload::control;
use decentra_core::gateway::session::{Action, Session};
use decentra_model::close::{self, gateway};
use decentra_model::limits::{CLOSE_TIMEOUT, GATEWAY_PAYLOAD_BYTES_MAX, HEARTBEAT_INTERVAL, TAKE_TIMEOUT};
use decentra_model::{Id, Presence};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::hub::SessionKey;
use super::upgrade::Wish;
use super::way::Way;
use crate::app::App;
use crate::log::Command;
use crate::settings::OnOff;
use crate::socket::frame;
use crate::socket::inbox::{Event, Inbox};
use crate::socket::outlet::Outlet;
use crate::socket::stream::Stream;

/// Bytes taken from a socket at once.
const READ_BYTES: usize = 4 * 1024;

/// What a client is told that reads too slowly: to come back, since nothing is lost.
const TOO_SLOW: (u16, &str) = (gateway::UNKNOWN_ERROR, "You read too slowly. Resume to get what you missed.");

/// What a client is told when the server stops.
const STOPPING: &str = "The server is stopping: reconnect and resume.";

/// Talks with a client over `stream`, of which `head` was read already, until one of both ends it. `address` is that of
/// the gateway, as the client reached it.
pub(crate) async fn run(app: App, stream: Stream, head: Bytes, wish: Wish, address: String) {
    let outlet = Outlet::new(stream, app.clock.elapsed(), TOO_SLOW, Arc::clone(&app.held));
    let limits = app.settings.rate_limits == OnOff::On;
    let mut connection = Connection {
        session: Session::new(limits, app.clock.elapsed()),
        inbox: Inbox::new(GATEWAY_PAYLOAD_BYTES_MAX),
        way: Arc::new(Way::new(outlet, wish.codec)),
        seat: None,
        version: wish.version.unwrap_or(10),
        address,
        app,
    };
    let end = connection.converse(head, wish).await;
    // Boxed, since it is soon over: what lives as long as the connection should be small.
    Box::pin(connection.finish(end)).await;
}

pub(super) struct Connection {
    pub(super) app: App,
    pub(super) way: Arc<Way>,
    pub(super) session: Session,
    inbox: Inbox,
    /// The session that this connection has.
    pub(super) seat: Option<Seat>,
    pub(super) version: u8,
    pub(super) address: String,
}

/// A session that a connection has.
pub(super) struct Seat {
    pub(super) key: SessionKey,
    pub(super) user_id: Id,
}

/// Why a conversation ended.
#[derive(Debug)]
pub(super) enum End {
    /// The client went away without a word, or was cut off.
    Gone,
    /// The client closed, with this code.
    Closed(Option<u16>),
    /// It is to be closed with this code, for this reason.
    Close(u16, &'static str),
}

impl Connection {
    async fn converse(&mut self, head: Bytes, wish: Wish) -> End {
        let interval = u64::try_from(HEARTBEAT_INTERVAL.as_millis()).unwrap_or(u64::MAX);
        self.say(10, &json!({"heartbeat_interval": interval, "_trace": []}));
        if wish.version.is_none() {
            return End::Close(gateway::INVALID_VERSION, "Invalid API version.");
        }
        if !wish.is_json {
            return End::Close(gateway::DECODE_ERROR, "The only encoding is json.");
        }
        let events = self.events(&head);
        // It shares the buffer of the whole request, which is soon too much to keep.
        drop(head);
        if let ControlFlow::Break(end) = Box::pin(self.take_events(events)).await {
            return end;
        }
        let app = self.app.clone();
        let way = Arc::clone(&self.way);
        let outlet = way.outlet();
        let mut stopping = pin!(app.stopping.cancelled());
        let mut pump = pin!(outlet.pump());
        loop {
            let turn = tokio::select! {
                biased;
                () = &mut stopping => {
                    self.say(7, &Value::Null);
                    ControlFlow::Break(End::Close(gateway::UNKNOWN_ERROR, STOPPING))
                }
                () = &mut pump => ControlFlow::Break(End::Gone),
                () = self.silence() => {
                    ControlFlow::Break(End::Close(gateway::SESSION_TIMED_OUT, "No sign of life came in time."))
                }
                readable = outlet.stream().readable() => match readable {
                    Ok(()) => self.read().await,
                    Err(_) => ControlFlow::Break(End::Gone),
                },
            };
            if let ControlFlow::Break(end) = turn {
                return end;
            }
        }
    }

    /// Waits until the client has taken all that it was sent, and tells whether it has: who takes too long, or is at it when
    /// the server stops, is cut off.
    pub(super) async fn is_taken(&self) -> bool {
        let outlet = self.way.outlet();
        tokio::select! {
            biased;
            () = outlet.flushed() => return true,
            () = self.app.stopping.cancelled() => outlet.cut(gateway::UNKNOWN_ERROR, STOPPING),
            () = self.app.clock.sleep(TAKE_TIMEOUT) => outlet.cut(TOO_SLOW.0, TOO_SLOW.1),
        }
        false
    }

    /// Waits until the client was silent for too long.
    async fn silence(&self) {
        let now = self.app.clock.elapsed();
        // Boxed, since it is large, and each connection has one.
        Box::pin(self.app.clock.sleep(self.session.deadline().saturating_sub(now))).await;
    }

    /// Takes what the socket has.
    async fn read(&mut self) -> ControlFlow<End> {
        let (count, events) = match self.read_events() {
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return ControlFlow::Continue(()),
            Err(_) => return ControlFlow::Break(End::Gone),
        };
        if count == 0 {
            return ControlFlow::Break(End::Gone);
        }
        Box::pin(self.take_events(events)).await?;
        if count == READ_BYTES {
            // There is likely more: others first.
            tokio::task::yield_now().await;
        }
        ControlFlow::Continue(())
    }

    /// Reads once; how many bytes came, and what was in them.
    fn read_events(&mut self) -> std::io::Result<(usize, Vec<Event>)> {
        let mut buffer = [0; READ_BYTES];
        let count = self.way.outlet().stream().try_read(&mut buffer)?;
        Ok((count, self.events(&buffer[..count])))
    }

    fn events(&mut self, mut bytes: &[u8]) -> Vec<Event> {
        std::iter::from_fn(|| self.inbox.next(&mut bytes)).collect()
    }

    async fn take_events(&mut self, events: Vec<Event>) -> ControlFlow<End> {
        for event in events {
            match event {
                Event::Frame(incoming) => {
                    let now: Duration = self.app.clock.elapsed();
                    let action = self.session.receive(incoming, now);
                    self.carry_out(action).await?;
                }
                Event::Ping(payload) => self.pong(&payload),
                Event::Close(code) => return ControlFlow::Break(End::Closed(code)),
                Event::Violation(code, reason) => return ControlFlow::Break(End::Close(code, reason)),
            }
        }
        ControlFlow::Continue(())
    }

    async fn carry_out(&mut self, action: Action) -> ControlFlow<End> {
        match action {
            Action::Nothing => {}
            Action::Acknowledge => self.say(11, &Value::Null),
            Action::Identify(identify) => return self.identify(*identify).await,
            Action::Resume { token, session_id, sequence } => {
                return self.resume(&token, session_id, sequence).await;
            }
            Action::Appear(presence) => self.appear(presence).await,
            Action::Members(request) => {
                let Some(seat) = &self.seat else { return ControlFlow::Continue(()) };
                let command = Command::Chunk { key: seat.key, user_id: seat.user_id, request };
                return self.command(command).await;
            }
            Action::Close(code, reason) => return ControlFlow::Break(End::Close(code, reason)),
        }
        ControlFlow::Continue(())
    }

    /// Lets the user appear as `presence` says.
    pub(super) async fn appear(&self, presence: Presence) {
        let Some(seat) = &self.seat else { return };
        let command = decentra_core::community::presence::Appear { user_id: seat.user_id, presence };
        // It is of passing interest: if it cannot be stored, nobody misses it.
        let _ = self.app.run_in_time(command).await;
    }

    pub(super) async fn command(&self, command: Command) -> ControlFlow<End> {
        match self.app.commands.pass(command).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(End::Close(gateway::UNKNOWN_ERROR, "The server is stopping.")),
        }
    }

    /// Sends a payload other than a dispatch.
    pub(super) fn say(&self, op: u8, d: &Value) {
        self.way.say(&control(op, d));
    }

    fn pong(&mut self, payload: &[u8]) {
        let mut bytes = BytesMut::new();
        frame::put_pong(&mut bytes, payload);
        self.way.outlet().push(&bytes.freeze());
    }

    /// Leaves the session, says goodbye, and sees the last bytes off.
    async fn finish(self, end: End) {
        // Who closes like this has said that they will not come back (Discord's documentation, "Resuming").
        let over = matches!(end, End::Closed(Some(close::NORMAL | close::GOING_AWAY)));
        if let Some(seat) = &self.seat {
            let (reply, was_last) = oneshot::channel();
            let detach = Command::Detach { key: seat.key, over, reply };
            if self.app.commands.pass(detach).await.is_ok() && was_last.await.unwrap_or_default() {
                let offline =
                    Presence { status: decentra_model::user::Status::Offline, activities: Vec::new() };
                self.appear(offline).await;
            }
        }
        match end {
            End::Close(code, reason) => self.way.outlet().close(code, reason),
            End::Closed(_) => self.way.outlet().close(close::NORMAL, ""),
            End::Gone => {}
        }
        tokio::select! {
            biased;
            // Broken or not, there is nothing more to do about it.
            _ = self.way.outlet().drain() => {}
            () = self.app.clock.sleep(CLOSE_TIMEOUT) => {}
        }
    }
}
