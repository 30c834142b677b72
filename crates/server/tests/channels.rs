//! Channels: their kinds, what they are, where they stand, and who may do what in them.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use decentra_model::limits::{CHANNELS_MAX, CHANNELS_PER_CATEGORY_MAX};
use decentra_testkit::{Answer, Garden, Rest, World};
use serde_json::{Value, json};

const TEXT: u64 = 0;
const VOICE: u64 = 2;
const CATEGORY: u64 = 4;
const ANNOUNCEMENT: u64 = 5;

const MANAGE_CHANNELS: u64 = 1 << 4;
const VIEW: u64 = 1 << 10;
const SEND: u64 = 1 << 11;
const MANAGE_MESSAGES: u64 = 1 << 13;
const CONNECT: u64 = 1 << 20;
const MANAGE_ROLES: u64 = 1 << 28;
const BYPASS_SLOWMODE: u64 = 1 << 52;

/// A guild of Ana's with Ben in it.
struct Place {
    world: World,
    ana: Rest,
    ben: Rest,
    guild: String,
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let [ana, ben] = world.people(["ana", "ben"]).await;
        let garden = Garden::of(&ana).await;
        garden.let_in(&ana, [&ben]).await;
        Self { world, ana, ben, guild: garden.guild }
    }

    fn at(&self, rest: &str) -> String {
        format!("/guilds/{}{rest}", self.guild)
    }

    /// Has someone make a channel.
    async fn make(&self, who: &Rest, kind: u64, mut draft: Value) -> Answer {
        draft["type"] = kind.into();
        if draft.get("name").is_none() {
            draft["name"] = "plot".into();
        }
        who.post(&self.at("/channels"), draft).await
    }

    /// The id of a new channel of Ana's.
    async fn new_channel(&self, kind: u64, draft: Value) -> String {
        text(&self.make(&self.ana, kind, draft).await.ok()["id"])
    }

    /// The channel, as Ana reads it.
    async fn show(&self, channel: &str) -> Value {
        self.ana.get(&format!("/channels/{channel}")).await.ok()
    }

    /// The overwrites of a channel.
    async fn overwrites(&self, channel: &str) -> Value {
        self.show(channel).await["permission_overwrites"].take()
    }

    /// Has Ana allow and deny the role of everyone something in a channel.
    async fn everyone(&self, channel: &str, allow: u64, deny: u64) {
        overwrite(&self.ana, channel, &self.guild, 0, allow, deny).await.ok();
    }

    /// Gives Ben a role with these permissions; its id.
    async fn allow_ben(&self, permissions: u64) -> String {
        let role = json!({"permissions": permissions.to_string()});
        let role = text(&self.ana.post(&self.at("/roles"), role).await.ok()["id"]);
        let path = self.at(&format!("/members/{}/roles/{role}", self.ben.user_id));
        self.ana.put(&path, Value::Null).await.ok();
        role
    }

    /// A bot of Ana's in the guild.
    async fn bot(&self) -> Rest {
        let id = text(&self.ana.post("/applications", json!({"name": "Helper"})).await.ok()["id"]);
        let bot = self.ana.post(&format!("/applications/{id}/bot"), json!({})).await.ok();
        let grant = json!({"guild_id": self.guild, "permissions": "0", "authorize": true});
        self.ana.post(&format!("/oauth2/authorize?client_id={id}&scope=bot"), grant).await.ok();
        self.ana.bot(&text(&bot["token"]), &id)
    }

    async fn ids_seen_by(&self, who: &Rest) -> Vec<String> {
        let channels = who.get(&self.at("/channels")).await.ok();
        channels.as_array().unwrap().iter().map(|channel| text(&channel["id"])).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn change(who: &Rest, channel: &str, change: Value) -> Answer {
    who.patch(&format!("/channels/{channel}"), change).await
}

async fn say(who: &Rest, channel: &str) -> Answer {
    who.post(&format!("/channels/{channel}/messages"), json!({"content": "hello"})).await
}

async fn overwrite(who: &Rest, channel: &str, target: &str, kind: u64, allow: u64, deny: u64) -> Answer {
    let body = json!({"type": kind, "allow": allow.to_string(), "deny": deny.to_string()});
    who.put(&format!("/channels/{channel}/permissions/{target}"), body).await
}

/// Asserts that an answer finds this field wrong, and no other.
#[track_caller]
fn finds_wrong(answer: &Answer, field: &str) {
    assert_eq!(answer.refusal(), (400, 50035), "{field}: {}", answer.body);
    let fields: Vec<_> = answer.body["errors"].as_object().unwrap().keys().collect();
    assert_eq!(fields, [field], "{}", answer.body);
}

#[tokio::test]
async fn a_channel_of_each_kind_is_what_was_asked_for() {
    let place = Place::new().await;
    let category = place.new_channel(CATEGORY, json!({"name": "The Beds"})).await;
    let words = json!({"name": "roses", "topic": "Thorns", "nsfw": true, "rate_limit_per_user": 5});
    let voice = json!({"name": "By the Pond", "bitrate": 96_000, "user_limit": 9, "nsfw": true});
    for (kind, mut draft) in [
        (TEXT, words.clone()),
        (ANNOUNCEMENT, words),
        (VOICE, voice),
        (CATEGORY, json!({"name": "The Lawn"})),
    ] {
        if kind != CATEGORY {
            draft["parent_id"] = category.as_str().into();
        }
        draft["position"] = 7.into();
        let made = place.make(&place.ana, kind, draft.clone()).await;
        assert_eq!((made.status, &made.body["type"]), (201, &json!(kind)));
        assert_eq!(made.body["guild_id"], place.guild);
        for (key, value) in draft.as_object().unwrap() {
            assert_eq!(&made.body[key], value, "{kind} {key}");
        }
        assert_eq!(place.show(&text(&made.body["id"])).await, made.body);
        assert!(place.ids_seen_by(&place.ben).await.contains(&text(&made.body["id"])));
        assert_eq!(made.body.get("bitrate").is_some(), kind == VOICE);
        assert_eq!(made.body.get("last_message_id").is_some(), kind != CATEGORY);
    }
}

#[tokio::test]
async fn channels_for_text_are_named_in_lower_case_without_spaces() {
    let place = Place::new().await;
    for (kind, name) in [
        (TEXT, "off-topic-talk"),
        (ANNOUNCEMENT, "off-topic-talk"),
        (VOICE, "Off Topic  Talk"),
        (CATEGORY, "Off Topic  Talk"),
    ] {
        let made = place.make(&place.ana, kind, json!({"name": " Off Topic  Talk "})).await.ok();
        assert_eq!(made["name"], name, "{kind}");
    }
}

#[tokio::test]
async fn what_is_changed_of_a_channel_stays_changed_and_the_rest_stays_as_it_was() {
    let place = Place::new().await;
    let channel = place.new_channel(TEXT, json!({"topic": "Thorns", "nsfw": true})).await;
    let before = place.show(&channel).await;
    for patch in [
        json!({"name": "n".repeat(100)}),
        json!({"topic": "ü".repeat(1_024)}),
        json!({"topic": null}),
        json!({"nsfw": false}),
        json!({"rate_limit_per_user": 21_600}),
        json!({"position": 3}),
        json!({"type": ANNOUNCEMENT}),
        json!({"type": TEXT}),
        json!({"default_auto_archive_duration": 4_320}),
        json!({"name": null, "nsfw": null, "unknown": 7}),
    ] {
        let before = place.show(&channel).await;
        let changed = change(&place.ana, &channel, patch.clone()).await.ok();
        for (key, value) in before.as_object().unwrap() {
            let new = patch.get(key).filter(|new| !new.is_null() || key == "topic");
            assert_eq!(&changed[key], new.unwrap_or(value), "{key} after {patch}");
        }
    }
    let after = place.show(&channel).await;
    assert_ne!(after, before);
    assert_eq!(change(&place.ana, &channel, json!({"topic": ""})).await.ok()["topic"], Value::Null);
    let world = place.world.restart().await;
    assert_eq!(place.ana.at(world.address()).get(&format!("/channels/{channel}")).await.ok(), after);
}

#[tokio::test]
async fn what_a_channel_cannot_be_is_refused_and_changes_nothing() {
    let place = Place::new().await;
    let [talk, voice, category] = [
        place.new_channel(TEXT, json!({})).await,
        place.new_channel(VOICE, json!({})).await,
        place.new_channel(CATEGORY, json!({})).await,
    ];
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("  ")),
        ("name", json!("x".repeat(101))),
        ("topic", json!("x".repeat(1_025))),
        ("topic", json!(["Thorns"])),
        ("nsfw", json!("yes")),
        ("rate_limit_per_user", json!(-1)),
        ("rate_limit_per_user", json!(21_601)),
        ("position", json!(-1)),
        ("position", json!(2_147_483_648_u64)),
        ("bitrate", json!(7_999)),
        ("user_limit", json!(100)),
        ("default_auto_archive_duration", json!(61)),
        ("type", json!(VOICE)),
        ("type", json!(1)),
        ("type", json!(99)),
        ("type", json!("text")),
        ("parent_id", json!("1")),
        ("parent_id", json!("9223372036854775808")),
        ("parent_id", json!(voice)),
        ("parent_id", json!(talk)),
        ("permission_overwrites", json!({"id": place.guild})),
        ("permission_overwrites", json!([{"type": 0, "deny": "1"}])),
        ("permission_overwrites", json!([{"id": place.guild, "deny": "all"}])),
        ("permission_overwrites", json!([{"id": place.guild, "type": 2}])),
    ] {
        let before = place.show(&talk).await;
        finds_wrong(&change(&place.ana, &talk, json!({field: value})).await, field);
        assert_eq!(place.show(&talk).await, before);
    }
    let seen = place.ids_seen_by(&place.ana).await;
    for (field, draft) in [
        ("name", json!({"name": null})),
        ("name", json!({"name": "x".repeat(101)})),
        ("type", json!({"name": "x", "type": 99})),
        ("parent_id", json!({"name": "x", "parent_id": talk})),
        ("parent_id", json!({"name": "x", "type": CATEGORY, "parent_id": category})),
    ] {
        finds_wrong(&place.ana.post(&place.at("/channels"), draft).await, field);
    }
    assert_eq!(place.ids_seen_by(&place.ana).await, seen);
    finds_wrong(&change(&place.ana, &voice, json!({"type": TEXT})).await, "type");
    finds_wrong(&change(&place.ana, &category, json!({"parent_id": category})).await, "parent_id");
}

