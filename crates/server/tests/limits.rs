//! How fast one may call, and how often one may guess a password.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use decentra_model::limits::{
    ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ACCOUNT_REFILL, ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_ADDRESS_REFILL,
    CALLS_BURST, CALLS_REFILL, ROUTE_CALLS, ROUTE_WINDOW,
};
use decentra_server::settings::{OnOff, Registration};
use decentra_testkit::{Answer, Rest, World};
use serde_json::{Value, json};

/// When the clock of a test starts, in seconds since 1970.
const START: u64 = 1_769_860_800;

/// A world in which calls are counted, as they are unless somebody wants otherwise.
async fn world() -> World {
    World::with(|settings| settings.registration = Registration::Open).await
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// Two text channels of a new guild of `who`.
async fn channels(who: &Rest) -> [String; 2] {
    let guild = text(&who.post("/guilds", json!({"name": "Garden"})).await.ok()["id"]);
    let path = format!("/guilds/{guild}/channels");
    let mut ids = Vec::new();
    for name in ["one", "two"] {
        ids.push(text(&who.post(&path, json!({"name": name})).await.ok()["id"]));
    }
    ids.try_into().unwrap()
}

/// Calls until one is turned away; how many were not.
async fn calls_until_limited(who: &Rest, path: &str) -> u32 {
    for calls in 0..=2 * CALLS_BURST {
        if who.get(path).await.status == 429 {
            return calls;
        }
    }
    panic!("{path} is not limited");
}

#[tokio::test]
async fn every_answer_tells_how_a_bucket_stands() {
    let world = world().await;
    let ana = Rest::register(world.address(), "ana").await;
    let first = ana.get("/users/@me").await;
    world.advance(Duration::from_millis(250));
    let second = ana.get("/users/@me").await;
    let bucket = header(&first, "x-ratelimit-bucket").unwrap();
    for (answer, left, after) in [(&first, ROUTE_CALLS - 1, "1.000"), (&second, ROUTE_CALLS - 2, "0.750")] {
        assert_eq!(header(answer, "x-ratelimit-limit"), Some(ROUTE_CALLS.to_string().as_str()));
        assert_eq!(header(answer, "x-ratelimit-remaining"), Some(left.to_string().as_str()));
        assert_eq!(header(answer, "x-ratelimit-reset-after"), Some(after));
        assert_eq!(header(answer, "x-ratelimit-reset"), Some(format!("{}.000", START + 1).as_str()));
        assert_eq!(header(answer, "x-ratelimit-bucket"), Some(bucket));
    }
    assert_ne!(header(&ana.get("/users/@me/guilds").await, "x-ratelimit-bucket"), Some(bucket));
    // What is refused is counted, and told, as well.
    let refused = ana.get("/channels/1").await;
    assert_eq!(refused.status, 404);
    assert_eq!(header(&refused, "x-ratelimit-remaining"), Some((ROUTE_CALLS - 1).to_string().as_str()));
}

#[tokio::test]
async fn who_goes_too_fast_is_told_how_long_to_wait_and_that_is_true() {
    let world = world().await;
    let ana = Rest::register(world.address(), "ana").await;
    assert_eq!(calls_until_limited(&ana, "/users/@me").await, ROUTE_CALLS);
    world.advance(Duration::from_millis(400));
    let refused = ana.get("/users/@me").await;
    let body =
        json!({"message": "You are being rate limited.", "retry_after": 0.6, "global": false, "code": 0});
    assert_eq!((refused.status, &refused.body), (429, &body));
    assert_eq!(header(&refused, "retry-after"), Some("1"));
    assert_eq!(header(&refused, "x-ratelimit-scope"), Some("user"));
    assert_eq!(header(&refused, "content-type"), Some("application/json"));
    world.advance(Duration::from_millis(599));
    assert_eq!(ana.get("/users/@me").await.status, 429);
    world.advance(Duration::from_millis(1));
    assert_eq!(calls_until_limited(&ana, "/users/@me").await, ROUTE_CALLS);
}

#[tokio::test]
async fn a_429_tells_how_the_bucket_stands_too() {
    let world = world().await;
    let ana = Rest::register(world.address(), "ana").await;
    let bucket = ana.get("/users/@me").await;
    calls_until_limited(&ana, "/users/@me").await;
    let refused = ana.get("/users/@me").await;
    assert_eq!(
        header(&refused, "x-ratelimit-limit"),
        Some(ROUTE_CALLS.to_string().as_str()),
        "{}",
        refused.head
    );
    assert_eq!(header(&refused, "x-ratelimit-remaining"), Some("0"));
    assert_eq!(header(&refused, "x-ratelimit-reset-after"), Some("1.000"));
    assert_eq!(header(&refused, "x-ratelimit-reset"), Some(format!("{}.000", START + 1).as_str()));
    assert_eq!(header(&refused, "x-ratelimit-bucket"), header(&bucket, "x-ratelimit-bucket"));
}

#[tokio::test]
async fn each_channel_each_route_and_each_account_is_counted_by_itself() {
    let world = world().await;
    let ana = Rest::register(world.address(), "ana").await;
    let ben = Rest::register(world.address(), "ben").await;
    let [one, two] = channels(&ana).await;
    let (one, two) = (format!("/channels/{one}/messages"), format!("/channels/{two}/messages"));
    assert_eq!(calls_until_limited(&ana, &one).await, ROUTE_CALLS);
    assert_eq!(ana.get(&two).await.status, 200);
    assert_eq!(ana.post(&one, json!({"content": "hello"})).await.status, 200);
    assert_eq!(ben.get(&one).await.status, 404);
    assert_eq!(Rest::nobody(world.address()).get(&one).await.status, 401);
    // Another login is the same account.
    let login = json!({"login": "ana", "password": "the password of ana"});
    let other = text(&Rest::nobody(world.address()).post("/auth/login", login).await.ok()["token"]);
    assert_eq!(ana.with_token(&other).get(&one).await.status, 429);
    // So is another way to write the address, and another message in the same channel.
    assert_eq!(ana.get(&format!("{one}?limit=1")).await.status, 429);
    world.advance(ROUTE_WINDOW);
    assert_eq!(calls_until_limited(&ana, &format!("{one}/1")).await, ROUTE_CALLS);
    assert_eq!(ana.get(&format!("{one}/2")).await.status, 429);
}

#[tokio::test]
async fn what_is_turned_away_did_not_happen() {
    let world = world().await;
    let ana = Rest::register(world.address(), "ana").await;
    let [channel, _] = channels(&ana).await;
    let path = format!("/channels/{channel}/messages");
    for nth in 0..ROUTE_CALLS + 5 {
        let status = ana.post(&path, json!({"content": nth.to_string()})).await.status;
        assert_eq!(status, if nth < ROUTE_CALLS { 200 } else { 429 });
    }
    let said = ana.get(&format!("{path}?limit=100")).await.ok();
    assert_eq!(said.as_array().unwrap().len(), ROUTE_CALLS as usize);
}

#[tokio::test]
async fn tokens_that_are_made_up_are_counted_by_address_and_hinder_nobody_else() {
    let world = world().await;
    let ana = Rest::register(world.address(), "ana").await;
    for nth in 0..=ROUTE_CALLS {
        let guess = Rest::nobody(world.address()).with_token(&format!("guess.{nth}"));
        let status = guess.get("/users/@me").await.status;
        assert_eq!(status, if nth < ROUTE_CALLS { 401 } else { 429 });
    }
    ana.get("/users/@me").await.ok();
}

#[tokio::test]
async fn all_calls_of_an_account_together_are_limited_and_come_back_one_by_one() {
    let world = world().await;
    let ana = Rest::register(world.address(), "ana").await;
    for nth in 0..CALLS_BURST {
        assert_eq!(ana.get(&format!("/channels/{nth}")).await.status, 404);
    }
    let refused = ana.get("/users/@me").await;
    let wait = CALLS_REFILL.as_secs_f64();
    let body =
        json!({"message": "You are being rate limited.", "retry_after": wait, "global": true, "code": 0});
    assert_eq!((refused.status, &refused.body), (429, &body));
    assert_eq!(header(&refused, "x-ratelimit-global"), Some("true"));
    assert_eq!(header(&refused, "x-ratelimit-scope"), Some("global"));
    assert_eq!(header(&refused, "retry-after"), Some("1"));
    Rest::register(world.address(), "ben").await.get("/users/@me").await.ok();
    world.advance(CALLS_REFILL);
    assert_eq!(ana.get("/users/@me").await.status, 200);
    assert_eq!(ana.get("/users/@me").await.status, 429);
    world.advance(CALLS_REFILL * 2);
    assert_eq!(ana.get("/users/@me").await.status, 200);
    assert_eq!(ana.get("/users/@me").await.status, 200);
    assert_eq!(ana.get("/users/@me").await.status, 429);
}

#[tokio::test]
async fn where_limits_are_off_nothing_is_counted() {
    let world = World::with(|settings| settings.rate_limits = OnOff::Off).await;
    let ana = Rest::register(world.address(), "ana").await;
    for _ in 0..=2 * CALLS_BURST {
        let answer = ana.get("/users/@me").await;
        assert_eq!((answer.status, header(&answer, "x-ratelimit-limit")), (200, None));
    }
}

/// Someone who tries to log in, through a proxy that says they come from `address`.
async fn attempt(world: &World, address: &str, name: &str, password: &str) -> Answer {
    let body = json!({"login": name, "password": password}).to_string();
    let headers = format!("content-type: application/json\r\nx-forwarded-for: {address}\r\n");
    Rest::nobody(world.address()).send("POST", "/auth/login", &headers, body.as_bytes()).await
}

/// A world behind a proxy, and Ana's account in it.
async fn behind_a_proxy() -> (World, Rest) {
    let world = World::with(|settings| {
        settings.registration = Registration::Open;
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let ana = Rest::register(world.address(), "ana").await;
    (world, ana)
}

/// The seconds that an answer asks to wait, which is a 429 of one route.
#[track_caller]
fn wait(answer: &Answer) -> f64 {
    assert_eq!((answer.status, &answer.body["global"]), (429, &json!(false)), "{}", answer.body);
    let wait = answer.body["retry_after"].as_f64().unwrap();
    let whole: f64 = header(answer, "retry-after").unwrap().parse().unwrap();
    assert!((wait..wait + 1.0).contains(&whole), "{whole} is not {wait} rounded up");
    wait
}

#[tokio::test]
async fn an_account_is_guessed_at_ten_times_wherever_the_guesses_come_from() {
    let (world, ana) = behind_a_proxy().await;
    for nth in 0..ATTEMPTS_PER_ACCOUNT {
        let name = ["ana", "ANA", " ana "][nth as usize % 3];
        assert_eq!(attempt(&world, &format!("192.0.2.{nth}"), name, "a guess").await.status, 400);
    }
    let refill = ATTEMPTS_PER_ACCOUNT_REFILL.as_secs_f64();
    assert!((wait(&attempt(&world, "192.0.2.99", "ana", "a guess").await) - refill).abs() < 0.01);
    wait(&attempt(&world, "192.0.2.99", "ana", "the password of ana").await);
    // Whoever is logged in feels nothing, and other accounts can be logged in to.
    ana.get("/users/@me").await.ok();
    Rest::register(world.address(), "ben").await;
    attempt(&world, "192.0.2.99", "ben", "the password of ben").await.ok();
    world.advance(ATTEMPTS_PER_ACCOUNT_REFILL);
    assert_eq!(attempt(&world, "192.0.2.99", "ana", "a guess").await.status, 400);
    wait(&attempt(&world, "192.0.2.99", "ana", "a guess").await);
    world.advance(ATTEMPTS_PER_ACCOUNT_REFILL);
    attempt(&world, "192.0.2.99", "ana", "the password of ana").await.ok();
}

#[tokio::test]
async fn who_knows_the_password_gets_their_attempts_back() {
    let (world, _ana) = behind_a_proxy().await;
    for nth in 1..ATTEMPTS_PER_ACCOUNT {
        assert_eq!(attempt(&world, &format!("192.0.2.{nth}"), "ana", "a slip").await.status, 400);
    }
    attempt(&world, "192.0.2.1", "ana", "the password of ana").await.ok();
    for _ in 0..2 {
        assert_eq!(attempt(&world, "192.0.2.1", "ana", "a slip").await.status, 400);
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_is_limited_alike() {
    let (world, _ana) = behind_a_proxy().await;
    let mut answers = Vec::new();
    for name in ["ana", "nobody"] {
        let mut of_name = Vec::new();
        for nth in 0..=ATTEMPTS_PER_ACCOUNT {
            of_name.push(attempt(&world, &format!("192.0.2.{nth}"), name, "a guess").await.body);
        }
        answers.push(of_name);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].last().unwrap()["message"], "You are being rate limited.");
}

#[tokio::test]
async fn one_address_tries_twenty_times_whatever_it_tries() {
    let world = world().await;
    let mut taken = 0;
    for (nth, name) in ["ana", "ben", "cleo", "dan"].into_iter().enumerate() {
        Rest::register(world.address(), name).await;
        taken += 1;
        // Without a trusted proxy, what a client says of its address counts for nothing.
        for _ in 0..4 {
            let address = format!("192.0.2.{nth}");
            assert_eq!(attempt(&world, &address, name, "a guess").await.status, 400);
            taken += 1;
        }
    }
    assert_eq!(taken, ATTEMPTS_PER_ADDRESS, "the table is to be as long as that");
    let refill = ATTEMPTS_PER_ADDRESS_REFILL.as_secs_f64();
    let refused = attempt(&world, "192.0.2.200", "ana", "the password of ana").await;
    assert!((wait(&refused) - refill).abs() < 0.01);
    let body = json!({"username": "eve", "password": "the password of eve"});
    wait(&Rest::nobody(world.address()).post("/auth/register", body.clone()).await);
    world.advance(ATTEMPTS_PER_ADDRESS_REFILL);
    Rest::nobody(world.address()).post("/auth/register", body).await.ok();
    wait(&attempt(&world, "192.0.2.200", "ana", "the password of ana").await);
}

#[tokio::test]
async fn the_password_that_a_change_needs_cannot_be_guessed_either() {
    let (world, ana) = behind_a_proxy().await;
    for nth in 0..ATTEMPTS_PER_ACCOUNT {
        let guess = format!("guess {nth}");
        let answer = if nth % 2 == 0 {
            ana.patch("/users/@me", json!({"username": "mine", "password": guess})).await
        } else {
            ana.post("/users/@me/delete", json!({"password": guess})).await
        };
        assert_eq!(answer.refusal(), (400, 50035), "{}", answer.body);
    }
    let right = json!({"username": "mine", "password": "the password of ana"});
    wait(&ana.patch("/users/@me", right.clone()).await);
    wait(&ana.post("/users/@me/delete", json!({"password": "the password of ana"})).await);
    wait(&attempt(&world, "192.0.2.1", "ana", "the password of ana").await);
    world.advance(ATTEMPTS_PER_ACCOUNT_REFILL);
    assert_eq!(ana.patch("/users/@me", right).await.ok()["username"], "mine");
}
