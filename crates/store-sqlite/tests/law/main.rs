//! The law of the log: whatever is asked for, and in whatever order, the events alone make of the community what it
//! becomes, a refusal leaves it as it was, and what the store has kept is the same community.

#![expect(clippy::unwrap_used, reason = "a test")]

mod deeds;
mod world;

use proptest::prelude::*;
use proptest::sample::select;

use crate::deeds::{DEEDS, Step};
use crate::world::World;

/// Steps after which it is looked whether what was stored is what is there.
const LOAD_EVERY: usize = 8;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let names: Vec<&str> = DEEDS.iter().map(|(name, _)| *name).collect();
    let step = (select(names), 0..8_usize, 0..3_usize, 0..8_usize, 0..8_usize, any::<bool>());
    let step =
        step.prop_map(|(deed, who, place, whom, what, yes)| Step { deed, who, place, whom, what, yes });
    proptest::collection::vec(step, 0..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn events_alone_make_what_there_is_in_memory_and_in_the_store(steps in steps()) {
        let mut world = World::new();
        for (nth, step) in steps.into_iter().enumerate() {
            world.take(step);
            if nth % LOAD_EVERY == 0 {
                world.is_what_is_stored();
            }
        }
        world.is_what_is_stored();
    }
}

/// What the owner of the guild beside the home asks for.
fn owner(deed: &'static str, what: usize) -> Step {
    Step { deed, who: 0, place: 1, whom: 2, what, yes: true }
}

#[test]
fn a_bot_that_goes_leaves_the_person_of_its_name_theirs() {
    let mut world = World::new();
    world.take(owner("delete application", 0));
    world.is_what_is_stored();
}

#[test]
fn which_message_is_the_last_is_the_same_after_a_restart_also_if_it_was_deleted() {
    let mut world = World::new();
    world.take(Step { whom: 0, ..owner("delete message", 0) });
    world.is_what_is_stored();
}

#[test]
fn an_overwrite_for_a_role_that_says_it_is_for_a_member_goes_with_the_role() {
    let mut world = World::new();
    world.take(owner("set overwrite", 0));
    // The same, but for the kind.
    world.take(Step { who: 6, ..owner("set overwrite", 0) });
    world.take(owner("delete role", 0));
    world.is_what_is_stored();
}

#[test]
fn after_a_restart_no_id_is_given_twice_also_when_the_clock_went_back() {
    let mut world = World::new();
    world.take(owner("update role", 1));
    world.restart();
    world.pass(-1);
    world.take(owner("update role", 2));
    world.is_what_is_stored();
}
