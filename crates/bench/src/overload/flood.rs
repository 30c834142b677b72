//! One account that calls as fast as it can, and others who do not, on a server with its rate limits on.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::tally::Tally;
use super::{LATENCY_MS, p99_ms, refused};
use crate::callers::{Call, Callers};
use crate::figure::{Case, Figure, Target, number};
use crate::poster::{head, put_request};
use crate::seed::Seed;
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};

/// Members who call now and then.
const OTHERS: usize = 50;

/// Posts of the one in a second.
const ONE_PER_S: u32 = 2_000;

/// Posts of all others together.
const OTHERS_PER_S: u32 = 200;

/// Connections of the one, and of the others together, at most.
const CONNECTIONS: usize = 64;

/// Time that the last answers may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Posts of the one that are taken, in a second: as many as its limit lets pass (`ROUTE_CALLS`), and one window more at
/// the edges of what is measured.
const PASSED_PER_S: Target = Target::AtMost(45.0);

/// Nobody else is turned down.
const NONE: Target = Target::AtMost(0.0);

/// Members who call at a fixed rate, in turn.
struct Party<'a> {
    callers: Callers,
    /// The heads of their posts.
    heads: &'a [String],
    /// Posts in a second.
    per_s: u32,
    /// When the next is due.
    due: Duration,
    tally: Tally,
}

/// Lets them call for `window`.
pub(super) fn measure(setup: &Setup, window: Duration) -> Result<Case> {
    let home = home(&setup.server)?;
    let place = Seed { members: OTHERS + 1, guilds: 1, messages: 0 }.sow(&data_dir(&home))?;
    let server = Server::start_with(&setup.server, &data_dir(&home), Some(setup.cores.subject), |command| {
        command.env("DECENTRA_RATE_LIMITS", "on");
    })?;
    let heads: Vec<String> = (0..=OTHERS).map(|nth| head(&place.channel, &place.token(nth))).collect();
    let [mut one, mut others] =
        [Party::new(&server, &heads[..1], ONE_PER_S)?, Party::new(&server, &heads[1..], OTHERS_PER_S)?];
    let epoch = Instant::now();
    loop {
        let done = one.turn(epoch, window).with_context(|| server.last_words())?;
        if done & others.turn(epoch, window).with_context(|| server.last_words())? {
            break;
        }
        ensure!(epoch.elapsed() < window + PATIENCE, "the server is stuck");
    }
    let [one, others] = [one.tally, others.tally];
    server.stop()?;
    let per_s = |count: u64| number(count) / window.as_secs_f64();
    let figures = vec![
        Figure::of("one_offered_per_s", per_s(one.offered)),
        Figure::of("one_taken_per_s", per_s(one.taken)).to_reach(PASSED_PER_S),
        Figure::of("one_429_per_s", per_s(one.limited)),
        Figure::of("one_503_per_s", per_s(one.busy)),
        Figure::of("others_offered_per_s", per_s(others.offered)),
        Figure::of("others_refused", number(refused(&others))).to_reach(NONE),
        Figure::of("others_p99_ms", p99_ms(&others.taking)).to_reach(LATENCY_MS),
    ];
    Ok(Case { name: "one account too fast, limits on", connections: None, figures })
}

impl<'a> Party<'a> {
    fn new(server: &Server, heads: &'a [String], per_s: u32) -> Result<Self> {
        let callers = Callers::new(server.address, CONNECTIONS)?;
        Ok(Self { callers, heads, per_s, due: Duration::ZERO, tally: Tally::default() })
    }

    /// Makes the calls that are due, and takes the answers that are there; whether all calls of `window` are answered.
    fn turn(&mut self, epoch: Instant, window: Duration) -> Result<bool> {
        let Self { callers, heads, per_s, due, tally } = self;
        let mut request =
            |call: Call, bytes: &mut Vec<u8>| put_request(&heads[call.kind], "again and again", bytes);
        while *due < window && epoch.elapsed() >= *due {
            let kind = usize::try_from(tally.offered)? % heads.len();
            tally.offered += 1;
            callers.call(Call { kind, due: *due }, &mut request)?;
            *due += Duration::from_secs(1) / *per_s;
        }
        let answered = |call: Call, verdict| tally.note(verdict, epoch.elapsed().saturating_sub(call.due));
        callers.turn(&mut request, answered)?;
        Ok(*due >= window && callers.under_way() == 0)
    }
}
