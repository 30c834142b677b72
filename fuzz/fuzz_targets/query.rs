//! Queries: texts by their keys, read back as they were written; and what the gateway is asked for in its address.
#![no_main]

use std::collections::BTreeMap;

use decentra_fuzz::memory;
use decentra_server::fuzzing::{query, wish};
use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

fuzz_target!(|text: &str| {
    let read = memory::within(256 * text.len() + 100_000, || query(text));
    let Value::Object(read) = read else { panic!("no object") };
    let bytes: usize =
        read.iter().map(|(key, value)| key.len() + value.as_str().expect("a text").len()).sum();
    // What is no UTF-8 becomes a character of three bytes.
    assert!(bytes <= 3 * text.len() && read.len() <= text.split('&').count());
    assert_eq!(query(&written(&read)), Value::Object(read));
    let pairs: BTreeMap<&str, &str> =
        text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    let wished = wish(text);
    assert_eq!(wished.is_some(), pairs.contains_key("v"));
    if let Some((Some(version), _)) = wished {
        assert!((9..=10).contains(&version));
    }
});

fn written(query: &Map<String, Value>) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pair = |(key, value): (&String, &Value)| {
        format!("{}={}", encoded(key), encoded(value.as_str().unwrap_or_default()))
    };
    query.iter().map(pair).collect::<Vec<_>>().join("&")
}
