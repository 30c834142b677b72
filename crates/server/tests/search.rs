//! Searching what was written.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "messages/place.rs"]
mod place;

use decentra_model::limits::{SEARCH_PREFIXES_MAX, SEARCH_TERMS_MAX};
use decentra_testkit::Rest;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::place::{Place, text};

const VIEW: u64 = 1 << 10;
const HISTORY: u64 = 1 << 16;

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// What `who` is answered that searches the guild.
async fn search(place: &Place, who: &Rest, query: &str) -> Value {
    who.get(&format!("/guilds/{}/messages/search?{query}", place.guild)).await.ok()
}

/// What the messages say that were found, in their order.
fn contents(answer: &Value) -> Vec<String> {
    let groups = answer["messages"].as_array().unwrap().iter();
    groups
        .map(|group| {
            let [hit] = group.as_array().unwrap().as_slice() else { panic!("{group} is not one message") };
            assert_eq!(hit["hit"], true, "{hit}");
            text(&hit["content"])
        })
        .collect()
}

/// What is found of `content`, from the oldest to the newest.
async fn found(place: &Place, content: &str) -> Vec<String> {
    contents(&search(place, &place.ben, &format!("sort_order=asc&content={}", encoded(content))).await)
}

#[tokio::test]
async fn what_was_just_said_is_found_and_what_is_gone_is_not() {
    let place = Place::new().await;
    let beans = place.say(&place.ana, "Green beans, with garlic").await;
    place.say(&place.ben, "no vegetables").await;
    let answer = search(&place, &place.ben, "content=beans").await;
    assert_eq!(contents(&answer), ["Green beans, with garlic"]);
    assert_eq!(
        (&answer["total_results"], &answer["doing_deep_historical_index"]),
        (&json!(1), &json!(false))
    );
    let hit = &answer["messages"][0][0];
    assert_eq!((&hit["id"], &hit["author"]["id"]), (&json!(beans), &json!(place.ana.user_id)));
    place.ana.patch(&place.at(&format!("/messages/{beans}")), json!({"content": "Peas"})).await.ok();
    assert_eq!(found(&place, "beans").await, [] as [&str; 0]);
    assert_eq!(found(&place, "peas").await, ["Peas"]);
    place.ana.delete(&place.at(&format!("/messages/{beans}"))).await.ok();
    assert_eq!(found(&place, "peas").await, [] as [&str; 0]);
    assert_eq!(search(&place, &place.ben, "content=peas").await["total_results"], 0);
}

#[tokio::test]
async fn words_phrases_and_beginnings_are_found() {
    let place = Place::new().await;
    let said = ["green beans", "beans, green", "greenhouse", "Crème brûlée!", "it's v2.0"];
    for content in said {
        place.say(&place.ana, content).await;
    }
    for (typed, expected) in [
        ("green beans", &said[..2]),
        ("\"green beans\"", &said[..1]),
        ("\"beans green\"", &said[1..2]),
        ("GREEN", &said[..3]),
        ("\"green\"", &said[..2]),
        ("gree*", &said[..3]),
        ("green*", &said[..3]),
        ("\"green bean*\"", &said[..1]),
        ("house", &[]),
        ("creme BRULEE", &said[3..4]),
        ("v2.0", &said[4..]),
        ("it's", &said[4..]),
        ("green peas", &[]),
        ("", &said[..]),
        ("   ", &said[..]),
        ("!?", &[]),
    ] {
        assert_eq!(found(&place, typed).await, expected, "{typed}");
    }
}

