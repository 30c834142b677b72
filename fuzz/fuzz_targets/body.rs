//! The bodies of requests: the same JSON comes of all forms in which it can be sent.
#![no_main]

use bytes::Bytes;
use decentra_fuzz::memory;
use decentra_server::fuzzing::body;
use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;

// JSON, or a content type on a line of its own and a body.
fuzz_target!(|data: &[u8]| {
    if let Ok(value) = serde_json::from_slice::<Value>(data) {
        return all_forms_agree(data, &value);
    }
    let Some(end) = data.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(kind) = std::str::from_utf8(&data[..end]) else { return };
    let sent = Bytes::copy_from_slice(&data[end + 1..]);
    // A value takes 32 bytes and can be sent in two; a list may double its room.
    let answer = memory::within(128 * sent.len() + 200_000, || body(kind, sent));
    if let Err((status, why)) = answer {
        assert!(matches!(status, 400 | 415), "{status}");
        assert!(why["code"].is_u64() && why["message"].is_string(), "{why}");
        assert!(why.to_string().len() <= 4 * data.len() + 1_024, "{why}");
    }
});

fn all_forms_agree(json: &[u8], value: &Value) {
    let plain = body("application/json", Bytes::copy_from_slice(json));
    assert_eq!(plain.as_ref(), Ok(value));
    let encoded = format!("a=1&payload_json={}&b", percent_encode(json, NON_ALPHANUMERIC));
    assert_eq!(body("application/x-www-form-urlencoded", encoded.into()), plain);
    let boundary = "\r\n--the-boundary";
    if json.windows(boundary.len()).any(|window| window == boundary.as_bytes()) {
        return;
    }
    let head = b"--the-boundary\r\ncontent-disposition: form-data; name=\"payload_json\"\r\n\r\n";
    let parts = [head, json, boundary.as_bytes(), b"--\r\n"].concat();
    assert_eq!(body("multipart/form-data; boundary=the-boundary", parts.into()), plain);
}
