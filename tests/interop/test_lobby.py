"""DESIGN 2.3, sentence by sentence: joining, talking, leaving."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from first_client import Frame
from programs import Server


def assert_stamped(frame: Frame) -> None:
    """The timestamp is of now, and of the form that the first Decentra's clients parse."""
    stamp = frame["timestamp"]
    assert len(stamp) == len("2026-01-31T12:34:56.789012") and not stamp.endswith("Z"), stamp
    moment = datetime.fromisoformat(stamp)
    assert moment.tzinfo is None, stamp
    now = datetime.now(UTC).replace(tzinfo=None)
    assert abs(now - moment) < timedelta(minutes=1), f"{stamp} is not now, {now}"


def test_join_is_answered_by_the_history(server: Server) -> None:
    history = server.connect().join(username="Ana")
    assert history["type"] == "history"
    assert history["messages"] == []
    assert history["you"] == "Ana"
    assert history["who"] == {"online": 1, "users": ["Ana"]}


@pytest.mark.parametrize("keys", [{}, {"username": None}])
def test_who_gives_no_name_is_anonymous(server: Server, keys: dict[str, Any]) -> None:
    client = server.connect()
    assert client.join(**keys)["you"] == "Anonymous"
    assert client.say_and_hear("hi")["username"] == "Anonymous"


def test_a_join_is_told_to_the_others_only(server: Server) -> None:
    ana = server.join("Ana")
    ben = server.join("Ben")
    told = ana.next()
    assert (told["type"], told["content"]) == ("system", "Ben joined the chat")
    assert_stamped(told)
    # The first that Ben hears is his own message: of his joining he was told nothing.
    ben.say_and_hear("hello")


def test_a_leave_is_told_to_all(server: Server) -> None:
    others = [server.join(name) for name in ("Ana", "Ben")]
    others[0].next()
    cem = server.join("Cem")
    for other in others:
        assert other.next()["content"] == "Cem joined the chat"
    cem.close()
    for other in others:
        told = other.next()
        assert (told["type"], told["content"]) == ("system", "Cem left the chat")
        assert_stamped(told)


def test_a_client_that_vanishes_has_left(server: Server) -> None:
    ana = server.join("Ana")
    ben = server.join("Ben")
    ana.next()
    ben.socket.close_socket()
    assert ana.next()["content"] == "Ben left the chat"


def test_who_never_joined_does_not_leave(server: Server) -> None:
    ana = server.join("Ana")
    with server.connect() as silent:
        silent.send(type="who")
        silent.next()
    ana.say_and_hear("nothing was told in between")


def test_a_message_is_echoed_to_everyone_with_its_keys(server: Server) -> None:
    ana = server.join("Ana")
    ben = server.join("Ben")
    ana.next()
    ana.say('Grüße 👋🏽 "quoted" \\ and\nmore')
    echoes = [client.next() for client in (ana, ben)]
    assert echoes[0] == echoes[1]
    echo = echoes[0]
    assert (echo["type"], echo["username"]) == ("message", "Ana")
    assert echo["content"] == 'Grüße 👋🏽 "quoted" \\ and\nmore'
    assert_stamped(echo)


def test_everyone_sees_one_order(server: Server) -> None:
    clients = [server.join(name) for name in ("Ana", "Ben", "Cem")]
    for number in range(5):
        for client in clients:
            client.say(str(number))
    heard = [[client.next_message() for _ in range(15)] for client in clients]
    assert heard[0] == heard[1] == heard[2]


def test_unknown_types_and_keys_are_ignored(server: Server) -> None:
    ana = server.connect()
    ana.send(type="dance", with_whom="Ben")
    ana.send(type="join", username="Ana", mood={"deep": [1, 2]})
    assert ana.next()["type"] == "history"
    ana.send(type="dance")
    ana.send(type="message", content="hi", colour="green", priority=7)
    assert ana.next()["content"] == "hi"


def test_a_message_in_pieces_is_one_message(server: Server) -> None:
    ana = server.join("Ana")
    text = json.dumps({"type": "message", "content": "in four pieces: é"}, ensure_ascii=False)
    ana.socket.send([text[:5], text[5:20], "", text[20:]])
    assert ana.next()["content"] == "in four pieces: é"


def test_who_is_answered(server: Server) -> None:
    server.join("zoe")
    ana = server.join("Ana")
    ana.send(type="who")
    answer = ana.next()
    assert (answer["type"], answer["online"], answer["users"]) == ("who", 2, ["Ana", "zoe"])


def test_the_second_of_a_name_gets_a_number_and_is_told(server: Server) -> None:
    first = server.join("Alice")
    second = server.connect()
    assert second.join(username="Alice")["you"] == "Alice-2"
    told = second.next()
    assert told["type"] == "system" and "Alice-2" in told["content"], told
    assert first.next()["content"] == "Alice-2 joined the chat"
    assert second.say_and_hear("hi")["username"] == "Alice-2"


def test_a_name_is_free_again_once_its_guest_has_left(server: Server) -> None:
    watcher = server.join("Watcher")
    with server.connect() as alice:
        alice.join(username="Alice")
        assert watcher.next()["content"] == "Alice joined the chat"
    assert watcher.next()["content"] == "Alice left the chat"
    assert server.connect().join(username="Alice")["you"] == "Alice"