#[tokio::test]
async fn a_channel_that_is_not_there_is_unknown_and_an_id_that_is_none_is_told_so() {
    let place = Place::new().await;
    for id in ["0", "1", "9223372036854775807", place.guild.as_str()] {
        assert_eq!(place.ana.get(&format!("/channels/{id}")).await.refusal(), (404, 10003), "{id}");
        assert_eq!(place.ana.delete(&format!("/channels/{id}")).await.refusal(), (404, 10003), "{id}");
        assert_eq!(change(&place.ana, id, json!({"name": "x"})).await.refusal(), (404, 10003), "{id}");
    }
    for id in "9223372036854775808 99999999999999999999999999 -1 1.5 general %00".split(' ') {
        finds_wrong(&place.ana.get(&format!("/channels/{id}")).await, "channel_id");
        finds_wrong(&overwrite(&place.ana, id, &place.guild, 0, 0, 0).await, "channel_id");
    }
}

#[tokio::test]
async fn only_who_manages_channels_makes_changes_orders_and_deletes_them() {
    let place = Place::new().await;
    let channel = place.new_channel(TEXT, json!({})).await;
    let places = json!([{"id": channel, "position": 9}]);
    for _ in 0..2 {
        assert_eq!(place.make(&place.ben, TEXT, json!({})).await.refusal(), (403, 50013));
        assert_eq!(change(&place.ben, &channel, json!({"topic": "Mine"})).await.refusal(), (403, 50013));
        let order = place.ben.patch(&place.at("/channels"), places.clone()).await;
        assert_eq!(order.refusal(), (403, 50013));
        assert_eq!(place.ben.delete(&format!("/channels/{channel}")).await.refusal(), (403, 50013));
        // Other permissions do not help.
        place.allow_ben(MANAGE_MESSAGES | MANAGE_ROLES).await;
    }
    place.allow_ben(MANAGE_CHANNELS).await;
    place.make(&place.ben, TEXT, json!({})).await.ok();
    change(&place.ben, &channel, json!({"topic": "Mine"})).await.ok();
    place.ben.patch(&place.at("/channels"), places).await.ok();
    place.ben.delete(&format!("/channels/{channel}")).await.ok();
}

