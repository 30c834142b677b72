"""The law of the log, when everybody acts at once: what was told, applied, is what a newcomer is told."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from random import Random

from cast import Account, Cast
from invites import DeleteGuild
from plot import next_action
from stage import Stage
from world import World

pytest_plugins = ["oracle_fixtures"]

ACTIONS_EACH = 12


def test_after_a_storm_every_replica_is_what_a_newcomer_is_told(
    cast: Cast, seed: int, counts: Counter[str]
) -> None:
    print(f"seed {seed}")
    with ExitStack() as stack:
        stage = Stage(cast, Random(f"log {seed}"), counts, stack)
        before = stage.world.guild.snapshot()
        with ThreadPoolExecutor(len(cast.accounts)) as pool:
            storms = [pool.submit(storm, stage.world, account, seed) for account in cast.accounts]
        counts["actions in storms"] += sum(future.result() for future in storms)
        stage.catch_up(before)
        stage.end()
        stage.step(DeleteGuild(stage.world.owner))


def storm(world: World, account: Account, seed: int) -> int:
    """What one account does, without a look at what the others do: it may fail, but only in good order."""
    dice, done = Random(f"{seed} {account.name}"), 0
    while done < ACTIONS_EACH:
        action = next_action(dice, world)
        if action.actor == account.user:
            answer = world.send(action)
            assert answer.status < 500, f"seed {seed}: {action}: {answer}"
            done += 1
    return done
