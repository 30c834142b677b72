//! The task that keeps a stay in the lobby going.

use std::ops::ControlFlow;

use decentra_core::client::{Backoff, Event, Failure, Output, Pending, Session, Wait};
use decentra_model::limits::{GOODBYE_TIMEOUT, SEND_TIMEOUT};
use decentra_model::{Body, close};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};

use crate::error::plain;
use crate::{ClientError, Command, Options, World, clock, dice};

/// A stay in the lobby: the session, and what it needs from the world.
pub(crate) struct Stay<W> {
    world: W,
    options: Options,
    session: Session,
    backoff: Backoff,
    commands: mpsc::Receiver<Command>,
    events: mpsc::Sender<Event>,
    entered: bool,
}

/// Whether the person wants to go; else the value.
type Flow<T> = ControlFlow<(), T>;

/// One connection, with its deadlines.
struct Line<S> {
    socket: WebSocketStream<S>,
    timer: Option<Instant>,
    ping_at: Instant,
    heard_at: Instant,
}

impl<W: World> Stay<W> {
    pub(crate) fn new(
        world: W,
        options: Options,
        commands: mpsc::Receiver<Command>,
        events: mpsc::Sender<Event>,
    ) -> Self {
        let session = Session::new(options.name.clone());
        Self { world, options, session, backoff: Backoff::default(), commands, events, entered: false }
    }

    /// Stays until the person leaves, or an error that trying again does not mend.
    pub(crate) async fn run(mut self) -> Result<(), ClientError> {
        loop {
            self.tell(Event::Connecting).await;
            let Err(error) = self.connection().await else { return Ok(()) };
            self.session.lost();
            self.tell_waiting().await;
            if !self.entered || !error.may_return() {
                return Err(error);
            }
            self.tell(Event::Away(error.to_string())).await;
            let pause_over = clock::after(self.backoff.pause(dice::number(&self.world)));
            if self.meanwhile(clock::until(Some(pause_over))).await.is_break() {
                return Ok(());
            }
        }
    }

    /// One connection, from the dialling to its end; `Ok` if the person left.
    async fn connection(&mut self) -> Result<(), ClientError> {
        let dialling = Box::pin(self.world.dial(self.options.server.clone(), self.options.timing));
        let Flow::Continue(dialled) = self.meanwhile(dialling).await else { return Ok(()) };
        let now = Instant::now();
        let ping_at = now + self.options.timing.ping;
        let mut line = Line { socket: dialled?, timer: None, ping_at, heard_at: now };
        self.session.connected();
        let end = self.talk(&mut line).await;
        self.backoff.connection_lasted(now.elapsed());
        end
    }

