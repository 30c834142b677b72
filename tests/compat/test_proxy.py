"""The proxy passes what it is given, writes answers down, and fails when told to."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from answers import Answers
from first_client import DEADLINE
from proxy import Proxy
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.sync.server import Server, ServerConnection, serve


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked, under `/api`; under `/empty` with 204."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        told = {"path": self.path, "host": self.headers["Host"], "content": content.decode()}
        self._answer(200, json.dumps(told).encode())

    def do_DELETE(self) -> None:
        self._answer(204, b"")

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps quiet."""


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    return tmp_path / "answers/echo.jsonl"


@pytest.fixture
def stack(recorded: Path) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def run(stack: ExitStack, server: ThreadingHTTPServer | Server) -> None:
    """Serves in a thread until the test is over."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    stack.callback(thread.join)
    stack.callback(server.shutdown)


@pytest.fixture
def http_proxy(stack: ExitStack, recorded: Path) -> Proxy:
    """A proxy in front of an HTTP server."""
    server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Echo))
    run(stack, server)
    return proxy_before(stack, server.server_port, recorded)


@pytest.fixture
def socket_proxy(stack: ExitStack, recorded: Path) -> Proxy:
    """A proxy in front of a WebSocket server, which says everything back."""

    def echo(connection: ServerConnection) -> None:
        for message in connection:
            connection.send(message)

    server = stack.enter_context(serve(echo, "127.0.0.1", 0))
    run(stack, server)
    return proxy_before(stack, server.socket.getsockname()[1], recorded)


def proxy_before(stack: ExitStack, port: int, recorded: Path) -> Proxy:
    proxy = Proxy(port, stack.enter_context(Answers(recorded)))
    stack.callback(proxy.close)
    return proxy


def ask(proxy: Proxy, method: str, path: str, content: bytes | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=DEADLINE)
    try:
        connection.request(method, path, content)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def websocket(stack: ExitStack, proxy: Proxy) -> ClientConnection:
    address = f"ws://127.0.0.1:{proxy.port}/?v=10"
    return stack.enter_context(
        connect(address, proxy=None, open_timeout=DEADLINE, close_timeout=DEADLINE, compression=None)
    )


def says_back(connection: ClientConnection, text: str) -> bool:
    connection.send(text)
    return connection.recv(timeout=DEADLINE) == text


def test_answers_pass_as_they_are_and_are_written_down(
    http_proxy: Proxy, stack: ExitStack, recorded: Path
) -> None:
    path = "/api/v10/reactions/%F0%9F%91%8D?a=b%2Fc"
    status, content = ask(http_proxy, "POST", path, b"x" * 200_000)
    told = json.loads(content)
    assert status == 200
    assert told == {"path": path, "host": f"127.0.0.1:{http_proxy.port}", "content": "x" * 200_000}
    assert ask(http_proxy, "DELETE", "/api/v10/channels/1") == (204, b"")
    assert ask(http_proxy, "POST", "/healthz", b"")[0] == 200
    stack.close()
    assert [json.loads(line) for line in recorded.read_text().splitlines()] == [
        {"method": "POST", "path": path, "status": 200, "body": told},
        {"method": "DELETE", "path": "/api/v10/channels/1", "status": 204, "body": None},
    ]


def test_a_cut_ends_connections_without_a_close_frame(socket_proxy: Proxy, stack: ExitStack) -> None:
    connections = [websocket(stack, socket_proxy) for _ in range(2)]
    assert all(says_back(connection, "hello") for connection in connections)
    socket_proxy.cut()
    for connection in connections:
        with pytest.raises(ConnectionClosedError) as closed:
            connection.recv(timeout=DEADLINE)
        assert closed.value.rcvd is None
    assert says_back(websocket(stack, socket_proxy), "again")


def test_refused_until_healed(socket_proxy: Proxy, stack: ExitStack) -> None:
    socket_proxy.refuse()
    with pytest.raises(InvalidStatus, match="503"):
        websocket(stack, socket_proxy)
    socket_proxy.wait_for_attempt()
    socket_proxy.heal()
    assert says_back(websocket(stack, socket_proxy), "hello")


def test_held_until_healed(socket_proxy: Proxy, stack: ExitStack) -> None:
    socket_proxy.hold()
    connected = threading.Event()

    def talk() -> None:
        if says_back(websocket(stack, socket_proxy), "hello"):
            connected.set()

    talking = threading.Thread(target=talk)
    talking.start()
    socket_proxy.wait_for_attempt()
    assert not connected.is_set()
    socket_proxy.heal()
    talking.join(DEADLINE)
    assert connected.is_set()


def test_a_server_that_is_gone_is_unavailable(stack: ExitStack, recorded: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        port = server.server_port
    proxy = proxy_before(stack, port, recorded)
    assert ask(proxy, "DELETE", "/api/v10/channels/1") == (503, b"")
