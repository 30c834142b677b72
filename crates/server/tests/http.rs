//! What stands at which path.

use std::time::Duration;

use decentra_testkit::World;

#[tokio::test]
async fn a_browser_is_shown_how_to_connect() {
    let world = World::with(|settings| settings.name = "Ana & <friends>".into()).await;
    let page = world.raw().await.get("/", "").await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("content-security-policy: default-src 'none'"), "{page}");
    assert!(page.contains("Ana &amp; &lt;friends&gt;"), "{page}");
    assert!(page.contains("decentra --server ws://test:80 YourName"), "{page}");
}

#[tokio::test]
async fn a_host_header_cannot_write_into_the_page() {
    let world = World::new().await;
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
