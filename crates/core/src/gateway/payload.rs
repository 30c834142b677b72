//! What clients send, and the frames that they are sent.

use decentra_model::limits::{ACTIVITIES_MAX, MEMBERS_FOUND_MAX, PRESENCE_BYTES_MAX};
use decentra_model::user::Status;
use decentra_model::{Id, Presence};
use serde_json::{Value, json};

/// What a client sends. Source: Discord's documentation, "Gateway Opcodes".
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// A sign of life, with the last sequence that it has.
    Heartbeat,
    /// It wants a new session.
    Identify(Box<Identify>),
    /// It wants to go on with a session.
    Resume {
        /// The token that the session was opened with.
        token: String,
        /// The session; empty, if it knows of none.
        session_id: String,
        /// The last sequence that it has.
        sequence: u64,
    },
    /// It wants to appear otherwise.
    Presence(Presence),
    /// It wants to know who is in a guild.
    RequestMembers(MembersRequest),
    /// Something that we know of and have no use for yet.
    Ignored,
}

/// A client's wish for a new session.
#[derive(Debug, Clone, PartialEq)]
pub struct Identify {
    /// Its token, without the word `Bot`.
    pub token: String,
    /// What it wants to hear of; a person's client may leave it out, and hears all.
    pub intents: Option<u64>,
    /// Which shard it is, and of how many.
    pub shard: Option<(u32, u32)>,
    /// Members, above which a guild is told without those who are offline.
    pub large_threshold: Option<u64>,
    /// How its user is to appear.
    pub presence: Option<Presence>,
    /// Whether it is a person's client, which gets the guilds whole.
    pub whole: bool,
}

/// A client's question who is in a guild.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembersRequest {
    /// Which guild.
    pub guild_id: Id,
    /// Whom.
    pub whom: Whom,
    /// Whether their presences are wanted.
    pub presences: bool,
    /// The mark to answer with.
    pub nonce: Option<String>,
}

/// Which members are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Those whose names begin so, at most so many; an empty beginning and 0 are all.
    Named(String, usize),
    /// These.
    Users(Vec<Id>),
}

/// Why a payload cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// It makes no sense.
    Undecodable,
    /// There is no such opcode.
    UnknownOpcode,
}

impl Payload {
    /// The payload in `bytes`.
    pub fn parse(bytes: &[u8]) -> Result<Self, Bad> {
        let payload: Value = serde_json::from_slice(bytes).map_err(|_| Bad::Undecodable)?;
        let op = payload.get("op").and_then(Value::as_u64).ok_or(Bad::Undecodable)?;
        let d = payload.get("d").unwrap_or(&Value::Null);
        match op {
            1 => Ok(Self::Heartbeat),
            2 => identify(d).map(|identify| Self::Identify(Box::new(identify))),
            3 => Ok(Self::Presence(presence(d).unwrap_or_default())),
            6 => resume(d),
            8 => members_request(d),
            // Voice states, guild subscriptions and sounds: nothing is behind them yet.
            4 | 13 | 14 | 31 | 34 | 36 | 37 | 40 | 41 => Ok(Self::Ignored),
            _ => Err(Bad::UnknownOpcode),
        }
    }
}

fn identify(d: &Value) -> Result<Identify, Bad> {
    let token = d.get("token").and_then(Value::as_str).ok_or(Bad::Undecodable)?;
    let intents = match d.get("intents") {
        None | Some(Value::Null) => None,
        Some(intents) => Some(intents.as_u64().ok_or(Bad::Undecodable)?),
    };
    let shard = match d.get("shard") {
        None | Some(Value::Null) => None,
        Some(shard) => Some(shard_of(shard).ok_or(Bad::Undecodable)?),
    };
    Ok(Identify {
        token: token.strip_prefix("Bot ").unwrap_or(token).to_owned(),
        intents,
        shard,
        large_threshold: d.get("large_threshold").and_then(Value::as_u64),
        presence: d.get("presence").and_then(presence),
        whole: intents.is_none() && d.get("capabilities").is_some(),
    })
}

fn shard_of(shard: &Value) -> Option<(u32, u32)> {
    let [shard, of] = shard.as_array()?.as_slice() else { return None };
    let small = |number: &Value| u32::try_from(number.as_u64()?).ok();
    Some((small(shard)?, small(of)?))
}

fn resume(d: &Value) -> Result<Payload, Bad> {
    let token = d.get("token").and_then(Value::as_str).ok_or(Bad::Undecodable)?;
    // A library whose session was invalidated, and that was cut off before it had another, asks for none: discord.py
    // does so again and again, until it is told that there is none.
    let session_id = match d.get("session_id") {
        None | Some(Value::Null) => "",
        Some(id) => id.as_str().ok_or(Bad::Undecodable)?,
    };
    Ok(Payload::Resume {
        token: token.strip_prefix("Bot ").unwrap_or(token).to_owned(),
        session_id: session_id.to_owned(),
        sequence: d.get("seq").and_then(Value::as_u64).unwrap_or_default(),
    })
}

