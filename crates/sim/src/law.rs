//! The laws that hold whatever befalls the server: what was acknowledged is there, once; who may hear it hears it, once and
//! in order; nobody hears anything else.
//!
//! The server's own log says what happened and in which order. Who should have heard what of it follows from
//! [`Sight`], which is written apart from the server's rule.

use std::collections::{BTreeSet, HashMap};

use anyhow::{bail, ensure};
use decentra_core::client::What;
use decentra_model::message::{Anchor, Page};
use decentra_model::{Dispatch, Id, Message};
use decentra_store::{Logged, Reader};
use decentra_store_sqlite::SqliteStore;
use serde_json::Value;

use crate::faults::{Fault, Planned};
use crate::record::{Entries, Fate, Guest, Post, Session};
use crate::sight::Sight;
use crate::template::{Template, id};
use crate::world::World;

/// Entries of the log that are read at once.
const PAGE: u32 = 512;

/// Messages of a page: more than any run writes into one channel.
const MESSAGES: u32 = 100;

/// What each account is shown of each channel in the end: the status and the messages.
pub type Pages = Vec<(Id, Id, u16, Value)>;

/// What each account is shown of each channel now.
pub async fn pages(world: &World, template: &Template) -> anyhow::Result<Pages> {
    let mut pages = Vec::new();
    for account in &template.accounts {
        for channel in &template.channels {
            let path = format!("/channels/{channel}/messages?limit={MESSAGES}");
            let answer = crate::writer::settle(world, account, ("GET", &path), None).await;
            let Some(answer) = answer.map(|settled| settled.answer) else { bail!("a page was not shown") };
            pages.push((id(&account.id)?, id(channel)?, answer.status, answer.body));
        }
    }
    Ok(pages)
}

/// What is judged.
pub struct Case<'a> {
    /// How it began.
    pub template: &'a Template,
    /// What people did, and were told.
    pub entries: &'a Entries,
    /// What they were shown in the end.
    pub pages: &'a Pages,
    /// What the server left.
    pub store: &'a mut SqliteStore,
    /// What befell it.
    pub plan: &'a [Planned],
}

