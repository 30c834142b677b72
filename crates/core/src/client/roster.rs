//! Who is in the lobby.

use std::collections::BTreeSet;

use decentra_model::limits::ROSTER_NAMES_MAX;
use decentra_model::lobby::{Presence, Who};

/// Who is in the lobby, as far as the server told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    online: usize,
    names: BTreeSet<String>,
}

impl Roster {
    /// How many are here.
    pub fn online(&self) -> usize {
        self.online
    }

    /// Names, sorted, at most [`ROSTER_NAMES_MAX`]; fewer than [`Roster::online`] in a large lobby.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Someone came or went.
    pub fn apply(&mut self, presence: &Presence) {
        match presence {
            Presence::Joined(name) if self.names.contains(name) => {}
            Presence::Joined(name) => {
                self.online += 1;
                if self.names.len() < ROSTER_NAMES_MAX {
                    self.names.insert(name.clone());
                }
            }
            Presence::Left(name) => {
                // A name that is not listed is one of those beyond the list; if all are listed, it was not here.
                if self.names.remove(name) || self.online > self.names.len() {
                    self.online = self.online.saturating_sub(1);
                }
            }
        }
    }
}

impl From<Who> for Roster {
    fn from(who: Who) -> Self {
        let names: BTreeSet<_> = who.users.into_iter().take(ROSTER_NAMES_MAX).collect();
        Self { online: who.online.max(names.len()), names }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roster(online: usize, names: &[&str]) -> Roster {
        Who { online, users: names.iter().map(ToString::to_string).collect() }.into()
    }

    #[test]
    fn people_come_and_go() {
        let mut lobby = roster(1, &["Ana"]);
        for (presence, after) in [
            (Presence::Joined("Ben".into()), roster(2, &["Ana", "Ben"])),
            (Presence::Joined("Ben".into()), roster(2, &["Ana", "Ben"])),
            (Presence::Left("Ana".into()), roster(1, &["Ben"])),
            (Presence::Left("Nobody".into()), roster(1, &["Ben"])),
        ] {
            lobby.apply(&presence);
            assert_eq!(lobby, after, "{presence:?}");
        }
    }

    #[test]
    fn a_large_lobby_counts_whom_it_does_not_name() {
        let mut lobby = roster(500, &["Ana"]);
        lobby.apply(&Presence::Left("Zoe".into()));
        assert_eq!((lobby.online(), lobby.names().count()), (499, 1));
        (0..1_000).for_each(|n| lobby.apply(&Presence::Joined(format!("n{n}"))));
        assert_eq!((lobby.online(), lobby.names().count()), (1_499, ROSTER_NAMES_MAX));
    }
}
