//! Pages of other sites, in the browser of someone who reaches the server.

use decentra_model::close;
use decentra_server::settings::OnOff;
use decentra_testkit::{Client, Gateway, Rest, World};
use serde_json::json;

use crate::text;

#[tokio::test]
async fn the_page_of_another_site_brings_no_guest_into_the_lobby() {
    let world = World::open().await;
    let mut ana = world.join("Ana").await;
    for origin in
        ["http://evil.example", "http://127.0.0.1.evil.example", "null", "file://", "https://10.0.0.1"]
    {
        let mut page = Client::connect_from(world.address(), origin).await;
        page.send(json!({"type": "join", "username": "Eve"})).await;
        assert!(page.is_told().await.contains("other sites"), "{origin}");
        assert_eq!(page.is_closed().await, close::NAME_REFUSED, "{origin}");
    }
    // Nobody heard of it; the server's own page, and programs that send no origin, come in.
    let mut own = Client::connect_from(world.address(), &format!("http://{}", world.address())).await;
    own.join("Own").await;
    assert_eq!(ana.is_told().await, "Own joined the chat");
    Client::connect_from(world.address(), "http://localhost:5173").await.join("Here").await;
}

#[tokio::test]
async fn a_token_opens_the_lobby_and_the_gateway_to_the_web_client_of_another_instance() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let mut page = Client::connect_from(world.address(), "https://chat.example").await;
    page.send(json!({"type": "join", "token": ana.token})).await;
    page.next().await;
    page.say("hello").await;
    assert_eq!(page.hears().await, ("ana".to_owned(), "hello".to_owned()));
}

#[tokio::test]
async fn the_page_of_another_site_does_not_found_an_instance() {
    let world = World::new().await;
    let nobody = Rest::nobody(world.address());
    let body = json!({"username": "eve", "password": "a long password"}).to_string();
    let json = "content-type: application/json\r\norigin: http://evil.example\r\n";
    let refused = nobody.send("POST", "/auth/register", json, body.as_bytes()).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    // Nor without the question that a browser asks before it sends JSON.
    let encoded = "content-type: application/x-www-form-urlencoded\r\norigin: http://evil.example\r\n";
    let form = format!("payload_json={body}");
    assert_eq!(nobody.send("POST", "/auth/register", encoded, form.as_bytes()).await.status, 403);
    let own = format!("content-type: application/json\r\norigin: http://{}\r\n", world.address());
    nobody.send("POST", "/auth/register", &own, body.as_bytes()).await.ok();
}

#[tokio::test]
async fn nothing_but_a_header_shows_who_calls() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let token = ana.token.clone().unwrap();
    let nobody = Rest::nobody(world.address());
    for headers in [
        format!("cookie: token={token}; authorization={token}\r\n"),
        format!("x-authorization: {token}\r\n"),
        format!("proxy-authorization: {token}\r\n"),
    ] {
        assert_eq!(nobody.send("GET", "/users/@me", &headers, b"").await.status, 401, "{headers}");
    }
    for query in ["token", "access_token", "authorization"] {
        assert_eq!(nobody.get(&format!("/users/@me?{query}={token}")).await.status, 401, "{query}");
    }
    let mut session = Gateway::connect(world.address(), &format!("v=10&token={token}")).await;
    session.send(json!({"op": 2, "d": {"token": "", "intents": 0, "properties": {}}})).await;
    assert_eq!(session.is_closed().await, 4004);
}

#[tokio::test]
async fn no_answer_sets_a_cookie_and_other_sites_call_without_what_a_browser_keeps() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let login = json!({"login": "ana", "password": "the password of ana"});
    let answers = [
        ana.post("/auth/login", login).await,
        ana.get("/users/@me").await,
        ana.get("/nowhere").await,
        Rest::nobody(world.address()).get("/users/@me").await,
        ana.send("OPTIONS", "/users/@me", "origin: http://evil.example\r\n", b"").await,
    ];
    for answer in answers {
        assert!(!answer.head.contains("set-cookie"), "{}", answer.head);
        assert!(answer.head.contains("access-control-allow-origin: *"), "{}", answer.head);
        assert!(!answer.head.contains("access-control-allow-credentials"), "{}", answer.head);
    }
    for path in ["/", "/healthz", "/readyz", "/metrics", "/nowhere"] {
        let answer = world.raw().await.get(path, "origin: http://evil.example\r\n").await;
        assert!(!answer.contains("set-cookie") && !answer.contains("access-control"), "{answer}");
    }
}

#[tokio::test]
async fn each_answer_tells_browsers_to_guess_no_types_and_to_run_nothing() {
    let world = World::with(|settings| settings.guests = OnOff::Off).await;
    for path in ["/", "/healthz", "/readyz", "/metrics", "/nowhere", "/avatars/1/x.png", "/icons/x/y"] {
        let answer = world.raw().await.get(path, "").await;
        for guard in [
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "content-security-policy: default-src 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(answer.contains(guard), "{path}: {answer}");
        }
    }
    for path in ["/api/v10/gateway", "/api/v10/nowhere", "/api/v10/users/@me"] {
        let answer = world.raw().await.get(path, "").await;
        assert!(answer.contains("x-content-type-options: nosniff"), "{path}: {answer}");
        assert!(answer.contains("content-type: application/json\r\n"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_token_is_never_one_that_the_client_brought() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let fixed = "a.token.of.eves.choice";
    let login =
        json!({"login": "ana", "password": "the password of ana", "token": fixed, "session_id": fixed});
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(text(&ana.with_token(fixed).post("/auth/login", login.clone()).await.ok()["token"]));
    }
    tokens.push(ana.token.clone().unwrap());
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), 4);
    assert_eq!(ana.with_token(fixed).get("/users/@me").await.status, 401);
    let secret = |token: &String| token.rsplit('.').next().unwrap().len();
    assert!(tokens.iter().all(|token| secret(token) == 43), "32 random bytes each: {tokens:?}");
}

#[tokio::test]
async fn who_is_not_ready_says_why_and_nothing_of_the_machine() {
    let world = World::new().await;
    let answer = world.raw().await.get("/readyz", "").await;
    assert!(answer.ends_with("ready\n"), "{answer}");
    let api = Rest::nobody(world.address()).get("/users/@me").await;
    assert_eq!(api.body, json!({"message": "401: Unauthorized", "code": 0}));
    for answer in [answer, api.head] {
        let server =
            answer.lines().any(|line| line.starts_with("server:") || line.starts_with("x-powered-by:"));
        assert!(!server && !answer.contains(&*world.data().to_string_lossy()), "{answer}");
    }
}
