"""What is wrong is answered with a sentence, and a code for programs; the connection stays usable."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import StartServer
from first_client import Frame
from programs import Server


def assert_refused(frame: Frame, error: str) -> None:
    """A `system` frame with every key that such a frame has, and the code `error`."""
    assert frame["type"] == "system", frame
    assert frame["content"] and frame["timestamp"], frame
    assert frame["error"] == error, frame


@pytest.mark.parametrize(
    "text",
    ["", "hello", '{"type":"message","content":"cut o', "[]", "null", "7", '"join"', "{}", "[" * 10_000],
    ids=lambda text: text[:20] or "empty",
)
def test_what_is_no_json_object_with_a_type(server: Server, text: str) -> None:
    ana = server.join("Ana")
    ana.socket.send(text)
    assert_refused(ana.next(), "bad_frame")
    ana.say_and_hear("still here")


@pytest.mark.parametrize(
    "frame",
    [
        {"type": 1},
        {"type": None},
        {"type": "message"},
        {"type": "message", "content": ["hi"]},
        {"type": "message", "content": 7},
    ],
    ids=json.dumps,
)
def test_keys_of_the_wrong_type(server: Server, frame: dict[str, Any]) -> None:
    ana = server.join("Ana")
    ana.send(**frame)
    assert_refused(ana.next(), "bad_frame")
    ana.say_and_hear("still here")


@pytest.mark.parametrize(
    "content",
    ["", "   ", "\u200b", "x" * 2001, "a\x1b[31mred", "bell\x07", "nul\x00", "\x7f", "\x9b31m"],
    ids=lambda content: repr(content[:12]),
)
def test_a_text_that_cannot_be_posted(server: Server, content: str) -> None:
    ana = server.join("Ana")
    ana.say(content, nonce="n-1")
    refusal = ana.next()
    assert_refused(refusal, "bad_text")
    assert refusal["nonce"] == "n-1"
    ana.say_and_hear("still here")
    assert server.history() == ["still here"]


@pytest.mark.parametrize(
    "name",
    ["", "  ", "\u200b", "x" * 33, "x" * 10_000, "a\nb", "a\x1b[31m", "a\u202eb"],
    ids=lambda name: repr(name[:12]),
)
def test_a_name_that_cannot_be_borne(server: Server, name: str) -> None:
    client = server.connect()
    assert_refused(client.join(username=name), "bad_text")
    assert client.join(username="Ana")["you"] == "Ana"


@pytest.mark.parametrize("size", [40_000, 10_000_000])
def test_a_frame_that_is_too_long(server: Server, size: int) -> None:
    ana = server.join("Ana")
    ana.say("x" * size)
    assert_refused(ana.next(), "too_long")
    ana.say_and_hear("still here")


def test_a_frame_that_is_too_long_before_the_join(server: Server) -> None:
    client = server.connect()
    assert_refused(client.join(username="x" * 10_000_000), "too_long")
    assert client.join(username="Ana")["you"] == "Ana"


def test_pieces_that_are_too_long_together(server: Server) -> None:
    ana = server.join("Ana")
    ana.socket.send("x" * 1_000 for _ in range(1_000))
    assert_refused(ana.next(), "too_long")
    ana.say_and_hear("still here")


def test_the_longest_message_fits_however_it_is_escaped(server: Server) -> None:
    ana = server.join("Ana")
    # 2,000 characters outside the Basic Multilingual Plane: json.dumps makes 12 bytes of each.
    ana.say_and_hear("🌻" * 2_000)


def test_a_binary_frame(server: Server) -> None:
    ana = server.join("Ana")
    ana.socket.send(json.dumps({"type": "message", "content": "hi"}).encode())
    assert_refused(ana.next(), "bad_frame")
    ana.say_and_hear("still here")


def test_text_that_is_not_utf_8_is_told_and_closed(server: Server) -> None:
    ana = server.join("Ana")
    ben = server.join("Ben")
    ana.next()
    ben.socket.send(b'{"type":"message","content":"\xff"}', text=True)
    assert_refused(ben.next(), "bad_frame")
    assert ben.close_code() == 1007
    assert ana.next()["content"] == "Ben left the chat"


def test_a_message_before_the_join(server: Server) -> None:
    client = server.connect()
    client.say("hi", nonce="n-1")
    refusal = client.next()
    assert_refused(refusal, "out_of_order")
    assert refusal["nonce"] == "n-1"
    assert client.join(username="Ana")["messages"] == []


def test_a_second_join(server: Server) -> None:
    ana = server.join("Ana")
    ana.send(type="join", username="Ben")
    assert_refused(ana.next(), "out_of_order")
    assert ana.say_and_hear("still here")["username"] == "Ana"


def test_what_comes_too_fast_is_refused_and_told_when_to_come_back(server: Server) -> None:
    ana = server.join("Ana")
    nonces = [f"n-{number}" for number in range(30)]
    for nonce in nonces:
        ana.say("quick", nonce=nonce)
    answers = [ana.next() for _ in nonces]
    assert sorted(answer["nonce"] for answer in answers) == sorted(nonces)
    taken = [answer for answer in answers if answer["type"] == "message"]
    refused = [answer for answer in answers if answer["type"] != "message"]
    assert len(taken) >= 9 and len(refused) >= 5, f"{len(taken)} taken, {len(refused)} refused"
    for refusal in refused:
        assert_refused(refusal, "too_fast")
        assert 0 < refusal["retry_after_ms"] <= 200
    ana.hears_nothing_for(refused[-1]["retry_after_ms"] / 1000)
    ana.say_and_hear("slower now")
    assert server.history() == ["quick"] * len(taken) + ["slower now"]


def test_one_who_is_too_fast_slows_nobody_else(server: Server) -> None:
    flood, ana = server.join("Flood"), server.join("Ana")
    for _ in range(1_000):
        flood.send(type="dance")
    ana.say_and_hear("as if nothing were")


def test_without_limits_nothing_is_too_fast(start_server: StartServer) -> None:
    ana = start_server("--rate-limits", "off").join("Ana")
    for _ in range(200):
        ana.say("quick")
    assert {ana.next()["type"] for _ in range(200)} == {"message"}


def test_guests_are_not_let_in_where_they_are_not_wanted(start_server: StartServer) -> None:
    client = start_server("--guests", "off").connect()
    assert_refused(client.join(username="Ana"), "refused")
    assert client.close_code() == 4002


def test_a_token_that_is_not_known(server: Server) -> None:
    client = server.connect()
    assert_refused(client.join(username="Ana", token="guess"), "refused")
    assert client.close_code() == 4001


def test_nobody_else_notices(server: Server) -> None:
    """After everything above at once, another pair talks on, and was told nothing but joins and leaves."""
    ana, ben = server.join("Ana"), server.join("Ben")
    assert ana.next()["content"] == "Ben joined the chat"
    with server.connect() as bad:
        for mischief in (b"\x00" * 100, "[" * 10_000, "x" * 100_000, '{"type":"message"}'):
            bad.socket.send(mischief)
            assert_refused(bad.next(), error_of(mischief))
    ana.say("did you hear anything?")
    assert [client.next()["content"] for client in (ana, ben)] == ["did you hear anything?"] * 2


def error_of(mischief: str | bytes) -> str:
    return "too_long" if len(mischief) > 32 * 1024 else "bad_frame"
