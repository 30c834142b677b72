//! What holds of every call of the API.

use std::time::Duration;

use decentra_model::limits::{CALLS_BURST, ROUTE_CALLS, ROUTE_WINDOW};
use decentra_testkit::{Answer, Rest, World};
use serde_json::{Value, json};

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[tokio::test]
async fn answers_are_json_to_the_letter_and_open_to_pages_of_other_origins() {
    let world = World::new().await;
    let answer = Rest::nobody(world.address()).get("/openapi.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(header(&answer, "content-type"), Some("application/json"));
    assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"));
    assert_eq!(header(&answer, "via"), Some("1.1 decentra"));
    let preflight = Rest::nobody(world.address()).call("OPTIONS", "/users/@me", None).await;
    assert_eq!(preflight.status, 204);
    assert!(header(&preflight, "access-control-allow-headers").unwrap().contains("authorization"));
    assert!(header(&preflight, "access-control-allow-methods").unwrap().contains("patch"));
}

#[tokio::test]
async fn a_path_or_a_method_that_is_not_there_is_told_as_json() {
    let world = World::new().await;
    let nobody = Rest::nobody(world.address());
    let missing = nobody.get("/no/such/path").await;
    assert_eq!((missing.status, missing.body), (404, json!({"message": "404: Not Found", "code": 0})));
    let method = nobody.call("DELETE", "/openapi.json", None).await;
    assert_eq!((method.status, method.body), (405, json!({"message": "405: Method Not Allowed", "code": 0})));
}

#[tokio::test]
async fn the_same_api_stands_under_its_older_addresses() {
    let world = World::new().await;
    for path in ["/api/v10/openapi.json", "/api/v9/openapi.json", "/api/openapi.json"] {
        assert!(world.raw().await.get(path, "").await.starts_with("HTTP/1.1 200"), "{path}");
    }
}

#[tokio::test]
async fn without_a_token_that_is_known_nothing_is_answered() {
    let world = World::new().await;
    let nobody = Rest::nobody(world.address());
    let unauthorized = json!({"message": "401: Unauthorized", "code": 0});
    let none = nobody.get("/channels/1/messages").await;
    assert_eq!((none.status, none.body), (401, unauthorized.clone()));
    for token in ["made up", "Bot MTIz.a.b", "Bearer x", "Bot", ""] {
        let answer = nobody.with_token(token).get("/channels/1/messages").await;
        assert_eq!((answer.status, answer.body), (401, unauthorized.clone()), "{token:?}");
    }
}

#[tokio::test]
async fn the_headers_tell_how_many_calls_are_left_and_a_429_how_long_to_wait() {
    let world = World::new().await;
    let nobody = Rest::nobody(world.address());
    for left in (0..ROUTE_CALLS).rev() {
        let answer = nobody.get("/openapi.json").await;
        assert_eq!(header(&answer, "x-ratelimit-remaining"), Some(left.to_string().as_str()));
        assert_eq!(header(&answer, "x-ratelimit-limit"), Some(ROUTE_CALLS.to_string().as_str()));
    }
    let refused = nobody.get("/openapi.json").await;
    assert_eq!(refused.status, 429);
    assert_eq!(header(&refused, "retry-after"), Some("1"));
    assert_eq!(header(&refused, "x-ratelimit-scope"), Some("user"));
    assert_eq!((&refused.body["global"], &refused.body["retry_after"]), (&json!(false), &json!(1.0)));
    world.advance(ROUTE_WINDOW);
    assert_eq!(nobody.get("/openapi.json").await.status, 200);
}

#[tokio::test]
async fn all_routes_together_have_a_limit_too() {
    let world = World::new().await;
    let nobody = Rest::nobody(world.address());
    for nth in 0..CALLS_BURST {
        // Each has a bucket of its own.
        assert_eq!(nobody.get(&format!("/channels/{nth}/messages")).await.status, 401);
    }
    let refused = nobody.get("/channels/1/messages").await;
    assert_eq!((refused.status, &refused.body["global"]), (429, &json!(true)));
    assert_eq!(header(&refused, "x-ratelimit-global"), Some("true"));
    world.advance(Duration::from_secs(1));
    assert_eq!(nobody.get("/channels/1/messages").await.status, 401);
}

#[tokio::test]
async fn the_document_tells_of_itself_and_of_every_event() {
    let world = World::new().await;
    let document = Rest::nobody(world.address()).get("/openapi.json").await.ok();
    assert!(document["paths"]["/openapi.json"]["get"].is_object());
    assert!(document["x-gateway-events"].as_array().unwrap().contains(&json!("MESSAGE_CREATE")));
    assert_eq!(document["components"]["schemas"]["Error"]["required"], json!(["message", "code"]));
    assert_ne!(document["paths"], Value::Null);
}
