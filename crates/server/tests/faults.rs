//! The binary on a bad disk, a damaged database, and too few file descriptors. What is promised stands in `docs/faults.md`.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use decentra_disk::{Disk, Loss, Platter};
use decentra_model::limits::CHANGES_WAITING_MIN;
use decentra_model::lobby::{ErrorCode, ServerFrame};
use decentra_server::{Clock, Server, Settings};
use decentra_testkit::process::{Process, free_address};
use decentra_testkit::{Client, Gateway, Raw, Rest, soon};
use rusqlite::Connection;
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use serde_json::json;
use tempfile::TempDir;

/// Bytes of a page of the database.
const PAGE_BYTES: usize = 4_096;

/// The page says which test holds each of its lines: they are there.
#[test]
fn each_test_that_the_page_names_is_there() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(here.join("../../docs/faults.md")).unwrap();
    let sources = fs::read_dir(here.join("tests")).unwrap().map(|entry| entry.unwrap().path());
    let sources: String =
        sources.filter(|path| path.is_file()).map(|path| fs::read_to_string(path).unwrap()).collect();
    let named: Vec<&str> =
        page.split('*').filter(|words| words.contains('_') && !words.contains(' ')).collect();
    for name in &named {
        let (beginning, end) = name.strip_suffix('…').map_or((*name, "("), |beginning| (beginning, "_"));
        assert!(sources.contains(&format!("fn {beginning}{end}")), "{name}");
    }
    assert!(named.len() > 20, "{} are few", named.len());
}

fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_decentra-server"));
    command.args(["--rate-limits", "off", "--registration", "open"]);
    command
}

/// A data folder on a disk.
struct Place {
    folder: TempDir,
    disk: Disk,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let disk = Disk::with_journal(folder.path()).unwrap();
        Self { folder, disk }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("data")
    }

    fn start(&self) -> Process {
        Process::start(self.disk.carry(&mut binary()), &self.data())
    }

    /// What the binary says when it does not start.
    fn failure(&self) -> String {
        failure(self.disk.carry(&mut binary()), &self.data())
    }
}

/// What `command` says when it does not start on `data`: a sentence at the end, and the exit code 1.
fn failure(command: &mut Command, data: &Path) -> String {
    let output =
        command.args(["--listen", &free_address().to_string(), "--data-dir"]).arg(data).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.lines().last().unwrap().starts_with("decentra-server: "), "{said}");
    said
}