/// The presence in `d`, as far as it makes sense: clients send nulls and objects where others send lists and numbers.
fn presence(d: &Value) -> Option<Presence> {
    let status = serde_json::from_value(d.get("status")?.clone()).unwrap_or(Status::Online);
    let activities = d.get("activities").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let single = d.get("game").filter(|game| game.is_object());
    let activities: Vec<Value> =
        activities.iter().chain(single).take(ACTIVITIES_MAX).filter_map(activity).collect();
    let bytes: usize = activities.iter().map(|activity| activity.to_string().len()).sum();
    Some(Presence { status, activities: if bytes > PRESENCE_BYTES_MAX { Vec::new() } else { activities } })
}

/// What others may see of an activity.
fn activity(activity: &Value) -> Option<Value> {
    let name = activity.get("name")?.as_str()?;
    let mut shown = json!({
        "name": name,
        "type": activity.get("type").and_then(Value::as_u64).filter(|kind| *kind <= 6).unwrap_or_default(),
        "id": "0",
        "created_at": 0,
    });
    for key in ["state", "details", "url"] {
        if let Some(text) = activity.get(key).and_then(Value::as_str) {
            shown[key] = text.into();
        }
    }
    Some(shown)
}

fn members_request(d: &Value) -> Result<Payload, Bad> {
    // Some clients send a list of one guild.
    let guild = d.get("guild_id").map(|guild| guild.get(0).unwrap_or(guild)).ok_or(Bad::Undecodable)?;
    let guild_id = serde_json::from_value(guild.clone()).map_err(|_| Bad::Undecodable)?;
    let users = match d.get("user_ids") {
        None | Some(Value::Null) => None,
        Some(Value::Array(users)) => Some(users.as_slice()),
        Some(user) => Some(std::slice::from_ref(user)),
    };
    let whom = if let Some(users) = users {
        let users = users.iter().take(MEMBERS_FOUND_MAX);
        let users = users.map(|user| serde_json::from_value(user.clone())).collect::<Result<_, _>>();
        Whom::Users(users.map_err(|_| Bad::Undecodable)?)
    } else {
        let query = d.get("query").and_then(Value::as_str).ok_or(Bad::Undecodable)?;
        let limit = d.get("limit").and_then(Value::as_u64).unwrap_or_default();
        Whom::Named(query.to_lowercase(), usize::try_from(limit).unwrap_or(usize::MAX))
    };
    Ok(Payload::RequestMembers(MembersRequest {
        guild_id,
        whom,
        presences: d.get("presences").and_then(Value::as_bool).unwrap_or_default(),
        nonce: d.get("nonce").and_then(Value::as_str).map(|nonce| nonce.chars().take(32).collect()),
    }))
}

/// What stands in a dispatch of this `name` before its sequence, which is the session's own.
pub fn before_sequence(name: &str) -> String {
    format!(r#"{{"op":0,"t":"{name}","s":"#)
}

/// What stands after it, `d` being the dispatch's body.
pub fn after_sequence(d: &[u8]) -> Vec<u8> {
    [br#","d":"#, d, b"}"].concat()
}

/// A payload other than a dispatch. All four keys are there: some libraries break without.
pub fn control(op: u8, d: &Value) -> String {
    format!(r#"{{"op":{op},"t":null,"s":null,"d":{d}}}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_libraries_send_is_understood() {
        let identify = |d: Value| match Payload::parse(json!({"op": 2, "d": d}).to_string().as_bytes()) {
            Ok(Payload::Identify(identify)) => *identify,
            other => panic!("{other:?}"),
        };
        let bare = identify(json!({"token": "Bot a.b.c", "intents": 513, "presence": null}));
        assert_eq!((bare.token.as_str(), bare.intents, bare.presence), ("a.b.c", Some(513), None));
        let odd = json!({"status": "idle", "activities": null, "game": {"name": "chess"}, "since": {}});
        let presence = identify(json!({"token": "t", "intents": 0, "presence": odd})).presence.unwrap();
        assert_eq!((presence.status, presence.activities.len()), (Status::Idle, 1));
        assert!(identify(json!({"token": "t", "capabilities": 30717})).whole);
    }

    #[test]
    fn a_resume_of_no_session_is_one_of_an_unknown_session() {
        for d in [json!({"token": "Bot t", "session_id": null, "seq": null}), json!({"token": "t"})] {
            let payload = Payload::parse(json!({"op": 6, "d": d}).to_string().as_bytes());
            let (token, session_id) = ("t".to_owned(), String::new());
            assert_eq!(payload, Ok(Payload::Resume { token, session_id, sequence: 0 }));
        }
    }

    #[test]
    fn nonsense_is_told_apart_from_the_unknown() {
        for (text, bad) in [
            ("", Bad::Undecodable),
            ("[]", Bad::Undecodable),
            (r#"{"op":"2"}"#, Bad::Undecodable),
            (r#"{"op":2,"d":{"token":7}}"#, Bad::Undecodable),
            (r#"{"op":2,"d":{"token":"t","shard":[0]}}"#, Bad::Undecodable),
            (r#"{"op":6,"d":{}}"#, Bad::Undecodable),
            (r#"{"op":6,"d":{"token":"t","session_id":7}}"#, Bad::Undecodable),
            (r#"{"op":99}"#, Bad::UnknownOpcode),
        ] {
            assert_eq!(Payload::parse(text.as_bytes()), Err(bad), "{text}");
        }
    }
}
