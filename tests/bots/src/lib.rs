//! What the bots share, whatever library they stand on: the protocol they speak with the driver that starts
//! them, and the judgement of what they saw.
//!
//! Each bot takes the same steps, with modules of the same names; the order is in its `main.rs`.

pub mod protocol;

pub mod inbox;

pub mod roll;

pub mod history;

pub mod session;