#[tokio::test]
async fn who_may_not_join_a_voice_channel_cannot_manage_it() {
    let place = Place::new().await;
    place.allow_ben(MANAGE_CHANNELS).await;
    let voice = place.new_channel(VOICE, json!({})).await;
    change(&place.ben, &voice, json!({"user_limit": 2})).await.ok();
    place.everyone(&voice, 0, CONNECT).await;
    assert_eq!(change(&place.ben, &voice, json!({"user_limit": 3})).await.refusal(), (403, 50013));
}

#[tokio::test]
async fn a_channel_that_one_may_not_see_looks_as_if_it_did_not_exist() {
    let place = Place::new().await;
    let role = place.allow_ben(MANAGE_CHANNELS | MANAGE_ROLES).await;
    let [hidden, category, open] = [
        place.new_channel(TEXT, json!({})).await,
        place.new_channel(CATEGORY, json!({})).await,
        place.new_channel(TEXT, json!({})).await,
    ];
    for channel in [&hidden, &category] {
        place.everyone(channel, 0, VIEW).await;
    }
    let at = |id: &str, rest: &str| format!("/channels/{id}{rest}");
    for (method, rest, body) in [
        ("GET", "", Value::Null),
        ("PATCH", "", json!({"name": "mine"})),
        ("DELETE", "", Value::Null),
        ("GET", "/messages", Value::Null),
        ("POST", "/messages", json!({"content": "hello"})),
        ("POST", "/typing", Value::Null),
        ("POST", "/invites", json!({})),
        ("GET", "/invites", Value::Null),
        ("GET", "/messages/pins", Value::Null),
        ("PUT", &format!("/permissions/{}", place.guild), json!({"type": 0, "allow": VIEW.to_string()})),
        ("DELETE", &format!("/permissions/{}", place.guild), Value::Null),
    ] {
        let answer = place.ben.call(method, &at(&hidden, rest), Some(body.clone())).await;
        assert_eq!(answer.refusal(), (404, 10003), "{method} {rest}");
        let none = place.ben.call(method, &at("1", rest), Some(body)).await;
        assert_eq!(answer.body, none.body, "{method} {rest}");
    }
    // Nor does it show where it is only mentioned.
    let under = |parent: &str| json!({"parent_id": parent});
    let told = change(&place.ben, &open, under(&category)).await;
    assert_eq!((told.status, &told.body), (400, &change(&place.ben, &open, under("1")).await.body));
    let order = place.ben.patch(&place.at("/channels"), json!([{"id": hidden, "position": 1}])).await;
    assert_eq!(order.refusal(), (404, 10003));
    assert!(!place.ids_seen_by(&place.ben).await.contains(&hidden));
    assert!(place.ids_seen_by(&place.ana).await.contains(&hidden));
    overwrite(&place.ana, &hidden, &role, 0, VIEW, 0).await.ok();
    assert!(place.ids_seen_by(&place.ben).await.contains(&hidden));
    overwrite(&place.ana, &hidden, &place.ben.user_id, 1, 0, VIEW).await.ok();
    assert_eq!(say(&place.ben, &hidden).await.refusal(), (404, 10003));
}

