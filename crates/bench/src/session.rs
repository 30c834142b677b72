//! Sessions of the gateway: connect, upgrade, identify, and have `READY`.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::inbox::Piece;
use crate::packed::{Packed, Transport};
use crate::payload::text_at;
use crate::subject::WINDOW;
use crate::swarm::{Reading, Swarm, Wait};
use crate::websocket::{Frame, GATEWAY, Opcode, client_text, is_accepted};

/// Time without anything arriving after which a server counts as stuck.
const STALL: Duration = Duration::from_secs(20);

/// What `HELLO` begins with.
const HELLO: &[u8] = br#"{"op":10,"#;
/// What `READY` begins with.
pub const READY: &[u8] = br#"{"op":0,"t":"READY","#;
/// What any dispatch begins with.
const DISPATCH: &[u8] = br#"{"op":0,"t":""#;

/// Messages, and what they say; nothing else is told.
pub const INTENTS: u64 = (1 << 9) | (1 << 15);

/// Time between two signs of life of a session: less than the server asks for.
pub const HEARTBEAT: Duration = Duration::from_secs(30);

/// The frame that is a sign of life.
pub fn heartbeat() -> Vec<u8> {
    client_text(r#"{"op":1,"d":null}"#)
}

/// The frame that identifies by `token`, with these `intents`.
pub fn identify(token: &str, intents: u64) -> Vec<u8> {
    client_text(&format!(
        r#"{{"op":2,"d":{{"token":"{token}","intents":{intents},"properties":{{"os":"linux","browser":"bench","device":"bench"}}}}}}"#
    ))
}

/// The frame by which a person's client identifies, which wants all of its guilds in READY.
pub fn identify_whole(token: &str) -> Vec<u8> {
    client_text(&format!(
        r#"{{"op":2,"d":{{"token":"{token}","capabilities":16381,"properties":{{"os":"linux","browser":"bench","device":""}}}}}}"#
    ))
}

/// The frame that goes on with the session `id` of `token`, `sequence` being the last that came.
pub fn resume(token: &str, id: &str, sequence: u64) -> Vec<u8> {
    client_text(&format!(r#"{{"op":6,"d":{{"token":"{token}","session_id":"{id}","seq":{sequence}}}}}"#))
}

/// Whether `payload` is HELLO.
pub fn is_hello(payload: &[u8]) -> bool {
    payload.starts_with(HELLO)
}

/// Opens `count` sessions, the `nth` by its token. Afterwards nothing is under way.
pub fn sessions(address: SocketAddr, count: usize, token: impl Fn(usize) -> String) -> Result<Swarm> {
    open(address, None, count, token).map(|(swarm, _, _)| swarm)
}

/// The same, and the id of each, by which it can be resumed.
pub fn known_sessions(
    address: SocketAddr,
    count: usize,
    token: impl Fn(usize) -> String,
) -> Result<(Swarm, Vec<String>)> {
    open(address, None, count, token).map(|(swarm, _, ids)| (swarm, ids))
}

/// The same, with streams that are compressed; these stand where READY, and what followed it, left them.
pub fn packed_sessions(
    address: SocketAddr,
    transport: Transport,
    count: usize,
    token: impl Fn(usize) -> String,
) -> Result<(Swarm, Vec<Packed>)> {
    open(address, Some(transport), count, token).map(|(swarm, packed, _)| (swarm, packed))
}

fn open(
    address: SocketAddr,
    transport: Option<Transport>,
    count: usize,
    token: impl Fn(usize) -> String,
) -> Result<(Swarm, Vec<Packed>, Vec<String>)> {
    let path = transport.map_or(GATEWAY, Transport::path);
    let mut swarm = Swarm::new()?;
    let mut packed = Vec::new();
    let mut ids = vec![String::new(); count];
    let mut opened = 0;
    let mut arrived = Instant::now();
    while opened < count {
        for _ in swarm.connections()..count.min(opened + WINDOW) {
            swarm.connect(address, path)?;
            packed.extend(transport.map(Packed::new).transpose()?);
        }
        let ready = swarm.poll(Wait::Spin)?;
        if ready > 0 {
            arrived = Instant::now();
        }
        ensure!(arrived.elapsed() < STALL, "stuck: of {count} sessions {opened} are open");
        for nth in 0..ready {
            let connection = swarm.ready(nth);
            let (mut greeted, mut is_ready) = (false, false);
            let mut take = |payload: &[u8]| {
                greeted |= payload.starts_with(HELLO);
                if payload.starts_with(READY) {
                    is_ready = true;
                    let id = text_at(br#""session_id":""#, payload).context("READY without a session")?;
                    ids[connection] = String::from_utf8(id.to_vec())?;
                }
                ensure!(
                    payload.starts_with(HELLO) || payload.starts_with(DISPATCH),
                    "session {connection} got {}",
                    String::from_utf8_lossy(payload)
                );
                Ok(())
            };
            let reading = swarm.read(connection, |piece| match (piece, packed.get_mut(connection)) {
                (Piece::Head(head), _) if is_accepted(head) => Ok(()),
                (Piece::Frame(Frame { opcode: Opcode::Text, payload, .. }), None) => take(payload),
                (Piece::Frame(Frame { opcode: Opcode::Binary, payload, .. }), Some(packed)) => {
                    packed.keep(payload, Duration::ZERO);
                    packed.unpack(|payload, _| take(payload))
                }
                (other, _) => bail!("session {connection} got {other:?}"),
            })?;
            ensure!(reading == Reading::Drained, "the server ended session {connection}");
            if greeted {
                swarm.send(connection, &identify(&token(connection), INTENTS))?;
            }
            opened += usize::from(is_ready);
        }
    }
    quiet(&mut swarm, |connection, piece| {
        if let (Piece::Frame(Frame { payload, .. }), Some(packed)) = (piece, packed.get_mut(connection)) {
            packed.keep(payload, Duration::ZERO);
            packed.unpack(|_, _| Ok(()))?;
        }
        Ok(())
    })?;
    Ok((swarm, packed, ids))
}

/// Waits until nothing comes any more, such as what READY was followed by; `each` is told on which connection what came.
pub fn quiet(swarm: &mut Swarm, mut each: impl FnMut(usize, Piece<'_>) -> Result<()>) -> Result<()> {
    let mut arrived = Instant::now();
    while arrived.elapsed() < QUIET {
        for nth in 0..swarm.poll(Wait::Sleep(QUIET))? {
            arrived = Instant::now();
            let connection = swarm.ready(nth);
            let reading = swarm.read(connection, |piece| each(connection, piece))?;
            ensure!(reading == Reading::Drained, "the server ended connection {connection}");
        }
    }
    Ok(())
}

/// Time without anything arriving after which nothing is under way.
const QUIET: Duration = Duration::from_millis(500);
