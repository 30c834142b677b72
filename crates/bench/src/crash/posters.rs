//! Members who write over REST until the server dies: they post, edit, react and delete, one call after the other.

use std::net::SocketAddr;
use std::ops::AddAssign;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use serde_json::json;

use super::line::{Answer, Line, Request};
use super::message::{Deed, Message};
use super::place::Place;
use super::stage::Stage;
use super::table;
use super::truth::Truth;
use crate::entry::Entry;
use crate::random::Random;

/// One who posts in this many posts only in the lobby, where nothing is ever changed.
const LOBBY_ONE_IN: usize = 4;

/// One of so many deeds is no post.
const CHANGE_ONE_IN: u64 = 4;

/// How far back a message is changed.
const CHANGED_BACK: usize = 16;

/// Pause before a server is asked again that was busy.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// One who writes.
#[derive(Debug)]
pub(super) struct Poster {
    number: usize,
    token: String,
    channel: String,
    /// Whether it changes what it posted.
    changes: bool,
    /// The serial number of the next text.
    next: u64,
    random: Random,
    /// What was begun and not acknowledged, and whether the server may have it already.
    pending: Option<(Deed, bool)>,
    messages: Vec<Message>,
    /// Which messages were changed since they were compared.
    touched: Vec<usize>,
    done: Done,
}

/// What was acknowledged.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Done {
    /// Messages that were posted.
    pub(super) posts: u64,
    /// Edits, reactions and deletions.
    pub(super) changes: u64,
}

impl AddAssign for Done {
    fn add_assign(&mut self, other: Self) {
        self.posts += other.posts;
        self.changes += other.changes;
    }
}

impl Poster {
    /// The members of `place`.
    pub(super) fn all(place: &Place, random: &Random) -> Vec<Self> {
        let posters = (0..place.members()).map(|number| {
            let changes = number % LOBBY_ONE_IN != 0;
            Self {
                number,
                token: place.token(number).to_owned(),
                channel: if changes { &place.talk } else { &place.lobby }.clone(),
                changes,
                next: 0,
                random: random.fork(number as u64 + 1),
                pending: None,
                messages: Vec::new(),
                touched: Vec::new(),
                done: Done::default(),
            }
        });
        posters.collect()
    }

    /// What was acknowledged so far.
    pub(super) fn done(&self) -> Done {
        self.done
    }

