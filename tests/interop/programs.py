"""Programs under test, as processes: started, read line by line, and ended by their process id."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from first_client import DEADLINE, FirstClient

ROOT = Path(__file__).parents[2]


def binary(variable: str, name: str) -> str:
    """A program of ours: the one that the environment names, or the one built last."""
    path = Path(os.environ.get(variable, ROOT / "target/debug" / name))
    assert path.exists(), f"{path} is missing: run `cargo build --workspace`, or set {variable}"
    return str(path)


def clean_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Our environment without what would configure a program of ours, in UTC, and with `changes`."""
    ours = ("DECENTRA_", "SERVER_", "RUST_LOG", "NO_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "TZ": "UTC", **changes}


class Output:
    """What a program writes to one of its ends, as it comes."""

    def __init__(self, stream: IO[str]) -> None:
        self.lines: list[str] = []
        self._grown = threading.Condition()
        self._stream = stream
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._stream:
            with self._grown:
                self.lines.append(line.rstrip("\n"))
                self._grown.notify_all()
        with self._grown:
            self._ended = True
            self._grown.notify_all()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first line that holds `pattern`, once it is there."""

        def first() -> re.Match[str] | None:
            return next(filter(None, (re.search(pattern, line) for line in self.lines)), None)

        with self._grown:
            self._grown.wait_for(lambda: self._ended or first(), DEADLINE)
            found = first()
            assert found, f"no {pattern!r} in {self.lines}"
            return found

    def whole(self) -> str:
        """Everything, once the program has closed it."""
        self._reader.join(DEADLINE)
        assert self._ended, "still open"
        return "\n".join(self.lines)


class Program:
    """A process. What it was given to read stays open until :meth:`end_input`."""

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        self.process = subprocess.Popen(
            argv,
            env=clean_environment(environment or {}),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self.stdin = self.process.stdin
        self.out = Output(self.process.stdout)
        self.err = Output(self.process.stderr)

    def write(self, text: str) -> None:
        self.stdin.write(text)
        self.stdin.flush()

    def end_input(self) -> None:
        self.stdin.close()

    def exit_code(self) -> int:
        """Waits for the end."""
        return self.process.wait(DEADLINE)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends it by a signal; its exit code."""
        self.process.send_signal(how)
        return self.exit_code()

    def clean_up(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE)
        self.out.whole()
        self.err.whole()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream
            stream.close()


class Server(Program):
    """A server that takes connections, ours or a first one."""

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        super().__init__(argv, environment, cwd)
        self._clients: list[FirstClient] = []
        self.port = self._wait_until_up()
        self.url = f"ws://127.0.0.1:{self.port}"

    def _wait_until_up(self) -> int:
        """Its port, once it takes connections; from one that does not start, its last words."""
        try:
            return int(self.out.wait_for(r"://127\.0\.0\.1:(\d+)")[1])
        except AssertionError as error:
            self.clean_up()
            raise AssertionError(f"it did not start: {self.err.lines}") from error

    def connect(self) -> FirstClient:
        client = FirstClient(self.url)
        self._clients.append(client)
        return client

    def join(self, username: str) -> FirstClient:
        """A client that has joined, and read the history."""
        client = self.connect()
        history = client.join(username=username)
        assert history["type"] == "history", history
        return client

    def history(self) -> list[str]:
        """What a newcomer is shown."""
        with FirstClient(self.url) as client:
            return [message["content"] for message in client.join(username="Historian")["messages"]]

    def clean_up(self) -> None:
        super().clean_up()
        for client in self._clients:
            client.close()


def decentra_server(
    data_dir: Path, *options: str, environment: Mapping[str, str] | None = None, port: int = 0
) -> Server:
    """Our server."""
    listen = f"127.0.0.1:{port}"
    command = [
        binary("DECENTRA_SERVER_BIN", "decentra-server"),
        "--listen",
        listen,
        "--data-dir",
        str(data_dir),
    ]
    return Server([*command, *options], environment, cwd=data_dir.parent)


def first_server(port: int = 0) -> Server:
    script = Path(__file__).with_name("first_server.py")
    return Server([sys.executable, str(script), "--port", str(port)])
