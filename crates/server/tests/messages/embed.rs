//! Embeds, and how much they hold.

use serde_json::{Value, json};

use crate::permission::EMBED_LINKS;
use crate::place::Place;

#[tokio::test]
async fn an_embed_comes_back_as_it_was_sent_and_is_a_rich_one() {
    let place = Place::new().await;
    let mut embed = json!({
        "title": "Beds", "description": "What grows where", "url": "https://example.org", "color": 0x00ff_00ff,
        "timestamp": "2026-01-01T00:00:00.000000+00:00",
        "footer": {"text": "below", "icon_url": "https://example.org/f.png"},
        "image": {"url": "https://example.org/i.png"}, "thumbnail": {"url": "http://example.org/t.png"},
        "author": {"name": "Ana", "url": "https://example.org/ana", "icon_url": "https://example.org/a.png"},
        "fields": [{"name": "North", "value": "Beans", "inline": true}, {"name": "South", "value": "Peas", "inline": false}],
    });
    let sent = place.send(&place.ana, json!({"embeds": [embed]})).await.ok();
    embed["type"] = json!("rich");
    assert_eq!((&sent["embeds"], &sent["content"]), (&json!([embed]), &json!("")));
    // An older way to give one.
    let sent = place.send(&place.ana, json!({"embed": {"title": "Beds"}})).await.ok();
    assert_eq!(sent["embeds"][0]["title"], "Beds");
}

#[tokio::test]
async fn every_part_of_an_embed_has_its_limit() {
    let place = Place::new().await;
    let fields = |count: usize| json!({"fields": vec![json!({"name": "n", "value": "v"}); count]});
    let field = |name: usize, value: usize| json!({"fields": [{"name": "n".repeat(name), "value": "v".repeat(value)}]});
    let parts: [(&dyn Fn(usize) -> Value, usize); 7] = [
        (&|chars| json!({"title": "t".repeat(chars)}), 256),
        (&|chars| json!({"description": "d".repeat(chars)}), 4_096),
        (&|chars| json!({"footer": {"text": "f".repeat(chars)}}), 2_048),
        (&|chars| json!({"author": {"name": "a".repeat(chars)}}), 256),
        (&|chars| field(chars, 1), 256),
        (&|chars| field(1, chars), 1_024),
        (&fields, 25),
    ];
    for (embed, most) in parts {
        place.send(&place.ana, json!({"embeds": [embed(most)]})).await.ok();
        let refused = place.send(&place.ana, json!({"embeds": [embed(most + 1)]})).await;
        assert_eq!(refused.refusal(), (400, 50_035), "more than {most} in {}", embed(1));
        assert!(refused.body["errors"]["embeds"]["0"].is_object(), "{}", refused.body);
    }
}

#[tokio::test]
async fn all_embeds_of_a_message_have_a_limit_together() {
    let place = Place::new().await;
    let embeds = |chars: usize| json!({"embeds": [{"description": "d".repeat(4_000)}, {"footer": {"text": "f".repeat(chars - 4_000)}}]});
    place.send(&place.ana, embeds(6_000)).await.ok();
    assert_eq!(place.send(&place.ana, embeds(6_001)).await.refusal(), (400, 50_035));
    let many = |count: usize| json!({"embeds": vec![json!({"title": "t"}); count]});
    assert_eq!(place.send(&place.ana, many(10)).await.ok()["embeds"].as_array().unwrap().len(), 10);
    assert_eq!(place.send(&place.ana, many(11)).await.refusal(), (400, 50_035));
}

#[tokio::test]
async fn white_space_around_the_texts_of_an_embed_is_taken_off_and_does_not_count() {
    let place = Place::new().await;
    let title = "t".repeat(256);
    let sent = place.send(&place.ana, json!({"embeds": [{"title": format!("  {title}\n")}]})).await.ok();
    assert_eq!(sent["embeds"][0]["title"], title);
}

#[tokio::test]
async fn what_is_no_embed_is_refused() {
    let place = Place::new().await;
    for embed in [
        json!({"title": 5}),
        json!({"url": "javascript:alert(1)", "title": "t"}),
        json!({"image": {"url": "file:///etc/passwd"}}),
        json!({"color": 0x0100_0000, "title": "t"}),
        json!({"timestamp": "yesterday", "title": "t"}),
        // A year that could not be read back.
        json!({"timestamp": "-006127-01-01T00:00:00Z", "title": "t"}),
        json!({"fields": [{"name": "without a value"}]}),
        json!({"footer": {}, "title": "t"}),
    ] {
        let answer = place.send(&place.ana, json!({"embeds": [embed]})).await;
        assert_eq!(answer.status, 400, "{embed}");
    }
}

#[tokio::test]
async fn an_embed_with_nothing_in_it_is_refused() {
    let place = Place::new().await;
    assert_eq!(place.send(&place.ana, json!({"content": "look", "embeds": [{}]})).await.status, 400);
}

#[tokio::test]
async fn who_may_not_embed_sends_words_alone() {
    let place = Place::new().await;
    place.deny(EMBED_LINKS).await;
    let sent = place.send(&place.ben, json!({"content": "look", "embeds": [{"title": "Beds"}]})).await.ok();
    assert_eq!((&sent["content"], &sent["embeds"]), (&json!("look"), &json!([])));
    assert_eq!(place.send(&place.ben, json!({"embeds": [{"title": "Beds"}]})).await.refusal(), (403, 50_013));
}
