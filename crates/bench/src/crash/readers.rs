//! Those who listen at the gateway until the server dies, and go on where they were when it is back.

use std::collections::HashSet;

use anyhow::{Context, Result, ensure};

use super::event::Kind;
use super::follower::{Follower, Heard};
use super::line::{Line, Request, unless_gone};
use super::place::Place;
use super::session::Session;
use super::stage::{LOOK, Stage};
use super::truth::Truth;
use crate::inbox::Piece;
use crate::random::Random;
use crate::swarm::{Reading, Swarm, Wait};
use crate::websocket::{Frame, GATEWAY, Opcode, is_accepted};

/// How many listen.
const READERS: usize = 8;

/// Of how many sessions that are asked for one does not exist.
const LIES_ONE_IN: u64 = 16;

/// Messages, the reactions to them, and their content.
const MESSAGES: u64 = (1 << 9) | (1 << 10) | (1 << 15);

/// The same; also guilds, members, presences and typing: what else takes sequences.
const EVERYTHING: u64 = MESSAGES | (1 << 0) | (1 << 1) | (1 << 8) | (1 << 11);

/// Messages in one page of history, at most.
const PAGE: usize = 100;

/// All readers, through all lives of the server.
#[derive(Debug)]
pub(super) struct Readers {
    readers: Vec<Reader>,
    random: Random,
}

/// One reader.
#[derive(Debug)]
struct Reader {
    session: Session,
    follower: Follower,
    token: String,
    /// The newest message that it knows of.
    newest: i64,
    /// The message after which it is to read the history, since its session ended there.
    owed: Option<i64>,
    /// What it read in the history.
    read: HashSet<i64>,
}

impl Readers {
    /// Members of `place` who have not connected yet.
    pub(super) fn new(place: &Place, random: Random) -> Self {
        let readers = (0..READERS).map(|nth| {
            let token = place.token(nth).to_owned();
            let intents = if nth % 2 == 0 { MESSAGES } else { EVERYTHING };
            Reader {
                session: Session::new(token.clone(), intents),
                follower: Follower::default(),
                token,
                newest: 0,
                owed: None,
                read: HashSet::new(),
            }
        });
        Self { readers: readers.collect(), random }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.readers.len()
    }

    /// How often a session went on, how often one was told that it could not, and how many events they were told of.
    pub(super) fn counts(&self) -> [u64; 3] {
        let sessions = self.readers.iter().map(|reader| &reader.session);
        sessions.fold([0; 3], |[resumed, refused, told], session| {
            [resumed + session.resumed, refused + session.refused, told + session.told]
        })
    }

    /// Listens until the server is gone, or everyone has heard of the last message.
    pub(super) fn live(&mut self, stage: &Stage, place: &Place) -> Result<()> {
        let mut swarm = Swarm::new()?;
        // Whose connection each is; `None` once it has ended.
        let mut seats = Vec::new();
        for nth in 0..self.readers.len() {
            self.connect(nth, &mut swarm, &mut seats, stage)?;
        }
        while seats.iter().any(Option::is_some) && !self.has_heard_all(stage) {
            for connection in swarm.to_read(Wait::Sleep(LOOK), stage.is_ending())? {
                let Some(seat) = seats[connection] else { continue };
                let reader = &mut self.readers[seat];
                let reading = reader.listen(connection, &mut swarm);
                if reading.with_context(|| format!("session {seat}"))? == Reading::Drained {
                    reader.catch_up(stage, place)?;
                    continue;
                }
                seats[connection] = None;
                if !stage.is_ending() {
                    self.connect(seat, &mut swarm, &mut seats, stage)?;
                }
            }
            stage.note_open(self.readers.iter().filter(|reader| reader.session.is_open()).count());
        }
        Ok(())
    }

    /// Makes a connection for the reader `nth`, unless the server is gone.
    fn connect(
        &mut self,
        nth: usize,
        swarm: &mut Swarm,
        seats: &mut Vec<Option<usize>>,
        stage: &Stage,
    ) -> Result<()> {
        self.readers[nth].session.connect(self.random.one_in(LIES_ONE_IN));
        if unless_gone(swarm.connect(stage.address, GATEWAY))?.is_some() {
            seats.resize(swarm.connections(), None);
            seats[swarm.connections() - 1] = Some(nth);
        }
        Ok(())
    }

