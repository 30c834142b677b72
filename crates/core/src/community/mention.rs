//! Whom a message mentions.

use decentra_model::limits::MENTIONS_MAX;
use decentra_model::{Id, Permissions};

use super::{Form, Venue};

/// Whom a message may mention. Source: Discord's documentation, "Allowed Mentions Object".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedMentions {
    everyone: bool,
    users: Allowed,
    roles: Allowed,
    /// Whether the author of the message that is answered is mentioned.
    pub replied_user: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Allowed {
    All,
    Only(Vec<Id>),
}

impl Default for AllowedMentions {
    fn default() -> Self {
        Self { everyone: true, users: Allowed::All, roles: Allowed::All, replied_user: true }
    }
}

impl Allowed {
    fn allows(&self, id: Id) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(&id),
        }
    }
}

/// What can be allowed to be mentioned.
const KINDS: [&str; 3] = ["users", "roles", "everyone"];

impl AllowedMentions {
    /// What `form` says of it.
    pub fn parse(form: &mut Form<'_>) -> Self {
        let parsed = form.nested("allowed_mentions", |form| {
            let parse = form.texts("parse", 3, 0..=8).unwrap_or_default();
            for (nth, word) in parse.iter().enumerate().filter(|(_, word)| !KINDS.contains(&word.as_str())) {
                let message = format!("Value \"{word}\" must be one of ('users', 'roles', 'everyone').");
                form.refuse(&format!("parse.{nth}"), "BASE_TYPE_CHOICES", message);
            }
            let named = |word: &str| parse.iter().any(|parsed| parsed == word);
            let users = form.ids("users", MENTIONS_MAX);
            let roles = form.ids("roles", MENTIONS_MAX);
            for (key, word, ids) in [("users", "users", &users), ("roles", "roles", &roles)] {
                if named(word) && ids.as_ref().is_some_and(|ids| !ids.is_empty()) {
                    let message = format!("parse:[\"{word}\"] and {key}: [ids...] are mutually exclusive.");
                    form.refuse(key, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
                }
            }
            let allowed = |word, ids: Option<Vec<Id>>| {
                if named(word) { Allowed::All } else { Allowed::Only(ids.unwrap_or_default()) }
            };
            Self {
                everyone: named("everyone"),
                users: allowed("users", users),
                roles: allowed("roles", roles),
                replied_user: form.flag("replied_user").unwrap_or_default(),
            }
        });
        parsed.unwrap_or_default()
    }
}

/// Whom a message mentions.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    pub(super) everyone: bool,
    pub(super) users: Vec<Id>,
    pub(super) roles: Vec<Id>,
}

/// Whom `content` mentions, as far as it is allowed, exists, and its author may.
pub(super) fn mentions(
    content: &str,
    allowed: &AllowedMentions,
    venue: Venue<'_>,
    author: Permissions,
) -> Mentions {
    let may_all = author.contains(Permissions::MENTION_EVERYONE);
    let mut found = Mentions {
        everyone: allowed.everyone && may_all && (content.contains("@everyone") || content.contains("@here")),
        ..Mentions::default()
    };
    for mention in content.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|pair| pair.0) {
        if found.users.len() + found.roles.len() >= MENTIONS_MAX {
            break;
        }
        let (list, id) = if let Some(role) = mention.strip_prefix("@&") {
            let Ok(id) = role.parse::<Id>() else { continue };
            let named = venue.role(id).filter(|role| venue.guild_id() != Some(role.id));
            if !allowed.roles.allows(id) || !named.is_some_and(|role| role.mentionable || may_all) {
                continue;
            }
            (&mut found.roles, id)
        } else {
            let user = mention.strip_prefix("@!").or_else(|| mention.strip_prefix('@'));
            let Some(Ok(id)) = user.map(str::parse::<Id>) else { continue };
            if !allowed.users.allows(id) || !venue.has(id) {
                continue;
            }
            (&mut found.users, id)
        };
        if !list.contains(&id) {
            list.push(id);
        }
    }
    found
}