/// Everything that is stored, and it is sound.
fn stored(data: &Path) -> Vec<String> {
    let file = Connection::open(data.join("decentra.db")).unwrap();
    let state: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(state, "ok");
    let mut rows = file.prepare("SELECT content FROM message WHERE content <> '' ORDER BY id").unwrap();
    rows.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Says `line` in the lobby until it is heard, or not taken; whether it was heard.
async fn says(client: &mut Client, line: &str) -> bool {
    let nonce: String = line.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
    client.send(json!({"type": "message", "content": line, "nonce": nonce})).await;
    loop {
        match client.next().await {
            ServerFrame::Message(said) => {
                assert_eq!(said.content, line);
                return true;
            }
            // Someone came, or went.
            ServerFrame::System(told) if told.error.is_none() => {}
            ServerFrame::System(told) => {
                assert_eq!(
                    (told.error, told.nonce.as_deref()),
                    (Some(ErrorCode::NotStored), Some(nonce.as_str()))
                );
                return false;
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Those who are there when something goes wrong: one in the lobby, one with a session, who also calls the API.
struct People {
    address: SocketAddr,
    ana: Client,
    ben: Rest,
    session: Gateway,
    /// Where Ben writes.
    messages: String,
    /// What they said, as far as it was acknowledged.
    said: Vec<String>,
}

impl People {
    async fn come(address: SocketAddr) -> Self {
        let ben = Rest::register(address, "ben").await;
        let guild = ben.post("/guilds", json!({"name": "Garden"})).await.ok();
        let messages = format!("/channels/{}/messages", guild["system_channel_id"].as_str().unwrap());
        let session = Gateway::identify(address, ben.token.as_deref().unwrap()).await;
        let mut ana = Client::connect(address).await;
        ana.join("Ana").await;
        Self { address, ana, ben, session, messages, said: Vec::new() }
    }

    /// Both say something, and it is taken.
    async fn speak(&mut self, line: &str) {
        assert!(says(&mut self.ana, &format!("{line} in the lobby")).await);
        self.said.push(format!("{line} in the lobby"));
        self.ben.post(&self.messages, json!({"content": line})).await.ok();
        self.said.push(line.to_owned());
        // Whatever was refused before, the session is told of this with the next sequence.
        self.session.heard_until(line).await;
    }

    /// Both say something, and are told that it was not stored. What is stored can be read, and all connections live.
    async fn are_refused(&mut self) {
        assert!(!says(&mut self.ana, "refused").await);
        let refused = self.ben.post(&self.messages, json!({"content": "refused"})).await;
        assert_eq!(refused.status, 503, "{}", refused.body);
        let shown = self.ben.get(&self.messages).await.ok();
        assert_eq!(shown.as_array().unwrap().len(), self.said.len() / 2);
        assert_eq!(
            Client::connect(self.address).await.join("Cleo").await.messages.len(),
            self.said.len() / 2
        );
        self.session.send(json!({"op": 1, "d": self.session.sequence})).await;
        while self.session.next().await["op"] != 11 {}
    }

    /// What `/readyz` answers, while the process lives.
    async fn readiness(&self) -> String {
        assert!(Raw::connect(self.address).await.get("/healthz", "").await.starts_with("HTTP/1.1 200"));
        Raw::connect(self.address).await.get("/readyz", "").await
    }
}

/// What anyone sees of a disk that `breaks`, and of its end.
async fn a_disk_breaks(breaks: impl FnOnce(&Disk) -> io::Result<()>, reason: &str) {
    let place = Place::new();
    let server = place.start();
    let mut people = People::come(server.address).await;
    people.speak("before").await;
    breaks(&place.disk).unwrap();
    people.are_refused().await;
    let ready = people.readiness().await;
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains(reason), "{ready}");
    place.disk.heal().unwrap();
    people.speak("after").await;
    assert!(people.readiness().await.starts_with("HTTP/1.1 200"));
    server.kill();
    assert_eq!(stored(&place.data()), people.said);
}

#[tokio::test]
async fn a_full_disk_is_told_to_who_writes_and_over_when_there_is_room() {
    a_disk_breaks(|disk| disk.fill_up_to(0), "the disk is full").await;
}

#[tokio::test]
async fn a_disk_that_becomes_read_only_is_told_to_who_writes() {
    a_disk_breaks(Disk::make_read_only, "read-only").await;
}

#[tokio::test]
async fn a_disk_that_fails_is_told_to_who_writes() {
    a_disk_breaks(Disk::fail, "disk I/O error").await;
}

#[tokio::test]
async fn a_disk_that_fills_up_takes_what_fits() {
    let place = Place::new();
    let server = place.start();
    let mut ana = Client::connect(server.address).await;
    ana.join("Ana").await;
    place.disk.fill_up_to(300_000).unwrap();
    let mut said = Vec::new();
    loop {
        let line = format!("{}:{}", said.len(), "x".repeat(1_900));
        if !says(&mut ana, &line).await {
            break;
        }
        said.push(line);
    }
    assert!(said.len() > 3, "{}", said.len());
    server.kill();
    place.disk.heal().unwrap();
    let server = place.start();
    let shown = Client::connect(server.address).await.join("Ben").await;
    assert_eq!(shown.messages.len(), said.len());
    server.kill();
    assert_eq!(stored(&place.data()), said);
}

#[test]
fn a_start_on_a_full_or_read_only_disk_is_said() {
    let place = Place::new();
    place.disk.make_read_only().unwrap();
    assert!(place.failure().contains("read-only"));
    place.disk.heal().unwrap();
    place.disk.fill_up_to(0).unwrap();
    assert!(place.failure().contains("the disk is full"));
    place.disk.heal().unwrap();
    place.start().kill();
    place.disk.make_read_only().unwrap();
    assert!(place.failure().contains("read-only"));
}

#[tokio::test]
async fn a_slow_disk_gathers_what_waits() {
    let place = Place::new();
    let server = place.start();
    let mut people = People::come(server.address).await;
    place.disk.slow_down(Duration::from_millis(200)).unwrap();
    // As many as may always wait, however dear they are.
    let lines: Vec<String> = (0..CHANGES_WAITING_MIN).map(|nth| nth.to_string()).collect();
    for line in &lines {
        people.ana.say(line).await;
    }
    // A heart is answered while the disk is at work; a commit for each would take longer than anyone here waits.
    people.session.send(json!({"op": 1, "d": people.session.sequence})).await;
    while people.session.next().await["op"] != 11 {}
    for line in &lines {
        assert_eq!(people.ana.hears().await.1, *line);
    }
    server.kill();
    assert_eq!(stored(&place.data()), lines);
}

#[tokio::test]
async fn a_disk_that_does_not_answer_is_said_to_who_asks_whether_all_is_well() {
    let place = Place::new();
    let server = place.start();
    let mut people = People::come(server.address).await;
    people.speak("before").await;
    // One write takes longer than who asks is kept waiting.
    place.disk.slow_down(Duration::from_secs(3)).unwrap();
    people.ana.say("in a while").await;
    // Until it has come to be written, all is well.
    let ready = loop {
        let ready = people.readiness().await;
        if !ready.starts_with("HTTP/1.1 200") {
            break ready;
        }
    };
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains("the disk does not answer"), "{ready}");
    place.disk.heal().unwrap();
    assert_eq!(people.ana.hears().await.1, "in a while");
    people.said.push("in a while".to_owned());
    people.speak("after").await;
    assert!(people.readiness().await.starts_with("HTTP/1.1 200"));
    server.kill();
    assert_eq!(stored(&place.data()), people.said);
}

#[tokio::test]
async fn what_was_echoed_survives_a_loss_of_power() {
    let place = Place::new();
    let mut platter = Platter::of(place.folder.path()).unwrap();
    let server = place.start();
    let mut people = People::come(server.address).await;
    people.speak("before").await;
    server.kill();
    for record in place.disk.journal().unwrap().records() {
        platter.apply(&record.unwrap()).unwrap();
    }
    let left = TempDir::new().unwrap();
    platter.image(&left.path().join("disk"), Loss::Unsynced, &mut |_| 0).unwrap();
    assert_eq!(stored(&left.path().join("disk/data")), people.said);
}

#[tokio::test]
async fn a_disk_that_lies_loses_what_was_echoed() {
    // So that the test above means something.
    let place = Place::new();
    let mut platter = Platter::of(place.folder.path()).unwrap();
    place.disk.lie().unwrap();
    let server = place.start();
    let mut ana = Client::connect(server.address).await;
    ana.join("Ana").await;
    assert!(says(&mut ana, "gone").await);
    server.kill();
    for record in place.disk.journal().unwrap().records() {
        platter.apply(&record.unwrap()).unwrap();
    }
    let left = TempDir::new().unwrap();
    platter.image(&left.path().join("disk"), Loss::Unsynced, &mut |_| 0).unwrap();
    assert!(!left.path().join("disk/data/decentra.db").exists());
}

/// A database with something in every table that a start reads, in one file.
async fn filled(data: &Path) -> Vec<u8> {
    let server = Process::start(&mut binary(), data);
    let mut people = People::come(server.address).await;
    for nth in 0..60 {
        people.speak(&format!("{nth}{}", "x".repeat(500))).await;
    }
    let ended = tokio::task::spawn_blocking(move || server.end_by("TERM"));
    drop(people);
    assert!(soon("the end", ended).await.unwrap().success());
    fs::read(data.join("decentra.db")).unwrap()
}

/// Starts a server of this process on `database`, and shows a newcomer the lobby; why it would not start.
async fn start_on(database: &[u8]) -> Result<(), String> {
    let data = TempDir::new().unwrap();
    fs::write(data.path().join("decentra.db"), database).unwrap();
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let settings = Settings { listen, data_dir: data.path().to_owned(), ..Settings::default() };
    let server = Server::start(settings, Clock::system()).map_err(|error| format!("{error:#}"))?;
    Client::connect(server.address()).await.join("Cleo").await;
    soon("the stop", server.stop()).await.unwrap();
    Ok(())
}

#[tokio::test]
async fn a_damaged_page_is_found_at_a_start_or_does_no_harm_to_it() {
    let data = TempDir::new().unwrap();
    let whole = filled(data.path()).await;
    let mut refused = 0;
    for page in 0..whole.len() / PAGE_BYTES {
        let mut damaged = whole.clone();
        damaged[page * PAGE_BYTES..(page + 1) * PAGE_BYTES].fill(0x5a);
        if let Err(said) = start_on(&damaged).await {
            refused += 1;
            assert!(said.contains("damaged") && said.contains("restore a backup"), "page {page}: {said}");
        }
    }
    assert!(refused > 10, "{refused} pages were found to be damaged");
    start_on(&whole).await.unwrap();
}

#[test]
fn a_damaged_database_is_said() {
    let data = TempDir::new().unwrap();
    Process::start(&mut binary(), data.path()).end_by("TERM");
    let file = data.path().join("decentra.db");
    let pages = fs::metadata(&file).unwrap().len();
    let garbage = vec![0x5a; usize::try_from(pages).unwrap() - PAGE_BYTES];
    File::options().write(true).open(&file).unwrap().write_all_at(&garbage, PAGE_BYTES as u64).unwrap();
    let said = failure(&mut binary(), data.path());
    assert!(said.contains("damaged") && said.contains("restore a backup"), "{said}");
}

#[tokio::test]
async fn pages_that_are_damaged_while_it_runs_are_told_and_the_rest_goes_on() {
    let data = TempDir::new().unwrap();
    let whole = filled(data.path()).await;
    let server = Process::start(binary().env("RUST_LOG", "info"), data.path());
    let ben = json!({"login": "ben", "password": "the password of ben"});
    let login = Rest::nobody(server.address).post("/auth/login", ben).await.ok();
    let ben = Rest::nobody(server.address).with_token(login["token"].as_str().unwrap());
    let guilds = ben.get("/users/@me/guilds").await.ok();
    let garden = guilds.as_array().unwrap().iter().find(|guild| guild["name"] == "Garden").unwrap();
    let channels = ben.get(&format!("/guilds/{}/channels", garden["id"].as_str().unwrap())).await.ok();
    let channel = channels.as_array().unwrap().iter().find(|channel| channel["type"] == 0).unwrap();
    let garbage = vec![0x5a; whole.len() - PAGE_BYTES];
    let file = File::options().write(true).open(data.path().join("decentra.db")).unwrap();
    file.write_all_at(&garbage, PAGE_BYTES as u64).unwrap();
    let read = ben.get(&format!("/channels/{}/messages", channel["id"].as_str().unwrap())).await;
    assert_eq!(read.status, 503, "{}", read.body);
    // What needs no damaged page is still served.
    ben.get("/users/@me").await.ok();
    assert!(Raw::connect(server.address).await.get("/healthz", "").await.starts_with("HTTP/1.1 200"));
    let log = server.kill_and_read_log();
    assert!(log.contains("the database is damaged") && log.contains("restore a backup"), "{log}");
    assert!(!log.contains("panicked"), "{log}");
}

/// A server that may have `files` open, and as many connections from one address as it can.
fn start_with_files(files: u32, data: &Path) -> Process {
    let mut shell = Command::new("sh");
    let limit = format!("ulimit -n {files}; exec \"$0\" \"$@\" --connections-per-address 0");
    shell.args(["-c", &limit]).arg(binary().get_program()).args(binary().get_args());
    Process::start(&mut shell, data)
}

#[tokio::test]
async fn whom_no_file_descriptor_is_left_for_is_told_so_and_the_rest_feel_nothing() {
    let data = TempDir::new().unwrap();
    let server = start_with_files(128, data.path());
    let mut ana = Client::connect(server.address).await;
    ana.join("Ana").await;
    let mut crowd = Vec::new();
    let answer = loop {
        // Whoever is let in is asked for a request; who is not is told at once.
        let mut one = Raw::connect(server.address).await;
        one.send(b"GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
        match one.status().await.as_str() {
            "200" => crowd.push(one),
            other => break other.to_owned(),
        }
    };
    assert_eq!(answer, "503");
    assert!(crowd.len() > 50, "{}", crowd.len());
    assert!(says(&mut ana, "still here").await);
    drop(crowd);
    // Once those have gone there is room again.
    soon("a place", async { while Raw::connect(server.address).await.try_get("/readyz").await.is_none() {} })
        .await;
    server.kill();
    assert_eq!(stored(data.path()), ["still here"]);
}

#[tokio::test]
async fn when_descriptors_run_out_all_the_same_who_is_there_stays_and_who_waits_gets_in_later() {
    let data = TempDir::new().unwrap();
    let server = Process::start(binary().env("RUST_LOG", "warn"), data.path());
    let mut ana = Client::connect(server.address).await;
    ana.join("Ana").await;
    let process = Pid::from_raw(server.id().try_into().unwrap());
    let few = Rlimit { current: Some(3), ..getrlimit(Resource::Nofile) };
    let plenty = prlimit(process, Resource::Nofile, few).unwrap();
    let mut late = Raw::connect(server.address).await;
    late.send(b"GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
    // More than one page of the database, and more than one attempt to let the other in.
    for nth in 0..200 {
        assert!(says(&mut ana, &format!("{nth}{}", "x".repeat(1_000))).await);
    }
    prlimit(process, Resource::Nofile, plenty).unwrap();
    assert_eq!(late.status().await, "200");
    assert_eq!(stored(data.path()).len(), 200);
    let log = server.kill_and_read_log();
    assert_eq!(log.matches("connections could not be taken").count(), 1, "{log}");
}
