//! Friends, blocks, who may write to whom, and notes.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "directs/people.rs"]
mod people;

use decentra_model::limits::NOTE_CHARS_MAX;
use decentra_testkit::{Answer, Rest};
use serde_json::{Value, json};

use crate::people::{Hears, People, text};

const NOT_FOR_BOTS: (u16, u64) = (403, 20_001);
const UNKNOWN_USER: (u16, u64) = (404, 10_013);
const CANNOT_WRITE_TO: (u16, u64) = (403, 50_007);
const INVALID_FORM: (u16, u64) = (400, 50_035);
const REQUESTS_DISABLED: (u16, u64) = (400, 80_000);
const BLOCKED: (u16, u64) = (400, 80_001);
const FRIEND_OF_BOT: (u16, u64) = (400, 80_002);
const FRIEND_OF_ONESELF: (u16, u64) = (400, 80_003);
const NOBODY_OF_THAT_NAME: (u16, u64) = (400, 80_004);
const ALREADY_FRIENDS: (u16, u64) = (400, 80_007);
const REACTION_BLOCKED: (u16, u64) = (403, 90_001);

fn at(other: &Rest) -> String {
    format!("/users/@me/relationships/{}", other.user_id)
}

async fn ask(who: &Rest, whom: &Rest) -> Answer {
    who.put(&at(whom), json!({})).await
}

async fn block(who: &Rest, whom: &Rest) -> Answer {
    who.put(&at(whom), json!({"type": 2})).await
}

/// What others are to `who`: their names, and Discord's numbers.
async fn are(who: &Rest) -> Vec<(String, u64)> {
    let list = who.get("/users/@me/relationships").await.ok();
    let of = |one: &Value| (text(&one["user"]["username"]), one["type"].as_u64().unwrap());
    list.as_array().unwrap().iter().map(of).collect()
}

fn only(name: &str, kind: u64) -> Vec<(String, u64)> {
    vec![(name.to_owned(), kind)]
}

#[tokio::test]
async fn a_request_is_made_and_accepted_and_all_devices_of_both_are_told() {
    let people = People::new().await;
    let (mut ana, mut ben) = (people.session(&people.ana).await, people.session(&people.ben).await);
    assert_eq!(ask(&people.ana, &people.ben).await.status, 204);
    let outgoing = ana.hears("RELATIONSHIP_ADD").await;
    assert_eq!((&outgoing["id"], &outgoing["type"]), (&json!(people.ben.user_id), &json!(4)));
    let incoming = ben.hears("RELATIONSHIP_ADD").await;
    assert_eq!((&incoming["type"], &incoming["user"]["username"]), (&json!(3), &json!("Ana")));
    assert_eq!((are(&people.ana).await, are(&people.ben).await), (only("Ben", 4), only("Ana", 3)));
    assert_eq!(ask(&people.ana, &people.ben).await.status, 204, "to ask twice is no error");
    assert_eq!(ask(&people.ben, &people.ana).await.status, 204);
    assert_eq!(ana.hears("RELATIONSHIP_ADD").await["type"], 1);
    assert_eq!(ben.hears("RELATIONSHIP_ADD").await["type"], 1);
    assert_eq!((are(&people.ana).await, are(&people.ben).await), (only("Ben", 1), only("Ana", 1)));
    assert_eq!(ask(&people.ana, &people.ben).await.refusal(), ALREADY_FRIENDS);
    let ready = people.session(&people.ben).await.ready;
    assert_eq!(ready["relationships"][0]["id"], people.ana.user_id);
    drop((ana, ben));
    let people = people.restart().await;
    assert_eq!(are(&people.ana).await, only("Ben", 1));
}

#[tokio::test]
async fn someone_is_asked_by_name() {
    let people = People::new().await;
    let ask = async |body: Value| people.ana.post("/users/@me/relationships", body).await;
    assert_eq!(ask(json!({"username": "ben", "discriminator": null})).await.status, 204);
    assert_eq!(are(&people.ben).await, only("Ana", 3));
    assert_eq!(ask(json!({"username": "nobody"})).await.refusal(), NOBODY_OF_THAT_NAME);
    assert_eq!(ask(json!({"username": "Ana"})).await.refusal(), FRIEND_OF_ONESELF);
    assert_eq!(ask(json!({})).await.refusal(), INVALID_FORM);
}