#[tokio::test]
async fn languages_without_spaces_are_searched_by_any_stretch() {
    let place = Place::new().await;
    for content in
        ["東京都庁で会う", "京都へ行く", "iPhoneを充電する", "ภาษาไทยไม่มีช่องว่าง", "학교에서 만나요", "done 🎉"]
    {
        place.say(&place.ana, content).await;
    }
    for (typed, expected) in [
        ("京都", &["東京都庁で会う", "京都へ行く"][..]),
        ("東京", &["東京都庁で会う"]),
        ("東京都庁", &["東京都庁で会う"]),
        ("京", &["東京都庁で会う", "京都へ行く"]),
        ("く", &["京都へ行く"]),
        ("京都 行く", &["京都へ行く"]),
        ("充電", &["iPhoneを充電する"]),
        ("iphoneを充電", &["iPhoneを充電する"]),
        ("ไทย", &["ภาษาไทยไม่มีช่องว่าง"]),
        ("학교", &["학교에서 만나요"]),
        ("🎉", &["done 🎉"]),
        ("都京", &[]),
    ] {
        assert_eq!(found(&place, typed).await, expected, "{typed}");
    }
}

#[tokio::test]
async fn filters_leave_what_was_asked_for() {
    let place = Place::new().await;
    let (ana, ben) = (&place.ana, &place.ben);
    let link = place.say(ana, "see https://example.org/beans").await;
    let mention = place.say(ben, &format!("hello <@{}>", ana.user_id)).await;
    place.send(ana, json!({"content": "card", "embeds": [{"title": "Tomato", "image": {"url": "https://example.org/a.png"}}]})).await.ok();
    let pinned = place.say(ana, "pinned").await;
    ana.put(&place.at(&format!("/messages/pins/{pinned}")), Value::Null).await.ok();
    let reply = json!({"content": "answer", "message_reference": {"message_id": link}});
    place.send(ben, reply).await.ok();
    let all =
        ["see https://example.org/beans", &format!("hello <@{}>", ana.user_id), "card", "pinned", "answer"];
    for (query, expected) in [
        (String::new(), vec![0, 1, 2, 3, 4]),
        (format!("author_id={}", ben.user_id), vec![1, 4]),
        (format!("author_id={}&author_id={}", ben.user_id, ana.user_id), vec![0, 1, 2, 3, 4]),
        (format!("mentions={}", ana.user_id), vec![1, 4]),
        (format!("mentions={}&mentions={}", ana.user_id, ben.user_id), vec![1, 4]),
        ("has=link".into(), vec![0]),
        ("has=embed".into(), vec![2]),
        ("has=image".into(), vec![2]),
        ("has=embed&has=link".into(), vec![]),
        ("has=-link&has=-embed".into(), vec![1, 3, 4]),
        ("has=poll".into(), vec![]),
        ("content=tomato".into(), vec![2]),
        ("link_hostname=Example.org".into(), vec![0]),
        ("pinned=true".into(), vec![3]),
        ("pinned=false".into(), vec![0, 1, 2, 4]),
        ("pinned=true&content=beans".into(), vec![]),
        ("mention_everyone=true".into(), vec![]),
        ("mention_everyone=false".into(), vec![0, 1, 2, 3, 4]),
        (format!("replied_to_message_id={link}"), vec![4]),
        (format!("min_id={mention}"), vec![2, 3, 4]),
        (format!("max_id={mention}"), vec![0]),
        (format!("min_id={link}&max_id={pinned}"), vec![1, 2]),
        (format!("channel_id={}", place.channel), vec![0, 1, 2, 3, 4]),
        ("channel_id=1".into(), vec![]),
        (format!("channel_id=1&channel_id={}&content=card", place.channel), vec![2]),
    ] {
        let answer = search(&place, ben, &format!("sort_order=asc&{query}")).await;
        let expected: Vec<&str> = expected.into_iter().map(|nth| all[nth]).collect();
        assert_eq!(contents(&answer), expected, "{query}");
        assert_eq!(answer["total_results"], expected.len(), "{query}");
    }
}

