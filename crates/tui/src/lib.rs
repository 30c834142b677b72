//! The terminal client.
//!
//! What is known and what is sent is decided in [`decentra_core::client`], and the connection is kept by
//! [`decentra_client`]; here is what a person sees and types. Read in this order:
//!
//! 1. [`args`]: how the program is called; [`run`]: which of its two faces it shows
//! 2. [`slash`]: what can be typed beside messages
//! 3. [`screen`]: the full screen; a widget takes state and an area, and keys become actions in one table
//! 4. [`mod@line`]: the line mode, for pipes and scripts
//! 5. [`aside`]: what is said beside the chat; [`zone`] and [`signals`]: local time, and being told to stop

pub mod args;
pub mod aside;
pub mod line;
mod name;
mod run;
pub mod screen;
pub mod signals;
pub mod slash;
pub mod zone;

pub use args::Args;
pub use run::run;
