"""A terminal, attached to a container, whose screen can be read."""

from __future__ import annotations

import time

import pexpect
import pyte
from first_client import DEADLINE

COLUMNS, ROWS = 80, 24

# Ctrl+P Ctrl+Q: leaves a container without ending it.
DETACH = "\x10\x11"


class Terminal:
    def __init__(self, container: str) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.Stream(self._screen)
        self._attached = pexpect.spawn(
            "docker",
            ["attach", container],
            dimensions=(ROWS, COLUMNS),
            encoding="utf-8",
            codec_errors="replace",
        )

    def type(self, text: str) -> None:
        self._attached.send(text)

    def wait_for(self, text: str) -> None:
        """Waits until `text` stands in one row of the screen."""
        until = time.monotonic() + DEADLINE
        while not any(text in row for row in self._screen.display):
            left = until - time.monotonic()
            assert left > 0, f"no {text!r} on the screen:\n{self.picture()}"
            self._draw(left)

    def _draw(self, timeout: float) -> None:
        """Draws what comes next, if anything does in time."""
        try:
            self._stream.feed(self._attached.read_nonblocking(size=65_536, timeout=timeout))
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF as end:
            raise AssertionError(f"the terminal was closed:\n{self.picture()}") from end

    def picture(self) -> str:
        return "\n".join(row.rstrip() for row in self._screen.display)

    def detach(self) -> None:
        """Leaves, and waits until `docker attach` has ended."""
        self.type(DETACH)
        self._attached.expect(pexpect.EOF, timeout=DEADLINE)
        self._attached.close()

    def close(self) -> None:
        self._attached.close(force=True)