/// Something that a session should hear.
#[derive(Debug)]
enum Due<'a> {
    /// An entry of the log.
    Told(&'a Dispatch),
    /// That a channel, or the guild, is seen now, or no more.
    Own(&'static str, Id),
    /// Nothing; but a session cannot resume across it.
    Wall,
}

impl Case<'_> {
    /// An error names the law that was broken.
    pub fn judge(&mut self) -> anyhow::Result<()> {
        let log = self.log()?;
        let created = created(&log);
        self.posts(&created)?;
        self.pages_are_right(&log)?;
        for guest in &self.entries.guests {
            self.guest(guest, &created)?;
        }
        for session in &self.entries.sessions {
            self.session(session, &log)?;
        }
        Ok(())
    }

    fn jumps(&self) -> bool {
        self.plan.iter().any(|planned| matches!(planned.1, Fault::Jump(_)))
    }

    fn has_disk_trouble(&self) -> bool {
        self.plan.iter().any(|planned| matches!(planned.1, Fault::Disk(_)))
    }

    fn log(&mut self) -> anyhow::Result<Vec<Logged>> {
        let mut log = Vec::new();
        let mut position = self.template.position;
        loop {
            let page = self.store.log_after(position, PAGE)?;
            let Some(last) = page.last() else { return Ok(log) };
            position = last.0;
            log.extend(page);
        }
    }

    /// What was acknowledged is there, once, as it was last.
    fn posts(&mut self, created: &[Created]) -> anyhow::Result<()> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for one in created {
            *counts.entry(one.text.as_str()).or_default() += 1;
        }
        let is_twice_fine = self.jumps();
        for post in &self.entries.posts {
            let first = &post.texts[0].0;
            let count = counts.get(first.as_str()).copied().unwrap_or_default();
            ensure!(count <= 1 || is_twice_fine, "\"{first}\" was posted {count} times");
            match post.fate {
                Fate::Taken(id) => {
                    ensure!(count >= 1, "\"{first}\" was acknowledged, and the log has it not");
                    let found = self.store.message(self::id(&post.channel)?, id, None)?;
                    stands(post, found.as_ref())?;
                }
                Fate::Refused { surely: true } => {
                    ensure!(count == 0, "\"{first}\" was refused, and is there");
                }
                Fate::Refused { surely: false } | Fate::Unknown => {}
            }
        }
        Ok(())
    }

    /// What is shown in the end is what is stored, to whom may see it.
    fn pages_are_right(&mut self, log: &[Logged]) -> anyhow::Result<()> {
        let mut sight = Sight::of(&self.template.shown);
        for logged in log {
            sight.apply(&logged.1);
        }
        for (user, channel, status, shown) in self.pages {
            if !sight.channels_of(*user).contains(channel) {
                ensure!(
                    matches!(status, 403 | 404),
                    "{user} does not see {channel}, and was answered {status} {shown}"
                );
                continue;
            }
            ensure!(*status == 200, "{user} sees {channel}, and was answered {status}");
            let page = Page { anchor: Anchor::Newest, limit: MESSAGES };
            let stored = self.store.messages(*channel, page, Some(*user))?;
            let brief = |id: String, text: &str| format!("{id} {text}");
            let stored: Vec<_> = stored.iter().map(|one| brief(one.id.to_string(), &one.content)).collect();
            let shown: Vec<_> = shown
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| {
                    brief(
                        one["id"].as_str().unwrap_or_default().into(),
                        one["content"].as_str().unwrap_or_default(),
                    )
                })
                .collect();
            ensure!(shown == stored, "{user} is shown {shown:?} of {channel}, where {stored:?} is stored");
        }
        Ok(())
    }

    /// Who is in the lobby sees all that was said there, once and in order, and all that they said was said.
    fn guest(&self, guest: &Guest, created: &[Created]) -> anyhow::Result<()> {
        let name = &guest.name;
        let lobby = &self.template.channels[0];
        let here: Vec<&Created> = created.iter().filter(|one| &one.channel == lobby).collect();
        let prefix = format!("{name} ");
        let own: Vec<&String> =
            here.iter().map(|one| &one.text).filter(|text| text.starts_with(&prefix)).collect();
        ensure!(
            own == guest.said.iter().collect::<Vec<_>>(),
            "{name} said {:?}, and {own:?} is there",
            guest.said
        );
        // Under which message each text stands, edits and all.
        let mut places = HashMap::new();
        let mut gone = BTreeSet::new();
        for (place, one) in here.iter().enumerate() {
            places.insert(one.text.as_str(), place);
            let post = self.entries.posts.iter().find(|post| post.texts[0].0 == one.text);
            for (text, _) in post.iter().flat_map(|post| &post.texts) {
                places.insert(text.as_str(), place);
            }
            if post.is_some_and(|post| post.deleted.is_some()) {
                gone.insert(place);
            }
        }
        let mut next = 0;
        for entry in guest.replica.scrollback.iter() {
            let What::Said { text, .. } = &entry.what else { continue };
            let Some(place) = places.get(text.as_str()) else {
                bail!("{name} sees \"{text}\", which nobody said")
            };
            ensure!(*place >= next, "{name} sees \"{text}\" twice, or too late");
            let missed = (next..*place).find(|missed| !gone.contains(missed));
            if let Some(missed) = missed {
                bail!("{name} does not see \"{}\", but \"{text}\" after it", here[missed].text);
            }
            next = place + 1;
        }
        Ok(())
    }

    /// A session hears all that it may hear, once and in order, from its beginning on, and nothing else.
    fn session(&self, session: &Session, log: &[Logged]) -> anyhow::Result<()> {
        let user = id(&session.user_id)?;
        let due = due(self.template, log, user, session.intents);
        let Some(first) = session.heard.first() else { return Ok(()) };
        let mut closest = (0, String::new());
        let begins = (0..due.len()).filter(|from| is(&due[*from], first));
        let mut ends = Vec::new();
        for from in begins {
            match follow(&due[from..], &session.heard) {
                Ok(count) => ends.push((from, from + count)),
                Err((count, why)) if count >= closest.0 => closest = (count, why),
                Err(_) => {}
            }
        }
        let client = &session.client;
        let Some((from, to)) = ends.first().copied() else {
            let (count, why) = closest;
            bail!("{client}, after {count} of {} dispatches: {why}; first {first:?}", session.heard.len());
        };
        if let Some(newest) = session.newest {
            self.begins_in_time(session, &due[..from], newest)?;
        }
        // Without a reason, a session can be resumed.
        let is_known = ends.len() == 1 && !self.jumps() && !self.has_disk_trouble();
        // One right before what it heard first may have come after it began, too.
        let began = from.saturating_sub(1);
        let walls = due[began..].iter().filter(|due| matches!(due, Due::Wall)).count();
        ensure!(
            !session.refused || !is_known || walls > 0,
            "{client} could not resume after {to}, and nothing changed what it sees; last {:?}",
            session.heard.last()
        );
        Ok(())
    }

    /// Whether a session missed nothing between what it was shown at its beginning and what it `missed`.
    fn begins_in_time(
        &self,
        session: &Session,
        missed: &[Due<'_>],
        newest: Option<Id>,
    ) -> anyhow::Result<()> {
        let general = id(&self.template.channels[1])?;
        for due in missed {
            let Due::Told(dispatch) = due else { continue };
            if &*dispatch.name != "MESSAGE_CREATE" {
                continue;
            }
            let message: Value = serde_json::from_slice(&dispatch.body)?;
            let place = message["id"].as_str().and_then(|id| id.parse::<Id>().ok());
            if message["channel_id"] == general.to_string().as_str() && place > newest {
                bail!(
                    "{} was shown a guild without {}, and did not hear it",
                    session.client,
                    message["content"]
                );
            }
        }
        Ok(())
    }
}

