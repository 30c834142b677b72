//! The configuration: what was read is written so that the same is read; a flag and a key mean the same.
#![no_main]

use clap::Parser;
use decentra_server::Settings;
use decentra_server::settings::{Cli, Options};
use libfuzzer_sys::fuzz_target;

/// The settings that are numbers in a file.
const NUMBERS: [&str; 2] = ["connections_max", "connections_per_address"];

// A file; or, after an exclamation mark, lines with a key and a value each.
fuzz_target!(|text: &str| {
    match text.strip_prefix('!') {
        Some(lines) => flags_and_keys_agree(lines),
        None => is_read_as_written(text),
    }
});

fn is_read_as_written(text: &str) {
    let Ok(mut settings) = Settings::read(Options::default(), text) else { return };
    let written = settings.to_toml();
    let again = Settings::read(Options::default(), &written);
    // A token is not shown.
    settings.metrics_token = settings.metrics_token.map(|_| "(set)".into());
    let again = again.unwrap_or_else(|error| panic!("{error} in {written}"));
    assert_eq!(format!("{again:?}"), format!("{settings:?}"));
}

fn flags_and_keys_agree(lines: &str) {
    let pairs: Vec<(&str, &str)> = lines.lines().filter_map(|line| line.split_once('=')).collect();
    if pairs.iter().any(|(key, _)| matches!(*key, "config" | "help" | "version")) {
        return;
    }
    let flags = pairs.iter().map(|(key, value)| format!("--{}={value}", key.replace('_', "-")));
    let keys: String = pairs
        .iter()
        .map(|(key, value)| format!("{} = {}\n", key.replace('-', "_"), toml(key, value)))
        .collect();
    let cli = Cli::try_parse_from(std::iter::once("decentra-server".to_owned()).chain(flags));
    let by_flags = cli.ok().and_then(|cli| Settings::read(cli.options, "").ok());
    let by_keys = Settings::read(Options::default(), &keys).ok();
    if let (Some(by_flags), Some(by_keys)) = (by_flags, by_keys) {
        assert_eq!(format!("{by_flags:?}"), format!("{by_keys:?}"));
    }
}

fn toml(key: &str, value: &str) -> String {
    let text = |value: &str| serde_json::Value::from(value).to_string();
    match key.replace('-', "_").as_str() {
        key if NUMBERS.contains(&key) => value.to_owned(),
        "trusted_proxies" => format!("[{}]", value.split(',').map(text).collect::<Vec<_>>().join(", ")),
        _ => text(value),
    }
}
