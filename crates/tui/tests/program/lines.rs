//! The line mode, as a script sees it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use crate::support::room::Room;
use crate::support::terminal::Terminal;
use crate::support::{DECENTRA, VARIABLES};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use tungstenite::Message;
use vt100::Color;

/// `decentra`, with pipes for its input and outputs.
struct Piped {
    child: Child,
    input: Option<ChildStdin>,
    output: Option<BufReader<ChildStdout>>,
    errors: ChildStderr,
}

impl Piped {
    fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(DECENTRA);
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        command.args(arguments).env("TZ", "UTC").envs(variables.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let (input, output) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
        let errors = child.stderr.take().expect("it is piped");
        Self { child, input, output, errors }
    }

    fn in_room(room: &Room, arguments: &[&str]) -> Self {
        let url = format!("ws://{}", room.address);
        Self::start(&[&["--server", &url], arguments].concat(), &[])
    }

    fn write(&mut self, text: &str) {
        self.input.as_mut().expect("it is open").write_all(text.as_bytes()).expect("it is read");
    }

    fn end_input(&mut self) {
        self.input = None;
    }

    /// The next line it prints.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.as_mut().expect("it is open").read_line(&mut line).expect("it prints text");
        line
    }

    /// Waits for its end: the exit code, what else it printed, and what it said of itself.
    fn end(&mut self) -> (i32, String, String) {
        self.end_input();
        let (mut output, mut errors) = (String::new(), String::new());
        if let Some(pipe) = &mut self.output {
            pipe.read_to_string(&mut output).expect("it prints text");
        }
        self.errors.read_to_string(&mut errors).expect("it prints text");
        (self.child.wait().expect("it ends").code().expect("by itself"), output, errors)
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_is_piped_in_is_said_and_the_exit_code_tells() {
    let room = Room::start();
    room.say("Ben", "before");
    let mut bot = Piped::in_room(&room, &["Bot"]);
    bot.write("hi\n\n//slash\nlast, without an end");
    let (code, output, errors) = bot.end();
    assert_eq!(room.said(4), ["Ben: before", "Bot: hi", "Bot: /slash", "Bot: last, without an end"]);
    let lines: Vec<_> = output.lines().filter(|line| !line.contains("joined")).collect();
    let own = ["hi", "/slash", "last, without an end"].map(|text| format!("[12:34:56] Bot: {text}"));
    assert_eq!(lines[0], "[12:34:56] Ben: before");
    assert_eq!(lines[1..], own);
    assert_eq!((code, errors), (0, format!("Connected to {} as Bot.\n", room.address)));
}

#[test]
fn an_empty_input_is_all_said() {
    let room = Room::start();
    room.say("Ben", "several\nlines");
    let (code, output, _) = Piped::in_room(&room, &["Bot"]).end();
    assert_eq!(code, 0);
    assert!(output.starts_with("[12:34:56] Ben: several\n           lines\n"), "{output}");
}

#[test]
fn what_was_not_said_is_named_and_is_a_failure() {
    let room = Room::start();
    let mut bot = Piped::in_room(&room, &["--timeout", "3", "Bot"]);
    bot.write("one\n");
    assert_eq!(
        (bot.line(), bot.line()),
        ("[12:34:56] * Bot joined the chat\n".into(), "[12:34:56] Bot: one\n".into())
    );
    room.cut();
    bot.write("two\nthree\n");
    let (code, _, errors) = bot.end();
    assert_eq!(code, 1);
    assert!(errors.contains("Not sent, or not confirmed"), "{errors}");
    assert!(errors.contains("    two"), "{errors}");
    assert_eq!(room.said(1), ["Bot: one"]);
}

#[test]
fn a_server_that_confirms_nothing_is_a_failure() {
    let room = Room::start();
    room.go_deaf();
    let mut bot = Piped::in_room(&room, &["--timeout", "3", "Bot"]);
    bot.write("hi\n");
    let (code, _, errors) = bot.end();
    assert_eq!(code, 1);
    assert!(errors.contains("Not sent, or not confirmed (1):\n    hi\n"), "{errors}");
}

#[test]
fn what_can_never_be_said_is_a_failure_but_the_rest_is_said() {
    let room = Room::start();
    let mut bot = Piped::in_room(&room, &["Bot"]);
    let (long, huge) = ("x".repeat(2_001), "y".repeat(100_000));
    bot.write(&format!("one\n{long}\na\u{1b}b\n{huge}\n/dance\ntwo\n"));
    let (code, _, errors) = bot.end();
    assert_eq!((code, room.said(2)), (1, vec!["Bot: one".into(), "Bot: two".into()]));
    for why in [
        "2001 characters",
        "a␛b (A message cannot hold control characters",
        "more than 65536 bytes",
        "no command /dance",
    ] {
        assert!(errors.contains(why), "{why}: {errors}");
    }
    assert!(errors.ends_with("Not everything was sent (4 failed).\n"), "{errors}");
}

#[test]
fn what_is_piped_while_the_connection_is_lost_is_said_once() {
    let room = Room::start();
    let mut bot = Piped::in_room(&room, &["Bot"]);
    bot.write("one\n");
    bot.line();
    bot.line();
    room.cut();
    bot.write("two\nthree\n");
    room.open();
    assert_eq!(bot.end().0, 0);
    assert_eq!(room.said(3), ["Bot: one", "Bot: two", "Bot: three"]);
}

#[test]
fn commands_work_in_lines_too() {
    let room = Room::start();
    let mut bot = Piped::in_room(&room, &["Bot"]);
    bot.write("/who\n/help\nhi\n/quit\nnever\n");
    let (code, output, errors) = bot.end();
    assert_eq!(code, 0);
    assert!(output.contains("This server does not tell who is here."), "{output}");
    assert!(errors.contains("/quit /exit /q"), "{errors}");
    assert_eq!(room.said(1), ["Bot: hi"]);
}

#[test]
fn hostile_text_is_printed_but_not_obeyed() {
    let room = Room::start();
    room.say("E\u{1b}[2Jve", "a\u{1b}]0;owned\u{7}\rb");
    let (_, output, _) = Piped::in_room(&room, &["Bot"]).end();
    assert_eq!(output.lines().next(), Some("[12:34:56] E␛[2Jve: a␛]0;owned␇␍b"));
}

#[test]
fn a_reader_that_goes_away_is_no_trouble() {
    let room = Room::start();
    let mut bot = Piped::in_room(&room, &["Bot"]);
    bot.line();
    bot.output = None;
    room.say("Ben", "nobody reads this");
    bot.write("");
    let status = bot.child.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn nobody_has_to_read_what_it_says_of_itself() {
    let room = Room::start();
    let url = format!("ws://{}", room.address);
    let (reader, errors) = std::io::pipe().expect("a pipe can be had");
    drop(reader);
    let mut command = Command::new(DECENTRA);
    command.args(["--server", &url, "Bot"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors);
    assert!(command.status().expect("the program runs").success());
}

#[test]
fn nobody_at_the_address_is_one_clear_sentence() {
    let (code, output, errors) = Piped::start(&["--server", "ws://127.0.0.1:1", "Bot"], &[]).end();
    assert_eq!((code, output.as_str()), (1, ""));
    assert!(errors.starts_with("Nothing answers at 127.0.0.1:1") && errors.lines().count() == 1, "{errors}");
}

#[test]
fn wrong_usage_is_told_apart() {
    for arguments in
        [&["--server", "http://x"][..], &["--port", "99999"], &["a\u{7}b"], &["--dance"], &["a", "b"]]
    {
        assert_eq!(Piped::start(arguments, &[]).end().0, 2, "{arguments:?}");
    }
    assert_eq!(Piped::start(&["Bot"], &[("SERVER_PORT", "many")]).end().0, 2);
}

#[test]
fn lines_on_a_terminal_are_coloured_unless_that_is_not_wanted() {
    let room = Room::start();
    let url = format!("ws://{}", room.address);
    for (variables, own) in [
        (&[][..], Color::Idx(2)),
        (&[("NO_COLOR", "1")], Color::Default),
        (&[("TERM", "dumb")], Color::Default),
    ] {
        let mut terminal = Terminal::decentra(&["--plain", "--server", &url, "Ana"], variables);
        terminal.wait_for("Connected to");
        terminal.press("hi\n");
        let (row, column) = terminal.wait_for("[12:34:56] Ana: hi");
        assert_eq!(terminal.colour((row, column + 11)), own);
        terminal.press("\u{4}");
        assert!(terminal.end().success());
        terminal.assert_given_back();
    }
}

#[test]
fn a_terminal_that_can_do_nothing_gets_lines() {
    let room = Room::start();
    let url = format!("ws://{}", room.address);
    let terminal = Terminal::decentra(&["--server", &url, "Ana"], &[("TERM", "dumb")]);
    terminal.wait_for("Connected to");
    terminal.look(|screen| assert!(!screen.alternate_screen()));
}

/// A server behind TLS that takes one message, with the certificate of its authority.
struct Secure {
    listener: TcpListener,
    config: Arc<ServerConfig>,
    authority: String,
}

impl Secure {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).expect("no names are good names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key can be made");
        let authority = params.self_signed(&key).expect("it can sign");
        let issuer = Issuer::new(params, key);
        let key = KeyPair::generate().expect("a key can be made");
        let params = CertificateParams::new(["localhost".to_owned()]).expect("that is a name");
        let certificate = params.signed_by(&key, &issuer).expect("it can be signed");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring knows them")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .expect("they belong together");
        let listener = TcpListener::bind("localhost:0").expect("a port is free");
        Self { listener, config: Arc::new(config), authority: authority.pem() }
    }

    /// Echoes the one message of the one client; nothing if it does not trust us.
    fn serve(&self) -> Option<String> {
        let (stream, _) = self.listener.accept().expect("it listens");
        let connection = ServerConnection::new(Arc::clone(&self.config)).expect("the configuration is good");
        let mut socket = tungstenite::accept(StreamOwned::new(connection, stream)).ok()?;
        socket.read().expect("a join");
        socket
            .send(Message::text(json!({"type": "history", "messages": []}).to_string()))
            .expect("it listens");
        let frame: Value =
            serde_json::from_str(socket.read().expect("a message").to_text().expect("text")).expect("JSON");
        let echo =
            json!({"type": "message", "username": "Bot", "content": frame["content"], "timestamp": ""});
        socket.send(Message::text(echo.to_string())).expect("it listens");
        while socket.read().is_ok() {}
        frame["content"].as_str().map(str::to_owned)
    }
}

#[test]
fn an_encrypted_server_is_believed_only_with_a_trusted_certificate() {
    let secure = Secure::new();
    let trusted = std::env::temp_dir().join(format!("decentra-trust-{}.pem", std::process::id()));
    std::fs::write(&trusted, &secure.authority).expect("a file can be written");
    let url = format!("wss://localhost:{}", secure.listener.local_addr().expect("it listens").port());
    let trusted_path = trusted.to_str().expect("a temporary path is text");
    for (variables, heard) in [(&[("SSL_CERT_FILE", trusted_path)][..], Some("hi".to_owned())), (&[], None)] {
        let mut bot = Piped::start(&["--server", &url, "Bot"], variables);
        bot.write("hi\n");
        bot.end_input();
        assert_eq!(secure.serve(), heard);
        let (code, _, errors) = bot.end();
        assert_eq!(code, i32::from(heard.is_none()), "{errors}");
        assert_eq!(errors.contains("No safe connection"), heard.is_none(), "{errors}");
    }
    std::fs::remove_file(trusted).expect("it is there");
}
