//! What is too much is turned down at once, clearly, and nothing else suffers from it.
//!
//! The log is made to stand still by what may happen to any server: another program holds a lock on the database.

#![expect(clippy::unwrap_used, reason = "a test")]

use decentra_model::limits::{
    BACKLOG_BYTES_MAX, BUSY_PAUSE, BUSY_WAIT, CHANGES_WAITING_MAX, CHANNELS_MAX, COMMANDS_PER_COMMIT_MAX,
    LOBBY_BURST, TOPIC_CHARS_MAX,
};
use decentra_model::lobby::{ErrorCode, ServerFrame, SystemFrame};
use decentra_server::settings::{OnOff, Registration};
use decentra_store_sqlite::DATABASE_FILE;
use decentra_testkit::{Answer, Client, Gateway, Rest, World, soon};
use futures_util::future::select_all;
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

/// More posts than one that the log is at, and those that may wait for it.
const FLOOD: usize = CHANGES_WAITING_MAX + 50;

/// The same, however many the log has taken when it comes to stand still.
const FLOOD_OF_LINES: usize = COMMANDS_PER_COMMIT_MAX + FLOOD;

/// The home's channel for talk.
async fn channel(who: &Rest) -> String {
    let guilds = who.get("/users/@me/guilds").await.ok();
    let id = guilds[0]["id"].as_str().unwrap().to_owned();
    let channels = who.get(&format!("/guilds/{id}/channels")).await.ok();
    let general = channels.as_array().unwrap().iter().find(|channel| channel["name"] == "general");
    general.unwrap()["id"].as_str().unwrap().to_owned()
}

/// Keeps anyone else from writing to the database.
fn lock(world: &World) -> Connection {
    let database = Connection::open(world.data().join(DATABASE_FILE)).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    database
}

fn assert_busy(answer: &Answer) {
    assert_eq!(answer.refusal(), (429, 0), "{}", answer.body);
    assert_eq!(answer.body["message"], "The server is busy. Nothing was changed; try again in a moment.");
    let pause = format!("retry-after: {}\r\n", BUSY_PAUSE.as_secs());
    assert!(answer.head.contains(&pause), "{}", answer.head);
    assert!(answer.head.contains("x-ratelimit-scope: shared\r\n"), "{}", answer.head);
    assert_eq!(answer.body["retry_after"], BUSY_PAUSE.as_secs_f64());
}

#[tokio::test]
async fn too_many_posts_are_turned_down_at_once_and_the_others_are_made_once() {
    let world = World::with(|settings| {
        settings.registration = Registration::Open;
        settings.rate_limits = OnOff::Off;
        settings.connections_per_address = 0;
    })
    .await;
    let ana = Rest::register(world.address(), "ana").await;
    let mut session = Gateway::identify(world.address(), ana.token.as_deref().unwrap()).await;
    let path = format!("/channels/{}/messages", channel(&ana).await);
    ana.post(&path, json!({"content": "before"})).await.ok();
    session.heard_until("before").await;
    let held = lock(&world);
    let mut posts = JoinSet::new();
    for nth in 0..FLOOD {
        let (ana, path) = (ana.clone(), path.clone());
        posts.spawn(async move { ana.post(&path, json!({"content": format!("post {nth}")})).await });
    }
    let first = soon("an answer", posts.join_next()).await.unwrap().unwrap();
    assert_busy(&first);
    let unread = ana.send("POST", &path, "content-type: application/json\r\n", b"{").await;
    assert_busy(&unread);
    let page = ana.get(&path).await.ok();
    assert_eq!(page[0]["content"], "before", "who reads is not turned down");
    session.send(json!({"op": 1, "d": null})).await;
    while session.next().await["op"] != 11 {}

    drop(held);
    let answers = posts.join_all().await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    for answer in refused {
        assert_busy(answer);
    }
    assert!((1..=CHANGES_WAITING_MAX + 1).contains(&made.len()), "{} were made", made.len());
    ana.post(&path, json!({"content": "afterwards"})).await.ok();
    let heard = session.heard_until("afterwards").await;
    let told = heard.iter().filter(|name| *name == "MESSAGE_CREATE").count();
    assert_eq!(told, made.len() + 1, "nothing of what was turned down was made");
}

/// The next that this guest is told to be wrong, past all else.
async fn refusal(guest: &mut Client) -> SystemFrame {
    loop {
        match guest.next().await {
            ServerFrame::System(frame) if frame.error.is_some() => return frame,
            _ => {}
        }
    }
}

/// How many changes were turned down.
async fn refused(world: &World) -> u64 {
    figure(world, "changes_refused_total").await
}

/// What the server counts under this name.
async fn figure(world: &World, name: &str) -> u64 {
    let text = world.raw().await.get("/metrics", "").await;
    let line =
        text.lines().find_map(|line| line.strip_prefix("decentra_")?.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|figure| figure.trim().parse().ok()).unwrap_or_else(|| panic!("not counted: {text}"))
}

/// Turns the clock until `event` comes, no faster than the server answers, so that nobody counts as silent.
async fn while_time_goes_on(world: &World, what: &str, event: impl Future<Output = ()>) {
    let turning = async {
        loop {
            world.advance(BUSY_WAIT);
            refused(world).await;
        }
    };
    tokio::select! {
        () = soon(what, event) => {}
        () = turning => unreachable!("the clock is turned for ever"),
    }
}

