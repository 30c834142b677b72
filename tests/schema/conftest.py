"""The programs under test, as the interop tests start them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from programs import Program


@pytest.fixture
def tended() -> Iterator[Callable[[Program], Program]]:
    """Takes a program into care: it does not outlive the test."""
    with ExitStack() as stack:

        def tend(program: Program) -> Program:
            stack.callback(program.clean_up)
            return program

        yield tend
