//! The binary `decentra-server`.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use decentra_model::limits::DESCRIPTORS_KEPT;
use decentra_server::settings::{Cli, Command, LogFormat};
use decentra_server::{Clock, Server, Settings, banner, health};
use mimalloc::MiMalloc;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// Many small pieces of memory are taken by one thread and given back by another: the C library's own allocator is slow at
/// that, musl's above all.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("decentra-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let settings = Settings::load(cli.options)?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(&settings),
        Command::CheckConfig => Ok(write!(std::io::stdout(), "{}", settings.to_toml())?),
        Command::Health => health::ask(settings.listen),
        Command::Backup { target } => Ok(decentra_store_sqlite::backup(&settings.data_dir, &target)?),
    }
}

#[tokio::main]
async fn serve(settings: &Settings) -> anyhow::Result<()> {
    log_to_stderr(settings.log_format);
    let settings = &within_descriptor_limit(settings);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut server = Server::start(settings.clone(), Clock::system())?;
    tracing::info!(address = %server.address(), "ready");
    // Whoever started it may have closed their end: that is no reason not to serve.
    let _ = write!(std::io::stdout(), "{}", banner::banner(settings, server.address()));
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        () = server.failed() => anyhow::bail!("the server failed; the log above says why"),
    }
    tracing::info!("stopping");
    server.stop().await?;
    tracing::info!("stopped");
    Ok(())
}

fn log_to_stderr(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// Each connection takes a file descriptor, and the usual limit of 1,024 is soon reached: it is raised. Where that does not
/// suffice, fewer connections are taken, so that whoever is too many can be told so.
fn within_descriptor_limit(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => {
            let room = usize::try_from(limit.saturating_sub(DESCRIPTORS_KEPT)).unwrap_or(usize::MAX).max(1);
            if room < settings.connections_max {
                tracing::warn!(
                    open_files = limit,
                    connections = room,
                    "the limit of open files is what limits"
                );
                settings.connections_max = room;
            }
        }
        Err(error) => tracing::warn!(%error, "the limit of open files stays as it is"),
    }
    settings
}
