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
    let pairs = pairs(&read);
    let bytes: usize = pairs.iter().map(|(key, value)| key.len() + value.len()).sum();
    // What is no UTF-8 becomes a character of three bytes.
    assert!(bytes <= 3 * text.len() && pairs.len() <= text.split('&').count());
    assert_eq!(query(&written(&pairs)), Value::Object(read.clone()));
    let pairs: BTreeMap<&str, &str> =
        text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    let wished = wish(text);
    assert_eq!(wished.is_some(), pairs.contains_key("v"));
    if let Some((Some(version), _)) = wished {
        assert!((9..=10).contains(&version));
    }
});

/// Each text with its key: a text, or one of a list.
fn pairs(query: &Map<String, Value>) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    for (key, value) in query {
        let values = if let Value::Array(values) = value { values.as_slice() } else { std::slice::from_ref(value) };
        pairs.extend(values.iter().map(|value| (key.as_str(), value.as_str().expect("a text"))));
    }
    pairs
}

fn written(pairs: &[(&str, &str)]) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    pairs.iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value))).collect::<Vec<_>>().join("&")
}
