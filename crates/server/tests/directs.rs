//! Direct messages between two.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "directs/people.rs"]
mod people;

use decentra_testkit::{Gateway, Rest};
use serde_json::{Value, json};

use crate::people::{Hears, People, text};

const UNKNOWN_CHANNEL: (u16, u64) = (404, 10_003);
const DIRECT_CHANNEL: (u16, u64) = (403, 50_003);
const CANNOT_WRITE_TO: (u16, u64) = (403, 50_007);
const INVALID_RECIPIENTS: (u16, u64) = (400, 50_033);
const INVALID_FORM: (u16, u64) = (400, 50_035);

#[tokio::test]
async fn two_have_one_channel_whoever_opens_it() {
    let people = People::new().await;
    let opened = people.open(&people.ana, &people.ben).await;
    assert_eq!((&opened["type"], &opened["last_message_id"]), (&json!(1), &Value::Null));
    assert_eq!(opened["recipients"][0]["id"], people.ben.user_id, "one is not told of oneself");
    assert_eq!(opened["recipients"].as_array().unwrap().len(), 1);
    let again = people.open(&people.ben, &people.ana).await;
    assert_eq!((&again["id"], &again["recipients"][0]["username"]), (&opened["id"], &json!("Ana")));
    let of_one = json!({"recipients": [people.ben.user_id]});
    assert_eq!(people.ana.post("/users/@me/channels", of_one).await.ok()["id"], opened["id"]);
    let read = people.ana.get(&format!("/channels/{}", text(&opened["id"]))).await.ok();
    assert_eq!(read, opened);
}

#[tokio::test]
async fn a_channel_is_in_the_list_of_the_other_once_something_is_written_in_it() {
    let people = People::new().await;
    let mut ben = people.session(&people.ben).await;
    assert_eq!(ben.ready["private_channels"], json!([]));
    let id = text(&people.open(&people.ana, &people.ben).await["id"]);
    assert_eq!(people.listed(&people.ana).await, std::slice::from_ref(&id));
    assert!(people.listed(&people.ben).await.is_empty());
    let sent = people.say(&people.ana, &id, "psst").await;
    let created = ben.hears("CHANNEL_CREATE").await;
    assert_eq!((&created["id"], &created["recipients"][0]["username"]), (&json!(id), &json!("Ana")));
    let told = ben.hears("MESSAGE_CREATE").await;
    assert_eq!((&told["id"], &told["content"]), (&sent["id"], &json!("psst")));
    assert!(told.get("guild_id").is_none() && told.get("member").is_none(), "{told}");
    assert_eq!(told["channel_type"], 1, "by which a bot knows what kind of channel it is");
    assert_eq!(people.listed(&people.ben).await, std::slice::from_ref(&id));
    let ready = people.session(&people.ben).await.ready;
    assert_eq!(ready["private_channels"][0]["id"], json!(id));
    assert_eq!(ready["private_channels"][0]["last_message_id"], sent["id"]);
}

#[tokio::test]
async fn who_puts_a_channel_away_gets_it_back_with_the_next_message() {
    let people = People::new().await;
    let id = people.pair().await;
    let mut ben = people.session(&people.ben).await;
    let closed = people.ben.delete(&format!("/channels/{id}")).await.ok();
    assert_eq!(closed["id"], json!(id));
    assert_eq!(ben.hears("CHANNEL_DELETE").await["id"], json!(id));
    assert!(people.listed(&people.ben).await.is_empty());
    assert_eq!(people.listed(&people.ana).await, std::slice::from_ref(&id), "it is there for the other");
    people.say(&people.ana, &id, "still there?").await;
    assert_eq!(ben.hears("CHANNEL_CREATE").await["id"], json!(id));
    assert_eq!(people.listed(&people.ben).await, [id]);
}