#[tokio::test]
async fn an_overwrite_is_put_replaced_and_taken_away() {
    let place = Place::new().await;
    let channel = place.new_channel(TEXT, json!({})).await;
    let of = |id: &str, kind: u64, allow: u64, deny: u64| json!({"id": id, "type": kind, "allow": allow.to_string(), "deny": deny.to_string()});
    let (guild, ben) = (place.guild.as_str(), place.ben.user_id.as_str());
    assert_eq!(overwrite(&place.ana, &channel, guild, 0, 0, SEND).await.status, 204);
    assert_eq!(place.overwrites(&channel).await, json!([of(guild, 0, 0, SEND)]));
    assert_eq!(say(&place.ben, &channel).await.refusal(), (403, 50013));
    overwrite(&place.ana, &channel, ben, 1, SEND, 0).await.ok();
    assert_eq!(place.overwrites(&channel).await, json!([of(guild, 0, 0, SEND), of(ben, 1, SEND, 0)]));
    say(&place.ben, &channel).await.ok();
    overwrite(&place.ana, &channel, ben, 1, 0, 0).await.ok();
    assert_eq!(place.overwrites(&channel).await, json!([of(guild, 0, 0, SEND), of(ben, 1, 0, 0)]));
    assert_eq!(say(&place.ben, &channel).await.refusal(), (403, 50013));
    let path = format!("/channels/{channel}/permissions/{guild}");
    assert_eq!(place.ana.delete(&path).await.status, 204);
    say(&place.ben, &channel).await.ok();
    assert_eq!(place.ana.delete(&path).await.refusal(), (404, 10009));
    let all = json!([of(guild, 0, VIEW, SEND)]);
    let changed = change(&place.ana, &channel, json!({"permission_overwrites": all.clone()})).await.ok();
    assert_eq!(changed["permission_overwrites"], all);
}

