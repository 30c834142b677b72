"""Our terminal client, line by line, in a room that the first Decentra keeps, and in ours."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

import pytest
from conftest import StartServer
from first_client import FirstClient
from programs import Program, Server, binary

Tend = Callable[[Program], Program]
Start = Callable[..., Server]


@pytest.fixture(params=["start_first_server", "start_server"], ids=["first", "ours"])
def start_room(request: pytest.FixtureRequest) -> Start:
    """Starts a server, of either kind."""
    start: Start = request.getfixturevalue(request.param)
    return start


@pytest.fixture
def room(start_room: Start) -> Server:
    return start_room()


def client(room: Server, *arguments: str) -> Program:
    """Our client, told by variables where to go."""
    place = {"SERVER_HOST": "127.0.0.1", "SERVER_PORT": str(room.port)}
    return Program([binary("DECENTRA_BIN", "decentra"), *arguments], place)


def wait_until_joined(watcher: FirstClient, name: str) -> None:
    assert watcher.next()["content"] == f"{name} joined the chat"


def test_what_is_piped_in_is_said_and_that_is_all(room: Server, tended: Tend) -> None:
    watcher = room.join("Watcher")
    bot = tended(client(room, "Bot"))
    bot.write("hi\n")
    bot.end_input()
    wait_until_joined(watcher, "Bot")
    said = watcher.next()
    assert (said["username"], said["content"]) == ("Bot", "hi")
    assert watcher.next()["content"] == "Bot left the chat"
    assert bot.exit_code() == 0


def test_many_lines_are_said_in_order_each_once(room: Server, tended: Tend) -> None:
    watcher = room.join("Watcher")
    bot = tended(client(room, "Bot"))
    lines = [f"line {number}" for number in range(30)]
    bot.write("\n".join(lines) + "\n")
    bot.end_input()
    wait_until_joined(watcher, "Bot")
    assert [watcher.next()["content"] for _ in lines] == lines
    assert bot.exit_code() == 0
    assert room.history() == lines


def test_what_others_say_is_printed_with_time_and_name(room: Server, tended: Tend) -> None:
    watcher = room.join("Watcher")
    reader = tended(client(room, "Reader"))
    wait_until_joined(watcher, "Reader")
    echo = watcher.say_and_hear("hello 👋🏽")
    line = reader.out.wait_for("hello")
    assert line.string == f"[{echo['timestamp'][11:19]}] Watcher: hello 👋🏽"


def test_the_history_is_printed_first(room: Server, tended: Tend) -> None:
    watcher = room.join("Watcher")
    for content in ("one", "two"):
        watcher.say_and_hear(content)
    reader = tended(client(room, "Reader"))
    wait_until_joined(watcher, "Reader")
    watcher.say_and_hear("three")
    reader.out.wait_for("three")
    shown = [line.split(": ", 1)[1] for line in reader.out.lines if "Watcher: " in line]
    assert shown == ["one", "two", "three"]


def test_joins_and_leaves_are_printed(room: Server, tended: Tend) -> None:
    watcher = room.join("Watcher")
    reader = tended(client(room, "Reader"))
    wait_until_joined(watcher, "Reader")
    with room.connect() as guest:
        guest.join(username="Guest")
        reader.out.wait_for("Guest joined the chat")
    reader.out.wait_for("Guest left the chat")


def test_nothing_that_others_say_moves_the_terminal(start_first_server: Start, tended: Tend) -> None:
    """The first Decentra passes everything on, so the client must not."""
    room = start_first_server()
    watcher = room.join("Watcher\x1b[2J\r")
    reader = tended(client(room, "Reader"))
    wait_until_joined(watcher, "Reader")
    watcher.say_and_hear("a\x1b]0;owned\x07b\x9b31mc\rd\x00e\x7f")
    watcher.say_and_hear("the end")
    reader.out.wait_for("the end")
    printed = "".join(reader.out.lines)
    assert [c for c in printed if ord(c) < 32 or 127 <= ord(c) < 160] == []


def test_a_server_that_is_not_there_is_one_clear_sentence(tended: Tend) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    place = {"SERVER_HOST": "127.0.0.1", "SERVER_PORT": str(port)}
    bot = tended(Program([binary("DECENTRA_BIN", "decentra"), "Bot"], place))
    bot.end_input()
    assert bot.exit_code() == 1
    said = bot.err.whole()
    assert len(said.splitlines()) == 1, said
    assert f"127.0.0.1:{port}" in said, said


def test_the_server_can_be_named_by_its_address(room: Server, tended: Tend) -> None:
    watcher = room.join("Watcher")
    bot = tended(Program([binary("DECENTRA_BIN", "decentra"), "--server", room.url, "Bot"]))
    bot.end_input()
    wait_until_joined(watcher, "Bot")
    assert bot.exit_code() == 0


def test_what_was_piped_while_the_server_was_away_is_said_once(start_room: Start, tended: Tend) -> None:
    room = start_room()
    watcher = room.join("Watcher")
    bot = tended(client(room, "Bot"))
    bot.write("before\n")
    wait_until_joined(watcher, "Bot")
    assert watcher.next()["content"] == "before"
    bot.out.wait_for("before")
    room.stop()
    bot.write("meanwhile 1\nmeanwhile 2\n")
    bot.end_input()
    again = start_room(port=room.port)
    assert bot.exit_code() == 0
    since = [content for content in again.history() if content != "before"]
    assert since == ["meanwhile 1", "meanwhile 2"]


def test_a_kill_in_the_middle_loses_and_doubles_nothing(start_server: StartServer, tended: Tend) -> None:
    """Ours knows a message that is sent again by its nonce, so this holds whatever was on its way."""
    room = start_server("--rate-limits", "off")
    watcher = room.join("Watcher")
    bot = tended(client(room, "Bot"))
    lines = [f"line {number}" for number in range(90)]
    bot.write("\n".join(lines) + "\n")
    wait_until_joined(watcher, "Bot")
    assert watcher.next()["content"] == "line 0"
    room.stop(signal.SIGKILL)
    bot.end_input()
    again = start_server("--rate-limits", "off", port=room.port)
    assert bot.exit_code() == 0
    assert again.history() == lines