#[tokio::test]
async fn what_is_found_comes_by_time_or_by_what_it_says_in_pages() {
    let place = Place::new().await;
    let long = format!("beans {}", "and other things ".repeat(20)).trim().to_owned();
    for content in ["beans", &long, "beans beans beans", "one more of beans"] {
        place.say(&place.ana, content).await;
    }
    let (one, three, more) =
        ("beans".to_owned(), "beans beans beans".to_owned(), "one more of beans".to_owned());
    for (query, expected) in [
        ("", vec![&more, &three, &long, &one]),
        ("&sort_by=timestamp&sort_order=desc", vec![&more, &three, &long, &one]),
        ("&sort_order=asc", vec![&one, &long, &three, &more]),
        ("&sort_by=relevance", vec![&three, &one, &more, &long]),
        ("&sort_by=relevance&sort_order=asc", vec![&long, &more, &one, &three]),
        ("&limit=2", vec![&more, &three]),
        ("&limit=2&offset=1", vec![&three, &long]),
        ("&limit=2&offset=3", vec![&one]),
        ("&offset=4", vec![]),
    ] {
        let answer = search(&place, &place.ben, &format!("content=beans{query}")).await;
        assert_eq!(contents(&answer).iter().collect::<Vec<_>>(), expected, "{query}");
        assert_eq!(answer["total_results"], 4, "{query}");
    }
}

#[tokio::test]
async fn a_channel_is_searched_by_itself() {
    let place = Place::new().await;
    place.say(&place.ana, "beans here").await;
    let other =
        place.ana.post(&format!("/guilds/{}/channels", place.guild), json!({"name": "shed"})).await.ok();
    let there = format!("/channels/{}/messages", text(&other["id"]));
    place.ana.post(&there, json!({"content": "beans there"})).await.ok();
    let here = place.ben.get(&place.at("/messages/search?content=beans")).await.ok();
    assert_eq!(contents(&here), ["beans here"]);
    let found = place.ben.get(&format!("{there}/search?content=beans")).await.ok();
    assert_eq!(contents(&found), ["beans there"]);
    assert_eq!(contents(&search(&place, &place.ben, "content=beans").await), ["beans there", "beans here"]);
    let only = format!("content=beans&channel_id={}", place.channel);
    assert_eq!(contents(&search(&place, &place.ben, &only).await), ["beans here"]);
}

#[tokio::test]
async fn a_direct_channel_is_searched_by_those_who_are_in_it_and_no_guild_finds_what_is_in_it() {
    let place = Place::new().await;
    let cleo = Rest::register(place.world.address(), "cleo").await;
    let pair = place.ana.post("/users/@me/channels", json!({"recipient_id": place.ben.user_id})).await.ok();
    let pair = text(&pair["id"]);
    let said = "the beans are a surprise";
    place.ana.post(&format!("/channels/{pair}/messages"), json!({"content": said})).await.ok();
    let path = |channel: &str| format!("/channels/{channel}/messages/search?content=beans");
    for who in [&place.ana, &place.ben] {
        assert_eq!(contents(&who.get(&path(&pair)).await.ok()), [said]);
        let by_guild = format!("content=beans&channel_id={pair}");
        assert_eq!(search(&place, who, &by_guild).await["total_results"], 0);
    }
    let (there, nowhere) = (cleo.get(&path(&pair)).await, cleo.get(&path("1")).await);
    assert_eq!((there.status, there.body), (404, nowhere.body), "to others it is as if it did not exist");
}

#[tokio::test]
async fn who_left_a_group_finds_nothing_in_it_and_when_the_last_has_gone_nothing_is_left() {
    let place = Place::new().await;
    let cleo = Rest::register(place.world.address(), "cleo").await;
    for other in [&place.ben, &cleo] {
        for (who, whom) in [(&place.ana, other), (other, &place.ana)] {
            who.put(&format!("/users/@me/relationships/{}", whom.user_id), json!({})).await.ok();
        }
    }
    let recipients = json!({"recipients": [place.ben.user_id, cleo.user_id]});
    let group = text(&place.ana.post("/users/@me/channels", recipients).await.ok()["id"]);
    place.ana.post(&format!("/channels/{group}/messages"), json!({"content": "beans for all"})).await.ok();
    let path = format!("/channels/{group}/messages/search?content=beans");
    for who in [&place.ana, &place.ben, &cleo] {
        assert_eq!(contents(&who.get(&path).await.ok()), ["beans for all"]);
        who.delete(&format!("/channels/{group}")).await.ok();
        assert_eq!(who.get(&path).await.status, 404);
    }
}

