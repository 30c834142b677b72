//! Ways to a permission that one does not have. Ranks, grants and overwrites one by one are in `roles`, `members`,
//! `channels` and `applications`.

use decentra_testkit::{Garden, Rest, World};
use serde_json::{Value, json};

use crate::text;

const CREATE_INVITE: u64 = 1;
const KICK: u64 = 1 << 1;
const BAN: u64 = 1 << 2;
const ADMINISTRATOR: u64 = 1 << 3;
const MANAGE_CHANNELS: u64 = 1 << 4;
const MANAGE_GUILD: u64 = 1 << 5;
const VIEW: u64 = 1 << 10;
const SEND: u64 = 1 << 11;
const MANAGE_NICKNAMES: u64 = 1 << 27;
const MANAGE_ROLES: u64 = 1 << 28;

/// What Ben has: much, but neither to ban nor everything.
const BENS: u64 =
    CREATE_INVITE | KICK | MANAGE_CHANNELS | MANAGE_GUILD | VIEW | SEND | MANAGE_NICKNAMES | MANAGE_ROLES;

struct Place {
    world: World,
    ana: Rest,
    ben: Rest,
    guild: String,
    channel: String,
    /// A role above Ben's, that has everything.
    admins: String,
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let [ana, ben] = world.people(["ana", "ben"]).await;
        let garden = Garden::of(&ana).await;
        garden.let_in(&ana, [&ben]).await;
        let Garden { guild, channel } = garden;
        let roles = format!("/guilds/{guild}/roles");
        let mut ids = Vec::new();
        for (position, permissions) in [(2, BENS), (3, ADMINISTRATOR)] {
            let role = json!({"name": "role", "permissions": permissions.to_string()});
            let id = text(&ana.post(&roles, role).await.ok()["id"]);
            ana.patch(&roles, json!([{"id": id, "position": position}])).await.ok();
            ids.push(id);
        }
        ana.put(&format!("/guilds/{guild}/members/{}/roles/{}", ben.user_id, ids[0]), Value::Null).await.ok();
        let admins = ids.remove(1);
        Self { world, ana, ben, guild, channel, admins }
    }

    /// What Ben may do in the guild.
    async fn bens_permissions(&self) -> u64 {
        let guilds = self.ben.get("/users/@me/guilds").await.ok();
        let own = guilds.as_array().unwrap().iter().find(|guild| guild["id"] == self.guild.as_str()).unwrap();
        text(&own["permissions"]).parse().unwrap()
    }

    /// A bot of `owner`'s, by its id.
    async fn bot(owner: &Rest) -> String {
        let app = text(&owner.post("/applications", json!({"name": "robot"})).await.ok()["id"]);
        owner.post(&format!("/applications/{app}/bot"), json!({})).await.ok();
        app
    }

    async fn bring(&self, who: &Rest, bot: &str, permissions: u64) -> u16 {
        let path = format!("/oauth2/authorize?client_id={bot}&scope=bot&permissions={permissions}");
        let grant =
            json!({"authorize": true, "guild_id": self.guild, "permissions": permissions.to_string()});
        who.post(&path, grant).await.status
    }

    async fn roles(&self) -> Value {
        self.ana.get(&format!("/guilds/{}/roles", self.guild)).await.ok()
    }
}

#[tokio::test]
async fn no_way_leads_to_a_permission_that_one_does_not_have() {
    let place = Place::new().await;
    let Place { ana, ben, guild, channel, admins, .. } = &place;
    let before = place.bens_permissions().await;
    assert_eq!(before & (BAN | ADMINISTRATOR), 0);
    let (me, owner) = (&ben.user_id, &ana.user_id);
    let all = ADMINISTRATOR.to_string();
    let roles = format!("/guilds/{guild}/roles");
    let overwrite = |id: &str, kind: u64, allow: u64| json!({"id": id, "type": kind, "allow": allow.to_string(), "deny": "0"});
    for (method, path, body) in [
        // A role of one's own making, one's own, everyone's, a higher one.
        ("POST", roles.clone(), json!({"permissions": all})),
        ("PATCH", format!("{roles}/{guild}"), json!({"permissions": (BENS | BAN).to_string()})),
        ("PATCH", format!("{roles}/{admins}"), json!({"name": "mine"})),
        ("DELETE", format!("{roles}/{admins}"), Value::Null),
        ("PATCH", roles.clone(), json!([{"id": admins, "position": 1}])),
        // To oneself, to another, by the list and one by one.
        ("PATCH", format!("/guilds/{guild}/members/{me}"), json!({"roles": [admins]})),
        ("PATCH", format!("/guilds/{guild}/members/{owner}"), json!({"roles": [admins]})),
        ("PUT", format!("/guilds/{guild}/members/{me}/roles/{admins}"), Value::Null),
        ("PUT", format!("/guilds/{guild}/members/{me}/roles/{guild}"), Value::Null),
        // In a channel: for oneself, for everyone, in a new one, all at once.
        ("PUT", format!("/channels/{channel}/permissions/{me}"), overwrite(me, 1, BAN)),
        ("PUT", format!("/channels/{channel}/permissions/{guild}"), overwrite(guild, 0, BAN | SEND)),
        (
            "PATCH",
            format!("/channels/{channel}"),
            json!({"permission_overwrites": [overwrite(me, 1, 1 << 13)]}),
        ),
        (
            "POST",
            format!("/guilds/{guild}/channels"),
            json!({"name": "x", "permission_overwrites": [overwrite(me, 1, MANAGE_ROLES)]}),
        ),
        // What only the owner does.
        ("PATCH", format!("/guilds/{guild}"), json!({"owner_id": me})),
        ("DELETE", format!("/guilds/{guild}"), Value::Null),
        ("POST", format!("/guilds/{guild}/delete"), json!({})),
        // Against who stands higher.
        ("DELETE", format!("/guilds/{guild}/members/{owner}"), Value::Null),
        ("PATCH", format!("/guilds/{guild}/members/{owner}"), json!({"nick": "fool"})),
        ("PUT", format!("/guilds/{guild}/bans/{owner}"), json!({})),
        ("POST", format!("/guilds/{guild}/bulk-ban"), json!({"user_ids": [owner]})),
    ] {
        let answer = ben.call(method, &path, Some(body.clone())).await;
        assert!(
            [400, 403].contains(&answer.status),
            "{method} {path} {body}: {} {}",
            answer.status,
            answer.body
        );
    }
    // What is not one's own to set is passed over.
    ben.patch(&format!("/guilds/{guild}/members/@me"), json!({"roles": [admins], "nick": "ben"})).await.ok();
    assert_eq!(place.bens_permissions().await, before);
}

