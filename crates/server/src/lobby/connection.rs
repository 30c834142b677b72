//! One client of the lobby, from its upgrade to its end.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use decentra_core::Incoming;
use decentra_core::lobby::{Action, Session, too_fast};
use decentra_model::limits::{
    BUSY_PAUSE, BUSY_WAIT, CLOSE_TIMEOUT, FLOOD_PAUSE, JOIN_TIMEOUT, LOBBY_FRAME_BYTES_MAX,
};
use decentra_model::lobby::{Draft, ErrorCode, ServerFrame, SystemFrame};
use decentra_model::{Author, Name, close};
use tokio::sync::oneshot;

use crate::app::App;
use crate::lobby::hub::Account;
use crate::log::Command;
use crate::origin::Origin;
use crate::settings::OnOff;
use crate::socket::frame;
use crate::socket::inbox::{Event, Inbox};
use crate::socket::outlet::Outlet;
use crate::socket::stream::Stream;

/// What a client is told that reads too slowly.
const TOO_SLOW: (u16, &str) = (close::TOO_SLOW, "You read too slowly. What you missed is in the history.");

/// Bytes taken from a socket at once.
const READ_BYTES: usize = 8 * 1024;

/// Talks with a client over `stream`, of which `head` was read already and who came from `origin`, until one of both ends it.
pub(crate) async fn run(app: App, stream: Stream, head: Bytes, origin: &Origin) {
    let outlet = Arc::new(Outlet::new(stream, app.clock.elapsed(), TOO_SLOW, Arc::clone(&app.held)));
    let mut connection = Connection {
        session: Session::new(app.settings.lobby_policy()),
        inbox: Inbox::new(LOBBY_FRAME_BYTES_MAX),
        seat: None,
        account: None,
        address: origin.address,
        is_foreign: origin.is_foreign,
        refused: 0,
        outlet,
        app,
    };
    let end = connection.converse(head).await;
    connection.finish(end).await;
}

struct Connection {
    app: App,
    outlet: Arc<Outlet>,
    session: Session,
    inbox: Inbox,
    /// The number under which the hub knows this connection, once it has joined.
    seat: Option<u64>,
    /// The account that it joined with, if it is no guest's.
    account: Option<Account>,
    /// Whence they came.
    address: IpAddr,
    /// Whether they are in a browser, on the page of another site.
    is_foreign: bool,
    /// Frames that came too fast since the last pause.
    refused: u32,
}

/// Why a conversation ended.
#[derive(Debug)]
enum End {
    /// The client went away without a word, or was cut off.
    Gone,
    /// It is to be closed with this code, for this reason.
    Close(u16, &'static str),
}

impl Connection {
    async fn converse(&mut self, head: Bytes) -> End {
        let events = self.events(&head);
        // It shares the buffer of the whole request, which is soon too much to keep.
        drop(head);
        if let ControlFlow::Break(end) = self.take_events(events).await {
            return end;
        }
        let app = self.app.clone();
        let outlet = Arc::clone(&self.outlet);
        let mut stopping = pin!(app.stopping.cancelled());
        let mut pump = pin!(outlet.pump());
        // Boxed, since it is soon over: what lives as long as the connection should be small.
        let mut join_deadline = Some(Box::pin(app.clock.sleep(JOIN_TIMEOUT)));
        loop {
            let turn = tokio::select! {
                biased;
                () = &mut stopping => ControlFlow::Break(End::Close(close::GOING_AWAY, "The server is stopping.")),
                () = &mut pump => ControlFlow::Break(End::Gone),
                () = wait(join_deadline.as_mut().map(std::pin::Pin::as_mut)) => {
                    let reason = "No join came in time.";
                    self.answer(&refusal(reason));
                    ControlFlow::Break(End::Close(close::JOIN_TIMEOUT, reason))
                }
                readable = outlet.stream().readable() => match readable {
                    Ok(()) => self.read().await,
                    Err(_) => ControlFlow::Break(End::Gone),
                },
            };
            if let ControlFlow::Break(end) = turn {
                return end;
            }
            if self.seat.is_some() {
                join_deadline = None;
            }
        }
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
        self.outlet.heard(self.app.clock.elapsed());
        self.take_events(events).await?;
        if count == READ_BYTES {
            // There is likely more: others first.
            tokio::task::yield_now().await;
        }
        ControlFlow::Continue(())
    }

