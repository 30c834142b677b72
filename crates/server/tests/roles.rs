//! Roles: what they are, who stands above whom, and who may give what.

#![expect(clippy::unwrap_used, reason = "a test")]

use decentra_model::limits::ROLES_MAX;
use decentra_testkit::{Answer, Garden, Rest, World};
use serde_json::{Value, json};

const KICK: u64 = 1 << 1;
const BAN: u64 = 1 << 2;
const ADMINISTRATOR: u64 = 1 << 3;
const MANAGE_CHANNELS: u64 = 1 << 4;
const MANAGE_ROLES: u64 = 1 << 28;

/// A guild of Ana's with Ben and Cleo in it.
struct Place {
    world: World,
    ana: Rest,
    ben: Rest,
    cleo: Rest,
    guild: String,
    channel: String,
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let [ana, ben, cleo] = world.people(["ana", "ben", "cleo"]).await;
        let garden = Garden::of(&ana).await;
        garden.let_in(&ana, [&ben, &cleo]).await;
        let Garden { guild, channel } = garden;
        Self { world, ana, ben, cleo, guild, channel }
    }

    fn at(&self, rest: &str) -> String {
        format!("/guilds/{}{rest}", self.guild)
    }

    fn role_path(&self, role: &str) -> String {
        self.at(&format!("/roles/{role}"))
    }

    async fn make(&self, who: &Rest, draft: Value) -> Answer {
        who.post(&self.at("/roles"), draft).await
    }

    async fn change(&self, who: &Rest, role: &str, change: Value) -> Answer {
        who.patch(&self.role_path(role), change).await
    }

    async fn order(&self, who: &Rest, order: Value) -> Answer {
        who.patch(&self.at("/roles"), order).await
    }

    /// A new role of Ana's with these permissions.
    async fn role(&self, permissions: u64) -> String {
        let draft = json!({"permissions": permissions.to_string()});
        text(&self.make(&self.ana, draft).await.ok()["id"])
    }

    /// Roles with these permissions, the first one standing highest.
    async fn ladder<const N: usize>(&self, permissions: [u64; N]) -> [String; N] {
        let mut roles = [const { String::new() }; N];
        for (nth, permissions) in permissions.into_iter().enumerate() {
            roles[nth] = self.role(permissions).await;
            let order = json!([{"id": roles[nth], "position": N - nth}]);
            self.order(&self.ana, order).await.ok();
        }
        roles
    }

    async fn give(&self, who: &Rest, to: &str, role: &str) -> Answer {
        who.put(&self.at(&format!("/members/{to}/roles/{role}")), Value::Null).await
    }

    async fn take(&self, who: &Rest, from: &str, role: &str) -> Answer {
        who.delete(&self.at(&format!("/members/{from}/roles/{role}"))).await
    }

    async fn show(&self, role: &str) -> Value {
        self.ana.get(&self.role_path(role)).await.ok()
    }

    /// The roles of someone in the guild.
    async fn roles_of(&self, user: &str) -> Value {
        self.ana.get(&self.at(&format!("/members/{user}"))).await.ok()["roles"].take()
    }

    /// Puts a bot with these permissions into the guild; it, and the role that came with it.
    async fn bot(&self, permissions: u64) -> (Rest, String) {
        let id = text(&self.ana.post("/applications", json!({"name": "Helper"})).await.ok()["id"]);
        let bot = self.ana.post(&format!("/applications/{id}/bot"), json!({})).await.ok();
        let grant =
            json!({"guild_id": self.guild, "permissions": permissions.to_string(), "authorize": true});
        self.ana.post(&format!("/oauth2/authorize?client_id={id}&scope=bot"), grant).await.ok();
        let role = text(&self.roles_of(&id).await[0]);
        (self.ana.bot(&text(&bot["token"]), &id), role)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Asserts that an answer finds this field wrong, and no other.
#[track_caller]
fn finds_wrong(answer: &Answer, field: &str) {
    assert_eq!(answer.refusal(), (400, 50035), "{field}: {}", answer.body);
    let fields: Vec<_> = answer.body["errors"].as_object().unwrap().keys().collect();
    assert_eq!(fields, [field], "{}", answer.body);
}

#[tokio::test]
async fn a_new_role_allows_what_everyone_may_do_and_stands_lowest() {
    let place = Place::new().await;
    let everyone = place.show(&place.guild).await;
    let first = place.role(0).await;
    let made = place.make(&place.ana, json!({})).await;
    assert_eq!(made.status, 200);
    for (key, value) in [
        ("name", json!("new role")),
        ("permissions", everyone["permissions"].clone()),
        ("position", json!(1)),
        ("color", json!(0)),
        ("hoist", json!(false)),
        ("mentionable", json!(false)),
        ("managed", json!(false)),
    ] {
        assert_eq!(made.body[key], value, "{key}");
    }
    let roles = place.cleo.get(&place.at("/roles")).await.ok();
    assert_eq!(roles, json!([everyone, place.show(&first).await, made.body]));
}

#[tokio::test]
async fn a_role_is_made_and_changed_as_it_is_asked_for() {
    let place = Place::new().await;
    let draft =
        json!({"name": " Gardeners ", "permissions": "8", "color": 255, "hoist": true, "mentionable": true});
    let made = place.make(&place.ana, draft).await.ok();
    let colors =
        |primary: u32| json!({"primary_color": primary, "secondary_color": null, "tertiary_color": null});
    assert_eq!(
        (&made["name"], &made["permissions"], &made["color"]),
        (&json!("Gardeners"), &json!("8"), &json!(255))
    );
    assert_eq!(
        (&made["colors"], &made["hoist"], &made["mentionable"]),
        (&colors(255), &json!(true), &json!(true))
    );
    let role = text(&made["id"]);
    for (patch, new) in [
        (json!({"name": "n".repeat(100)}), json!({"name": "n".repeat(100)})),
        (json!({"permissions": 1_024}), json!({"permissions": "1024"})),
        (json!({"color": 0x00ff_ffff}), json!({"color": 0x00ff_ffff, "colors": colors(0x00ff_ffff)})),
        (json!({"colors": {"primary_color": 7}, "color": 9}), json!({"color": 7, "colors": colors(7)})),
        (json!({"hoist": false}), json!({"hoist": false})),
        (json!({"mentionable": false}), json!({"mentionable": false})),
        (
            json!({"name": null, "permissions": null, "color": null, "hoist": null, "mentionable": null}),
            json!({}),
        ),
        (json!({"position": 9, "managed": true, "id": "1"}), json!({})),
    ] {
        let mut expected = place.show(&role).await;
        expected.as_object_mut().unwrap().extend(new.as_object().unwrap().clone());
        assert_eq!(place.change(&place.ana, &role, patch.clone()).await.ok(), expected, "{patch}");
        assert_eq!(place.show(&role).await, expected);
    }
    let (path, last) = (place.role_path(&role), place.show(&role).await);
    let world = place.world.restart().await;
    assert_eq!(place.ana.at(world.address()).get(&path).await.ok(), last);
}

#[tokio::test]
async fn what_a_role_cannot_be_is_refused_and_changes_nothing() {
    let place = Place::new().await;
    let role = place.role(0).await;
    let before = place.ana.get(&place.at("/roles")).await.ok();
    for (field, value) in [
        ("name", json!("x".repeat(101))),
        ("name", json!(7)),
        ("color", json!(0x0100_0000)),
        ("color", json!(-1)),
        ("color", json!("red")),
        ("colors", json!({"primary_color": 0x0100_0000})),
        ("colors", json!(7)),
        ("hoist", json!("yes")),
        ("mentionable", json!(1)),
        ("permissions", json!("all")),
        ("permissions", json!("-1")),
        ("permissions", json!("18446744073709551616")),
        ("permissions", json!(1.5)),
    ] {
        finds_wrong(&place.make(&place.ana, json!({field: value})).await, field);
        finds_wrong(&place.change(&place.ana, &role, json!({field: value})).await, field);
    }
    assert_eq!(place.ana.get(&place.at("/roles")).await.ok(), before);
}

#[tokio::test]
async fn a_role_that_is_not_there_is_unknown_and_an_id_that_is_none_is_told_so() {
    let place = Place::new().await;
    let orchard = place.ana.post("/guilds", json!({"name": "Orchard"})).await.ok();
    let foreign = place.ana.post(&format!("/guilds/{}/roles", text(&orchard["id"])), json!({})).await.ok();
    for id in ["0", "1", "9223372036854775807", place.channel.as_str(), foreign["id"].as_str().unwrap()] {
        let ranks = json!([{"id": id, "position": 1}]);
        for answer in [
            place.ana.get(&place.role_path(id)).await,
            place.change(&place.ana, id, json!({"name": "x"})).await,
            place.ana.delete(&place.role_path(id)).await,
            place.give(&place.ana, &place.ben.user_id, id).await,
            place.take(&place.ana, &place.ben.user_id, id).await,
            place.order(&place.ana, ranks).await,
        ] {
            assert_eq!(answer.refusal(), (404, 10011), "{id}");
        }
    }
    for id in "9223372036854775808 99999999999999999999999999 -1 1.5 admins %00".split(' ') {
        finds_wrong(&place.ana.get(&place.role_path(id)).await, "role_id");
        finds_wrong(&place.ana.delete(&place.role_path(id)).await, "role_id");
        finds_wrong(&place.give(&place.ana, &place.ben.user_id, id).await, "role_id");
    }
}

#[tokio::test]
async fn only_who_manages_roles_makes_changes_gives_and_deletes_them() {
    let place = Place::new().await;
    let [own, low] = place.ladder([KICK | BAN | MANAGE_CHANNELS, 0]).await;
    let (ben, cleo) = (place.ben.user_id.as_str(), place.cleo.user_id.as_str());
    place.give(&place.ana, ben, &own).await.ok();
    for refused in [
        place.make(&place.ben, json!({})).await,
        place.change(&place.ben, &low, json!({"name": "Mine"})).await,
        place.ben.delete(&place.role_path(&low)).await,
        place.order(&place.ben, json!([{"id": low, "position": 1}])).await,
        place.give(&place.ben, cleo, &low).await,
        place.give(&place.ben, ben, &low).await,
        place.take(&place.ben, ben, &own).await,
    ] {
        assert_eq!(refused.refusal(), (403, 50013));
    }
    place.change(&place.ana, &own, json!({"permissions": MANAGE_ROLES.to_string()})).await.ok();
    let made = place.make(&place.ben, json!({"permissions": "0"})).await.ok();
    place.change(&place.ben, &low, json!({"name": "Mine"})).await.ok();
    place.give(&place.ben, cleo, &low).await.ok();
    place.take(&place.ben, cleo, &low).await.ok();
    for role in [&low, &text(&made["id"])] {
        assert_eq!(place.ben.delete(&place.role_path(role)).await.status, 204);
    }
}

#[tokio::test]
async fn roles_from_ones_own_highest_upward_cannot_be_touched() {
    let place = Place::new().await;
    let [high, own, low] = place.ladder([0, MANAGE_ROLES, 0]).await;
    let (ben, cleo) = (place.ben.user_id.as_str(), place.cleo.user_id.as_str());
    for (user, role) in [(ben, &own), (cleo, &high)] {
        place.give(&place.ana, user, role).await.ok();
    }
    let before = place.ana.get(&place.at("/roles")).await.ok();
    for role in [&high, &own] {
        for refused in [
            place.change(&place.ben, role, json!({"name": "Mine"})).await,
            place.ben.delete(&place.role_path(role)).await,
            place.give(&place.ben, cleo, role).await,
            place.take(&place.ben, cleo, role).await,
            place.order(&place.ben, json!([{"id": role, "position": 9}])).await,
            place.order(&place.ben, json!([{"id": low, "position": 1}, {"id": role, "position": 4}])).await,
            place.order(&place.ben, json!([{"id": low, "position": 3}])).await,
        ] {
            assert_eq!(refused.refusal(), (403, 50013));
        }
    }
    let set = json!({"roles": [low, own]});
    assert_eq!(place.ben.patch(&place.at(&format!("/members/{cleo}")), set).await.refusal(), (403, 50013));
    assert_eq!(place.ana.get(&place.at("/roles")).await.ok(), before);
    assert_eq!(place.roles_of(cleo).await, json!([high]));
    // The owner stands above all, with no role at all.
    place.change(&place.ana, &high, json!({"name": "Hers"})).await.ok();
}

#[tokio::test]
async fn of_two_roles_at_one_position_the_older_one_stands_higher() {
    let place = Place::new().await;
    let older = place.role(MANAGE_ROLES).await;
    let newer = place.role(MANAGE_ROLES).await;
    assert_eq!(place.show(&older).await["position"], place.show(&newer).await["position"]);
    place.give(&place.ana, &place.ben.user_id, &older).await.ok();
    place.give(&place.ana, &place.cleo.user_id, &newer).await.ok();
    place.change(&place.ben, &newer, json!({"name": "Lower"})).await.ok();
    let refused = place.change(&place.cleo, &older, json!({"name": "Lower"})).await;
    assert_eq!(refused.refusal(), (403, 50013));
}

#[tokio::test]
async fn one_grants_only_permissions_that_one_has() {
    let place = Place::new().await;
    let [own, strong, low] = place.ladder([MANAGE_ROLES | KICK, BAN, 0]).await;
    let permissions = |bits: u64| json!({"permissions": bits.to_string()});
    place.give(&place.ana, &place.ben.user_id, &own).await.ok();
    for bits in [BAN, ADMINISTRATOR, KICK | BAN, u64::MAX] {
        assert_eq!(place.make(&place.ben, permissions(bits)).await.refusal(), (403, 50013), "{bits}");
        for role in [&low, &place.guild] {
            assert_eq!(
                place.change(&place.ben, role, permissions(bits)).await.refusal(),
                (403, 50013),
                "{bits}"
            );
        }
    }
    place.make(&place.ben, permissions(KICK)).await.ok();
    place.change(&place.ben, &low, permissions(KICK)).await.ok();
    // What a lower role has already may stay, go, and be given with it.
    place.change(&place.ben, &strong, permissions(BAN | KICK)).await.ok();
    place.give(&place.ben, &place.cleo.user_id, &strong).await.ok();
    place.change(&place.ben, &strong, permissions(0)).await.ok();
    assert_eq!(place.change(&place.ben, &strong, permissions(BAN)).await.refusal(), (403, 50013));
    place.change(&place.ana, &own, permissions(ADMINISTRATOR)).await.ok();
    place.change(&place.ben, &strong, permissions(BAN)).await.ok();
}

#[tokio::test]
async fn the_role_of_everyone_is_only_what_it_allows() {
    let place = Place::new().await;
    let changed = place
        .change(&place.ana, &place.guild, json!({"name": "all", "hoist": true, "permissions": "1024"}))
        .await;
    let changed = changed.ok();
    assert_eq!((&changed["name"], &changed["hoist"]), (&json!("@everyone"), &json!(false)));
    assert_eq!(changed["permissions"], "1024");
    let say = json!({"content": "hello"});
    let said = place.ben.post(&format!("/channels/{}/messages", place.channel), say).await;
    assert_eq!(said.refusal(), (403, 50013));
    for refused in [
        place.ana.delete(&place.role_path(&place.guild)).await,
        place.give(&place.ana, &place.ben.user_id, &place.guild).await,
        place.take(&place.ana, &place.ben.user_id, &place.guild).await,
    ] {
        assert_eq!(refused.refusal(), (400, 50028));
    }
    let order = json!([{"id": place.guild, "position": 5}]);
    assert_eq!(place.order(&place.ana, order).await.ok()[0]["position"], 0);
}

#[tokio::test]
async fn roles_are_put_in_order_all_or_none() {
    let place = Place::new().await;
    let [high, low] = place.ladder([0, 0]).await;
    let answer =
        place.order(&place.ana, json!([{"id": high, "position": 1}, {"id": low, "position": 2}])).await;
    let position = |roles: &Value, id: &str| {
        roles.as_array().unwrap().iter().find(|role| role["id"] == id).unwrap()["position"].clone()
    };
    assert_eq!(answer.status, 200);
    assert_eq!((position(&answer.body, &high), position(&answer.body, &low)), (json!(1), json!(2)));
    for (order, refusal) in [
        (json!([{"id": high, "position": 9}, {"id": "1", "position": 1}]), (404, 10011)),
        (json!([{"id": high, "position": 9}, {"id": low, "position": -1}]), (400, 50035)),
        (json!([{"id": high, "position": 9}, {"id": low, "position": "up"}]), (400, 50035)),
        (json!([{"id": high, "position": 9}, {"id": "low", "position": 1}]), (400, 50035)),
        (json!([{"id": high, "position": 9}, low]), (400, 50035)),
        (json!({"id": high, "position": 9}), (400, 50035)),
    ] {
        assert_eq!(place.order(&place.ana, order.clone()).await.refusal(), refusal, "{order}");
    }
    let same = place.order(&place.ana, json!([{"id": high}, {"id": low, "position": null}])).await.ok();
    assert_eq!(same, answer.body);
}

/// Source: Discord's documentation, "Modify Guild Role Positions": `id` is not optional.
#[tokio::test]
async fn a_rank_that_names_no_role_is_refused() {
    let place = Place::new().await;
    for order in [json!([{"position": 1}]), json!([{"id": null, "position": 1}]), json!([{}])] {
        assert_eq!(place.order(&place.ana, order.clone()).await.refusal(), (400, 50035), "{order}");
    }
}

#[tokio::test]
async fn a_role_that_is_deleted_is_taken_from_its_members_and_from_channels() {
    let place = Place::new().await;
    let (role, kept) = (place.role(MANAGE_CHANNELS).await, place.role(0).await);
    let ben = place.ben.user_id.as_str();
    for role in [&role, &kept] {
        place.give(&place.ana, ben, role).await.ok();
    }
    let counts = place.ben.get(&place.at("/roles/member-counts")).await.ok();
    assert_eq!(counts, json!({role.clone(): 1, kept.clone(): 1}));
    let overwrite = json!({"type": 0, "deny": "2048"});
    place.ana.put(&format!("/channels/{}/permissions/{role}", place.channel), overwrite).await.ok();
    place.ben.patch(&format!("/channels/{}", place.channel), json!({"topic": "Mine"})).await.ok();
    assert_eq!(place.ana.delete(&place.role_path(&role)).await.status, 204);
    assert_eq!(place.ana.delete(&place.role_path(&role)).await.refusal(), (404, 10011));
    let refused =
        place.ben.patch(&format!("/channels/{}", place.channel), json!({"topic": "Still mine"})).await;
    assert_eq!(refused.refusal(), (403, 50013));
    let (member, channel) = (place.at(&format!("/members/{ben}")), format!("/channels/{}", place.channel));
    let shown = async |ana: &Rest| {
        assert_eq!(ana.get(&member).await.ok()["roles"], json!([kept]));
        assert_eq!(ana.get(&channel).await.ok()["permission_overwrites"], json!([]));
    };
    shown(&place.ana).await;
    // So it is, and so it stays.
    let world = place.world.restart().await;
    shown(&place.ana.at(world.address())).await;
}

#[tokio::test]
async fn the_role_that_came_with_a_bot_is_the_bots_alone_and_goes_with_it() {
    let place = Place::new().await;
    let (bot, role) = place.bot(MANAGE_ROLES).await;
    let shown = place.show(&role).await;
    assert_eq!((&shown["managed"], &shown["tags"]["bot_id"]), (&json!(true), &json!(bot.user_id)));
    assert_eq!((&shown["name"], &shown["permissions"]), (&json!("Helper"), &json!(MANAGE_ROLES.to_string())));
    let set = |roles: Value| json!({"roles": roles});
    for refused in [
        place.ana.delete(&place.role_path(&role)).await,
        place.give(&place.ana, &place.ben.user_id, &role).await,
        place.take(&place.ana, &bot.user_id, &role).await,
        place.ana.patch(&place.at(&format!("/members/{}", bot.user_id)), set(json!([]))).await,
        place.ana.patch(&place.at(&format!("/members/{}", place.ben.user_id)), set(json!([role]))).await,
    ] {
        assert_eq!(refused.refusal(), (400, 50028));
    }
    place.change(&place.ana, &role, json!({"name": "Spade"})).await.ok();
    // It manages roles below its own, as anyone does.
    let lower = place.role(0).await;
    place.give(&bot, &place.ben.user_id, &lower).await.ok();
    assert_eq!(place.change(&bot, &role, json!({"name": "Mine"})).await.refusal(), (403, 50013));
    place.ana.delete(&place.at(&format!("/members/{}", bot.user_id))).await.ok();
    assert_eq!(place.ana.get(&place.role_path(&role)).await.refusal(), (404, 10011));
}

#[tokio::test]
async fn a_guild_has_only_so_many_roles() {
    let place = Place::new().await;
    let mut last = String::new();
    for _ in 1..ROLES_MAX {
        last = place.role(0).await;
    }
    assert_eq!(place.make(&place.ana, json!({})).await.refusal(), (400, 30005));
    place.ana.delete(&place.role_path(&last)).await.ok();
    place.role(0).await;
}
