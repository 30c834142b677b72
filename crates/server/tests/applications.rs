//! Applications: to make them, their bots' tokens, and the bots' way into a guild.

#![expect(clippy::unwrap_used, reason = "a test")]

use decentra_model::limits::APPLICATIONS_MAX;
use decentra_testkit::{Answer, Gateway, Rest, World};
use serde_json::{Value, json};

const MANAGE_GUILD: u64 = 1 << 5;
const ADMINISTRATOR: u64 = 1 << 3;
const KICK_MEMBERS: u64 = 1 << 1;
const SEND_MESSAGES: u64 = 1 << 11;

/// A guild of Ana's in which Ben is, and an application of Ana's that has a bot.
struct Place {
    world: World,
    ana: Rest,
    ben: Rest,
    guild: String,
    app: String,
    bot: Rest,
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let ana = Rest::register(world.address(), "ana").await;
        let ben = Rest::register(world.address(), "ben").await;
        let guild = text(&ana.post("/guilds", json!({"name": "Garden"})).await.ok()["id"]);
        let channels = ana.get(&format!("/guilds/{guild}/channels")).await.ok();
        let channel = channels.as_array().unwrap().iter().find(|channel| channel["type"] == 0).unwrap();
        let invites = format!("/channels/{}/invites", text(&channel["id"]));
        let code = text(&ana.post(&invites, json!({})).await.ok()["code"]);
        ben.post(&format!("/invites/{code}"), Value::Null).await.ok();
        let (app, bot) = made(&ana, "robot").await;
        Self { world, ana, ben, guild, app, bot }
    }

    async fn session_of(&self, who: &Rest) -> Gateway {
        let token = who.token.as_deref().unwrap();
        Gateway::identify(self.world.address(), token.trim_start_matches("Bot ")).await
    }

    /// `who` puts the bot into the guild, or into another.
    async fn add_to(&self, who: &Rest, guild: &str, permissions: u64) -> Answer {
        let path = format!("/oauth2/authorize?client_id={}&scope=bot&permissions={permissions}", self.app);
        who.post(&path, json!({"authorize": true, "guild_id": guild})).await
    }

    async fn add(&self, who: &Rest, permissions: u64) -> Answer {
        self.add_to(who, &self.guild, permissions).await
    }

    /// The bot's own roles in the guild.
    async fn bot_roles(&self) -> Vec<Value> {
        let roles = self.ana.get(&format!("/guilds/{}/roles", self.guild)).await.ok();
        let is_own = |role: &&Value| role["tags"]["bot_id"] == self.app.as_str();
        roles.as_array().unwrap().iter().filter(is_own).cloned().collect()
    }

    /// Gives Ben a role with these permissions.
    async fn empower_ben(&self, permissions: u64) {
        let roles = format!("/guilds/{}/roles", self.guild);
        let role = self.ana.post(&roles, json!({"permissions": permissions.to_string()})).await.ok();
        let path = format!("/guilds/{}/members/{}/roles/{}", self.guild, self.ben.user_id, text(&role["id"]));
        self.ana.put(&path, Value::Null).await.ok();
    }

    async fn bot_member(&self) -> Answer {
        self.ana.get(&format!("/guilds/{}/members/{}", self.guild, self.app)).await
    }
}

