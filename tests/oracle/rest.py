"""A plain HTTP client of the API, on the standard library alone."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from first_client import DEADLINE

# The server closes a connection on which nothing is asked for ten seconds.
IDLE_SECONDS_MAX = 5


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> int:
        """The code of a JSON error; 0 where there is none."""
        code = self.body.get("code", 0) if isinstance(self.body, dict) else 0
        return code if isinstance(code, int) else 0

    def __str__(self) -> str:
        return f"{self.status} {json.dumps(self.body)[:300]}"


class Rest:
    """One person's or bot's connection. Paths stand below /api/v10."""

    def __init__(self, port: int, authorization: str | None = None) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
        self._used = time.monotonic()
        self._headers = {"Authorization": authorization} if authorization else {}

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        headers, content = dict(self._headers), None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body)
        if time.monotonic() - self._used > IDLE_SECONDS_MAX:
            self._connection.close()
        self._connection.request(method, "/api/v10" + path, content, headers)
        response = self._connection.getresponse()
        answer = Answer(response.status, parsed(response.read()))
        self._used = time.monotonic()
        return answer

    def must(self, method: str, path: str, body: Any = None) -> Any:
        """The body of an answer that has to be a success: a step on the way to what is tested."""
        answer = self.call(method, path, body)
        assert answer.ok, f"{method} {path} {body}: {answer}"
        return answer.body

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def close(self) -> None:
        self._connection.close()


def parsed(content: bytes) -> Any:
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError:
        return content.decode(errors="replace")
