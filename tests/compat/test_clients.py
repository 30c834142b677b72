"""Bots on unmodified libraries do what bots do, and lose nothing when the network or the server fails."""

from __future__ import annotations

import pytest
from community import numbered
from library import LIBRARIES, Library
from world import World


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_a_bot_works_and_resumes(world: World, library: Library) -> None:
    community, proxy = world.community, world.proxy
    community.say(*numbered("history", 120))
    bot = world.bot(library)
    bot.takes("login")
    community.say("ping")
    bot.takes("receive", "send", "edit", "react", "reply", "page")
    if library.is_whispered_to:
        community.whisper("psst")
        bot.takes("direct")
    bot.takes("channel", "role", "steady")

    shut = proxy.refuse if library.outlives_refusal else proxy.hold
    shut()
    proxy.cut()
    proxy.wait_for_attempt()
    community.say(*numbered("missed", 5))
    proxy.heal()
    bot.takes("resume")

    # Held rather than refused: no library need give up its session, so only the server could lose it.
    proxy.hold()
    world.crash()
    proxy.heal()
    community.say(*numbered("after", 3))
    bot.takes("survive")
    assert bot.exit_code() == 0
    assert bot.out.whole().splitlines() == [f"step {step}" for step in library.steps()]
