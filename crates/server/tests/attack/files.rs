//! Who may read what the server writes, and what paths lead to.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use decentra_testkit::process::Process;
use decentra_testkit::{Rest, World};
use serde_json::json;
use tempfile::TempDir;

use crate::binary;

/// The permissions of the file or folder at `path`.
fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// The server's binary, started by who lets everyone read what they write.
fn careless() -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "umask 0000; exec \"$0\" \"$@\""]).arg(binary().get_program());
    shell
}

#[tokio::test]
async fn what_is_stored_and_backed_up_is_for_its_owner_only() {
    let parent = TempDir::new().unwrap();
    let own = parent.path().join("made by the server");
    let others = parent.path().join("made before");
    fs::create_dir(&others).unwrap();
    fs::set_permissions(&others, fs::Permissions::from_mode(0o777)).unwrap();
    for data in [&own, &others] {
        let server = Process::start(&mut careless(), data);
        Rest::register(server.address, "ana").await;
        let mut found = 0;
        for file in fs::read_dir(data).unwrap() {
            let file = file.unwrap().path();
            assert_eq!(mode(&file), 0o600, "{}", file.display());
            found += 1;
        }
        assert!(found >= 3, "a database, its log and a lock");
        let backup = data.join("backup.db");
        let copied = careless().args(["backup", "--data-dir"]).arg(data).arg(&backup).status().unwrap();
        assert!(copied.success());
        assert_eq!(mode(&backup), 0o600);
        // What is there is never written over, wherever it leads.
        let before = fs::read(&backup).unwrap();
        let link = data.join("link.db");
        std::os::unix::fs::symlink(&backup, &link).unwrap();
        for target in [&backup, &link] {
            let again = careless().args(["backup", "--data-dir"]).arg(data).arg(target).status().unwrap();
            assert_eq!(again.code(), Some(1));
        }
        assert_eq!(fs::read(&backup).unwrap(), before);
    }
    assert_eq!(mode(&own), 0o700);
}

#[tokio::test]
async fn no_path_leads_to_a_file() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    ana.patch("/users/@me", json!({"bio": "a secret of mine"})).await.ok();
    for path in [
        "/../decentra.db",
        "/decentra.db",
        "/data/decentra.db",
        "/avatars/../decentra.db",
        "/avatars/1/../../decentra.db",
        "/avatars/..%2f..%2fdecentra.db/x.png",
        "/avatars/1/..%2f..%2fdecentra.db",
        "/avatars/%2e%2e/decentra.db",
        "/icons/1/%00.png",
        "/icons/1/' OR 1=1 --.png",
        "/icons/1/x.png?size=-1",
        "//etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/api/v10/../../decentra.db",
    ] {
        let answer = world.raw().await.get(&path.replace(' ', "%20"), "").await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
        assert!(!answer.contains("SQLite format") && !answer.contains("a secret of mine"), "{path}");
    }
}
