"""A person who signs up, founds a community and puts a bot into it, all through the API."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from answers import Answers
from first_client import DEADLINE

# Whatever proxy the environment names is not meant for this machine's own address.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

ADMINISTRATOR = 1 << 3
GUILD_TEXT = 0


class Api:
    """Calls of one person, straight to the server: they get through while the bots' connections do not."""

    def __init__(self, port: int, answers: Answers) -> None:
        self._port = port
        self._answers = answers
        self.token: str | None = None

    def post(self, path: str, **keys: Any) -> Any:
        return self._call("POST", path, keys)

    def get(self, path: str) -> Any:
        return self._call("GET", path, None)

    def _call(self, method: str, path: str, keys: dict[str, Any] | None) -> Any:
        target = f"/api/v10{path}"
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{target}", method=method)
        if self.token is not None:
            request.add_header("Authorization", self.token)
        if keys is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(keys).encode()
        status, content = answer(request)
        self._answers.record(method, target, status, content)
        assert 200 <= status < 300, f"{method} {path}: {status} {content.decode(errors='replace')}"
        return json.loads(content) if content else None


def answer(request: urllib.request.Request) -> tuple[int, bytes]:
    """The status and the body, of an error too."""
    try:
        with opener.open(request, timeout=DEADLINE) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


class Community:
    """A guild of one person's, who is the first on the instance and so owns it too, and of one bot."""

    def __init__(self, port: int, answers: Answers) -> None:
        self._api = Api(port, answers)
        account = self._api.post("/auth/register", username="ana", password="correct horse battery")
        self._api.token = account["token"]
        self.guild_id: str = self._api.post("/guilds", name="Compatible")["id"]
        self.channel_id = self._text_channel("general")
        self.bot_id, self.bot_token = self._bot("Tester")

    def say(self, *contents: str) -> None:
        """Posts messages, one after the other."""
        for content in contents:
            self._api.post(f"/channels/{self.channel_id}/messages", content=content)

    def whisper(self, content: str) -> None:
        """Writes to the bot in private."""
        channel = self._api.post("/users/@me/channels", recipient_id=self.bot_id)["id"]
        self._api.post(f"/channels/{channel}/messages", content=content)

    def _text_channel(self, name: str) -> str:
        channels = self._api.get(f"/guilds/{self.guild_id}/channels")
        found = [channel for channel in channels if (channel["type"], channel["name"]) == (GUILD_TEXT, name)]
        assert len(found) == 1, channels
        channel_id: str = found[0]["id"]
        return channel_id

    def _bot(self, name: str) -> tuple[str, str]:
        """Makes a bot that may do everything; its id, and its token."""
        application: str = self._api.post("/applications", name=name)["id"]
        token: str = self._api.post(f"/applications/{application}/bot")["token"]
        self._api.post(
            f"/oauth2/authorize?client_id={application}&scope=bot&permissions={ADMINISTRATOR}",
            authorize=True,
            guild_id=self.guild_id,
            permissions=str(ADMINISTRATOR),
        )
        return application, token


def numbered(word: str, count: int) -> list[str]:
    """`word 1`, `word 2` and so on."""
    return [f"{word} {number}" for number in range(1, count + 1)]