#[tokio::test]
async fn all_that_messages_can_they_can_here() {
    let people = People::new().await;
    let id = people.pair().await;
    let mut ben = people.session(&people.ben).await;
    let message = text(&people.say(&people.ana, &id, "one").await["id"]);
    ben.until("MESSAGE_CREATE").await;
    let at = |rest: &str| format!("/channels/{id}{rest}");
    people.ana.post(&at("/typing"), json!({})).await.ok();
    let typing = ben.hears("TYPING_START").await;
    assert_eq!((&typing["channel_id"], &typing["user_id"]), (&json!(id), &json!(people.ana.user_id)));
    assert!(typing.get("guild_id").is_none() && typing.get("member").is_none(), "{typing}");
    people.ana.patch(&at(&format!("/messages/{message}")), json!({"content": "two"})).await.ok();
    assert_eq!(ben.hears("MESSAGE_UPDATE").await["content"], "two");
    people.ana.put(&at(&format!("/messages/{message}/reactions/%F0%9F%91%8D/@me")), Value::Null).await.ok();
    let reaction = ben.hears("MESSAGE_REACTION_ADD").await;
    assert_eq!((&reaction["message_id"], reaction.get("guild_id")), (&json!(message), None));
    people.ana.put(&at(&format!("/messages/pins/{message}")), Value::Null).await.ok();
    ben.hears("MESSAGE_UPDATE").await;
    assert_eq!(ben.hears("CHANNEL_PINS_UPDATE").await["channel_id"], json!(id));
    let notice = ben.hears("MESSAGE_CREATE").await;
    assert_eq!((&notice["type"], notice["message_reference"].get("guild_id")), (&json!(6), None));
    let answer = json!({"content": "yes", "message_reference": {"message_id": message}});
    let reply = people.ben.post(&at("/messages"), answer).await.ok();
    assert_eq!((&reply["type"], &reply["mentions"][0]["username"]), (&json!(19), &json!("Ana")));
    ben.hears("MESSAGE_CREATE").await;
    let page = people.ben.get(&at("/messages")).await.ok();
    let contents: Vec<&str> =
        page.as_array().unwrap().iter().map(|message| message["content"].as_str().unwrap()).collect();
    assert_eq!(contents, ["yes", "", "two", "hello"]);
    people.ana.delete(&at(&format!("/messages/{message}"))).await.ok();
    assert_eq!(ben.hears("MESSAGE_DELETE").await, json!({"id": message, "channel_id": id}));
}

#[tokio::test]
async fn a_channel_of_others_looks_as_if_it_did_not_exist() {
    let people = People::new().await;
    let id = people.pair().await;
    let message = text(&people.say(&people.ana, &id, "psst").await["id"]);
    let cleo = &people.cleo;
    let at = |rest: &str| format!("/channels/{id}{rest}");
    let of_it = format!("/messages/{message}");
    for answer in [
        cleo.get(&at("")).await,
        cleo.delete(&at("")).await,
        cleo.get(&at("/messages")).await,
        cleo.get(&at(&of_it)).await,
        cleo.get(&at("/pins")).await,
        cleo.post(&at("/messages"), json!({"content": "hi"})).await,
        cleo.post(&at("/typing"), json!({})).await,
        cleo.patch(&at(&of_it), json!({"content": "hi"})).await,
        cleo.delete(&at(&of_it)).await,
        cleo.put(&at(&format!("{of_it}/reactions/%F0%9F%91%8D/@me")), Value::Null).await,
        cleo.put(&at(&format!("/pins/{message}")), Value::Null).await,
        cleo.post(&at("/invites"), json!({})).await,
        cleo.patch(&at(""), json!({"name": "mine"})).await,
    ] {
        assert_eq!(answer.refusal(), UNKNOWN_CHANNEL, "{answer:?}");
    }
    assert!(people.listed(cleo).await.is_empty());
}