#[tokio::test]
async fn a_role_that_is_weakened_takes_nothing_back_that_its_editor_does_not_have() {
    let place = Place::new().await;
    let Place { ana, ben, guild, .. } = &place;
    // Below Ben there is a role that may ban. He may rename it, and take from it, but not give again.
    let roles = format!("/guilds/{guild}/roles");
    let role = json!({"name": "wardens", "permissions": (BAN | SEND).to_string()});
    let wardens = text(&ana.post(&roles, role).await.ok()["id"]);
    let path = format!("{roles}/{wardens}");
    ben.patch(&path, json!({"name": "guards", "permissions": (BAN | SEND | VIEW).to_string()})).await.ok();
    ben.patch(&path, json!({"permissions": SEND.to_string()})).await.ok();
    assert_eq!(ben.patch(&path, json!({"permissions": BAN.to_string()})).await.refusal(), (403, 50013));
}

#[tokio::test]
async fn a_bot_is_no_way_round() {
    let place = Place::new().await;
    let bot = Place::bot(&place.ben).await;
    assert_eq!(place.bring(&place.ben, &bot, ADMINISTRATOR | SEND).await, 200);
    let own = place.roles().await;
    let own = own.as_array().unwrap().iter().find(|role| role["tags"]["bot_id"] == bot.as_str()).unwrap();
    assert_eq!(own["permissions"], SEND.to_string(), "no more than Ben has");
}

#[tokio::test]
async fn a_bot_that_stands_higher_is_not_brought_again_to_weaken_it() {
    let place = Place::new().await;
    let bot = Place::bot(&place.ana).await;
    assert_eq!(place.bring(&place.ana, &bot, ADMINISTRATOR).await, 200);
    let roles = place.roles().await;
    let own = roles.as_array().unwrap().iter().find(|role| role["tags"]["bot_id"] == bot.as_str()).unwrap();
    let path = format!("/guilds/{}/roles", place.guild);
    place.ana.patch(&path, json!([{"id": own["id"], "position": 4}])).await.ok();
    let before = place.roles().await;
    for permissions in [0, SEND] {
        assert_eq!(place.bring(&place.ben, &bot, permissions).await, 403);
    }
    assert_eq!(place.roles().await, before);
    drop(place.world);
}

#[tokio::test]
async fn an_invite_to_a_channel_that_one_does_not_see_cannot_be_made() {
    let place = Place::new().await;
    let Place { ana, ben, guild, .. } = &place;
    let hidden = json!({"name": "hidden", "permission_overwrites":
        [{"id": guild, "type": 0, "allow": "0", "deny": VIEW.to_string()}]});
    let hidden = text(&ana.post(&format!("/guilds/{guild}/channels"), hidden).await.ok()["id"]);
    let path = format!("/channels/{hidden}/invites");
    assert_eq!(ben.post(&path, json!({})).await.refusal(), (404, 10003));
    let code = text(&ana.post(&path, json!({})).await.ok()["code"]);
    // It lets one into the guild, and shows the channel no more than before.
    let cleo = Rest::register(place.world.address(), "cleo").await;
    cleo.post(&format!("/invites/{code}"), json!({})).await.ok();
    assert_eq!(cleo.get(&format!("/channels/{hidden}")).await.refusal(), (404, 10003));
}