    /// Writes until the server is gone, or nothing new is wanted. What was not acknowledged is done again first.
    pub(super) fn live(&mut self, stage: &Stage) -> Result<()> {
        let mut line = None;
        while !stage.is_closing() || self.pending.is_some() {
            if !self.write(stage, &mut line).with_context(|| format!("member {}", self.number))? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Makes one call; whether the server is still there.
    fn write(&mut self, stage: &Stage, line: &mut Option<Line>) -> Result<bool> {
        if line.is_none() {
            *line = Line::connect(stage.address)?;
        }
        let Some(on) = line else { return Ok(false) };
        let (deed, was_tried) = match self.pending.take() {
            Some(pending) => pending,
            None => (self.next_deed(), false),
        };
        let newest = stage.newest();
        let answer = on.call(&self.request(&deed));
        self.pending = Some((deed.clone(), true));
        match answer? {
            None => {
                // A server that is asked to stop ends connections that wait for nothing.
                *line = None;
                Ok(!stage.is_ending())
            }
            Some(answer) if answer.status == 503 && stage.is_ending() => Ok(false),
            // Nothing was done for it.
            Some(answer) if answer.status == 429 => {
                self.pending = Some((deed, was_tried));
                std::thread::sleep(BUSY_PAUSE);
                Ok(true)
            }
            Some(answer) => {
                self.settle(deed, was_tried, &answer, newest, stage)?;
                self.pending = None;
                Ok(true)
            }
        }
    }

    /// What is to be done next: mostly to post.
    fn next_deed(&mut self) -> Deed {
        self.next += 1;
        let content = format!("m{:02}-{:010}", self.number, self.next);
        let newest = self.messages.len();
        if !self.changes || newest == 0 || !self.random.one_in(CHANGE_ONE_IN) {
            return Deed::Post(content);
        }
        let nth = newest - 1 - self.random.index(newest.min(CHANGED_BACK));
        self.messages[nth].next_change(nth, content, &mut self.random).unwrap_or_else(Deed::Post)
    }

    fn request(&self, deed: &Deed) -> Request<'_> {
        let messages = format!("/channels/{}/messages", self.channel);
        let path = |nth: usize| format!("{messages}/{}", self.messages[nth].id);
        let own = |nth, emoji| format!("{}/reactions/{emoji}/@me", path(nth));
        let request = |method, path: String| Request::new(method, path, &self.token);
        match deed {
            Deed::Post(content) => {
                let body = json!({"content": content, "nonce": content, "enforce_nonce": true});
                request("POST", messages).with(body)
            }
            Deed::Edit(nth, content) => request("PATCH", path(*nth)).with(json!({"content": content})),
            Deed::React(nth, emoji) => request("PUT", own(*nth, emoji.in_path())),
            Deed::Unreact(nth, emoji) => request("DELETE", own(*nth, emoji.in_path())),
            Deed::Delete(nth) => request("DELETE", path(*nth)),
        }
    }

    /// Takes in that a deed was acknowledged. What is posted the first time comes after `newest`.
    fn settle(
        &mut self,
        deed: Deed,
        was_tried: bool,
        answer: &Answer,
        newest: i64,
        stage: &Stage,
    ) -> Result<()> {
        // It was deleted the first time, and nobody told.
        let is_gone = answer.status == 404 && was_tried && matches!(deed, Deed::Delete(_));
        ensure!(answer.is_well() || is_gone, "{deed:?} is refused: {answer:?}");
        match deed {
            Deed::Post(content) => {
                let id = answer.body["id"].as_str().context("a message with an id")?.parse()?;
                ensure!(answer.body["content"] == content.as_str(), "for {content} stands {}", answer.body);
                ensure!(
                    was_tried || id > newest,
                    "out of order: {id} was posted when {newest} was acknowledged"
                );
                stage.note_acknowledged(id);
                self.touched.push(self.messages.len());
                self.messages.push(Message::new(id, content));
                self.done.posts += 1;
            }
            change => {
                let nth = change.of().context("a change has a message")?;
                self.messages[nth].apply(&change);
                self.touched.push(nth);
                self.done.changes += 1;
            }
        }
        Ok(())
    }

    /// Checks that all that was acknowledged since the last time is stored.
    pub(super) fn check(&mut self, truth: &Truth, database: &Connection) -> Result<()> {
        let channel = self.channel.parse()?;
        for nth in std::mem::take(&mut self.touched) {
            let message = &self.messages[nth];
            truth.check_posted(&Entry { id: message.id, content: message.posted.clone() })?;
            let stored = table::message(database, channel, message.id)?;
            let open = self.pending.as_ref().map(|(deed, _)| deed).filter(|deed| deed.of() == Some(nth));
            ensure!(
                message.is(stored.as_ref(), open),
                "lost: member {} was told {message:?}, with {open:?} under way, and stored is {stored:?}",
                self.number
            );
        }
        Ok(())
    }

    /// Checks all that was ever acknowledged, when nothing is under way.
    pub(super) fn check_all(&mut self, truth: &Truth, database: &Connection) -> Result<()> {
        ensure!(self.pending.is_none(), "member {} was not answered", self.number);
        self.touched = (0..self.messages.len()).collect();
        self.check(truth, database)
    }
}

/// Posts `content` as the owner of `place`; the id that it has then.
pub(super) fn post(address: SocketAddr, place: &Place, content: &str) -> Result<i64> {
    let mut line = Line::connect(address)?.context("the server is there")?;
    let request = Request::new("POST", format!("/channels/{}/messages", place.talk), place.token(0));
    let answer = line.call(&request.with(json!({"content": content})))?.context("the server is there")?;
    ensure!(answer.is_well(), "a post is refused: {answer:?}");
    Ok(answer.body["id"].as_str().context("a message with an id")?.parse()?)
}
