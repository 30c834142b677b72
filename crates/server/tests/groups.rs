//! Direct messages in groups.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "directs/people.rs"]
mod people;

use decentra_model::limits::RECIPIENTS_MAX;
use decentra_testkit::{Gateway, Rest};
use serde_json::{Value, json};

use crate::people::{Hears, People, text};

const NOT_FOR_BOTS: (u16, u64) = (403, 20_001);
const TOO_MANY_RECIPIENTS: (u16, u64) = (400, 30_004);
const UNKNOWN_CHANNEL: (u16, u64) = (404, 10_003);
const UNKNOWN_USER: (u16, u64) = (404, 10_013);
const DIRECT_CHANNEL: (u16, u64) = (403, 50_003);
const CANNOT_WRITE_TO: (u16, u64) = (403, 50_007);
const MISSING_PERMISSIONS: (u16, u64) = (403, 50_013);
const INVALID_RECIPIENTS: (u16, u64) = (400, 50_033);
const INVALID_FORM: (u16, u64) = (400, 50_035);

/// A picture of one pixel.
const DOT: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// Ana, Ben and Cleo in a group of Ana's, who is a friend of both.
async fn group() -> (People, String) {
    let people = People::new().await;
    people.befriend(&people.ana, &people.ben).await;
    people.befriend(&people.ana, &people.cleo).await;
    let group = text(&open(&people.ana, &[&people.ben, &people.cleo]).await["id"]);
    (people, group)
}

async fn open(who: &Rest, with: &[&Rest]) -> Value {
    let ids: Vec<&str> = with.iter().map(|one| one.user_id.as_str()).collect();
    who.post("/users/@me/channels", json!({"recipients": ids})).await.ok()
}

/// Whom `viewer` sees in a group.
async fn recipients(viewer: &Rest, group: &str) -> Vec<String> {
    let channel = viewer.get(&format!("/channels/{group}")).await.ok();
    channel["recipients"].as_array().unwrap().iter().map(|user| text(&user["username"])).collect()
}

#[tokio::test]
async fn all_in_a_group_have_it_in_their_lists_at_once() {
    let people = People::new().await;
    people.befriend(&people.ana, &people.ben).await;
    people.befriend(&people.ana, &people.cleo).await;
    let mut ben = people.session(&people.ben).await;
    let group = open(&people.ana, &[&people.ben, &people.cleo]).await;
    assert_eq!((&group["type"], &group["name"], &group["icon"]), (&json!(3), &Value::Null, &Value::Null));
    assert_eq!(group["owner_id"], people.ana.user_id);
    let told = ben.hears("CHANNEL_CREATE").await;
    assert_eq!((&told["id"], told["recipients"].as_array().unwrap().len()), (&group["id"], 2));
    let id = text(&group["id"]);
    assert_eq!(recipients(&people.ben, &id).await, ["Ana", "Cleo"]);
    assert_eq!(people.listed(&people.cleo).await, std::slice::from_ref(&id));
    let again = open(&people.ana, &[&people.ben, &people.cleo]).await;
    assert_ne!(again["id"], json!(id), "each is another");
}

#[tokio::test]
async fn only_friends_are_brought_into_a_group_and_never_oneself_a_bot_or_nobody() {
    let people = People::new().await;
    people.befriend(&people.ana, &people.ben).await;
    let bot = people.bot("Helper").await;
    let ana = &people.ana;
    let open =
        async |ids: &[&str]| ana.post("/users/@me/channels", json!({"recipients": ids})).await.refusal();
    let ben = people.ben.user_id.as_str();
    assert_eq!(open(&[]).await, INVALID_RECIPIENTS);
    assert_eq!(open(&[&ana.user_id]).await, INVALID_RECIPIENTS);
    assert_eq!(open(&[ben, &ana.user_id]).await, INVALID_RECIPIENTS);
    assert_eq!(open(&[ben, "1"]).await, INVALID_RECIPIENTS);
    assert_eq!(open(&[ben, &bot.user_id]).await, INVALID_RECIPIENTS);
    assert_eq!(open(&[ben, &people.cleo.user_id]).await, CANNOT_WRITE_TO, "a stranger");
    let ids = [ben, people.cleo.user_id.as_str()];
    let by_bot = bot.post("/users/@me/channels", json!({"recipients": ids})).await;
    assert_eq!(by_bot.refusal(), NOT_FOR_BOTS);
    people.befriend(ana, &people.cleo).await;
    people.cleo.put(&format!("/users/@me/relationships/{}", ana.user_id), json!({"type": 2})).await.ok();
    assert_eq!(open(&[ben, &people.cleo.user_id]).await, CANNOT_WRITE_TO, "who blocked one");
    assert!(people.listed(ana).await.is_empty(), "nothing was made");
}

