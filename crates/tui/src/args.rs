//! How the program is called.

use std::time::Duration;

use clap::Parser;
use clap::builder::FalseyValueParser;
use decentra_client::ServerAddress;
use decentra_client::address::AddressError;
use decentra_model::Name;
use decentra_model::name::NameError;

/// Chat in a terminal.
///
/// On a terminal it fills the screen. Piped, or with --plain, it reads messages from standard input, a line each,
/// prints what is said to standard output, and leaves when all it was given has been said:
/// Try: `echo hi | decentra Bot`
#[derive(Debug, Clone, Parser)]
#[command(name = "decentra", version, after_help = AFTER_HELP)]
pub struct Args {
    /// The name to go by, at most 32 characters; an empty one means Anonymous. Without it, a terminal is asked
    #[arg(env = "DECENTRA_NAME", value_parser = name)]
    pub name: Option<Name>,

    /// The address of the server, ws://… or wss://…; it takes the place of the two settings below
    #[arg(long, env = "DECENTRA_SERVER", value_name = "URL")]
    pub server: Option<ServerAddress>,

    /// The host of the server
    #[arg(long, env = "SERVER_HOST", value_name = "NAME", default_value = "localhost")]
    pub host: String,

    /// The port of the server
    #[arg(long, env = "SERVER_PORT", value_name = "PORT", default_value_t = 8765)]
    pub port: u16,

    /// Print lines instead of filling the screen
    #[arg(long, env = "DECENTRA_PLAIN", value_parser = FalseyValueParser::new())]
    pub plain: bool,

    /// Leave the mouse to the terminal: its wheel does not scroll the messages then, but marking text is easier
    #[arg(long, env = "DECENTRA_NO_MOUSE", value_parser = FalseyValueParser::new())]
    pub no_mouse: bool,

    /// Seconds that the line mode waits for what is not confirmed yet, without any progress, once the input has ended
    /// or the connection is lost
    #[arg(long, env = "DECENTRA_TIMEOUT", value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub timeout: Duration,
}

/// What `--help` ends with.
const AFTER_HELP: &str = "\
On the screen, /help lists the keys and commands. NO_COLOR is respected; SSL_CERT_FILE names further certificates to \
trust for wss://.

Exit code: 0 if all is well, 1 if the server cannot be reached or something could not be sent, 2 for wrong usage.";

impl Args {
    /// The server to go to.
    pub fn server(&self) -> Result<ServerAddress, AddressError> {
        match &self.server {
            Some(server) => Ok(server.clone()),
            None => ServerAddress::of(&self.host, self.port),
        }
    }
}

/// The name in `text`; an empty one is Anonymous.
pub(crate) fn name(text: &str) -> Result<Name, NameError> {
    if text.trim().is_empty() { Ok(Name::anonymous()) } else { Name::parse(text) }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().map_err(|error| error.to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_setting_has_a_variable_and_help() {
        let command = Args::command();
        command.clone().debug_assert();
        for setting in command.get_arguments() {
            let id = setting.get_id().as_str();
            assert!(setting.get_env().is_some() && setting.get_help().is_some(), "{id}");
        }
    }

    #[test]
    fn a_server_takes_the_place_of_host_and_port() {
        let args = |more: &[&str]| Args::try_parse_from([&["decentra", "Ana"], more].concat());
        assert_eq!(args(&[]).unwrap().server().unwrap().to_string(), "localhost:8765");
        let args = args(&["--server", "wss://chat.example.org", "--port", "1"]).unwrap();
        assert_eq!(args.server().unwrap().to_string(), "wss://chat.example.org");
    }

    #[test]
    fn an_empty_name_is_anonymous_and_a_bad_one_is_wrong_usage() {
        assert_eq!(name("  ").unwrap(), Name::anonymous());
        assert_eq!(Args::try_parse_from(["decentra", "a\u{1b}b"]).unwrap_err().exit_code(), 2);
        assert_eq!(Args::try_parse_from(["decentra", "--server", "localhost"]).unwrap_err().exit_code(), 2);
    }
}
