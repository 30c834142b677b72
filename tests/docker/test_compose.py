"""`docker compose up --build`, and what a person does then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Lobby, docker, inspect
from terminal import Terminal

Attach = Callable[[str], Terminal]

MEGABYTE = 1_000_000
SERVER_MEGABYTES_MAX = 40
CLIENT_MEGABYTES_MAX = 15


def test_the_images_are_small(lobby: Lobby, capfd: pytest.CaptureFixture[str]) -> None:
    sizes = [int(docker("image", "inspect", "--format", "{{.Size}}", image)) for image in lobby.all[:2]]
    server, client = (size / MEGABYTE for size in sizes)
    with capfd.disabled():
        print(f"\nimages: server {server:.1f} MB, client {client:.1f} MB")
    assert server < SERVER_MEGABYTES_MAX
    assert client < CLIENT_MEGABYTES_MAX


def test_two_terminals_chat(lobby: Lobby, attach: Attach) -> None:
    one, two = attach(lobby.client1), attach(lobby.client2)
    one.wait_for("Client1")
    two.wait_for("Client2")
    one.type("hello from one\r")
    two.wait_for("hello from one")
    two.type("and back\r")
    one.wait_for("and back")
    assert lobby.history()[-2:] == ["hello from one", "and back"]


def test_detaching_leaves_the_client_running(lobby: Lobby, attach: Attach) -> None:
    terminal = attach(lobby.client1)
    with lobby.join() as watcher:
        terminal.type("before I go\r")
        assert watcher.next_message()["content"] == "before I go"
    terminal.detach()
    assert inspect(lobby.client1, ".State.Running") == "true"
    attach(lobby.client1).wait_for("before I go")


def test_a_restart_of_the_server_keeps_what_was_said(lobby: Lobby, attach: Attach) -> None:
    terminal = attach(lobby.client1)
    with lobby.join() as watcher:
        terminal.type("remember this\r")
        assert watcher.next_message()["content"] == "remember this"
    before = lobby.history()
    lobby.compose("restart", "decentra-server")
    lobby.compose("up", "--detach", "--wait", "decentra-server")
    assert lobby.history() == before
    with lobby.join() as watcher:
        terminal.type("and this\r")
        assert watcher.next_message()["content"] == "and this"


def test_the_containers_can_do_no_more_than_they_need(lobby: Lobby) -> None:
    for container in lobby.all:
        assert inspect(container, ".Config.User") == "10001:10001"
        assert inspect(container, ".HostConfig.ReadonlyRootfs") == "true"
        assert inspect(container, ".HostConfig.CapDrop") == "[ALL]"
        assert inspect(container, ".HostConfig.SecurityOpt") == "[no-new-privileges:true]"


def test_a_stop_is_heard(lobby: Lobby) -> None:
    """Last, since it leaves nothing running. Whom SIGTERM ends without being heard, ends with 143."""
    lobby.compose("stop")
    assert inspect(lobby.server, ".State.ExitCode") == "0"
