"""The compose file, up, under names and on a port of the test's own."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from first_client import FirstClient
from terminal import Terminal

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "docker-compose.yml", ROOT / "tests/docker/compose.test.yml"]


def docker(*arguments: str, **environment: str) -> str:
    """What `docker` prints; its errors go where ours go."""
    command = ["docker", *arguments]
    done = subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout[-4000:]}"
    return done.stdout.strip()


class Lobby:
    """A server and two clients in containers."""

    def __init__(self) -> None:
        self.project = f"decentra-test-{secrets.token_hex(3)}"
        self.port = free_port()
        # Containers, and the images that they run.
        self.server, self.client1, self.client2 = self.all = [
            f"{self.project}-{name}" for name in ("server", "client1", "client2")
        ]

    def compose(self, *arguments: str) -> str:
        files = [part for file in FILES for part in ("--file", str(file))]
        variables = {"COMPOSE_PROJECT_NAME": self.project, "DECENTRA_PORT": str(self.port)}
        return docker("compose", *files, *arguments, **variables)

    def connect(self) -> FirstClient:
        """Someone outside of the containers."""
        return FirstClient(f"ws://127.0.0.1:{self.port}")

    def join(self) -> FirstClient:
        """Someone outside who has joined, and read the history."""
        client = self.connect()
        client.join(username="Outside")
        return client

    def history(self) -> list[str]:
        with self.connect() as client:
            return [message["content"] for message in client.join(username="Historian")["messages"]]


def free_port() -> int:
    with socket.create_server(("", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def inspect(container: str, what: str) -> str:
    return docker("container", "inspect", "--format", f"{{{{{what}}}}}", container)


@pytest.fixture(scope="module")
def lobby() -> Iterator[Lobby]:
    """Built, started and healthy: the clients wait for the server's health check."""
    lobby = Lobby()
    try:
        lobby.compose("up", "--build", "--detach", "--quiet-pull")
        yield lobby
    finally:
        lobby.compose("down", "--volumes", "--timeout", "10")
        docker("image", "rm", "--force", *lobby.all)


@pytest.fixture
def attach() -> Iterator[Callable[[str], Terminal]]:
    terminals: list[Terminal] = []

    def attach(container: str) -> Terminal:
        terminals.append(Terminal(container))
        return terminals[-1]

    yield attach
    for terminal in terminals:
        terminal.close()
