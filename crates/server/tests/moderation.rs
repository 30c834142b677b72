//! Bans, and the log of who did what.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use decentra_testkit::{Answer, Garden, Rest, World};
use serde_json::{Value, json};

const BAN: u64 = 1 << 2;
const MANAGE_GUILD: u64 = 1 << 5;
const VIEW_AUDIT_LOG: u64 = 1 << 7;

const HOUR: Duration = Duration::from_hours(1);

/// A guild of Ana's with Ben and Cleo in it; Dan is in none but the home.
struct Place {
    world: World,
    ana: Rest,
    ben: Rest,
    cleo: Rest,
    dan: Rest,
    guild: String,
    channel: String,
    invite: String,
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let [ana, ben, cleo, dan] = world.people(["ana", "ben", "cleo", "dan"]).await;
        let garden = Garden::of(&ana).await;
        let invite = garden.invite(&ana, json!({"max_age": 0})).await;
        let Garden { guild, channel } = garden;
        let place = Self { world, ana, ben, cleo, dan, guild, channel, invite };
        place.come_in(&place.ben).await.ok();
        place.come_in(&place.cleo).await.ok();
        place
    }

    async fn come_in(&self, who: &Rest) -> Answer {
        who.post(&format!("/invites/{}", self.invite), Value::Null).await
    }

    fn at(&self, rest: &str) -> String {
        format!("/guilds/{}{rest}", self.guild)
    }

    fn ban_of(&self, whom: &Rest) -> String {
        self.at(&format!("/bans/{}", whom.user_id))
    }

    async fn ban(&self, who: &Rest, whom: &Rest) -> Answer {
        who.put(&self.ban_of(whom), json!({})).await
    }

    /// Sets the permissions that Ben has by a role of his own.
    async fn allow_ben(&self, permissions: u64) {
        let role = json!({"permissions": permissions.to_string()});
        let role = text(&self.ana.post(&self.at("/roles"), role).await.ok()["id"]);
        let member = self.at(&format!("/members/{}", self.ben.user_id));
        self.ana.patch(&member, json!({"roles": [role]})).await.ok();
    }

    async fn say(&self, who: &Rest, channel: &str, content: &str) {
        who.post(&format!("/channels/{channel}/messages"), json!({"content": content})).await.ok();
    }

    /// What was said in a channel, oldest first.
    async fn said(&self, channel: &str) -> Vec<String> {
        let messages = self.ana.get(&format!("/channels/{channel}/messages?limit=100")).await.ok();
        let said = messages.as_array().unwrap().iter().rev().filter(|message| message["type"] == 0);
        said.map(|message| text(&message["content"])).collect()
    }

    /// The entries of the audit log that a query finds.
    async fn audit(&self, query: &str) -> Vec<Value> {
        let log = self.ana.get(&self.at(&format!("/audit-logs{query}"))).await.ok();
        log["audit_log_entries"].as_array().unwrap().clone()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The names in a list of bans.
fn names(bans: &Value) -> Vec<&str> {
    bans.as_array().unwrap().iter().map(|ban| ban["user"]["username"].as_str().unwrap()).collect()
}

/// Asserts that an answer finds this field wrong, and no other.
#[track_caller]
fn finds_wrong(answer: &Answer, field: &str) {
    assert_eq!(answer.refusal(), (400, 50035), "{field}: {}", answer.body);
    let fields: Vec<_> = answer.body["errors"].as_object().unwrap().keys().collect();
    assert_eq!(fields, [field], "{}", answer.body);
}

/// Calls with a reason, as it stands in the header.
async fn because(who: &Rest, reason: &str, method: &str, path: &str, body: Value) -> Answer {
    let headers = format!("content-type: application/json\r\nx-audit-log-reason: {reason}\r\n");
    who.send(method, path, &headers, body.to_string().as_bytes()).await
}

#[tokio::test]
async fn who_is_banned_is_gone_and_may_not_come_back_until_the_ban_is_lifted() {
    let place = Place::new().await;
    let ban = place.ban_of(&place.ben);
    assert_eq!(because(&place.ana, "Weeds", "PUT", &ban, json!({})).await.status, 204);
    assert_eq!(place.ben.get(&place.at("")).await.refusal(), (404, 10004));
    assert_eq!(place.come_in(&place.ben).await.refusal(), (403, 40007));
    let shown = place.ana.get(&ban).await.ok();
    assert_eq!((&shown["user"]["username"], &shown["reason"]), (&json!("ben"), &json!("Weeds")));
    assert_eq!(place.ana.get(&place.at("/bans")).await.ok(), json!([shown]));
    // Once more is no more.
    assert_eq!(place.ban(&place.ana, &place.ben).await.status, 204);
    assert_eq!(names(&place.ana.get(&place.at("/bans")).await.ok()), ["ben"]);
    let world = place.world.restart().await;
    world.advance(HOUR);
    let [ana, ben] = [&place.ana, &place.ben].map(|who| who.at(world.address()));
    let invite = format!("/invites/{}", place.invite);
    assert_eq!(ben.post(&invite, Value::Null).await.refusal(), (403, 40007));
    assert_eq!(ana.delete(&ban).await.status, 204);
    for answer in [ana.delete(&ban).await, ana.get(&ban).await] {
        assert_eq!(answer.refusal(), (404, 10026));
    }
    ben.post(&invite, Value::Null).await.ok();
}

#[tokio::test]
async fn who_is_no_member_can_be_banned_and_who_is_nobody_cannot() {
    let place = Place::new().await;
    place.ban(&place.ana, &place.dan).await.ok();
    assert_eq!(place.come_in(&place.dan).await.refusal(), (403, 40007));
    for id in ["1", "9223372036854775807", place.guild.as_str()] {
        let path = place.at(&format!("/bans/{id}"));
        assert_eq!(place.ana.put(&path, json!({})).await.refusal(), (404, 10013), "{id}");
        assert_eq!(place.ana.delete(&path).await.refusal(), (404, 10026), "{id}");
        assert_eq!(place.ana.get(&path).await.refusal(), (404, 10026), "{id}");
    }
    for id in "9223372036854775808 99999999999999999999999999 -1 1.5 ben %00".split(' ') {
        let path = place.at(&format!("/bans/{id}"));
        for answer in
            [place.ana.put(&path, json!({})).await, place.ana.delete(&path).await, place.ana.get(&path).await]
        {
            finds_wrong(&answer, "user_id");
        }
    }
}

#[tokio::test]
async fn bans_take_their_permission() {
    let place = Place::new().await;
    let bulk = json!({"user_ids": [place.dan.user_id]});
    let (bans, ban) = (place.at("/bans"), place.ban_of(&place.dan));
    for bits in [0, MANAGE_GUILD] {
        place.allow_ben(bits).await;
        for (method, path, body) in [
            ("GET", &bans, Value::Null),
            ("GET", &ban, Value::Null),
            ("PUT", &ban, json!({})),
            ("DELETE", &ban, Value::Null),
            ("POST", &place.at("/bulk-ban"), bulk.clone()),
        ] {
            assert_eq!(
                place.ben.call(method, path, Some(body)).await.refusal(),
                (403, 50013),
                "{method} {path}"
            );
        }
    }
    place.allow_ben(BAN).await;
    assert_eq!(place.ben.post(&place.at("/bulk-ban"), bulk.clone()).await.refusal(), (403, 50013));
    place.ban(&place.ben, &place.dan).await.ok();
    place.ben.delete(&ban).await.ok();
    place.allow_ben(BAN | MANAGE_GUILD).await;
    place.ben.post(&place.at("/bulk-ban"), bulk).await.ok();
    place.ben.get(&ban).await.ok();
}

#[tokio::test]
async fn a_ban_deletes_the_recent_messages_of_who_is_banned_and_no_others() {
    let place = Place::new().await;
    let draft = json!({"name": "compost"});
    let other = text(&place.ana.post(&place.at("/channels"), draft).await.ok()["id"]);
    let channels = [place.channel.as_str(), other.as_str()];
    for age in ["old", "new"] {
        for channel in channels {
            for (who, name) in [(&place.ben, "ben"), (&place.cleo, "cleo")] {
                place.say(who, channel, &format!("{age} {name}")).await;
            }
        }
        place.world.advance(HOUR);
    }
    let delete = |secs: u32| json!({"delete_message_seconds": secs});
    place.ana.put(&place.ban_of(&place.ben), delete(5_400)).await.ok();
    for channel in channels {
        assert_eq!(place.said(channel).await, ["old ben", "old cleo", "new cleo"]);
    }
    place.ana.put(&place.ban_of(&place.cleo), json!({"delete_message_days": 1})).await.ok();
    for channel in channels {
        assert_eq!(place.said(channel).await, ["old ben"]);
    }
    for wrong in [json!(604_801), json!(-1), json!("all")] {
        let answer = place.ana.put(&place.ban_of(&place.dan), json!({"delete_message_seconds": wrong})).await;
        finds_wrong(&answer, "delete_message_seconds");
    }
    finds_wrong(
        &place.ana.put(&place.ban_of(&place.dan), json!({"delete_message_days": 8})).await,
        "delete_message_days",
    );
    assert_eq!(place.ana.get(&place.ban_of(&place.dan)).await.refusal(), (404, 10026));
}

#[tokio::test]
async fn of_many_those_are_banned_who_can_be_and_the_others_are_told() {
    let place = Place::new().await;
    place.say(&place.cleo, &place.channel, "spam").await;
    place.ban(&place.ana, &place.ben).await.ok();
    let [ana, ben, cleo, dan] =
        [&place.ana, &place.ben, &place.cleo, &place.dan].map(|who| who.user_id.as_str());
    let bulk = async |body: Value| place.ana.post(&place.at("/bulk-ban"), body).await;
    let ids = json!({"user_ids": [dan, ana, ben, "1", cleo, dan], "delete_message_seconds": 60});
    let told = bulk(ids.clone()).await;
    assert_eq!(
        (told.status, &told.body),
        (200, &json!({"banned_users": [dan, cleo], "failed_users": [ana, ben, "1"]}))
    );
    assert_eq!(names(&place.ana.get(&place.at("/bans")).await.ok()), ["ben", "cleo", "dan"]);
    assert!(place.said(&place.channel).await.is_empty());
    for nobody in [ids, json!({"user_ids": [ana]}), json!({"user_ids": []})] {
        assert_eq!(bulk(nobody).await.body["code"], 500_000);
    }
    let many: Vec<_> = (1..=201).map(|id| id.to_string()).collect();
    for wrong in
        [json!({}), json!({"user_ids": many}), json!({"user_ids": dan}), json!({"user_ids": [dan, "x"]})]
    {
        finds_wrong(&bulk(wrong).await, "user_ids");
    }
}

/// Source: Discord's documentation, "Get Guild Bans": always in ascending order; of both ends only `before` counts.
#[tokio::test]
async fn bans_are_listed_in_pages() {
    let place = Place::new().await;
    for who in [&place.dan, &place.ben, &place.cleo] {
        place.ban(&place.ana, who).await.ok();
    }
    let list = async |query: String| place.ana.get(&place.at(&format!("/bans?{query}"))).await;
    let [ana, ben, cleo, dan] =
        [&place.ana, &place.ben, &place.cleo, &place.dan].map(|who| who.user_id.as_str());
    for (query, found) in [
        (String::new(), &["ben", "cleo", "dan"][..]),
        ("limit=2".into(), &["ben", "cleo"]),
        (format!("after={ben}"), &["cleo", "dan"]),
        (format!("after={ana}&limit=1"), &["ben"]),
        (format!("before={dan}"), &["ben", "cleo"]),
        (format!("before={dan}&limit=1"), &["cleo"]),
        (format!("before={cleo}&after={cleo}"), &["ben"]),
        ("after=9223372036854775807".into(), &[]),
    ] {
        assert_eq!(names(&list(query.clone()).await.ok()), found, "{query}");
    }
    for (key, wrong) in
        [("limit", "0"), ("limit", "1001"), ("before", "ben"), ("after", "9223372036854775808")]
    {
        finds_wrong(&list(format!("{key}={wrong}")).await, key);
    }
}

#[tokio::test]
async fn each_deed_is_noted_with_who_did_it_to_what_and_why() {
    let place = Place::new().await;
    let (guild, channel) = (place.guild.as_str(), place.channel.as_str());
    let [ben, cleo, dan] = [&place.ben, &place.cleo, &place.dan].map(|who| who.user_id.as_str());
    let role = text(&place.ana.post(&place.at("/roles"), json!({})).await.ok()["id"]);
    let role_path = place.at(&format!("/roles/{role}"));
    let overwrite = format!("/channels/{channel}/permissions/{role}");
    let member = place.at(&format!("/members/{ben}"));
    let until = "2026-01-31T13:00:00Z";
    for (method, path, body, action, target, change) in [
        ("PATCH", place.at(""), json!({"name": "Orchard"}), 1, guild, "name"),
        ("PATCH", format!("/channels/{channel}"), json!({"topic": "Thorns"}), 11, channel, "topic"),
        ("PUT", overwrite.clone(), json!({"type": 0, "deny": "1"}), 13, channel, "deny"),
        ("PUT", overwrite.clone(), json!({"type": 0, "deny": "3"}), 14, channel, "deny"),
        ("DELETE", overwrite, Value::Null, 15, channel, "deny"),
        ("PATCH", role_path.clone(), json!({"hoist": true}), 31, &role, "hoist"),
        ("PUT", format!("{member}/roles/{role}"), Value::Null, 25, ben, "$add"),
        ("DELETE", format!("{member}/roles/{role}"), Value::Null, 25, ben, "$remove"),
        ("PATCH", member.clone(), json!({"nick": "Benny"}), 24, ben, "nick"),
        (
            "PATCH",
            member.clone(),
            json!({"communication_disabled_until": until}),
            24,
            ben,
            "communication_disabled_until",
        ),
        ("DELETE", role_path, Value::Null, 32, &role, "name"),
        ("DELETE", member, Value::Null, 20, ben, ""),
        ("PUT", place.ban_of(&place.cleo), json!({}), 22, cleo, ""),
        ("DELETE", place.ban_of(&place.cleo), Value::Null, 23, cleo, ""),
        ("POST", place.at("/bulk-ban"), json!({"user_ids": [dan]}), 22, dan, ""),
        ("DELETE", format!("/channels/{channel}"), Value::Null, 12, channel, "name"),
    ] {
        let before = place.audit("?limit=100").await.len();
        because(&place.ana, "W%C3%A4re%20besser%21", method, &path, body).await.ok();
        let entries = place.audit("?limit=100").await;
        assert_eq!(entries.len(), before + 1, "{method} {path}");
        let entry = &entries[0];
        assert_eq!(
            (&entry["action_type"], &entry["target_id"]),
            (&json!(action), &json!(target)),
            "{method} {path}"
        );
        assert_eq!(
            (&entry["user_id"], &entry["reason"]),
            (&json!(place.ana.user_id), &json!("Wäre besser!"))
        );
        let keys = entry["changes"].as_array().unwrap();
        assert!(change.is_empty() || keys.iter().any(|key| key["key"] == change), "{method} {path}: {entry}");
    }
}

#[tokio::test]
async fn what_is_made_is_noted_too() {
    let place = Place::new().await;
    for (path, body, action, change) in [
        (place.at("/channels"), json!({"name": "roses"}), 10, "name"),
        (place.at("/roles"), json!({"name": "Gardener"}), 30, "name"),
        (format!("/channels/{}/invites", place.channel), json!({"max_uses": 3}), 40, "max_uses"),
    ] {
        let made = because(&place.ana, "Spring", "POST", &path, body.clone()).await.ok();
        let entry = place.audit("").await[0].clone();
        assert_eq!((&entry["action_type"], &entry["reason"]), (&json!(action), &json!("Spring")), "{path}");
        assert!(action == 40 || entry["target_id"] == made["id"], "{entry}");
        let changed =
            entry["changes"].as_array().unwrap().iter().find(|entry| entry["key"] == change).unwrap();
        assert_eq!((&changed["new_value"], changed.get("old_value")), (&body[change], None));
    }
}

#[tokio::test]
async fn a_change_is_told_with_what_was_and_what_is() {
    let place = Place::new().await;
    place.ana.patch(&place.at(""), json!({"name": "Orchard", "verification_level": 0})).await.ok();
    let change = json!([{"key": "name", "old_value": "Garden", "new_value": "Orchard"}]);
    let log = place.ana.get(&place.at("/audit-logs?limit=1")).await.ok();
    assert_eq!(log["audit_log_entries"][0]["changes"], change);
    place.ban(&place.ana, &place.cleo).await.ok();
    let log = place.ana.get(&place.at("/audit-logs?limit=1")).await.ok();
    let users: Vec<_> = log["users"].as_array().unwrap().iter().map(|user| text(&user["username"])).collect();
    assert_eq!(users, ["ana", "cleo"]);
}

/// Ids never repeat, "also when the clock" goes back (`Id::next`), as it does when a test's server starts again.
#[tokio::test]
async fn deeds_are_noted_after_a_restart_though_the_clock_went_back() {
    let place = Place::new().await;
    for name in ["Orchard", "Lawn", "Pond"] {
        place.ana.patch(&place.at(""), json!({"name": name})).await.ok();
    }
    let before = place.audit("").await;
    let world = place.world.restart().await;
    let ana = place.ana.at(world.address());
    let place = Place { world, ana, ..place };
    place.ana.patch(&place.at(""), json!({"name": "Garden"})).await.ok();
    let after = place.audit("").await;
    assert_eq!((&after[0]["changes"][0]["new_value"], &after[1..]), (&json!("Garden"), &before[..]));
}

/// See above.
#[tokio::test]
async fn the_id_of_a_deleted_message_is_not_given_again_after_a_restart() {
    let place = Place::new().await;
    let path = format!("/channels/{}/messages", place.channel);
    let said = text(&place.ben.post(&path, json!({"content": "slip"})).await.ok()["id"]);
    place.ben.delete(&format!("{path}/{said}")).await.ok();
    let world = place.world.restart().await;
    let again = place.ben.at(world.address()).post(&path, json!({"content": "meant"})).await.ok();
    assert_ne!(text(&again["id"]), said);
}

#[tokio::test]
async fn what_changes_nothing_or_is_refused_is_not_noted() {
    let place = Place::new().await;
    let before = place.audit("").await;
    let channel = format!("/channels/{}", place.channel);
    place.ana.patch(&place.at(""), json!({"name": "Garden"})).await.ok();
    place.ana.patch(&channel, json!({"name": "general", "topic": null})).await.ok();
    place.ana.patch(&place.at("/channels"), json!([])).await.ok();
    place
        .ana
        .patch(&place.at(&format!("/members/{}", place.ben.user_id)), json!({"roles": [], "nick": null}))
        .await
        .ok();
    place.ana.post(&place.at("/prune"), json!({})).await.ok();
    assert_eq!(place.ben.patch(&channel, json!({"name": "mine"})).await.status, 403);
    assert_eq!(place.ban(&place.ben, &place.cleo).await.status, 403);
    assert_eq!(place.ana.patch(&place.at(""), json!({"name": ""})).await.status, 400);
    assert_eq!(place.audit("").await, before);
}

#[tokio::test]
async fn a_reason_is_cut_and_one_of_nothing_is_none() {
    let place = Place::new().await;
    let path = place.at("");
    let long = "%C3%BC".repeat(600);
    for (nth, (given, noted)) in [
        (long.as_str(), Some("ü".repeat(512))),
        ("plain words, 100 %", Some("plain words, 100 %".into())),
        ("%20%0A", None),
        ("", None),
    ]
    .into_iter()
    .enumerate()
    {
        because(&place.ana, given, "PATCH", &path, json!({"name": format!("Garden {nth}")})).await.ok();
        assert_eq!(place.audit("").await[0].get("reason"), noted.map(Value::from).as_ref(), "{given}");
    }
}

#[tokio::test]
async fn the_audit_log_is_read_by_those_who_may_and_as_they_ask() {
    let place = Place::new().await;
    assert_eq!(place.ben.get(&place.at("/audit-logs")).await.refusal(), (403, 50013));
    place.allow_ben(VIEW_AUDIT_LOG | MANAGE_GUILD).await;
    place.ben.get(&place.at("/audit-logs")).await.ok();
    place.ben.patch(&place.at(""), json!({"name": "Ben's garden"})).await.ok();
    place.ban(&place.ana, &place.cleo).await.ok();
    place.ana.delete(&place.ban_of(&place.cleo)).await.ok();
    place.ban(&place.ana, &place.dan).await.ok();
    let all = place.audit("?limit=100").await;
    let of = async |query: String| {
        let found = place.audit(&query).await;
        found.iter().map(|entry| entry["action_type"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let ids: Vec<_> = all.iter().map(|entry| text(&entry["id"])).collect();
    assert!(ids.is_sorted_by_key(|id| std::cmp::Reverse(id.parse::<u64>().unwrap())));
    let [ana, ben, cleo] = [&place.ana, &place.ben, &place.cleo].map(|who| who.user_id.as_str());
    assert_eq!(of(format!("?user_id={ben}")).await, [1]);
    assert_eq!(of("?action_type=22".into()).await, [22, 22]);
    assert_eq!(of(format!("?action_type=1&user_id={ana}")).await, [0; 0]);
    assert_eq!(of(format!("?target_id={cleo}")).await, [23, 22]);
    assert_eq!(of("?limit=4".into()).await, [22, 23, 22, 1]);
    assert_eq!(of(format!("?before={}&limit=2", ids[1])).await, [22, 1]);
    // After an entry, the oldest come first.
    assert_eq!(of(format!("?after={}", ids[3])).await, [22, 23, 22]);
    assert_eq!(of(format!("?after={}&limit=1", ids[3])).await, [22]);
    assert_eq!(place.audit("?after=0&limit=1").await, all[all.len() - 1..]);
    assert_eq!(of(format!("?after={}&before={}", ids[3], ids[1])).await, [22]);
    assert_eq!(of("?action_type=99".into()).await, [0; 0]);
    for (key, wrong) in
        [("limit", "0"), ("limit", "101"), ("user_id", "ana"), ("action_type", "ban"), ("before", "-1")]
    {
        finds_wrong(&place.ana.get(&place.at(&format!("/audit-logs?{key}={wrong}"))).await, key);
    }
}
