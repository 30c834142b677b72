"""What the one port answers besides the lobby (DESIGN 2.2)."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable

from conftest import StartServer
from first_client import DEADLINE
from programs import Program, Server, binary

Tend = Callable[[Program], Program]

# Whatever proxy the environment names is not meant for this machine's own address.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get(server: Server, path: str, **headers: str) -> tuple[int, str]:
    """The status and the body; in the names of `headers`, `_` stands for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers=named)
    try:
        with opener.open(request, timeout=DEADLINE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_front_page_tells_how_to_join(server: Server) -> None:
    status, page = get(server, "/")
    assert status == 200
    assert "<html" in page and "decentra" in page


def test_it_is_alive_and_ready(server: Server) -> None:
    assert get(server, "/healthz")[0] == 200
    assert get(server, "/readyz")[0] == 200


def test_metrics_are_for_this_machine(server: Server) -> None:
    server.join("Ana").say_and_hear("counted")
    status, metrics = get(server, "/metrics")
    assert status == 200
    assert "# TYPE decentra_" in metrics and metrics.endswith("# EOF\n")
    for header in ("X_Forwarded_For", "Forwarded"):
        status, text = get(server, "/metrics", **{header: "203.0.113.7"})
        assert status == 403 and "decentra_" not in text


def test_metrics_for_who_has_the_token(start_server: StartServer) -> None:
    server = start_server("--metrics-token", "sesame")
    assert get(server, "/metrics", Authorization="Bearer sesame", X_Forwarded_For="203.0.113.7")[0] == 200
    assert get(server, "/metrics", Authorization="Bearer sesam")[0] == 403
    assert get(server, "/metrics")[0] == 403


def test_what_is_not_there_is_not_found(server: Server) -> None:
    assert get(server, "/healthz/more")[0] == 404


def test_health_asks_the_server_of_this_machine(server: Server, tended: Tend) -> None:
    def ask() -> Program:
        listen = f"127.0.0.1:{server.port}"
        program = tended(
            Program([binary("DECENTRA_SERVER_BIN", "decentra-server"), "health", "--listen", listen])
        )
        program.exit_code()
        return program

    assert ask().exit_code() == 0
    assert server.stop() == 0
    after = ask()
    assert after.exit_code() == 1
    assert f"127.0.0.1:{server.port}" in after.err.whole()
