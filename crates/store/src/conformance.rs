//! The suite that every backend passes.

use decentra_model::{Body, Id, Message, Name, Nonce, Timestamp};

use crate::{Appended, Store};

/// Writes out a test for each promise of [`Store`], for the backend that the expression opens, empty, each time.
///
/// The expression is a pair: what must outlive the store, such as its folder, and the store.
///
/// ```ignore
/// decentra_store::store_conformance!(((), SqliteStore::in_memory().unwrap()));
/// ```
#[macro_export]
macro_rules! store_conformance {
    ($open:expr) => {
        $crate::store_conformance!(
            $open,
            an_empty_store_has_nothing,
            messages_come_back_as_they_were,
            the_newest_come_oldest_first,
            a_repeated_nonce_is_stored_once,
            a_nonce_twice_in_one_batch_is_stored_once,
            a_batch_with_a_used_id_stores_nothing,
            a_probe_leaves_nothing_behind
        );
    };
    ($open:expr, $($promise:ident),+) => {
        $(#[test] fn $promise() { let (_home, store) = $open; $crate::suite::$promise(store); })+
    };
}

/// The promises, one function each.
#[expect(missing_docs, clippy::unwrap_used, reason = "a suite of tests: the names say what holds")]
pub mod suite {
    use super::{Appended, Body, Id, Message, Name, Nonce, Store, Timestamp};

    fn message(nth: i64, nonce: Option<&str>) -> Message {
        let timestamp = Timestamp::from_unix_micros(1_700_000_000_000_000 + nth * 1_234_567);
        Message {
            id: Id::at(timestamp),
            author: Name::parse("Ana 🌻").unwrap(),
            body: Body::parse(&format!("line {nth}\n\tand 'quotes'; \u{1f9d1}\u{200d}\u{1f33e}")).unwrap(),
            timestamp,
            nonce: nonce.map(|text| Nonce::parse(text).unwrap()),
        }
    }

    fn append_new(store: &mut impl Store, messages: &[Message]) {
        let expected: Vec<_> = messages.iter().cloned().map(Appended::New).collect();
        assert_eq!(store.append(messages.to_vec()).unwrap(), expected);
    }

    pub fn an_empty_store_has_nothing(mut store: impl Store) {
        assert_eq!(store.newest(100).unwrap(), []);
        assert_eq!(store.last_id().unwrap(), None);
        assert_eq!(store.append(Vec::new()).unwrap(), []);
    }

    pub fn messages_come_back_as_they_were(mut store: impl Store) {
        let messages = [message(1, None), message(2, Some("n2"))];
        append_new(&mut store, &messages);
        assert_eq!(store.newest(100).unwrap(), messages);
    }

    pub fn the_newest_come_oldest_first(mut store: impl Store) {
        let messages: Vec<_> = (0..150).map(|nth| message(nth, None)).collect();
        for batch in messages.chunks(40) {
            append_new(&mut store, batch);
        }
        assert_eq!(store.newest(100).unwrap(), messages[50..]);
        assert_eq!(store.last_id().unwrap(), Some(messages[149].id));
    }

    pub fn a_repeated_nonce_is_stored_once(mut store: impl Store) {
        let first = message(1, Some("same"));
        append_new(&mut store, std::slice::from_ref(&first));
        let answer = store.append(vec![message(2, Some("same")), message(3, None)]).unwrap();
        assert_eq!(answer, [Appended::Before(first.clone()), Appended::New(message(3, None))]);
        assert_eq!(store.newest(100).unwrap(), [first, message(3, None)]);
    }

    pub fn a_nonce_twice_in_one_batch_is_stored_once(mut store: impl Store) {
        let first = message(1, Some("same"));
        let answer = store.append(vec![first.clone(), message(2, Some("same"))]).unwrap();
        assert_eq!(answer, [Appended::New(first.clone()), Appended::Before(first.clone())]);
        assert_eq!(store.newest(100).unwrap(), [first]);
    }

    pub fn a_batch_with_a_used_id_stores_nothing(mut store: impl Store) {
        append_new(&mut store, &[message(2, None)]);
        assert!(store.append(vec![message(1, None), message(2, None)]).is_err());
        assert_eq!(store.newest(100).unwrap(), [message(2, None)]);
    }

    pub fn a_probe_leaves_nothing_behind(mut store: impl Store) {
        store.probe().unwrap();
        assert_eq!(store.newest(100).unwrap(), []);
    }
}