#[tokio::test]
async fn who_cannot_be_heard_in_the_lobby_is_told_so_and_heard_afterwards() {
    let world = World::with(|settings| settings.registration = Registration::Open).await;
    let mut guests = Vec::new();
    for nth in 0..FLOOD_OF_LINES.div_ceil(LOBBY_BURST as usize - 1) {
        guests.push(world.join(&format!("Guest{nth}")).await);
    }
    let held = lock(&world);
    for (number, guest) in guests.iter_mut().enumerate() {
        for nth in 0..LOBBY_BURST - 1 {
            let nonce = format!("{number}-{nth}");
            guest.send(json!({"type": "message", "content": "too many", "nonce": nonce})).await;
        }
    }
    let turned_down = async { while refused(&world).await == 0 {} };
    while_time_goes_on(&world, "a refusal", turned_down).await;
    let waiting = guests.iter_mut().map(|guest| Box::pin(refusal(guest)));
    let (told, nth, _) = soon("an answer", select_all(waiting)).await;
    assert_eq!(told.error, Some(ErrorCode::TooFast));
    assert_eq!(told.retry_after_ms.map(u128::from), Some(BUSY_PAUSE.as_millis()), "{told:?}");
    assert!(told.nonce.is_some());
    drop(held);
    let guest = &mut guests[nth];
    let again = json!({"type": "message", "content": "again", "nonce": told.nonce});
    let heard = async {
        guest.send(again.clone()).await;
        loop {
            match guest.next().await {
                ServerFrame::Message(posted) if posted.content == "again" => return,
                // The log has not noticed yet that the lock is gone; who is told to try again does.
                ServerFrame::System(frame) if frame.nonce == told.nonce => guest.send(again.clone()).await,
                _ => {}
            }
        }
    };
    while_time_goes_on(&world, "the message", heard).await;
}

/// A text as long as `chars` allow, in characters of four bytes.
fn long(chars: usize) -> String {
    "\u{1d11e}".repeat(chars)
}

#[tokio::test]
async fn who_does_not_read_is_cut_off_and_has_everything_after_resuming_and_others_notice_nothing() {
    let world = World::with(|settings| {
        settings.registration = Registration::Open;
        settings.rate_limits = OnOff::Off;
    })
    .await;
    let ana = Rest::register(world.address(), "ana").await;
    let token = ana.token.as_deref().unwrap();
    let mut quick = Gateway::identify(world.address(), token).await;
    let mut deaf = Gateway::identify(world.address(), token).await;
    let path = format!("/channels/{}/messages", channel(&ana).await);
    let mut posted = 0;
    while figure(&world, "slow_readers_total").await == 0 {
        let content = format!("{posted} {}", long(1_900));
        ana.post(&path, json!({"content": content})).await.ok();
        quick.heard_until(&content).await;
        posted += 1;
    }
    assert_eq!(figure(&world, "readers_waiting").await, 1, "only the end of it waits for who is deaf");
    let mut heard = 0;
    let code = loop {
        match deaf.next_raw().await {
            Message::Text(text) => {
                let payload: Value = serde_json::from_str(&text).unwrap();
                deaf.sequence = payload["s"].as_u64().unwrap_or(deaf.sequence);
                heard += usize::from(payload["t"] == "MESSAGE_CREATE");
            }
            Message::Close(frame) => break frame.map(|frame| u16::from(frame.code)),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(code, Some(4000), "a code that one may resume after");
    assert!(heard < posted, "nothing was missed");
    let mut back = Gateway::resume(world.address(), token, &deaf.ready, deaf.sequence).await;
    let missed = back.heard_until(&format!("{} {}", posted - 1, long(1_900))).await;
    let missed = missed.iter().filter(|name| *name == "MESSAGE_CREATE").count();
    assert_eq!(heard + missed, posted, "each message once");
}

#[tokio::test]
async fn however_long_the_welcome_is_it_leaves_at_the_pace_at_which_its_client_reads() {
    let world = World::with(|settings| {
        settings.registration = Registration::Open;
        settings.rate_limits = OnOff::Off;
    })
    .await;
    let ana = Rest::register(world.address(), "ana").await;
    let guild = ana.post("/guilds", json!({"name": "Library"})).await.ok();
    let path = format!("/guilds/{}/channels", guild["id"].as_str().unwrap());
    let topic = long(TOPIC_CHARS_MAX);
    let shelves = BACKLOG_BYTES_MAX * 3 / 2 / topic.len();
    assert!(shelves + 10 < CHANNELS_MAX);
    for nth in 0..shelves {
        let made = json!({"name": format!("shelf-{nth}"), "type": 0, "topic": topic});
        assert_eq!(ana.post(&path, made).await.status, 201);
    }
    let token = ana.token.as_deref().unwrap();
    let mut session = Gateway::connect(world.address(), "v=10&encoding=json").await;
    let d = json!({"token": token, "capabilities": 16381, "properties": {}});
    session.send(json!({"op": 2, "d": d})).await;
    while figure(&world, "readers_waiting").await == 0 {}
    let ready = session.dispatch("READY").await;
    assert!(ready.to_string().len() > BACKLOG_BYTES_MAX);
    let general = channel(&ana).await;
    ana.post(&format!("/channels/{general}/messages"), json!({"content": "welcome"})).await.ok();
    session.heard_until("welcome").await;
}
