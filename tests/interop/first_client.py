"""A client of the first Decentra's vintage: it knows DESIGN 2.3, and nothing that was added since.

It stands on an independent WebSocket library, so that it shares no mistake with our own client.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

Frame = dict[str, Any]

# Seconds within which whatever is waited for has happened, even on a machine that is busy building.
DEADLINE = 30.0


class FirstClient:
    """One connection. Every wait ends at the deadline, with an error."""

    def __init__(self, url: str) -> None:
        self._closing = ExitStack()
        connecting = connect(url, proxy=None, open_timeout=DEADLINE, close_timeout=DEADLINE)
        self.socket = self._closing.enter_context(connecting)

    def __enter__(self) -> FirstClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._closing.close()

    def join(self, **keys: str) -> Frame:
        """Joins; `keys` are those of the frame. The answer: the history."""
        self.send(type="join", **keys)
        return self.next()

    def say(self, content: str, **keys: str) -> None:
        self.send(type="message", content=content, **keys)

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame))

    def next(self) -> Frame:
        """The next frame."""
        frame = json.loads(self.socket.recv(timeout=DEADLINE))
        assert isinstance(frame, dict), frame
        return frame

    def next_message(self) -> Frame:
        """The next message; what the system says in between is left out."""
        while (frame := self.next())["type"] != "message":
            pass
        return frame

    def say_and_hear(self, content: str) -> Frame:
        """Says something, and takes it for certain that the very next frame is its echo."""
        self.say(content)
        echo = self.next()
        assert (echo["type"], echo["content"]) == ("message", content), echo
        return echo

    def hears_nothing_for(self, seconds: float) -> None:
        try:
            frame = self.socket.recv(timeout=seconds)
        except TimeoutError:
            return
        raise AssertionError(f"heard {frame!r}")

    def close_code(self) -> int | None:
        """The code with which the server closes the connection, which must be the next thing it does."""
        try:
            frame = self.socket.recv(timeout=DEADLINE)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
        raise AssertionError(f"not closed, but told {frame!r}")
