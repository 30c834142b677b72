//! What befalls the network, the disk and the server.

use std::time::Duration;

use fastrand::Rng;
use tokio::time::Instant;

use crate::disk::Trouble;
use crate::network::Way;
use crate::time;
use crate::world::World;

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A connection breaks.
    Cut,
    /// A client is gone, and the server is not told.
    Vanish,
    /// Nothing arrives on a connection for a while, one way.
    Hold(Way),
    /// All connections break.
    CutAll,
    /// The server is killed, and comes back.
    Kill,
    /// The server is stopped, and started again.
    Restart,
    /// Something is wrong with the disk for a while.
    Disk(Trouble),
    /// What the clock shows jumps by so many seconds.
    Jump(i64),
}

/// What may befall it, each as often as it stands here.
const FAULTS: [Fault; 17] = [
    Fault::Cut,
    Fault::Cut,
    Fault::Cut,
    Fault::Vanish,
    Fault::Vanish,
    Fault::Hold(Way::Up),
    Fault::Hold(Way::Down),
    Fault::Hold(Way::Down),
    Fault::CutAll,
    Fault::Kill,
    Fault::Kill,
    Fault::Restart,
    Fault::Disk(Trouble::Full),
    Fault::Disk(Trouble::ReadOnly),
    Fault::Disk(Trouble::Broken),
    Fault::Disk(Trouble::Slow),
    Fault::Jump(0),
];

/// The farthest jump of the clock.
const JUMP_MAX: i64 = 3_600;

/// A fault, and how long after the last one it comes.
pub type Planned = (Duration, Fault);

/// The faults of a run of `span`.
pub fn plan(chance: &mut Rng, span: Duration) -> Vec<Planned> {
    let count = chance.u32(1..=6);
    let pause_max = 2 * u64::try_from(span.as_millis()).unwrap_or(0) / u64::from(count + 1);
    let fault = |chance: &mut Rng| match FAULTS[chance.usize(..FAULTS.len())] {
        Fault::Jump(_) => Fault::Jump(chance.i64(-JUMP_MAX..=JUMP_MAX)),
        other => other,
    };
    (0..count).map(|_| (Duration::from_millis(chance.u64(..=pause_max)), fault(chance))).collect()
}

/// Lets all of `plan` happen, until `until` at the latest; then all is well again.
pub async fn befall(world: &World, plan: &[Planned], until: Instant) -> anyhow::Result<()> {
    let mut chance = world.chance();
    for (pause, fault) in plan {
        time::sleep((*pause).min(until.saturating_duration_since(Instant::now()))).await;
        world.trace.does("fate", format_args!("{fault:?}"));
        match fault {
            Fault::Cut => pick(world, &mut chance).into_iter().for_each(|link| world.network.cut(link)),
            Fault::Vanish => pick(world, &mut chance).into_iter().for_each(|link| world.network.vanish(link)),
            Fault::Hold(way) => {
                let duration = Duration::from_millis(chance.u64(100..15_000));
                if let Some(link) = pick(world, &mut chance) {
                    world.network.hold(link, *way, duration);
                }
            }
            Fault::CutAll => world.network.links().into_iter().for_each(|link| world.network.cut(link)),
            Fault::Kill => {
                world.kill()?;
                time::sleep(Duration::from_millis(chance.u64(0..3_000))).await;
                world.start()?;
            }
            Fault::Restart => {
                world.stop().await?;
                time::sleep(Duration::from_millis(chance.u64(0..3_000))).await;
                world.start()?;
            }
            Fault::Disk(trouble) => {
                world.disk.set(Some(*trouble));
                time::sleep(Duration::from_millis(chance.u64(50..5_000))).await;
                world.disk.set(None);
            }
            Fault::Jump(seconds) => world.wall.jump(*seconds),
        }
    }
    time::until(until).await;
    world.network.heal();
    Ok(())
}

fn pick(world: &World, chance: &mut Rng) -> Option<u64> {
    let links = world.network.links();
    if links.is_empty() { None } else { Some(links[chance.usize(..links.len())]) }
}
