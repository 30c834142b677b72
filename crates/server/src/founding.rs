//! What is stored, and what a first start adds to it.

use decentra_core::community::founding::Found;
use decentra_core::community::{Command, Community, Desk};
use decentra_model::{GatewaySession, Id};
use decentra_store::{Store, StoreError};

use crate::clock::Clock;
use crate::log::StoreArchive;
use crate::state::State;

/// What is stored, the channel behind the lobby, and the sessions that may come back. A first start founds the instance
/// under `name`.
pub(crate) fn load(
    store: &mut impl Store,
    name: &str,
    clock: &Clock,
) -> Result<(State, Id, Vec<GatewaySession>), StoreError> {
    let loaded = store.load()?;
    let mut community = Community::load(&loaded.events, loaded.last_messages);
    let lobby_id = match community.instance() {
        Some(instance) => instance.lobby_id,
        None => found(store, &mut community, name, clock)?,
    };
    Ok((State::new(community, loaded.position), lobby_id, loaded.sessions))
}

fn found(
    store: &mut impl Store,
    community: &mut Community,
    name: &str,
    clock: &Clock,
) -> Result<Id, StoreError> {
    let mut happened = Vec::new();
    let mut last_id = community.last_id();
    let mut fault = None;
    let mut archive = StoreArchive { store, fault: &mut fault };
    let mut desk = Desk::new(community, &mut archive, clock.now(), 0, &mut last_id, &mut happened);
    let found = Found { name: name.to_owned() }.decide(&mut desk);
    let lobby_id = found.map_err(|refusal| StoreError::Failed(refusal.to_string()))?;
    store.begin()?;
    happened.iter().try_for_each(|happened| store.write(&happened.event))?;
    store.adopt_lobby(lobby_id)?;
    store.commit()?;
    Ok(lobby_id)
}