#[tokio::test]
async fn an_overwrite_is_for_a_role_of_the_guild_or_for_an_account() {
    let place = Place::new().await;
    let channel = place.new_channel(TEXT, json!({})).await;
    let (guild, ben) = (place.guild.as_str(), place.ben.user_id.as_str());
    for (target, kind) in [("1", 0), ("1", 1), (ben, 0), (guild, 1), ("9223372036854775807", 0)] {
        let answer = overwrite(&place.ana, &channel, target, kind, 0, SEND).await;
        assert_eq!(answer.refusal(), (404, 10009), "{target} {kind}");
    }
    for target in ["everyone", "9223372036854775808", "-1"] {
        finds_wrong(&overwrite(&place.ana, &channel, target, 0, 0, SEND).await, "overwrite_id");
    }
    finds_wrong(&overwrite(&place.ana, &channel, guild, 2, 0, SEND).await, "type");
    assert_eq!(place.overwrites(&channel).await, json!([]));
}

#[tokio::test]
async fn one_allows_and_denies_in_a_channel_only_what_one_may_do_oneself() {
    let place = Place::new().await;
    let channel = place.new_channel(TEXT, json!({})).await;
    let guild = place.guild.as_str();
    place.allow_ben(MANAGE_CHANNELS).await;
    assert_eq!(overwrite(&place.ben, &channel, guild, 0, 0, SEND).await.refusal(), (403, 50013));
    let own = json!({"permission_overwrites": [{"id": guild, "type": 0, "deny": SEND.to_string()}]});
    assert_eq!(change(&place.ben, &channel, own.clone()).await.refusal(), (403, 50013));
    assert_eq!(place.make(&place.ben, TEXT, own.clone()).await.refusal(), (403, 50013));
    place.allow_ben(MANAGE_ROLES).await;
    for (allow, deny) in [(MANAGE_MESSAGES, 0), (0, MANAGE_MESSAGES), (1 << 3, 0)] {
        let answer = overwrite(&place.ben, &channel, guild, 0, allow, deny).await;
        assert_eq!(answer.refusal(), (403, 50013), "{allow} {deny}");
    }
    change(&place.ben, &channel, own.clone()).await.ok();
    place.make(&place.ben, TEXT, own).await.ok();
    // What is there already may stay, though one could not have put it there.
    place.everyone(&channel, MANAGE_MESSAGES, 0).await;
    let answer = overwrite(&place.ben, &channel, guild, 0, MANAGE_MESSAGES, SEND).await;
    assert_eq!(answer.status, 204);
    let path = format!("/channels/{channel}/permissions/{guild}");
    assert_eq!(place.ben.delete(&path).await.refusal(), (403, 50013));
}

