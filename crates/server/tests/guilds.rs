//! Guilds: who makes, sees, changes, gives away and deletes them.

#![expect(clippy::unwrap_used, reason = "a test")]

use decentra_model::limits::GUILDS_PER_USER_MAX;
use decentra_testkit::{Answer, Rest, World};
use serde_json::{Value, json};

/// A picture of one pixel.
const PIXEL: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

const ADMINISTRATOR: u64 = 1 << 3;
const MANAGE_GUILD: u64 = 1 << 5;

/// A guild of Ana's with Ben in it; Cleo is in none but the home.
struct Place {
    world: World,
    ana: Rest,
    ben: Rest,
    cleo: Rest,
    guild: String,
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let ana = Rest::register(world.address(), "ana").await;
        let ben = Rest::register(world.address(), "ben").await;
        let cleo = Rest::register(world.address(), "cleo").await;
        let guild = ana.post("/guilds", json!({"name": "Garden"})).await.ok();
        let place = Self { world, ana, ben, cleo, guild: text(&guild["id"]) };
        place.ben.post(&format!("/invites/{}", place.invite().await), Value::Null).await.ok();
        place
    }

    /// The address of what stands under the guild.
    fn at(&self, rest: &str) -> String {
        format!("/guilds/{}{rest}", self.guild)
    }

    async fn change(&self, who: &Rest, change: Value) -> Answer {
        who.patch(&self.at(""), change).await
    }

    /// The guild, as Ana reads it.
    async fn show(&self) -> Value {
        self.ana.get(&self.at("")).await.ok()
    }

    /// The first channel of a kind.
    async fn channel(&self, kind: u64) -> String {
        let channels = self.ana.get(&self.at("/channels")).await.ok();
        text(&channels.as_array().unwrap().iter().find(|channel| channel["type"] == kind).unwrap()["id"])
    }

    async fn invite(&self) -> String {
        let path = format!("/channels/{}/invites", self.channel(0).await);
        text(&self.ana.post(&path, json!({})).await.ok()["code"])
    }

    /// Gives Ben a role with these permissions.
    async fn allow_ben(&self, permissions: u64) {
        let role = json!({"permissions": permissions.to_string()});
        let role = self.ana.post(&self.at("/roles"), role).await.ok();
        let path = self.at(&format!("/members/{}/roles/{}", self.ben.user_id, text(&role["id"])));
        self.ana.put(&path, Value::Null).await.ok();
    }

    /// Status, kind and length of a picture.
    async fn picture(&self, path: &str) -> (String, Vec<u8>) {
        let mut raw = self.world.raw().await;
        let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        raw.send(request.as_bytes()).await.unwrap();
        let answer = raw.read_to_end().await;
        let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        (String::from_utf8_lossy(&answer[..head]).to_lowercase(), answer[head + 4..].to_vec())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The ids of those guilds that someone is in.
async fn guilds_of(who: &Rest) -> Vec<String> {
    let guilds = who.get("/users/@me/guilds").await.ok();
    guilds.as_array().unwrap().iter().map(|guild| text(&guild["id"])).collect()
}

/// Asserts that an answer finds this field wrong, and no other.
#[track_caller]
fn finds_wrong(answer: &Answer, field: &str) {
    assert_eq!(answer.refusal(), (400, 50035), "{field}: {}", answer.body);
    let fields: Vec<_> = answer.body["errors"].as_object().unwrap().keys().collect();
    assert_eq!(fields, [field], "{}", answer.body);
}

#[tokio::test]
async fn a_new_guild_has_its_owner_a_role_for_everyone_and_channels_for_text_and_voice() {
    let place = Place::new().await;
    let made = place.cleo.post("/guilds", json!({"name": "  Orchard "})).await;
    assert_eq!((made.status, &made.body["name"]), (201, &json!("Orchard")));
    let (guild, owner) = (text(&made.body["id"]), place.cleo.user_id.as_str());
    assert_eq!(made.body["owner_id"], owner);
    assert_eq!(made.body["roles"].as_array().unwrap().len(), 1);
    assert_eq!(made.body["roles"][0]["id"], guild.as_str());
    assert_eq!(made.body["roles"][0]["name"], "@everyone");
    let channels = place.cleo.get(&format!("/guilds/{guild}/channels")).await.ok();
    let kinds: Vec<_> = channels.as_array().unwrap().iter().map(|channel| &channel["type"]).collect();
    assert_eq!(kinds, [0, 2]);
    assert_eq!(made.body["system_channel_id"], channels[0]["id"]);
    let members = place.cleo.get(&format!("/guilds/{guild}/members?limit=1000")).await.ok();
    assert_eq!(members.as_array().unwrap().len(), 1);
    assert_eq!(members[0]["user"]["id"], owner);
    assert!(guilds_of(&place.cleo).await.contains(&guild));
    assert!(!guilds_of(&place.ana).await.contains(&guild));
}

#[tokio::test]
async fn to_who_is_not_in_it_a_guild_does_not_exist() {
    let place = Place::new().await;
    let gets = "/ /preview /channels /roles /roles/member-counts /members /members/search?query=a /members/@me \
        /bans /prune /invites /audit-logs /emojis /threads/active";
    for rest in gets.split_whitespace() {
        let answer = place.cleo.get(&place.at(rest.trim_end_matches('/'))).await;
        assert_eq!(answer.refusal(), (404, 10004), "{rest}");
    }
    for (method, rest, body) in [
        ("PATCH", "", json!({"name": "Mine"})),
        ("DELETE", "", Value::Null),
        ("POST", "/delete", Value::Null),
        ("POST", "/channels", json!({"name": "mine"})),
        ("PATCH", "/channels", json!([])),
        ("POST", "/roles", json!({})),
        ("PATCH", "/roles", json!([])),
        ("PATCH", "/members/@me", json!({"nick": "c"})),
        ("POST", "/bulk-ban", json!({"user_ids": ["1"]})),
        ("POST", "/prune", json!({})),
    ] {
        let answer = place.cleo.call(method, &place.at(rest), Some(body)).await;
        assert_eq!(answer.refusal(), (404, 10004), "{method} {rest}");
    }
    assert_eq!(place.show().await["name"], "Garden");
}

#[tokio::test]
async fn an_id_that_leads_nowhere_is_unknown_and_one_that_is_none_is_told_so() {
    let place = Place::new().await;
    for id in ["0", "1", "0001", "9223372036854775807"] {
        assert_eq!(place.ana.get(&format!("/guilds/{id}")).await.refusal(), (404, 10004), "{id}");
        assert_eq!(place.ana.delete(&format!("/guilds/{id}")).await.refusal(), (404, 10004), "{id}");
    }
    let none = "9223372036854775808 99999999999999999999999999 -1 +1 1.5 1e3 garden %20 %00 %F0%9F%8C%B1";
    for id in none.split(' ') {
        for answer in [
            place.ana.get(&format!("/guilds/{id}")).await,
            place.ana.patch(&format!("/guilds/{id}"), json!({"name": "Mine"})).await,
            place.ana.delete(&format!("/guilds/{id}")).await,
        ] {
            finds_wrong(&answer, "guild_id");
        }
    }
}

#[tokio::test]
async fn what_is_changed_of_a_guild_stays_changed_and_the_rest_stays_as_it_was() {
    let place = Place::new().await;
    let before = place.show().await;
    let change = json!({
        "name": "Orchard",
        "description": "Apples and pears.",
        "verification_level": 2,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "afk_channel_id": place.channel(2).await,
        "afk_timeout": 900,
        "system_channel_id": place.channel(0).await,
        "system_channel_flags": 5,
        "rules_channel_id": place.channel(0).await,
        "public_updates_channel_id": place.channel(0).await,
        "preferred_locale": "de",
        "premium_progress_bar_enabled": true,
    });
    let changed = place.change(&place.ana, change.clone()).await.ok();
    for (key, value) in before.as_object().unwrap() {
        assert_eq!(&changed[key], change.get(key).unwrap_or(value), "{key}");
    }
    assert_eq!(place.show().await, changed);
    let world = place.world.restart().await;
    assert_eq!(place.ana.at(world.address()).get(&format!("/guilds/{}", place.guild)).await.ok(), changed);
}

#[tokio::test]
async fn a_null_takes_away_what_a_guild_need_not_have() {
    let place = Place::new().await;
    let (talk, voice) = (place.channel(0).await, place.channel(2).await);
    let full = json!({
        "description": "Apples",
        "icon": PIXEL,
        "afk_channel_id": voice,
        "system_channel_id": talk,
        "rules_channel_id": talk,
        "public_updates_channel_id": talk,
    });
    let keys = full.as_object().unwrap().keys();
    let changed = place.change(&place.ana, full.clone()).await.ok();
    for key in keys {
        assert_ne!(changed[key], Value::Null, "{key}");
        let changed = place.change(&place.ana, json!({key: null})).await.ok();
        assert_eq!(changed[key], Value::Null, "{key}");
    }
    let name = place.change(&place.ana, json!({"name": null})).await;
    assert_eq!(name.ok()["name"], "Garden");
}

#[tokio::test]
async fn what_a_guild_cannot_have_is_refused_and_changes_nothing() {
    let place = Place::new().await;
    let (talk, voice) = (place.channel(0).await, place.channel(2).await);
    let foreign = place.ana.get("/users/@me/guilds").await.ok()[0]["id"].clone();
    let foreign =
        place.ana.get(&format!("/guilds/{}", text(&foreign))).await.ok()["system_channel_id"].clone();
    let before = place.show().await;
    for (field, value) in [
        ("name", json!("")),
        ("name", json!(" \n ")),
        ("name", json!("x".repeat(101))),
        ("name", json!(7)),
        ("description", json!("x".repeat(301))),
        ("verification_level", json!(5)),
        ("verification_level", json!(-1)),
        ("verification_level", json!("high")),
        ("default_message_notifications", json!(2)),
        ("explicit_content_filter", json!(3)),
        ("afk_timeout", json!(61)),
        ("afk_timeout", json!(0)),
        ("afk_channel_id", json!(talk)),
        ("afk_channel_id", json!("1")),
        ("system_channel_id", json!(voice)),
        ("system_channel_id", foreign),
        ("rules_channel_id", json!("not one")),
        ("public_updates_channel_id", json!("9223372036854775808")),
        ("preferred_locale", json!("tlh")),
        ("premium_progress_bar_enabled", json!("yes")),
        ("owner_id", json!("nobody")),
        ("icon", json!("data:text/html;base64,aGk=")),
        ("icon", json!("data:image/png;base64,aGk=")),
        ("icon", json!(7)),
    ] {
        let answer =
            place.change(&place.ana, json!({"default_message_notifications": 1, field: value})).await;
        finds_wrong(&answer, field);
    }
    assert_eq!(place.show().await, before);
    for name in [json!({}), json!({"name": null}), json!({"name": ""}), json!({"name": "x".repeat(101)})] {
        finds_wrong(&place.ana.post("/guilds", name).await, "name");
    }
}

/// Source: Discord's documentation, "Create Guild": 2 to 100 characters, excluding white space around them.
#[tokio::test]
async fn the_name_of_a_guild_has_two_to_a_hundred_characters_not_counting_the_space_around_them() {
    let place = Place::new().await;
    for short in ["x", " x ", "ü"] {
        finds_wrong(&place.change(&place.ana, json!({"name": short})).await, "name");
        finds_wrong(&place.ana.post("/guilds", json!({"name": short})).await, "name");
    }
    let longest = "ü".repeat(100);
    let changed = place.change(&place.ana, json!({"name": format!("  {longest} ")})).await.ok();
    assert_eq!(changed["name"], longest);
}

#[tokio::test]
async fn only_who_manages_a_guild_changes_it() {
    let place = Place::new().await;
    let change = json!({"name": "Ben's garden"});
    assert_eq!(place.change(&place.ben, change.clone()).await.refusal(), (403, 50013));
    assert_eq!(place.show().await["name"], "Garden");
    place.allow_ben(MANAGE_GUILD).await;
    assert_eq!(place.change(&place.ben, change).await.ok()["name"], "Ben's garden");
}

#[tokio::test]
async fn the_icon_of_a_guild_is_at_its_address_until_it_is_taken_away() {
    let place = Place::new().await;
    let icon = text(&place.change(&place.ana, json!({"icon": PIXEL})).await.ok()["icon"]);
    assert_eq!(place.show().await["icon"], icon);
    let path = format!("/icons/{}/{icon}.png", place.guild);
    for query in ["", "?size=64", "?size=512"] {
        let (head, bytes) = place.picture(&format!("{path}{query}")).await;
        assert!(head.starts_with("http/1.1 200") && head.contains("content-type: image/png"), "{head}");
        assert!(bytes.starts_with(b"\x89PNG"), "{query}");
    }
    // A change of something else leaves it.
    assert_eq!(place.change(&place.ana, json!({"name": "Orchard"})).await.ok()["icon"], icon);
    assert_eq!(place.change(&place.ana, json!({"icon": null})).await.ok()["icon"], Value::Null);
    assert!(place.picture(&path).await.0.starts_with("http/1.1 404"));
}

#[tokio::test]
async fn a_guild_can_be_made_with_an_icon_which_goes_when_the_guild_goes() {
    let place = Place::new().await;
    let made = place.cleo.post("/guilds", json!({"name": "Orchard", "icon": PIXEL})).await.ok();
    let path = format!("/icons/{}/{}.png", text(&made["id"]), text(&made["icon"]));
    assert!(place.picture(&path).await.0.starts_with("http/1.1 200"));
    place.cleo.delete(&format!("/guilds/{}", text(&made["id"]))).await.ok();
    assert!(place.picture(&path).await.0.starts_with("http/1.1 404"));
}

#[tokio::test]
async fn counts_are_told_when_they_are_asked_for() {
    let place = Place::new().await;
    assert_eq!(place.show().await.get("approximate_member_count"), None);
    let counted = place.ben.get(&place.at("?with_counts=true")).await.ok();
    assert_eq!(
        (&counted["approximate_member_count"], &counted["approximate_presence_count"]),
        (&json!(2), &json!(0))
    );
    let preview = place.ben.get(&place.at("/preview")).await.ok();
    assert_eq!((&preview["name"], &preview["approximate_member_count"]), (&json!("Garden"), &json!(2)));
}

#[tokio::test]
async fn what_guilds_do_not_have_here_is_empty() {
    let place = Place::new().await;
    let lists =
        "regions emojis stickers integrations webhooks scheduled-events auto-moderation/rules templates";
    for list in lists.split(' ') {
        assert_eq!(place.ana.get(&place.at(&format!("/{list}"))).await.ok(), json!([]), "{list}");
    }
    assert_eq!(place.ana.get(&place.at("/soundboard-sounds")).await.ok(), json!({"items": []}));
    let threads = json!({"threads": [], "members": [], "has_more": false});
    assert_eq!(place.ana.get(&place.at("/threads/active")).await.ok(), threads);
    assert_eq!(place.ana.get(&place.at("/vanity-url")).await.ok(), json!({"code": null, "uses": 0}));
}

#[tokio::test]
async fn only_the_owner_gives_a_guild_away_and_then_owns_it_no_more() {
    let place = Place::new().await;
    let give = |to: &Rest| json!({"owner_id": to.user_id});
    place.allow_ben(ADMINISTRATOR).await;
    assert_eq!(place.change(&place.ben, give(&place.ben)).await.refusal(), (403, 50013));
    assert_eq!(place.change(&place.ana, give(&place.cleo)).await.refusal(), (404, 10007));
    assert_eq!(place.show().await["owner_id"], place.ana.user_id);
    assert_eq!(place.change(&place.ana, give(&place.ben)).await.ok()["owner_id"], place.ben.user_id);
    assert_eq!(place.change(&place.ana, give(&place.ana)).await.refusal(), (403, 50013));
    assert_eq!(place.ana.delete(&place.at("")).await.refusal(), (403, 50013));
    place.ana.delete(&format!("/users/@me/guilds/{}", place.guild)).await.ok();
    place.ben.delete(&place.at("")).await.ok();
}

#[tokio::test]
async fn a_guild_is_not_given_to_a_bot() {
    let place = Place::new().await;
    let application = place.ana.post("/applications", json!({"name": "Helper"})).await.ok();
    let id = text(&application["id"]);
    place.ana.post(&format!("/applications/{id}/bot"), json!({})).await.ok();
    let grant = json!({"guild_id": place.guild, "permissions": "0", "authorize": true});
    place.ana.post(&format!("/oauth2/authorize?client_id={id}&scope=bot"), grant).await.ok();
    finds_wrong(&place.change(&place.ana, json!({"owner_id": id})).await, "owner_id");
    assert_eq!(place.show().await["owner_id"], place.ana.user_id);
}

#[tokio::test]
async fn only_the_owner_deletes_a_guild_and_all_that_it_held_is_gone() {
    let place = Place::new().await;
    place.allow_ben(ADMINISTRATOR).await;
    assert_eq!(place.ben.delete(&place.at("")).await.refusal(), (403, 50013));
    let (channel, invite) = (place.channel(0).await, place.invite().await);
    place.ben.post(&format!("/channels/{channel}/messages"), json!({"content": "hello"})).await.ok();
    assert_eq!(place.ana.delete(&place.at("")).await.status, 204);
    for who in [&place.ana, &place.ben] {
        assert_eq!(who.get(&place.at("")).await.refusal(), (404, 10004));
        assert_eq!(who.get(&format!("/channels/{channel}")).await.refusal(), (404, 10003));
        assert_eq!(who.get(&format!("/channels/{channel}/messages")).await.refusal(), (404, 10003));
        assert!(!guilds_of(who).await.contains(&place.guild));
    }
    assert_eq!(place.cleo.get(&format!("/invites/{invite}")).await.refusal(), (404, 10006));
    assert_eq!(place.ana.delete(&place.at("")).await.refusal(), (404, 10004));
}

#[tokio::test]
async fn the_home_of_the_instance_cannot_be_deleted_by_anyone() {
    let place = Place::new().await;
    let home = guilds_of(&place.ana).await[0].clone();
    assert_eq!(place.ana.get(&format!("/guilds/{home}")).await.ok()["owner_id"], place.ana.user_id);
    for who in [&place.ana, &place.ben] {
        assert_eq!(who.delete(&format!("/guilds/{home}")).await.status, 403);
        assert_eq!(who.post(&format!("/guilds/{home}/delete"), Value::Null).await.status, 403);
    }
    assert_eq!(guilds_of(&place.cleo).await, [home]);
}

#[tokio::test]
async fn one_can_only_be_in_so_many_guilds_those_one_made_among_them() {
    let place = Place::new().await;
    for nth in guilds_of(&place.cleo).await.len()..GUILDS_PER_USER_MAX {
        place.cleo.post("/guilds", json!({"name": format!("Plot {nth}")})).await.ok();
    }
    let invite = format!("/invites/{}", place.invite().await);
    assert_eq!(place.cleo.post(&invite, Value::Null).await.refusal(), (400, 30001));
    assert_eq!(place.cleo.post("/guilds", json!({"name": "Too much"})).await.refusal(), (400, 30001));
    // Who leaves one has room for another.
    let last = guilds_of(&place.cleo).await.pop().unwrap();
    place.cleo.delete(&format!("/guilds/{last}")).await.ok();
    place.cleo.post(&invite, Value::Null).await.ok();
}
