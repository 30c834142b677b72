//! Messages posted over HTTP, each on disk before it is answered; beside what the store alone commits: see
//! [`crate::durable`].
//!
//! What HTTP alone takes is told beside it: a bare axum handler that answers as many bytes, on the same cores, and stores
//! nothing.

use std::time::Duration;

use anyhow::Result;

use crate::calls::Calls;
use crate::durable::{self, CONTENT, UNDER_WAY};
use crate::figure::{Case, Figure, median};
use crate::page;
use crate::poster::{head, put_request};
use crate::seed::Seed;
use crate::server::Server;
use crate::setup::{Setup, data_dir, home};
use crate::swarm::Wait;

/// Bytes of the answer to a post.
const ANSWER_BYTES: usize = 700;

/// How the load waits for answers.
const WAIT: Wait = Wait::Sleep(Duration::from_secs(1));

/// Measures our server and the store in turn.
pub(super) fn measure(setup: &Setup) -> Result<Case> {
    durable::on_both_cores(setup, || measure_spread(setup))
}

fn measure_spread(setup: &Setup) -> Result<Case> {
    let home = home(&setup.server)?;
    let place = Seed { members: UNDER_WAY, guilds: 1, messages: 0 }.sow(&data_dir(&home))?;
    let server = Server::start(&setup.server, &data_dir(&home), None)?;
    let heads: Vec<String> = (0..UNDER_WAY).map(|nth| head(&place.channel, &place.token(nth))).collect();
    let mut calls = Calls::connect(server.address, UNDER_WAY)?;
    let mut request = |nth: usize, bytes: &mut Vec<u8>| put_request(&heads[nth], CONTENT, bytes);
    let body = home.path().join("message.json");
    std::fs::write(&body, vec![b' '; ANSWER_BYTES])?;
    let (bare, address) = page::start(None, &body)?;
    let mut bare_calls = Calls::connect(address, UNDER_WAY)?;
    let (mut rounds, mut http) = (Vec::new(), Vec::new());
    for _ in 0..setup.effort.rounds {
        calls.drive(setup.effort.warm_up, WAIT, &mut request)?;
        rounds.push(durable::round(setup, &server, || calls.drive(setup.effort.window, WAIT, &mut request))?);
        bare_calls.drive(setup.effort.warm_up, WAIT, &mut request)?;
        http.push(bare_calls.drive(setup.effort.window, WAIT, &mut request)?.per_second());
    }
    drop((calls, bare_calls));
    server.stop()?;
    bare.kill()?;
    let mut figures = durable::figures(&rounds);
    figures.push(Figure::of("bare_http_per_s", median(http.into_iter())));
    Ok(Case { name: "durable posts, 64 under way", connections: Some(UNDER_WAY), figures })
}
