//! The real server and clients on a simulated machine and network, through thousands of fault schedules.
//!
//! All of it runs on one thread, on a clock that stands still until nobody has anything to do, with dice that a seed decides:
//! who has the next turn, how long bytes and the disk take, what people do, what befalls the server. So a seed that
//! breaks a law breaks it again. The server is the one that is shipped: its tasks, its log, its store on SQLite, hyper and its
//! WebSockets run as they are, on a [`Machine`](decentra_server::Machine) that is not the real one.
//!
//! Why it is our own, and not turmoil or madsim: turmoil replaces tokio's sockets, but neither threads nor blocking work,
//! and the server writes to sockets from the log's thread; madsim replaces the whole of tokio by a build of its own, so
//! that hyper and tungstenite would not be those that are shipped.
//!
//! 1. [`run`]: one run of a seed; [`template`]: what it starts on; [`many`]: many of them; [`cli`]: how that is asked for
//! 2. [`world`]: the machine; [`turns`], [`network`], [`disk`], [`time`]: its parts; [`faults`]: what befalls them
//! 3. [`guest`], [`session`], [`writer`], [`caller`]: the people; [`record`], [`trace`]: what they did and heard
//! 4. [`law`], [`sight`]: what must hold

pub mod caller;
pub mod cli;
pub mod disk;
pub mod faults;
pub mod guest;
pub mod law;
pub mod many;
pub mod network;
pub mod record;
pub mod run;
pub mod session;
pub mod sight;
pub mod template;
pub mod time;
pub mod trace;
pub mod turns;
pub mod world;
pub mod writer;