#[tokio::test]
async fn others_hear_nothing_of_it() {
    let people = People::new().await;
    let mut cleo = people.session(&people.cleo).await;
    let id = people.pair().await;
    people.say(&people.ana, &id, "psst").await;
    people.ana.post(&format!("/channels/{id}/typing"), json!({})).await.ok();
    people
        .ana
        .post(&format!("/channels/{}/messages", people.general().await), json!({"content": "hi"}))
        .await
        .ok();
    assert_eq!(cleo.hears("MESSAGE_CREATE").await["content"], "hi", "and nothing before it");
}

#[tokio::test]
async fn what_guilds_have_direct_channels_do_not() {
    let people = People::new().await;
    let id = people.pair().await;
    let theirs = text(&people.say(&people.ben, &id, "mine").await["id"]);
    let other = text(&people.say(&people.ben, &id, "mine, too").await["id"]);
    let at = |rest: &str| format!("/channels/{id}{rest}");
    let ana = &people.ana;
    for answer in [
        ana.delete(&at(&format!("/messages/{theirs}"))).await,
        ana.post(&at("/messages/bulk-delete"), json!({"messages": [theirs, other]})).await,
        ana.delete(&at(&format!("/messages/{theirs}/reactions"))).await,
        ana.post(&at("/invites"), json!({})).await,
        ana.get(&at("/invites")).await,
        ana.patch(&at(""), json!({"name": "ours"})).await,
        ana.put(&at(&format!("/permissions/{}", people.ben.user_id)), json!({"type": 1})).await,
    ] {
        assert_eq!(answer.refusal(), DIRECT_CHANNEL, "{answer:?}");
    }
    let edit = ana.patch(&at(&format!("/messages/{theirs}")), json!({"content": "yours"})).await;
    assert_eq!(edit.refusal(), (403, 50_005));
}

#[tokio::test]
async fn nobody_has_a_channel_with_themselves_nor_with_nobody() {
    let people = People::new().await;
    let ana = &people.ana;
    let open = async |body: Value| ana.post("/users/@me/channels", body).await.refusal();
    assert_eq!(open(json!({"recipient_id": ana.user_id})).await, INVALID_RECIPIENTS);
    assert_eq!(open(json!({"recipient_id": "1"})).await, INVALID_RECIPIENTS);
    assert_eq!(open(json!({"recipient_id": "nobody"})).await, INVALID_FORM);
    assert_eq!(open(json!({})).await, INVALID_RECIPIENTS);
    let password = json!({"password": "the password of Cleo"});
    people.cleo.post("/users/@me/delete", password).await.ok();
    assert_eq!(open(json!({"recipient_id": people.cleo.user_id})).await, INVALID_RECIPIENTS);
}

#[tokio::test]
async fn strangers_and_those_who_are_gone_cannot_be_written_to() {
    let people = People::new().await;
    let id = people.pair().await;
    let message = text(&people.say(&people.ana, &id, "so far").await["id"]);
    let home = people.home().await;
    let refused = async |why: &str| {
        let at = |rest: &str| format!("/channels/{id}{rest}");
        let of_it = format!("/messages/{message}");
        for answer in [
            people.ana.post(&at("/messages"), json!({"content": "hi"})).await,
            people.ana.post(&at("/typing"), json!({})).await,
            people.ana.patch(&at(&of_it), json!({"content": "hi"})).await,
            people.ana.put(&at(&format!("{of_it}/reactions/%F0%9F%91%8D/@me")), Value::Null).await,
            people.ana.put(&at(&format!("/messages/pins/{message}")), Value::Null).await,
        ] {
            assert_eq!(answer.refusal(), CANNOT_WRITE_TO, "{why}: {answer:?}");
        }
    };
    people.ben.delete(&format!("/users/@me/guilds/{home}")).await.ok();
    refused("they share no guild any more").await;
    let history = people.ana.get(&format!("/channels/{id}/messages")).await.ok();
    assert_eq!(history.as_array().unwrap().len(), 2, "what was written stays");
    people.ben.post("/users/@me/delete", json!({"password": "the password of Ben"})).await.ok();
    refused("the account is gone").await;
}

