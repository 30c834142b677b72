//! What goes wrong, in the form of the API: a status, Discord's code, a sentence, and the fields that are wrong.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use decentra_core::community::{FieldError, Refusal};
use decentra_model::limits::BUSY_PAUSE;
use serde_json::{Map, Value, json};

use super::reply::json_response;

/// Why a call is not answered as it was hoped. The only place that knows status codes.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// The rules, or what was sent, do not allow it.
    Refused(Refusal),
    /// The path or the method leads nowhere.
    NotFound,
    /// The path is there, the method is not.
    MethodNotAllowed,
    /// The body cannot be read as JSON.
    InvalidJson(String),
    /// The body is of a kind that is not taken.
    UnsupportedMediaType,
    /// The body is too long.
    TooLarge,
    /// Too many calls: wait so long. Whether it is for all routes, or for this one.
    TooFast { wait: Duration, global: bool },
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => status_of(refusal),
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::InvalidJson(_) => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooFast { .. } => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    fn body(&self) -> Value {
        let plain = |message: &str, code: u32| json!({"message": message, "code": code});
        match self {
            Self::Refused(Refusal::Form(errors)) => {
                json!({"message": "Invalid Form Body", "code": 50035, "errors": tree(errors)})
            }
            Self::Refused(Refusal::SlowMode(wait)) => {
                json!({"message": Refusal::SlowMode(*wait).to_string(), "code": 20016, "retry_after": wait.as_secs_f64(), "global": false})
            }
            Self::Refused(Refusal::Busy) => {
                json!({"message": Refusal::Busy.to_string(), "code": 0, "retry_after": BUSY_PAUSE.as_secs_f64(), "global": false})
            }
            Self::Refused(refusal) => plain(&refusal.to_string(), refusal.code()),
            Self::NotFound => plain("404: Not Found", 0),
            Self::MethodNotAllowed => plain("405: Method Not Allowed", 0),
            Self::InvalidJson(why) => {
                plain(&format!("The request body contains invalid JSON. ({why})"), 50109)
            }
            Self::UnsupportedMediaType => {
                plain("Expected \"Content-Type\" header to be one of {'application/json'}.", 50035)
            }
            Self::TooLarge => plain("Request entity too large", 40005),
            Self::TooFast { wait, global } => {
                json!({"message": "You are being rate limited.", "retry_after": seconds(*wait), "global": global, "code": 0})
            }
        }
    }
}

fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Unauthorized => StatusCode::UNAUTHORIZED,
        Refusal::UnknownApplication
        | Refusal::UnknownChannel
        | Refusal::UnknownGuild
        | Refusal::UnknownInvite
        | Refusal::UnknownMember
        | Refusal::UnknownMessage
        | Refusal::UnknownOverwrite
        | Refusal::UnknownRole
        | Refusal::UnknownUser
        | Refusal::UnknownBan
        | Refusal::UnknownSession => StatusCode::NOT_FOUND,
        Refusal::NotForBots
        | Refusal::OnlyForBots
        | Refusal::NotYourApplication
        | Refusal::TooManyReactions(_)
        | Refusal::Banned
        | Refusal::MissingAccess
        | Refusal::CannotWriteTo
        | Refusal::DirectChannel
        | Refusal::NotYourMessage
        | Refusal::MissingPermissions
        | Refusal::SystemMessage
        | Refusal::ReactionBlocked
        | Refusal::NoHistory
        | Refusal::Forbidden(_) => StatusCode::FORBIDDEN,
        // Bots wait as a 429 says, and call again; of a 503, most think that all is lost, and some call again at once.
        Refusal::SlowMode(_) | Refusal::Busy => StatusCode::TOO_MANY_REQUESTS,
        Refusal::NotStored => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::UnknownEmoji
        | Refusal::TooManyGuilds(_)
        | Refusal::TooManyPins(_)
        | Refusal::TooManyRoles(_)
        | Refusal::TooManyChannels(_)
        | Refusal::TooManyInvites(_)
        | Refusal::TooManyApplications(_)
        | Refusal::TooManyMembers
        | Refusal::TooManyBans
        | Refusal::TooManyOverwrites(_)
        | Refusal::NobodyBanned
        | Refusal::OwnsGuilds
        | Refusal::TooManyRecipients(_)
        | Refusal::TooManyFriends(_)
        | Refusal::FriendRequestsDisabled
        | Refusal::FriendBlocked
        | Refusal::FriendOfBot
        | Refusal::FriendOfOneself
        | Refusal::NobodyOfThatName
        | Refusal::AlreadyFriends
        | Refusal::InvalidRecipients
        | Refusal::EmptyMessage
        | Refusal::NotTextChannel
        | Refusal::BulkDeleteCount
        | Refusal::WrongPinChannel
        | Refusal::WrongChannelKind
        | Refusal::TooOldToBulkDelete
        | Refusal::InvalidRole
        | Refusal::InvalidToken
        | Refusal::Form(_) => StatusCode::BAD_REQUEST,
    }
}

/// The wrong fields as Discord nests them: each key holds its own errors under `_errors`.
fn tree(errors: &[FieldError]) -> Value {
    let mut root = Value::Object(Map::new());
    for error in errors {
        let mut node = &mut root;
        for key in &error.path {
            if !node.is_object() {
                *node = Value::Object(Map::new());
            }
            node = &mut node[key.as_str()];
        }
        if !node.is_object() {
            *node = Value::Object(Map::new());
        }
        let told = json!({"code": error.code, "message": error.message});
        match &mut node["_errors"] {
            Value::Array(list) => list.push(told),
            empty => *empty = json!([told]),
        }
    }
    root
}

/// Seconds with milliseconds, rounded up, so that who waits so long does not come too early.
fn seconds(wait: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "waits are short")]
    let millis = wait.as_micros().div_ceil(1_000) as f64;
    millis / 1_000.0
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response<Body> {
        let mut response = json_response(self.status(), serde_json::to_vec(&self.body()).unwrap_or_default());
        let pause = match &self {
            Self::TooFast { wait, .. } | Self::Refused(Refusal::SlowMode(wait)) => Some(*wait),
            Self::Refused(Refusal::Busy) => Some(BUSY_PAUSE),
            _ => None,
        };
        if let Some(pause) = pause {
            let whole = pause.as_secs() + u64::from(pause.subsec_nanos() > 0);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(whole));
        }
        if let Self::Refused(Refusal::Busy) = &self {
            // Of all together: nobody was too fast by themselves.
            response.headers_mut().insert("x-ratelimit-scope", HeaderValue::from_static("shared"));
        }
        if let Self::TooFast { global, .. } = &self {
            let scope = if *global { "global" } else { "user" };
            response.headers_mut().insert("x-ratelimit-scope", HeaderValue::from_static(scope));
            if *global {
                response.headers_mut().insert("x-ratelimit-global", HeaderValue::from_static("true"));
            }
        }
        response
    }
}
