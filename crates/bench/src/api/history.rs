//! Pages of history, beside a bare axum handler that answers the same bytes.

use std::fs;

use anyhow::Result;

use crate::calls::Calls;
use crate::figure::{Case, Figure, Target};
use crate::page;
use crate::seed::Seed;
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};
use crate::swarm::Wait;

/// Connections, each with one call under way.
const CALLERS: usize = 16;

/// Messages in the channel.
const MESSAGES: usize = 1_000;

/// The share of the bare handler's rate that is to be reached.
const RATE_RATIO: Target = Target::RatioAtLeast(0.5);

/// Measures both in turn, on the same core.
pub(super) fn measure(setup: &Setup) -> Result<Case> {
    let home = home(&setup.server)?;
    let place = Seed { members: CALLERS, guilds: 1, messages: MESSAGES }.sow(&data_dir(&home))?;
    let server = Server::start(&setup.server, &data_dir(&home), Some(setup.cores.subject))?;
    let requests: Vec<String> = (0..CALLERS)
        .map(|nth| {
            let (channel, token) = (&place.channel, place.token(nth));
            format!(
                "GET /api/v10/channels/{channel}/messages?limit=50 HTTP/1.1\r\nHost: localhost\r\n\
                Authorization: {token}\r\n\r\n"
            )
        })
        .collect();
    let mut request = |nth: usize, bytes: &mut Vec<u8>| bytes.extend_from_slice(requests[nth].as_bytes());
    let mut ours = Calls::connect(server.address, CALLERS)?;
    let page = ours.one(&requests[0])?;
    let body = home.path().join("page.json");
    fs::write(&body, &page)?;
    let (bare, address) = page::start(Some(setup.cores.subject), &body)?;
    let mut floor = Calls::connect(address, CALLERS)?;
    let mut rounds = Vec::new();
    for _ in 0..setup.effort.rounds {
        let mut rate = |calls: &mut Calls| -> Result<f64> {
            calls.drive(setup.effort.warm_up, Wait::Spin, &mut request)?;
            Ok(calls.drive(setup.effort.window, Wait::Spin, &mut request)?.per_second())
        };
        rounds.push((rate(&mut ours)?, rate(&mut floor)?));
    }
    drop((ours, floor));
    server.stop()?;
    bare.kill()?;
    #[expect(clippy::cast_precision_loss, reason = "a page is not that long")]
    let bytes = page.len() as f64;
    let figures =
        vec![Figure::beside("pages_per_s", &rounds).to_reach(RATE_RATIO), Figure::of("page_bytes", bytes)];
    Ok(Case { name: "history, a page of 50", connections: Some(CALLERS), figures })
}
