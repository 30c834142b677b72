"""What the server answered, kept for `validate.mjs`, which compares it with Discord's description."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]


def folder() -> Path:
    """Where answers are kept: where the environment says, or under `target`."""
    return Path(os.environ.get("DECENTRA_ANSWERS", ROOT / "target/answers"))


class Answers:
    """A file with one answer a line. What an earlier run left in it is replaced."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")
        # The proxy writes from a thread of its own.
        self._turn = threading.Lock()

    def __enter__(self) -> Answers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def record(self, method: str, path: str, status: int, content: bytes) -> None:
        """Keeps an answer of the API; what other paths answer is not described anywhere."""
        if not path.startswith("/api/"):
            return
        line = json.dumps({"method": method, "path": path, "status": status, "body": body(content)})
        with self._turn:
            self._file.write(line + "\n")


def body(content: bytes) -> object:
    """The JSON in `content`. Nothing is null, and what is no JSON is text, which no description matches."""
    try:
        return json.loads(content) if content else None
    except ValueError:
        return content.decode(errors="replace")
