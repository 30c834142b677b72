"""The libraries under test, and a bot on one of them as a process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from programs import Program

HERE = Path(__file__).parent
RUST_BOTS = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "bots/target")) / "debug"

# Seconds within which a step is taken. The bots' own deadlines are shorter: they can say what did not come.
STEP_DEADLINE = 90.0
STDERR_LINES = 60

STEPS = [
    "login",
    "receive",
    "send",
    "edit",
    "react",
    "reply",
    "page",
    "direct",
    "channel",
    "role",
    "steady",
    "resume",
    "survive",
]


@dataclass(frozen=True)
class Library:
    """A client library, and the bot that is written on it."""

    name: str
    program: Path
    runner: str | None
    # Where the bot comes from, for whom it is missing.
    made_by: str
    # Whether it still resumes a session after an attempt to reconnect was turned down; serenity gives it up.
    outlives_refusal: bool
    # Whether the bot that is written on it is written to in private.
    is_whispered_to: bool = False

    def steps(self) -> list[str]:
        return [step for step in STEPS if step != "direct" or self.is_whispered_to]

    def command(self) -> list[str]:
        assert self.program.exists(), f"{self.program} is missing: {self.made_by}"
        return [self.runner, str(self.program)] if self.runner else [str(self.program)]


def rust_bot(name: str, outlives_refusal: bool) -> Library:
    variable = f"DECENTRA_{name.upper()}_BOT"
    program = Path(os.environ.get(variable, RUST_BOTS / f"{name}-bot"))
    made_by = f"run `cargo build` in tests/bots, or set {variable}"
    return Library(name, program, None, made_by, outlives_refusal)


LIBRARIES = [
    Library("discord.js", HERE / "discordjs/bot.mjs", "node", "it is part of the project", True, True),
    Library("discord.py", HERE / "discordpy/bot.py", sys.executable, "it is part of the project", True, True),
    rust_bot("serenity", outlives_refusal=False),
    rust_bot("twilight", outlives_refusal=True),
]


class Bot(Program):
    """A bot that takes the steps."""

    def __init__(self, library: Library, environment: Mapping[str, str]) -> None:
        # Some libraries would ask the proxy that the environment names for this machine's own address.
        super().__init__(library.command(), {**environment, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"})
        self._name = library.name

    def takes(self, *steps: str) -> None:
        """Waits until it has taken `steps`; a failure tells which is missing, and what the bot said last."""
        for step in steps:
            if not self._takes(step):
                said = "\n".join(self.err.lines[-STDERR_LINES:])
                pytest.fail(f"{self._name} did not take the step `{step}`. It said:\n{said}", pytrace=False)

    def _takes(self, step: str) -> bool:
        end = time.monotonic() + STEP_DEADLINE
        while time.monotonic() < end:
            ended = self.process.poll() is not None
            try:
                self.out.wait_for(f"^step {step}$")
            except AssertionError:
                # `wait_for` has a shorter deadline of its own; only one that had ended before is beyond hope.
                if ended:
                    return False
            else:
                return True
        return False
