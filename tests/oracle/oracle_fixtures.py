"""One server and one cast for all tests of this folder, and the sum of what they checked.

A plugin that the tests name, no `conftest`: the tests beside this folder import theirs by that name.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest

from cast import Cast
from programs import decentra_server

SEEDS_DEFAULT = "1-6"
COUNTS: Counter[str] = Counter()


def seeds(listed: str) -> list[int]:
    """From "7", "1,2,3" or "1-100"."""
    ranges = [part.partition("-") for part in listed.split(",")]
    return [seed for first, _, last in ranges for seed in range(int(first), int(last or first) + 1)]


@pytest.fixture(params=seeds(os.environ.get("DECENTRA_ORACLE_SEEDS", SEEDS_DEFAULT)))
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="session")
def counts() -> Counter[str]:
    return COUNTS


@pytest.fixture(scope="session")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    data_dir = tmp_path_factory.mktemp("oracle") / "data"
    server = decentra_server(data_dir, "--registration", "open", "--rate-limits", "off")
    try:
        with closing(Cast(server.port)) as everybody:
            yield everybody
    finally:
        server.clean_up()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if COUNTS:
        checked = ", ".join(f"{count} {what}" for what, count in sorted(COUNTS.items()))
        terminalreporter.write_line(f"oracle: {checked}")