#[tokio::test]
async fn either_ends_a_request_or_a_friendship() {
    let people = People::new().await;
    for (accepts, ends) in
        [(false, &people.ana), (false, &people.ben), (true, &people.ana), (true, &people.ben)]
    {
        ask(&people.ana, &people.ben).await.ok();
        if accepts {
            ask(&people.ben, &people.ana).await.ok();
        }
        let other = if ends.user_id == people.ana.user_id { &people.ben } else { &people.ana };
        let mut told = people.session(other).await;
        assert_eq!(ends.delete(&at(other)).await.status, 204);
        assert_eq!(told.hears("RELATIONSHIP_REMOVE").await["id"], ends.user_id);
        assert!(are(&people.ana).await.is_empty() && are(&people.ben).await.is_empty());
        assert_eq!(ends.delete(&at(other)).await.refusal(), UNKNOWN_USER);
    }
}

#[tokio::test]
async fn nobody_is_a_friend_of_oneself_of_a_bot_or_of_nobody() {
    let people = People::new().await;
    let bot = people.bot("Helper").await;
    assert_eq!(ask(&people.ana, &people.ana).await.refusal(), FRIEND_OF_ONESELF);
    assert_eq!(block(&people.ana, &people.ana).await.refusal(), FRIEND_OF_ONESELF);
    assert_eq!(ask(&people.ana, &bot).await.refusal(), FRIEND_OF_BOT);
    assert_eq!(ask(&bot, &people.ana).await.refusal(), NOT_FOR_BOTS);
    assert_eq!(people.ana.put("/users/@me/relationships/1", json!({})).await.refusal(), UNKNOWN_USER);
    assert_eq!(people.ana.put("/users/@me/relationships/x", json!({})).await.refusal(), INVALID_FORM);
    assert_eq!(people.ana.put(&at(&people.ben), json!({"type": 7})).await.refusal(), INVALID_FORM);
    assert!(are(&people.ana).await.is_empty());
}

#[tokio::test]
async fn a_block_ends_a_friendship_and_the_other_is_not_told_of_it() {
    let people = People::new().await;
    people.befriend(&people.ana, &people.ben).await;
    let mut ben = people.session(&people.ben).await;
    assert_eq!(block(&people.ana, &people.ben).await.status, 204);
    assert_eq!(ben.hears("RELATIONSHIP_REMOVE").await["id"], people.ana.user_id);
    assert_eq!((are(&people.ana).await, are(&people.ben).await), (only("Ben", 2), vec![]));
    assert_eq!(block(&people.ana, &people.ben).await.status, 204, "to block twice is no error");
}

#[tokio::test]
async fn requests_and_blocks_do_not_go_in_circles() {
    let people = People::new().await;
    block(&people.ana, &people.ben).await.ok();
    assert_eq!(ask(&people.ben, &people.ana).await.refusal(), REQUESTS_DISABLED);
    assert_eq!(ask(&people.ana, &people.ben).await.refusal(), BLOCKED, "one's own block stands, too");
    block(&people.ben, &people.ana).await.ok();
    assert_eq!(people.ana.delete(&at(&people.ben)).await.status, 204);
    assert_eq!((are(&people.ana).await, are(&people.ben).await), (vec![], only("Ana", 2)));
    assert_eq!(ask(&people.ana, &people.ben).await.refusal(), REQUESTS_DISABLED);
    assert_eq!(people.ben.delete(&at(&people.ana)).await.status, 204);
    ask(&people.ana, &people.ben).await.ok();
    block(&people.ben, &people.ana).await.ok();
    assert_eq!((are(&people.ana).await, are(&people.ben).await), (vec![], only("Ana", 2)));
}

#[tokio::test]
async fn a_block_holds_for_messages_of_both_and_for_reactions_everywhere() {
    let people = People::new().await;
    let pair = people.pair().await;
    people.befriend(&people.ana, &people.ben).await;
    block(&people.ana, &people.ben).await.ok();
    let messages = format!("/channels/{pair}/messages");
    for who in [&people.ana, &people.ben] {
        let sent = who.post(&messages, json!({"content": "hi"})).await;
        assert_eq!(sent.refusal(), CANNOT_WRITE_TO, "{}", who.user_id);
    }
    let general = people.general().await;
    let message = text(&people.say(&people.ana, &general, "all may read this").await["id"]);
    let reaction = format!("/channels/{general}/messages/{message}/reactions/%F0%9F%91%8D/@me");
    assert_eq!(people.ben.put(&reaction, Value::Null).await.refusal(), REACTION_BLOCKED);
    assert_eq!(people.cleo.put(&reaction, Value::Null).await.status, 204);
    assert_eq!(people.ben.put(&reaction, Value::Null).await.refusal(), REACTION_BLOCKED, "nor a second one");
    people.ana.delete(&at(&people.ben)).await.ok();
    assert_eq!(people.ben.put(&reaction, Value::Null).await.status, 204);
    people.ben.post(&messages, json!({"content": "hi"})).await.ok();
}