#[tokio::test]
async fn a_bot_receives_and_answers_and_is_told_the_text_without_the_intent_for_it() {
    const DIRECT_MESSAGES: u64 = 1 << 12;
    let people = People::new().await;
    let bot = people.bot("Helper").await;
    let token = bot.token.clone().unwrap();
    let mut session = Gateway::identify_with(people.address(), &token, DIRECT_MESSAGES).await;
    let mut deaf = Gateway::identify_with(people.address(), &token, 1 << 9).await;
    let id = text(&people.open(&people.ben, &bot).await["id"]);
    people.say(&people.ben, &id, "help").await;
    let told = session.hears("MESSAGE_CREATE").await;
    assert_eq!(
        (&told["content"], &told["channel_id"]),
        (&json!("help"), &json!(id)),
        "no CHANNEL_CREATE before"
    );
    let opened = bot.post("/users/@me/channels", json!({"recipient_id": people.ben.user_id})).await.ok();
    assert_eq!(opened["id"], json!(id));
    people.say(&bot, &id, "with what?").await;
    assert_eq!(session.hears("MESSAGE_CREATE").await["content"], "with what?");
    assert_eq!(bot.get("/users/@me/channels").await.ok(), json!([]));
    people
        .ana
        .post(&format!("/channels/{}/messages", people.general().await), json!({"content": "hi"}))
        .await
        .ok();
    assert_eq!(deaf.hears("MESSAGE_CREATE").await["author"]["username"], "Ana", "nothing direct before it");
}

#[tokio::test]
async fn bots_do_not_write_to_bots() {
    let people = People::new().await;
    let (one, other) = (people.bot("One").await, people.bot("Other").await);
    let id = text(&people.open(&one, &other).await["id"]);
    let sent = one.post(&format!("/channels/{id}/messages"), json!({"content": "beep"})).await;
    assert_eq!(sent.refusal(), CANNOT_WRITE_TO);
}

#[tokio::test]
async fn a_session_that_was_away_is_told_what_was_written_to_it_and_nothing_else() {
    let people = People::new().await;
    let id = people.pair().await;
    let others = text(&people.open(&people.ana, &people.cleo).await["id"]);
    let ben = people.session(&people.ben).await;
    let (ready, sequence) = (ben.ready.clone(), ben.sequence);
    drop(ben);
    people.say(&people.ana, &others, "not for Ben").await;
    people.say(&people.ana, &id, "one").await;
    people.say(&people.ana, &others, "nor this").await;
    people.say(&people.ana, &id, "two").await;
    let token = people.ben.token.clone().unwrap();
    let mut ben = Gateway::resume(people.address(), &token, &ready, sequence).await;
    assert_eq!(ben.hears("MESSAGE_CREATE").await["content"], "one");
    assert_eq!(ben.hears("MESSAGE_CREATE").await["content"], "two");
    ben.hears("RESUMED").await;
}

#[tokio::test]
async fn channels_and_what_was_written_outlive_a_restart() {
    let people = People::new().await;
    let id = people.pair().await;
    let sent = people.say(&people.ana, &id, "kept").await;
    let people = people.restart().await;
    let list = people.ben.get("/users/@me/channels").await.ok();
    assert_eq!((&list[0]["id"], &list[0]["last_message_id"]), (&json!(id), &sent["id"]));
    assert_eq!(people.open(&people.ben, &people.ana).await["id"], json!(id));
}

#[tokio::test]
async fn a_stranger_to_the_channel_is_not_answered_otherwise_than_one_to_nothing() {
    let people = People::new().await;
    let id = people.pair().await;
    let nobody = Rest::nobody(people.address());
    assert_eq!(nobody.get(&format!("/channels/{id}")).await.status, 401);
    let there = people.cleo.get(&format!("/channels/{id}")).await;
    let nowhere = people.cleo.get("/channels/1").await;
    assert_eq!((there.status, there.body), (nowhere.status, nowhere.body));
}
