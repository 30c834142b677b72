//! The configuration file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de};

use super::cli::{LogFormat, OnOff, Registration, parse_network};

/// The settings in a TOML file, each as far as it stands there. A key that means nothing is an error, since it is likely
/// a slip.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) listen: Option<SocketAddr>,
    pub(super) data_dir: Option<PathBuf>,
    pub(super) name: Option<String>,
    pub(super) guests: Option<OnOff>,
    pub(super) registration: Option<Registration>,
    pub(super) rate_limits: Option<OnOff>,
    pub(super) connections_max: Option<usize>,
    pub(super) connections_per_address: Option<usize>,
    #[serde(default, deserialize_with = "networks")]
    pub(super) trusted_proxies: Option<Vec<IpNet>>,
    pub(super) web_dir: Option<PathBuf>,
    pub(super) log_format: Option<LogFormat>,
    pub(super) metrics_token: Option<String>,
}

impl File {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        Self::parse(&std::fs::read_to_string(path)?)
    }

    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        Ok(toml::from_str(text)?)
    }
}

fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<IpNet>>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts
        .iter()
        .map(|text| parse_network(text))
        .collect::<Result<_, _>>()
        .map(Some)
        .map_err(de::Error::custom)
}
