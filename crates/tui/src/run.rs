//! Which of its two faces the program shows.

use std::io::{self, IsTerminal};

use decentra_client::{Client, Options, Timing};
use decentra_model::Name;

use crate::line::{self, LineMode};
use crate::screen::{self, ScreenMode};
use crate::signals::Signals;
use crate::zone::Zone;
use crate::{Args, name};

/// Runs until the person leaves, or the input ends. An error's text is for people, and may hold what a server wrote.
pub fn run(args: Args) -> anyhow::Result<()> {
    let interactive = io::stdin().is_terminal() && io::stdout().is_terminal();
    let server = args.server()?;
    let name = match args.name {
        Some(name) => name,
        None if io::stdin().is_terminal() => name::ask(io::stdin().lock(), io::stderr())?,
        None => Name::anonymous(),
    };
    let options = Options { server, name, timing: Timing::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let end = runtime.block_on(async {
        let signals = Signals::listen()?;
        if interactive && !args.plain && !is_dumb() {
            let mode = ScreenMode { zone: Zone::local(), colours: colours_wanted(), mouse: !args.no_mouse };
            screen::run(options, mode, signals).await
        } else {
            let colours = colours_wanted() && io::stdout().is_terminal() && !is_dumb();
            let mode = LineMode { zone: Zone::local(), colours, timeout: args.timeout };
            line::run(Client::start(options.clone()), &options, mode, signals).await
        }
    });
    runtime.shutdown_background();
    end
}

/// Whether the terminal says that it can do nothing but lines.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// See <https://no-color.org>.
fn colours_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
