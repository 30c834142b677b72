"""A reverse proxy in front of the server: it writes answers down, and can be told to fail as a network does.

Bytes pass as they came, with the Host header that the client sent, so the server tells its address as the
proxy's. Only the head of a plain HTTP request is changed: each gets a connection of its own
(`Connection: close`), which ends with the answer, and asks for an answer that is not compressed.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
import re
import threading
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

from answers import Answers
from first_client import DEADLINE

T = TypeVar("T")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

LOCALHOST = "127.0.0.1"
HEAD_BYTES_MAX = 64 * 1024
CHUNK_BYTES = 64 * 1024
UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

# Headers that the proxy speaks for, in a request.
OURS = re.compile(rb"\r\n(?:connection|accept-encoding):[^\r\n]*", re.IGNORECASE)
UPGRADE = re.compile(rb"\r\nupgrade: *websocket\r\n", re.IGNORECASE)


class Proxy:
    """Listens on :attr:`port` for the server on `server_port`, in a thread, until :meth:`close`."""

    def __init__(self, server_port: int, answers: Answers) -> None:
        self._server_port = server_port
        self._answers = answers
        self._sockets: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._refusing = False
        self._open = asyncio.Event()
        self._open.set()
        self._attempted = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._listener = self._run(asyncio.start_server(self._serve, LOCALHOST, 0, limit=HEAD_BYTES_MAX))
        self.port: int = self._listener.sockets[0].getsockname()[1]
        self.url = f"http://{LOCALHOST}:{self.port}"

    def cut(self) -> None:
        """Ends every WebSocket connection at once, towards both sides, without a close frame."""
        self._run(self._cut())

    def hold(self) -> None:
        """From now on connections are taken and left waiting, as where a network drops packets."""
        self._run(self._shut(refusing=False))

    def refuse(self) -> None:
        """From now on requests are answered with 503, as by a load balancer without a server behind it."""
        self._run(self._shut(refusing=True))

    def heal(self) -> None:
        """Lets through what waits, and all that comes."""
        self._loop.call_soon_threadsafe(self._open.set)

    def wait_for_attempt(self) -> None:
        """Returns once someone has met with :meth:`hold` or :meth:`refuse`."""
        try:
            self._run(asyncio.wait_for(self._attempted.wait(), DEADLINE))
        except TimeoutError:
            raise AssertionError(f"nobody tried to connect within {DEADLINE} s") from None

    def close(self) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _cut(self) -> None:
        for socket in self._sockets:
            socket.transport.abort()

    async def _shut(self, refusing: bool) -> None:
        self._refusing = refusing
        self._attempted.clear()
        self._open.clear()

    async def _end(self) -> None:
        self._listener.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await self._listener.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._serving.add(task)
        # Who hangs up half-way wants nothing more; cancelled are those who are still here at the end.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            async with closing(writer):
                await self._answer((reader, writer))
        self._serving.discard(task)

    async def _answer(self, client: Streams) -> None:
        head = await client[0].readuntil(b"\r\n\r\n")
        if not await self._is_admitted():
            client[1].write(UNAVAILABLE)
            return
        try:
            server = await asyncio.open_connection(LOCALHOST, self._server_port)
        except ConnectionRefusedError:
            client[1].write(UNAVAILABLE)
            return
        async with closing(server[1]):
            if UPGRADE.search(head):
                await self._tunnel(client, server, head)
            else:
                await self._exchange(client, server, head)

    async def _is_admitted(self) -> bool:
        """Whether the request may pass, maybe after a while."""
        if self._open.is_set():
            return True
        self._attempted.set()
        if self._refusing:
            return False
        await self._open.wait()
        return True

    async def _tunnel(self, client: Streams, server: Streams, head: bytes) -> None:
        """Carries a WebSocket connection, until one side ends it."""
        ends = {client[1], server[1]}
        self._sockets |= ends
        try:
            server[1].write(head)
            await first_of(copy(client[0], server[1]), copy(server[0], client[1]))
        finally:
            self._sockets -= ends

    async def _exchange(self, client: Streams, server: Streams, head: bytes) -> None:
        """Carries one request and its answer, which is written down."""
        server[1].write(OURS.sub(b"", head).replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        answer = bytearray()
        # A client may keep its side open for as long as it likes: the answer ends the exchange.
        sending = asyncio.create_task(copy(client[0], server[1]))
        try:
            await copy(server[0], client[1], answer)
        finally:
            sending.cancel()
        self._record(head, bytes(answer))

    def _record(self, head: bytes, answer: bytes) -> None:
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        response = http.client.HTTPResponse(Canned(answer), method=method)  # type: ignore[arg-type]
        # Cut short: the server was killed while it answered, and the client has noticed by itself.
        with contextlib.suppress(http.client.HTTPException):
            response.begin()
            self._answers.record(method, target, response.status, response.read())


class Canned:
    """A socket as far as `HTTPResponse` wants one: it gives what was received before."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._content)


@contextlib.asynccontextmanager
async def closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Sends what is still to be sent and closes, whatever happens within."""
    try:
        yield
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def copy(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, seen: bytearray | None = None
) -> None:
    """Copies until the end of `source`; `seen` gets the same."""
    while chunk := await source.read(CHUNK_BYTES):
        if seen is not None:
            seen += chunk
        sink.write(chunk)
        await sink.drain()


async def first_of(*work: Coroutine[Any, Any, None]) -> None:
    """Runs `work` until one of it is done, or fails."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    for task in done:
        task.result()
