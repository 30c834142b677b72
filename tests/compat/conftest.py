"""What the tests share. `../pytest.ini` puts `../interop` on the path, for `programs` and `first_client`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from answers import Answers, folder
from programs import Program
from world import World


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """A world whose answers are kept under the test's own name; nothing of it outlives the test."""
    with ExitStack() as stack:

        def tend(program: Program) -> None:
            stack.callback(program.clean_up)

        answers = stack.enter_context(Answers(folder() / f"{request.node.callspec.id}.jsonl"))
        world = World(tmp_path / "data", answers, tend)
        stack.callback(world.proxy.close)
        yield world
