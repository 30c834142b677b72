//! Someone who writes through the API, and asks again until each call is answered.

use std::time::Duration;

use decentra_model::Id;
use fastrand::Rng;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::caller::{Account, Answer};
use crate::record::{Fate, Post, Record};
use crate::template::Template;
use crate::time;
use crate::world::World;

/// Times that a call is made, at most. What still has no answer then never will.
const ATTEMPTS_MAX: u32 = 100;

/// An answer that settles the matter, and whether the call was made once only.
pub struct Settled {
    /// The answer.
    pub answer: Answer,
    /// Whether the call was made once.
    pub at_once: bool,
}

/// Calls until an answer settles the matter: all is well, or it may not be.
pub async fn settle(
    world: &World,
    account: &Account,
    (method, path): (&str, &str),
    body: Option<&Value>,
) -> Option<Settled> {
    let mut chance = world.chance();
    let mut uncertain = false;
    for _ in 0..ATTEMPTS_MAX {
        match account.call(world, method, path, body).await {
            Ok(answer) if matches!(answer.status, 200..=299 | 403 | 404) => {
                return Some(Settled { answer, at_once: !uncertain });
            }
            // It says that nothing was done.
            Ok(Answer { status: 429 | 503, .. }) => {}
            Ok(Answer { status, body }) => {
                world.broken(format!("{method} {path} was answered with {status} {body}"));
                return None;
            }
            Err(_) => uncertain = true,
        }
        time::sleep(Duration::from_millis(chance.u64(50..2_000))).await;
    }
    world.broken(format!("{method} {path} was never answered"));
    None
}

/// Someone who writes.
pub struct Writer {
    /// Whose account.
    pub account: Account,
    /// How many things they do.
    pub count: usize,
    /// Until when they do something new.
    pub until: Instant,
}

/// Writes, and returns when all is done.
pub async fn write(world: &World, record: &Record, template: &Template, who: Writer) {
    let mut chance = world.chance();
    let left = u64::try_from(who.until.saturating_duration_since(Instant::now()).as_millis()).unwrap_or(0);
    let pause_max = 2 * left / u64::try_from(who.count).unwrap_or(1).max(1);
    let mut own = Vec::new();
    for nth in 0..who.count {
        time::sleep(Duration::from_millis(chance.u64(..=pause_max))).await;
        let mut act = Act { world, record, who: &who.account, chance: &mut chance };
        match act.chance.u8(..10) {
            0..=4 => own.extend(act.post(template, nth).await),
            5..=6 => act.edit(&own, nth).await,
            7 => act.delete(&mut own).await,
            8 => act.react(&own).await,
            _ => act.look(template).await,
        }
    }
}

struct Act<'a> {
    world: &'a World,
    record: &'a Record,
    who: &'a Account,
    chance: &'a mut Rng,
}

