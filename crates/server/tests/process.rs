//! The binary as a process: how it starts, how it ends, what survives.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use std::process::{Command, Output};

use decentra_model::lobby::ServerFrame;
use decentra_testkit::process::{Process, free_address};
use decentra_testkit::{Client, soon};
use rusqlite::Connection;
use tempfile::TempDir;

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_decentra-server"));
    command.env("RUST_LOG", "info");
    command
}

fn start(data: &Path) -> Process {
    Process::start(&mut binary(), data)
}

/// What the binary says when it is started with `arguments` and ends by itself.
fn output(arguments: &[&str]) -> Output {
    binary().args(arguments).output().unwrap()
}

/// What it says on standard error when it fails, with exit code 1.
fn failure(arguments: &[&str]) -> String {
    let output = output(arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// Everything that is stored.
fn stored(data: &Path) -> Vec<String> {
    let file = Connection::open(data.join("decentra.db")).unwrap();
    let mut rows = file.prepare("SELECT content FROM message ORDER BY id").unwrap();
    rows.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn what_was_echoed_survives_a_kill() {
    let data = TempDir::new().unwrap();
    let mut echoed = Vec::new();
    for round in 0..3 {
        let server = Process::start(binary().args(["--rate-limits", "off"]), data.path());
        let mut ana = Client::connect(server.address).await;
        ana.join("Ana").await;
        for nth in 0..200 {
            ana.say(&format!("{round}:{nth}")).await;
        }
        for _ in 0..100 {
            echoed.push(ana.hears().await.1);
        }
        server.kill();
        let kept = stored(data.path());
        assert!(echoed.iter().all(|line| kept.contains(line)), "an echoed message is lost");
        assert_eq!(kept.len(), kept.iter().collect::<std::collections::HashSet<_>>().len(), "one is doubled");
        // What had not been echoed yet may be there or not; from now on it is part of the past.
        echoed = kept;
    }
    let server = start(data.path());
    let history = Client::connect(server.address).await.join("Ben").await;
    let shown: Vec<_> = history.messages.iter().map(content).collect();
    assert_eq!(shown, echoed[echoed.len() - 100..]);
}

fn content(frame: &ServerFrame) -> &str {
    match frame {
        ServerFrame::Message(message) => &message.content,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn both_signals_end_it_well() {
    for signal in ["TERM", "INT"] {
        let data = TempDir::new().unwrap();
        let server = start(data.path());
        let mut ana = Client::connect(server.address).await;
        ana.join("Ana").await;
        let ended = tokio::task::spawn_blocking(move || server.end_by(signal));
        assert_eq!(ana.is_closed().await, decentra_model::close::GOING_AWAY);
        ana.leave().await;
        assert!(soon("the end", ended).await.unwrap().success());
    }
}

#[test]
fn a_start_says_where_to_go_and_where_the_data_lies() {
    let data = TempDir::new().unwrap();
    let address = free_address().to_string();
    let mut child = binary()
        .args(["--listen", &address, "--name", "Our place", "--data-dir"])
        .arg(data.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap());
    while !said.contains("Ctrl+C") {
        assert_ne!(std::io::BufRead::read_line(&mut lines, &mut said).unwrap(), 0, "{said}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for part in [
        "Our place is up.",
        &format!("http://{address}"),
        &format!("decentra --server ws://{address}"),
        data.path().to_str().unwrap(),
    ] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
}

#[test]
fn a_port_in_use_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = TempDir::new().unwrap();
    let said = failure(&["--listen", &address, "--data-dir", data.path().to_str().unwrap()]);
    assert!(said.contains(&format!("cannot listen on {address}")) && said.contains("--listen"), "{said}");
}

#[test]
fn a_folder_that_another_server_uses_is_said() {
    let data = TempDir::new().unwrap();
    let _running = start(data.path());
    let address = free_address().to_string();
    let said = failure(&["--listen", &address, "--data-dir", data.path().to_str().unwrap()]);
    assert!(said.contains("another server is running"), "{said}");
}

#[test]
fn data_of_a_newer_version_is_said_and_left_alone() {
    let data = TempDir::new().unwrap();
    start(data.path()).end_by("TERM");
    let file = Connection::open(data.path().join("decentra.db")).unwrap();
    file.pragma_update(None, "user_version", 999).unwrap();
    drop(file);
    let before = std::fs::read(data.path().join("decentra.db")).unwrap();
    let said =
        failure(&["--listen", &free_address().to_string(), "--data-dir", data.path().to_str().unwrap()]);
    assert!(said.contains("newer Decentra (schema 999"), "{said}");
    assert_eq!(std::fs::read(data.path().join("decentra.db")).unwrap(), before);
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let data = TempDir::new().unwrap();
    let file = data.path().join("file");
    std::fs::write(&file, "").unwrap();
    let inside = file.join("data");
    let said = failure(&["--listen", &free_address().to_string(), "--data-dir", inside.to_str().unwrap()]);
    assert!(said.contains(inside.to_str().unwrap()), "{said}");
}

#[test]
fn a_flag_wins_over_a_variable_and_a_variable_over_the_file() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("decentra.toml");
    std::fs::write(&file, "name = 'file'\nguests = 'off'\ntrusted_proxies = ['10.0.0.0/8', '::1']\n")
        .unwrap();
    let config = file.to_str().unwrap();
    let settings = |command: &mut Command| {
        let output = command.args(["check-config", "--config", config]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let from_file = settings(&mut binary());
    for line in
        ["name = \"file\"", "guests = \"off\"", "listen = \"0.0.0.0:8765\"", "\"10.0.0.0/8\"", "\"::1/128\""]
    {
        assert!(from_file.contains(line), "{line} is not in:\n{from_file}");
    }
    let from_variable =
        settings(binary().env("DECENTRA_NAME", "variable").env("DECENTRA_METRICS_TOKEN", "s3cret"));
    assert!(from_variable.contains("name = \"variable\""), "{from_variable}");
    assert!(!from_variable.contains("s3cret"), "a secret is shown: {from_variable}");
    let from_flag = settings(binary().env("DECENTRA_NAME", "variable").args(["--name", "flag"]));
    assert!(from_flag.contains("name = \"flag\""), "{from_flag}");
}

#[test]
fn wrong_settings_are_said() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("decentra.toml");
    std::fs::write(&file, "gests = 'off'\n").unwrap();
    let said = failure(&["--config", file.to_str().unwrap()]);
    assert!(said.contains("gests"), "{said}");
    assert_eq!(output(&["--listen", "nowhere"]).status.code(), Some(2));
    assert_eq!(output(&["--guests", "perhaps"]).status.code(), Some(2));
    assert!(String::from_utf8(output(&["--help"]).stdout).unwrap().contains("DECENTRA_DATA_DIR"));
}

#[test]
fn a_health_check_and_a_backup_need_no_other_program() {
    let dir = TempDir::new().unwrap();
    let server = start(&dir.path().join("data"));
    let address = server.address.to_string();
    assert!(output(&["health", "--listen", &address]).status.success());
    let target = dir.path().join("copy.db");
    let data = dir.path().join("data");
    let backup = ["backup", target.to_str().unwrap(), "--data-dir", data.to_str().unwrap()];
    assert!(output(&backup).status.success());
    assert!(failure(&backup).contains("exists"));
    drop(server);
    failure(&["health", "--listen", &address]);
    assert!(target.metadata().unwrap().len() > 0);
}
