"""A server of the first Decentra's vintage: it knows DESIGN 2.3, and nothing that was added since.

It keeps the history in memory, answers no mistakes, and ignores what it does not know. Run it by itself:

    python first_server.py --port 8765
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

HISTORY_MAX = 100

Frame = dict[str, Any]


@dataclass
class Room:
    names: dict[ServerConnection, str] = field(default_factory=dict)
    history: deque[Frame] = field(default_factory=lambda: deque(maxlen=HISTORY_MAX))

    async def meet(self, connection: ServerConnection) -> None:
        """Talks with one client until it goes."""
        try:
            async for text in connection:
                frame = read(text)
                if frame.get("type") == "join":
                    await self.join(connection, frame)
                elif frame.get("type") == "message" and connection in self.names:
                    self.post(self.names[connection], frame.get("content", ""))
        except ConnectionClosed:
            pass
        finally:
            self.leave(connection)

    async def join(self, connection: ServerConnection, frame: Frame) -> None:
        name = frame.get("username", "Anonymous")
        await connection.send(json.dumps({"type": "history", "messages": list(self.history)}))
        self.tell_all(stamped(type="system", content=f"{name} joined the chat"))
        self.names[connection] = name

    def post(self, name: str, content: str) -> None:
        message = stamped(type="message", username=name, content=content)
        self.history.append(message)
        self.tell_all(message)

    def leave(self, connection: ServerConnection) -> None:
        name = self.names.pop(connection, None)
        if name is not None:
            self.tell_all(stamped(type="system", content=f"{name} left the chat"))

    def tell_all(self, frame: Frame) -> None:
        broadcast(self.names, json.dumps(frame))


def read(text: str | bytes) -> Frame:
    """The frame in `text`; an empty one if it is none."""
    try:
        frame = json.loads(text)
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) else {}


def stamped(**frame: str) -> Frame:
    return {**frame, "timestamp": datetime.now().isoformat()}


async def run(host: str, port: int) -> None:
    async with serve(Room().meet, host, port) as server:
        _, port = next(iter(server.sockets)).getsockname()[:2]
        print(f"listening on ws://{host}:{port}", flush=True)
        await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--port", type=int, default=8765, help="0 for one that is free (default: %(default)s)"
    )
    arguments = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(run(arguments.host, arguments.port))


if __name__ == "__main__":
    main()
