//! Someone in the lobby: the client as it is, in a simulated world.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use decentra_client::{Client, ClientError, Command, Options, ServerAddress, Timing};
use decentra_core::client::{Event, Link, Replica};
use decentra_model::{Body, Name, Timestamp};
use decentra_server::Stream;
use fastrand::Rng;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;

use crate::record::{Guest, Record};
use crate::time;
use crate::world::World;

/// The time of day does not matter to them.
const NOW: Timestamp = Timestamp::from_unix_micros(0);

/// What the client needs of the world.
struct Surroundings {
    world: World,
    chance: Mutex<Rng>,
}

impl decentra_client::World for Surroundings {
    type Stream = Stream;

    fn dial(
        &self,
        server: ServerAddress,
        timing: Timing,
    ) -> impl Future<Output = Result<WebSocketStream<Stream>, ClientError>> + Send + 'static {
        let world = self.world.clone();
        async move {
            let server = format!("{}:{}", server.host(), server.port());
            let dialled = time::within(timing.connect, async {
                let stream = world.network.connect().await.map_err(|why| why.to_string())?;
                let upgraded = tokio_tungstenite::client_async("ws://sim/", stream).await;
                upgraded.map(|(socket, _)| socket).map_err(|why| why.to_string())
            });
            match dialled.await {
                Some(Ok(socket)) => Ok(socket),
                Some(Err(why)) => Err(ClientError::NotALobby { server, why }),
                None => Err(ClientError::TimedOut { server }),
            }
        }
    }

    fn roll(&self, bytes: &mut [u8]) {
        self.chance.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
    }
}

/// Stays in the lobby as `name`, and says `count` things until `until`.
pub async fn stay(world: World, record: Record, name: &'static str, count: usize, until: Instant) {
    let nth = {
        let guest = Guest {
            name: name.into(),
            said: Vec::new(),
            replica: Replica::default(),
            has_entered: false,
            is_done: false,
        };
        let guests = &mut record.entries().guests;
        guests.push(guest);
        guests.len() - 1
    };
    let mut chance = world.chance();
    loop {
        let surroundings = Surroundings { world: world.clone(), chance: Mutex::new(chance.fork()) };
        let options = Options {
            server: ServerAddress::of("sim", 80).expect("it is an address"),
            name: Name::parse(name).expect("it is a name"),
            timing: Timing::default(),
        };
        let mut client = Client::start_in(surroundings, options);
        // Whom the lobby never let in tries again as a new client.
        while let Some(event) = client.events.recv().await {
            hear(&world, &record, nth, event);
            if record.entries().guests[nth].has_entered {
                break;
            }
        }
        if record.entries().guests[nth].has_entered {
            talk(&world, &record, nth, client, times(&mut chance, count, until)).await;
            let why = record.entries().guests[nth].replica.link.clone();
            return world.broken(format!("{name} was sent away from the lobby for good: {why:?}"));
        }
        time::sleep(Duration::from_millis(chance.u64(100..1_000))).await;
    }
}

/// Moments up to `until`, in order.
fn times(chance: &mut Rng, count: usize, until: Instant) -> Vec<Instant> {
    let left = u64::try_from(until.saturating_duration_since(Instant::now()).as_millis()).unwrap_or_default();
    let mut times: Vec<Instant> =
        (0..count).map(|_| Instant::now() + Duration::from_millis(chance.u64(..=left))).collect();
    times.sort();
    times
}

/// Says something at each of `times`, and hears what there is, as long as the stay lasts.
async fn talk(world: &World, record: &Record, nth: usize, mut client: Client, times: Vec<Instant>) {
    let mut times = times.into_iter();
    let mut next = times.next();
    loop {
        record.entries().guests[nth].is_done = next.is_none();
        tokio::select! {
            biased;
            event = client.events.recv() => match event {
                Some(event) => hear(world, record, nth, event),
                None => return,
            },
            () = time::until(next.unwrap_or_else(Instant::now)), if next.is_some() => {
                next = times.next();
                let text = {
                    let guest = &mut record.entries().guests[nth];
                    let text = format!("{} {}", guest.name, guest.said.len());
                    guest.said.push(text.clone());
                    world.trace.does(&guest.name, format_args!("says {text}"));
                    text
                };
                let body = Body::parse(&text).expect("it may be said");
                if client.commands.send(Command::Say(body)).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn hear(world: &World, record: &Record, nth: usize, event: Event) {
    let guest = &mut record.entries().guests[nth];
    let what = match &event {
        Event::Said(said) => format!("{}: {}", said.by, said.text),
        Event::Noticed(notice) => notice.text.clone(),
        other => format!("{other:?}"),
    };
    world.trace.heard(&guest.name, &what);
    match &event {
        Event::Entered(_) => guest.has_entered = true,
        Event::Failed(failure) => {
            world.broken(format!("{} was not said, for good: {}", failure.pending.text, failure.why));
        }
        Event::Missed => world.broken(format!("{} was told that messages are missing", guest.name)),
        _ => {}
    }
    guest.replica.apply(event, NOW);
}

/// Whether nothing of theirs waits, and they see the text `last`.
pub fn has_settled(guest: &Guest, last: &str) -> bool {
    use decentra_core::client::What;
    let sees =
        |entry: &decentra_core::client::Entry| matches!(&entry.what, What::Said { text, .. } if text == last);
    guest.is_done
        && guest.replica.waiting.is_empty()
        && guest.replica.link == Link::Online
        && guest.replica.scrollback.iter().rev().any(sees)
}
