//! Searching what was written.

use decentra_model::limits::{
    CHANNELS_MAX, HOST_CHARS_MAX, SEARCH_CHARS_MAX, SEARCH_CHOICES_MAX, SEARCH_OFFSET_MAX, SEARCH_PAGE_MAX,
    SEARCH_PREFIXES_MAX, SEARCH_TERMS_MAX,
};
use decentra_model::search::{Has, Order, Query, Term, terms};
use decentra_model::{Id, Permissions, Timestamp};

use super::{Community, Form, Refusal, Venue};

/// A search, before it is known where whoever asks may look.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What is asked for, in no channel yet.
    query: Query,
    /// The channels that it names; all, if it names none.
    channel_ids: Vec<Id>,
    /// Whether channels for adults are among them.
    include_nsfw: bool,
}

impl Wanted {
    /// The search in a query. Source: Discord's documentation, "Search Guild Messages".
    pub fn read(form: &mut Form<'_>) -> Self {
        let content = form.text("content", 0..=SEARCH_CHARS_MAX).unwrap_or_default();
        let terms = terms(&content);
        check(form, &terms);
        let (has, lacks) = read_has(form);
        let limit = form.small("limit", 1..=SEARCH_PAGE_MAX).unwrap_or(SEARCH_PAGE_MAX);
        let mut ids = |key| form.ids(key, SEARCH_CHOICES_MAX).unwrap_or_default();
        let (authors, mentions) = (ids("author_id"), ids("mentions"));
        let (mention_roles, replied_to) = (ids("mentions_role_id"), ids("replied_to_message_id"));
        let hosts = form.texts("link_hostname", SEARCH_CHOICES_MAX, 1..=HOST_CHARS_MAX).unwrap_or_default();
        let query = Query {
            channels: Vec::new(),
            is_wordless: terms.is_empty() && !content.trim().is_empty(),
            terms,
            authors,
            mentions,
            mention_roles,
            mention_everyone: form.flag("mention_everyone"),
            replied_to,
            has,
            lacks,
            hosts,
            pinned: form.flag("pinned"),
            after: form.id("min_id"),
            before: form.id("max_id"),
            order: read_order(form),
            offset: form.small("offset", 0..=SEARCH_OFFSET_MAX).unwrap_or_default() as usize,
            limit: limit as usize,
        };
        let channel_ids = form.ids("channel_id", CHANNELS_MAX).unwrap_or_default();
        Self { query, channel_ids, include_nsfw: form.flag("include_nsfw").unwrap_or_default() }
    }

    /// What `user` may search of it in a guild. Channels that they do not see, or whose past they may not read, are not
    /// searched, also where they are named: whether they exist is not told.
    pub fn in_guild(
        self,
        community: &Community,
        guild: Id,
        user: Id,
        now: Timestamp,
    ) -> Result<Query, Refusal> {
        let state = community.guild_for(guild, user)?;
        let is_named = |id| self.channel_ids.is_empty() || self.channel_ids.contains(&id);
        let searched = state.channels.values().filter(|channel| {
            is_named(channel.id)
                && (self.include_nsfw || !channel.nsfw)
                && may_search(Venue::Guild(state, channel), user, now)
        });
        Ok(Query { channels: searched.map(|channel| channel.id).collect(), ..self.query })
    }

    /// The same in one channel.
    pub fn in_channel(
        self,
        community: &Community,
        channel: Id,
        user: Id,
        now: Timestamp,
    ) -> Result<Query, Refusal> {
        if !may_search(community.venue_for(channel, user)?, user, now) {
            return Err(Refusal::MissingPermissions);
        }
        Ok(Query { channels: vec![channel], ..self.query })
    }
}

/// Whether `user` sees `venue` and may read what was written in it before.
fn may_search(venue: Venue<'_>, user: Id, now: Timestamp) -> bool {
    venue.takes_messages() && venue.permissions(user, now).contains(Permissions::READ_MESSAGE_HISTORY)
}

/// Refuses what would take too long to look for.
fn check(form: &mut Form<'_>, terms: &[Term]) {
    if terms.len() > SEARCH_TERMS_MAX {
        let message = format!("Must hold {SEARCH_TERMS_MAX} or fewer words.");
        form.refuse("content", "BASE_TYPE_MAX_LENGTH", message);
    }
    if terms.iter().filter(|term| term.is_prefix).count() > SEARCH_PREFIXES_MAX {
        let message = format!("Must hold {SEARCH_PREFIXES_MAX} or fewer beginnings of words.");
        form.refuse("content", "BASE_TYPE_MAX_LENGTH", message);
    }
    if terms.iter().any(Term::is_vague) {
        form.refuse("content", "BASE_TYPE_BAD_LENGTH", "Write at least 4 letters before a *.");
    }
}

/// What messages are to have, and what not.
fn read_has(form: &mut Form<'_>) -> (Vec<Has>, Vec<Has>) {
    let (mut has, mut lacks) = (Vec::new(), Vec::new());
    let words = form.texts("has", 2 * Has::ALL.len(), 0..=16).unwrap_or_default();
    for (nth, word) in words.iter().enumerate() {
        let (list, name) = match word.strip_prefix('-') {
            Some(name) => (&mut lacks, name),
            None => (&mut has, word.as_str()),
        };
        match Has::ALL.into_iter().find(|has| has.word() == name) {
            Some(found) if !list.contains(&found) => list.push(found),
            Some(_) => {}
            None => {
                let all = Has::ALL.map(|has| format!("'{}'", has.word())).join(", ");
                let message = format!("Value \"{word}\" must be one of ({all}), or one of them after a -.");
                form.refuse_item("has", nth, "BASE_TYPE_CHOICES", message);
            }
        }
    }
    (has, lacks)
}

fn read_order(form: &mut Form<'_>) -> Order {
    let is_best = choice(form, "sort_by", ["timestamp", "relevance"]) == 1;
    let is_reversed = choice(form, "sort_order", ["desc", "asc"]) == 1;
    match (is_best, is_reversed) {
        (false, false) => Order::Newest,
        (false, true) => Order::Oldest,
        (true, false) => Order::Best,
        (true, true) => Order::Worst,
    }
}

/// Which of two words stands at `key`; the first, if none does.
fn choice(form: &mut Form<'_>, key: &str, words: [&str; 2]) -> usize {
    let Some(word) = form.text(key, 0..=16) else { return 0 };
    words.iter().position(|known| *known == word).unwrap_or_else(|| {
        let message = format!("Value \"{word}\" must be one of ('{}', '{}').", words[0], words[1]);
        form.refuse(key, "BASE_TYPE_CHOICES", message);
        0
    })
}
