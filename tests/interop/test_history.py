"""The newest 100 messages, oldest first, and what they survive."""

from __future__ import annotations

import signal

from conftest import StartServer
from first_client import FirstClient
from programs import Server


def fill(client: FirstClient, count: int) -> list[str]:
    """Says `count` things, and waits for the echo of each, which is the promise that it is stored."""
    said = [f"message {number}" for number in range(count)]
    for content in said:
        client.say_and_hear(content)
    return said


def test_at_most_a_hundred_oldest_first_each_as_it_was_echoed(start_server: StartServer) -> None:
    server = start_server("--rate-limits", "off")
    ana = server.join("Ana")
    echoes = [ana.say_and_hear(f"message {number}") for number in range(105)]
    assert server.connect().join(username="Ben")["messages"] == echoes[5:]


def test_it_survives_a_restart(start_server: StartServer) -> None:
    server = start_server()
    said = fill(server.join("Ana"), 5)
    assert server.stop() == 0
    assert start_server(port=server.port).history() == said


def test_what_was_echoed_survives_a_kill(start_server: StartServer) -> None:
    server = start_server("--rate-limits", "off")
    said = fill(server.join("Ana"), 50)
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    assert start_server(port=server.port).history() == said


def test_joins_and_leaves_are_no_history(server: Server) -> None:
    ana = server.join("Ana")
    with server.connect() as ben:
        ben.join(username="Ben")
        ana.next()
    ana.next()
    assert server.history() == []


def test_the_largest_one_fits_into_what_an_old_client_reads(start_server: StartServer) -> None:
    """Python's `websockets` takes frames of up to 1 MiB, unless told otherwise."""
    server = start_server("--rate-limits", "off")
    ana = server.join("🌻" * 32)
    for _ in range(100):
        ana.say_and_hear("🌻" * 2000)
    assert len(server.history()) == 100


def test_a_message_sent_again_with_its_nonce_is_stored_once(server: Server) -> None:
    ana = server.join("Ana")
    ana.say("once", nonce="n-1")
    first = ana.next()
    ana.say("once", nonce="n-1")
    assert ana.next() == first
    assert server.history() == ["once"]