impl Act<'_> {
    /// Posts something; its place in the record, if it was taken.
    async fn post(&mut self, template: &Template, nth: usize) -> Option<usize> {
        let channel = template.channels[self.chance.usize(..template.channels.len())].clone();
        let text = format!("{} posts {nth}", self.who.name);
        let path = format!("/channels/{channel}/messages");
        let body =
            json!({"content": text, "nonce": format!("{}{nth}", self.who.name), "enforce_nonce": true});
        let place = {
            let posts = &mut self.record.entries().posts;
            posts.push(Post {
                channel,
                texts: vec![(text, false)],
                sent: Instant::now(),
                fate: Fate::Unknown,
                deleted: None,
                reacted: false,
            });
            posts.len() - 1
        };
        let settled = settle(self.world, self.who, ("POST", &path), Some(&body)).await?;
        let id: Option<Id> = settled.answer.body["id"].as_str().and_then(|id| id.parse().ok());
        let post = &mut self.record.entries().posts[place];
        let Some(id) = id.filter(|_| settled.answer.status < 300) else {
            post.fate = Fate::Refused { surely: settled.at_once };
            return None;
        };
        post.fate = Fate::Taken(id);
        post.texts[0].1 = true;
        Some(place)
    }

    /// The path of one of one's `own` posts, and its place in the record.
    fn pick(&mut self, own: &[usize]) -> Option<(String, usize)> {
        let place = *own.get(self.chance.usize(..own.len().max(1)))?;
        let post = &self.record.entries().posts[place];
        let Fate::Taken(id) = post.fate else { return None };
        Some((format!("/channels/{}/messages/{id}", post.channel), place))
    }

    async fn edit(&mut self, own: &[usize], nth: usize) {
        let Some((path, place)) = self.pick(own) else { return };
        let text = format!("{} edits {nth}", self.who.name);
        self.record.entries().posts[place].texts.push((text.clone(), false));
        let body = json!({"content": text});
        let settled = settle(self.world, self.who, ("PATCH", &path), Some(&body)).await;
        let is_done = settled.is_some_and(|settled| settled.answer.status == 200);
        if is_done && let Some(last) = self.record.entries().posts[place].texts.last_mut() {
            last.1 = true;
        }
    }

    async fn delete(&mut self, own: &mut Vec<usize>) {
        let Some((path, place)) = self.pick(own) else { return };
        own.retain(|one| *one != place);
        self.record.entries().posts[place].deleted = Some(false);
        let settled = settle(self.world, self.who, ("DELETE", &path), None).await;
        if settled.is_some_and(|settled| settled.answer.status == 204) {
            self.record.entries().posts[place].deleted = Some(true);
        }
    }

    async fn react(&mut self, own: &[usize]) {
        let Some((path, place)) = self.pick(own) else { return };
        let path = format!("{path}/reactions/%F0%9F%91%8D/@me");
        let settled = settle(self.world, self.who, ("PUT", &path), None).await;
        if settled.is_some_and(|settled| settled.answer.status == 204) {
            self.record.entries().posts[place].reacted = true;
        }
    }

    /// Reads a page, which other pages may be made of.
    async fn look(&mut self, template: &Template) {
        let channel = &template.channels[self.chance.usize(..template.channels.len())];
        // Whatever comes of it: pages are compared when all is quiet.
        let _ = self.who.call(self.world, "GET", &format!("/channels/{channel}/messages"), None).await;
    }
}

/// What the owner does: shows and hides, lets in and throws out. Returns when all is done.
pub async fn rule(world: &World, template: &Template, count: usize, until: Instant) {
    let mut chance = world.chance();
    let left = u64::try_from(until.saturating_duration_since(Instant::now()).as_millis()).unwrap_or(0);
    let pause_max = 2 * left / u64::try_from(count).unwrap_or(1).max(1);
    let [owner, mia, ned] = &template.accounts;
    let (guild, role, den) = (&template.guild, &template.role, &template.channels[2]);
    let mut is_away = false;
    for nth in 0..count {
        time::sleep(Duration::from_millis(chance.u64(..=pause_max))).await;
        let someone = if chance.bool() { mia } else { ned };
        let (method, path, body) = match chance.u8(..10) {
            0..=1 => ("PUT", format!("/guilds/{guild}/members/{}/roles/{role}", someone.id), None),
            2..=3 => ("DELETE", format!("/guilds/{guild}/members/{}/roles/{role}", someone.id), None),
            4 => {
                let (allow, deny) = if chance.bool() { ("1024", "0") } else { ("0", "1024") };
                let body = json!({"type": 1, "allow": allow, "deny": deny});
                ("PUT", format!("/channels/{den}/permissions/{}", someone.id), Some(body))
            }
            5 => ("DELETE", format!("/channels/{den}/permissions/{}", someone.id), None),
            6 => ("PATCH", format!("/channels/{den}"), Some(json!({"topic": format!("topic {nth}")}))),
            7 => {
                let body = json!({"name": format!("room-{nth}"), "type": 0});
                ("POST", format!("/guilds/{guild}/channels"), Some(body))
            }
            8 => {
                is_away = true;
                ("DELETE", format!("/guilds/{guild}/members/{}", ned.id), None)
            }
            _ => {
                is_away = false;
                settle(world, ned, ("POST", &format!("/invites/{}", template.invite)), Some(&json!({})))
                    .await;
                continue;
            }
        };
        settle(world, owner, (method, &path), body.as_ref()).await;
    }
    if is_away {
        settle(world, ned, ("POST", &format!("/invites/{}", template.invite)), Some(&json!({}))).await;
    }
}