/// Source: Discord's documentation, "Create Guild Channel": "Setting `MANAGE_ROLES` permission in channels is only
/// possible for guild administrators."
#[tokio::test]
async fn only_an_administrator_makes_a_channel_in_which_others_manage_roles() {
    let place = Place::new().await;
    place.allow_ben(MANAGE_CHANNELS | MANAGE_ROLES).await;
    let trusting = json!({"permission_overwrites": [{"id": place.ben.user_id, "type": 1, "allow": MANAGE_ROLES.to_string()}]});
    assert_eq!(place.make(&place.ben, TEXT, trusting.clone()).await.refusal(), (403, 50013));
    place.allow_ben(1 << 3).await;
    place.make(&place.ben, TEXT, trusting).await.ok();
}

#[tokio::test]
async fn a_channel_goes_under_a_category_and_out_of_it_and_stays_when_the_category_goes() {
    let place = Place::new().await;
    let category = place.new_channel(CATEGORY, json!({})).await;
    let inside = place.new_channel(VOICE, json!({"parent_id": category})).await;
    let channel = place.new_channel(TEXT, json!({})).await;
    let moved = change(&place.ana, &channel, json!({"parent_id": category})).await.ok();
    assert_eq!(moved["parent_id"], category);
    assert_eq!(change(&place.ana, &channel, json!({"parent_id": null})).await.ok()["parent_id"], Value::Null);
    let places = json!([{"id": channel, "parent_id": category, "position": 4}]);
    assert_eq!(place.ana.patch(&place.at("/channels"), places).await.status, 204);
    let shown = place.show(&channel).await;
    assert_eq!((&shown["parent_id"], &shown["position"]), (&json!(category), &json!(4)));
    place.ana.delete(&format!("/channels/{category}")).await.ok();
    for channel in [&channel, &inside] {
        assert_eq!(place.show(channel).await["parent_id"], Value::Null);
    }
}

#[tokio::test]
async fn a_channel_in_sync_with_its_category_follows_it_and_one_of_its_own_does_not() {
    let place = Place::new().await;
    let category = place.new_channel(CATEGORY, json!({})).await;
    place.everyone(&category, 0, SEND).await;
    let under = json!({"parent_id": category});
    let synced = place.new_channel(TEXT, under.clone()).await;
    assert_eq!(place.overwrites(&synced).await, place.overwrites(&category).await);
    let none = json!({"parent_id": category, "permission_overwrites": []});
    let own = place.new_channel(TEXT, none).await;
    let moved = place.new_channel(TEXT, json!({})).await;
    change(&place.ana, &moved, under).await.ok();
    assert_eq!(say(&place.ben, &synced).await.refusal(), (403, 50013));
    // Each way to change the category is followed.
    let wider =
        json!({"permission_overwrites": [{"id": place.guild, "type": 0, "deny": (VIEW | SEND).to_string()}]});
    change(&place.ana, &category, wider).await.ok();
    assert_eq!(say(&place.ben, &synced).await.refusal(), (404, 10003));
    place.everyone(&category, 0, SEND).await;
    assert_eq!(say(&place.ben, &synced).await.refusal(), (403, 50013));
    for channel in [&own, &moved] {
        assert_eq!(place.overwrites(channel).await, json!([]));
    }
    let lock = json!([{"id": own, "lock_permissions": true, "parent_id": category}]);
    place.ana.patch(&place.at("/channels"), lock).await.ok();
    assert_eq!(place.overwrites(&own).await, place.overwrites(&category).await);
    // From now on it is in sync, too.
    place.ana.delete(&format!("/channels/{category}/permissions/{}", place.guild)).await.ok();
    for channel in [&own, &synced] {
        say(&place.ben, channel).await.ok();
    }
}

