//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// A chat of your own: one program, one port, one data folder.
///
/// Without a command it serves. Every setting can also be given as an environment variable or, with --config, in a TOML
/// file, under the same name (`data_dir = "/srv/chat"`). A flag wins over a variable, and a variable over the file.
#[derive(Debug, Parser)]
#[command(name = "decentra-server", version)]
pub struct Cli {
    /// What to do; to serve, unless something else is asked.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The settings.
    #[command(flatten)]
    pub options: Options,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server (what happens without a command, too)
    Serve,
    /// Print the settings in force, in the form of a configuration file, and exit
    CheckConfig,
    /// Ask the server on this machine whether it is ready; exits with 0 if it is, 1 if not
    Health,
    /// Write a copy of the database, also while the server runs
    Backup {
        /// The file to write; it must not exist
        target: PathBuf,
    },
}

/// The settings, each as far as it was given.
#[derive(Debug, Default, Args)]
pub struct Options {
    /// Where to listen [default: 0.0.0.0:8765]
    #[arg(long, env = "DECENTRA_LISTEN", value_name = "ADDR:PORT", global = true)]
    pub listen: Option<SocketAddr>,
    /// Where the data lies; made when it is not there [default: ./data]
    #[arg(long, env = "DECENTRA_DATA_DIR", value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// A TOML file with settings
    #[arg(long, env = "DECENTRA_CONFIG", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// What this place is called [default: Decentra]
    #[arg(long, env = "DECENTRA_NAME", global = true)]
    pub name: Option<String>,
    /// Whether people without an account may enter the lobby [default: on]
    #[arg(long, env = "DECENTRA_GUESTS", value_name = "on|off", hide_possible_values = true, global = true)]
    pub guests: Option<OnOff>,
    /// Who may make an account, beside the first, who owns the instance [default: invite]
    #[arg(
        long,
        env = "DECENTRA_REGISTRATION",
        value_name = "invite|open|closed",
        hide_possible_values = true,
        global = true
    )]
    pub registration: Option<Registration>,
    /// Whether the rate of messages is limited; off is for load tests [default: on]
    #[arg(
        long,
        env = "DECENTRA_RATE_LIMITS",
        value_name = "on|off",
        hide_possible_values = true,
        global = true
    )]
    pub rate_limits: Option<OnOff>,
    /// Connections in all, at most [default: 20000]
    #[arg(long, env = "DECENTRA_CONNECTIONS_MAX", value_name = "N", global = true)]
    pub connections_max: Option<usize>,
    /// Connections from one address, at most; 0 is no limit [default: 256]
    #[arg(long, env = "DECENTRA_CONNECTIONS_PER_ADDRESS", value_name = "N", global = true)]
    pub connections_per_address: Option<usize>,
    /// Reverse proxies whose X-Forwarded-For is believed, as addresses or networks, separated by commas
    #[arg(
        long,
        env = "DECENTRA_TRUSTED_PROXIES",
        value_name = "NET,…",
        value_delimiter = ',',
        value_parser = parse_network,
        global = true
    )]
    pub trusted_proxies: Option<Vec<IpNet>>,
    /// A folder with a web client, to be served instead of the one within the program
    #[arg(long, env = "DECENTRA_WEB_DIR", value_name = "DIR", global = true)]
    pub web_dir: Option<PathBuf>,
    /// How logs are written, to standard error; `RUST_LOG` says how much [default: text]
    #[arg(
        long,
        env = "DECENTRA_LOG_FORMAT",
        value_name = "text|json",
        hide_possible_values = true,
        global = true
    )]
    pub log_format: Option<LogFormat>,
    /// A bearer token that opens /metrics to other machines than this
    #[arg(long, env = "DECENTRA_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true, global = true)]
    pub metrics_token: Option<String>,
}

/// A switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnOff {
    /// Yes.
    On,
    /// No.
    Off,
}

/// Who may make an account, beside the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Who has an invite into a guild.
    Invite,
    /// Everyone.
    Open,
    /// Nobody.
    Closed,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one object a line.
    Json,
}

/// A network, or an address as a network of one.
pub(super) fn parse_network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse().map(|address: std::net::IpAddr| IpNet::from(address));
    text.parse()
        .or_else(|_| address())
        .map_err(|_| format!("'{text}' is no address or network, such as 10.0.0.0/8"))
}
