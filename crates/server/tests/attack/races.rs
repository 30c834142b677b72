//! Two things at once, of which one must win. The log decides one after the other; here many tasks try on several threads.

use std::sync::Arc;

use decentra_testkit::{Garden, Gateway, Rest, World};
use serde_json::{Value, json};

use crate::{at_once, text};

/// How many try.
const MANY: usize = 20;

/// An open world, its owner, her garden (guild and channel), and Ben in it.
struct Place {
    world: World,
    ana: Rest,
    ben: Rest,
    garden: Garden,
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let [ana, ben] = world.people(["ana", "ben"]).await;
        let garden = Garden::of(&ana).await;
        garden.let_in(&ana, [&ben]).await;
        Self { world, ana, ben, garden }
    }

    fn messages(&self) -> String {
        format!("/channels/{}/messages", self.garden.channel)
    }

    /// What stands in the channel, its ids.
    async fn said(&self) -> Vec<String> {
        let page = self.ana.get(&format!("{}?limit=100", self.messages())).await.ok();
        page.as_array().unwrap().iter().map(|message| text(&message["id"])).collect()
    }

    /// `who` posts again and again in tasks of their own, while `deed` is done; what is there right after it. The status
    /// of each post is given with it.
    async fn while_posting(&self, who: &Rest, deed: impl AsyncFnOnce()) -> (Vec<String>, Vec<u16>) {
        let posts = (0..MANY).map(|nth| {
            let (who, path) = (who.clone(), self.messages());
            async move { who.post(&path, json!({"content": nth.to_string()})).await.status }
        });
        let posting = tokio::spawn(at_once(posts.collect::<Vec<_>>()));
        deed().await;
        let after = self.said_or_nothing().await;
        (after, posting.await.unwrap())
    }

    /// As [`Place::said`], also where there is no channel any more.
    async fn said_or_nothing(&self) -> Vec<String> {
        let answer = self.ana.get(&format!("{}?limit=100", self.messages())).await;
        answer.body.as_array().into_iter().flatten().map(|message| text(&message["id"])).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_for_one_lets_one_of_twenty_in() {
    let place = Place::new().await;
    let code = place.garden.invite(&place.ana, json!({"max_uses": 1, "unique": true})).await;
    let mut guests = Vec::new();
    for nth in 0..MANY {
        guests.push(Rest::register(place.world.address(), &format!("guest {nth}")).await);
    }
    let path = format!("/invites/{code}");
    let takes = guests.iter().cloned().map(|guest| {
        let path = path.clone();
        async move { guest.post(&path, json!({})).await.status }
    });
    let mut statuses = at_once(takes.collect::<Vec<_>>()).await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(statuses[1..].iter().all(|status| *status == 404), "{statuses:?}");
    let members = place.ana.get(&format!("/guilds/{}/members?limit=1000", place.garden.guild)).await.ok();
    assert_eq!(members.as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_one_name_one_gets_it() {
    let world = World::open().await;
    let nobody = Rest::nobody(world.address());
    // Fewer than elsewhere, since each has a password worked on.
    let tries = (0..8).map(|nth| {
        let nobody = nobody.clone();
        // Each looks the same, and none is.
        let name = ["ana", "ANA", "\u{430}na", "an\u{200b}a"][nth % 4];
        let account = json!({"username": name, "password": "a long password"});
        async move { nobody.post("/auth/register", account).await.status }
    });
    let statuses = at_once(tries.collect::<Vec<_>>()).await;
    let made = statuses.iter().filter(|status| **status == 201).count();
    let refused = statuses.iter().filter(|status| **status == 400).count();
    assert_eq!((made, refused), (1, 7), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_kicked_says_nothing_more() {
    let place = Place::new().await;
    let path = format!("/guilds/{}/members/{}", place.garden.guild, place.ben.user_id);
    let kick = async || {
        place.ana.delete(&path).await.ok();
    };
    let (after, statuses) = place.while_posting(&place.ben, kick).await;
    assert_eq!(place.said().await, after, "a message came after the kick was answered");
    assert!(statuses.iter().all(|status| [200, 404].contains(status)), "{statuses:?}");
    let said = statuses.iter().filter(|status| **status == 200).count();
    let welcomes = 1;
    assert_eq!(after.len(), said + welcomes);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_logged_out_says_nothing_more() {
    let place = Place::new().await;
    let logout = async || {
        place.ben.post("/auth/logout", json!({})).await.ok();
    };
    let (after, statuses) = place.while_posting(&place.ben, logout).await;
    let at_the_end = place.said().await;
    assert!(statuses.iter().all(|status| [200, 401].contains(status)), "{statuses:?}");
    assert_eq!(at_the_end, after, "a message came after the logout was answered");
    assert_eq!(place.ben.get("/users/@me").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_logged_out_says_nothing_more_in_the_lobby() {
    let place = Place::new().await;
    let home = place.ben.get("/users/@me/guilds").await.ok()[0]["id"].clone();
    let channels = place.ben.get(&format!("/guilds/{}/channels", text(&home))).await.ok();
    let lobby = channels.as_array().unwrap().iter().find(|channel| channel["name"] == "lobby").unwrap();
    let path = format!("/channels/{}/messages?limit=100", text(&lobby["id"]));
    let mut ben = place.world.connect().await;
    ben.send(json!({"type": "join", "token": place.ben.token})).await;
    ben.next().await;
    // Masked with zeros, all in one piece: the server may hang up in the middle of it.
    let said = br#"{"type":"message","content":"more"}"#;
    let frame = [&[0x81, 0x80 | u8::try_from(said.len()).unwrap(), 0, 0, 0, 0], &said[..]].concat();
    let mut raw = ben.into_raw();
    let saying = tokio::spawn(async move {
        // However much of it is taken.
        let _ = raw.send(&frame.repeat(MANY)).await;
        raw.read_to_end().await
    });
    place.ben.post("/auth/logout", json!({})).await.ok();
    let after = place.ana.get(&path).await.ok();
    saying.await.unwrap();
    assert_eq!(place.ana.get(&path).await.ok(), after, "a message came after the logout was answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_deleted_takes_nothing_more() {
    let place = Place::new().await;
    let path = format!("/channels/{}", place.garden.channel);
    let delete = async || {
        place.ana.delete(&path).await.ok();
    };
    let (_, statuses) = place.while_posting(&place.ben, delete).await;
    assert!(statuses.iter().all(|status| [200, 404].contains(status)), "{statuses:?}");
    assert_eq!(place.ana.get(&place.messages()).await.refusal(), (404, 10003));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_not_edited_any_more() {
    let place = Place::new().await;
    let mut watching = Gateway::identify(place.world.address(), place.ana.token.as_deref().unwrap()).await;
    let said = text(&place.ben.post(&place.messages(), json!({"content": "0"})).await.ok()["id"]);
    let path = Arc::new(format!("{}/{said}", place.messages()));
    let edits = (0..MANY).map(|nth| {
        let (ben, path) = (place.ben.clone(), Arc::clone(&path));
        async move { ben.patch(&path, json!({"content": format!("{nth}!")})).await.status }
    });
    let editing = tokio::spawn(at_once(edits.collect::<Vec<_>>()));
    place.ana.delete(&path).await.ok();
    assert_eq!(place.ana.get(&path).await.refusal(), (404, 10008));
    let statuses = editing.await.unwrap();
    assert!(statuses.iter().all(|status| [200, 404].contains(status)), "{statuses:?}");
    assert_eq!(place.ana.get(&path).await.refusal(), (404, 10008));
    place.ana.post(&place.messages(), json!({"content": "the end"})).await.ok();
    let heard = watching.heard_until("the end").await;
    let deleted = heard.iter().position(|name| name == "MESSAGE_DELETE").unwrap();
    assert!(!heard[deleted..].contains(&"MESSAGE_UPDATE".to_owned()), "{heard:?}");
    let edited = heard.iter().filter(|name| *name == "MESSAGE_UPDATE").count();
    assert_eq!(edited, statuses.iter().filter(|status| **status == 200).count());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_banned_while_they_join_is_out() {
    let place = Place::new().await;
    let code = place.garden.invite(&place.ana, json!({"max_age": 0})).await;
    for nth in 0..5 {
        let cleo = Rest::register(place.world.address(), &format!("cleo {nth}")).await;
        let joins = (0..MANY).map(|_| {
            let (cleo, path) = (cleo.clone(), format!("/invites/{code}"));
            async move { cleo.post(&path, json!({})).await.status }
        });
        let joining = tokio::spawn(at_once(joins.collect::<Vec<_>>()));
        let ban = format!("/guilds/{}/bans/{}", place.garden.guild, cleo.user_id);
        place.ana.put(&ban, json!({})).await.ok();
        joining.await.unwrap();
        place.ana.get(&ban).await.ok();
        let member = format!("/guilds/{}/members/{}", place.garden.guild, cleo.user_id);
        assert_eq!(place.ana.get(&member).await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guild_always_has_one_owner() {
    let place = Place::new().await;
    let cleo = Rest::register(place.world.address(), "cleo").await;
    place.garden.let_in(&place.ana, [&cleo]).await;
    let path = format!("/guilds/{}", place.garden.guild);
    // She gives it away twenty times at once, to two.
    let gifts = (0..MANY).map(|nth| {
        let to = [&place.ben, &cleo][nth % 2].user_id.clone();
        let (ana, path) = (place.ana.clone(), path.clone());
        async move { ana.patch(&path, json!({"owner_id": to})).await.status }
    });
    let statuses = at_once(gifts.collect::<Vec<_>>()).await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    let owner = text(&place.ana.get(&path).await.ok()["owner_id"]);
    assert!([&place.ben.user_id, &cleo.user_id].contains(&&owner));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_guild_is_given_to_an_account_that_goes() {
    let place = Place::new().await;
    let path = format!("/guilds/{}", place.garden.guild);
    let (ana, ben) = (place.ana.clone(), place.ben.clone());
    let gift = json!({"owner_id": ben.user_id});
    let given = {
        let path = path.clone();
        tokio::spawn(async move { ana.patch(&path, gift).await.status })
    };
    let leaves = ben.post("/users/@me/delete", json!({"password": "the password of ben"})).await.status;
    let given = given.await.unwrap();
    let owner = text(&place.ana.get(&path).await.ok()["owner_id"]);
    match (given, leaves) {
        (200, 400) => assert_eq!(owner, place.ben.user_id),
        (404, 204) => assert_eq!(owner, place.ana.user_id),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_deleted_once() {
    let place = Place::new().await;
    let roles = format!("/guilds/{}/roles", place.garden.guild);
    let role = text(&place.ana.post(&roles, json!({"name": "x"})).await.ok()["id"]);
    let deletes = (0..MANY).map(|_| {
        let (ana, path) = (place.ana.clone(), format!("{roles}/{role}"));
        async move { ana.delete(&path).await.status }
    });
    let mut statuses = at_once(deletes.collect::<Vec<_>>()).await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 204);
    assert!(statuses[1..].iter().all(|status| *status == 404), "{statuses:?}");
    let notes =
        place.ana.get(&format!("/guilds/{}/audit-logs?action_type=32", place.garden.guild)).await.ok();
    assert_eq!(notes["audit_log_entries"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_login_by_the_old_password_outlives_its_change() {
    let place = Place::new().await;
    let login = json!({"login": "ben", "password": "the password of ben"});
    let logins = (0..8).map(|_| {
        let (nobody, login) = (Rest::nobody(place.world.address()), login.clone());
        async move { nobody.post("/auth/login", login).await.body["token"].as_str().map(str::to_owned) }
    });
    let logging_in = tokio::spawn(at_once(logins.collect::<Vec<_>>()));
    let change = json!({"password": "the password of ben", "new_password": "another password of ben"});
    place.ben.patch("/users/@me", change).await.ok();
    for token in logging_in.await.unwrap().into_iter().flatten() {
        assert_eq!(place.ben.with_token(&token).get("/users/@me").await.status, 401);
    }
    place.ben.get("/users/@me").await.ok();
    let sessions = place.ben.get("/auth/sessions").await.ok();
    assert_eq!(sessions["user_sessions"].as_array().map(Vec::len), Some(1));
    assert_eq!(Value::Null, place.ben.post("/auth/logout", Value::Null).await.ok());
}