/// A message as the log tells that it came.
struct Created {
    channel: String,
    text: String,
}

fn created(log: &[Logged]) -> Vec<Created> {
    let messages = log.iter().filter(|logged| &*logged.1.name == "MESSAGE_CREATE");
    let parsed = messages.map(|logged| {
        let body: Value = serde_json::from_slice(&logged.1.body).expect("the log holds JSON");
        let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
        Created { channel: text("channel_id"), text: text("content") }
    });
    parsed.collect()
}

/// Whether a message stands as it was acknowledged.
fn stands(post: &Post, found: Option<&Message>) -> anyhow::Result<()> {
    let first = &post.texts[0].0;
    let Some(found) = found else {
        ensure!(post.deleted.is_some(), "\"{first}\" was acknowledged, and is gone");
        return Ok(());
    };
    ensure!(post.deleted != Some(true), "the deletion of \"{first}\" was acknowledged, and it is there");
    let last = post.texts.iter().rposition(|text| text.1).unwrap_or_default();
    // What was not acknowledged may have been done all the same, and late.
    let may_stand = |(nth, (text, settled)): (usize, &(String, bool))| {
        text == &found.content && (nth == last || !settled)
    };
    let stands = post.texts.iter().enumerate().any(may_stand);
    ensure!(stands, "\"{first}\" says \"{}\", not \"{}\"", found.content, post.texts[last].0);
    let marks: u64 = found.reactions.iter().map(|reaction| reaction.count).sum();
    ensure!(!post.reacted || marks == 1, "a reaction to \"{first}\" was acknowledged, and there are {marks}");
    Ok(())
}

/// All that a session of `user` with `intents` should hear of `log`.
fn due<'a>(template: &Template, log: &'a [Logged], user: Id, intents: u64) -> Vec<Due<'a>> {
    let mut sight = Sight::of(&template.shown);
    let mut due = Vec::new();
    for (_, dispatch) in log {
        let (was_in, before) = (sight.has(user), sight.channels_of(user));
        let is_removal = &*dispatch.name == "CHANNEL_DELETE";
        let audience = &dispatch.audience;
        let is_told = |sight: &Sight| {
            let wants =
                audience.intents == 0 || audience.intents & intents != 0 || audience.subject == Some(user);
            wants && audience.except != Some(user) && sight.is_in(audience.circle, user)
        };
        let was_told = is_told(&sight);
        sight.apply(dispatch);
        let after = sight.channels_of(user);
        let concerns =
            audience.changes_sight.is_some_and(|change| change.user_id.is_none_or(|one| one == user));
        if concerns {
            due.push(Due::Wall);
        }
        let stays = was_in && sight.has(user) && audience.changes_sight.is_some();
        if !was_in && sight.has(user) {
            due.push(Due::Own("GUILD_CREATE", sight.guild()));
        }
        if stays && !is_removal {
            due.extend(after.difference(&before).map(|channel| Due::Own("CHANNEL_CREATE", *channel)));
        }
        if if is_removal { was_told } else { is_told(&sight) } {
            due.push(Due::Told(dispatch));
        }
        if stays && !is_removal {
            due.extend(before.difference(&after).map(|channel| Due::Own("CHANNEL_DELETE", *channel)));
        }
    }
    due
}

fn is(due: &Due<'_>, (name, body): &(String, String)) -> bool {
    match due {
        Due::Told(dispatch) => &*dispatch.name == name && dispatch.body[..] == *body.as_bytes(),
        Due::Own(own, id) => own == name && body.contains(&format!("\"id\":\"{id}\"")),
        Due::Wall => false,
    }
}

/// How much of `due` it takes to hear `heard`; or how much of that was right, and what was not.
fn follow(due: &[Due<'_>], heard: &[(String, String)]) -> Result<usize, (usize, String)> {
    let mut rest = due.iter().enumerate().filter(|due| !matches!(due.1, Due::Wall));
    let mut end = 0;
    for (nth, one) in heard.iter().enumerate() {
        match rest.next() {
            Some((place, due)) if is(due, one) => end = place + 1,
            Some((_, due)) => return Err((nth, format!("heard {one:?}, not {}", tell(due)))),
            None => return Err((nth, format!("heard {one:?}, which the log has not"))),
        }
    }
    Ok(end)
}

fn tell(due: &Due<'_>) -> String {
    match due {
        Due::Told(dispatch) => format!("{} {}", dispatch.name, String::from_utf8_lossy(&dispatch.body)),
        other => format!("{other:?}"),
    }
}