#[tokio::test]
async fn a_group_has_ten_at_most() {
    let people = People::new().await;
    let mut friends = Vec::new();
    for nth in 0..=RECIPIENTS_MAX {
        let friend = people.person(&format!("friend {nth}")).await;
        people.befriend(&people.ana, &friend).await;
        friends.push(friend);
    }
    let ids: Vec<&str> = friends.iter().map(|friend| friend.user_id.as_str()).collect();
    let open = async |ids: &[&str]| people.ana.post("/users/@me/channels", json!({"recipients": ids})).await;
    assert_eq!(open(&ids).await.refusal(), TOO_MANY_RECIPIENTS);
    let many: Vec<String> = (0..1_000).map(|id| id.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(open(&many).await.refusal(), INVALID_FORM);
    let group = text(&open(&ids[..RECIPIENTS_MAX]).await.ok()["id"]);
    let eleventh = format!("/channels/{group}/recipients/{}", ids[RECIPIENTS_MAX]);
    assert_eq!(people.ana.put(&eleventh, json!({})).await.refusal(), TOO_MANY_RECIPIENTS);
}

#[tokio::test]
async fn who_is_brought_in_is_told_of_the_group_and_the_others_of_them() {
    let (people, group) = group().await;
    let dana = people.person("Dana").await;
    let path = format!("/channels/{group}/recipients/{}", dana.user_id);
    assert_eq!(people.ben.put(&path, json!({})).await.refusal(), CANNOT_WRITE_TO, "no friend of Ben's");
    people.befriend(&people.ben, &dana).await;
    let (mut ana, mut danas) = (people.session(&people.ana).await, people.session(&dana).await);
    assert_eq!(people.ben.put(&path, json!({})).await.status, 204);
    let added = ana.hears("CHANNEL_RECIPIENT_ADD").await;
    assert_eq!((&added["channel_id"], &added["user"]["username"]), (&json!(group), &json!("Dana")));
    assert_eq!(danas.hears("CHANNEL_CREATE").await["id"], json!(group));
    for session in [&mut ana, &mut danas] {
        let notice = session.hears("MESSAGE_CREATE").await;
        let (author, about) = (&notice["author"]["username"], &notice["mentions"][0]["username"]);
        assert_eq!((&notice["type"], author, about), (&json!(1), &json!("Ben"), &json!("Dana")));
    }
    assert_eq!(people.ben.put(&path, json!({})).await.status, 204, "again is no error");
    assert_eq!(recipients(&dana, &group).await, ["Ana", "Ben", "Cleo"]);
}

#[tokio::test]
async fn who_leaves_is_told_and_sees_no_more() {
    let (people, group) = group().await;
    people.say(&people.ana, &group, "hello").await;
    let (mut ben, mut cleo) = (people.session(&people.ben).await, people.session(&people.cleo).await);
    people.ben.delete(&format!("/channels/{group}")).await.ok();
    assert_eq!(ben.hears("CHANNEL_DELETE").await["id"], json!(group));
    assert_eq!(cleo.hears("CHANNEL_RECIPIENT_REMOVE").await["user"]["username"], "Ben");
    let notice = cleo.hears("MESSAGE_CREATE").await;
    assert_eq!((&notice["type"], &notice["author"]["username"]), (&json!(2), &json!("Ben")));
    people.say(&people.ana, &group, "he is gone").await;
    people.say(&people.ana, &people.general().await, "hi").await;
    assert_eq!(ben.hears("MESSAGE_CREATE").await["content"], "hi", "and nothing before it");
    assert_eq!(people.ben.get(&format!("/channels/{group}/messages")).await.refusal(), UNKNOWN_CHANNEL);
    assert!(people.listed(&people.ben).await.is_empty());
}

#[tokio::test]
async fn to_others_a_group_looks_as_if_it_did_not_exist_whatever_they_send() {
    let (people, group) = group().await;
    let dana = people.person("Dana").await;
    for body in [json!({"name": ""}), json!({"topic": "x".repeat(2_000)}), json!({"owner": "x"}), json!({})] {
        let change = async |id: &str| dana.patch(&format!("/channels/{id}"), body.clone()).await.refusal();
        assert_eq!(change(&group).await, change("1").await, "{body}");
    }
}

#[tokio::test]
async fn who_leaves_in_silence_leaves_no_message() {
    let (people, group) = group().await;
    people.ben.delete(&format!("/channels/{group}?silent=true")).await.ok();
    assert_eq!(people.ana.get(&format!("/channels/{group}/messages")).await.ok(), json!([]));
}

#[tokio::test]
async fn only_the_owner_sends_others_away_and_who_owned_it_leaves_it_to_another() {
    let (people, group) = group().await;
    let of = |who: &Rest| format!("/channels/{group}/recipients/{}", who.user_id);
    assert_eq!(people.ben.delete(&of(&people.cleo)).await.refusal(), MISSING_PERMISSIONS);
    assert_eq!(people.ana.delete(&format!("/channels/{group}/recipients/1")).await.refusal(), UNKNOWN_USER);
    assert_eq!(people.ana.delete(&of(&people.cleo)).await.status, 204);
    assert_eq!(people.cleo.delete(&of(&people.ben)).await.refusal(), UNKNOWN_CHANNEL);
    let mut ben = people.session(&people.ben).await;
    people.ana.delete(&of(&people.ana)).await.ok();
    ben.hears("CHANNEL_RECIPIENT_REMOVE").await;
    assert_eq!(ben.hears("CHANNEL_UPDATE").await["owner_id"], people.ben.user_id);
    people.ben.delete(&format!("/channels/{group}")).await.ok();
    assert_eq!(people.ben.get(&format!("/channels/{group}")).await.refusal(), UNKNOWN_CHANNEL);
}

#[tokio::test]
async fn anyone_in_it_names_a_group_and_gives_it_a_picture_and_all_are_told() {
    let (people, group) = group().await;
    let path = format!("/channels/{group}");
    let mut cleo = people.session(&people.cleo).await;
    let named = people.ben.patch(&path, json!({"name": "  Beans  ", "icon": DOT})).await.ok();
    let icon = text(&named["icon"]);
    assert_eq!(named["name"], "Beans");
    assert_eq!(cleo.hears("CHANNEL_UPDATE").await["name"], "Beans");
    let notice = cleo.hears("MESSAGE_CREATE").await;
    assert_eq!((&notice["type"], &notice["content"]), (&json!(4), &json!("Beans")));
    assert_eq!(cleo.hears("MESSAGE_CREATE").await["type"], 5);
    let mut raw = people.world().raw().await;
    let request =
        format!("GET /channel-icons/{group}/{icon}.png HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    raw.send(request.as_bytes()).await.unwrap();
    assert!(raw.read_to_end().await.starts_with(b"HTTP/1.1 200"), "the picture is at its address");
    let cleared = people.ben.patch(&path, json!({"name": "", "icon": null})).await.ok();
    assert_eq!((&cleared["name"], &cleared["icon"]), (&Value::Null, &Value::Null));
    let long = "x".repeat(101);
    assert_eq!(people.ben.patch(&path, json!({"name": long})).await.refusal(), INVALID_FORM);
    assert_eq!(people.ben.patch(&path, json!({"icon": "no picture"})).await.refusal(), INVALID_FORM);
    let own = json!({"owner": people.ben.user_id});
    assert_eq!(people.ben.patch(&path, own.clone()).await.refusal(), MISSING_PERMISSIONS);
    assert_eq!(people.ana.patch(&path, json!({"owner": "1"})).await.refusal(), INVALID_RECIPIENTS);
    assert_eq!(people.ana.patch(&path, own).await.ok()["owner_id"], people.ben.user_id);
}

#[tokio::test]
async fn bringing_someone_into_a_channel_of_two_makes_a_group() {
    let people = People::new().await;
    let pair = people.pair().await;
    people.befriend(&people.ana, &people.ben).await;
    people.befriend(&people.ana, &people.cleo).await;
    let path = |who: &str| format!("/channels/{pair}/recipients/{who}");
    let made = people.ana.put(&path(&people.cleo.user_id), json!({})).await;
    assert_eq!((made.status, &made.body["type"]), (201, &json!(3)));
    assert_eq!(recipients(&people.ana, &pair).await, ["Ben"], "the two keep theirs");
    assert_eq!(recipients(&people.ana, &text(&made.body["id"])).await, ["Ben", "Cleo"]);
    assert_eq!(people.ana.put(&path(&people.ben.user_id), json!({})).await.refusal(), INVALID_RECIPIENTS);
    assert_eq!(people.ana.delete(&path(&people.ben.user_id)).await.refusal(), DIRECT_CHANNEL);
    assert_eq!(people.cleo.put(&path(&people.cleo.user_id), json!({})).await.refusal(), UNKNOWN_CHANNEL);
}

#[tokio::test]
async fn a_session_cannot_resume_across_leaving_a_group_and_can_across_joining_one() {
    let (people, group) = group().await;
    let dana = people.person("Dana").await;
    people.befriend(&people.ana, &dana).await;
    let path = format!("/channels/{group}/recipients/{}", dana.user_id);
    let session = people.session(&dana).await;
    let (ready, sequence) = (session.ready.clone(), session.sequence);
    drop(session);
    people.say(&people.ana, &group, "before she came").await;
    people.ana.put(&path, json!({})).await.ok();
    people.say(&people.ana, &group, "after").await;
    let token = dana.token.clone().unwrap();
    let mut session = Gateway::resume(people.address(), &token, &ready, sequence).await;
    assert_eq!(session.hears("CHANNEL_CREATE").await["id"], json!(group));
    assert_eq!(session.hears("MESSAGE_CREATE").await["type"], 1);
    assert_eq!(session.hears("MESSAGE_CREATE").await["content"], "after");
    session.hears("RESUMED").await;
    let (ready, sequence) = (session.ready.clone(), session.sequence);
    drop(session);
    people.say(&people.ana, &group, "while she was away").await;
    people.ana.delete(&path).await.ok();
    people.say(&people.ana, &group, "of her").await;
    let mut session = Gateway::resume(people.address(), &token, &ready, sequence).await;
    assert_eq!(session.next().await["op"], 9, "she may not see any more what was said while she was away");
}

#[tokio::test]
async fn whose_account_goes_leaves_all_groups() {
    let (people, group) = group().await;
    people.ana.patch(&format!("/channels/{group}"), json!({"owner": people.ben.user_id})).await.ok();
    let mut cleo = people.session(&people.cleo).await;
    people.ben.post("/users/@me/delete", json!({"password": "the password of Ben"})).await.ok();
    cleo.until("CHANNEL_RECIPIENT_REMOVE").await;
    assert_eq!(cleo.until("CHANNEL_UPDATE").await["owner_id"], people.ana.user_id);
    assert_eq!(recipients(&people.cleo, &group).await, ["Ana"]);
}
