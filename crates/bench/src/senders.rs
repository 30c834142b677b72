//! By whom the messages of a room are sent.

use crate::poster::Poster;
use crate::swarm::Swarm;

/// Messages that each sender keeps under way when it sends on its own connection. A call of the API has only one: there
/// are so many more senders.
const IN_FLIGHT: usize = 4;

/// By whom the messages of a room are sent.
pub enum Senders {
    /// By so many of those who receive, spread evenly over the room.
    Among(usize),
    /// By posts over HTTP.
    Posting(Vec<Poster>),
    /// On connections that receive nothing: for servers that send no one their own messages back.
    Apart(Swarm),
}

impl Senders {
    /// How many they are.
    pub fn count(&self) -> usize {
        match self {
            Self::Among(count) => *count,
            Self::Posting(posters) => posters.len(),
            Self::Apart(swarm) => swarm.connections(),
        }
    }

    /// How many messages each of them can have under way.
    pub fn in_flight_max(&self) -> usize {
        if matches!(self, Self::Posting(_)) { 1 } else { IN_FLIGHT }
    }
}
