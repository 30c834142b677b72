//! The codes with which a WebSocket connection is closed.
//!
//! Codes below 4000 are those of RFC 6455, section 7.4.1; the others are Decentra's own.

/// The client is done.
pub const NORMAL: u16 = 1000;
/// The server is going away: it is being stopped, or restarted. Come back.
pub const GOING_AWAY: u16 = 1001;
/// The client broke the WebSocket protocol.
pub const PROTOCOL_ERROR: u16 = 1002;
/// A text frame was not UTF-8.
pub const INVALID_TEXT: u16 = 1007;
/// The name is not to be had, or the token is not known (DESIGN 2.3).
pub const NAME_REFUSED: u16 = 4001;
/// Guests are not let in here.
pub const GUESTS_OFF: u16 = 4002;
/// No `join` came in time.
pub const JOIN_TIMEOUT: u16 = 4003;
/// The client read too slowly. It may come back, and will find what it missed in the history.
pub const TOO_SLOW: u16 = 4008;
/// Nothing was heard from the client for too long.
pub const SILENT: u16 = 4009;

/// Whether a client that was closed with `code` should try again by itself.
pub fn may_return(code: u16) -> bool {
    !matches!(code, NORMAL | PROTOCOL_ERROR | INVALID_TEXT | NAME_REFUSED | GUESTS_OFF)
}

/// The codes of the gateway. Source: Discord's documentation, "Gateway Close Event Codes".
pub mod gateway {
    /// Something went wrong; come back.
    pub const UNKNOWN_ERROR: u16 = 4000;
    /// There is no such opcode.
    pub const UNKNOWN_OPCODE: u16 = 4001;
    /// The payload makes no sense.
    pub const DECODE_ERROR: u16 = 4002;
    /// There is no session yet.
    pub const NOT_AUTHENTICATED: u16 = 4003;
    /// The token is not known.
    pub const AUTHENTICATION_FAILED: u16 = 4004;
    /// There is a session already.
    pub const ALREADY_AUTHENTICATED: u16 = 4005;
    /// The sequence was never reached.
    pub const INVALID_SEQUENCE: u16 = 4007;
    /// Payloads came too fast.
    pub const RATE_LIMITED: u16 = 4008;
    /// No sign of life came in time; come back.
    pub const SESSION_TIMED_OUT: u16 = 4009;
    /// There is no such shard.
    pub const INVALID_SHARD: u16 = 4010;
    /// A single shard would have too many guilds.
    pub const SHARDING_REQUIRED: u16 = 4011;
    /// The version is not served.
    pub const INVALID_VERSION: u16 = 4012;
    /// There are no such intents.
    pub const INVALID_INTENTS: u16 = 4013;
    /// The application may not have these intents.
    pub const DISALLOWED_INTENTS: u16 = 4014;
}
