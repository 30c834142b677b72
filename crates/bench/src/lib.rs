//! Load generator and floors: how fast the server is, beside how fast it could be; and whether a crash loses anything.
//!
//! # How each figure is defined
//!
//! The server, a floor or a rival has one core to itself; the load has another, and spins there, since a receiver that has
//! to be woken makes the server's writes look dearer. Ours and the others' are measured in turn within one run; a
//! figure is the median over the rounds, and a ratio is the median of the rounds' ratios. In every case each receiver
//! checks every message, and at the end of each measurement everyone must have everything, once, in one order.
//!
//! | figure | what it is |
//! |---|---|
//! | `cpu_us_per_delivery` | processor time of the process (user and system, all threads), divided by messages × receivers. What the kernel does in a send, up to the receiver's socket, is in it; what kernel threads do for the disk is not |
//! | `deliveries_per_s`, `messages_per_s` | from the first send of a measurement to its last delivery |
//! | `latency_p50_us`, `latency_p99_us` | over all deliveries, from when a message was due to when the load read it. At a fixed rate it is due at its place in the schedule, even when the load or the server is late; else when it is sent |
//! | `core_percent` | processor time of the process, as a share of the time that passed |
//! | `load_percent` | the same for the load; it spins, so less than 100 means that it was disturbed |
//! | `load_busy_percent` | the share of the time in which the load had something to read; near 100, the load is what limits |
//! | `payload_bytes` | of one delivery, without the few bytes in front of it that WebSocket needs; of IRC, NATS and MQTT the whole line or packet |
//! | `sends_per_s` and those below it | see [`durable`] |
//! | `zlib_…`, `zstd_…` | the same as without, for sessions whose streams are compressed, beside those of plain ones |
//! | `found_per_s` | messages that the store alone commits in groups of 24, which are taken into the index; beside such as are not |
//! | `search_p99_ms` and those above it | from when a search is sent until all of its answer is there, one at a time |
//! | `all_in_s` | from just before the first connect until the last history has arrived: connect, upgrade and join |
//! | `all_told_s` | the same, until everyone has been told of each who joined after them |
//! | `resident_kib_per_connection` | growth of `VmRSS` from no connection to all joined and at rest, divided by their number; what the kernel keeps for sockets is not in it |
//! | `first_start_to_ready_ms`, `start_to_ready_ms` | from just before the process is made to its first `200` on `/readyz`; the first start makes the data folder, the other finds it |
//! | `bytes_per_message` | growth of the data folder of a stopped server by that many messages of 37 to 42 characters, divided by their number; the log of what sessions were told, which is cut, is not in it |
//! | `binary_mib` | size of the server's program |
//! | `disk_sync_p50_us` | the time to append 4 KiB to a file and sync it, where the data folders lie |
//!
//! The cases: *one in flight*, the next message is sent when all receivers have the last; *pipelined*, ten senders in
//! the room keep four messages each under way; *fixed rate*, at most 50 messages and 100,000 deliveries a second;
//! *storm*, a thousand connect at once, on a fresh server; *idle*, joined connections that do nothing.
//!
//! # Where things are
//!
//! 1. [`cli`]: what can be asked for; [`lobby`], [`api`] and [`rivals`]: the cases, with the targets beside them;
//!    [`crowd`] and [`durable`]: what they have in common; [`search`]: searches among many messages
//! 2. [`drive`]: the three ways to drive a [`room`], by its [`senders`]; [`join`]: how everyone gets into it
//! 3. [`stamp`] and [`ledger`]: how loss, doubles and disorder are found
//! 4. [`swarm`], [`inbox`], [`protocol`] and [`websocket`]: many connections, held by one thread; [`session`],
//!    [`audience`] and [`packed`]: those of the gateway; [`poster`], [`calls`], [`callers`] and [`answer`]: HTTP
//! 5. [`floor`] and [`page`]: what we compare with
//! 6. [`subject`], [`server`], [`seed`] and [`process`]: who is measured; [`usage`], [`cores`] and [`port`]: where, and how
//! 7. [`figure`], [`histogram`] and [`report`]: what comes out
//! 8. [`crash`]: what neither a `kill -9` nor an upgrade may lose; [`power`]: nor a loss of power; `entry`: a message, as both know it; [`storm`], [`overload`] and
//!    [`slow`]: what too many at once may not do

pub mod answer;
pub mod api;
pub mod audience;
pub mod callers;
pub mod calls;
pub mod cli;
pub mod cores;
pub mod crash;
pub mod crowd;
pub mod drive;
pub mod durable;
mod entry;
pub mod figure;
pub mod floor;
pub mod histogram;
pub mod inbox;
pub mod join;
pub mod ledger;
pub mod lobby;
pub mod machine;
pub mod overload;
pub mod packed;
pub mod page;
pub mod payload;
pub mod port;
pub mod poster;
pub mod power;
pub mod process;
pub mod protocol;
mod random;
pub mod report;
pub mod rivals;
pub mod room;
pub mod search;
pub mod seed;
pub mod senders;
pub mod server;
pub mod session;
pub mod setup;
pub mod slow;
pub mod stamp;
pub mod storm;
pub mod subject;
pub mod swarm;
pub mod usage;
pub mod websocket;
