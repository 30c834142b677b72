//! Guessing: of passwords, of invites, and by who pretends to be many.

use decentra_model::limits::{ATTEMPTS_PER_ACCOUNT, CALLS_BURST, CONNECTIONS_MAX, ROUTE_CALLS};
use decentra_server::settings::{OnOff, Registration, Settings};
use decentra_testkit::{Answer, Rest, World};
use serde_json::json;

/// A world behind a proxy, and Ana's account in it.
async fn behind_a_proxy() -> (World, Rest) {
    let world = World::with(|settings| {
        settings.registration = Registration::Open;
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let ana = Rest::register(world.address(), "ana").await;
    (world, ana)
}

async fn from(world: &World, chain: &str, method: &str, path: &str, body: &str) -> Answer {
    let headers = format!("content-type: application/json\r\nx-forwarded-for: {chain}\r\n");
    Rest::nobody(world.address()).send(method, path, &headers, body.as_bytes()).await
}

async fn log_in(world: &World, chain: &str, password: &str) -> u16 {
    let body = json!({"login": "ana", "password": password}).to_string();
    from(world, chain, "POST", "/auth/login", &body).await.status
}

const RIGHT: &str = "the password of ana";

#[tokio::test]
async fn strangers_who_guess_do_not_lock_out_whose_account_it_is() {
    let (world, _ana) = behind_a_proxy().await;
    assert_eq!(log_in(&world, "198.51.100.7", RIGHT).await, 200);
    for nth in 0..2 * ATTEMPTS_PER_ACCOUNT {
        let expected = if nth < ATTEMPTS_PER_ACCOUNT { 400 } else { 429 };
        assert_eq!(log_in(&world, &format!("192.0.2.{nth}"), "a guess").await, expected);
    }
    assert_eq!(log_in(&world, "203.0.113.9", RIGHT).await, 429, "a place that is strange to the account");
    assert_eq!(log_in(&world, "198.51.100.7", RIGHT).await, 200, "where she was before");
    // That place has no more guesses than others.
    for nth in 0..=ATTEMPTS_PER_ACCOUNT {
        let expected = if nth < ATTEMPTS_PER_ACCOUNT { 400 } else { 429 };
        assert_eq!(log_in(&world, "198.51.100.7", "a guess").await, expected);
    }
}

#[tokio::test]
async fn what_a_client_writes_before_the_proxys_own_word_is_not_believed() {
    let (world, _ana) = behind_a_proxy().await;
    let guess = "/invites/a-guess";
    let mut taken = 0;
    for nth in 0..2 * ROUTE_CALLS {
        // Bare, with the port, beyond another proxy: it is the same client all along.
        let chain = [
            format!("10.0.0.{nth}, 192.0.2.1"),
            format!("10.0.0.{nth}, 192.0.2.1:{}", 4_000 + nth),
            format!("10.0.0.{nth}, 192.0.2.1, 127.0.0.1"),
        ];
        taken += u32::from(from(&world, &chain[nth as usize % 3], "GET", guess, "").await.status == 404);
    }
    assert_eq!(taken, ROUTE_CALLS);
    // What is no address ends the chain: then it is the proxy who asks.
    let mut taken = 0;
    for nth in 0..2 * ROUTE_CALLS {
        taken +=
            u32::from(from(&world, &format!("10.0.0.{nth}, unknown"), "GET", guess, "").await.status == 404);
    }
    assert_eq!(taken, ROUTE_CALLS);
}

#[tokio::test]
async fn invites_are_guessed_at_the_rate_of_one_network_whatever_its_addresses() {
    let (world, _ana) = behind_a_proxy().await;
    let mut unknown = 0;
    for nth in 0..3 * ROUTE_CALLS {
        let chain = format!("2001:db8::{nth:x}");
        let answer = from(&world, &chain, "GET", &format!("/invites/guess{nth:03}"), "").await;
        unknown += u32::from(answer.status == 404);
    }
    assert_eq!(unknown, ROUTE_CALLS);
    assert_eq!(from(&world, "2001:db8:1::1", "GET", "/invites/guess000", "").await.status, 404);
}

#[tokio::test]
async fn a_path_that_holds_no_id_makes_no_bucket_of_its_own() {
    let world = World::with(|settings| settings.registration = Registration::Open).await;
    let ana = Rest::register(world.address(), "ana").await;
    let mut taken = 0;
    for nth in 0..CALLS_BURST {
        taken += u32::from(ana.get(&format!("/channels/{}{nth}", "x".repeat(1_000))).await.status == 400);
    }
    assert_eq!(taken, ROUTE_CALLS);
}

#[test]
fn what_nobody_has_set_is_safe() {
    let fresh = Settings::default();
    assert_eq!(fresh.registration, Registration::Invite);
    assert_eq!(fresh.rate_limits, OnOff::On);
    assert_eq!((fresh.connections_max, fresh.connections_per_address), (CONNECTIONS_MAX, 256));
    assert!(fresh.trusted_proxies.is_empty() && fresh.metrics_token.is_none());
}
