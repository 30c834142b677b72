//! The lobby protocol: the first Decentra's wire format, as DESIGN 2.3 writes it down.
//!
//! JSON text frames. Both sides ignore types and keys that they do not know. What Decentra adds to the first format
//! is optional, and marked below.

pub mod client_frame;
pub mod line;
pub mod server_frame;

pub use client_frame::{ClientFrame, FrameError, Join, Post};
pub use line::{Draft, Line};
pub use server_frame::{ErrorCode, History, PostedFrame, Presence, ServerFrame, SystemFrame, Who};