#[tokio::test]
async fn channels_are_put_in_order_all_or_none() {
    let place = Place::new().await;
    let [one, other] = [place.new_channel(TEXT, json!({})).await, place.new_channel(TEXT, json!({})).await];
    let path = place.at("/channels");
    let foreign =
        place.ana.post("/guilds", json!({"name": "Orchard"})).await.ok()["system_channel_id"].clone();
    let swapped = json!([{"id": one, "position": 8}, {"id": other, "position": 7}]);
    assert_eq!(place.ana.patch(&path, swapped).await.status, 204);
    for unknown in [json!("1"), foreign] {
        let order = json!([{"id": one, "position": 1}, {"id": unknown, "position": 2}]);
        assert_eq!(place.ana.patch(&path, order).await.refusal(), (404, 10003));
    }
    for wrong in [
        json!({"id": one, "position": 1}),
        json!([{"id": other, "position": 1}, {"id": one, "position": "first"}]),
        json!([{"id": other, "position": 1}, {"id": one, "position": -1}]),
        json!([{"id": other, "position": 1}, {"id": "one", "position": 1}]),
        json!([{"id": other, "position": 1}, {"id": one, "parent_id": other}]),
        json!([{"id": other, "position": 1}, 7]),
    ] {
        assert_eq!(place.ana.patch(&path, wrong.clone()).await.refusal(), (400, 50035), "{wrong}");
    }
    let positions = (place.show(&one).await["position"].take(), place.show(&other).await["position"].take());
    assert_eq!(positions, (json!(8), json!(7)));
}

/// Source: Discord's documentation, "Modify Guild Channel Positions": of all fields only `id` is not optional.
#[tokio::test]
async fn a_place_in_the_order_that_names_no_channel_is_refused() {
    let place = Place::new().await;
    for order in [json!([{"position": 1}]), json!([{"id": null, "position": 1}]), json!([{}])] {
        let answer = place.ana.patch(&place.at("/channels"), order.clone()).await;
        assert_eq!(answer.refusal(), (400, 50035), "{order}");
    }
}

#[tokio::test]
async fn a_channel_that_is_deleted_is_gone_with_what_was_said_in_it() {
    let place = Place::new().await;
    let channel = place.new_channel(TEXT, json!({"topic": "Thorns"})).await;
    say(&place.ben, &channel).await.ok();
    place
        .ana
        .patch(&place.at(""), json!({"system_channel_id": channel, "rules_channel_id": channel}))
        .await
        .ok();
    let shown = place.show(&channel).await;
    let deleted = place.ana.delete(&format!("/channels/{channel}")).await;
    assert_eq!(
        (deleted.status, &deleted.body["id"], &deleted.body["topic"]),
        (200, &shown["id"], &shown["topic"])
    );
    for answer in [
        place.ana.get(&format!("/channels/{channel}")).await,
        place.ana.get(&format!("/channels/{channel}/messages")).await,
        place.ana.delete(&format!("/channels/{channel}")).await,
        say(&place.ben, &channel).await,
    ] {
        assert_eq!(answer.refusal(), (404, 10003));
    }
    let guild = place.ana.get(&place.at("")).await.ok();
    assert_eq!((&guild["system_channel_id"], &guild["rules_channel_id"]), (&Value::Null, &Value::Null));
    assert!(!place.ids_seen_by(&place.ana).await.contains(&channel));
}

#[tokio::test]
async fn the_lobby_of_the_instance_cannot_be_deleted() {
    let place = Place::new().await;
    let home = text(&place.ana.get("/users/@me/guilds").await.ok()[0]["id"]);
    let channels = place.ana.get(&format!("/guilds/{home}/channels")).await.ok();
    let lobby = channels.as_array().unwrap().iter().find(|channel| channel["name"] == "lobby").unwrap();
    let path = format!("/channels/{}", text(&lobby["id"]));
    assert_eq!(place.ana.delete(&path).await.status, 403);
    assert_eq!(&place.ana.get(&path).await.ok(), lobby);
}

#[tokio::test]
async fn slow_mode_makes_members_wait() {
    let place = Place::new().await;
    let channel = place.new_channel(TEXT, json!({"rate_limit_per_user": 30})).await;
    say(&place.ben, &channel).await.ok();
    place.world.advance(Duration::from_secs(10));
    let refused = say(&place.ben, &channel).await;
    assert_eq!((refused.refusal(), &refused.body["retry_after"]), ((429, 20016), &json!(20.0)));
    place.world.advance(Duration::from_secs(20));
    say(&place.ben, &channel).await.ok();
    change(&place.ana, &channel, json!({"rate_limit_per_user": 0})).await.ok();
    say(&place.ben, &channel).await.ok();
}

