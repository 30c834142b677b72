//! Reading what was written before.

use decentra_testkit::Rest;
use serde_json::{Value, json};

use crate::permission::{HISTORY, VIEW};
use crate::place::{Place, each};

async fn page(place: &Place, who: &Rest, query: &str) -> Value {
    who.get(&place.at(&format!("/messages{query}"))).await.ok()
}

#[tokio::test]
async fn a_page_is_told_from_the_newest_to_the_oldest() {
    let place = Place::new().await;
    let mut ids = Vec::new();
    for nth in 0..10 {
        ids.push(place.say(&place.ana, &nth.to_string()).await);
    }
    let five = &ids[5];
    for (query, expected) in [
        (String::new(), "9876543210"),
        ("?limit=3".into(), "987"),
        (format!("?before={five}"), "43210"),
        (format!("?before={five}&limit=2"), "43"),
        (format!("?after={five}"), "9876"),
        (format!("?after={five}&limit=2"), "76"),
        (format!("?around={five}&limit=1"), "5"),
        (format!("?around={five}&limit=3"), "654"),
        (format!("?around={five}&limit=5"), "76543"),
        (format!("?around={five}"), "9876543210"),
        (format!("?before={}", ids[0]), ""),
        (format!("?after={}", ids[9]), ""),
        ("?after=0&limit=2".into(), "10"),
        ("?before=9223372036854775807&limit=2".into(), "98"),
    ] {
        assert_eq!(each(&page(&place, &place.ben, &query).await, "content").concat(), expected, "{query}");
    }
}

#[tokio::test]
async fn a_page_has_50_messages_unless_it_is_asked_for_1_to_100() {
    let place = Place::new().await;
    for nth in 0..101 {
        place.say(&place.ana, &nth.to_string()).await;
    }
    for (query, count) in [("", 50), ("?limit=1", 1), ("?limit=100", 100)] {
        assert_eq!(page(&place, &place.ben, query).await.as_array().unwrap().len(), count, "{query}");
    }
    for query in ["?limit=0", "?limit=101", "?limit=x", "?limit=-1", "?before=x", "?around="] {
        let refused = place.ben.get(&place.at(&format!("/messages{query}"))).await;
        assert_eq!(refused.refusal(), (400, 50_035), "{query}");
    }
}

#[tokio::test]
async fn who_may_not_read_what_was_written_gets_none_of_it() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "before").await;
    assert_eq!(page(&place, &place.ben, "").await[0]["content"], "before");
    place.deny(HISTORY).await;
    assert_eq!(page(&place, &place.ben, "").await, json!([]));
    assert_eq!(page(&place, &place.ana, "").await[0]["content"], "before");
    let one = place.at(&format!("/messages/{message}"));
    assert_eq!(place.ben.get(&one).await.refusal(), (403, 50_013));
    place.deny(VIEW).await;
    let stranger = Rest::register(place.world.address(), "cleo").await;
    for who in [&place.ben, &stranger] {
        assert_eq!(who.get(&one).await.refusal(), (404, 10_003));
        assert_eq!(who.get(&place.at("/messages")).await.refusal(), (404, 10_003));
    }
}

#[tokio::test]
async fn a_message_is_found_only_in_its_channel() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "here").await;
    let channels = place.ana.get(&format!("/guilds/{}/channels", place.guild)).await.ok();
    for channel in each(&channels, "id").into_iter().filter(|id| *id != place.channel) {
        let elsewhere = place.ana.get(&format!("/channels/{channel}/messages/{message}")).await;
        assert_eq!(elsewhere.refusal(), (404, 10_008));
    }
    assert_eq!(place.ana.get(&place.at("/messages/5")).await.refusal(), (404, 10_008));
    assert_eq!(place.ana.get(&place.at("/messages/x")).await.refusal(), (400, 50_035));
}

#[tokio::test]
async fn a_page_that_is_read_again_tells_what_has_changed() {
    let place = Place::new().await;
    let (first, second) = (place.say(&place.ana, "1").await, place.say(&place.ben, "2").await);
    let first_of = |path: &str| place.at(&format!("/messages/{first}{path}"));
    assert_eq!(each(&page(&place, &place.ben, "").await, "content"), ["2", "1"]);
    place.ana.patch(&first_of(""), json!({"content": "one"})).await.ok();
    assert_eq!(each(&page(&place, &place.ben, "").await, "content"), ["2", "one"]);
    place.ana.put(&first_of("/reactions/%F0%9F%91%8D/@me"), Value::Null).await.ok();
    for (who, me) in [(&place.ana, true), (&place.ben, false), (&place.ana, true)] {
        let reactions = page(&place, who, "").await[1]["reactions"].take();
        assert_eq!((&reactions[0]["count"], &reactions[0]["me"]), (&json!(1), &json!(me)));
    }
    place.ana.delete(&first_of("/reactions")).await.ok();
    assert!(page(&place, &place.ben, "").await[1].get("reactions").is_none());
    place.ana.patch("/users/@me", json!({"global_name": "Ana of the garden"})).await.ok();
    assert_eq!(page(&place, &place.ben, "").await[1]["author"]["global_name"], "Ana of the garden");
    place.ana.delete(&place.at(&format!("/messages/{second}"))).await.ok();
    assert_eq!(each(&page(&place, &place.ben, "").await, "content"), ["one"]);
    place.ana.put(&place.at(&format!("/messages/pins/{first}")), Value::Null).await.ok();
    let pages = page(&place, &place.ben, "").await;
    assert_eq!((&pages[0]["type"], &pages[1]["pinned"]), (&json!(6), &json!(true)));
}
