//! The core does no I/O: its dependency tree names no runtime, socket or database.

use std::process::Command;

#[test]
fn the_core_depends_on_nothing_that_does_io() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--package", "decentra-core", "--edges", "normal", "--prefix", "none", "--offline"])
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.contains("decentra-model"), "{tree}");
    for edge in [
        "tokio",
        "mio",
        "rusqlite",
        "libsqlite3-sys",
        "hyper",
        "tungstenite",
        "crossterm",
        "socket2",
        "rustix",
    ] {
        assert!(
            !tree.lines().any(|line| line.starts_with(&format!("{edge} "))),
            "{edge} is in the core:\n{tree}"
        );
    }
}
