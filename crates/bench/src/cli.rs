//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::api;
use crate::lobby::Part;
use crate::rivals;
use crate::rivals::rival::Rival;

/// Measures how fast the server is, beside how fast it could be
///
/// Results go to standard output: one JSON line for each case as it is done, then a table. The exit code is 1 when
/// something was lost, doubled or out of order, or something failed; a figure that misses its target is only marked.
#[derive(Debug, Parser)]
#[command(name = "decentra-bench", version)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub task: Task,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Measure a server, on one core, beside the floors
    ///
    /// Server and floors run on the first core that may be used, the load on the second. Close other programs: what
    /// else runs there is in the figures. Data folders are made beside the server's program, and removed.
    Lobby {
        /// The program of the server
        #[arg(long, value_name = "PROGRAM", env = "DECENTRA_SERVER_BIN")]
        server: PathBuf,
        /// Only small rooms, and one short round: to see that nothing is lost, doubled or out of order
        #[arg(long)]
        quick: bool,
        /// Only these parts; all, unless given
        #[arg(long, value_name = "PART", value_delimiter = ',')]
        only: Vec<Part>,
    },
    /// Measure the API and the gateway in the same way
    Api {
        /// The program of the server
        #[arg(long, value_name = "PROGRAM", env = "DECENTRA_SERVER_BIN")]
        server: PathBuf,
        /// One short round: to see that nothing is lost, doubled or out of order
        #[arg(long)]
        quick: bool,
        /// Only these parts; all, unless given
        #[arg(long, value_name = "PART", value_delimiter = ',')]
        only: Vec<api::Part>,
    },
    /// Measure searches among a million messages, and what it costs to take messages into the index
    Search {
        /// The program of the server
        #[arg(long, value_name = "PROGRAM", env = "DECENTRA_SERVER_BIN")]
        server: PathBuf,
        /// A hundred thousand messages, and one short round
        #[arg(long)]
        quick: bool,
    },
    /// Measure the lobby beside other people's servers: nats-server, ngircd, inspircd and mosquitto, of Debian
    ///
    /// Their packages are downloaded with apt-get and unpacked beside the server's program; nothing is installed.
    Rivals {
        /// The program of the server
        #[arg(long, value_name = "PROGRAM", env = "DECENTRA_SERVER_BIN")]
        server: PathBuf,
        /// Only small rooms, and one short round: to see that nothing is lost, doubled or out of order
        #[arg(long)]
        quick: bool,
        /// Only these parts; all, unless given
        #[arg(long, value_name = "PART", value_delimiter = ',')]
        only: Vec<rivals::Part>,
        /// Only beside these; all, unless given
        #[arg(long, value_name = "RIVAL", value_delimiter = ',')]
        beside: Vec<Rival>,
    },
    /// Be a floor: the least program that brings a message to everyone. `lobby` starts it by itself
    Floor {
        /// The port to listen at, on 127.0.0.1
        #[arg(long)]
        port: u16,
        /// Gather what waits for one socket into one write
        #[arg(long)]
        gather: bool,
        /// Bytes of a message, at least
        #[arg(long)]
        frame_bytes: Option<usize>,
    },
    /// Be a floor for pages: a bare handler that answers the same bytes to all. `api` starts it by itself
    Page {
        /// The port to listen at, on 127.0.0.1
        #[arg(long)]
        port: u16,
        /// The file with the answer
        #[arg(long)]
        body: PathBuf,
    },
    /// Start the server anew under ten thousand sessions, which all come back at once
    ///
    /// Fails unless each has all that it missed, once, within 10 s.
    Storm {
        /// The program of the server
        #[arg(long, value_name = "PROGRAM", env = "DECENTRA_SERVER_BIN")]
        server: PathBuf,
        /// Only 500 sessions
        #[arg(long)]
        quick: bool,
        /// How many sessions; 10,000 unless given
        #[arg(long, value_name = "COUNT", conflicts_with = "quick")]
        sessions: Option<usize>,
        /// Another build of the server, from which it is upgraded; without it, an upgrade is a restart
        #[arg(long, value_name = "PROGRAM")]
        older: Option<PathBuf>,
    },
    /// Let ten thousand who read slowly, or not at all, come among a thousand who read at once
    ///
    /// Fails unless the quick ones fare nearly as if they were alone, and the slow ones are cut off and can resume.
    Slow {
        /// The program of the server
        #[arg(long, value_name = "PROGRAM", env = "DECENTRA_SERVER_BIN")]
        server: PathBuf,
        /// Only 1,000 among 200
        #[arg(long)]
        quick: bool,
        /// How many are slow; 10,000 unless given
        #[arg(long, value_name = "COUNT", conflicts_with = "quick")]
        readers: Option<usize>,
    },
    /// Ask twice as much of the server as it can take
    ///
    /// Fails unless what it takes is answered within 250 ms (p99), the rest is turned down clearly, memory stays within its
    /// bound, and all is back to normal 5 s after.
    Overload {
        /// The program of the server
        #[arg(long, value_name = "PROGRAM", env = "DECENTRA_SERVER_BIN")]
        server: PathBuf,
        /// Only 15 s
        #[arg(long)]
        quick: bool,
        /// For how many seconds; ten minutes unless given
        #[arg(long, value_name = "COUNT", conflicts_with = "quick")]
        seconds: Option<u64>,
    },
    /// Kill the server while it is written to, or upgrade it, again and again, and look what was lost
    Crash {
        /// The program of the server
        #[arg(long, value_name = "PROGRAM", env = "DECENTRA_SERVER_BIN")]
        server: PathBuf,
        /// Another build of it, with which it takes turns at each upgrade; without it, an upgrade is a restart
        #[arg(long, value_name = "PROGRAM")]
        older: Option<PathBuf>,
        /// How often it dies
        #[arg(long, default_value_t = 200)]
        rounds: u32,
        /// What the moments follow from; chosen by chance and printed, unless given
        #[arg(long)]
        seed: Option<u64>,
        /// Let a bot on discord.js and one on discord.py live through all of it
        #[arg(long)]
        bots: bool,
        /// The folder with the bots and the Node packages that they need: tests/compat
        #[arg(long, value_name = "FOLDER", env = "DECENTRA_COMPAT", default_value = "tests/compat")]
        compat: PathBuf,
        /// A Python that has discord.py
        #[arg(long, value_name = "PROGRAM", env = "DECENTRA_PYTHON", default_value = "python3")]
        python: PathBuf,
    },
    /// Cut the power beneath the server while it is written to, and count what was lost
    Power {
        /// The program of the server
        #[arg(long, value_name = "PROGRAM", env = "DECENTRA_SERVER_BIN")]
        server: PathBuf,
        /// How many lives of the server are recorded
        #[arg(long, default_value_t = 40)]
        rounds: u32,
        /// At how many moments of each life the power fails
        #[arg(long, default_value_t = 5)]
        failures: u32,
        /// What the moments and the losses follow from; chosen by chance and printed, unless given
        #[arg(long)]
        seed: Option<u64>,
        /// Put the server on a disk whose syncs do nothing: this must find loss, and fails if it does not
        #[arg(long)]
        lying_disk: bool,
    },
}
