//! Bodies that cost more to read than to send.

use decentra_model::limits::{BODY_BYTES_MAX, BODY_COMMAS_MAX, BODY_TIMEOUT, LONG_BODIES_AT_ONCE};
use decentra_testkit::{Raw, Rest, World};
use serde_json::json;

const JSON: &str = "content-type: application/json\r\n";

#[tokio::test]
async fn only_what_may_hold_a_picture_or_files_may_be_long() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let long = vec![b' '; BODY_BYTES_MAX + 1];
    for path in ["/auth/login", "/auth/register"] {
        assert_eq!(
            Rest::nobody(world.address()).send("POST", path, JSON, &long).await.refusal(),
            (413, 40005)
        );
    }
    assert_eq!(ana.send("PATCH", "/users/@me/settings", JSON, &long).await.refusal(), (413, 40005));
    assert_eq!(ana.send("PATCH", "/users/@me", JSON, &long).await.refusal(), (400, 50109));
    // In pieces, without a word of how many come.
    let piece = [format!("{:x}\r\n", long.len()).as_bytes(), &long, b"\r\n0\r\n\r\n"].concat();
    let head = format!(
        "PATCH /api/v10/users/@me/settings HTTP/1.1\r\nhost: test\r\nconnection: close\r\nauthorization: {}\r\n\
         {JSON}transfer-encoding: chunked\r\n\r\n",
        ana.token.as_deref().unwrap()
    );
    let mut raw = world.raw().await;
    raw.send(head.as_bytes()).await.unwrap();
    raw.send(&piece).await.unwrap();
    assert_eq!(raw.status().await, "413");
}

#[tokio::test]
async fn a_body_of_many_small_values_is_not_unfolded() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    for unit in ["0,", "[],", "{\"a\":0},"] {
        let body = format!("{{\"bio\":[{}0]}}", unit.repeat(BODY_COMMAS_MAX + 1));
        let answer = ana.send("PATCH", "/users/@me", JSON, body.as_bytes()).await;
        assert_eq!(answer.refusal(), (400, 50109), "{unit}");
        assert!(answer.body["message"].as_str().unwrap().contains("too many values"), "{}", answer.body);
    }
    let keys: Vec<_> = (0..BODY_COMMAS_MAX).map(|nth| format!("\"{nth}\":0")).collect();
    let body = format!("{{{}}}", keys.join(","));
    ana.send("PATCH", "/users/@me", JSON, body.as_bytes()).await.ok();
}

#[tokio::test]
async fn a_body_that_is_nested_without_end_is_refused() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    for unit in ["[", "{\"a\":", "{\"embeds\":[", "[[{\"a\":[{\"b\":"] {
        let body = unit.repeat(BODY_BYTES_MAX / 2 / unit.len());
        let answer = ana.send("PATCH", "/users/@me", JSON, body.as_bytes()).await;
        assert_eq!(answer.refusal(), (400, 50109), "{unit}");
    }
    ana.get("/users/@me").await.ok();
}

/// Begins to send a body of a megabyte, and stops.
async fn begin(world: &World, who: &Rest) -> Raw {
    let head = format!(
        "PATCH /api/v10/users/@me HTTP/1.1\r\nhost: test\r\nconnection: close\r\nauthorization: {}\r\n{JSON}\
         content-length: 1000000\r\n\r\n{{",
        who.token.as_deref().unwrap()
    );
    let mut raw = world.raw().await;
    raw.send(head.as_bytes()).await.unwrap();
    raw
}

#[tokio::test]
async fn long_bodies_that_never_come_give_their_places_back() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let mut begun = Vec::new();
    for _ in 0..LONG_BODIES_AT_ONCE {
        begun.push(begin(&world, &ana).await);
    }
    // What is short waits for none of them.
    ana.patch("/users/@me", json!({"bio": "short"})).await.ok();
    world
        .advance_until("the answers", async {
            for raw in &mut begun {
                assert_eq!(raw.status().await, "400");
            }
        })
        .await;
    world.advance(BODY_TIMEOUT);
    let long = json!({"bio": "long", "x": "x".repeat(BODY_BYTES_MAX)});
    assert_eq!(ana.patch("/users/@me", long).await.ok()["bio"], "long");
}

#[tokio::test]
async fn a_head_of_many_headers_or_a_long_query_is_refused_and_a_query_of_many_pairs_is_read() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let refused = ana.send("GET", "/users/@me", &"x: y\r\n".repeat(1_000), b"").await;
    assert_eq!(refused.status, 431);
    let long = world.raw().await.get(&format!("/?{}", "x".repeat(20_000)), "").await;
    assert!(long.starts_with("HTTP/1.1 431") || long.starts_with("HTTP/1.1 414"), "{long}");
    ana.get(&format!("/users/@me/guilds?{}limit=1", "a=1&b[]=&".repeat(1_000))).await.ok();
}
