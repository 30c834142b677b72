//! Pictures that are small to send and large to read, or that are not only pictures.

use std::fs;
use std::io::{Cursor, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use decentra_model::limits::{IMAGE_BYTES_MAX, WORKS_WAITING_MAX};
use decentra_testkit::process::Process;
use decentra_testkit::{Answer, Raw, Rest, World, soon};
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use image::{DynamicImage, ImageFormat};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::{binary, text};

/// Memory that the server may take, at its most, in KiB: two pictures at work, and what it has anyway.
const MEMORY_KIB_MAX: u64 = 512 * 1024;

async fn wear(who: &Rest, kind: &str, picture: &[u8]) -> Answer {
    let uri = format!("data:image/{kind};base64,{}", STANDARD.encode(picture));
    who.patch("/users/@me", json!({"avatar": uri})).await
}

/// A chunk of a PNG.
fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(&kind);
    crc.update(data);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &kind, data, &crc.sum().to_be_bytes()].concat()
}

/// So many mebibytes of zeros, packed.
fn zeros(mebibytes: usize) -> Vec<u8> {
    let block = vec![0; 1024 * 1024];
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    let mut begins = 0;
    for _ in 0..2 {
        begins = packer.get_ref().len();
        packer.write_all(&block).unwrap();
        packer.flush().unwrap();
    }
    // From the second on, each is packed alike. After the last come its end and the checksum: of zeros that is their number.
    let (first, next) = packer.get_ref().split_at(begins);
    let checksum = u32::try_from(mebibytes * block.len() % 65_521).unwrap() << 16 | 1;
    [first, &next.repeat(mebibytes - 1), &[3, 0], &checksum.to_be_bytes()].concat()
}

/// A PNG of this size, whose other chunks are `more`.
fn png(width: u32, height: u32, more: &[Vec<u8>]) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let signature = b"\x89PNG\r\n\x1a\n".to_vec();
    [signature, chunk(*b"IHDR", &head), more.concat(), chunk(*b"IEND", b"")].concat()
}

/// A GIF that says that it is of this size, with so many frames of one pixel.
fn gif(side: u16, frames: usize) -> Vec<u8> {
    let side = side.to_le_bytes();
    let head = [b"GIF89a", &side[..], &side, &[0x80, 0, 0, 0, 0, 0, 255, 255, 255]].concat();
    let frame = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
    [head, frame.repeat(frames), vec![0x3b]].concat()
}

/// A lossless WebP that says that it is of this size.
fn webp(width: u32) -> Vec<u8> {
    let sides = ((width - 1) | ((width - 1) << 14)).to_le_bytes();
    let data = [&[0x2f][..], &sides, &[0; 8]].concat();
    let length = u32::try_from(data.len() + 1).unwrap();
    [b"RIFF", &(length + 12).to_le_bytes()[..], b"WEBPVP8L", &length.to_le_bytes(), &data, &[0]].concat()
}

/// A JPEG that says that it is of the largest size there is.
fn jpeg() -> Vec<u8> {
    let frame = [0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0];
    [&[0xff, 0xd8][..], &frame, &[0xff, 0xd9]].concat()
}

#[tokio::test]
async fn bombs_are_refused_and_take_no_memory() {
    let data = TempDir::new().unwrap();
    let server = Process::start(binary().args(["--rate-limits", "off"]), data.path());
    let ana = Rest::register(server.address, "ana").await;
    let gigabyte = zeros(1024);
    let profile = [&b"profile\0\0"[..], &gigabyte].concat();
    for (what, kind, picture) in [
        ("a side of 50,000", "png", png(50_000, 50_000, &[chunk(*b"IDAT", &gigabyte)])),
        ("a side of 4 billion", "png", png(u32::MAX, 1, &[chunk(*b"IDAT", &gigabyte)])),
        ("a screen of 65,535", "gif", gif(u16::MAX, 1)),
        ("a side of 16,384", "webp", webp(16_384)),
        ("a side of 65,535", "jpeg", jpeg()),
        ("more than 8 MiB", "png", vec![0; IMAGE_BYTES_MAX + 1]),
    ] {
        assert_eq!(wear(&ana, kind, &picture).await.refusal(), (400, 50035), "{what}");
    }
    // These need not be refused, as long as they are not unpacked.
    for (kind, picture) in [
        ("png", png(1, 1, &[chunk(*b"iCCP", &profile), chunk(*b"IDAT", &zeros(1))])),
        ("png", png(1, 1, &[chunk(*b"zTXt", &profile), chunk(*b"IDAT", &gigabyte)])),
        ("gif", gif(1, 400_000)),
    ] {
        assert!([200, 400].contains(&wear(&ana, kind, &picture).await.status));
    }
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(peak < MEMORY_KIB_MAX, "{peak} KiB");
    assert!(Raw::connect(server.address).await.get("/readyz", "").await.ends_with("ready\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_pictures_without_end_keeps_nobody_from_logging_in() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let mut picture = Vec::new();
    DynamicImage::new_rgb8(1_024, 1_024).write_to(&mut Cursor::new(&mut picture), ImageFormat::Png).unwrap();
    let (busy, mut is_busy) = mpsc::channel(1);
    let mut flood = JoinSet::new();
    for _ in 0..2 * WORKS_WAITING_MAX {
        let (ana, picture, busy) = (ana.clone(), picture.clone(), busy.clone());
        flood.spawn(async move {
            loop {
                if wear(&ana, "png", &picture).await.head.contains("x-ratelimit-scope: shared") {
                    // Once it is known, it is known.
                    let _ = busy.try_send(());
                }
            }
        });
    }
    soon("that there are too many pictures", is_busy.recv()).await.unwrap();
    for _ in 0..3 {
        let login = json!({"login": "ana", "password": "the password of ana"});
        Rest::nobody(world.address()).post("/auth/login", login).await.ok();
    }
    flood.shutdown().await;
}

#[tokio::test]
async fn what_is_hidden_in_a_picture_or_behind_it_is_not_served() {
    let world = World::open().await;
    let ana = Rest::register(world.address(), "ana").await;
    let mut picture = Vec::new();
    DynamicImage::new_rgb8(64, 64).write_to(&mut Cursor::new(&mut picture), ImageFormat::Png).unwrap();
    let script = b"<script>alert(1)</script>";
    // Before its end stands a chunk of text, and after it a page.
    let at = picture.len() - 12;
    let hidden = chunk(*b"tEXt", &[&b"Comment\0"[..], script].concat());
    let picture = [&picture[..at], &hidden, &picture[at..], script].concat();
    let hash = text(&wear(&ana, "png", &picture).await.ok()["avatar"]);
    for name in [format!("{hash}.png"), format!("{hash}.html"), format!("{hash}.svg"), hash] {
        let path = format!("/avatars/{}/{name}?size=64", ana.user_id);
        let mut raw = world.raw().await;
        let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        raw.send(request.as_bytes()).await.unwrap();
        let answer = raw.read_to_end().await;
        let seen = String::from_utf8_lossy(&answer);
        assert!(seen.starts_with("HTTP/1.1 200") && !seen.contains("script"), "{name}");
        for guard in
            ["content-type: image/png", "x-content-type-options: nosniff", "default-src 'none'; sandbox"]
        {
            assert!(seen.contains(guard), "{name}");
        }
    }
}
