//! Every operation that the API tells of in its own description, with all that it cannot take.

#![expect(clippy::unwrap_used, reason = "a test")]

use decentra_testkit::{Answer, Rest, World};
use serde_json::{Map, Value, json};

/// An operation, as the document tells of it.
struct Operation {
    method: String,
    path: String,
    /// The fields of its query, and whether they must be there.
    query: Vec<(String, Value, bool)>,
    /// What its body is to be.
    body: Option<Value>,
    is_open: bool,
}

impl Operation {
    /// All there are.
    async fn all(world: &World) -> Vec<Self> {
        let document = Rest::nobody(world.address()).get("/openapi.json").await.ok();
        let paths = document["paths"].as_object().unwrap().iter();
        let operations: Vec<_> = paths
            .flat_map(|(path, methods)| {
                methods.as_object().unwrap().iter().map(|(method, of)| Self::new(method, path, of))
            })
            .collect();
        assert!(operations.len() > 100, "the document tells of {} operations", operations.len());
        operations
    }

    fn new(method: &str, path: &str, described: &Value) -> Self {
        let parameters = described["parameters"].as_array().unwrap().iter();
        let asked = parameters.filter(|parameter| parameter["in"] == "query");
        let query = asked.map(|of| (text(&of["name"]), of["schema"].clone(), of["required"] == true));
        Self {
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            query: query.collect(),
            body: described.pointer("/requestBody/content/application~1json/schema").cloned(),
            is_open: described.get("security").is_none(),
        }
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The ids in its path.
    fn ids(&self) -> Vec<&str> {
        self.path.split(['{', '}']).skip(1).step_by(2).filter(|name| name.ends_with("_id")).collect()
    }

    /// Its address, with what its query must hold.
    fn address(&self, things: &Things) -> String {
        let must = self.query.iter().filter(|(_, _, is_required)| *is_required);
        let query: Vec<_> = must.map(|(key, schema, _)| format!("{key}={}", text(&sample(schema)))).collect();
        let sign = if self.path.contains('?') { '&' } else { '?' };
        format!("{}{sign}{}", things.path(&self.path), query.join("&"))
    }

    /// The least that it takes as its body.
    fn sample(&self) -> Option<Value> {
        match self.path.rsplit('/').next() {
            // Here, too few would be told first.
            Some("bulk-delete") => Some(json!({"messages": ["1", "2"]})),
            Some("bulk-ban") => Some(json!({"user_ids": ["1"]})),
            _ => self.body.as_ref().map(sample),
        }
    }

    /// Calls it with as little as it takes.
    async fn call(&self, who: &Rest, things: &Things) -> Answer {
        who.call(&self.method, &self.address(things), self.sample()).await
    }

    /// Sends it these bytes as its body.
    async fn send(&self, who: &Rest, things: &Things, kind: &str, body: &[u8]) -> Answer {
        let kind = if kind.is_empty() { String::new() } else { format!("content-type: {kind}\r\n") };
        who.send(&self.method, &self.address(things), &kind, body).await
    }

    async fn send_json(&self, who: &Rest, things: &Things, body: &Value) -> Answer {
        self.send(who, things, "application/json", body.to_string().as_bytes()).await
    }
}

/// What stands in paths.
#[derive(Clone)]
struct Things(Vec<(&'static str, String)>);

impl Things {
    fn path(&self, path: &str) -> String {
        self.0.iter().fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
    }

    fn with(&self, name: &str, value: &str) -> Self {
        let all = self.0.iter();
        Self(
            all.map(|(key, old)| (*key, if *key == name { value.to_owned() } else { old.clone() })).collect(),
        )
    }

    /// Ids that nothing has, in the shape of those that something has.
    fn missing() -> Self {
        let names = ["channel_id", "guild_id", "message_id", "user_id", "role_id", "overwrite_id"];
        let ids =
            names.into_iter().chain(["application_id"]).map(|name| (name, "1467127273881600999".to_owned()));
        Self(ids.chain([("emoji_name", "%F0%9F%8C%B1".to_owned()), ("code", "made-up".to_owned())]).collect())
    }
}

/// A home that Root owns and Ben is in, and what Ana has, who shares no guild with Ben.
struct Place {
    world: World,
    root: Rest,
    ana: Rest,
    ben: Rest,
    anas: Things,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

impl Place {
    async fn new() -> Self {
        let world = World::open().await;
        let root = Rest::register(world.address(), "root").await;
        let ana = Rest::register(world.address(), "ana").await;
        let ben = Rest::register(world.address(), "ben").await;
        let home = text(&ana.get("/users/@me/guilds").await.ok()[0]["id"]);
        ana.delete(&format!("/users/@me/guilds/{home}")).await.ok();
        let guild = text(&ana.post("/guilds", json!({"name": "Garden"})).await.ok()["id"]);
        let role = ana.post(&format!("/guilds/{guild}/roles"), json!({"name": "gardener"})).await.ok();
        let app = ana.post("/applications", json!({"name": "robot"})).await.ok();
        let bot = format!("/applications/{}/bot", text(&app["id"]));
        ana.post(&bot, json!({})).await.ok();
        let mut anas = Things::missing();
        for (name, id) in [("guild_id", &guild), ("role_id", &text(&role["id"])), ("user_id", &ana.user_id)] {
            anas = anas.with(name, id);
        }
        anas = anas.with("overwrite_id", &guild).with("application_id", &text(&app["id"]));
        let anas = with_channel(&ana, &guild, anas).await;
        Self { world, root, ana, ben, anas }
    }

    /// A channel of the home that is hidden from all but its owner.
    async fn hidden(&self) -> Things {
        let home = text(&self.root.get("/users/@me/guilds").await.ok()[0]["id"]);
        let things = with_channel(&self.root, &home, self.anas.clone()).await.with("guild_id", &home);
        let hide = things.path(&format!("/channels/{{channel_id}}/permissions/{home}"));
        self.root.put(&hide, json!({"type": 0, "deny": (1 << 10).to_string()})).await.ok();
        things.with("overwrite_id", &home)
    }

    /// All that Ana has.
    async fn state(&self) -> Vec<Value> {
        let mut state = Vec::new();
        for path in [
            "/users/@me",
            "/guilds/{guild_id}",
            "/guilds/{guild_id}/channels",
            "/guilds/{guild_id}/roles",
            "/guilds/{guild_id}/members?limit=1000",
            "/guilds/{guild_id}/bans",
            "/guilds/{guild_id}/invites",
            "/channels/{channel_id}/messages",
            "/channels/{channel_id}/messages/pins",
            "/applications",
        ] {
            state.push(self.ana.get(&self.anas.path(path)).await.ok());
        }
        state
    }
}

/// `things`, and with them a channel of the guild in which `who` has said something.
async fn with_channel(who: &Rest, guild: &str, things: Things) -> Things {
    let channels = format!("/guilds/{guild}/channels");
    let channel = text(&who.post(&channels, json!({"name": "secret"})).await.ok()["id"]);
    let messages = format!("/channels/{channel}/messages");
    let message = text(&who.post(&messages, json!({"content": "a secret"})).await.ok()["id"]);
    who.put(&format!("{messages}/{message}/reactions/%F0%9F%8C%B1/@me"), Value::Null).await.ok();
    who.put(&format!("{messages}/pins/{message}"), Value::Null).await.ok();
    things.with("channel_id", &channel).with("message_id", &message)
}

/// What a schema is of, when it need not be there.
fn inner(schema: &Value) -> &Value {
    schema.get("anyOf").map_or(schema, |any| &any[0])
}

/// The least that `schema` takes.
fn sample(schema: &Value) -> Value {
    let schema = inner(schema);
    match schema["type"].as_str() {
        Some("object") => required(schema).into(),
        Some("array") => json!([]),
        Some("integer") => schema["minimum"].clone(),
        Some("boolean") => json!(true),
        Some("string") if schema.get("pattern").is_some() => json!("1"),
        Some("string") if schema.get("format").is_some() => json!("2026-02-01T00:00:00+00:00"),
        Some("string") => json!("x".repeat(length(schema, "minLength").max(1))),
        _ => Value::Null,
    }
}

fn length(schema: &Value, key: &str) -> usize {
    usize::try_from(schema[key].as_u64().unwrap()).unwrap()
}

/// What an object of this schema must hold.
fn required(schema: &Value) -> Map<String, Value> {
    let keys = schema["required"].as_array().unwrap().iter().map(text);
    keys.map(|key| (key.clone(), sample(&schema["properties"][&key]))).collect()
}

/// What `schema` does not take, and where in it that stands.
fn wrong(schema: &Value) -> Vec<(Vec<String>, Value)> {
    let schema = inner(schema);
    let plain = |values: Vec<Value>| values.into_iter().map(|value| (Vec::new(), value)).collect();
    match schema["type"].as_str() {
        Some("boolean") => plain(vec![json!("yes"), json!(7), json!({}), json!([])]),
        Some("integer") => {
            let beyond = [schema["minimum"].as_i64().unwrap() - 1, schema["maximum"].as_i64().unwrap() + 1];
            let others = [json!("word"), json!({}), json!([]), json!(true), json!(1.5), json!(1e300)];
            plain(others.into_iter().chain(beyond.map(Value::from)).collect())
        }
        Some("string") => plain(wrong_texts(schema)),
        Some("array") => {
            let too_many = vec![sample(&schema["items"]); length(schema, "maxItems") + 1];
            let mut all: Vec<_> = plain(vec![json!({}), json!("x"), json!(7), json!(true), json!(too_many)]);
            all.extend(
                wrong(&schema["items"]).into_iter().map(|(path, value)| (under("0", path), json!([value]))),
            );
            all
        }
        Some("object") => {
            let mut all: Vec<_> = plain(vec![json!([]), json!("x"), json!(7), json!(true)]);
            for (key, of) in schema["properties"].as_object().unwrap() {
                all.extend(wrong(of).into_iter().map(|(path, value)| {
                    let mut object = required(schema);
                    object.insert(key.clone(), value);
                    (under(key, path), object.into())
                }));
            }
            all
        }
        _ => Vec::new(),
    }
}

fn wrong_texts(schema: &Value) -> Vec<Value> {
    let mut values = vec![json!({}), json!([]), json!(true), json!(1.5)];
    if schema.get("pattern").is_some() {
        values.extend([json!("word"), json!("-1"), json!(-1), json!(""), json!("9".repeat(23))]);
    } else if schema.get("format").is_some() {
        values.extend([json!("soon"), json!(""), json!("2026-02-30T00:00:00+00:00"), json!(7)]);
    } else {
        values.extend([
            json!(7),
            json!("x".repeat(length(schema, "maxLength") + 1)),
            json!("x\u{0}".repeat(4)),
        ]);
        let least = length(schema, "minLength");
        values.extend((least > 0).then(|| json!("x".repeat(least - 1))));
    }
    values
}

fn under(key: &str, mut path: Vec<String>) -> Vec<String> {
    path.insert(0, key.to_owned());
    path
}

/// Fails with all that went wrong.
#[track_caller]
fn nothing_in(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} times:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn without_a_token_that_is_good_only_what_is_open_to_all_answers() {
    let place = Place::new().await;
    let revoked = Rest::register(place.world.address(), "cleo").await;
    revoked.post("/auth/logout", json!({})).await.ok();
    let nobody = Rest::nobody(place.world.address());
    let liars = [nobody.with_token("made.up.token"), nobody.with_token("Bot x"), nobody.clone(), revoked];
    let mut open = Vec::new();
    for operation in Operation::all(&place.world).await {
        if operation.is_open {
            open.push(operation.name());
            continue;
        }
        for liar in &liars {
            let answer = operation.call(liar, &place.anas).await;
            let expected = (401, json!({"message": "401: Unauthorized", "code": 0}));
            assert_eq!((answer.status, answer.body), expected, "{}: {:?}", operation.name(), liar.token);
        }
    }
    open.sort();
    let expected = [
        "GET /gateway",
        "GET /instance",
        "GET /invites/{code}",
        "GET /openapi.json",
        "GET /sticker-packs",
        "POST /auth/login",
        "POST /auth/register",
    ];
    assert_eq!(open, expected);
}

/// What all may do with an account whose id they know.
const OF_ALL: [&str; 3] =
    ["GET /users/{user_id}", "PUT /users/@me/relationships/{user_id}", "PUT /users/@me/notes/{user_id}"];

#[tokio::test]
async fn what_one_may_not_see_is_told_as_if_it_did_not_exist() {
    let place = Place::new().await;
    let hidden = place.hidden().await;
    let before = place.state().await;
    let mut wrong = Vec::new();
    for operation in Operation::all(&place.world).await {
        let ids = operation.ids();
        if ids.is_empty() || OF_ALL.contains(&operation.name().as_str()) {
            continue;
        }
        let missing = operation.call(&place.ben, &Things::missing()).await;
        if missing.status != 404 {
            wrong.push(format!("{} of nothing: {} {}", operation.name(), missing.status, missing.body));
        }
        let mut cases = vec![("a stranger's", &place.anas)];
        if ids.contains(&"channel_id") {
            cases.push(("a hidden", &hidden));
        }
        for (whose, things) in cases {
            let seen = operation.call(&place.ben, things).await;
            if (seen.status, &seen.body) != (missing.status, &missing.body) {
                wrong.push(format!("{} of {whose} one: {} {}", operation.name(), seen.status, seen.body));
            }
        }
    }
    assert_eq!(place.state().await, before, "something was changed: {wrong:#?}");
    nothing_in(&wrong);
}

#[tokio::test]
async fn an_id_that_nothing_has_is_told_as_unknown() {
    let place = Place::new().await;
    let before = place.state().await;
    let mut wrong = Vec::new();
    for operation in Operation::all(&place.world).await {
        for id in operation.ids() {
            let (_, missing) = Things::missing().0.into_iter().find(|(name, _)| *name == id).unwrap();
            let answer = operation.call(&place.ana, &place.anas.with(id, &missing)).await;
            let is_unknown = match answer.refusal() {
                (404, code) => (10_002..=10_026).contains(&code),
                // An application is not in that guild.
                (403, 50001) => operation.path.starts_with("/applications"),
                // One has read up to where a message is, or was.
                (200, _) => operation.path.ends_with("/ack"),
                // Whoever it was, their emoji is not there any more.
                (204, _) => operation.path.ends_with("/{emoji_name}/{user_id}"),
                _ => false,
            };
            if !is_unknown {
                wrong.push(format!("{} without {id}: {} {}", operation.name(), answer.status, answer.body));
            }
        }
    }
    assert_eq!(place.state().await, before, "something was changed: {wrong:#?}");
    nothing_in(&wrong);
}

#[tokio::test]
async fn an_id_that_is_none_is_refused() {
    let place = Place::new().await;
    let before = place.state().await;
    let mut wrong = Vec::new();
    for operation in Operation::all(&place.world).await {
        for id in operation.ids() {
            for value in [
                "99999999999999999999999",
                "9223372036854775808",
                "word",
                "-1",
                "+1",
                "1.5",
                "0x1",
                "%00",
                "%EF%BC%91",
                "%20",
                "1%2F2",
                "@all",
            ] {
                let answer = operation.call(&place.ana, &place.anas.with(id, value)).await;
                if answer.refusal() != (400, 50035) {
                    wrong.push(format!(
                        "{} with {id} {value}: {} {}",
                        operation.name(),
                        answer.status,
                        answer.body
                    ));
                }
            }
        }
    }
    assert_eq!(place.state().await, before, "something was changed: {wrong:#?}");
    nothing_in(&wrong);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused() {
    let place = Place::new().await;
    let before = place.state().await;
    let deep = "[".repeat(100_000);
    let cases: [(&str, &[u8], (u16, u64)); 13] = [
        ("application/json", b"{", (400, 50109)),
        ("application/json", b"not json", (400, 50109)),
        ("application/json", b"{}{}", (400, 50109)),
        ("application/json", b"{'name': 'x'}", (400, 50109)),
        ("application/json", b"{\"name\": \"\xff\"}", (400, 50109)),
        ("application/json", b"{\"name\": \"\\ud800\"}", (400, 50109)),
        ("application/json; charset=utf-8", b" ", (400, 50109)),
        ("application/json", deep.as_bytes(), (400, 50109)),
        ("text/plain", b"{}", (415, 50035)),
        ("application/xml", b"<name/>", (415, 50035)),
        ("", b"{}", (415, 50035)),
        ("application/x-www-form-urlencoded", b"name=x", (415, 50035)),
        ("multipart/form-data", b"{}", (400, 50109)),
    ];
    let mut wrong = Vec::new();
    for operation in Operation::all(&place.world).await.iter().filter(|operation| operation.body.is_some()) {
        for (kind, body, expected) in cases {
            let answer = operation.send(&place.ana, &place.anas, kind, body).await;
            if answer.refusal() != expected {
                let body = String::from_utf8_lossy(&body[..body.len().min(20)]);
                wrong.push(format!(
                    "{} with {kind} {body}: {} {}",
                    operation.name(),
                    answer.status,
                    answer.body
                ));
            }
        }
    }
    assert_eq!(place.state().await, before, "something was changed: {wrong:#?}");
    nothing_in(&wrong);
}

#[tokio::test]
async fn a_body_of_13_mib_is_refused() {
    let place = Place::new().await;
    let body = vec![b' '; 13 * 1024 * 1024];
    for operation in Operation::all(&place.world).await.iter().filter(|operation| operation.body.is_some()) {
        let head = format!(
            "{} /api/v10{} HTTP/1.1\r\nhost: test\r\nconnection: close\r\nauthorization: {}\r\n\
            content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            operation.method,
            operation.address(&place.anas),
            place.ana.token.as_deref().unwrap(),
            body.len(),
        );
        let mut raw = place.world.raw().await;
        raw.send(head.as_bytes()).await.unwrap();
        // The answer may come, and the connection end, before all is sent.
        let _ = raw.send(&body).await;
        let answer = String::from_utf8(raw.read_to_end().await).unwrap();
        assert!(answer.starts_with("HTTP/1.1 413"), "{}: {answer:?}", operation.name());
        assert!(answer.ends_with(r#"{"code":40005,"message":"Request entity too large"}"#), "{answer}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for_for_ever() {
    let place = Place::new().await;
    let mut raw = place.world.raw().await;
    let head = "POST /api/v10/auth/login HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\
        content-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    raw.send(head.as_bytes()).await.unwrap();
    let answer = place.world.advance_until("an answer", raw.read_to_end()).await;
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("50109"), "{answer:?}");
}

#[tokio::test]
async fn a_field_that_is_wrong_is_refused_and_named() {
    let place = Place::new().await;
    let before = place.state().await;
    let (mut calls, mut bad) = (0, Vec::new());
    for operation in Operation::all(&place.world).await {
        let Some(schema) = &operation.body else { continue };
        for (path, body) in wrong(schema) {
            let answer = operation.send_json(&place.ana, &place.anas, &body).await;
            let told = path.iter().fold(&answer.body["errors"], |errors, key| &errors[key]);
            calls += 1;
            if answer.refusal() != (400, 50035) || !told["_errors"].is_array() {
                let body: String = body.to_string().chars().take(80).collect();
                bad.push(format!(
                    "{} {}: {body}: {} {}",
                    operation.name(),
                    path.join("."),
                    answer.status,
                    answer.body
                ));
            }
        }
    }
    assert_eq!(place.state().await, before, "something was changed: {bad:#?}");
    assert!(calls > 1_000, "{calls} bodies were tried");
    nothing_in(&bad);
}

/// A value as it stands in a query, if it can.
fn in_query(value: &Value) -> Option<String> {
    let text =
        value.as_str().map(|text| text.replace('\0', "%00")).or(value.as_i64().map(|of| of.to_string()));
    text.filter(|text| !text.is_empty() && text != "7")
}

#[tokio::test]
async fn a_query_that_is_wrong_is_refused_and_named() {
    let place = Place::new().await;
    let (mut calls, mut bad) = (0, Vec::new());
    for operation in Operation::all(&place.world).await {
        for (key, schema, _) in &operation.query {
            let schema = inner(schema);
            // A list is a key that stands there more than once; one that is wrong is the first of it.
            let (of, at) = match schema["type"].as_str() {
                Some("array") => (&schema["items"], format!("/errors/{key}/0/_errors")),
                _ => (schema, format!("/errors/{key}/_errors")),
            };
            for value in wrong(of).iter().filter_map(|(_, value)| in_query(value)) {
                let path = format!("{}&{key}={value}", operation.address(&place.anas));
                let answer = place.ana.call(&operation.method, &path, operation.sample()).await;
                calls += 1;
                if answer.refusal() != (400, 50035) || !answer.body.pointer(&at).is_some_and(Value::is_array)
                {
                    let value: String = value.chars().take(80).collect();
                    bad.push(format!(
                        "{} {key}={value}: {} {}",
                        operation.name(),
                        answer.status,
                        answer.body
                    ));
                }
            }
        }
    }
    nothing_in(&bad);
    assert!(calls > 100, "{calls} queries were tried");
}

/// The fields without which a call is refused.
fn missing_in(answer: &Answer) -> Vec<String> {
    let errors = answer.body["errors"].as_object().into_iter().flatten();
    let missing = errors.filter(|(_, error)| error["_errors"][0]["code"] == "BASE_TYPE_REQUIRED");
    missing.map(|(key, _)| key.clone()).collect()
}

#[tokio::test]
async fn the_document_names_every_field_that_must_be_there() {
    let place = Place::new().await;
    let mut bad = Vec::new();
    for operation in Operation::all(&place.world).await {
        let (mut missing, mut told) = (Vec::new(), Vec::new());
        if !operation.query.is_empty() {
            let bare = place.anas.path(&operation.path);
            missing = missing_in(&place.root.call(&operation.method, &bare, operation.sample()).await);
            let query = operation.query.iter().filter(|(_, _, is_required)| *is_required);
            told.extend(query.map(|(key, ..)| key.clone()));
        }
        if let Some(schema) = operation.body.as_ref().filter(|schema| schema["type"] == "object") {
            missing.extend(missing_in(&operation.send_json(&place.root, &place.anas, &json!({})).await));
            told.extend(required(schema).into_iter().map(|(key, _)| key));
        }
        told.sort();
        missing.sort();
        if missing != told {
            bad.push(format!("{}: {missing:?} must be there, {told:?} is told", operation.name()));
        }
    }
    nothing_in(&bad);
}
