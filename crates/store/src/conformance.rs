//! The suite that every backend passes.

use decentra_model::limits::INDEXED_AT_ONCE;
use decentra_model::message::{Anchor, Extra, Page, Reaction};
use decentra_model::search::{Found, Has, Order, Query, terms};
use decentra_model::{
    Audience, Author, Channel, ChannelKind, Circle, Dispatch, Event, Guild, Id, Intents, Member, Message,
    Name, Picture, ReactionMark, Role, Timestamp, User,
};

use crate::{Store, StoreError};

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
            pages_are_what_was_asked_for,
            what_is_written_is_read_within_the_transaction,
            what_is_rolled_back_was_never_there,
            a_message_is_found_by_its_mark,
            an_edited_message_is_edited,
            a_deleted_message_takes_its_reactions_along,
            reactions_are_counted_in_the_order_they_came,
            pins_come_newest_first,
            a_picture_is_found_in_the_size_that_is_asked_for,
            what_is_kept_in_memory_comes_back,
            a_deleted_guild_leaves_nothing,
            what_is_found_is_what_a_query_admits,
            a_message_is_found_in_the_transaction_that_brings_it,
            the_log_is_read_both_ways,
            a_place_in_the_log_is_not_used_twice,
            the_greatest_id_is_kept,
            that_someone_wrote_is_known_also_when_it_was_deleted,
            the_newest_that_some_wrote_are_found,
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
    use super::{
        Anchor, Audience, Author, Channel, ChannelKind, Circle, Dispatch, Event, Extra, Found, Guild, Has,
        INDEXED_AT_ONCE, Id, Intents, Member, Message, Name, Order, Page, Picture, Query, Reaction,
        ReactionMark, Role, Store, StoreError, Timestamp, User, terms,
    };

    const CHANNEL: Id = Id::from_i64(77);
    const ANA: Id = Id::from_i64(1);
    const BEN: Id = Id::from_i64(2);

    /// The `nth` message, the odd ones Ana's, the even ones a guest's.
    pub fn message(nth: i64) -> Message {
        let timestamp = Timestamp::from_unix_micros(1_700_000_000_000_000 + nth * 1_234_567);
        let guest = || Author::Guest(Name::parse("Gast 🌻").unwrap());
        Message {
            id: Id::at(timestamp),
            channel_id: CHANNEL,
            author: if nth % 2 == 1 { Author::User(ANA) } else { guest() },
            content: format!("line {nth}\n\tand 'quotes'; \u{1f9d1}\u{200d}\u{1f33e}"),
            timestamp,
            edited_at: None,
            pinned_at: None,
            extra: Extra { mentions: if nth % 2 == 1 { vec![BEN] } else { Vec::new() }, ..Extra::default() },
            reactions: Vec::new(),
        }
    }

    pub fn created(message: Message) -> Event {
        Event::MessageCreated { message, nonce: None, dedupe: None }
    }

    pub fn transact(store: &mut impl Store, events: impl IntoIterator<Item = Event>) {
        store.begin().unwrap();
        for event in events {
            store.write(&event).unwrap();
        }
        store.commit().unwrap();
    }

    pub fn newest(store: &mut impl Store, limit: u32) -> Vec<Message> {
        store.messages(CHANNEL, Page { anchor: Anchor::Newest, limit }, None).unwrap()
    }

    fn mark(user_id: Id, emoji: &str) -> ReactionMark {
        let message_author_id = Some(ANA);
        ReactionMark {
            channel_id: CHANNEL,
            message_id: message(1).id,
            message_author_id,
            user_id,
            emoji: emoji.into(),
        }
    }

    pub fn an_empty_store_has_nothing(mut store: impl Store) {
        assert_eq!(newest(&mut store, 100), []);
        assert_eq!(store.message(CHANNEL, CHANNEL, None).unwrap(), None);
        let loaded = store.load().unwrap();
        assert_eq!((loaded.events.len(), loaded.sessions.len(), loaded.position), (0, 0, 0));
    }

    pub fn messages_come_back_as_they_were(mut store: impl Store) {
        transact(&mut store, [created(message(1)), created(message(2))]);
        assert_eq!(newest(&mut store, 100), [message(2), message(1)]);
        assert_eq!(store.message(CHANNEL, message(1).id, None).unwrap(), Some(message(1)));
        assert_eq!(store.message(ANA, message(1).id, None).unwrap(), None, "it stands in another channel");
    }

    pub fn pages_are_what_was_asked_for(mut store: impl Store) {
        transact(&mut store, (1..=20).map(|nth| created(message(nth))));
        let mut page = |anchor, limit| -> Vec<i64> {
            let found = store.messages(CHANNEL, Page { anchor, limit }, None).unwrap();
            let nth = |found: &Message| (1..=20).find(|nth| message(*nth).id == found.id).unwrap();
            found.iter().map(nth).collect()
        };
        let at = |nth| message(nth).id;
        assert_eq!(page(Anchor::Newest, 3), [20, 19, 18]);
        assert_eq!(page(Anchor::Before(at(3)), 5), [2, 1]);
        assert_eq!(page(Anchor::After(at(3)), 3), [6, 5, 4]);
        assert_eq!(page(Anchor::After(at(20)), 3), [0; 0]);
        assert_eq!(page(Anchor::Around(at(10)), 5), [12, 11, 10, 9, 8]);
    }

    pub fn what_is_written_is_read_within_the_transaction(mut store: impl Store) {
        store.begin().unwrap();
        store.write(&created(message(1))).unwrap();
        assert_eq!(newest(&mut store, 9), [message(1)]);
        store.commit().unwrap();
    }

    pub fn what_is_rolled_back_was_never_there(mut store: impl Store) {
        transact(&mut store, [created(message(1))]);
        store.begin().unwrap();
        store.write(&created(message(2))).unwrap();
        assert!(matches!(store.write(&created(message(1))), Err(StoreError::Failed(_))), "the id is in use");
        store.rollback();
        assert_eq!(newest(&mut store, 9), [message(1)]);
        transact(&mut store, [created(message(2))]);
    }

    pub fn a_message_is_found_by_its_mark(mut store: impl Store) {
        transact(
            &mut store,
            [Event::MessageCreated { message: message(1), nonce: None, dedupe: Some("m".into()) }],
        );
        assert_eq!(store.message_with("m").unwrap(), Some(message(1)));
        assert_eq!(store.message_with("other").unwrap(), None);
    }

    pub fn an_edited_message_is_edited(mut store: impl Store) {
        transact(&mut store, [created(message(1))]);
        let edited = Message { content: "new".into(), edited_at: Some(message(5).timestamp), ..message(1) };
        transact(&mut store, [Event::MessageUpdated(edited.clone())]);
        assert_eq!(newest(&mut store, 9), [edited]);
    }

    pub fn a_deleted_message_takes_its_reactions_along(mut store: impl Store) {
        transact(&mut store, [created(message(1)), Event::ReactionAdded(mark(BEN, "👍"))]);
        let deleted = Event::MessagesDeleted { channel_id: CHANNEL, ids: vec![message(1).id], bulk: false };
        transact(&mut store, [deleted]);
        assert_eq!(newest(&mut store, 9), []);
        assert!(!store.has_reacted(CHANNEL, message(1).id, "👍", BEN).unwrap());
    }

    pub fn reactions_are_counted_in_the_order_they_came(mut store: impl Store) {
        let marks = [mark(BEN, "🌻"), mark(ANA, "👍"), mark(BEN, "👍"), mark(BEN, "👍")];
        transact(&mut store, [created(message(1))].into_iter().chain(marks.map(Event::ReactionAdded)));
        let reactions = store.message(CHANNEL, message(1).id, Some(ANA)).unwrap().unwrap().reactions;
        let reaction = |emoji: &str, count, me| Reaction { emoji: emoji.into(), count, me };
        assert_eq!(reactions, [reaction("🌻", 1, false), reaction("👍", 2, true)]);
        assert_eq!(store.reactors(CHANNEL, message(1).id, "👍", None, 100).unwrap(), [ANA, BEN]);
        assert_eq!(store.reactors(CHANNEL, message(1).id, "👍", Some(ANA), 100).unwrap(), [BEN]);
        transact(&mut store, [Event::ReactionRemoved(mark(ANA, "👍"))]);
        assert!(!store.has_reacted(CHANNEL, message(1).id, "👍", ANA).unwrap());
        let (channel_id, message_id) = (CHANNEL, message(1).id);
        transact(&mut store, [Event::ReactionsCleared { channel_id, message_id, emoji: None }]);
        assert_eq!(newest(&mut store, 1), [message(1)]);
    }

    pub fn pins_come_newest_first(mut store: impl Store) {
        let pinned = |nth, at| Message { pinned_at: Some(message(at).timestamp), ..message(nth) };
        let pins = [pinned(1, 11), pinned(2, 10)];
        transact(&mut store, (1..=3).map(|nth| created(message(nth))));
        transact(&mut store, pins.clone().map(Event::MessagePinned));
        assert_eq!(store.pins(CHANNEL, None, 50, None).unwrap(), pins);
        assert_eq!(store.pins(CHANNEL, pins[0].pinned_at, 50, None).unwrap(), pins[1..]);
        assert_eq!(store.pin_count(CHANNEL).unwrap(), 2);
    }

    fn guild() -> Event {
        let member = Member::new(ANA, message(1).timestamp);
        Event::GuildCreated {
            guild: Box::new(Guild::new(BEN, "Garden".into(), Some(ANA))),
            roles: vec![Role::everyone(BEN)],
            channels: vec![Channel::new(CHANNEL, BEN, ChannelKind::Text, "general")],
            members: vec![member],
        }
    }

    pub fn a_picture_is_found_in_the_size_that_is_asked_for(mut store: impl Store) {
        let picture =
            Picture { hash: "abc".into(), sizes: vec![(64, vec![6]), (128, vec![1]), (512, vec![5])] };
        transact(&mut store, [Event::PictureSet { owner_id: ANA, picture: Some(picture.clone()) }]);
        let mut size = |owner, hash, side| store.picture(owner, hash, side).unwrap();
        assert_eq!(size(ANA, "abc", 16), Some(vec![6]));
        assert_eq!(size(ANA, "abc", 65), Some(vec![1]));
        assert_eq!(size(ANA, "abc", 4_096), Some(vec![5]));
        assert_eq!(size(BEN, "abc", 64), None);
        let other = Picture { hash: "def".into(), ..picture };
        transact(&mut store, [Event::PictureSet { owner_id: ANA, picture: Some(other) }]);
        assert_eq!(store.picture(ANA, "abc", 64).unwrap(), None);
        transact(&mut store, [Event::PictureSet { owner_id: ANA, picture: None }]);
        assert_eq!(store.picture(ANA, "def", 64).unwrap(), None);
    }

    pub fn what_is_kept_in_memory_comes_back(mut store: impl Store) {
        let events = [
            Event::UserCreated(User::new(ANA, Name::parse("ana").unwrap())),
            Event::PasswordSet { user_id: ANA, hash: Some("hash".into()) },
            guild(),
        ];
        transact(&mut store, events.clone().into_iter().chain([created(message(1)), created(message(2))]));
        let loaded = store.load().unwrap();
        assert_eq!(loaded.events, events);
        assert_eq!(loaded.last_messages, [(CHANNEL, message(2).id)]);
    }

    pub fn a_deleted_guild_leaves_nothing(mut store: impl Store) {
        transact(&mut store, [guild(), created(message(1)), Event::GuildDeleted(BEN)]);
        assert_eq!(store.load().unwrap().events, []);
        assert_eq!(newest(&mut store, 9), []);
    }

    fn dispatch(nth: u8) -> Dispatch {
        let audience = Audience::new(Circle::Viewers(BEN, CHANNEL), Intents::GUILD_MESSAGES);
        Dispatch { name: "MESSAGE_CREATE".into(), audience, body: [nth].into() }
    }

    /// Messages of three channels and three authors, in words of which some are frequent and some are not.
    fn talk(count: i64) -> Vec<Message> {
        let words = [
            "bean",
            "green",
            "東京都",
            "beans",
            "the",
            "Crème",
            "京",
            "https://example.org/a",
            "greenhouse",
            "🎉",
        ];
        let word = |nth: i64, seed: i64| {
            let at = (nth * seed + nth / 7 * (seed + 3)).rem_euclid(19);
            words[usize::try_from(at / 2).unwrap()]
        };
        let message = |nth: i64| Message {
            channel_id: Id::from_i64(70 + nth % 3),
            author: Author::User(Id::from_i64(1 + nth % 5 / 2)),
            content: format!("{} {} {}", word(nth, 5), word(nth, 11), word(nth, 13)),
            ..message(nth)
        };
        (1..=count).map(message).collect()
    }

    /// What `query` is to find in `messages`, which stand in the order of their ids.
    fn admitted(messages: &[Message], query: &Query) -> (Vec<Id>, usize) {
        let mut found: Vec<_> = messages.iter().filter(|message| query.admits(message)).collect();
        if query.order != Order::Oldest {
            found.reverse();
        }
        if query.order == Order::Best {
            found.sort_by(|one, other| query.score(other).total_cmp(&query.score(one)));
        }
        let page = found.iter().skip(query.offset).take(query.limit);
        (page.map(|message| message.id).collect(), found.len())
    }

    fn queries() -> Vec<Query> {
        let channels: Vec<Id> = (70..=72).map(Id::from_i64).collect();
        let typed = [
            "",
            "bean",
            "\"bean\"",
            "green beans",
            "\"green bean\"",
            "gre*",
            "東京",
            "京",
            "東京都",
            "creme",
            "the 🎉",
            "nothing",
            "!",
            "example.org",
            "\"the the\"",
        ];
        let mut queries = Vec::new();
        for typed in typed {
            let terms = terms(typed);
            let is_wordless = terms.is_empty() && !typed.is_empty();
            let all = Query { terms, is_wordless, channels: channels.clone(), limit: 25, ..Query::default() };
            let one = vec![Id::from_i64(71)];
            let (early, late) = (message(100).id, message(1_060).id);
            queries.extend([
                Query { order: Order::Oldest, offset: 3, ..all.clone() },
                Query {
                    order: Order::Best,
                    limit: 5,
                    after: Some(early),
                    before: Some(message(300).id),
                    ..all.clone()
                },
                Query { channels: one.clone(), authors: vec![ANA], ..all.clone() },
                Query { has: vec![Has::Link], after: Some(early), ..all.clone() },
                Query { lacks: vec![Has::Link], before: Some(late), ..all.clone() },
                Query { mentions: vec![BEN], hosts: vec!["Example.org".into()], ..all.clone() },
                Query { mention_everyone: Some(false), order: Order::Oldest, channels: one, ..all.clone() },
                Query { pinned: Some(true), ..all.clone() },
                Query { pinned: Some(false), after: Some(late), ..all.clone() },
                Query { channels: Vec::new(), ..all.clone() },
                all,
            ]);
        }
        queries
    }

    pub fn what_is_found_is_what_a_query_admits(mut store: impl Store) {
        let mut messages = talk(i64::try_from(INDEXED_AT_ONCE).unwrap() + 100);
        // All but the last are taken into an index; what changes then is in it, and after it.
        let (first, last) = messages.split_at(INDEXED_AT_ONCE);
        transact(&mut store, first.iter().cloned().map(created));
        transact(&mut store, last.iter().cloned().map(created));
        for nth in [7, 300, 1_100] {
            messages[nth].content = "green bean, edited".into();
            transact(&mut store, [Event::MessageUpdated(messages[nth].clone())]);
            messages[nth + 1].pinned_at = Some(messages[nth].timestamp);
            transact(&mut store, [Event::MessagePinned(messages[nth + 1].clone())]);
        }
        for nth in [1_050, 400, 3] {
            let gone = messages.remove(nth);
            let (channel_id, ids) = (gone.channel_id, vec![gone.id]);
            transact(&mut store, [Event::MessagesDeleted { channel_id, ids, bulk: false }]);
        }
        for query in queries() {
            let found = store.search(&query, None).unwrap();
            let ids: Vec<Id> = found.messages.iter().map(|message| message.id).collect();
            assert_eq!((ids, found.total), admitted(&messages, &query), "{query:?}");
            assert!(!found.is_indexing);
        }
        let gone = Channel::new(Id::from_i64(71), BEN, ChannelKind::Text, "gone");
        transact(&mut store, [Event::ChannelDeleted(gone)]);
        messages.retain(|message| message.channel_id != Id::from_i64(71));
        for query in queries() {
            assert_eq!(store.search(&query, None).unwrap().total, admitted(&messages, &query).1, "{query:?}");
        }
        assert!(!store.index_older().unwrap());
    }

    pub fn a_message_is_found_in_the_transaction_that_brings_it(mut store: impl Store) {
        let query = Query { channels: vec![CHANNEL], terms: terms("line"), limit: 25, ..Query::default() };
        store.begin().unwrap();
        store.write(&created(message(1))).unwrap();
        assert_eq!(store.search(&query, None).unwrap().messages, [message(1)]);
        store.rollback();
        assert_eq!(store.search(&query, None).unwrap(), Found::default());
    }

    pub fn the_log_is_read_both_ways(mut store: impl Store) {
        store.begin().unwrap();
        let places: Vec<_> = (1..=4).map(|nth| store.append(&dispatch(nth)).unwrap()).collect();
        store.commit().unwrap();
        let entry = |nth: u8| (places[usize::from(nth) - 1], dispatch(nth));
        assert_eq!(store.log_after(places[1], 9).unwrap(), [entry(3), entry(4)]);
        assert_eq!(store.log_after(0, 2).unwrap(), [entry(1), entry(2)]);
        assert_eq!(store.log_until(places[2], 2).unwrap(), [entry(3), entry(2)]);
        store.trim(places[1]).unwrap();
        assert_eq!(store.log_after(0, 9).unwrap(), [entry(3), entry(4)]);
    }

    pub fn a_place_in_the_log_is_not_used_twice(mut store: impl Store) {
        let first = store.append(&dispatch(1)).unwrap();
        store.trim(first).unwrap();
        assert_eq!(store.load().unwrap().position, first);
        assert!(store.append(&dispatch(2)).unwrap() > first);
    }

    pub fn the_greatest_id_is_kept(mut store: impl Store) {
        assert_eq!(store.load().unwrap().last_id, None);
        store.begin().unwrap();
        store.put_last_id(ANA).unwrap();
        store.put_last_id(BEN).unwrap();
        store.commit().unwrap();
        assert_eq!(store.load().unwrap().last_id, Some(BEN));
    }

    pub fn that_someone_wrote_is_known_also_when_it_was_deleted(mut store: impl Store) {
        let [first, last] = [1, 3].map(message);
        transact(&mut store, [created(first.clone()), created(last.clone())]);
        let never = Id::from_i64(0);
        let now = message(9).timestamp;
        let mut written = |after, now| store.last_written(CHANNEL, ANA, after, now).unwrap();
        assert_eq!(written(never, now), Some(last.timestamp));
        assert_eq!(written(last.id, now), None);
        assert_eq!(written(never, first.timestamp), Some(first.timestamp), "the clock was set back");
        let gone = Event::MessagesDeleted { channel_id: CHANNEL, ids: vec![last.id, first.id], bulk: true };
        transact(&mut store, [gone]);
        assert_eq!(store.last_written(CHANNEL, ANA, never, now).unwrap(), Some(last.timestamp));
        assert_eq!(store.last_written(CHANNEL, BEN, never, now).unwrap(), None);
    }

    pub fn the_newest_that_some_wrote_are_found(mut store: impl Store) {
        let by = |nth, author| Message { author: Author::User(author), ..message(nth) };
        let said = [by(1, ANA), by(2, BEN), by(3, ANA), message(4), by(5, BEN)];
        transact(&mut store, said.clone().map(created));
        let id = |nth: usize| said[nth - 1].id;
        let never = Id::from_i64(0);
        let mut written =
            |authors: &[Id], after, limit| store.written_by(CHANNEL, authors, after, limit).unwrap();
        assert_eq!(written(&[ANA, BEN], never, 9), [1, 2, 3, 5].map(id));
        assert_eq!(written(&[ANA, BEN], never, 2), [3, 5].map(id));
        assert_eq!(written(&[BEN], id(2), 9), [id(5)]);
        assert_eq!(written(&[], never, 9), []);
    }

    pub fn a_probe_leaves_nothing_behind(mut store: impl Store) {
        store.probe().unwrap();
        assert_eq!(newest(&mut store, 100), []);
    }
}
