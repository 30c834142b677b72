//! Guests who open many connections, to be faster than one may be.

use decentra_model::limits::{
    GUEST_JOINS_BURST, GUEST_JOINS_REFILL, GUEST_MESSAGES_BURST, GUEST_MESSAGES_REFILL, LOBBY_BURST,
};
use decentra_model::lobby::{ErrorCode, ServerFrame};
use decentra_server::settings::Registration;
use decentra_testkit::{Client, Rest, World};
use serde_json::{Value, json};

/// A message; a nonce that was there before is told again to who sends it.
fn say(nonce: &str) -> Value {
    json!({"type": "message", "content": "x", "nonce": nonce})
}

/// Whether what someone has just said was taken.
async fn is_taken(guest: &mut Client) -> bool {
    loop {
        match guest.next().await {
            ServerFrame::Message(_) => return true,
            ServerFrame::System(frame) if frame.error == Some(ErrorCode::TooFast) => {
                assert_eq!(frame.nonce.as_deref(), Some("mine"));
                assert!(frame.retry_after_ms.is_some());
                return false;
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_guests_of_one_network_speak_no_faster_by_being_many() {
    let world = World::with(|settings| settings.registration = Registration::Open).await;
    let ana = Rest::register(world.address(), "ana").await;
    let mut taken = 0;
    // Each speaks as much as one may at once, or until they are told to wait.
    for _ in 0..2 * GUEST_MESSAGES_BURST / (LOBBY_BURST - 1) {
        let mut guest = world.join("Flood").await;
        for _ in 0..LOBBY_BURST - 1 {
            guest.send(say("mine")).await;
            if !is_taken(&mut guest).await {
                break;
            }
            taken += 1;
        }
    }
    assert_eq!(taken, GUEST_MESSAGES_BURST);
    // Who has an account is counted by it.
    let mut member = world.connect().await;
    member.send(json!({"type": "join", "token": ana.token})).await;
    member.next().await;
    member.send(say("hers")).await;
    assert!(is_taken(&mut member).await);
    world.advance(GUEST_MESSAGES_REFILL);
    let mut guest = world.join("Flood").await;
    guest.send(say("mine")).await;
    assert!(is_taken(&mut guest).await);
}

#[tokio::test]
async fn the_guests_of_one_network_do_not_come_and_go_without_end() {
    let world = World::new().await;
    for _ in 0..GUEST_JOINS_BURST {
        world.join("Flood").await.leave().await;
    }
    let mut guest = world.connect().await;
    guest.send(json!({"type": "join", "username": "Flood"})).await;
    assert_eq!(guest.is_refused().await, ErrorCode::TooFast);
    world.advance(GUEST_JOINS_REFILL);
    guest.join("Flood").await;
}
