//! Members in the lobby: the same channel, seen by both protocols.

#![expect(clippy::unwrap_used, reason = "a test")]

use decentra_model::close;
use decentra_model::lobby::ServerFrame;
use decentra_testkit::{Client, Gateway, Rest, World};
use serde_json::{Value, json};

/// A server, its owner, and the channel behind the lobby.
struct Place {
    world: World,
    ana: Rest,
    channel: String,
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let ana = Rest::register(world.address(), "ana").await;
        let guilds = ana.get("/users/@me/guilds").await.ok();
        let home = guilds[0]["id"].as_str().unwrap();
        let channels = ana.get(&format!("/guilds/{home}/channels")).await.ok();
        let lobby = channels.as_array().unwrap().iter().find(|channel| channel["name"] == "lobby").unwrap();
        let channel = lobby["id"].as_str().unwrap().to_owned();
        Self { world, ana, channel }
    }

    /// A connection of the lobby that joined by a token.
    async fn member(&self, who: &Rest) -> Client {
        let mut client = self.world.connect().await;
        client.send(json!({"type": "join", "username": "whatever", "token": who.token})).await;
        let ServerFrame::History(history) = client.next().await else { panic!("a history was due") };
        assert_eq!(history.you.as_deref(), Some("ana"));
        client
    }

    fn messages(&self) -> String {
        format!("/channels/{}/messages", self.channel)
    }

    async fn say(&self, content: &str) -> Value {
        self.ana.post(&self.messages(), json!({"content": content})).await.ok()
    }

    /// Sets what everyone may not do in the lobby.
    async fn deny(&self, permissions: u64) {
        let home = self.ana.get(&format!("/channels/{}", self.channel)).await.ok()["guild_id"].clone();
        let path = format!("/channels/{}/permissions/{}", self.channel, home.as_str().unwrap());
        self.ana.put(&path, json!({"type": 0, "allow": "0", "deny": permissions.to_string()})).await.ok();
    }

    /// What newcomers are shown of what was said.
    async fn history(&self) -> Vec<String> {
        let mut guest = self.world.connect().await;
        let history = guest.join("Guest").await;
        let content = |frame: &ServerFrame| match frame {
            ServerFrame::Message(message) => message.content.clone(),
            other => panic!("not a message: {other:?}"),
        };
        history.messages.iter().map(content).collect()
    }
}

#[tokio::test]
async fn what_is_said_in_the_lobby_is_seen_through_the_api_and_the_other_way_round() {
    let place = Place::new().await;
    let mut session = Gateway::identify(place.world.address(), place.ana.token.as_ref().unwrap()).await;
    let mut guest = place.world.join("Gus").await;
    guest.say("hello from the terminal").await;
    let told = session.until("MESSAGE_CREATE").await;
    assert_eq!(
        (&told["content"], &told["author"]["username"]),
        (&json!("hello from the terminal"), &json!("Gus"))
    );
    assert!(told["webhook_id"].is_string(), "a guest has no account");
    guest.hears().await;
    place.say("hello from the browser").await;
    assert_eq!(guest.hears().await, ("ana".into(), "hello from the browser".into()));
    let page = place.ana.get(&place.messages()).await.ok();
    let contents: Vec<_> =
        page.as_array().unwrap().iter().map(|message| message["content"].clone()).collect();
    assert_eq!(contents, ["hello from the browser", "hello from the terminal"]);
}

#[tokio::test]
async fn a_member_joins_by_a_token_under_the_name_of_the_account_from_two_places_at_once() {
    let place = Place::new().await;
    let mut one = place.member(&place.ana).await;
    let mut other = place.member(&place.ana).await;
    assert_eq!(one.is_told().await, "ana joined the chat");
    other.say("it is me").await;
    assert_eq!(one.hears().await, ("ana".into(), "it is me".into()));
    let page = place.ana.get(&place.messages()).await.ok();
    assert_eq!(page[0]["author"]["id"], place.ana.user_id);
}

#[tokio::test]
async fn a_guest_cannot_take_the_name_of_a_member() {
    let place = Place::new().await;
    for name in ["ana", "ANA", " Ana "] {
        let mut guest = place.world.connect().await;
        guest.send(json!({"type": "join", "username": name})).await;
        assert!(guest.system().await.content.contains("is the name of a member"), "{name}");
        assert_eq!(guest.is_closed().await, close::NAME_REFUSED);
    }
}

