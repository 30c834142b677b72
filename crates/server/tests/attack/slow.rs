//! Clients that are slow on purpose, to hold what the server has for them. Half a request, half a body, and a lobby that is
//! never joined are in `bad_input`, `endpoints` and `http`.

use decentra_model::limits::MESSAGE_CHARS_MAX;
use decentra_testkit::{Garden, Gateway, Raw, Rest, World};
use serde_json::json;

#[tokio::test]
async fn a_gateway_connection_that_never_identifies_is_let_go() {
    let world = World::open().await;
    let mut silent = Gateway::connect(world.address(), "v=10").await;
    assert_eq!(world.advance_until("the close", silent.is_closed()).await, 4009);
    // Heartbeats alone do not buy more time.
    let mut beating = Gateway::connect(world.address(), "v=10&encoding=json").await;
    beating.send(json!({"op": 1, "d": null})).await;
    assert_eq!(world.advance_until("the close", beating.is_closed()).await, 4009);
}

/// How many connections are open, the one that asks among them.
async fn connections(world: &World) -> Option<u64> {
    let figures = Raw::connect(world.address()).await.try_get("/metrics").await?;
    let line = figures.lines().find_map(|line| line.strip_prefix("decentra_connections "))?;
    line.parse().ok()
}

#[tokio::test]
async fn who_reads_no_answers_holds_none() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let channel = Garden::of(&ana).await.channel;
    let path = format!("/channels/{channel}/messages");
    for _ in 0..100 {
        ana.post(&path, json!({"content": "\u{1f33b}".repeat(MESSAGE_CHARS_MAX)})).await.ok();
    }
    let mut deaf = world.raw().await;
    let request = format!(
        "GET /api/v10{path}?limit=100 HTTP/1.1\r\nhost: test\r\nauthorization: {}\r\n\r\n",
        ana.token.as_deref().unwrap()
    );
    // 80 MB, more than the kernel keeps for a socket.
    deaf.send(request.repeat(100).as_bytes()).await.unwrap();
    world.advance_until("the end", async { while connections(&world).await != Some(1) {} }).await;
    drop(deaf);
    ana.get(&path).await.ok();
}
