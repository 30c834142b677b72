//! Emoji under messages.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "messages/place.rs"]
mod place;

use decentra_model::limits::REACTIONS_MAX;
use decentra_testkit::{Answer, Rest};
use serde_json::{Value, json};

use crate::place::{Place, each};

const ADD_REACTIONS: u64 = 1 << 6;
const VIEW: u64 = 1 << 10;
const MANAGE_MESSAGES: u64 = 1 << 13;
const HISTORY: u64 = 1 << 16;

/// The path of reactions to a message; `rest` begins with an emoji.
fn path(place: &Place, message: &str, rest: &str) -> String {
    let encoded: String = rest
        .bytes()
        .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    place.at(&format!("/messages/{message}/reactions{encoded}"))
}

async fn add(place: &Place, who: &Rest, message: &str, emoji: &str) -> Answer {
    who.put(&path(place, message, &format!("/{emoji}/@me")), Value::Null).await
}

/// Has someone take away what `rest` tells: an emoji of theirs or of another's, an emoji, or all.
async fn remove(place: &Place, who: &Rest, message: &str, rest: &str) -> Answer {
    who.delete(&path(place, message, rest)).await
}

/// The emoji under a message, how many chose each, and whether who reads did.
async fn read(place: &Place, who: &Rest, message: &str) -> Vec<(String, u64, bool)> {
    let reactions = place.read(who, message).await["reactions"].take();
    let of = |of: &Value| {
        assert_eq!(of["count"], of["count_details"]["normal"]);
        (place::text(&of["emoji"]["name"]), of["count"].as_u64().unwrap(), of["me"].as_bool().unwrap())
    };
    reactions.as_array().into_iter().flatten().map(of).collect()
}

/// Who put an emoji under a message.
async fn reactors(place: &Place, message: &str, emoji_and_query: &str) -> Vec<String> {
    let users = place.ben.get(&path(place, message, &format!("/{emoji_and_query}"))).await.ok();
    each(&users, "id").into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_emoji_is_counted_once_for_each_who_put_it_there() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    assert_eq!(read(&place, &place.ana, &message).await, []);
    for (who, emoji) in [(&place.ana, "👍"), (&place.ben, "👍"), (&place.ben, "👍"), (&place.ben, "🔥")]
    {
        assert_eq!(add(&place, who, &message, emoji).await.status, 204);
    }
    let (thumb, fire) = ("👍".to_owned(), "🔥".to_owned());
    assert_eq!(
        read(&place, &place.ana, &message).await,
        [(thumb.clone(), 2, true), (fire.clone(), 1, false)]
    );
    assert_eq!(read(&place, &place.ben, &message).await, [(thumb, 2, true), (fire, 1, true)]);
}

#[tokio::test]
async fn one_emoji_written_in_two_ways_is_one() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    // With the character that asks for the coloured form, and without.
    for emoji in ["❤\u{fe0f}", "❤"] {
        add(&place, &place.ana, &message, emoji).await.ok();
    }
    let hearts = read(&place, &place.ana, &message).await;
    assert_eq!((hearts.len(), hearts[0].1), (1, 1));
    remove(&place, &place.ana, &message, "/❤/@me").await.ok();
    assert_eq!(read(&place, &place.ana, &message).await, []);
}

#[tokio::test]
async fn who_reacted_is_told_page_by_page() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    let (ana, ben) = (place.ana.user_id.clone(), place.ben.user_id.clone());
    assert_eq!(reactors(&place, &message, "👍").await, Vec::<String>::new());
    for who in [&place.ben, &place.ana] {
        add(&place, who, &message, "👍").await.ok();
    }
    for (query, expected) in [
        ("👍".to_owned(), vec![ana.clone(), ben.clone()]),
        ("👍?limit=1".to_owned(), vec![ana.clone()]),
        (format!("👍?after={ana}"), vec![ben.clone()]),
        (format!("👍?after={ben}"), vec![]),
        ("🔥".to_owned(), vec![]),
    ] {
        assert_eq!(reactors(&place, &message, &query).await, expected, "{query}");
    }
    let users = place.ben.get(&path(&place, &message, "/👍")).await.ok();
    assert_eq!(users[0]["username"], "ana");
    for query in ["?limit=0", "?limit=101", "?after=x"] {
        let refused = place.ben.get(&path(&place, &message, &format!("/👍{query}"))).await;
        assert_eq!(refused.refusal(), (400, 50_035), "{query}");
    }
}

#[tokio::test]
async fn emoji_are_taken_away_by_who_put_them_there() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    for who in [&place.ana, &place.ben] {
        add(&place, who, &message, "👍").await.ok();
    }
    assert_eq!(remove(&place, &place.ben, &message, "/👍/@me").await.status, 204);
    assert_eq!(read(&place, &place.ben, &message).await, [("👍".to_owned(), 1, false)]);
    // With one's own id it is the same.
    let own = format!("/👍/{}", place.ana.user_id);
    assert_eq!(remove(&place, &place.ana, &message, &own).await.status, 204);
    assert_eq!(read(&place, &place.ben, &message).await, []);
}

#[tokio::test]
async fn who_manages_messages_takes_away_the_emoji_of_others() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    let anas = format!("/👍/{}", place.ana.user_id);
    for emoji in ["👍", "🔥", "🌱"] {
        add(&place, &place.ana, &message, emoji).await.ok();
    }
    for rest in [&*anas, "/👍", ""] {
        assert_eq!(remove(&place, &place.ben, &message, rest).await.refusal(), (403, 50_013), "{rest}");
    }
    place.allow_ben(MANAGE_MESSAGES).await;
    let mut left = 3;
    for rest in [&*anas, "/🔥", ""] {
        assert_eq!(read(&place, &place.ben, &message).await.len(), left, "{rest}");
        assert_eq!(remove(&place, &place.ben, &message, rest).await.status, 204, "{rest}");
        left -= 1;
    }
    assert_eq!(read(&place, &place.ben, &message).await, []);
}

