//! From IDENTIFY to READY, for an account in many guilds.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::figure::{Case, Figure, Target};
use crate::histogram::Histogram;
use crate::inbox::Piece;
use crate::seed::Seed;
use crate::server::Server;
use crate::session::{READY, identify, is_hello};
use crate::setup::{Setup, data_dir, home};
use crate::swarm::{Swarm, Wait};
use crate::websocket::{Frame, GATEWAY};

/// Guilds that the account is in.
const GUILDS: usize = 100;

/// Members of each.
const MEMBERS: usize = 50;

/// Sessions that are opened, one after the other.
const SESSIONS: usize = 300;

/// Every intent that needs no leave, and those that do.
const INTENTS: u64 = (1 << 17) - 1;

/// Milliseconds, at most.
const MILLIS: Target = Target::AtMost(20.0);

/// Measures from when IDENTIFY is sent until the whole READY has come.
pub(super) fn measure(setup: &Setup) -> Result<Case> {
    let home = home(&setup.server)?;
    let place = Seed { members: MEMBERS, guilds: GUILDS, messages: 0 }.sow(&data_dir(&home))?;
    let server = Server::start(&setup.server, &data_dir(&home), Some(setup.cores.subject))?;
    let (mut as_bot, mut as_person) = (Histogram::default(), Histogram::default());
    for nth in 0..SESSIONS {
        let token = place.token(nth % MEMBERS);
        as_bot.record(open(&server, &identify(&token, INTENTS)).with_context(|| server.last_words())?);
        let whole = crate::session::identify_whole(&token);
        as_person.record(open(&server, &whole).with_context(|| server.last_words())?);
    }
    server.stop()?;
    let millis = |histogram: &Histogram, percent| histogram.percentile(percent).as_secs_f64() * 1e3;
    let figures = vec![
        Figure::of("ready_p50_ms", millis(&as_bot, 50)),
        Figure::of("ready_p99_ms", millis(&as_bot, 99)).to_reach(MILLIS),
        Figure::of("ready_whole_p50_ms", millis(&as_person, 50)),
        Figure::of("ready_whole_p99_ms", millis(&as_person, 99)).to_reach(MILLIS),
    ];
    Ok(Case { name: "IDENTIFY to READY, 100 guilds", connections: Some(1), figures })
}

/// Opens a session with the frame `identify`; the time until READY.
fn open(server: &Server, identify: &[u8]) -> Result<Duration> {
    let mut swarm = Swarm::new()?;
    swarm.connect(server.address, GATEWAY)?;
    let begun = Instant::now();
    let mut sent = None;
    loop {
        ensure!(begun.elapsed() < Duration::from_secs(10), "no READY came");
        let mut is_ready = false;
        let mut greeted = false;
        for nth in 0..swarm.poll(Wait::Spin)? {
            swarm.read(swarm.ready(nth), |piece| {
                if let Piece::Frame(Frame { payload, .. }) = piece {
                    greeted |= is_hello(payload);
                    is_ready |= payload.starts_with(READY);
                }
                Ok(())
            })?;
        }
        if greeted {
            sent = Some(Instant::now());
            swarm.send(0, identify)?;
        }
        if let Some(sent) = sent.filter(|_| is_ready) {
            return Ok(sent.elapsed());
        }
    }
}