#[tokio::test]
async fn a_guild_can_be_no_reason_to_be_written_to_and_a_friendship_always_is_one() {
    let people = People::new().await;
    let pair = people.pair().await;
    let bot = people.bot("Helper").await;
    let of_bot = text(&people.open(&bot, &people.ben).await["id"]);
    let home = people.home().await;
    let mut ben = people.session(&people.ben).await;
    let restrict = json!({"restricted_guilds": [home]});
    let settings = people.ben.patch("/users/@me/settings", restrict).await.ok();
    assert_eq!(settings["restricted_guilds"], json!([home]));
    assert_eq!(ben.hears("USER_SETTINGS_UPDATE").await["restricted_guilds"], json!([home]));
    let send = async |who: &Rest, id: &str| {
        who.post(&format!("/channels/{id}/messages"), json!({"content": "hi"})).await
    };
    assert_eq!(send(&people.ana, &pair).await.refusal(), CANNOT_WRITE_TO);
    assert_eq!(send(&bot, &of_bot).await.refusal(), CANNOT_WRITE_TO);
    assert_eq!(send(&people.ben, &pair).await.status, 200, "it is for one way");
    people.befriend(&people.ana, &people.ben).await;
    assert_eq!(send(&people.ana, &pair).await.status, 200);
    drop(ben);
    let people = people.restart().await;
    let ready = people.session(&people.ben).await.ready;
    assert_eq!(ready["user_settings"]["restricted_guilds"], json!([home]));
}

#[tokio::test]
async fn whoever_wishes_so_restricts_each_guild_that_they_come_to() {
    let people = People::new().await;
    people.ben.patch("/users/@me/settings", json!({"default_guilds_restricted": true})).await.ok();
    let guild = people.ana.post("/guilds", json!({"name": "Garden"})).await.ok();
    let channels = people.ana.get(&format!("/guilds/{}/channels", text(&guild["id"]))).await.ok();
    let channel = channels.as_array().unwrap().iter().find(|channel| channel["type"] == 0).unwrap();
    let invites = format!("/channels/{}/invites", text(&channel["id"]));
    let code = text(&people.ana.post(&invites, json!({})).await.ok()["code"]);
    people.ben.post(&format!("/invites/{code}"), Value::Null).await.ok();
    let settings = people.ben.get("/users/@me/settings").await.ok();
    assert_eq!(settings["restricted_guilds"], json!([guild["id"]]));
    assert_eq!(settings["default_guilds_restricted"], true);
}

#[tokio::test]
async fn one_says_who_may_ask() {
    let people = People::new().await;
    let dana = people.person("Dana").await;
    let flags = |all: bool, friends: bool, guilds: bool| json!({"friend_source_flags": {"all": all, "mutual_friends": friends, "mutual_guilds": guilds}});
    let only = async |body: Value| people.ben.patch("/users/@me/settings", body).await.ok();
    only(flags(false, false, false)).await;
    assert_eq!(ask(&people.ana, &people.ben).await.refusal(), REQUESTS_DISABLED);
    only(flags(false, false, true)).await;
    assert_eq!(ask(&people.ana, &people.ben).await.status, 204, "they share the home");
    people.befriend(&people.cleo, &people.ben).await;
    only(flags(false, true, false)).await;
    assert_eq!(ask(&dana, &people.ben).await.refusal(), REQUESTS_DISABLED);
    people.befriend(&people.cleo, &dana).await;
    assert_eq!(ask(&dana, &people.ben).await.status, 204, "Cleo is a friend of both");
    let bad = json!({"friend_source_flags": {"all": "maybe"}});
    assert_eq!(people.ben.patch("/users/@me/settings", bad).await.refusal(), INVALID_FORM);
    assert_eq!(
        people.ben.patch("/users/@me/settings", json!({"restricted_guilds": 7})).await.refusal(),
        INVALID_FORM
    );
}

