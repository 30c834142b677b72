//! What stands at which path.

use std::path::Path;
use std::time::Duration;

use decentra_testkit::World;
use tempfile::TempDir;

/// A server with the web client in `folder`.
async fn serving(folder: &Path) -> World {
    World::with(|settings| {
        settings.name = "Ana & <friends>".into();
        settings.web_dir = Some(folder.to_owned());
    })
    .await
}

/// A web client as small as can be.
fn web_client() -> TempDir {
    let folder = TempDir::new().expect("a folder for a test can be made");
    std::fs::create_dir(folder.path().join("assets")).expect("a folder can be made in it");
    for (path, text) in
        [("index.html", "<title>the client"), ("assets/a.js", "plain"), ("assets/a.js.br", "brotli")]
    {
        std::fs::write(folder.path().join(path), text).expect("a file can be written into it");
    }
    folder
}

#[tokio::test]
async fn the_web_client_is_shown_at_each_of_its_places() {
    let folder = web_client();
    let world = serving(folder.path()).await;
    for path in ["/", "/login", "/register", "/lobby", "/welcome", "/invite/abc", "/channels/1/2/3"] {
        let page = world.raw().await.get(path, "").await;
        assert!(page.starts_with("HTTP/1.1 200") && page.ends_with("<title>the client"), "{path}: {page}");
        assert!(page.contains("cache-control: no-cache\r\n"), "{path}: {page}");
        assert!(page.contains("script-src 'self'; style-src 'self'"), "{path}: {page}");
    }
    for path in ["/nowhere", "/loginx", "/assets/b.js", "/assets", "/assets/../index.html", "/index.html.br"]
    {
        let answer = world.raw().await.get(path, "").await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_file_of_the_web_client_is_kept_for_good_and_comes_compressed() {
    let folder = web_client();
    let world = serving(folder.path()).await;
    let file = world.raw().await.get("/assets/a.js", "accept-encoding: gzip, br\r\n").await;
    assert!(file.contains("content-encoding: br\r\n") && file.ends_with("brotli"), "{file}");
    assert!(file.contains("cache-control: public, max-age=31536000, immutable\r\n"), "{file}");
    assert!(file.contains("content-type: text/javascript"), "{file}");
    let file = world.raw().await.get("/assets/a.js", "").await;
    assert!(file.contains("vary: accept-encoding\r\n") && file.ends_with("plain"), "{file}");
}

#[tokio::test]
async fn who_has_no_account_is_told_what_there_is() {
    let world = World::with(|settings| settings.name = "Book club".into()).await;
    let nobody = decentra_testkit::Rest::nobody(world.address());
    let before = nobody.get("/instance").await.ok();
    assert_eq!(before["name"], "Book club");
    assert_eq!((&before["has_owner"], &before["registration"]), (&false.into(), &"invite".into()));
    decentra_testkit::Rest::register(world.address(), "ana").await;
    assert_eq!(nobody.get("/instance").await.ok()["has_owner"], true);
}

#[tokio::test]
async fn a_server_without_the_web_client_says_so_and_how_to_connect() {
    let folder = TempDir::new().unwrap();
    let world = serving(folder.path()).await;
    let page = world.raw().await.get("/", "").await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    assert!(page.contains("Ana &amp; &lt;friends&gt;"), "{page}");
    assert!(page.contains("decentra --server ws://test:80 YourName"), "{page}");
    assert!(page.contains("built without its web client"), "{page}");
}

#[tokio::test]
async fn a_host_header_cannot_write_into_the_page() {
    let folder = TempDir::new().unwrap();
    let world = serving(folder.path()).await;
    let mut raw = world.raw().await;
    raw.send(b"GET / HTTP/1.1\r\nhost: <script>alert(1)</script>\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let page = String::from_utf8(raw.read_to_end().await).unwrap();
    assert!(!page.contains("<script>"), "{page}");
}

#[tokio::test]
async fn it_lives_and_is_ready() {
    let world = World::new().await;
    assert!(world.raw().await.get("/healthz", "").await.ends_with("alive\n"));
    assert!(world.raw().await.get("/readyz", "").await.ends_with("ready\n"));
}

#[tokio::test]
async fn figures_are_for_this_machine_only() {
    let world = World::new().await;
    let mut ana = world.join("Ana").await;
    ana.say("secret words").await;
    ana.hears().await;
    let figures = world.raw().await.get("/metrics", "").await;
    assert!(
        figures.contains("decentra_lobby_members 1") && figures.contains("decentra_messages_total 1"),
        "{figures}"
    );
    assert!(!figures.contains("secret words") && !figures.contains("Ana"), "{figures}");
    for forwarded in ["x-forwarded-for: 192.0.2.1\r\n", "forwarded: for=192.0.2.1\r\n", "via: 1.1 proxy\r\n"]
    {
        let answer = world.raw().await.get("/metrics", forwarded).await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    }
}

#[tokio::test]
async fn a_token_opens_the_figures_to_others() {
    let world = World::with(|settings| settings.metrics_token = Some("t0ken".into())).await;
    let status = async |headers: &str| world.raw().await.get("/metrics", headers).await[9..12].to_owned();
    assert_eq!(status("").await, "403");
    assert_eq!(status("authorization: Bearer wrong\r\n").await, "403");
    assert_eq!(status("authorization: Bearer t0ken\r\nx-forwarded-for: 192.0.2.1\r\n").await, "200");
}

#[tokio::test]
async fn nothing_stands_elsewhere() {
    let world = World::new().await;
    assert!(world.raw().await.get("/nowhere", "").await.starts_with("HTTP/1.1 404"));
    let mut raw = world.raw().await;
    raw.send(b"DELETE / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(raw.read_to_end().await.starts_with(b"HTTP/1.1 405"));
}

#[tokio::test]
async fn an_idle_connection_is_let_go() {
    let world = World::new().await;
    let mut raw = world.raw().await;
    raw.send(b"GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
    assert_eq!(raw.status().await, "200");
    world.advance_by_steps_until(Duration::from_secs(1), "the end", raw.read_to_end()).await;
}