/// An application of `who`, and its bot.
async fn made(who: &Rest, name: &str) -> (String, Rest) {
    let app = text(&who.post("/applications", json!({"name": name})).await.ok()["id"]);
    let token = text(&who.post(&format!("/applications/{app}/bot"), json!({})).await.ok()["token"]);
    let bot = who.bot(&token, &app);
    (app, bot)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn number(value: &Value) -> u64 {
    text(value).parse().unwrap()
}

#[tokio::test]
async fn an_application_is_made_read_changed_and_deleted_by_its_owner() {
    let place = Place::new().await;
    let draft = json!({"name": " Weather ", "description": "Tells it.", "bot_public": false});
    let answer = place.ana.post("/applications", draft).await;
    assert_eq!(answer.status, 201);
    let made = answer.ok();
    assert_eq!((&made["name"], &made["description"]), (&json!("Weather"), &json!("Tells it.")));
    assert_eq!((&made["bot_public"], &made["owner"]["id"]), (&json!(false), &json!(place.ana.user_id)));
    assert_eq!(made.get("bot"), None, "it has none yet");
    let path = format!("/applications/{}", text(&made["id"]));
    assert_eq!(place.ana.get(&path).await.ok(), made);
    let listed = place.ana.get("/applications").await.ok();
    let ids: Vec<_> = listed.as_array().unwrap().iter().map(|of| of["id"].clone()).collect();
    assert_eq!(ids, [json!(place.app), made["id"].clone()]);
    let changed = place.ana.patch(&path, json!({"name": "Climate", "description": null})).await.ok();
    assert_eq!((&changed["name"], &changed["description"]), (&json!("Climate"), &json!("")));
    assert_eq!(changed["bot_public"], false);
    assert_eq!(place.ana.get(&path).await.ok(), changed);
    assert_eq!(place.ana.delete(&path).await.status, 204);
    assert_eq!(place.ana.get(&path).await.refusal(), (404, 10002));
    assert_eq!(place.ana.delete(&path).await.refusal(), (404, 10002));
}

#[tokio::test]
async fn an_application_of_another_is_as_one_that_does_not_exist() {
    let place = Place::new().await;
    assert_eq!(place.ben.get("/applications").await.ok(), json!([]));
    for (method, path) in [
        ("GET", "/applications/{}"),
        ("PATCH", "/applications/{}"),
        ("DELETE", "/applications/{}"),
        ("POST", "/applications/{}/bot"),
        ("POST", "/applications/{}/bot/reset"),
        ("GET", "/applications/{}/commands"),
    ] {
        let answer = async |id: &str| {
            let body = (method != "GET").then(|| json!({"name": "mine"}));
            place.ben.call(method, &path.replace("{}", id), body).await
        };
        let (others, missing) = (answer(&place.app).await, answer("1").await);
        assert_eq!(others.refusal(), (404, 10002), "{method} {path}");
        assert_eq!(others.body, missing.body, "{method} {path}");
    }
    place.bot.get("/users/@me").await.ok();
}

#[tokio::test]
async fn what_cannot_be_an_application_is_refused() {
    let place = Place::new().await;
    for body in [
        json!({}),
        json!({"name": ""}),
        json!({"name": "  "}),
        json!({"name": 7}),
        json!({"name": "x".repeat(33)}),
        json!({"name": "x", "description": "x".repeat(401)}),
        json!({"name": "x", "bot_public": "yes"}),
        json!({"name": "x", "flags": -1}),
    ] {
        assert_eq!(place.ana.post("/applications", body.clone()).await.refusal(), (400, 50035), "{body}");
    }
    let own = place.ben.post("/applications", json!({"name": "x", "flags": u32::MAX})).await.ok();
    assert_eq!(own["flags"], (1 << 13) | (1 << 15) | (1 << 19), "one cannot give oneself a badge");
    for _ in 1..APPLICATIONS_MAX {
        place.ben.post("/applications", json!({"name": "x"})).await.ok();
    }
    assert_eq!(place.ben.post("/applications", json!({"name": "x"})).await.refusal(), (400, 30017));
}

#[tokio::test]
async fn a_bot_is_made_once_and_a_reset_ends_the_old_token() {
    let place = Place::new().await;
    let path = format!("/applications/{}/bot", place.app);
    let bot = place.ana.get(&format!("/applications/{}", place.app)).await.ok()["bot"].clone();
    assert_eq!(
        (&bot["id"], &bot["username"], &bot["bot"]),
        (&json!(place.app), &json!("robot"), &json!(true))
    );
    assert_eq!(place.ana.post(&path, json!({})).await.refusal(), (400, 50035));
    place.add(&place.ana, 0).await.ok();
    let mut session = place.session_of(&place.bot).await;
    let reset = place.ana.post(&format!("{path}/reset"), json!({})).await.ok();
    assert_eq!(session.is_closed().await, 4004);
    assert_eq!(place.bot.get("/users/@me").await.status, 401);
    let bot = place.ana.bot(&text(&reset["token"]), &place.app);
    assert_eq!(bot.get("/users/@me").await.ok()["id"], place.app);
    assert_eq!(bot.get("/users/@me/guilds").await.ok()[0]["id"], place.guild, "it is still in its guild");
    let without = text(&place.ana.post("/applications", json!({"name": "x"})).await.ok()["id"]);
    let reset = place.ana.post(&format!("/applications/{without}/bot/reset"), json!({})).await;
    assert_eq!(reset.status, 404, "there is no bot to reset");
}

#[tokio::test]
async fn a_bot_reads_and_changes_its_own_application_and_name() {
    let place = Place::new().await;
    for path in ["/oauth2/applications/@me", "/applications/@me"] {
        let own = place.bot.get(path).await.ok();
        assert_eq!((&own["id"], &own["owner"]["username"]), (&json!(place.app), &json!("ana")), "{path}");
    }
    let changed = place.bot.patch("/applications/@me", json!({"description": "mine"})).await.ok();
    assert_eq!(changed["description"], "mine");
    // It has no password to show.
    assert_eq!(place.bot.patch("/users/@me", json!({"username": "robbie"})).await.ok()["username"], "robbie");
    let commands = format!("/applications/{}/guilds/{}/commands", place.app, place.guild);
    assert_eq!(place.bot.get(&commands).await.refusal(), (404, 10004), "it is not there yet");
}

#[tokio::test]
async fn a_bot_may_be_called_like_someone_and_takes_nothing_from_them() {
    let place = Place::new().await;
    let (app, impostor) = made(&place.ben, "ana").await;
    let nobody = Rest::nobody(place.world.address());
    let ana_is_herself = async |when: &str| {
        let password = "the password of ana";
        let logged_in = nobody.post("/auth/login", json!({"login": "ana", "password": password})).await;
        assert_eq!(logged_in.body["user_id"], place.ana.user_id, "{when}: {}", logged_in.body);
        let taken = nobody.post("/auth/register", json!({"username": "ana", "password": password})).await;
        assert_eq!(taken.refusal(), (400, 50035), "{when}: {}", taken.body);
    };
    ana_is_herself("when the bot is made").await;
    impostor.patch("/users/@me", json!({"bio": "I am Ana."})).await.ok();
    ana_is_herself("when the bot says something of itself").await;
    impostor.patch("/users/@me", json!({"username": "ben"})).await.ok();
    ana_is_herself("when the bot is renamed").await;
    impostor.patch("/users/@me", json!({"username": "ana"})).await.ok();
    place.ben.delete(&format!("/applications/{app}")).await.ok();
    ana_is_herself("when the bot is deleted").await;
    // Nor does it keep a name from anyone.
    Rest::register(place.world.address(), "robot").await;
}

#[tokio::test]
async fn what_is_for_people_is_not_for_bots() {
    let place = Place::new().await;
    let app = format!("/applications/{}", place.app);
    let bot = format!("{app}/bot");
    let reset = format!("{bot}/reset");
    let grant = format!("/oauth2/authorize?client_id={}&scope=bot", place.app);
    for (method, path) in [
        ("POST", "/auth/logout"),
        ("GET", "/auth/sessions"),
        ("POST", "/auth/sessions/logout"),
        ("POST", "/users/@me/delete"),
        ("GET", "/users/@me/settings"),
        ("PATCH", "/users/@me/settings"),
        ("GET", "/users/@me/connections"),
        ("GET", "/users/@me/relationships"),
        ("GET", "/applications"),
        ("POST", "/applications"),
        ("DELETE", &app),
        ("POST", &bot),
        ("POST", &reset),
        ("GET", &grant),
        ("POST", &grant),
        ("POST", "/invites/made-up"),
    ] {
        let body = (method != "GET").then(|| json!({"guild_id": place.guild, "name": "x"}));
        assert_eq!(place.bot.call(method, path, body).await.refusal(), (403, 20001), "{method} {path}");
    }
    assert_eq!(place.bot.get("/users/@me").await.ok()["id"], place.app, "its token is still good");
}

#[tokio::test]
async fn who_manages_a_guild_puts_a_bot_into_it_with_a_role_of_its_own() {
    let place = Place::new().await;
    let mut owner = place.session_of(&place.ana).await;
    let mut robot = place.session_of(&place.bot).await;
    let answer = place.add(&place.ana, SEND_MESSAGES | KICK_MEMBERS).await.ok();
    assert!(answer["location"].is_string());
    let roles = place.bot_roles().await;
    assert_eq!(roles.len(), 1);
    assert_eq!((&roles[0]["name"], &roles[0]["managed"]), (&json!("robot"), &json!(true)));
    assert_eq!(number(&roles[0]["permissions"]), SEND_MESSAGES | KICK_MEMBERS);
    assert_eq!(place.bot_member().await.ok()["roles"], json!([roles[0]["id"]]));
    let joins = robot.until("GUILD_CREATE").await;
    assert_eq!(joins["id"], place.guild);
    assert!(joins["roles"].as_array().unwrap().iter().any(|role| role["id"] == roles[0]["id"]));
    assert_eq!(owner.until("GUILD_ROLE_CREATE").await["role"], roles[0]);
    assert_eq!(owner.until("GUILD_MEMBER_ADD").await["user"]["bot"], true);
    let log = place.ana.get(&format!("/guilds/{}/audit-logs?action_type=28", place.guild)).await.ok();
    assert_eq!(log["audit_log_entries"][0]["target_id"], place.app);
}

#[tokio::test]
async fn the_page_that_asks_tells_of_the_bot_and_of_the_guilds_that_one_manages() {
    let place = Place::new().await;
    let path = format!("/oauth2/authorize?client_id={}&scope=bot&permissions=8", place.app);
    let asks = place.ben.get(&path).await.ok();
    assert_eq!((&asks["application"]["name"], &asks["guilds"]), (&json!("robot"), &json!([])));
    place.empower_ben(MANAGE_GUILD).await;
    assert_eq!(place.ben.get(&path).await.ok()["guilds"][0]["id"], place.guild);
    for (query, refusal) in [
        ("client_id=1&scope=bot", (404, 10002)),
        ("scope=bot", (400, 50035)),
        ("client_id=robot&scope=bot", (400, 50035)),
    ] {
        assert_eq!(place.ben.get(&format!("/oauth2/authorize?{query}")).await.refusal(), refusal, "{query}");
    }
}

#[tokio::test]
async fn who_does_not_manage_the_guild_brings_no_bot() {
    let place = Place::new().await;
    assert_eq!(place.add(&place.ben, 0).await.refusal(), (403, 50013));
    let secret = text(&place.ana.post("/guilds", json!({"name": "Secret"})).await.ok()["id"]);
    let hidden = place.add_to(&place.ben, &secret, 0).await;
    assert_eq!(hidden.refusal(), (404, 10004));
    assert_eq!(hidden.body, place.add_to(&place.ben, "1", 0).await.body);
    let path = format!("/oauth2/authorize?client_id={}&scope=bot", place.app);
    place.ana.post(&path, json!({"authorize": false, "guild_id": place.guild})).await.ok();
    assert_eq!(place.ana.post(&path, json!({"authorize": true})).await.refusal(), (400, 50035));
    let nobody = place.ana.post("/oauth2/authorize?client_id=1", json!({"guild_id": place.guild})).await;
    assert_eq!(nobody.refusal(), (404, 10002));
    assert_eq!(place.bot_member().await.status, 404);
}

#[tokio::test]
async fn a_bot_gets_no_more_than_the_one_who_brings_it_has() {
    let place = Place::new().await;
    place.empower_ben(MANAGE_GUILD).await;
    place.add(&place.ben, ADMINISTRATOR | KICK_MEMBERS | MANAGE_GUILD).await.ok();
    assert_eq!(number(&place.bot_roles().await[0]["permissions"]), MANAGE_GUILD);
}

#[tokio::test]
async fn a_private_bot_is_brought_by_its_owner_alone() {
    let place = Place::new().await;
    place.empower_ben(MANAGE_GUILD).await;
    place.ana.patch(&format!("/applications/{}", place.app), json!({"bot_public": false})).await.ok();
    assert_eq!(place.add(&place.ben, 0).await.refusal(), (403, 20012));
    place.add(&place.ana, 0).await.ok();
    place.bot_member().await.ok();
}

#[tokio::test]
async fn to_bring_a_bot_again_changes_what_it_may_do() {
    let place = Place::new().await;
    place.add(&place.ana, SEND_MESSAGES).await.ok();
    let before = place.bot_roles().await;
    let mut owner = place.session_of(&place.ana).await;
    place.add(&place.ana, KICK_MEMBERS).await.ok();
    assert_eq!(owner.until("GUILD_ROLE_UPDATE").await["role"]["id"], before[0]["id"]);
    let after = place.bot_roles().await;
    assert_eq!((after.len(), &after[0]["id"]), (1, &before[0]["id"]));
    assert_eq!(number(&after[0]["permissions"]), KICK_MEMBERS);
}

#[tokio::test]
async fn a_bot_that_came_with_nothing_gets_its_role_when_it_is_brought_again() {
    let place = Place::new().await;
    place.add(&place.ana, 0).await.ok();
    assert_eq!(place.bot_roles().await, Vec::<Value>::new());
    place.add(&place.ana, KICK_MEMBERS).await.ok();
    let roles = place.bot_roles().await;
    assert_eq!(roles.len(), 1);
    assert_eq!(number(&roles[0]["permissions"]), KICK_MEMBERS);
    assert_eq!(place.bot_member().await.ok()["roles"], json!([roles[0]["id"]]));
}

#[tokio::test]
async fn a_bot_that_goes_takes_its_role_along_and_may_come_back() {
    let place = Place::new().await;
    place.add(&place.ana, KICK_MEMBERS).await.ok();
    let member = format!("/guilds/{}/members/{}", place.guild, place.app);
    place.ana.delete(&member).await.ok();
    assert_eq!(place.bot_roles().await, Vec::<Value>::new());
    place.add(&place.ana, KICK_MEMBERS).await.ok();
    assert_eq!(place.bot_roles().await.len(), 1);
    place.ana.put(&format!("/guilds/{}/bans/{}", place.guild, place.app), json!({})).await.ok();
    assert_eq!(place.bot_roles().await, Vec::<Value>::new());
    assert_eq!(place.add(&place.ana, 0).await.refusal(), (403, 40007));
}

#[tokio::test]
async fn nobody_else_can_wear_or_delete_a_bots_role() {
    let place = Place::new().await;
    place.add(&place.ana, KICK_MEMBERS).await.ok();
    let role = text(&place.bot_roles().await[0]["id"]);
    let worn = format!("/guilds/{}/members/{}/roles/{role}", place.guild, place.ben.user_id);
    assert_eq!(place.ana.put(&worn, Value::Null).await.status / 100, 4);
    let taken = format!("/guilds/{}/members/{}/roles/{role}", place.guild, place.app);
    assert_eq!(place.ana.delete(&taken).await.status / 100, 4);
    assert_eq!(place.ana.delete(&format!("/guilds/{}/roles/{role}", place.guild)).await.status / 100, 4);
    assert_eq!(place.bot_member().await.ok()["roles"], json!([role]));
}

#[tokio::test]
async fn an_application_that_is_deleted_takes_its_bot_along() {
    let place = Place::new().await;
    place.add(&place.ana, KICK_MEMBERS).await.ok();
    let mut robot = place.session_of(&place.bot).await;
    let mut owner = place.session_of(&place.ana).await;
    place.ana.delete(&format!("/applications/{}", place.app)).await.ok();
    assert_eq!(robot.is_closed().await, 4004);
    assert_eq!(owner.until("GUILD_MEMBER_REMOVE").await["user"]["id"], place.app);
    assert_eq!(place.bot.get("/users/@me").await.status, 401);
    assert_eq!(place.bot_member().await.status, 404);
    assert_eq!(place.bot_roles().await, Vec::<Value>::new());
    assert_eq!(place.add(&place.ana, 0).await.refusal(), (404, 10002));
}
