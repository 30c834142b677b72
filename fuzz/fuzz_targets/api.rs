//! Calls of the API, as they come over HTTP, one after the other, on a server as it is shipped.
//!
//! Each input meets the same server: two people and a bot in a guild, with a message.
#![no_main]

use std::cell::LazyCell;
use std::fs;
use std::path::Path;

use decentra_server::fuzzing::{Call, Called, Replied};
use decentra_server::settings::{OnOff, Registration};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Calls of one input, at most.
const CALLS_MAX: usize = 12;

thread_local! {
    static FOUNDED: LazyCell<Founded> = LazyCell::new(Founded::new);
}

// Calls with an empty line between them: who calls, the method and the path in the first line, the body in the others.
// In all of it, `$g` and the like stand for ids.
fuzz_target!(|input: &str| {
    FOUNDED.with(|founded| {
        let data = founded.copy();
        let mut site = Site { called: called(data.path()), words: founded.words.clone() };
        for call in input.split("\n\n").take(CALLS_MAX) {
            site.take(call);
        }
        let before = site.shown();
        site.called.stop();
        // One in sixteen is started again: what is shown then is what was shown before.
        if input.len() % 16 == 0 {
            let mut again = Site { called: called(data.path()), words: site.words };
            assert_eq!(again.shown(), before, "after a restart");
            again.called.stop();
        }
    });
});

fn called(folder: &Path) -> Called {
    Called::start(folder, |settings| {
        settings.registration = Registration::Open;
        settings.rate_limits = OnOff::Off;
    })
}

/// A server, and what the placeholders stand for.
struct Site {
    called: Called,
    words: Vec<(&'static str, String)>,
}

impl Site {
    fn take(&mut self, call: &str) {
        let call = self.words.iter().fold(call.to_owned(), |call, (name, word)| call.replace(name, word));
        let (head, body) = call.split_once('\n').unwrap_or((&call, ""));
        let mut head = head.split(' ');
        let (Some(who), Some(method), Some(path)) = (head.next(), head.next(), head.next()) else { return };
        let kind = match body.as_bytes() {
            [b'-', ..] => "multipart/form-data; boundary=x",
            [b'p', ..] => "application/x-www-form-urlencoded",
            _ => "application/json",
        };
        let token = self.token(who);
        let mut headers = vec![("content-type", kind), ("authorization", token.as_str())];
        headers.extend(head.next().map(|reason| ("x-audit-log-reason", reason)));
        let path = format!("/api/v10{path}");
        let call = Call { method, path: &path, headers: &headers, body: body.as_bytes() };
        let Some(replied) = self.called.call(&call) else { return };
        look(&call, &replied);
        self.note(&replied);
    }

    /// The token of the first letter's.
    fn token(&self, who: &str) -> String {
        let token = self.words.iter().find(|(name, _)| name.strip_prefix("token-") == Some(who));
        token.map(|(_, token)| token.clone()).unwrap_or_default()
    }

    /// From now on, `$l` is what was made last.
    fn note(&mut self, replied: &Replied) {
        let Ok(body) = serde_json::from_slice::<Value>(&replied.body) else { return };
        let Some(made) = body.get("id").or_else(|| body.get("code")).and_then(Value::as_str) else { return };
        self.words.retain(|(name, _)| *name != "$l");
        self.words.push(("$l", made.to_owned()));
    }

    /// What the owner is shown of the guild.
    fn shown(&mut self) -> Vec<(u16, Value)> {
        let (guild, channel, token) = (self.word("$g"), self.word("$c"), self.word("token-a"));
        let paths = [
            "/users/@me".to_owned(),
            format!("/guilds/{guild}"),
            format!("/guilds/{guild}/channels"),
            format!("/guilds/{guild}/roles"),
            format!("/guilds/{guild}/members?limit=100"),
            format!("/guilds/{guild}/bans"),
            format!("/guilds/{guild}/audit-logs"),
            format!("/channels/{channel}/messages?limit=100"),
            format!("/channels/{channel}/messages/pins"),
        ];
        let headers = [("authorization", token.as_str())];
        let show = |path: &String| {
            let path = format!("/api/v10{path}");
            let call = Call { method: "GET", path: &path, headers: &headers, body: b"" };
            let replied = self.called.call(&call).expect("that is HTTP");
            (replied.status, serde_json::from_slice(&replied.body).unwrap_or_default())
        };
        paths.iter().map(show).collect()
    }