    /// Reads once; how many bytes came, and what was in them.
    fn read_events(&mut self) -> std::io::Result<(usize, Vec<Event>)> {
        let mut buffer = [0; READ_BYTES];
        let count = self.outlet.stream().try_read(&mut buffer)?;
        Ok((count, self.events(&buffer[..count])))
    }

    fn events(&mut self, mut bytes: &[u8]) -> Vec<Event> {
        std::iter::from_fn(|| self.inbox.next(&mut bytes)).collect()
    }

    async fn take_events(&mut self, events: Vec<Event>) -> ControlFlow<End> {
        for event in events {
            match event {
                Event::Frame(incoming) => self.receive(incoming).await?,
                Event::Ping(payload) => self.pong(&payload),
                Event::Close(_) => return ControlFlow::Break(End::Close(close::NORMAL, "")),
                Event::Violation(code, reason) => {
                    self.answer(&bad_frame(reason));
                    return ControlFlow::Break(End::Close(code, reason));
                }
            }
        }
        if self.refused > 0 {
            self.app.clock.sleep(FLOOD_PAUSE * std::mem::take(&mut self.refused)).await;
        }
        ControlFlow::Continue(())
    }

    async fn receive(&mut self, incoming: Incoming) -> ControlFlow<End> {
        let now: Duration = self.app.clock.elapsed();
        match self.session.receive(incoming, now) {
            Action::Ignore => {}
            Action::Join(wish) => return self.join_as_guest(wish).await,
            Action::JoinWith(token) => return self.join_as_member(&token).await,
            Action::Post(draft) => {
                if let Err(wait) = self.pace(now) {
                    let nonce = draft.nonce.map(|nonce| nonce.as_str().to_owned());
                    return self.slow_down(nonce, wait);
                }
                let author = self.account.map_or_else(
                    || Author::Guest(draft.author.clone()),
                    |account| Author::User(account.user_id),
                );
                return self.say(author, draft).await;
            }
            Action::Who => return self.command(Command::Who { outlet: self.outlet() }).await,
            Action::Answer(frame) => {
                self.refused += u32::from(frame.error == Some(ErrorCode::TooFast));
                self.answer(&frame);
            }
            Action::Close(code, frame) => {
                self.answer(&frame);
                return ControlFlow::Break(End::Close(code, ""));
            }
        }
        ControlFlow::Continue(())
    }

    /// Counts a message of a guest.
    fn pace(&self, now: Duration) -> Result<(), Duration> {
        if self.account.is_some() || self.app.settings.rate_limits == OnOff::Off {
            return Ok(());
        }
        self.app.guests.say(self.address, now)
    }

    /// Says that the guests of one network were too fast together.
    fn slow_down(&mut self, nonce: Option<String>, wait: Duration) -> ControlFlow<End> {
        self.refused += 1;
        self.answer(&too_fast(nonce, wait));
        ControlFlow::Continue(())
    }

    /// Lets a guest in, unless they ask for the name of an account.
    async fn join_as_guest(&mut self, wish: Name) -> ControlFlow<End> {
        // A guest shows nothing but that they reach the server, as any page does that someone opens on this network.
        if self.is_foreign {
            return self.refuse(
                "The pages of other sites cannot bring guests here. Use this server's own page, or decentra.",
            );
        }
        if self.app.settings.rate_limits == OnOff::On
            && let Err(wait) = self.app.guests.join(self.address, self.app.clock.elapsed())
        {
            return self.slow_down(None, wait);
        }
        if self.app.state.read().community.is_name_taken(&wish) {
            let why =
                format!("{wish} is the name of a member. Join with their token, or choose another name.");
            return self.refuse(&why);
        }
        if !self.app.state.read().community.may_see_lobby(None) {
            return self.refuse("The lobby is not open to guests.");
        }
        self.join(wish).await
    }

    /// Lets in whose token it is, if they may see the lobby.
    async fn join_as_member(&mut self, token: &str) -> ControlFlow<End> {
        let Some((actor, login)) = self.app.authenticate(token) else {
            return self.refuse("This token is not known here.");
        };
        let name = {
            let committed = self.app.state.read();
            let sees = committed.community.may_see_lobby(Some(actor.user_id));
            committed.community.user(actor.user_id).filter(|_| sees).map(|user| user.username.clone())
        };
        let Some(name) = name else { return self.refuse("You may not see the lobby.") };
        self.account = Some(Account { user_id: actor.user_id, login });
        self.join(name).await
    }

