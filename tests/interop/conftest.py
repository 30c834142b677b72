"""What the tests share: programs that are ended when the test is over, however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, TypeVar

import pytest
from programs import Program, Server, decentra_server, first_server

P = TypeVar("P", bound=Program)


class StartServer(Protocol):
    """Starts our server, on a free port unless one is given, on the test's own data folder."""

    def __call__(self, *options: str, port: int = 0) -> Server: ...


@pytest.fixture
def tended() -> Iterator[Callable[[P], P]]:
    """Takes a program into care: it does not outlive the test."""
    with ExitStack() as stack:

        def tend(program: P) -> P:
            stack.callback(program.clean_up)
            return program

        yield tend


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def start_server(tended: Callable[[Server], Server], data_dir: Path) -> StartServer:
    def start(*options: str, port: int = 0) -> Server:
        return tended(decentra_server(data_dir, *options, port=port))

    return start


@pytest.fixture
def server(start_server: StartServer) -> Server:
    """Our server, as it is by default."""
    return start_server()


@pytest.fixture
def start_first_server(tended: Callable[[Server], Server]) -> Callable[..., Server]:
    def start(port: int = 0) -> Server:
        return tended(first_server(port))

    return start
