//! Names that look like another's.

use decentra_model::close;
use decentra_testkit::{Rest, World};
use serde_json::json;

/// The beginning is a Cyrillic letter, there is a character in it that nobody sees, an I stands for an l, …
const LIKE_ALICE: [&str; 5] = ["\u{410}lice", "Al\u{200b}ice", "AIice", "\u{ff21}lice", "Alice\u{2060}"];

#[tokio::test]
async fn a_guest_cannot_take_a_name_that_looks_like_a_members() {
    let world = World::open().await;
    Rest::register(world.address(), "Alice").await;
    for name in LIKE_ALICE {
        let mut guest = world.connect().await;
        guest.send(json!({"type": "join", "username": name})).await;
        assert!(guest.is_told().await.contains("is the name of a member"), "{name:?}");
        assert_eq!(guest.is_closed().await, close::NAME_REFUSED, "{name:?}");
    }
    world.join("Alicia").await;
}

#[tokio::test]
async fn a_guest_who_looks_like_a_newcomer_is_let_go() {
    let world = World::open().await;
    let mut guest = world.join("\u{410}lice").await;
    Rest::register(world.address(), "Alice").await;
    assert_eq!(guest.is_cut_off().await, Some(close::NAME_REFUSED));
}

#[tokio::test]
async fn nobody_registers_or_is_renamed_to_what_looks_like_anothers_name() {
    let world = World::open().await;
    let alice = Rest::register(world.address(), "Alice").await;
    let eve = Rest::register(world.address(), "Eve").await;
    for name in LIKE_ALICE {
        let account = json!({"username": name, "password": "a long password"});
        let answer = Rest::nobody(world.address()).post("/auth/register", account).await;
        let code = &answer.body["errors"]["username"]["_errors"][0]["code"];
        assert_eq!((answer.status, code), (400, &json!("USERNAME_ALREADY_TAKEN")), "{name:?}");
        let change = json!({"username": name, "password": "the password of Eve"});
        assert_eq!(eve.patch("/users/@me", change).await.status, 400, "{name:?}");
    }
    // One's own name may change its looks, and is free for others when it is given up.
    let change = |name: &str| json!({"username": name, "password": "the password of Alice"});
    alice.patch("/users/@me", change("\u{410}lice")).await.ok();
    alice.patch("/users/@me", change("Bertha")).await.ok();
    let change = json!({"username": "Alice", "password": "the password of Eve"});
    eve.patch("/users/@me", change).await.ok();
}