#[tokio::test]
async fn a_friend_can_be_called_otherwise_for_oneself() {
    let people = People::new().await;
    people.befriend(&people.ana, &people.ben).await;
    let (mut ana, mut ben) = (people.session(&people.ana).await, people.session(&people.ben).await);
    assert_eq!(people.ana.patch(&at(&people.ben), json!({"nickname": "Benny"})).await.status, 204);
    assert_eq!(ana.hears("RELATIONSHIP_UPDATE").await["nickname"], "Benny");
    assert_eq!(people.ana.patch(&at(&people.cleo), json!({"nickname": "C"})).await.refusal(), UNKNOWN_USER);
    people.say(&people.ana, &people.general().await, "hi").await;
    assert_eq!(ben.hears("MESSAGE_CREATE").await["content"], "hi", "Ben was not told");
    people.ana.patch(&at(&people.ben), json!({"nickname": null})).await.ok();
    assert_eq!(ana.until("RELATIONSHIP_UPDATE").await["nickname"], Value::Null);
}

#[tokio::test]
async fn friends_who_share_no_guild_see_each_other_come_and_go() {
    let people = People::new().await;
    people.befriend(&people.ana, &people.ben).await;
    let home = people.home().await;
    people.ben.delete(&format!("/users/@me/guilds/{home}")).await.ok();
    let mut ben = people.session(&people.ben).await;
    let ana = people.session(&people.ana).await;
    let here = ben.hears("PRESENCE_UPDATE").await;
    assert_eq!((&here["user"]["id"], &here["status"]), (&json!(people.ana.user_id), &json!("online")));
    assert!(here.get("guild_id").is_none());
    let ready = people.session(&people.ben).await.ready;
    assert_eq!(ready["presences"][0]["user"]["id"], people.ana.user_id);
    drop(ana);
    let pair = text(&people.open(&people.ana, &people.ben).await["id"]);
    people.say(&people.ana, &pair, "friends write, guild or not").await;
}

#[tokio::test]
async fn new_friends_are_told_at_once_how_they_appear() {
    let people = People::new().await;
    let home = people.home().await;
    people.ben.delete(&format!("/users/@me/guilds/{home}")).await.ok();
    let mut ben = people.session(&people.ben).await;
    let _ana = people.session(&people.ana).await;
    ask(&people.ben, &people.ana).await.ok();
    ben.hears("RELATIONSHIP_ADD").await;
    ask(&people.ana, &people.ben).await.ok();
    assert_eq!(ben.hears("RELATIONSHIP_ADD").await["type"], 1);
    let here = ben.hears("PRESENCE_UPDATE").await;
    assert_eq!((&here["user"]["id"], &here["status"]), (&json!(people.ana.user_id), &json!("online")));
}

#[tokio::test]
async fn a_note_is_for_oneself_on_all_devices() {
    let people = People::new().await;
    let (ana, ben) = (&people.ana, &people.ben);
    let path = format!("/users/@me/notes/{}", ben.user_id);
    let mut session = people.session(ana).await;
    assert_eq!(ana.get(&path).await.refusal(), UNKNOWN_USER);
    assert_eq!(ana.put(&path, json!({"note": "likes beans"})).await.status, 204);
    let told = session.hears("USER_NOTE_UPDATE").await;
    assert_eq!(told, json!({"id": ben.user_id, "note": "likes beans"}));
    let note = json!({"user_id": ana.user_id, "note_user_id": ben.user_id, "note": "likes beans"});
    assert_eq!(ana.get(&path).await.ok(), note);
    drop(session);
    let people = people.restart().await;
    let (ana, ben) = (&people.ana, &people.ben);
    let all = json!({ben.user_id.clone(): "likes beans"});
    assert_eq!(ana.get("/users/@me/notes").await.ok(), all);
    assert_eq!(people.session(ana).await.ready["notes"], all);
    assert_eq!(ben.get("/users/@me/notes").await.ok(), json!({}));
    assert_eq!(ana.put(&path, json!({"note": "x".repeat(NOTE_CHARS_MAX + 1)})).await.refusal(), INVALID_FORM);
    assert_eq!(ana.put("/users/@me/notes/1", json!({"note": "who?"})).await.refusal(), UNKNOWN_USER);
    assert_eq!(ana.put(&path, json!({"note": ""})).await.status, 204);
    assert_eq!(ana.get(&path).await.refusal(), UNKNOWN_USER);
}

#[tokio::test]
async fn whose_account_goes_is_nothing_to_anybody() {
    let people = People::new().await;
    people.befriend(&people.ana, &people.ben).await;
    ask(&people.cleo, &people.ben).await.ok();
    people.ben.post("/users/@me/delete", json!({"password": "the password of Ben"})).await.ok();
    assert!(are(&people.ana).await.is_empty() && are(&people.cleo).await.is_empty());
    assert_eq!(ask(&people.ana, &people.ben).await.refusal(), UNKNOWN_USER);
}