/// Source: Discord's documentation, "Create Guild Channel": "bots, as well as users with the permission
/// `BYPASS_SLOWMODE`, are unaffected".
#[tokio::test]
async fn slow_mode_spares_bots_and_those_who_may_bypass_it() {
    let place = Place::new().await;
    let channel = place.new_channel(TEXT, json!({"rate_limit_per_user": 30})).await;
    place.allow_ben(BYPASS_SLOWMODE).await;
    for who in [&place.ana, &place.ben, &place.bot().await] {
        say(who, &channel).await.ok();
        say(who, &channel).await.ok();
    }
}

/// Source: Discord's change log: "Starting on February 23, 2026, users will need the `BYPASS_SLOWMODE` permission".
#[tokio::test]
async fn slow_mode_does_not_spare_those_who_manage_messages_and_channels() {
    let place = Place::new().await;
    let channel = place.new_channel(TEXT, json!({"rate_limit_per_user": 30})).await;
    place.allow_ben(MANAGE_MESSAGES | MANAGE_CHANNELS).await;
    say(&place.ben, &channel).await.ok();
    assert_eq!(say(&place.ben, &channel).await.refusal(), (429, 20016));
}

/// Source: Discord's documentation, "Modify Guild Channel Positions": who moves a channel needs to manage it, and the
/// category where it goes.
#[tokio::test]
async fn who_moves_a_channel_manages_it_and_the_category_where_it_goes() {
    let place = Place::new().await;
    let ben = place.ben.user_id.as_str();
    place.allow_ben(MANAGE_CHANNELS).await;
    let [category, channel, other] = [
        place.new_channel(CATEGORY, json!({})).await,
        place.new_channel(TEXT, json!({})).await,
        place.new_channel(TEXT, json!({})).await,
    ];
    let order = |id: &str| json!([{"id": id, "parent_id": category}]);
    overwrite(&place.ana, &channel, ben, 1, 0, MANAGE_CHANNELS).await.ok();
    let moved = place.ben.patch(&place.at("/channels"), order(&channel)).await;
    assert_eq!((moved.status, &place.show(&channel).await["parent_id"]), (403, &Value::Null));
    overwrite(&place.ana, &category, ben, 1, 0, MANAGE_CHANNELS).await.ok();
    let moved = place.ben.patch(&place.at("/channels"), order(&other)).await;
    assert_eq!((moved.status, &place.show(&other).await["parent_id"]), (403, &Value::Null));
    place.ana.delete(&format!("/channels/{category}/permissions/{ben}")).await.ok();
    place.ben.patch(&place.at("/channels"), order(&other)).await.ok();
}

#[tokio::test]
async fn a_category_and_a_guild_hold_only_so_many_channels() {
    let place = Place::new().await;
    let [category, other] =
        [place.new_channel(CATEGORY, json!({})).await, place.new_channel(CATEGORY, json!({})).await];
    let under = json!({"parent_id": category});
    for _ in 0..CHANNELS_PER_CATEGORY_MAX {
        place.new_channel(TEXT, under.clone()).await;
    }
    finds_wrong(&place.make(&place.ana, TEXT, under.clone()).await, "parent_id");
    let outside = place.new_channel(TEXT, json!({"parent_id": other})).await;
    finds_wrong(&change(&place.ana, &outside, under).await, "parent_id");
    let places = json!([{"id": outside, "parent_id": category}]);
    assert_eq!(place.ana.patch(&place.at("/channels"), places).await.refusal(), (400, 50035));
    for _ in place.ids_seen_by(&place.ana).await.len()..CHANNELS_MAX {
        place.new_channel(VOICE, json!({})).await;
    }
    assert_eq!(place.make(&place.ana, TEXT, json!({})).await.refusal(), (400, 30013));
    place.ana.delete(&format!("/channels/{outside}")).await.ok();
    place.new_channel(TEXT, json!({})).await;
}
