//! What is stored, and what a first start adds to it.

use decentra_core::community::founding::Found;
use decentra_core::community::{Command, Community, Desk};
use decentra_model::{GatewaySession, Id};
use decentra_store::{Store, StoreError};

use crate::clock::Clock;
use crate::log::StoreArchive;
use crate::state::State;

/// What there is at a start.
pub(crate) struct Loaded {
    pub(crate) state: State,
    /// The channel behind the lobby.
    pub(crate) lobby_id: Id,
    /// The sessions that may come back.
    pub(crate) sessions: Vec<GatewaySession>,
    /// The greatest id that was ever given.
    pub(crate) last_id: Option<Id>,
}

/// What is stored. A first start founds the instance under `name`.
pub(crate) fn load(store: &mut impl Store, name: &str, clock: &Clock) -> Result<Loaded, StoreError> {
    let decentra_store::Loaded { events, last_messages, sessions, position, mut last_id } = store.load()?;
    let mut community = Community::load(&events, last_messages);
    let lobby_id = match community.instance() {
        Some(instance) => instance.lobby_id,
        None => found(store, &mut community, &mut last_id, name, clock)?,
    };
    Ok(Loaded { state: State::new(community, position), lobby_id, sessions, last_id })
}

fn found(
    store: &mut impl Store,
    community: &mut Community,
    last_id: &mut Option<Id>,
    name: &str,
    clock: &Clock,
) -> Result<Id, StoreError> {
    let mut happened = Vec::new();
    let mut fault = None;
    let mut archive = StoreArchive { store, fault: &mut fault };
    let mut desk = Desk::new(community, &mut archive, clock.now(), &|| 0, last_id, &mut happened);
    let found = Found { name: name.to_owned() }.decide(&mut desk);
    let lobby_id = found.map_err(|refusal| StoreError::Failed(refusal.to_string()))?;
    store.begin()?;
    happened.iter().try_for_each(|happened| store.write(&happened.event))?;
    store.adopt_lobby(lobby_id)?;
    last_id.map_or(Ok(()), |last| store.put_last_id(last))?;
    store.commit()?;
    Ok(lobby_id)
}
