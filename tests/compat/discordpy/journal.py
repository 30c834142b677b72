"""What a client has told, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

# Seconds within which comes what must come at once, even on a machine that is busy building.
EVENT_DEADLINE = 25.0


class Journal:
    """Events by name, each with what it told.

    `Client.wait_for` sees only what comes after it, and an event can overtake the answer to the call it
    belongs to. The journal listens from the start, and finds an event whether it lies behind or ahead.
    """

    def __init__(self) -> None:
        self._entries: list[tuple[str, tuple[Any, ...]]] = []
        self._grown = asyncio.Event()

    def add(self, name: str, *told: Any) -> None:
        self._entries.append((name, told))
        self._grown.set()

    def all(self, name: str) -> list[tuple[Any, ...]]:
        """What the events called `name` told, oldest first."""
        return [told for entry, told in self._entries if entry == name]

    async def until(
        self, name: str, fits: Callable[..., bool] = lambda *_: True, deadline: float = EVENT_DEADLINE
    ) -> tuple[Any, ...]:
        """What the first event `name` that `fits` told, as soon as there is one."""
        try:
            async with asyncio.timeout(deadline):
                return await self._first(name, fits)
        except TimeoutError:
            raise AssertionError(f"no {name} of the kind expected in {deadline} s") from None

    async def _first(self, name: str, fits: Callable[..., bool]) -> tuple[Any, ...]:
        while True:
            self._grown.clear()
            for told in self.all(name):
                if fits(*told):
                    return told
            await self._grown.wait()
