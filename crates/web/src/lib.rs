//! The web client, as files within the program. Its sources lie in `web/`; `build.rs` tells how they come here.

/// The files of the web client: the path of each from its root, such as `assets/main-4f2a.js.br`, and its bytes. What
/// compresses well stands here compressed only, once by Brotli (`.br`) and once by gzip (`.gz`). Empty, if the program was
/// built without the web client.
pub static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/files.rs"));