#[tokio::test]
async fn a_guest_whose_name_somebody_registers_is_let_go() {
    let place = Place::new().await;
    let mut guest = place.world.join("ben").await;
    Rest::register(place.world.address(), "Ben").await;
    assert_eq!(guest.is_closed().await, close::NAME_REFUSED);
}

#[tokio::test]
async fn a_token_that_is_not_known_does_not_make_a_guest() {
    let place = Place::new().await;
    let mut client = place.world.connect().await;
    client.send(json!({"type": "join", "username": "Gus", "token": "made up"})).await;
    assert_eq!(client.system().await.content, "This token is not known here.");
    assert_eq!(client.is_closed().await, close::NAME_REFUSED);
}

#[tokio::test]
async fn who_logs_out_is_out_of_the_lobby_too() {
    let place = Place::new().await;
    let mut client = place.member(&place.ana).await;
    place.ana.post("/auth/logout", Value::Null).await.ok();
    assert_eq!(client.is_closed().await, close::NAME_REFUSED);
}

#[tokio::test]
async fn what_was_deleted_or_edited_is_shown_to_newcomers_as_it_is_now() {
    let place = Place::new().await;
    let gone = place.say("soon gone").await;
    let wrong = place.say("speling").await;
    assert_eq!(place.history().await, ["soon gone", "speling"]);
    let path = |message: &Value| format!("{}/{}", place.messages(), message["id"].as_str().unwrap());
    place.ana.delete(&path(&gone)).await.ok();
    place.ana.patch(&path(&wrong), json!({"content": "spelling"})).await.ok();
    assert_eq!(place.history().await, ["spelling"]);
    let place = Place { world: place.world.restart().await, ..place };
    assert_eq!(place.history().await, ["spelling"]);
}

#[tokio::test]
async fn a_lobby_that_everyone_may_not_see_is_closed_to_guests() {
    let place = Place::new().await;
    let mut guest = place.world.join("Gus").await;
    place.deny(1 << 10).await;
    assert_eq!(guest.is_closed().await, close::NAME_REFUSED);
    let mut late = place.world.connect().await;
    late.send(json!({"type": "join", "username": "Late"})).await;
    assert_eq!(late.system().await.content, "The lobby is not open to guests.");
    // Its owner may see it still.
    place.member(&place.ana).await;
}

#[tokio::test]
async fn where_everyone_may_not_write_a_guest_only_reads() {
    let place = Place::new().await;
    let mut guest = place.world.join("Gus").await;
    place.deny(1 << 11).await;
    guest.say("let me").await;
    assert_eq!(
        guest.system().await.content,
        "That was not taken: You lack permissions to perform that action."
    );
    place.say("read this").await;
    assert_eq!(guest.hears().await, ("ana".into(), "read this".into()));
}

#[tokio::test]
async fn the_mark_of_a_guest_is_never_that_of_a_members_message() {
    let place = Place::new().await;
    place.deny(1 << 10).await;
    let marked =
        |content: &str, nonce: u8| json!({"content": content, "nonce": nonce, "enforce_nonce": true});
    place.ana.post(&place.messages(), marked("a secret", 7)).await.ok();
    place.deny(0).await;
    let mut guest = place.world.join("Gus").await;
    for (nonce, content) in [(7, "is it you?"), (8, "I was first")] {
        for mark in [format!("{}:{nonce}", place.ana.user_id), format!("{}{nonce}", place.ana.user_id)] {
            guest.send(json!({"type": "message", "content": content, "nonce": mark})).await;
            assert_eq!(guest.hears().await, ("Gus".into(), content.into()), "{mark}");
        }
    }
    let sent = place.ana.post(&place.messages(), marked("mine", 8)).await.ok();
    assert_eq!((&sent["content"], &sent["author"]["id"]), (&json!("mine"), &json!(place.ana.user_id)));
}

#[tokio::test]
async fn the_lobby_itself_cannot_be_deleted() {
    let place = Place::new().await;
    assert_eq!(place.ana.delete(&format!("/channels/{}", place.channel)).await.status, 403);
}
