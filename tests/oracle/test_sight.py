"""Nobody sees or does what the oracle forbids, and everybody what it grants."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from random import Random

import pytest

from cast import Cast
from guesses import Guesses
from invites import DeleteGuild
from lists import Lists
from plot import next_action
from stage import Stage

pytest_plugins = ["oracle_fixtures"]

ACTIONS, ROUNDS = 40, 3


def test_nobody_sees_or_does_what_the_oracle_forbids(cast: Cast, seed: int, counts: Counter[str]) -> None:
    print(f"seed {seed}")
    with ExitStack() as stack:
        stage = Stage(cast, Random(f"sight {seed}"), counts, stack)
        for _ in range(ROUNDS):
            for _ in range(ACTIONS):
                stage.step(next_action(stage.dice, stage.world))
            look_around(stage)
        ask_for_members(stage)
        stage.end()
        others = sorted(set(stage.world.guild.members) - {stage.world.owner})
        stage.step(DeleteGuild(stage.dice.choice(others)))
        stage.step(DeleteGuild(stage.world.owner))


def look_around(stage: Stage) -> None:
    """Everybody lists what can be listed and guesses at what cannot; nothing may have changed by that."""
    faults = []
    for account in stage.cast.accounts:
        faults += Lists(stage.world, account, stage.counts).check()
        faults += Guesses(stage.world, account, stage.dice, stage.counts).check()
    if faults:
        pytest.fail("\n".join([f"after {stage.told}", *faults]))
    stage.settle("guesses")


def ask_for_members(stage: Stage) -> None:
    """A guess by the gateway: strangers ask for the members of the guild."""
    for seat in stage.seats:
        if seat.viewer.user not in stage.world.guild.members:
            seat.session.request_members(stage.world.guild.id)
    stage.settle("strangers asking for the members")