#[tokio::test]
async fn channels_for_adults_are_searched_when_it_is_asked_for() {
    let place = Place::new().await;
    place.say(&place.ana, "beans").await;
    place.ana.patch(&place.at(""), json!({"nsfw": true})).await.ok();
    assert_eq!(contents(&search(&place, &place.ben, "content=beans").await), [] as [&str; 0]);
    assert_eq!(contents(&search(&place, &place.ben, "content=beans&include_nsfw=true").await), ["beans"]);
    let here = place.ben.get(&place.at("/messages/search?content=beans")).await.ok();
    assert_eq!(contents(&here), ["beans"]);
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_read() {
    let place = Place::new().await;
    place.say(&place.ana, "the secret beans").await;
    let named = format!("content=secret&channel_id={}", place.channel);
    let here = place.at("/messages/search?content=secret");
    for (denied, refusal) in [(HISTORY, (403, 50_013)), (VIEW, (404, 10_003))] {
        place.deny(denied).await;
        for query in ["content=secret", "content=secr*", "", &named] {
            let answer = search(&place, &place.ben, query).await;
            assert_eq!((contents(&answer), &answer["total_results"]), (vec![], &json!(0)), "{query}");
        }
        assert_eq!(place.ben.get(&here).await.refusal(), refusal);
        assert_eq!(contents(&search(&place, &place.ana, "content=secret").await), ["the secret beans"]);
    }
    place.deny(0).await;
    assert_eq!(found(&place, "secret").await, ["the secret beans"]);
    let eve = Rest::register(place.world.address(), "eve").await;
    let path = format!("/guilds/{}/messages/search?content=secret", place.guild);
    assert_eq!(eve.get(&path).await.refusal(), (404, 10_004));
    assert_eq!(eve.get(&here).await.refusal(), (404, 10_003));
    assert_eq!(Rest::nobody(place.world.address()).get(&path).await.refusal(), (401, 0));
}

#[tokio::test]
async fn what_is_found_shows_ones_own_reactions() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    let path = place.at(&format!("/messages/{message}/reactions/{}/@me", encoded("🌻")));
    place.ben.put(&path, Value::Null).await.ok();
    for (who, me) in [(&place.ben, true), (&place.ana, false)] {
        let answer = search(&place, who, "content=beans").await;
        let reaction = &answer["messages"][0][0]["reactions"][0];
        assert_eq!((&reaction["count"], &reaction["me"]), (&json!(1), &json!(me)));
    }
}

#[tokio::test]
async fn notices_of_the_server_are_not_found() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    place.ana.put(&place.at(&format!("/messages/pins/{message}")), Value::Null).await.ok();
    assert_eq!(contents(&search(&place, &place.ben, "").await), ["beans"]);
}

#[tokio::test]
async fn what_was_said_in_a_channel_that_is_gone_is_not_found() {
    let place = Place::new().await;
    place.say(&place.ana, "beans").await;
    place.ana.delete(&place.at("")).await.ok();
    assert_eq!(found(&place, "beans").await, [] as [&str; 0]);
}

#[tokio::test]
async fn what_was_said_is_found_after_a_restart() {
    let place = Place::new().await;
    place.say(&place.ana, "beans").await;
    let path = format!("/guilds/{}/messages/search?content=beans", place.guild);
    let world = place.world.restart().await;
    assert_eq!(contents(&place.ben.at(world.address()).get(&path).await.ok()), ["beans"]);
}

