//! Pages of history that were read lately, as they were answered.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use decentra_model::Id;
use decentra_model::limits::PAGES_BYTES_MAX;
use decentra_model::message::Page;

/// A page of a channel. Where reactions are in it, it is another one for each who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) channel: Id,
    pub(crate) page: Page,
    pub(crate) viewer: Option<Id>,
}

/// The pages; the ones that were kept first go first.
#[derive(Debug, Default)]
pub(crate) struct Pages(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Each with the revision of its channel when it was read.
    pages: HashMap<Key, (u64, Bytes)>,
    order: VecDeque<Key>,
    bytes: usize,
}

impl Pages {
    /// The page as `viewer` sees it, if it was kept and nothing in it has changed: the channel has this `revision`.
    pub(crate) fn get(&self, channel: Id, page: Page, viewer: Id, revision: u64) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        [None, Some(viewer)].into_iter().find_map(|viewer| {
            let (of, bytes) = kept.pages.get(&Key { channel, page, viewer })?;
            (*of == revision).then(|| bytes.clone())
        })
    }

    /// Keeps a page that was read when its channel had this `revision`, or later.
    pub(crate) fn keep(&self, key: Key, revision: u64, bytes: Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += bytes.len();
        match kept.pages.insert(key, (revision, bytes)) {
            Some((_, before)) => kept.bytes -= before.len(),
            None => kept.order.push_back(key),
        }
        while kept.bytes > PAGES_BYTES_MAX
            && let Some(oldest) = kept.order.pop_front()
        {
            if let Some((_, bytes)) = kept.pages.remove(&oldest) {
                kept.bytes -= bytes.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use decentra_model::message::Anchor;

    use super::*;

    const CHANNEL: Id = Id::from_i64(1);
    const ANA: Id = Id::from_i64(2);
    const PAGE: Page = Page { anchor: Anchor::Newest, limit: 50 };

    #[test]
    fn a_page_is_found_until_its_channel_has_changed() {
        let pages = Pages::default();
        let key = Key { channel: CHANNEL, page: PAGE, viewer: None };
        pages.keep(key, 7, Bytes::from_static(b"[]"));
        assert_eq!(pages.get(CHANNEL, PAGE, ANA, 7).unwrap(), "[]");
        assert_eq!(pages.get(CHANNEL, PAGE, ANA, 8), None);
        let own = Key { viewer: Some(Id::from_i64(3)), ..key };
        pages.keep(own, 8, Bytes::from_static(b"[1]"));
        assert_eq!(pages.get(CHANNEL, PAGE, ANA, 8), None, "it is another's");
    }

    #[test]
    fn no_more_is_kept_than_may_be() {
        let pages = Pages::default();
        let long = Bytes::from(vec![b' '; PAGES_BYTES_MAX / 4]);
        for channel in 1..=9 {
            pages.keep(Key { channel: Id::from_i64(channel), page: PAGE, viewer: None }, 0, long.clone());
        }
        let found = |channel| pages.get(Id::from_i64(channel), PAGE, ANA, 0).is_some();
        assert!(!found(5) && found(6) && found(9));
        assert!(pages.0.lock().unwrap().bytes <= PAGES_BYTES_MAX);
    }
}
