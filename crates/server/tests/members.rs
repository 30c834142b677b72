//! Members: who they are, what they are called, what may be done to them, and how they go.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use decentra_testkit::{Answer, Garden, Rest, World};
use serde_json::{Value, json};

const KICK: u64 = 1 << 1;
const BAN: u64 = 1 << 2;
const ADMINISTRATOR: u64 = 1 << 3;
const MANAGE_GUILD: u64 = 1 << 5;
const MUTE: u64 = 1 << 22;
const CHANGE_NICKNAME: u64 = 1 << 26;
const MANAGE_NICKNAMES: u64 = 1 << 27;
const MANAGE_ROLES: u64 = 1 << 28;
const MODERATE: u64 = 1 << 40;

const DAY: Duration = Duration::from_hours(24);

/// A guild of Ana's with Ben and Cleo in it.
struct Place {
    world: World,
    ana: Rest,
    ben: Rest,
    cleo: Rest,
    garden: Garden,
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let [ana, ben, cleo] = world.people(["ana", "ben", "cleo"]).await;
        let garden = Garden::of(&ana).await;
        garden.let_in(&ana, [&ben, &cleo]).await;
        Self { world, ana, ben, cleo, garden }
    }

    fn at(&self, rest: &str) -> String {
        format!("/guilds/{}{rest}", self.garden.guild)
    }

    fn member(&self, of: &Rest) -> String {
        self.at(&format!("/members/{}", of.user_id))
    }

    async fn change(&self, who: &Rest, whom: &Rest, change: Value) -> Answer {
        who.patch(&self.member(whom), change).await
    }

    /// The member, as Ana reads it.
    async fn show(&self, whom: &Rest) -> Value {
        self.ana.get(&self.member(whom)).await.ok()
    }

    async fn kick(&self, who: &Rest, whom: &Rest) -> Answer {
        who.delete(&self.member(whom)).await
    }

    /// A new role with these permissions, which stands below those made before.
    async fn role(&self, permissions: u64) -> String {
        let draft = json!({"permissions": permissions.to_string()});
        text(&self.ana.post(&self.at("/roles"), draft).await.ok()["id"])
    }

    /// Gives someone a role.
    async fn give(&self, whom: &Rest, role: &str) {
        self.ana.put(&format!("{}/roles/{role}", self.member(whom)), Value::Null).await.ok();
    }

    async fn allow(&self, whom: &Rest, permissions: u64) -> String {
        let role = self.role(permissions).await;
        self.give(whom, &role).await;
        role
    }

    async fn say(&self, who: &Rest) -> Answer {
        who.post(&format!("/channels/{}/messages", self.garden.channel), json!({"content": "hello"})).await
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The names of members.
fn names(members: &Value) -> Vec<&str> {
    members.as_array().unwrap().iter().map(|member| member["user"]["username"].as_str().unwrap()).collect()
}

/// Asserts that an answer finds this field wrong, and no other.
#[track_caller]
fn finds_wrong(answer: &Answer, field: &str) {
    assert_eq!(answer.refusal(), (400, 50035), "{field}: {}", answer.body);
    let fields: Vec<_> = answer.body["errors"].as_object().unwrap().keys().collect();
    assert_eq!(fields, [field], "{}", answer.body);
}

#[tokio::test]
async fn members_are_listed_in_pages_by_their_ids() {
    let place = Place::new().await;
    let list = async |query: &str| place.ben.get(&place.at(&format!("/members{query}"))).await;
    assert_eq!(names(&list("?limit=1000").await.ok()), ["ana", "ben", "cleo"]);
    assert_eq!(names(&list("").await.ok()), ["ana"]);
    assert_eq!(names(&list("?limit=2").await.ok()), ["ana", "ben"]);
    let after = |who: &Rest| format!("?limit=2&after={}", who.user_id);
    assert_eq!(names(&list(&after(&place.ben)).await.ok()), ["cleo"]);
    assert_eq!(list(&after(&place.cleo)).await.ok(), json!([]));
    assert_eq!(names(&list("?limit=3&after=0").await.ok()).len(), 3);
    assert_eq!(list("?after=9223372036854775807").await.ok(), json!([]));
    for limit in ["0", "1001", "-1", "many", "1.5", ""] {
        finds_wrong(&list(&format!("?limit={limit}")).await, "limit");
    }
    for after in ["ben", "-1", "9223372036854775808"] {
        finds_wrong(&list(&format!("?after={after}")).await, "after");
    }
}

#[tokio::test]
async fn members_are_found_by_the_beginning_of_a_name() {
    let place = Place::new().await;
    place.change(&place.ana, &place.cleo, json!({"nick": "Benjamin Fränk"})).await.ok();
    let search = async |query: &str| place.ben.get(&place.at(&format!("/members/search?{query}"))).await;
    for (query, found) in [
        ("query=be&limit=10", &["ben", "cleo"][..]),
        ("query=BE&limit=10", &["ben", "cleo"]),
        ("query=be", &["ben"]),
        ("query=Benjamin+Fr%C3%A4&limit=2", &["cleo"]),
        ("query=cl&limit=1", &["cleo"]),
        ("query=en&limit=10", &[]),
        ("query=%25&limit=10", &[]),
    ] {
        assert_eq!(names(&search(query).await.ok()), found, "{query}");
    }
    for query in ["", "query=", "limit=5"] {
        finds_wrong(&search(query).await, "query");
    }
    finds_wrong(&search("query=be&limit=1001").await, "limit");
}

#[tokio::test]
async fn a_member_is_read_and_who_is_none_is_unknown() {
    let place = Place::new().await;
    let dan = Rest::register(place.world.address(), "dan").await;
    let shown = place.ben.get(&place.member(&place.cleo)).await.ok();
    assert_eq!((&shown["user"]["id"], &shown["nick"]), (&json!(place.cleo.user_id), &Value::Null));
    assert_eq!(
        (&shown["roles"], &shown["joined_at"]),
        (&json!([]), &json!("2026-01-31T12:00:00.000000+00:00"))
    );
    let own = place.cleo.get(&place.at("/members/@me")).await.ok();
    assert_eq!(own, shown);
    let own = place.cleo.get(&format!("/users/@me/guilds/{}/member", place.garden.guild)).await.ok();
    assert_eq!(own, shown);
    for id in ["1", "9223372036854775807", dan.user_id.as_str(), place.garden.guild.as_str()] {
        let path = place.at(&format!("/members/{id}"));
        for answer in [
            place.ana.get(&path).await,
            place.ana.patch(&path, json!({"nick": "x"})).await,
            place.ana.delete(&path).await,
        ] {
            assert_eq!(answer.refusal(), (404, 10007), "{id}");
        }
    }
    for id in "9223372036854775808 99999999999999999999999999 -1 1.5 ben %00".split(' ') {
        let path = place.at(&format!("/members/{id}"));
        finds_wrong(&place.ana.get(&path).await, "user_id");
        finds_wrong(&place.ana.delete(&path).await, "user_id");
    }
}

#[tokio::test]
async fn a_nickname_is_ones_own_to_change_unless_that_is_taken_away() {
    let place = Place::new().await;
    let own = place.at("/members/@me");
    assert_eq!(place.ben.patch(&own, json!({"nick": "  Benny "})).await.ok()["nick"], "Benny");
    assert_eq!(place.show(&place.ben).await["nick"], "Benny");
    let old = place.ben.patch(&place.at("/members/@me/nick"), json!({"nick": "Benno"})).await.ok();
    assert_eq!(old, json!({"nick": "Benno"}));
    assert_eq!(place.change(&place.ben, &place.ben, json!({"nick": "ü".repeat(32)})).await.status, 200);
    for none in [json!(null), json!(""), json!("  ")] {
        place.ben.patch(&own, json!({"nick": "Benny"})).await.ok();
        assert_eq!(place.ben.patch(&own, json!({"nick": none})).await.ok()["nick"], Value::Null);
    }
    for wrong in [json!("x".repeat(33)), json!(7), json!(["Benny"])] {
        finds_wrong(&place.ben.patch(&own, json!({"nick": wrong})).await, "nick");
    }
    // One's own name is all that one changes there.
    let role = place.role(ADMINISTRATOR).await;
    let more =
        json!({"nick": "Boss", "roles": [role], "communication_disabled_until": "2026-02-01T00:00:00Z"});
    let changed = place.ben.patch(&own, more).await.ok();
    assert_eq!((&changed["nick"], &changed["roles"]), (&json!("Boss"), &json!([])));
    assert_eq!(changed["communication_disabled_until"], Value::Null);
    let everyone = place.at(&format!("/roles/{}", place.garden.guild));
    let bits: u64 = text(&place.ana.get(&everyone).await.ok()["permissions"]).parse().unwrap();
    place.ana.patch(&everyone, json!({"permissions": (bits & !CHANGE_NICKNAME).to_string()})).await.ok();
    assert_eq!(place.ben.patch(&own, json!({"nick": "Benny"})).await.refusal(), (403, 50013));
    place.allow(&place.ben, MANAGE_NICKNAMES).await;
    place.ben.patch(&own, json!({"nick": "Benny"})).await.ok();
}

#[tokio::test]
async fn each_change_of_a_member_needs_its_permission() {
    let place = Place::new().await;
    let role = place.role(0).await;
    let top = place.allow(&place.ben, 0).await;
    place.ana.patch(&place.at("/roles"), json!([{"id": top, "position": 9}])).await.ok();
    let until = "2026-01-31T12:01:00Z";
    for (patch, needed) in [
        (json!({"nick": "Cle"}), MANAGE_NICKNAMES),
        (json!({"roles": [role]}), MANAGE_ROLES),
        (json!({"communication_disabled_until": until}), MODERATE),
        (json!({"communication_disabled_until": null}), MODERATE),
    ] {
        let permissions = |bits: u64| json!({"permissions": bits.to_string()});
        let all = MANAGE_NICKNAMES | MANAGE_ROLES | MODERATE | MUTE | KICK | BAN;
        place.ana.patch(&place.at(&format!("/roles/{top}")), permissions(all & !needed)).await.ok();
        let refused = place.change(&place.ben, &place.cleo, patch.clone()).await;
        assert_eq!(refused.refusal(), (403, 50013), "{patch}");
        place.ana.patch(&place.at(&format!("/roles/{top}")), permissions(needed)).await.ok();
        place.change(&place.ben, &place.cleo, patch).await.ok();
    }
    // Of many changes all happen or none.
    let both = json!({"roles": [], "nick": "Cleopatra"});
    assert_eq!(place.change(&place.ben, &place.cleo, both).await.refusal(), (403, 50013));
    let shown = place.show(&place.cleo).await;
    assert_eq!((&shown["roles"], &shown["nick"]), (&json!([role]), &json!("Cle")));
    for mute in [json!({"mute": true}), json!({"deaf": true})] {
        assert_eq!(place.change(&place.ben, &place.cleo, mute).await.refusal(), (403, 50013));
    }
}

#[tokio::test]
async fn the_roles_of_a_member_are_set_given_and_taken() {
    let place = Place::new().await;
    let [one, other] = [place.role(0).await, place.role(0).await];
    let set = |roles: Value| json!({"roles": roles});
    let changed = place.change(&place.ana, &place.ben, set(json!([one, one]))).await.ok();
    assert_eq!(changed["roles"], json!([one]));
    for _ in 0..2 {
        place.give(&place.ben, &other).await;
        assert_eq!(place.show(&place.ben).await["roles"], json!([one, other]));
    }
    let path = format!("{}/roles/{one}", place.member(&place.ben));
    for _ in 0..2 {
        assert_eq!(place.ana.delete(&path).await.status, 204);
        assert_eq!(place.show(&place.ben).await["roles"], json!([other]));
    }
    let unknown = place.change(&place.ana, &place.ben, set(json!([one, "1"]))).await;
    assert_eq!(unknown.refusal(), (404, 10011));
    finds_wrong(&place.change(&place.ana, &place.ben, set(json!([one, "one"]))).await, "roles");
    finds_wrong(&place.change(&place.ana, &place.ben, set(json!(one))).await, "roles");
    assert_eq!(place.show(&place.ben).await["roles"], json!([other]));
    assert_eq!(place.change(&place.ana, &place.ben, set(json!([]))).await.ok()["roles"], json!([]));
}

#[tokio::test]
async fn who_is_timed_out_may_read_but_not_write_until_the_time_has_come() {
    let place = Place::new().await;
    let said = text(&place.say(&place.ben).await.ok()["id"]);
    let out = json!({"communication_disabled_until": "2026-01-31T12:01:00Z"});
    let changed = place.change(&place.ana, &place.ben, out.clone()).await.ok();
    assert_eq!(changed["communication_disabled_until"], "2026-01-31T12:01:00.000000+00:00");
    let channel = format!("/channels/{}", place.garden.channel);
    let message = format!("{channel}/messages/{said}");
    let is_silent = async || {
        for (method, path, body) in [
            ("POST", format!("{channel}/messages"), json!({"content": "hello"})),
            ("POST", format!("{channel}/typing"), Value::Null),
            ("POST", format!("{channel}/invites"), json!({})),
            ("PUT", format!("{message}/reactions/%F0%9F%91%8D/@me"), Value::Null),
            ("PATCH", message.clone(), json!({"content": "what I meant"})),
            ("PATCH", place.at("/members/@me"), json!({"nick": "Silent"})),
        ] {
            assert_eq!(
                place.ben.call(method, &path, Some(body)).await.refusal(),
                (403, 50013),
                "{method} {path}"
            );
        }
        for path in ["", "/messages"] {
            place.ben.get(&format!("{channel}{path}")).await.ok();
        }
        place.ben.get(&place.at("/members?limit=9")).await.ok();
    };
    is_silent().await;
    place.world.advance(Duration::from_secs(59));
    is_silent().await;
    place.world.advance(Duration::from_secs(1));
    place.say(&place.ben).await.ok();
    let again = json!({"communication_disabled_until": "2026-01-31T14:00:00+01:00"});
    place.change(&place.ana, &place.ben, again).await.ok();
    is_silent().await;
    place.change(&place.ana, &place.ben, json!({"communication_disabled_until": null})).await.ok();
    place.say(&place.ben).await.ok();
}

#[tokio::test]
async fn a_time_out_ends_within_28_days_and_is_not_for_administrators() {
    let place = Place::new().await;
    let until = |moment: &str| json!({"communication_disabled_until": moment});
    place.change(&place.ana, &place.ben, until("2026-02-28T12:00:00Z")).await.ok();
    for wrong in
        ["2026-02-28T12:00:01Z", "9999-12-31T23:59:59Z", "soon", "", "2026-02-30T00:00:00Z", "1769860800"]
    {
        let answer = place.change(&place.ana, &place.ben, until(wrong)).await;
        finds_wrong(&answer, "communication_disabled_until");
    }
    finds_wrong(
        &place.change(&place.ana, &place.ben, json!({"communication_disabled_until": 7})).await,
        "communication_disabled_until",
    );
    place.allow(&place.cleo, ADMINISTRATOR).await;
    let administrator = place.change(&place.ana, &place.cleo, until("2026-01-31T12:01:00Z")).await;
    assert_eq!(administrator.refusal(), (403, 50013));
    // Who moderates and is timed out moderates no more.
    place.allow(&place.ben, MODERATE | KICK).await;
    let lift = json!({"communication_disabled_until": null});
    assert_eq!(place.change(&place.ben, &place.ben, lift).await.refusal(), (403, 50013));
    assert_eq!(place.kick(&place.ben, &place.cleo).await.refusal(), (403, 50013));
}

#[tokio::test]
async fn nothing_is_done_to_the_owner_nor_to_those_who_do_not_stand_lower() {
    let place = Place::new().await;
    let high = place.role(0).await;
    let own = place.allow(&place.ben, KICK | BAN | MODERATE | MANAGE_NICKNAMES).await;
    let deeds = |whom: &Rest| {
        let (member, ban) = (place.member(whom), place.at(&format!("/bans/{}", whom.user_id)));
        let until = json!({"communication_disabled_until": "2026-01-31T12:01:00Z"});
        [
            ("PATCH", member.clone(), json!({"nick": "Weed"})),
            ("PATCH", member.clone(), until),
            ("DELETE", member, Value::Null),
            ("PUT", ban, json!({})),
        ]
    };
    let refused = async |who: &Rest, whom: &Rest, from: usize| {
        for (method, path, body) in deeds(whom).into_iter().skip(from) {
            let answer = who.call(method, &path, Some(body)).await;
            assert_eq!(answer.refusal(), (403, 50013), "{method} {path}");
        }
    };
    refused(&place.ben, &place.ana, 0).await;
    // One's own name one may change.
    refused(&place.ben, &place.ben, 1).await;
    refused(&place.ana, &place.ana, 1).await;
    for role in [&own, &high] {
        place.change(&place.ana, &place.cleo, json!({"roles": [role]})).await.ok();
        refused(&place.ben, &place.cleo, 0).await;
    }
    place.change(&place.ana, &place.cleo, json!({"roles": []})).await.ok();
    for (method, path, body) in deeds(&place.cleo) {
        place.ben.call(method, &path, Some(body)).await.ok();
    }
}

#[tokio::test]
async fn a_kicked_member_is_gone_and_may_come_back_as_someone_new() {
    let place = Place::new().await;
    place.allow(&place.ben, 0).await;
    place.change(&place.ana, &place.ben, json!({"nick": "Benny"})).await.ok();
    assert_eq!(place.kick(&place.cleo, &place.ben).await.refusal(), (403, 50013));
    place.allow(&place.cleo, ADMINISTRATOR).await;
    // Ben's role is the older one, and so the higher.
    assert_eq!(place.kick(&place.cleo, &place.ben).await.refusal(), (403, 50013));
    assert_eq!(place.kick(&place.ana, &place.ben).await.status, 204);
    assert_eq!(place.kick(&place.ana, &place.ben).await.refusal(), (404, 10007));
    assert_eq!(place.ben.get(&place.at("")).await.refusal(), (404, 10004));
    assert_eq!(place.say(&place.ben).await.refusal(), (404, 10003));
    assert_eq!(names(&place.ana.get(&place.at("/members?limit=9")).await.ok()), ["ana", "cleo"]);
    place.garden.let_in(&place.ana, [&place.ben]).await;
    let shown = place.show(&place.ben).await;
    assert_eq!((&shown["roles"], &shown["nick"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn everyone_but_the_owner_may_leave() {
    let place = Place::new().await;
    let path = format!("/users/@me/guilds/{}", place.garden.guild);
    assert_eq!(place.ben.delete(&path).await.status, 204);
    assert_eq!(place.ben.delete(&path).await.refusal(), (404, 10004));
    assert_eq!(place.ana.get(&place.member(&place.ben)).await.refusal(), (404, 10007));
    // Also who is timed out.
    let out = json!({"communication_disabled_until": "2026-01-31T12:01:00Z"});
    place.change(&place.ana, &place.cleo, out).await.ok();
    assert_eq!(place.cleo.delete(&path).await.status, 204);
    assert_eq!(place.ana.delete(&path).await.status, 400);
    assert_eq!(names(&place.ana.get(&place.at("/members?limit=9")).await.ok()), ["ana"]);
}

#[tokio::test]
async fn a_prune_removes_those_who_were_long_away_and_have_no_other_roles() {
    let place = Place::new().await;
    let prune = place.at("/prune");
    place.world.advance(10 * DAY);
    let login = json!({"login": "cleo", "password": "the password of cleo"});
    place.cleo.post("/auth/login", login).await.ok();
    let count = async |query: &str| place.ana.get(&format!("{prune}{query}")).await.ok()["pruned"].clone();
    assert_eq!(
        (count("").await, count("?days=9").await, count("?days=11").await),
        (json!(1), json!(1), json!(0))
    );
    let (role, other) = (place.allow(&place.ben, 0).await, place.role(0).await);
    assert_eq!(count("").await, 0);
    assert_eq!(count(&format!("?include_roles={other},{role}")).await, 1);
    assert_eq!(count(&format!("?include_roles={other}")).await, 0);
    assert_eq!(place.ana.post(&prune, json!({"days": 7})).await.ok(), json!({"pruned": 0}));
    let with_role = json!({"days": 7, "include_roles": [role]});
    assert_eq!(place.ana.post(&prune, with_role).await.ok(), json!({"pruned": 1}));
    assert_eq!(names(&place.ana.get(&place.at("/members?limit=9")).await.ok()), ["ana", "cleo"]);
    let uncounted = json!({"days": 30, "compute_prune_count": false});
    assert_eq!(place.ana.post(&prune, uncounted).await.ok(), json!({"pruned": null}));
    for days in [json!(0), json!(31), json!(-1), json!("week")] {
        finds_wrong(
            &place.ana.get(&format!("{prune}?days={}", days.to_string().replace('"', ""))).await,
            "days",
        );
        finds_wrong(&place.ana.post(&prune, json!({"days": days})).await, "days");
    }
}

#[tokio::test]
async fn a_prune_takes_both_permissions_and_spares_those_who_do_not_stand_lower() {
    let place = Place::new().await;
    let prune = place.at("/prune");
    let role = place.allow(&place.ben, KICK).await;
    for bits in [KICK, MANAGE_GUILD] {
        place
            .ana
            .patch(&place.at(&format!("/roles/{role}")), json!({"permissions": bits.to_string()}))
            .await
            .ok();
        assert_eq!(place.ben.get(&prune).await.refusal(), (403, 50013));
        assert_eq!(place.ben.post(&prune, json!({})).await.refusal(), (403, 50013));
    }
    let both = json!({"permissions": (KICK | MANAGE_GUILD).to_string()});
    place.ana.patch(&place.at(&format!("/roles/{role}")), both).await.ok();
    place.world.advance(10 * DAY);
    place.give(&place.cleo, &role).await;
    let all = json!({"include_roles": [role]});
    assert_eq!(place.ben.post(&prune, all.clone()).await.ok(), json!({"pruned": 0}));
    place.change(&place.ana, &place.cleo, json!({"roles": []})).await.ok();
    assert_eq!(place.ben.post(&prune, all).await.ok(), json!({"pruned": 1}));
    assert_eq!(names(&place.ana.get(&place.at("/members?limit=9")).await.ok()), ["ana", "ben"]);
}
