//! The server is asked to look at an address that only it can reach (SSRF).

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use decentra_testkit::{Garden, World};
use serde_json::json;

use crate::text;

#[tokio::test]
async fn no_address_in_what_is_sent_is_called() {
    let trap = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    trap.set_nonblocking(true).unwrap();
    let host = trap.local_addr().unwrap().to_string();
    let url = format!("http://{host}/latest/meta-data/");

    let world = World::open().await;
    let [ana, ben] = world.people(["ana", "ben"]).await;
    let garden = Garden::of(&ana).await;
    garden.let_in(&ana, [&ben]).await;
    let Garden { guild, channel } = garden;
    let messages = format!("/channels/{channel}/messages");
    let embed = json!({
        "title": "look", "url": url, "image": {"url": url}, "thumbnail": {"url": url}, "video": {"url": url},
        "author": {"name": "x", "url": url, "icon_url": url}, "footer": {"text": "x", "icon_url": url},
    });
    ben.post(&messages, json!({"content": format!("{url} <{url}> [look]({url})"), "embeds": [embed]}))
        .await
        .ok();
    let said = text(&ana.post(&messages, json!({"content": url})).await.ok()["id"]);
    ana.patch(&format!("{messages}/{said}"), json!({"content": format!("{url}?again")})).await.ok();
    // What must be a picture is none, and is not looked for either.
    for picture in [url.clone(), format!("//{host}/x.png"), format!("file://{host}/x.png")] {
        assert_eq!(ben.patch("/users/@me", json!({"avatar": picture})).await.status, 400, "{picture}");
        assert_eq!(ana.patch(&format!("/guilds/{guild}"), json!({"icon": picture})).await.status, 400);
    }
    let application = text(&ana.post("/applications", json!({"name": "Bot", "icon": null})).await.ok()["id"]);
    let places = json!({"interactions_endpoint_url": url, "role_connections_verification_url": url});
    ana.patch(&format!("/applications/{application}"), places).await;
    for headers in [
        format!("x-forwarded-host: {host}\r\n"),
        format!("origin: http://{host}\r\n"),
        format!("referer: {url}\r\n"),
    ] {
        ana.send("GET", "/gateway", &headers, b"").await.ok();
    }
    let mut lobby = world.join("Eve").await;
    lobby.say(&url).await;
    lobby.hears().await;
    drop(lobby);

    // When the server has stopped, all that it had begun has ended. The only call is ours, which the trap does see.
    world.stop().await;
    let own = TcpStream::connect(&host).unwrap();
    let (_, from) = trap.accept().unwrap();
    assert_eq!(from, own.local_addr().unwrap());
    assert_eq!(trap.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}