    fn word(&self, name: &str) -> String {
        self.words.iter().find(|(known, _)| *known == name).map(|(_, word)| word.clone()).unwrap_or_default()
    }
}

fn look(call: &Call<'_>, replied: &Replied) {
    let Replied { status, kind, body } = replied;
    let is_told = || format!("{call:?}: {status} {}", String::from_utf8_lossy(body));
    assert!((200..500).contains(status), "{}", is_told());
    assert_eq!(body.is_empty(), *status == 204 || kind.is_none(), "{}", is_told());
    if kind.as_deref() == Some("application/json") {
        let body: Value = serde_json::from_slice(body).expect("JSON is JSON");
        if *status >= 400 {
            assert!(body["message"].is_string() && body["code"].is_u64(), "{}", is_told());
        }
    }
}

/// What every input begins with, made once.
struct Founded {
    data: TempDir,
    words: Vec<(&'static str, String)>,
}

impl Founded {
    fn new() -> Self {
        let data = room();
        let mut site = Site { called: called(data.path()), words: Vec::new() };
        for (token, name) in [("token-a", "ana"), ("token-b", "ben")] {
            let body = json!({"username": name, "password": format!("the password of {name}")});
            let account = site.ask("", "POST", "/auth/register", &body);
            site.words.push((token, text(&account["token"])));
            site.words.push((if name == "ana" { "$a" } else { "$b" }, text(&account["user_id"])));
        }
        let guild = site.ask("a", "POST", "/guilds", &json!({"name": "Home"}));
        site.words.push(("$g", text(&guild["id"])));
        let channels = site.ask("a", "GET", &format!("/guilds/{}/channels", site.word("$g")), &Value::Null);
        let channel = channels.as_array().into_iter().flatten().find(|channel| channel["type"] == 0);
        site.words.push(("$c", text(&channel.expect("a guild has a text channel")["id"])));
        let channel = format!("/channels/{}", site.word("$c"));
        let invite = site.ask("a", "POST", &format!("{channel}/invites"), &json!({}));
        site.words.push(("$i", text(&invite["code"])));
        site.ask("b", "POST", &format!("/invites/{}", site.word("$i")), &json!({}));
        let application = site.ask("a", "POST", "/applications", &json!({"name": "Bot"}));
        site.words.push(("$p", text(&application["id"])));
        let bot = site.ask("a", "POST", &format!("/applications/{}/bot", site.word("$p")), &json!({}));
        site.words.push(("token-t", format!("Bot {}", text(&bot["token"]))));
        let grant = json!({"guild_id": site.word("$g"), "permissions": "8", "authorize": true});
        let path = format!("/oauth2/authorize?client_id={}&scope=bot", site.word("$p"));
        site.ask("a", "POST", &path, &grant);
        let role = site.ask("a", "POST", &format!("/guilds/{}/roles", site.word("$g")), &json!({}));
        site.words.push(("$r", text(&role["id"])));
        let message = site.ask("a", "POST", &format!("{channel}/messages"), &json!({"content": "hi"}));
        site.words.push(("$m", text(&message["id"])));
        site.called.stop();
        Self { data, words: site.words }
    }

    /// A copy of the data.
    fn copy(&self) -> TempDir {
        let copy = room();
        for file in fs::read_dir(self.data.path()).expect("it is there").flatten() {
            fs::copy(file.path(), copy.path().join(file.file_name())).expect("there is room");
        }
        copy
    }
}

impl Site {
    /// Calls, and takes nothing but a good answer.
    fn ask(&mut self, who: &str, method: &str, path: &str, body: &Value) -> Value {
        let token = self.token(who);
        let headers = [("content-type", "application/json"), ("authorization", token.as_str())];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let path = format!("/api/v10{path}");
        let call = Call { method, path: &path, headers: &headers, body: body.as_bytes() };
        let replied = self.called.call(&call).expect("that is HTTP");
        assert!(
            replied.status < 300,
            "{path}: {} {}",
            replied.status,
            String::from_utf8_lossy(&replied.body)
        );
        serde_json::from_slice(&replied.body).unwrap_or_default()
    }
}

/// A folder of its own: in memory, where the system has such a place, so that a sync costs nothing.
fn room() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    made.expect("there is room")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
