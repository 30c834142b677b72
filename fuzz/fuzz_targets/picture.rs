//! Pictures: whatever is sent, it takes bounded memory, and what comes of it are squares.
#![no_main]

use std::sync::Once;

use decentra_fuzz::memory;
use decentra_model::limits::{IMAGE_SIDE_MAX, IMAGE_SIDES};
use decentra_server::fuzzing::{data_uri, picture};
use libfuzzer_sys::fuzz_target;

/// Bytes that a picture may take: what a decoder may, and as much again for its rows and for the smaller ones.
const MEMORY_MAX: usize = 2 * 8 * (IMAGE_SIDE_MAX as usize) * (IMAGE_SIDE_MAX as usize);

static FIRST: Once = Once::new();

// A data URI, or the bytes of an image.
fuzz_target!(|data: &[u8]| {
    // libFuzzer's macro ends the process at any panic. A decoder may, and it is caught: what is not is a finding still.
    FIRST.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    if let Ok(uri) = std::str::from_utf8(data)
        && uri.starts_with("data:")
    {
        if let Some(bytes) = memory::within(2 * uri.len() + 4_096, || data_uri(uri)) {
            assert!(bytes.len() <= uri.len());
        }
        return;
    }
    match memory::within(MEMORY_MAX, || picture(data)) {
        Ok(picture) => {
            assert_eq!(picture.hash.len(), 32);
            assert_eq!(picture.sizes.len(), IMAGE_SIDES.len());
            for ((side, png), wanted) in picture.sizes.iter().zip(IMAGE_SIDES) {
                assert_eq!((*side, &png[1..4]), (wanted, &b"PNG"[..]));
                // Width and height stand in the first chunk.
                assert_eq!([&png[16..20], &png[20..24]], [&wanted.to_be_bytes()[..]; 2]);
                assert!(png.len() <= 5 * (wanted * wanted) as usize + 1_024);
            }
        }
        Err(why) => assert!((1..200).contains(&why.len()), "{why}"),
    }
});
