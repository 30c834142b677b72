//! The binary as a process: how it starts, how it ends, what survives.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

use decentra_model::lobby::{ErrorCode, ServerFrame};
use decentra_testkit::process::{Process, free_address};
use decentra_testkit::{Client, Raw, soon};
use rusqlite::Connection;
use serde_json::json;
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

/// Runs `script` in a shell with file systems of its own, where `$BIN` is the binary and `$DIR` a tmpfs of one megabyte.
///
/// A user namespace gives the right to mount to who is not root.
fn with_small_disk(dir: &Path, script: &str) -> Command {
    let mount = "mount -t tmpfs -o size=1m,mode=700 small \"$DIR\" || exit 9";
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &format!("{mount}\n{script}")]);
    command.env("BIN", env!("CARGO_BIN_EXE_decentra-server")).env("DIR", dir);
    command
}

#[test]
fn a_read_only_folder_is_said() {
    let dir = TempDir::new().unwrap();
    let script = "mount -o remount,ro small \"$DIR\" || exit 9
        exec \"$BIN\" --listen 127.0.0.1:0 --data-dir \"$DIR\"";
    let output = with_small_disk(dir.path(), script).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("read-only"), "{said}");
}

#[tokio::test]
async fn a_full_disk_is_told_to_who_writes_and_nothing_acknowledged_is_lost() {
    let dir = TempDir::new().unwrap();
    let address = free_address();
    // When the server has ended, the shell shows what it stored, before the small disk goes with it.
    let script = format!(
        "\"$BIN\" --listen {address} --data-dir \"$DIR\" --rate-limits off & server=$!
        trap 'kill $server' TERM
        while kill -0 $server; do wait $server; done
        rm -f \"$DIR/filler\"; cp \"$DIR\"/decentra.db* \"$KEEP\""
    );
    let keep = TempDir::new().unwrap();
    let mut shell =
        with_small_disk(dir.path(), &script).env("KEEP", keep.path()).process_group(0).spawn().unwrap();
    soon("the start", async {
        while tokio::net::TcpStream::connect(address).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut ana = Client::connect(address).await;
    ana.join("Ana").await;
    let mut echoed = Vec::new();
    let refused = loop {
        let line = format!("{}:{}", echoed.len(), "x".repeat(1_900));
        ana.send(json!({"type": "message", "content": line, "nonce": echoed.len().to_string()})).await;
        match ana.next().await {
            ServerFrame::Message(message) => echoed.push(message.content),
            ServerFrame::System(frame) => break frame,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused.error, Some(ErrorCode::NotStored));
    assert_eq!(refused.nonce, Some(echoed.len().to_string()));
    let ready = Raw::connect(address).await.get("/readyz", "").await;
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains("the disk is full"), "{ready}");
    assert!(Raw::connect(address).await.get("/healthz", "").await.starts_with("HTTP/1.1 200"));
    // Who comes now is still shown the past.
    assert_eq!(Client::connect(address).await.join("Ben").await.messages.len(), echoed.len().min(100));

    let ended = Command::new("kill").args(["-TERM", &shell.id().to_string()]).status().unwrap();
    assert!(ended.success());
    drop(ana);
    tokio::task::spawn_blocking(move || shell.wait()).await.unwrap().unwrap();
    assert_eq!(stored(keep.path()), echoed);
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
