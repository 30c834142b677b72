//! The full screen.
//!
//! [`app`] holds the state, [`keys`] become actions in one table, [`layout`] says where things stand, [`view`] draws
//! them, and [`terminal`] takes the terminal over and gives it back. In [`list`] is where one reads, and in
//! [`composer`] what one writes.

pub mod ansi;
pub mod app;
pub mod columns;
pub mod composer;
pub mod input;
pub mod keys;
pub mod layout;
pub mod list;
pub mod palette;
pub mod row;
pub mod terminal;
pub mod view;
pub mod wrap;

use std::io;
use std::ops::ControlFlow;

use crossterm::event::Event as Input;
use decentra_client::{Client, Command, Options, clock};
use decentra_core::client::{Event, Link};

use crate::aside;
use crate::line::ledger;
use crate::signals::{Resizes, Signals};
use crate::zone::Zone;

use app::{App, Effect};
use palette::Palette;
use terminal::Screen;

/// How the screen behaves.
#[derive(Debug, Clone)]
pub struct ScreenMode {
    /// The zone of the times.
    pub zone: Zone,
    /// Whether there are colours.
    pub colours: bool,
    /// Whether the mouse wheel scrolls.
    pub mouse: bool,
}

/// Why the screen was left; an error of the terminal is its own reason.
type Flow = ControlFlow<io::Result<()>>;

/// Chats until the person leaves. The terminal is taken over only once the lobby was entered.
pub async fn run(options: Options, mode: ScreenMode, mut signals: Signals) -> anyhow::Result<()> {
    let (server, name) = (options.server.to_string(), options.name.to_string());
    aside::say(&format!("Connecting to {server} …"));
    let mut app = App::new(server, name, Palette::new(mode.colours), mode.zone);
    let mut client = Client::start(options);
    let mut chatted = Ok(());
    if enter(&mut client, &mut app, &mut signals).await {
        let mut screen = Screen::enter(mode.mouse)?;
        chatted = chat(&mut screen, &mut app, &mut client, &mut signals).await;
    }
    let end = client.leave(|event| app.hear(event, clock::now())).await;
    chatted?;
    let unsent: Vec<_> = app.replica.waiting.iter().map(|waiting| waiting.pending.text.as_str()).collect();
    ledger::verdict(&unsent, 0, end.err().as_ref())
}

/// Waits to be let into the lobby; whether that happened.
async fn enter(client: &mut Client, app: &mut App, signals: &mut Signals) -> bool {
    while app.replica.link != Link::Online {
        tokio::select! {
            event = client.events.recv() => match event {
                Some(event) => app.hear(event, clock::now()),
                None => return false,
            },
            () = signals.stop() => return false,
        }
    }
    true
}

/// Shows what happens and does what the person wants, until either ends. Draws only when something happened.
async fn chat(
    screen: &mut Screen,
    app: &mut App,
    client: &mut Client,
    signals: &mut Signals,
) -> io::Result<()> {
    let mut resizes = Resizes::listen()?;
    let mut inputs = input::start();
    loop {
        hear_waiting(client, app);
        screen.draw(app)?;
        let flow = tokio::select! {
            event = client.events.recv() => hear(event, app),
            input = inputs.recv() => take(input, screen, app, client),
            () = signals.stop() => ControlFlow::Break(Ok(())),
            () = resizes.next() => carry_out(Effect::Redraw, screen, app, client),
        };
        if let ControlFlow::Break(end) = flow {
            return end;
        }
        // What came at once is drawn at once.
        while let Ok(input) = inputs.try_recv() {
            if let ControlFlow::Break(end) = take(Some(input), screen, app, client) {
                return end;
            }
        }
    }
}

/// Takes what happened meanwhile, so that a burst is drawn once.
fn hear_waiting(client: &mut Client, app: &mut App) {
    while let Ok(event) = client.events.try_recv() {
        app.hear(event, clock::now());
    }
}

fn hear(event: Option<Event>, app: &mut App) -> Flow {
    match event {
        Some(event) => app.hear(event, clock::now()),
        None => return ControlFlow::Break(Ok(())),
    }
    ControlFlow::Continue(())
}

fn take(input: Option<Input>, screen: &mut Screen, app: &mut App, client: &Client) -> Flow {
    let effect = match input {
        // The terminal is gone.
        None => return ControlFlow::Break(Ok(())),
        Some(Input::Key(key)) => app.press(key, clock::now()),
        Some(Input::Paste(text)) => {
            app.paste(&text);
            None
        }
        Some(Input::Mouse(event)) => {
            app.mouse(event);
            None
        }
        // A change of size is heard as a signal.
        Some(_) => None,
    };
    effect.map_or(ControlFlow::Continue(()), |effect| carry_out(effect, screen, app, client))
}

fn carry_out(effect: Effect, screen: &mut Screen, app: &mut App, client: &Client) -> Flow {
    match effect {
        Effect::Quit => return ControlFlow::Break(Ok(())),
        Effect::Redraw => {
            if let Err(error) = screen.start_over() {
                return ControlFlow::Break(Err(error));
            }
        }
        Effect::AskWho => drop(client.commands.try_send(Command::AskWho)),
        Effect::Say(body) => {
            let text = body.as_str().to_owned();
            if client.commands.try_send(Command::Say(body)).is_err() {
                app.put_back(text);
            }
        }
    }
    ControlFlow::Continue(())
}