    /// Does `work`, and takes commands while there is no connection.
    async fn meanwhile<T>(&mut self, work: impl Future<Output = T>) -> Flow<T> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return Flow::Continue(done),
                command = self.commands.recv() => self.obey(command)?,
            }
            self.tell_waiting().await;
        }
    }

    /// Talks until the connection ends; `Ok` if the person left.
    async fn talk(&mut self, line: &mut Line<W::Stream>) -> Result<(), ClientError> {
        loop {
            self.carry_out(line).await?;
            let silent_at = line.heard_at + self.options.timing.silence;
            tokio::select! {
                // What the person wants goes first, since it comes at a person's pace.
                biased;
                command = self.commands.recv() => if self.obey(command).is_break() {
                    line.say_goodbye().await;
                    return Ok(());
                },
                frame = line.socket.next() => self.read(line, frame)?,
                () = clock::until(line.timer) => {
                    line.timer = None;
                    self.session.expired();
                }
                () = clock::until(Some(line.ping_at)) => {
                    line.ping_at += self.options.timing.ping;
                    line.send(Message::Ping(Bytes::new())).await?;
                }
                () = clock::until(Some(silent_at)) => return Err(ClientError::Silent),
            }
        }
    }

    fn obey(&mut self, command: Option<Command>) -> Flow<()> {
        match command {
            Some(Command::Say(body)) => self.say(&body),
            Some(Command::AskWho) => self.session.ask_who(clock::now()),
            None => return Flow::Break(()),
        }
        Flow::Continue(())
    }

    fn say(&mut self, body: &Body) {
        let nonce = dice::nonce(&self.world);
        if let Err(full) = self.session.say(nonce.clone(), body) {
            let pending = Pending { nonce, text: body.as_str().to_owned() };
            self.session.give_up(Failure { pending, why: full.to_string() });
        }
    }

    fn read(
        &mut self,
        line: &mut Line<W::Stream>,
        frame: Option<Result<Message, Error>>,
    ) -> Result<(), ClientError> {
        let frame = frame.unwrap_or(Err(Error::ConnectionClosed)).map_err(broken)?;
        line.heard_at = Instant::now();
        match frame {
            Message::Text(text) => self.session.received(&text, clock::now()),
            Message::Close(close) => return Err(self.closed(close)),
            _ => {}
        }
        Ok(())
    }

    /// The server closed the connection: its own sentence is the best there is.
    fn closed(&self, frame: Option<CloseFrame>) -> ClientError {
        let (code, reason) = frame.map_or((close::GOING_AWAY, String::new()), |frame| {
            (u16::from(frame.code), frame.reason.to_string())
        });
        let sentence = match self.session.sentence() {
            Some(sentence) if !close::may_return(code) => sentence.to_owned(),
            _ if !reason.is_empty() => format!("The server closed the connection: {reason}"),
            _ => "The server closed the connection.".to_owned(),
        };
        ClientError::Closed { code, sentence }
    }

    /// Does what the session asks for.
    async fn carry_out(&mut self, line: &mut Line<W::Stream>) -> Result<(), ClientError> {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Send(frame) => line.send(Message::text(frame.to_json())).await?,
                Output::Tell(event) => self.tell(event).await,
                Output::Timer(wait) => line.timer = wait.map(|wait| self.deadline(wait)),
                Output::HangUp(why) => return Err(why.into()),
            }
        }
        Ok(())
    }

    /// Tells what waits to be told, while there is no connection on which anything else could be done.
    async fn tell_waiting(&mut self) {
        while let Some(output) = self.session.poll() {
            if let Output::Tell(event) = output {
                self.tell(event).await;
            }
        }
    }

    /// Tells the program. One that does not listen any more has left, which shows in its commands.
    async fn tell(&mut self, event: Event) {
        self.entered |= matches!(event, Event::Entered(_));
        let _ = self.events.send(event).await;
    }

    fn deadline(&self, wait: Wait) -> Instant {
        clock::after(match wait {
            Wait::Entry => self.options.timing.entry,
            Wait::Echo => self.options.timing.echo,
            Wait::Pause(pause) => pause,
        })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    async fn send(&mut self, message: Message) -> Result<(), ClientError> {
        match timeout(SEND_TIMEOUT, self.socket.send(message)).await {
            Ok(sent) => sent.map_err(broken),
            Err(_) => Err(ClientError::Silent),
        }
    }

    /// Closes the connection politely, for a short while.
    async fn say_goodbye(&mut self) {
        let goodbye = async {
            let frame = CloseFrame { code: close::NORMAL.into(), reason: "".into() };
            if self.socket.close(Some(frame)).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        let _ = timeout(GOODBYE_TIMEOUT, goodbye).await;
    }
}

/// What a failure of the socket means.
fn broken(error: Error) -> ClientError {
    match error {
        Error::Capacity(_) => ClientError::TooMuch,
        Error::Io(error) => ClientError::Broken(plain(&error)),
        Error::ConnectionClosed
        | Error::AlreadyClosed
        | Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
            ClientError::Broken("it was closed".into())
        }
        other => ClientError::Broken(other.to_string()),
    }
}
