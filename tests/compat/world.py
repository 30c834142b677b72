"""A server, a community on it, and the bad network between it and its bots."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from answers import Answers
from community import Community
from library import Bot, Library
from programs import Program, Server, decentra_server
from proxy import Proxy

P = TypeVar("P", bound=Program)
Tend = Callable[[Program], None]


class World:
    """What one test looks at. Programs are handed to `tend`, which ends them when the test is over."""

    def __init__(self, data_dir: Path, answers: Answers, tend: Tend) -> None:
        self._data_dir = data_dir
        self._tend = tend
        self._server = self._start()
        self.community = Community(self._server.port, answers)
        self.proxy = Proxy(self._server.port, answers)

    def bot(self, library: Library) -> Bot:
        """A bot that reaches the server through the proxy."""
        environment = {
            "DECENTRA_URL": self.proxy.url,
            "BOT_TOKEN": self.community.bot_token,
            "GUILD_ID": self.community.guild_id,
            "CHANNEL_ID": self.community.channel_id,
        }
        bot = Bot(library, environment)
        self._tend(bot)
        return bot

    def crash(self) -> None:
        """Kills the server as a power failure would, and starts it again on the same port and data."""
        self._server.stop(signal.SIGKILL)
        self._server = self._start(self._server.port)

    def _start(self, port: int = 0) -> Server:
        server = decentra_server(self._data_dir, "--rate-limits", "off", port=port)
        self._tend(server)
        return server
