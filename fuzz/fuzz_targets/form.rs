//! The bodies and queries that the routes of the API read: what is taken is what the description says may stand there.
#![no_main]

use std::cell::LazyCell;

use arbitrary::Unstructured;
use decentra_core::community::form::{Field, FieldKind, WHOLE};
use decentra_fuzz::json;
use decentra_model::Id;
use decentra_model::text::is_control;
use decentra_server::fuzzing::Readers;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// Bytes of the answer to a form in which all is wrong, at most.
const ANSWER_BYTES_MAX: usize = 256 * 1_024;

thread_local! {
    static READERS: LazyCell<Readers> = LazyCell::new(Readers::all);
}

// The first byte chooses who reads, the second whether the rest is JSON or what JSON is made of.
fuzz_target!(|data: &[u8]| {
    let Some(([reader, is_json], rest)) = data.split_first_chunk() else { return };
    READERS.with(|readers| {
        let nth = usize::from(*reader) % readers.count();
        let fields = readers.fields(nth);
        let sent = if is_json & 1 == 1 {
            serde_json::from_slice(rest).ok()
        } else {
            json::for_fields(&mut Unstructured::new(rest), fields).ok()
        };
        let Some(mut sent) = sent else { return };
        if fields.len() == 1 && fields[0].key == WHOLE {
            sent = serde_json::json!({WHOLE: sent});
        }
        match readers.read(nth, &sent) {
            Ok(()) => assert!(sent.is_null() || is_form(fields, &sent), "{sent} was taken for {fields:?}"),
            Err((status, answer)) => {
                assert_eq!((status, &answer["code"]), (400, &50_035.into()), "{answer}");
                assert!(count(&answer["errors"]) > 0, "{answer}");
                assert!(answer.to_string().len() <= ANSWER_BYTES_MAX);
            }
        }
    });
});

/// How many errors the tree holds, each with its code and a sentence.
fn count(tree: &Value) -> usize {
    let below = |(key, value): (&String, &Value)| match value {
        Value::Array(errors) if key == "_errors" => {
            let is_told = |error: &Value| error["code"].is_string() && error["message"].is_string();
            assert!(errors.iter().all(is_told), "{tree}");
            errors.len()
        }
        value => count(value),
    };
    tree.as_object().expect("a tree is made of objects").iter().map(below).sum()
}

fn is_form(fields: &[Field], sent: &Value) -> bool {
    let fits = |field: &Field| match sent.get(&field.key) {
        // The older way to give one card is looked at where there is no list of them.
        Some(_) if field.key == "embed" && sent.get("embeds").is_some_and(Value::is_array) => true,
        None | Some(Value::Null) => !field.required,
        Some(value) => is_kind(&field.kind, value),
    };
    sent.is_object() && fields.iter().all(fits)
}

fn is_kind(kind: &FieldKind, value: &Value) -> bool {
    match kind {
        FieldKind::Text(chars) => value.as_str().is_some_and(|text| {
            // Names and the like are counted without what is taken off them.
            let kept: String = text.chars().filter(|c| !is_control(*c)).collect();
            kept.trim().chars().count() <= *chars.end() && text.chars().count() >= *chars.start()
        }),
        FieldKind::Number(bounds) => {
            let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
            #[expect(clippy::cast_precision_loss, reason = "the bounds are small, or the whole range")]
            number.is_some_and(|number| {
                (*bounds.start() as f64..=*bounds.end() as f64).contains(&number) && number.fract() == 0.0
            })
        }
        FieldKind::Flag => value.is_boolean(),
        FieldKind::Id => serde_json::from_value::<Id>(value.clone()).is_ok(),
        FieldKind::Permissions => value.is_string() || value.is_number(),
        FieldKind::Time => value.is_string(),
        FieldKind::List(max, kind) => {
            // In a query, a list of ids is a text with commas in it.
            let is_text = **kind == FieldKind::Id && value.is_string();
            let list = value.as_array();
            is_text
                || list.is_some_and(|list| list.len() <= *max && list.iter().all(|item| is_kind(kind, item)))
        }
        FieldKind::Form(fields) => is_form(fields, value),
        FieldKind::Any => true,
    }
}