#[tokio::test]
async fn all_who_see_the_channel_are_told_of_emoji() {
    let place = Place::new().await;
    let message = place.say(&place.ben, "beans").await;
    let mut session = place.bens_session().await;
    let told = json!({"channel_id": place.channel, "guild_id": place.guild, "message_id": message});
    let of_ana = |more: &Value| {
        let ana = json!({"user_id": place.ana.user_id, "burst": false, "type": 0});
        with(&with(&told, &ana), more)
    };
    let emoji = |name: &str| json!({"emoji": {"id": null, "name": name}});

    add(&place, &place.ana, &message, "👍").await.ok();
    let mut added = session.until("MESSAGE_REACTION_ADD").await;
    assert_eq!(added["member"].take()["user"]["username"], "ana");
    let more = json!({"member": null, "message_author_id": place.ben.user_id});
    assert_eq!(added, of_ana(&with(&emoji("👍"), &more)));

    remove(&place, &place.ana, &message, "/👍/@me").await.ok();
    assert_eq!(session.until("MESSAGE_REACTION_REMOVE").await, of_ana(&emoji("👍")));

    for emoji in ["👍", "🔥"] {
        add(&place, &place.ana, &message, emoji).await.ok();
    }
    remove(&place, &place.ana, &message, "/👍").await.ok();
    assert_eq!(session.until("MESSAGE_REACTION_REMOVE_EMOJI").await, with(&told, &emoji("👍")));
    remove(&place, &place.ana, &message, "").await.ok();
    assert_eq!(session.until("MESSAGE_REACTION_REMOVE_ALL").await, told);
}

/// An object with the keys of another.
fn with(object: &Value, more: &Value) -> Value {
    let mut object = object.clone();
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

#[tokio::test]
async fn what_changes_nothing_is_not_told() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    add(&place, &place.ana, &message, "👍").await.ok();
    let mut session = place.bens_session().await;
    add(&place, &place.ana, &message, "👍").await.ok();
    for rest in ["/🔥/@me", "/🔥"] {
        remove(&place, &place.ana, &message, rest).await.ok();
    }
    place.say(&place.ana, "peas").await;
    let heard = session.heard_until("peas").await;
    assert!(!heard.iter().any(|name| name.starts_with("MESSAGE_REACTION")), "{heard:?}");
}

#[tokio::test]
async fn a_message_has_20_different_emoji_at_most() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    let emoji: Vec<String> = ('🌰'..).take(REACTIONS_MAX + 1).map(String::from).collect();
    for emoji in &emoji[..REACTIONS_MAX] {
        assert_eq!(add(&place, &place.ana, &message, emoji).await.status, 204, "{emoji}");
    }
    assert_eq!(add(&place, &place.ana, &message, &emoji[REACTIONS_MAX]).await.refusal(), (403, 30_010));
    // Of those that are there everyone may choose.
    assert_eq!(add(&place, &place.ben, &message, &emoji[3]).await.status, 204);
    remove(&place, &place.ana, &message, &format!("/{}/@me", emoji[0])).await.ok();
    assert_eq!(add(&place, &place.ana, &message, &emoji[REACTIONS_MAX]).await.status, 204);
}

#[tokio::test]
async fn what_is_no_emoji_is_told() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    for emoji in ["x", ":fire:", "fire", "name:1467127273881600005", "1", "👍👍", "👍x", "%00"] {
        assert_eq!(add(&place, &place.ana, &message, emoji).await.refusal(), (400, 10_014), "{emoji}");
        let listed = place.ana.get(&path(&place, &message, &format!("/{emoji}"))).await;
        assert_eq!(listed.refusal(), (400, 10_014), "{emoji}");
        let removed = remove(&place, &place.ana, &message, &format!("/{emoji}")).await;
        assert_eq!(removed.refusal(), (400, 10_014), "{emoji}");
    }
}

#[tokio::test]
async fn a_new_emoji_needs_a_permission_and_one_that_is_there_does_not() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    add(&place, &place.ana, &message, "👍").await.ok();
    place.deny(ADD_REACTIONS).await;
    assert_eq!(add(&place, &place.ben, &message, "🔥").await.refusal(), (403, 50_013));
    assert_eq!(add(&place, &place.ben, &message, "👍").await.status, 204);
}

#[tokio::test]
async fn who_may_not_read_what_was_written_has_no_say_on_it() {
    let place = Place::new().await;
    let message = place.say(&place.ana, "beans").await;
    let list = path(&place, &message, "/👍");
    for (denied, refusal) in [(HISTORY, (403, 50_013)), (VIEW, (404, 10_003))] {
        place.deny(denied).await;
        assert_eq!(add(&place, &place.ben, &message, "👍").await.refusal(), refusal);
        assert_eq!(place.ben.get(&list).await.refusal(), refusal);
    }
    assert_eq!(add(&place, &place.ana, "5", "👍").await.refusal(), (404, 10_008));
    assert_eq!(place.ana.get(&path(&place, "5", "/👍")).await.refusal(), (404, 10_008));
    for rest in ["/👍/@me", "/👍", ""] {
        assert_eq!(remove(&place, &place.ana, "5", rest).await.refusal(), (404, 10_008), "{rest}");
    }
}
