"""One connection to the gateway, read only when asked to."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from socket import SHUT_RDWR
from typing import Any

from websockets.sync.client import connect

from first_client import DEADLINE
from intents import Intent


@dataclass(frozen=True)
class Event:
    name: str
    data: Any

    def __str__(self) -> str:
        return f"{self.name} {json.dumps(self.data, ensure_ascii=False)[:400]}"


class Session:
    """Identified, and past the GUILD_CREATE of every guild that READY named."""

    def __init__(self, port: int, token: str, intents: Intent, label: str) -> None:
        self.label = label
        self.intents = intents
        self._address = f"ws://127.0.0.1:{port}/?v=10&encoding=json"
        self._token = token
        self._sequence = 0
        with ExitStack() as opening:
            self._connect(opening)
            self._send(2, {"token": token, "intents": int(intents), "properties": PROPERTIES})
            self.opening = self.until(is_ready)
            self._closing = opening.pop_all()

    def resume(self) -> bool:
        """Connects again, and goes on where it was closed; whether it may."""
        with ExitStack() as opening:
            self._connect(opening)
            session = self.opening[0].data["session_id"]
            self._send(6, {"token": self._token, "session_id": session, "seq": self._sequence})
            self._early = self._frame()
            self._closing = opening.pop_all()
        return int(self._early["op"]) == 0

    def _connect(self, opening: ExitStack) -> None:
        options: dict[str, Any] = {"open_timeout": DEADLINE, "close_timeout": DEADLINE}
        # Unbounded: while this one is not read, it must not look like a slow reader.
        connecting = connect(self._address, proxy=None, max_size=None, max_queue=None, **options)
        self._socket = opening.enter_context(connecting)
        self._early: dict[str, Any] | None = None
        self._beaten = time.monotonic()
        self._beat_seconds = self._hello()

    def until(self, done: Callable[[list[Event]], bool]) -> list[Event]:
        """The events that came since the last call, as soon as they are what `done` waits for."""
        events: list[Event] = []
        while not done(events):
            try:
                events.append(self._next_event())
            except TimeoutError as error:
                raise AssertionError(f"{self} waits in vain, after {[str(one) for one in events]}") from error
        return events

    def request_members(self, guild: str) -> None:
        self._send(8, {"guild_id": guild, "query": "", "limit": 0})

    def close(self) -> None:
        self._closing.close()

    def vanish(self) -> None:
        """Is gone without a word, so that the session may go on."""
        self._socket.socket.shutdown(SHUT_RDWR)
        self.close()

    def __str__(self) -> str:
        return self.label

    def _hello(self) -> float:
        frame = self._frame()
        assert frame["op"] == 10, frame
        return float(frame["d"]["heartbeat_interval"]) / 1000

    def _next_event(self) -> Event:
        while (frame := self._frame())["op"] != 0:
            assert frame["op"] in (1, 11), f"{self} was told {frame}"
            if frame["op"] == 1:
                self._beat()
        self._sequence += 1
        assert frame["s"] == self._sequence, f"{self} was given {frame['s']} after {self._sequence - 1}"
        return Event(frame["t"], frame["d"])

    def _frame(self) -> dict[str, Any]:
        if self._early is not None:
            early, self._early = self._early, None
            return early
        if self._sequence and time.monotonic() - self._beaten > self._beat_seconds / 2:
            self._beat()
        frame = json.loads(self._socket.recv(timeout=DEADLINE))
        assert isinstance(frame, dict), frame
        return frame

    def _beat(self) -> None:
        self._beaten = time.monotonic()
        self._send(1, self._sequence)

    def _send(self, op: int, data: Any) -> None:
        self._socket.send(json.dumps({"op": op, "d": data}))


PROPERTIES = {"os": "linux", "browser": "oracle", "device": "oracle"}


def is_ready(events: list[Event]) -> bool:
    if not events:
        return False
    assert events[0].name == "READY", f"first came {events[0]}"
    promised = {guild["id"] for guild in events[0].data["guilds"]}
    return promised <= {event.data["id"] for event in events if event.name == "GUILD_CREATE"}
