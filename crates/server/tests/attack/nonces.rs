//! Marks of messages that are guessed: they neither show what others wrote nor silence them.

use decentra_testkit::{Garden, World};
use serde_json::json;

use crate::text;

#[tokio::test]
async fn a_guest_finds_no_message_of_another_by_its_nonce_and_takes_none_away() {
    let world = World::open().await;
    let [ana] = world.people(["ana"]).await;
    let channel = Garden::of(&ana).await.channel;
    let path = format!("/channels/{channel}/messages");
    let secret = json!({"content": "a secret", "nonce": "7", "enforce_nonce": true});
    let said = text(&ana.post(&path, secret.clone()).await.ok()["id"]);
    let mut eve = world.join("Eve").await;
    for nonce in ["7", "8"] {
        let nonce = format!("{}:{nonce}", ana.user_id);
        eve.send(json!({"type": "message", "content": "a guess", "nonce": nonce})).await;
        assert_eq!(eve.hears().await, ("Eve".to_owned(), "a guess".to_owned()));
    }
    // Ana's first message is still known by its nonce, and the one that Eve was ahead of is Ana's own.
    assert_eq!(ana.post(&path, secret).await.ok()["id"], said.as_str());
    let next = json!({"content": "another secret", "nonce": "8", "enforce_nonce": true});
    let next = ana.post(&path, next).await.ok();
    assert_eq!((&next["content"], &next["channel_id"]), (&json!("another secret"), &json!(channel)));
}

#[tokio::test]
async fn one_account_finds_nothing_of_another_by_its_nonce() {
    let world = World::open().await;
    let [ana, ben] = world.people(["ana", "ben"]).await;
    let hers = Garden::of(&ana).await.channel;
    let his = Garden::of(&ben).await.channel;
    let draft = |content: &str| json!({"content": content, "nonce": "7", "enforce_nonce": true});
    ana.post(&format!("/channels/{hers}/messages"), draft("hers")).await.ok();
    let said = ben.post(&format!("/channels/{his}/messages"), draft("his")).await.ok();
    assert_eq!((&said["content"], &said["author"]["id"]), (&json!("his"), &json!(ben.user_id)));
}
