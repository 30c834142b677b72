//! Accounts: who may have one, how one logs in, what one shows of oneself, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::io::Cursor;
use std::process::Command;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use decentra_server::settings::{OnOff, Registration};
use decentra_testkit::process::Process;
use decentra_testkit::{Answer, Gateway, Rest, World};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};
use tempfile::TempDir;

async fn world(registration: Registration) -> World {
    World::with(|settings| {
        settings.registration = registration;
        settings.rate_limits = OnOff::Off;
    })
    .await
}

/// An open world, its owner, and someone else in it.
async fn two() -> (World, Rest, Rest) {
    let world = world(Registration::Open).await;
    let ana = Rest::register(world.address(), "ana").await;
    let ben = Rest::register(world.address(), "ben").await;
    (world, ana, ben)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn password(name: &str) -> String {
    format!("the password of {name}")
}

async fn register(world: &World, body: Value) -> Answer {
    Rest::nobody(world.address()).post("/auth/register", body).await
}

async fn log_in(world: &World, name: &str, password: &str) -> Answer {
    let body = json!({"login": name, "password": password});
    Rest::nobody(world.address()).post("/auth/login", body).await
}

/// The same account, logged in once more.
async fn elsewhere(world: &World, who: &Rest, name: &str) -> Rest {
    who.with_token(&text(&log_in(world, name, &password(name)).await.ok()["token"]))
}

/// Discord's word for what is wrong with the field `key`, the form being refused for nothing else.
#[track_caller]
fn wrong(answer: &Answer, key: &str) -> String {
    assert_eq!(answer.refusal(), (400, 50035), "{}", answer.body);
    let errors = answer.body["errors"].as_object().unwrap();
    assert_eq!(errors.keys().collect::<Vec<_>>(), [key], "{}", answer.body);
    text(&errors[key]["_errors"][0]["code"])
}

async fn guilds(who: &Rest) -> Vec<Value> {
    who.get("/users/@me/guilds").await.ok().as_array().unwrap().clone()
}

/// A guild of `who`, and its first channel.
async fn garden(who: &Rest) -> (String, String) {
    let guild = text(&who.post("/guilds", json!({"name": "Garden"})).await.ok()["id"]);
    let channels = who.get(&format!("/guilds/{guild}/channels")).await.ok();
    let channel = channels.as_array().unwrap().iter().find(|channel| channel["type"] == 0).unwrap();
    (guild, text(&channel["id"]))
}

async fn invite(who: &Rest, channel: &str, draft: Value) -> String {
    text(&who.post(&format!("/channels/{channel}/invites"), draft).await.ok()["code"])
}

/// The first text channel of the home, where all are.
async fn home_channel(who: &Rest) -> String {
    let home = text(&guilds(who).await[0]["id"]);
    let channels = who.get(&format!("/guilds/{home}/channels")).await.ok();
    text(&channels.as_array().unwrap().iter().find(|channel| channel["type"] == 0).unwrap()["id"])
}

#[tokio::test]
async fn the_first_account_owns_the_instance_and_the_others_need_an_invite() {
    let world = World::new().await;
    let ana = Rest::register(world.address(), "ana").await;
    let home = guilds(&ana).await;
    assert_eq!((home.len(), &home[0]["owner"]), (1, &json!(true)));
    let mut body = json!({"username": "ben", "password": password("ben")});
    assert_eq!(wrong(&register(&world, body.clone()).await, "invite"), "INVITE_REQUIRED");
    body["invite"] = json!("made-up");
    assert_eq!(wrong(&register(&world, body.clone()).await, "invite"), "INVITE_INVALID");
    body["invite"] = json!(invite(&ana, &garden(&ana).await.1, json!({})).await);
    assert_eq!(register(&world, body).await.status, 201);
}

#[tokio::test]
async fn an_invite_lets_one_into_its_guild_and_is_counted() {
    let world = world(Registration::Invite).await;
    let ana = Rest::register(world.address(), "ana").await;
    let (guild, channel) = garden(&ana).await;
    let come = async |name: &str, code: &str| {
        register(&world, json!({"username": name, "password": password(name), "invite": code})).await
    };
    let open = invite(&ana, &channel, json!({})).await;
    let ben = ana.with_token(&text(&come("ben", &open).await.ok()["token"]));
    let joined = guilds(&ben).await;
    assert_eq!(joined.len(), 2);
    assert!(joined.iter().all(|guild| guild["owner"] == false));
    assert!(joined.iter().any(|joined| joined["id"] == guild.as_str()));
    let invites = ana.get(&format!("/guilds/{guild}/invites")).await.ok();
    assert_eq!((&invites[0]["code"], &invites[0]["uses"]), (&json!(open), &json!(1)));
    let once = invite(&ana, &channel, json!({"max_uses": 1})).await;
    come("cleo", &once).await.ok();
    assert_eq!(wrong(&come("dan", &once).await, "invite"), "INVITE_INVALID");
    let short = invite(&ana, &channel, json!({"max_age": 60})).await;
    world.advance(Duration::from_secs(61));
    assert_eq!(wrong(&come("dan", &short).await, "invite"), "INVITE_INVALID");
    // Who could not register is not there, and their name is free.
    come("dan", &open).await.ok();
}

#[tokio::test]
async fn an_invite_that_did_not_let_anyone_in_is_not_counted() {
    let world = world(Registration::Invite).await;
    let ana = Rest::register(world.address(), "ana").await;
    let code = invite(&ana, &garden(&ana).await.1, json!({"max_uses": 1})).await;
    let body = json!({"username": "ana", "password": password("ben"), "invite": code});
    assert_eq!(wrong(&register(&world, body).await, "username"), "USERNAME_ALREADY_TAKEN");
    let body = json!({"username": "ben", "password": password("ben"), "invite": code});
    register(&world, body).await.ok();
}

#[tokio::test]
async fn where_registration_is_open_none_is_needed_and_where_it_is_closed_none_helps() {
    let (world, ana, ben) = two().await;
    assert_eq!(guilds(&ben).await.len(), 1);
    let code = invite(&ana, &garden(&ana).await.1, json!({})).await;
    let body = json!({"username": "cleo", "password": password("cleo"), "invite": code});
    let cleo = ana.with_token(&text(&register(&world, body).await.ok()["token"]));
    assert_eq!(guilds(&cleo).await.len(), 2);
    let closed = self::world(Registration::Closed).await;
    let ana = Rest::register(closed.address(), "ana").await;
    let code = invite(&ana, &garden(&ana).await.1, json!({})).await;
    let mut body = json!({"username": "ben", "password": password("ben")});
    assert_eq!(register(&closed, body.clone()).await.status, 403);
    body["invite"] = json!(code);
    assert_eq!(register(&closed, body).await.status, 403);
}

#[tokio::test]
async fn names_that_are_none_or_taken_are_refused() {
    let (world, _, ben) = two().await;
    Rest::register(world.address(), "Éva").await;
    let long = "x".repeat(33);
    for (name, code) in [
        (json!("ana"), "USERNAME_ALREADY_TAKEN"),
        (json!("ANA"), "USERNAME_ALREADY_TAKEN"),
        (json!(" ana "), "USERNAME_ALREADY_TAKEN"),
        (json!("éva"), "USERNAME_ALREADY_TAKEN"),
        (json!(null), "BASE_TYPE_REQUIRED"),
        (json!(""), "BASE_TYPE_REQUIRED"),
        (json!("a"), "BASE_TYPE_BAD_LENGTH"),
        (json!("a "), "BASE_TYPE_BAD_LENGTH"),
        (json!(long), "BASE_TYPE_BAD_LENGTH"),
        (json!("   "), "USERNAME_INVALID"),
        (json!("a@b"), "USERNAME_INVALID_CONTAINS"),
        (json!("a#b"), "USERNAME_INVALID_CONTAINS"),
        (json!("a:b"), "USERNAME_INVALID_CONTAINS"),
        (json!("a```b"), "USERNAME_INVALID_CONTAINS"),
        (json!("a\nb"), "USERNAME_INVALID"),
        (json!("a\u{1b}[31mb"), "USERNAME_INVALID"),
        (json!("a\u{202e}b"), "USERNAME_INVALID"),
        (json!("a\u{0}b"), "STRING_TYPE_REGEX"),
        (json!("everyone"), "USERNAME_INVALID_EQUALS"),
        (json!("Everyone"), "USERNAME_INVALID_EQUALS"),
        (json!("here"), "USERNAME_INVALID_EQUALS"),
        (json!(7), "STRING_TYPE_CONVERT"),
        (json!(["ana"]), "STRING_TYPE_CONVERT"),
    ] {
        let answer = register(&world, json!({"username": name, "password": password("cleo")})).await;
        assert_eq!(wrong(&answer, "username"), code, "{name}");
        if !name.is_null() {
            let answer =
                ben.patch("/users/@me", json!({"username": name, "password": password("ben")})).await;
            assert_eq!(wrong(&answer, "username"), code, "{name}");
        }
    }
    for name in ["ab".to_owned(), "x".repeat(32)] {
        Rest::register(world.address(), &name).await;
    }
}

#[tokio::test]
async fn passwords_have_eight_to_128_characters() {
    let world = world(Registration::Open).await;
    for (password, code) in [
        (json!(null), "BASE_TYPE_REQUIRED"),
        (json!(""), "BASE_TYPE_REQUIRED"),
        (json!("7 chars"), "BASE_TYPE_BAD_LENGTH"),
        (json!("x".repeat(129)), "BASE_TYPE_BAD_LENGTH"),
        (json!(12_345_678), "STRING_TYPE_CONVERT"),
    ] {
        let answer = register(&world, json!({"username": "ana", "password": password})).await;
        assert_eq!(wrong(&answer, "password"), code, "{password}");
    }
    for (name, password) in [("ana", "8 chars!".to_owned()), ("ben", "ü".repeat(128))] {
        register(&world, json!({"username": name, "password": password})).await.ok();
        log_in(&world, name, &password).await.ok();
    }
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_are_told_alike_to_the_byte() {
    let (world, ana, _) = two().await;
    let bot = text(&ana.post("/applications", json!({"name": "robot"})).await.ok()["id"]);
    ana.post(&format!("/applications/{bot}/bot"), json!({})).await.ok();
    let answer = async |name: &str, password: &str| {
        let body = json!({"login": name, "password": password}).to_string();
        let head = "POST /api/v10/auth/login HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: application/json";
        let mut raw = world.raw().await;
        raw.send(format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await.unwrap();
        let answer = String::from_utf8(raw.read_to_end().await).unwrap();
        answer.lines().filter(|line| !line.starts_with("date:")).collect::<Vec<_>>().join("\n")
    };
    let expected = answer("ana", "not the password").await;
    assert!(expected.starts_with("HTTP/1.1 400") && expected.contains("INVALID_LOGIN"), "{expected}");
    for (name, password) in [
        ("nobody", "not the password"),
        ("nobody", "the password of ana"),
        ("ben", "the password of ana"),
        ("robot", "the password of robot"),
        ("ana", "The password of ana"),
        ("ana", "the password of ana "),
    ] {
        assert_eq!(answer(name, password).await, expected, "{name}: {password}");
    }
    log_in(&world, "ANA", &password("ana")).await.ok();
}

#[tokio::test]
async fn who_logs_out_has_a_token_that_opens_nothing() {
    let (world, ana, _) = two().await;
    let other = elsewhere(&world, &ana, "ana").await;
    assert_eq!(ana.post("/auth/logout", json!({})).await.status, 204);
    assert_eq!(ana.get("/users/@me").await.status, 401);
    assert_eq!(ana.post("/auth/logout", json!({})).await.status, 401);
    assert_eq!(other.get("/users/@me").await.ok()["id"], ana.user_id);
    let world = world.restart().await;
    assert_eq!(ana.at(world.address()).get("/users/@me").await.status, 401);
    other.at(world.address()).get("/users/@me").await.ok();
}

#[tokio::test]
async fn logins_are_listed_and_ended_by_their_owner_alone() {
    let (world, ana, ben) = two().await;
    let other = elsewhere(&world, &ana, "ana").await;
    let mut session = Gateway::identify(world.address(), other.token.as_deref().unwrap()).await;
    let list =
        async |who: &Rest| who.get("/auth/sessions").await.ok()["user_sessions"].as_array().unwrap().clone();
    let sessions = list(&ana).await;
    assert_eq!(sessions.len(), 2);
    let (own, others): (Vec<_>, Vec<_>) = sessions.iter().partition(|session| session["current"] == true);
    assert_eq!((own.len(), others.len()), (1, 1));
    let shown = json!(sessions).to_string();
    for who in [&ana, &other] {
        assert!(!shown.contains(who.token.as_deref().unwrap()), "a token is shown");
    }
    let body = json!({"session_id_hashes": [others[0]["id_hash"], "made up"]});
    assert_eq!(ben.post("/auth/sessions/logout", body.clone()).await.status, 204);
    other.get("/users/@me").await.ok();
    assert_eq!(ana.post("/auth/sessions/logout", body).await.status, 204);
    assert_eq!(other.get("/users/@me").await.status, 401);
    assert_eq!(session.is_closed().await, 4004);
    assert_eq!(list(&ana).await.len(), 1);
    assert_eq!(list(&ben).await.len(), 1);
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_the_other_logins() {
    let (world, ana, ben) = two().await;
    let other = elsewhere(&world, &ana, "ana").await;
    let mut session = Gateway::identify(world.address(), other.token.as_deref().unwrap()).await;
    for shown in [json!(null), json!("not the password"), json!(password("ben"))] {
        let answer = ana.patch("/users/@me", json!({"password": shown, "new_password": "another one"})).await;
        assert_eq!(wrong(&answer, "password"), "PASSWORD_DOES_NOT_MATCH", "{shown}");
    }
    let short = ana.patch("/users/@me", json!({"password": password("ana"), "new_password": "short"})).await;
    assert_eq!(wrong(&short, "new_password"), "BASE_TYPE_BAD_LENGTH");
    other.get("/users/@me").await.ok();
    ana.patch("/users/@me", json!({"password": password("ana"), "new_password": "another one"})).await.ok();
    ana.get("/users/@me").await.ok();
    ben.get("/users/@me").await.ok();
    assert_eq!(other.get("/users/@me").await.status, 401);
    assert_eq!(session.is_closed().await, 4004);
    assert_eq!(log_in(&world, "ana", &password("ana")).await.status, 400);
    log_in(&world, "ana", "another one").await.ok();
}

#[tokio::test]
async fn what_one_shows_of_oneself_can_be_changed_and_others_see_it() {
    let (world, ana, ben) = two().await;
    let mut session = Gateway::identify(world.address(), ben.token.as_deref().unwrap()).await;
    let unproved = ana.patch("/users/@me", json!({"username": "anna"})).await;
    assert_eq!(wrong(&unproved, "password"), "PASSWORD_DOES_NOT_MATCH");
    let unproved = ana.patch("/users/@me", json!({"email": "ana@example.org"})).await;
    assert_eq!(wrong(&unproved, "password"), "PASSWORD_DOES_NOT_MATCH");
    let change = json!({
        "username": "anna", "email": "ana@example.org", "password": password("ana"),
        "global_name": " Anna A. ", "bio": "I garden.",
    });
    let changed = ana.patch("/users/@me", change).await.ok();
    for (key, value) in [
        ("username", "anna"),
        ("global_name", "Anna A."),
        ("bio", "I garden."),
        ("email", "ana@example.org"),
        ("id", &ana.user_id),
    ] {
        assert_eq!(changed[key], value, "{changed}");
    }
    assert!(changed.get("token").is_none_or(Value::is_string));
    let told = session.until("GUILD_MEMBER_UPDATE").await;
    assert_eq!(
        (&told["user"]["username"], &told["user"]["global_name"]),
        (&json!("anna"), &json!("Anna A."))
    );
    let seen = ben.get(&format!("/users/{}", ana.user_id)).await.ok();
    assert_eq!(seen["username"], "anna");
    assert_eq!(seen.get("email"), None, "the address is nobody's business");
    let profile = ben.get(&format!("/users/{}/profile", ana.user_id)).await.ok();
    assert_eq!(profile["user_profile"]["bio"], "I garden.");
    log_in(&world, "anna", &password("ana")).await.ok();
    assert_eq!(log_in(&world, "ana", &password("ana")).await.status, 400);
    let taken_away = ana.patch("/users/@me", json!({"global_name": null, "bio": null})).await.ok();
    assert_eq!((&taken_away["global_name"], &taken_away["bio"]), (&Value::Null, &json!("")));
    for (key, value) in [("global_name", "x".repeat(33)), ("bio", "x".repeat(191)), ("email", "no".into())] {
        let answer = ana.patch("/users/@me", json!({key: value, "password": password("ana")})).await;
        wrong(&answer, key);
    }
}

#[tokio::test]
async fn a_stranger_shows_nothing_of_themselves() {
    let (_world, ana, ben) = two().await;
    let home = text(&guilds(&ana).await[0]["id"]);
    let profile = format!("/users/{}/profile", ben.user_id);
    assert_eq!(ana.get(&profile).await.ok()["mutual_guilds"][0]["id"], home);
    ben.delete(&format!("/users/@me/guilds/{home}")).await.ok();
    let stranger = ana.get(&profile).await;
    assert_eq!(stranger.refusal(), (404, 10013));
    assert_eq!(stranger.body, ana.get("/users/1/profile").await.body);
    ben.get(&profile).await.ok();
    ben.get("/users/@me/profile").await.ok();
}

/// An image of 300 by 200 whose middle square is red.
fn image(format: ImageFormat) -> Vec<u8> {
    let is_middle = |x| (50..250).contains(&x);
    let pixel = |x, _| if is_middle(x) { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) };
    let mut bytes = Vec::new();
    let image = DynamicImage::ImageRgb8(RgbImage::from_fn(300, 200, pixel));
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn uri(kind: &str, bytes: &[u8]) -> String {
    format!("data:image/{kind};base64,{}", STANDARD.encode(bytes))
}

/// The head and the body of what stands at `path`, which is not of the API.
async fn fetch(world: &World, path: &str) -> (String, Vec<u8>) {
    let mut raw = world.raw().await;
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    raw.send(request.as_bytes()).await.unwrap();
    let answer = raw.read_to_end().await;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    (String::from_utf8(answer[..end].to_vec()).unwrap(), answer[end + 4..].to_vec())
}

#[tokio::test]
async fn an_avatar_is_cut_to_a_square_and_served_in_a_few_sizes() {
    let (world, ana, ben) = two().await;
    let mut session = Gateway::identify(world.address(), ben.token.as_deref().unwrap()).await;
    let avatar = uri("png", &image(ImageFormat::Png));
    let hash = text(&ana.patch("/users/@me", json!({"avatar": avatar})).await.ok()["avatar"]);
    assert_eq!(session.until("GUILD_MEMBER_UPDATE").await["user"]["avatar"], hash);
    let path = format!("/avatars/{}/{hash}.png", ana.user_id);
    for (query, side) in
        [("?size=64", 64), ("", 128), ("?size=16", 64), ("?size=4096", 512), ("?size=big", 128)]
    {
        let (head, body) = fetch(&world, &format!("{path}{query}")).await;
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-type: image/png"), "{head}");
        let image = image::load_from_memory_with_format(&body, ImageFormat::Png).unwrap();
        assert_eq!(image.dimensions(), (side, side), "{query}");
        for (x, y) in [(0, 0), (side - 1, side - 1), (side / 2, side / 2)] {
            assert_eq!(image.get_pixel(x, y).0, [255, 0, 0, 255], "{query}: {x} {y}");
        }
    }
    for missing in [
        format!("/avatars/{}/{hash}.png", ben.user_id),
        format!("/avatars/{}/{}.png", ana.user_id, "0".repeat(32)),
        format!("/avatars/word/{hash}.png"),
        format!("/avatars/99999999999999999999999/{hash}.png"),
        "/avatars/..%2f..%2f/decentra.db".to_owned(),
    ] {
        assert!(fetch(&world, &missing).await.0.starts_with("HTTP/1.1 404"), "{missing}");
    }
    for (kind, format) in
        [("jpeg", ImageFormat::Jpeg), ("gif", ImageFormat::Gif), ("webp", ImageFormat::WebP)]
    {
        let avatar = uri(kind, &image(format));
        let changed = ana.patch("/users/@me", json!({"avatar": avatar})).await.ok();
        assert_ne!(changed["avatar"], hash, "{kind}");
    }
    assert!(fetch(&world, &path).await.0.starts_with("HTTP/1.1 404"), "what was replaced is kept");
    let without = ana.patch("/users/@me", json!({"avatar": null})).await.ok();
    assert_eq!(without["avatar"], Value::Null);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_the_old_one_stays() {
    let (_world, ana, _) = two().await;
    let whole = image(ImageFormat::Png);
    let avatar = ana.patch("/users/@me", json!({"avatar": uri("png", &whole)})).await.ok()["avatar"].clone();
    let mut wide = Vec::new();
    DynamicImage::new_rgb8(4_097, 1).write_to(&mut Cursor::new(&mut wide), ImageFormat::Png).unwrap();
    for (broken, code) in [
        (json!(uri("png", &whole[..200])), "IMAGE_INVALID"),
        (json!(uri("png", b"")), "IMAGE_INVALID"),
        (json!(uri("png", &wide)), "IMAGE_INVALID"),
        (
            json!(uri("svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")),
            "IMAGE_INVALID",
        ),
        (json!(uri("png", &whole).replace("image/png", "text/html")), "IMAGE_INVALID"),
        (json!(uri("png", &whole).replace(";base64", "")), "IMAGE_INVALID"),
        (json!("data:image/png;base64,%%%"), "IMAGE_INVALID"),
        (json!("https://example.org/a.png"), "IMAGE_INVALID"),
        (json!(avatar), "IMAGE_INVALID"),
        (json!(7), "STRING_TYPE_CONVERT"),
        (json!(uri("png", &vec![0; 8_900_000])), "BASE_TYPE_MAX_LENGTH"),
    ] {
        let answer = ana.patch("/users/@me", json!({"avatar": broken})).await;
        assert_eq!(wrong(&answer, "avatar"), code);
    }
    assert_eq!(ana.get("/users/@me").await.ok()["avatar"], avatar);
}

/// How `who` appears to a session, at the next change of it.
async fn appears(session: &mut Gateway, who: &Rest) -> Value {
    loop {
        let presence = session.until("PRESENCE_UPDATE").await;
        if presence["user"]["id"] == who.user_id.as_str() {
            return presence;
        }
    }
}

#[tokio::test]
async fn a_status_is_kept_and_shown_to_the_others_while_one_is_there() {
    let (world, ana, ben) = two().await;
    let mut session = Gateway::identify(world.address(), ben.token.as_deref().unwrap()).await;
    let channel = home_channel(&ana).await;
    let settings = async |body: Value| ana.patch("/users/@me/settings", body).await;
    settings(json!({"status": "idle"})).await.ok();
    ana.post(&format!("/channels/{channel}/messages"), json!({"content": "not there yet"})).await.ok();
    loop {
        let payload = session.next().await;
        let is_ana = payload["d"]["user"]["id"] == ana.user_id.as_str();
        assert!(payload["t"] != "PRESENCE_UPDATE" || !is_ana, "who has no session is not there: {payload}");
        if payload["t"] == "MESSAGE_CREATE" {
            break;
        }
    }
    let own = Gateway::identify(world.address(), ana.token.as_deref().unwrap()).await;
    assert_eq!(appears(&mut session, &ana).await["status"], "idle");
    settings(json!({"status": "dnd"})).await.ok();
    assert_eq!(appears(&mut session, &ana).await["status"], "dnd");
    settings(json!({"custom_status": {"text": "in the garden", "emoji_name": "🌱"}})).await.ok();
    let custom = appears(&mut session, &ana).await;
    assert_eq!(custom["status"], "dnd");
    let activity = &custom["activities"][0];
    assert_eq!((&activity["type"], &activity["state"]), (&json!(4), &json!("in the garden")));
    assert_eq!(activity["emoji"]["name"], "🌱");
    for wrong_body in [
        json!({"status": "asleep"}),
        json!({"status": 7}),
        json!({"custom_status": {"text": "x".repeat(129)}}),
        json!({"custom_status": "in the garden"}),
        json!({"custom_status": {"expires_at": "soon"}}),
        // A year that could not be read back: the server would not start again.
        json!({"custom_status": {"expires_at": "-006127-01-01T00:00:00Z"}}),
    ] {
        assert_eq!(settings(wrong_body.clone()).await.refusal(), (400, 50035), "{wrong_body}");
    }
    settings(json!({"custom_status": null})).await.ok();
    assert_eq!(appears(&mut session, &ana).await["activities"], json!([]));
    settings(json!({"status": "invisible", "custom_status": {"text": "hidden"}})).await.ok();
    let hidden = appears(&mut session, &ana).await;
    assert_eq!((&hidden["status"], &hidden["activities"]), (&json!("offline"), &json!([])));
    // The stop would wait for them.
    drop((own, session));
    let world = world.restart().await;
    let kept = ana.at(world.address()).get("/users/@me/settings").await.ok();
    assert_eq!((&kept["status"], &kept["custom_status"]["text"]), (&json!("invisible"), &json!("hidden")));
}

#[tokio::test]
async fn a_status_is_one_of_those_that_the_refusal_names() {
    let (_world, ana, _) = two().await;
    let answer = ana.patch("/users/@me/settings", json!({"status": "offline"})).await;
    assert_eq!(wrong(&answer, "status"), "BASE_TYPE_CHOICES");
}

#[tokio::test]
async fn a_custom_status_ends_when_it_was_to_end() {
    let (world, ana, ben) = two().await;
    let mut watching = Gateway::identify(world.address(), ben.token.as_deref().unwrap()).await;
    let _own = Gateway::identify(world.address(), ana.token.as_deref().unwrap()).await;
    appears(&mut watching, &ana).await;
    let status = json!({"text": "back soon", "expires_at": "2026-01-31T12:00:10+00:00"});
    ana.patch("/users/@me/settings", json!({"custom_status": status})).await.ok();
    let activities = async || {
        let mut session = Gateway::connect(world.address(), "v=10&encoding=json").await;
        let token = ben.token.as_deref().unwrap();
        session
            .send(json!({"op": 2, "d": {"token": token, "intents": 1 | (1 << 8), "properties": {}}}))
            .await;
        let guild = session.until("GUILD_CREATE").await;
        let presences = guild["presences"].as_array().unwrap().clone();
        let of_ana =
            presences.iter().find(|presence| presence["user"]["id"] == ana.user_id.as_str()).unwrap();
        of_ana["activities"].clone()
    };
    assert_eq!(activities().await[0]["state"], "back soon");
    watching.until("PRESENCE_UPDATE").await;
    world.advance(Duration::from_secs(11));
    assert_eq!(watching.until("PRESENCE_UPDATE").await["activities"], json!([]));
    assert_eq!(activities().await, json!([]));
    assert_eq!(ana.get("/users/@me/settings").await.ok()["custom_status"], Value::Null);
}

#[tokio::test]
async fn who_owns_a_guild_or_does_not_show_the_password_keeps_their_account() {
    let (_world, ana, ben) = two().await;
    let delete = async |who: &Rest, password: Value| {
        who.post("/users/@me/delete", json!({"password": password})).await
    };
    assert_eq!(delete(&ana, json!(password("ana"))).await.refusal(), (400, 40011));
    assert_eq!(wrong(&delete(&ben, json!(null)).await, "password"), "BASE_TYPE_REQUIRED");
    assert_eq!(wrong(&delete(&ben, json!(password("ana"))).await, "password"), "PASSWORD_DOES_NOT_MATCH");
    let (guild, _) = garden(&ben).await;
    assert_eq!(delete(&ben, json!(password("ben"))).await.refusal(), (400, 40011));
    ben.get("/users/@me").await.ok();
    ben.delete(&format!("/guilds/{guild}")).await.ok();
    assert_eq!(delete(&ben, json!(password("ben"))).await.status, 204);
}

#[tokio::test]
async fn a_deleted_account_leaves_its_messages_and_its_name() {
    let (world, ana, ben) = two().await;
    let messages = format!("/channels/{}/messages", home_channel(&ana).await);
    ben.patch("/users/@me", json!({"global_name": "Ben B.", "bio": "secret"})).await.ok();
    ben.post(&messages, json!({"content": "I was here"})).await.ok();
    let bot = text(&ben.post("/applications", json!({"name": "robot"})).await.ok()["id"]);
    let bot_token = text(&ben.post(&format!("/applications/{bot}/bot"), json!({})).await.ok()["token"]);
    let other = elsewhere(&world, &ben, "ben").await;
    let mut own = Gateway::identify(world.address(), ben.token.as_deref().unwrap()).await;
    let mut anas = Gateway::identify(world.address(), ana.token.as_deref().unwrap()).await;
    ben.post("/users/@me/delete", json!({"password": password("ben")})).await.ok();
    assert_eq!(own.is_closed().await, 4004);
    let name = format!("deleted_user_{:x}", ben.user_id.parse::<u64>().unwrap());
    let gone = anas.until("GUILD_MEMBER_REMOVE").await;
    assert_eq!((&gone["user"]["id"], &gone["user"]["username"]), (&json!(ben.user_id), &json!(name)));
    for token in [&ben, &other, &ben.bot(&bot_token, &bot)] {
        assert_eq!(token.get("/users/@me").await.status, 401);
    }
    assert_eq!(log_in(&world, "ben", &password("ben")).await.status, 400);
    assert_eq!(log_in(&world, &name, &password("ben")).await.status, 400);
    let kept = ana.get(&messages).await.ok();
    assert_eq!(kept[0]["content"], "I was here");
    assert_eq!(kept[0]["author"]["id"], ben.user_id);
    assert_eq!(
        (&kept[0]["author"]["username"], &kept[0]["author"]["global_name"]),
        (&json!(name), &Value::Null)
    );
    assert_eq!(ana.get(&format!("/users/{}/profile", ben.user_id)).await.status, 404);
    let again = Rest::register(world.address(), "ben").await;
    assert_ne!(again.user_id, ben.user_id);
    assert_eq!(again.get(&messages).await.ok()[0]["author"]["username"], name);
}

#[tokio::test]
async fn neither_passwords_nor_tokens_are_written_down() {
    let data = TempDir::new().unwrap();
    let log = data.path().join("log");
    let mut command = Command::new("sh");
    // The shell becomes the server, whose log goes to a file.
    command.args(["-c", r#"exec "$0" "$@" 2>"$LOG""#, env!("CARGO_BIN_EXE_decentra-server")]);
    let server = Process::start(command.env("LOG", &log).env("RUST_LOG", "trace"), data.path());
    let ana = Rest::register(server.address, "ana").await;
    let nobody = Rest::nobody(server.address);
    let attempt = async |password: &str| {
        nobody.post("/auth/login", json!({"login": "ana", "password": password})).await
    };
    assert_eq!(attempt("a wrong password").await.status, 400);
    let other = text(&attempt("the password of ana").await.ok()["token"]);
    let change = json!({"password": "the password of ana", "new_password": "a newer password"});
    ana.patch("/users/@me", change).await.ok();
    let app = text(&ana.post("/applications", json!({"name": "robot"})).await.ok()["id"]);
    let bot = text(&ana.post(&format!("/applications/{app}/bot"), json!({})).await.ok()["token"]);
    assert!(server.end_by("TERM").success());
    let secrets = ["the password of ana", "a newer password", "a wrong password", &other, &bot];
    let own = ana.token.as_deref();
    let mut all = String::new();
    for file in std::fs::read_dir(data.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let read = String::from_utf8_lossy(&bytes);
        for secret in secrets.into_iter().chain(own) {
            assert!(!read.contains(secret), "{secret} is in {}", path.display());
        }
        all += &read;
    }
    for looked_at in ["stopped", "$argon2id$", &ana.user_id] {
        assert!(all.contains(looked_at), "{looked_at} was not looked at");
    }
}
