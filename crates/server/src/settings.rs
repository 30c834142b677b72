//! What can be set, and from where: a flag, else a variable, else the file, else the default (DESIGN 2.1).

mod cli;
mod file;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::Context;
pub use cli::{Cli, Command, LogFormat, OnOff, Options, Registration};
use decentra_core::community::account::Admission;
use decentra_core::lobby::Policy;
use decentra_model::limits::{CONNECTIONS_MAX, CONNECTIONS_PER_ADDRESS_MAX};
use file::File;
use ipnet::IpNet;
use serde::Serialize;

/// The settings in force.
#[derive(Debug, Clone, Serialize)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the data lies.
    pub data_dir: PathBuf,
    /// What this place is called.
    pub name: String,
    /// Whether people without an account may enter the lobby.
    pub guests: OnOff,
    /// Who may make an account, beside the first.
    pub registration: Registration,
    /// Whether the rate of messages is limited.
    pub rate_limits: OnOff,
    /// Connections in all, at most.
    pub connections_max: usize,
    /// Connections from one address, at most; 0 is no limit.
    pub connections_per_address: usize,
    /// Reverse proxies whose word on who connects is taken.
    pub trusted_proxies: Vec<IpNet>,
    /// Where the web client lies, if it is not to be the one within the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_dir: Option<PathBuf>,
    /// How logs are written.
    pub log_format: LogFormat,
    /// What opens `/metrics` to other machines.
    #[serde(serialize_with = "hide", skip_serializing_if = "Option::is_none")]
    pub metrics_token: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8765)),
            data_dir: "./data".into(),
            name: "Decentra".into(),
            guests: OnOff::On,
            registration: Registration::Invite,
            rate_limits: OnOff::On,
            connections_max: CONNECTIONS_MAX,
            connections_per_address: CONNECTIONS_PER_ADDRESS_MAX,
            trusted_proxies: Vec::new(),
            web_dir: None,
            log_format: LogFormat::Text,
            metrics_token: None,
        }
    }
}

impl Settings {
    /// The settings that `options` and the file they name give.
    pub fn load(options: Options) -> anyhow::Result<Self> {
        let file = match &options.config {
            Some(path) => {
                File::read(path).with_context(|| format!("the configuration {}", path.display()))?
            }
            None => File::default(),
        };
        Ok(Self::of(options, file))
    }

    /// The settings that `options` and the configuration in `text` give.
    #[cfg(fuzzing)]
    pub fn read(options: Options, text: &str) -> anyhow::Result<Self> {
        Ok(Self::of(options, File::parse(text)?))
    }

    fn of(options: Options, file: File) -> Self {
        let default = Self::default();
        Self {
            listen: options.listen.or(file.listen).unwrap_or(default.listen),
            data_dir: options.data_dir.or(file.data_dir).unwrap_or(default.data_dir),
            name: options.name.or(file.name).unwrap_or(default.name),
            guests: options.guests.or(file.guests).unwrap_or(default.guests),
            registration: options.registration.or(file.registration).unwrap_or(default.registration),
            rate_limits: options.rate_limits.or(file.rate_limits).unwrap_or(default.rate_limits),
            connections_max: options
                .connections_max
                .or(file.connections_max)
                .unwrap_or(default.connections_max),
            connections_per_address: options
                .connections_per_address
                .or(file.connections_per_address)
                .unwrap_or(default.connections_per_address),
            trusted_proxies: options
                .trusted_proxies
                .or(file.trusted_proxies)
                .unwrap_or(default.trusted_proxies),
            web_dir: options.web_dir.or(file.web_dir),
            log_format: options.log_format.or(file.log_format).unwrap_or(default.log_format),
            metrics_token: options.metrics_token.or(file.metrics_token),
        }
    }

    /// The settings in the form of a configuration file, secrets hidden.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("strings, numbers and lists always serialise")
    }

    /// Who may register.
    pub(crate) fn admission(&self) -> Admission {
        match self.registration {
            Registration::Invite => Admission::Invited,
            Registration::Open => Admission::Anyone,
            Registration::Closed => Admission::Nobody,
        }
    }

    /// What was decided of the lobby.
    pub fn lobby_policy(&self) -> Policy {
        Policy { guests: self.guests == OnOff::On, rate_limits: self.rate_limits == OnOff::On }
    }
}

#[expect(clippy::ref_option, reason = "the form that serde asks for")]
fn hide<S: serde::Serializer>(_secret: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str("(set)")
}
