//! Invites: who makes them, how long and how often they open a guild, and to whom.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use decentra_model::limits::INVITES_MAX;
use decentra_testkit::{Answer, Garden, Gateway, Rest, World};
use serde_json::{Value, json};

const CREATE_INVITE: u64 = 1;
const MANAGE_CHANNELS: u64 = 1 << 4;
const MANAGE_GUILD: u64 = 1 << 5;
const VIEW_AUDIT_LOG: u64 = 1 << 7;
const VIEW: u64 = 1 << 10;

/// A guild of Ana's with Ben in it; Cleo and Dan are in none but the home.
struct Place {
    world: World,
    ana: Rest,
    ben: Rest,
    cleo: Rest,
    dan: Rest,
    guild: String,
    channel: String,
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let [ana, ben, cleo, dan] = world.people(["ana", "ben", "cleo", "dan"]).await;
        let garden = Garden::of(&ana).await;
        garden.let_in(&ana, [&ben]).await;
        let Garden { guild, channel } = garden;
        Self { world, ana, ben, cleo, dan, guild, channel }
    }

    fn at(&self, rest: &str) -> String {
        format!("/guilds/{}{rest}", self.guild)
    }

    async fn make(&self, who: &Rest, draft: Value) -> Answer {
        who.post(&format!("/channels/{}/invites", self.channel), draft).await
    }

    /// The code of a new invite of Ana's.
    async fn code(&self, draft: Value) -> String {
        text(&self.make(&self.ana, draft).await.ok()["code"])
    }

    /// The codes in the guild's list.
    async fn codes(&self) -> Vec<String> {
        let invites = self.ana.get(&self.at("/invites")).await.ok();
        invites.as_array().unwrap().iter().map(|invite| text(&invite["code"])).collect()
    }

    /// How often an invite was used, as the guild's list tells.
    async fn uses(&self, code: &str) -> Value {
        let invites = self.ana.get(&self.at("/invites")).await.ok();
        invites.as_array().unwrap().iter().find(|invite| invite["code"] == code).unwrap()["uses"].clone()
    }

    async fn is_member(&self, who: &Rest) -> bool {
        self.ana.get(&self.at(&format!("/members/{}", who.user_id))).await.status == 200
    }

    async fn leave(&self, who: &Rest) {
        who.delete(&format!("/users/@me/guilds/{}", self.guild)).await.ok();
    }

    /// Asserts that nothing opens with `code`, whoever tries.
    async fn is_unknown(&self, code: &str) {
        let path = format!("/invites/{code}");
        for answer in [
            Rest::nobody(self.world.address()).get(&path).await,
            self.ana.get(&path).await,
            self.dan.post(&path, Value::Null).await,
            self.ana.delete(&path).await,
        ] {
            assert_eq!(answer.refusal(), (404, 10006), "{code}");
        }
    }

    /// Sets the permissions that Ben has by a role of his own.
    async fn allow_ben(&self, permissions: u64) {
        let role = json!({"permissions": permissions.to_string()});
        let role = text(&self.ana.post(&self.at("/roles"), role).await.ok()["id"]);
        let member = self.at(&format!("/members/{}", self.ben.user_id));
        self.ana.patch(&member, json!({"roles": [role]})).await.ok();
    }

    /// Denies everyone something in the channel.
    async fn deny(&self, permissions: u64) {
        let path = format!("/channels/{}/permissions/{}", self.channel, self.guild);
        self.ana.put(&path, json!({"type": 0, "deny": permissions.to_string()})).await.ok();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn accept(who: &Rest, code: &str) -> Answer {
    who.post(&format!("/invites/{code}"), Value::Null).await
}

/// Asserts that an answer finds this field wrong, and no other.
#[track_caller]
fn finds_wrong(answer: &Answer, field: &str) {
    assert_eq!(answer.refusal(), (400, 50035), "{field}: {}", answer.body);
    let fields: Vec<_> = answer.body["errors"].as_object().unwrap().keys().collect();
    assert_eq!(fields, [field], "{}", answer.body);
}

#[tokio::test]
async fn an_invite_says_where_it_leads_and_for_how_long_to_all_who_have_its_code() {
    let place = Place::new().await;
    let made = place.make(&place.ben, json!({})).await;
    assert_eq!(made.status, 200);
    for (key, value) in [
        ("type", json!(0)),
        ("uses", json!(0)),
        ("max_uses", json!(0)),
        ("max_age", json!(86_400)),
        ("temporary", json!(false)),
        ("created_at", json!("2026-01-31T12:00:00.000000+00:00")),
        ("expires_at", json!("2026-02-01T12:00:00.000000+00:00")),
    ] {
        assert_eq!(made.body[key], value, "{key}");
    }
    let path = format!("/invites/{}", text(&made.body["code"]));
    let seen = Rest::nobody(place.world.address()).get(&path).await.ok();
    assert_eq!((&seen["guild"]["id"], &seen["guild"]["name"]), (&json!(place.guild), &json!("Garden")));
    assert_eq!((&seen["channel"]["id"], &seen["channel"]["type"]), (&json!(place.channel), &json!(0)));
    assert_eq!((&seen["inviter"]["username"], seen.get("uses")), (&json!("ben"), None));
    assert_eq!(seen["expires_at"], made.body["expires_at"]);
    let counted = place.cleo.get(&format!("{path}?with_counts=true")).await.ok();
    let counts = (&counted["approximate_member_count"], &counted["approximate_presence_count"]);
    assert_eq!(counts, (&json!(2), &json!(0)));
}

#[tokio::test]
async fn one_just_like_it_is_given_again_unless_another_is_asked_for() {
    let place = Place::new().await;
    let first = place.code(json!({"max_uses": 5, "max_age": 600})).await;
    assert_eq!(place.code(json!({"max_age": 600, "max_uses": 5})).await, first);
    for other in [json!({"max_uses": 5}), json!({"max_uses": 5, "max_age": 600, "unique": true})] {
        assert_ne!(place.code(other).await, first);
    }
    let bens = place.make(&place.ben, json!({"max_uses": 5, "max_age": 600})).await.ok();
    assert_ne!(bens["code"], first);
    // Nor one that has ended.
    place.world.advance(Duration::from_mins(10));
    assert_ne!(place.code(json!({"max_uses": 5, "max_age": 600})).await, first);
}

#[tokio::test]
async fn what_an_invite_cannot_be_is_refused() {
    let place = Place::new().await;
    let before = place.codes().await;
    for (field, value) in [
        ("max_age", json!(-1)),
        ("max_age", json!(604_801)),
        ("max_age", json!("a day")),
        ("max_uses", json!(-1)),
        ("max_uses", json!(101)),
        ("max_uses", json!(1.5)),
        ("temporary", json!("yes")),
        ("unique", json!(1)),
    ] {
        finds_wrong(&place.make(&place.ana, json!({field: value})).await, field);
    }
    assert_eq!(place.codes().await, before);
    let longest = place.make(&place.ana, json!({"max_age": 604_800, "max_uses": 100})).await.ok();
    assert_eq!((&longest["max_age"], &longest["max_uses"]), (&json!(604_800), &json!(100)));
    let forever = place.make(&place.ana, json!({"max_age": 0})).await.ok();
    assert_eq!(forever["expires_at"], Value::Null);
}

#[tokio::test]
async fn a_code_that_none_has_is_unknown() {
    let place = Place::new().await;
    let long = "x".repeat(2_000);
    for code in ["nothing", "00000000", "%00", "%F0%9F%8C%B1", "..", "%2F", "%27%20OR%201=1--", &long] {
        place.is_unknown(code).await;
    }
}

#[tokio::test]
async fn an_invite_lets_in_and_counts_those_who_were_not_in_yet() {
    let place = Place::new().await;
    let code = place.code(json!({"max_uses": 9})).await;
    let taken = accept(&place.cleo, &code).await;
    assert_eq!((taken.status, &taken.body["guild"]["id"]), (200, &json!(place.guild)));
    assert_eq!((&taken.body["new_member"], place.uses(&code).await), (&json!(true), json!(1)));
    assert_eq!(accept(&place.cleo, &code).await.ok()["new_member"], false);
    assert_eq!(accept(&place.ana, &code).await.ok()["new_member"], false);
    assert_eq!(place.uses(&code).await, 1);
    let messages = place.cleo.get(&format!("/channels/{}/messages?limit=1", place.channel)).await.ok();
    assert_eq!((&messages[0]["type"], &messages[0]["author"]["username"]), (&json!(7), &json!("cleo")));
    assert_eq!(
        Rest::nobody(place.world.address()).post(&format!("/invites/{code}"), Value::Null).await.status,
        401
    );
}

#[tokio::test]
async fn an_invite_ends_when_its_time_has_come() {
    let place = Place::new().await;
    let minute = place.code(json!({"max_age": 60})).await;
    let forever = place.code(json!({"max_age": 0})).await;
    place.world.advance(Duration::from_secs(59));
    accept(&place.cleo, &minute).await.ok();
    place.world.advance(Duration::from_secs(1));
    place.is_unknown(&minute).await;
    assert!(!place.codes().await.contains(&minute));
    place.world.advance(Duration::from_hours(24 * 365));
    accept(&place.dan, &forever).await.ok();
}

#[tokio::test]
async fn an_invite_ends_when_it_was_used_so_often_also_across_a_restart() {
    let mut place = Place::new().await;
    let code = place.code(json!({"max_uses": 2})).await;
    accept(&place.cleo, &code).await.ok();
    place.leave(&place.cleo).await;
    let world = place.world.restart().await;
    for who in [&mut place.ana, &mut place.ben, &mut place.cleo, &mut place.dan] {
        *who = who.at(world.address());
    }
    let place = Place { world, ..place };
    assert_eq!(place.uses(&code).await, 1);
    accept(&place.cleo, &code).await.ok();
    place.is_unknown(&code).await;
    assert!(!place.codes().await.contains(&code));
    assert!(!place.is_member(&place.dan).await);
}

#[tokio::test]
async fn an_invite_for_one_that_two_take_at_once_lets_one_in() {
    let place = Place::new().await;
    for _ in 0..10 {
        let code = place.code(json!({"max_uses": 1, "unique": true})).await;
        let (one, other) = tokio::join!(accept(&place.cleo, &code), accept(&place.dan, &code));
        let (winner, loser, late) =
            if one.status == 200 { (&place.cleo, &place.dan, other) } else { (&place.dan, &place.cleo, one) };
        assert_eq!(late.refusal(), (404, 10006));
        assert!(place.is_member(winner).await && !place.is_member(loser).await);
        place.leave(winner).await;
    }
}

#[tokio::test]
async fn who_is_banned_uses_no_invite_up() {
    let place = Place::new().await;
    let code = place.code(json!({"max_uses": 1})).await;
    place.ana.put(&place.at(&format!("/bans/{}", place.cleo.user_id)), json!({})).await.ok();
    assert_eq!(accept(&place.cleo, &code).await.refusal(), (403, 40007));
    assert_eq!(place.uses(&code).await, 0);
    accept(&place.dan, &code).await.ok();
}

#[tokio::test]
async fn bots_take_no_invites() {
    let place = Place::new().await;
    let code = place.code(json!({})).await;
    let id = text(&place.ana.post("/applications", json!({"name": "Helper"})).await.ok()["id"]);
    let bot = place.ana.post(&format!("/applications/{id}/bot"), json!({})).await.ok();
    let bot = place.ana.bot(&text(&bot["token"]), &id);
    assert_eq!(accept(&bot, &code).await.refusal(), (403, 20001));
    assert!(!place.is_member(&bot).await);
}

#[tokio::test]
async fn an_invite_goes_when_it_is_taken_back_or_its_channel_is_deleted() {
    let place = Place::new().await;
    let code = place.code(json!({})).await;
    let taken = place.ana.delete(&format!("/invites/{code}")).await;
    assert_eq!((taken.status, &taken.body["code"]), (200, &json!(code)));
    place.is_unknown(&code).await;
    let code = place.code(json!({})).await;
    place.ana.delete(&format!("/channels/{}", place.channel)).await.ok();
    place.is_unknown(&code).await;
    assert_eq!(place.codes().await, [""; 0]);
}

/// Source: Discord's documentation, "Delete Invite": who manages its channel or the guild, not whoever made it.
#[tokio::test]
async fn an_invite_is_taken_back_by_who_manages_its_channel_or_the_guild() {
    let place = Place::new().await;
    for permissions in [MANAGE_CHANNELS, MANAGE_GUILD] {
        place.allow_ben(0).await;
        let code = text(&place.make(&place.ben, json!({})).await.ok()["code"]);
        for who in [&place.ben, &place.cleo] {
            assert_eq!(who.delete(&format!("/invites/{code}")).await.refusal(), (403, 50013));
        }
        place.allow_ben(permissions).await;
        place.ben.delete(&format!("/invites/{code}")).await.ok();
    }
}

#[tokio::test]
async fn an_invite_is_made_by_who_may_in_a_channel_that_they_see() {
    let place = Place::new().await;
    place.deny(CREATE_INVITE).await;
    assert_eq!(place.make(&place.ben, json!({})).await.refusal(), (403, 50013));
    place.make(&place.ana, json!({})).await.ok();
    place.deny(VIEW).await;
    for who in [&place.ben, &place.cleo] {
        assert_eq!(place.make(who, json!({})).await.refusal(), (404, 10003));
    }
    assert_eq!(place.ana.post("/channels/1/invites", json!({})).await.refusal(), (404, 10003));
    finds_wrong(&place.ana.post("/channels/9223372036854775808/invites", json!({})).await, "channel_id");
}

#[tokio::test]
async fn invites_are_listed_for_those_who_manage_the_channel_or_the_guild() {
    let place = Place::new().await;
    let code = place.code(json!({"max_uses": 7})).await;
    let (of_channel, of_guild) = (format!("/channels/{}/invites", place.channel), place.at("/invites"));
    for (permissions, in_channel, in_guild) in [
        (0, 403, 403),
        (MANAGE_CHANNELS, 200, 403),
        (MANAGE_GUILD, 403, 200),
        (MANAGE_CHANNELS | MANAGE_GUILD, 200, 200),
    ] {
        place.allow_ben(permissions).await;
        for (path, status) in [(&of_channel, in_channel), (&of_guild, in_guild)] {
            let answer = place.ben.get(path).await;
            assert_eq!(answer.status, status, "{permissions} {path}");
            if status == 200 {
                let listed =
                    answer.body.as_array().unwrap().iter().find(|invite| invite["code"] == code).unwrap();
                assert_eq!((&listed["max_uses"], &listed["uses"]), (&json!(7), &json!(0)));
            }
        }
    }
    let other = text(&place.ana.post(&place.at("/channels"), json!({"name": "roses"})).await.ok()["id"]);
    assert_eq!(place.ana.get(&format!("/channels/{other}/invites")).await.ok(), json!([]));
}

/// Source: Discord's documentation, "Get Guild Invites": "Requires the `MANAGE_GUILD` or `VIEW_AUDIT_LOG` permission.
/// Invite Metadata is included with the `MANAGE_GUILD` permission."
#[tokio::test]
async fn who_reads_the_audit_log_sees_the_invites_but_not_how_they_are_used() {
    let place = Place::new().await;
    place.allow_ben(VIEW_AUDIT_LOG).await;
    let invites = place.ben.get(&place.at("/invites")).await.ok();
    assert_eq!((&invites[0]["guild"]["id"], invites[0].get("uses")), (&json!(place.guild), None));
}

/// Source: Discord's documentation, "Create Channel Invite": it "only grants temporary membership", which ends when one
/// goes offline, unless one was given a role.
#[tokio::test]
async fn a_member_by_a_temporary_invite_goes_when_they_go() {
    let place = Place::new().await;
    let code = place.code(json!({"temporary": true})).await;
    let token = |who: &Rest| who.token.clone().unwrap();
    let mut ana = Gateway::identify(place.world.address(), &token(&place.ana)).await;
    accept(&place.cleo, &code).await.ok();
    let session = Gateway::identify(place.world.address(), &token(&place.cleo)).await;
    assert!(place.is_member(&place.cleo).await);
    place.cleo.post("/auth/logout", json!({})).await.ok();
    drop(session);
    assert_eq!(ana.until("GUILD_MEMBER_REMOVE").await["user"]["username"], "cleo");
}

#[tokio::test]
async fn a_guild_has_only_so_many_invites() {
    let place = Place::new().await;
    let another = json!({"unique": true});
    let mut last = String::new();
    for _ in place.codes().await.len()..INVITES_MAX {
        last = place.code(another.clone()).await;
    }
    assert_eq!(place.make(&place.ana, another.clone()).await.refusal(), (400, 30016));
    place.ana.delete(&format!("/invites/{last}")).await.ok();
    place.code(another).await;
}