    fn has_heard_all(&self, stage: &Stage) -> bool {
        stage.last().is_some_and(|last| self.readers.iter().all(|reader| reader.newest >= last))
    }

    /// Checks that each was seen off when the server was asked to stop.
    pub(super) fn check_seen_off(&self) -> Result<()> {
        let ignored = self.readers.iter().position(|reader| !reader.session.is_seen_off());
        ensure!(ignored.is_none(), "session {ignored:?} was told neither op 7 nor a code to come back after");
        Ok(())
    }

    /// Checks what each heard against what happened.
    pub(super) fn check(&mut self, truth: &Truth) -> Result<()> {
        for (nth, reader) in self.readers.iter_mut().enumerate() {
            reader.check(truth).with_context(|| format!("session {nth}"))?;
        }
        Ok(())
    }
}

impl Reader {
    /// Takes what came on its connection, and answers.
    fn listen(&mut self, connection: usize, swarm: &mut Swarm) -> Result<Reading> {
        let Self { session, .. } = self;
        let (mut answers, mut is_closed) = (Vec::new(), false);
        let before = session.heard().len();
        let reading = swarm.read(connection, |piece| {
            match piece {
                Piece::Head(head) => ensure!(is_accepted(head), "the upgrade was refused"),
                Piece::Frame(Frame { opcode: Opcode::Text, payload, .. }) => {
                    let answer = session.take(payload);
                    answers.extend(answer.with_context(|| String::from_utf8_lossy(payload).into_owned())?);
                }
                Piece::Frame(Frame { opcode: Opcode::Close, payload, .. }) => {
                    let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
                    session.take_close(code);
                    is_closed = true;
                }
                Piece::Frame(_) => {}
            }
            Ok(())
        })?;
        self.note_heard(before);
        if is_closed {
            return Ok(Reading::Ended);
        }
        for answer in answers {
            unless_gone(swarm.send(connection, &answer))?;
        }
        Ok(reading)
    }

    /// Notes how far it is now, and what it owes, by what it heard after the first `before`.
    fn note_heard(&mut self, before: usize) {
        for heard in &self.session.heard()[before..] {
            match heard {
                Heard::Began if self.newest > 0 => self.owed = self.owed.or(Some(self.newest)),
                Heard::Told(event) if event.kind == Kind::Created => self.newest = event.message,
                _ => {}
            }
        }
    }

    /// Reads in the history what its session was not told, if anything.
    fn catch_up(&mut self, stage: &Stage, place: &Place) -> Result<()> {
        let Some(owed) = self.owed.filter(|_| self.session.is_open()) else { return Ok(()) };
        let Some(mut line) = Line::connect(stage.address)? else { return Ok(()) };
        for channel in place.channels() {
            let mut after = owed;
            loop {
                let path = format!("/channels/{channel}/messages?limit={PAGE}&after={after}");
                let Some(answer) = line.call(&Request::new("GET", path, &self.token))? else { return Ok(()) };
                ensure!(answer.is_well(), "the history is refused: {answer:?}");
                let page = answer.body.as_array().context("a page of history")?;
                let ids = page.iter().map(|message| Ok(message["id"].as_str().context("an id")?.parse()?));
                let ids = ids.collect::<Result<Vec<i64>>>()?;
                self.read.extend(&ids);
                after = ids.iter().copied().max().unwrap_or(after);
                if ids.len() < PAGE {
                    break;
                }
            }
        }
        self.owed = None;
        Ok(())
    }

    fn check(&mut self, truth: &Truth) -> Result<()> {
        let heard = self.session.take_heard();
        self.follower.follow(truth.events(), &heard)?;
        if self.owed.is_none() {
            for gap in self.follower.take_gaps() {
                truth.check_caught_up(gap, &self.read)?;
            }
            if self.follower.is_placed() {
                self.read.clear();
            }
        }
        Ok(())
    }
}
