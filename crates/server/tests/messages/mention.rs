//! Whom a message mentions.

use serde_json::{Value, json};

use crate::permission::MENTION_EVERYONE;
use crate::place::{Place, each, text};

/// A role, which everyone may mention or not.
async fn role(place: &Place, mentionable: bool) -> String {
    let draft = json!({"name": "gardeners", "mentionable": mentionable});
    text(&place.ana.post(&format!("/guilds/{}/roles", place.guild), draft).await.ok()["id"])
}

/// Whether a message mentions everyone, which users, and which roles.
fn mentioned(message: &Value) -> (bool, Vec<&str>, &Value) {
    (
        message["mention_everyone"].as_bool().unwrap(),
        each(&message["mentions"], "id"),
        &message["mention_roles"],
    )
}

#[tokio::test]
async fn what_is_mentioned_is_what_stands_in_the_text_and_is_allowed() {
    let place = Place::new().await;
    let (role, ben, ana) = (role(&place, true).await, &*place.ben.user_id, &*place.ana.user_id);
    let (all, users, roles) = (true, vec![ben], json!([role]));
    let (no_users, no_roles) = (Vec::new(), json!([]));
    for (allowed, expected) in [
        (None, (all, &users, &roles)),
        (Some(json!({"parse": ["users", "roles", "everyone"]})), (all, &users, &roles)),
        (Some(json!({"parse": []})), (false, &no_users, &no_roles)),
        (Some(json!({})), (false, &no_users, &no_roles)),
        (Some(json!({"parse": ["users"]})), (false, &users, &no_roles)),
        (Some(json!({"parse": ["roles"]})), (false, &no_users, &roles)),
        (Some(json!({"parse": ["everyone"]})), (all, &no_users, &no_roles)),
        (Some(json!({"users": [ben, ana]})), (false, &users, &no_roles)),
        (Some(json!({"users": [ana], "roles": [role]})), (false, &no_users, &roles)),
        (Some(json!({"parse": ["everyone"], "users": [ben]})), (all, &users, &no_roles)),
        (Some(json!({"parse": ["users", "roles"], "users": []})), (false, &users, &roles)),
    ] {
        let mut draft = json!({"content": format!("@everyone <@{ben}> <@{ben}> <@&{role}> <@5> <@&6> <@x>")});
        if let Some(allowed) = &allowed {
            draft["allowed_mentions"] = allowed.clone();
        }
        let sent = place.send(&place.ana, draft).await.ok();
        let (everyone, users, roles) = mentioned(&sent);
        assert_eq!((everyone, &users, roles), expected, "{allowed:?}");
    }
}

#[tokio::test]
async fn all_ways_to_write_a_mention_are_known() {
    let place = Place::new().await;
    let ben = &place.ben.user_id;
    let sent = place.send(&place.ana, json!({"content": format!("<@!{ben}> @here")})).await.ok();
    assert_eq!(mentioned(&sent), (true, vec![&**ben], &json!([])));
    assert_eq!(sent["mentions"][0]["username"], "ben");
}

#[tokio::test]
async fn what_is_allowed_must_be_clear() {
    let place = Place::new().await;
    for allowed in [
        json!({"parse": ["users"], "users": [place.ben.user_id]}),
        json!({"parse": ["roles"], "roles": ["5"]}),
        json!({"users": (1..=101).collect::<Vec<u64>>()}),
    ] {
        let draft = json!({"content": "hello", "allowed_mentions": allowed});
        assert_eq!(place.send(&place.ana, draft).await.refusal(), (400, 50_035), "{allowed}");
    }
}

#[tokio::test]
async fn only_users_roles_and_everyone_are_kinds_of_mentions() {
    let place = Place::new().await;
    let draft = json!({"content": "hello", "allowed_mentions": {"parse": ["nobody"]}});
    assert_eq!(place.send(&place.ana, draft).await.refusal(), (400, 50_035));
}

#[tokio::test]
async fn to_mention_all_one_needs_the_permission_and_to_mention_a_role_it_or_the_roles_consent() {
    let place = Place::new().await;
    let (open, closed) = (role(&place, true).await, role(&place, false).await);
    let draft = || json!({"content": format!("@everyone <@&{open}> <@&{closed}>")});
    let sent = place.send(&place.ben, draft()).await.ok();
    assert_eq!(mentioned(&sent), (true, vec![], &json!([open, closed])));
    place.deny(MENTION_EVERYONE).await;
    let sent = place.send(&place.ben, draft()).await.ok();
    assert_eq!(mentioned(&sent), (false, vec![], &json!([open])));
}
