//! Whoever changes what members may do, now and then: sessions cannot resume across such a change.

use anyhow::{Result, ensure};
use serde_json::json;

use super::line::{Line, Request};
use super::place::Place;
use super::stage::Stage;

/// Two sets of permissions that are allowed in turn: to add reactions, and to embed links as well.
const ALLOWED: [u64; 2] = [1 << 6, (1 << 6) | (1 << 14)];

/// The keeper.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    /// How many changes were acknowledged.
    changes: u64,
}

impl Keeper {
    /// How many changes were acknowledged.
    pub(super) fn changes(&self) -> u64 {
        self.changes
    }

    /// What the change number `nth` allows.
    fn allowed(nth: u64) -> String {
        ALLOWED[usize::from(nth.is_multiple_of(2))].to_string()
    }

    /// Makes a change.
    pub(super) fn change(&mut self, stage: &Stage, place: &Place) -> Result<()> {
        let Some(mut line) = Line::connect(stage.address)? else { return Ok(()) };
        let path = format!("/channels/{}/permissions/{}", place.talk, place.guild);
        let allow = Self::allowed(self.changes + 1);
        let request = Request::new("PUT", path, place.token(0));
        let body = json!({"type": 0, "allow": allow, "deny": "0"});
        let Some(answer) = line.call(&request.with(body))? else { return Ok(()) };
        ensure!(answer.is_well(), "a change of permissions is refused: {answer:?}");
        self.changes += 1;
        Ok(())
    }

    /// Checks that the last change holds.
    pub(super) fn check(&self, stage: &Stage, place: &Place) -> Result<()> {
        if self.changes == 0 {
            return Ok(());
        }
        let Some(mut line) = Line::connect(stage.address)? else { return Ok(()) };
        let request = Request::new("GET", format!("/channels/{}", place.talk), place.token(0));
        let Some(answer) = line.call(&request)? else { return Ok(()) };
        let allow = &answer.body["permission_overwrites"][0]["allow"];
        let expected = Self::allowed(self.changes);
        ensure!(*allow == expected.as_str(), "lost: a change of permissions, which are {allow}");
        Ok(())
    }
}
