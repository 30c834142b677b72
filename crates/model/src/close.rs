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
