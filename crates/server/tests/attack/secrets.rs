//! What must not be written where others read it.

use std::fs::{self, File};

use decentra_testkit::process::Process;
use decentra_testkit::{Client, Garden, Gateway, Rest, soon};
use serde_json::json;
use tempfile::TempDir;

use crate::{binary, text};

#[tokio::test]
async fn a_log_that_tells_all_tells_no_token_no_password_no_name_and_no_word() {
    let data = TempDir::new().unwrap();
    let path = data.path().join("log");
    let log = File::create(&path).unwrap();
    let mut command = binary();
    let metrics_token = "the-token-of-the-figures";
    command.env("RUST_LOG", "trace").env("DECENTRA_METRICS_TOKEN", metrics_token);
    let server = Process::start_with_log(command.args(["--registration", "open"]), data.path(), log);
    let ana = Rest::register(server.address, "xenia-the-first").await;
    let channel = Garden::of(&ana).await.channel;
    let words = "words-that-nobody-else-may-read";
    ana.post(&format!("/channels/{channel}/messages"), json!({"content": words})).await.ok();
    let login = json!({"login": "xenia-the-first", "password": "a-wrong-password-of-xenia"});
    assert_eq!(ana.post("/auth/login", login).await.status, 400);
    let app = text(&ana.post("/applications", json!({"name": "robot"})).await.ok()["id"]);
    let bot = text(&ana.post(&format!("/applications/{app}/bot"), json!({})).await.ok()["token"]);
    Gateway::identify(server.address, &bot).await;
    let session = Gateway::identify(server.address, ana.token.as_deref().unwrap()).await;
    let session_id = text(&session.ready["session_id"]);
    let mut guest = Client::connect(server.address).await;
    guest.join("Yolanda").await;
    guest.say("words-of-a-guest").await;
    guest.hears().await;
    // Things that are wrong are told of more than others.
    guest.send(json!({"type": "message", "content": 7, "nonce": "words-of-a-guest"})).await;
    guest.is_refused().await;
    let broken = format!("{{\"content\": \"{words}\"");
    let json = "content-type: application/json\r\n";
    let refused = ana.send("POST", &format!("/channels/{channel}/messages"), json, broken.as_bytes()).await;
    assert_eq!(refused.status, 400);
    let ended = tokio::task::spawn_blocking(move || server.end_by("TERM"));
    assert!(soon("the end", ended).await.unwrap().success());
    let log = fs::read_to_string(&path).unwrap();
    assert!(log.contains("TRACE") && log.contains("stopped"), "{log}");
    let password = "the password of xenia-the-first";
    let secrets = [ana.token.as_deref().unwrap(), &bot, &session_id, metrics_token, password];
    let words = ["a-wrong-password-of-xenia", words, "words-of-a-guest", "xenia", "Yolanda"];
    for secret in secrets.into_iter().chain(words) {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}