#[tokio::test]
async fn what_is_typed_is_never_read_as_the_language_of_the_index() {
    let place = Place::new().await;
    let said = "beans AND OR NOT NEAR entry rank 42";
    place.say(&place.ana, said).await;
    for typed in [
        "beans AND",
        "beans OR",
        "NOT beans",
        "entry:rank",
        "{entry}: beans",
        "^beans",
        "+beans",
        "-beans",
        "beans'",
        "beans''; --",
        "(beans",
        "beans)",
        "\"beans",
        "beans\"\"",
        "\"\"beans",
        "beans\\",
        "%beans%",
        "beans?",
        "rank 42",
        "*beans",
        "beans AND OR NOT",
        "\"beans and or\"",
        "beans ***",
        "[beans]",
    ] {
        assert_eq!(found(&place, typed).await, [said], "{typed}");
    }
    for typed in ["NEAR(beans", "beans~2", "?1", ":after", "rank=42.0", "search"] {
        assert_eq!(found(&place, typed).await, [] as [&str; 0], "{typed}");
    }
}

#[tokio::test]
async fn a_search_that_would_take_long_is_refused_and_the_longest_one_is_answered() {
    let place = Place::new().await;
    place.say(&place.ana, "beans").await;
    let path =
        |content: &str| format!("/guilds/{}/messages/search?content={}", place.guild, encoded(content));
    let words = |count: usize| (0..count).map(|nth| format!("{nth:x}")).collect::<Vec<_>>().join(" ");
    let beginnings = |count: usize| (0..count).map(|nth| format!("{nth:04x}*")).collect::<Vec<_>>().join(" ");
    let characters =
        |count: usize| ('\u{4e00}'..).take(count).map(String::from).collect::<Vec<_>>().join(" ");
    for typed in [
        "a*",
        "bea*",
        "\"green bea*\"",
        "beans a*",
        &words(SEARCH_TERMS_MAX + 1),
        &beginnings(SEARCH_PREFIXES_MAX + 1),
        &characters(SEARCH_PREFIXES_MAX + 1),
        &"b".repeat(1_025),
    ] {
        assert_eq!(place.ben.get(&path(typed)).await.refusal(), (400, 50_035), "{typed}");
    }
    for typed in [
        &words(SEARCH_TERMS_MAX),
        &beginnings(SEARCH_PREFIXES_MAX),
        &characters(SEARCH_PREFIXES_MAX),
        &"b".repeat(1_024),
        &"\" ".repeat(512),
        &"*".repeat(1_024),
        &"a b ".repeat(256),
        &"a.".repeat(512),
        &"東京".repeat(512),
    ] {
        let answer = place.ben.get(&path(typed)).await;
        assert_eq!((answer.status, answer.body["total_results"].as_u64()), (200, Some(0)), "{typed}");
    }
}

#[tokio::test]
async fn a_filter_that_makes_no_sense_is_named() {
    let place = Place::new().await;
    let many = "&author_id=1".repeat(101);
    for (query, field) in [
        ("author_id=ana", "author_id"),
        ("mentions=", "mentions"),
        ("has=thing", "has"),
        ("has=link&has=-thing", "has"),
        ("sort_by=colour", "sort_by"),
        ("sort_order=up", "sort_order"),
        ("limit=0", "limit"),
        ("limit=26", "limit"),
        ("limit=-1", "limit"),
        ("offset=9976", "offset"),
        ("offset=-1", "offset"),
        ("pinned=maybe", "pinned"),
        ("min_id=x", "min_id"),
        ("max_id=99999999999999999999", "max_id"),
        ("channel_id=general", "channel_id"),
        (&many, "author_id"),
    ] {
        let answer = place.ben.get(&format!("/guilds/{}/messages/search?{query}", place.guild)).await;
        assert_eq!(answer.refusal(), (400, 50_035), "{query}");
        assert!(answer.body["errors"].get(field).is_some(), "{query}: {}", answer.body);
    }
}