    /// Says why someone is not let in, and closes.
    fn refuse(&self, why: &str) -> ControlFlow<End> {
        self.answer(&refusal(why));
        ControlFlow::Break(End::Close(close::NAME_REFUSED, ""))
    }

    async fn join(&mut self, wish: Name) -> ControlFlow<End> {
        let id = self.app.next_connection();
        let (reply, joined) = oneshot::channel();
        self.seat = Some(id);
        self.command(Command::Join { id, wish, account: self.account, outlet: self.outlet(), reply }).await?;
        match joined.await {
            Ok(name) => {
                self.session.joined(name);
                ControlFlow::Continue(())
            }
            Err(_) => ControlFlow::Break(End::Close(close::GOING_AWAY, "The server is stopping.")),
        }
    }

    /// Has the log take a message. While too many wait nothing more is read, so that who sends too fast is slowed down by
    /// their own socket; whoever could not be heard within [`BUSY_WAIT`] is told so, rather than late.
    async fn say(&mut self, author: Author, draft: Draft) -> ControlFlow<End> {
        let app = self.app.clone();
        // Boxed, since it is large, and rare.
        let patience = async { Box::pin(app.clock.sleep(BUSY_WAIT)).await };
        let Ok(place) = app.commands.admit_within(patience).await else {
            self.refused += 1;
            self.answer(&busy(draft));
            return ControlFlow::Continue(());
        };
        let login = self.account.map(|account| account.login);
        match place.take(Command::Say { author, login, draft, outlet: self.outlet() }) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(End::Close(close::GOING_AWAY, "The server is stopping.")),
        }
    }

    async fn command(&self, command: Command) -> ControlFlow<End> {
        match self.app.commands.pass(command).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(End::Close(close::GOING_AWAY, "The server is stopping.")),
        }
    }

    fn outlet(&self) -> Arc<Outlet> {
        Arc::clone(&self.outlet)
    }

    fn answer(&self, frame: &SystemFrame) {
        let frame = SystemFrame { timestamp: self.app.clock.now().to_string(), ..frame.clone() };
        self.outlet.push(&frame::text(&ServerFrame::System(frame).to_json()));
    }

    fn pong(&mut self, payload: &[u8]) {
        let mut bytes = BytesMut::new();
        frame::put_pong(&mut bytes, payload);
        self.outlet.push(&bytes.freeze());
    }

    /// Leaves the room, says goodbye, and sees the last bytes off.
    async fn finish(self, end: End) {
        if let Some(id) = self.seat {
            let (done, heard) = oneshot::channel();
            if self.app.commands.pass(Command::Leave { id, done }).await.is_ok() {
                // Ends without a value, when the hub has come to it.
                let _ = heard.await;
            }
        }
        if let End::Close(code, reason) = end {
            self.outlet.close(code, reason);
        }
        tokio::select! {
            biased;
            // Broken or not, there is nothing more to do about it.
            _ = self.outlet.drain() => {}
            () = self.app.clock.sleep(CLOSE_TIMEOUT) => {}
        }
    }
}

/// Waits for `timer`; for ever, if there is none.
async fn wait<F: Future<Output = ()>>(timer: Option<std::pin::Pin<&mut F>>) {
    match timer {
        Some(timer) => timer.await,
        None => std::future::pending().await,
    }
}

fn refusal(content: &str) -> SystemFrame {
    SystemFrame { content: content.into(), error: Some(ErrorCode::Refused), ..SystemFrame::default() }
}

fn busy(draft: Draft) -> SystemFrame {
    SystemFrame {
        content: "The server is busy: that was not taken. Try again in a moment.".into(),
        error: Some(ErrorCode::TooFast),
        nonce: draft.nonce.map(|nonce| nonce.as_str().to_owned()),
        retry_after_ms: u64::try_from(BUSY_PAUSE.as_millis()).ok(),
        ..SystemFrame::default()
    }
}

fn bad_frame(content: &str) -> SystemFrame {
    SystemFrame { content: content.into(), error: Some(ErrorCode::BadFrame), ..SystemFrame::default() }
}
