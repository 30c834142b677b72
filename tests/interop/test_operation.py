"""What whoever runs the server relies on: starting, stopping, settings, and errors that say what to do."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import StartServer
from programs import Program, Server, binary, decentra_server

Tend = Callable[[Program], Program]


def server_command(*arguments: str) -> list[str]:
    return [binary("DECENTRA_SERVER_BIN", "decentra-server"), *arguments]


def assert_fails(program: Program, *words: str) -> None:
    """It exits with 1 and one sentence, which holds `words`; no panic, no backtrace."""
    assert program.exit_code() == 1
    last = program.err.whole().splitlines()[-1]
    assert last.startswith("decentra-server: "), last
    for word in words:
        assert word in last, last
    assert "panicked" not in program.err.whole()


def test_a_start_tells_where_to_go_how_to_join_and_where_the_data_lies(
    start_server: StartServer, data_dir: Path
) -> None:
    server = start_server("--name", "Kitchen")
    assert server.stop() == 0
    said = server.out.whole()
    for word in (
        "Kitchen",
        f"http://127.0.0.1:{server.port}",
        f"decentra --server {server.url}",
        str(data_dir),
    ):
        assert word in said, said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_tells_the_clients_and_exits_with_0(server: Server, how: signal.Signals) -> None:
    clients = [server.join("Ana"), server.join("Ben")]
    clients[0].next()
    server.process.send_signal(how)
    assert [client.close_code() for client in clients] == [1001, 1001]
    assert server.exit_code() == 0


def test_a_client_that_does_not_listen_holds_up_no_stop(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as half:
        half.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nupgr")
        assert server.stop() == 0


def test_a_port_in_use(tended: Tend, data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        command = server_command("--listen", address, "--data-dir", str(data_dir))
        assert_fails(tended(Program(command)), f"cannot listen on {address}", "--listen")


def test_a_data_folder_in_use(server: Server, tended: Tend, data_dir: Path) -> None:
    command = server_command("--listen", "127.0.0.1:0", "--data-dir", str(data_dir))
    assert_fails(tended(Program(command)), "another server", str(data_dir))
    server.join("Ana").say_and_hear("undisturbed")


def powerless() -> list[str]:
    """For root, to whom no folder is read-only: a command that runs another without that privilege."""
    if os.getuid() != 0:
        return []
    return ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.parametrize("used_before", [False, True])
def test_a_data_folder_that_is_read_only(tended: Tend, data_dir: Path, used_before: bool) -> None:
    if used_before:
        assert tended(decentra_server(data_dir)).stop() == 0
    else:
        data_dir.mkdir()
    modes = {path: path.stat().st_mode for path in [*data_dir.iterdir(), data_dir]}
    for path in modes:
        path.chmod(0o500 if path.is_dir() else 0o400)
    command = server_command("--listen", "127.0.0.1:0", "--data-dir", str(data_dir))
    assert_fails(tended(Program([*powerless(), *command])), str(data_dir))
    for path, mode in modes.items():
        path.chmod(mode)


def test_data_of_a_newer_version_is_left_alone(tended: Tend, data_dir: Path) -> None:
    assert tended(decentra_server(data_dir)).stop() == 0
    database = data_dir / "decentra.db"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    before = database.read_bytes()
    command = server_command("--listen", "127.0.0.1:0", "--data-dir", str(data_dir))
    assert_fails(tended(Program(command)), "newer", "9999")
    assert database.read_bytes() == before


def test_data_that_is_no_database(tended: Tend, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "decentra.db").write_bytes(b"this was never a database" * 1000)
    command = server_command("--listen", "127.0.0.1:0", "--data-dir", str(data_dir))
    assert_fails(tended(Program(command)), "database")


@pytest.mark.parametrize(
    "arguments", [["--listen", "nowhere"], ["--guests", "maybe"], ["--no-such-flag"], ["dance"]]
)
def test_wrong_usage_exits_with_2(tended: Tend, arguments: list[str]) -> None:
    program = tended(Program(server_command(*arguments)))
    assert program.exit_code() == 2
    assert arguments[-1] in program.err.whole()


def settings(
    tended: Tend, *arguments: str, environment: Mapping[str, str] | None = None
) -> dict[str, object]:
    """What `check-config` prints, which is in the form of a configuration file."""
    program = tended(Program(server_command("check-config", *arguments), environment))
    assert program.exit_code() == 0, program.err.whole()
    return tomllib.loads(program.out.whole())


def test_the_defaults(tended: Tend) -> None:
    found = settings(tended)
    assert (found["listen"], found["data_dir"], found["name"]) == ("0.0.0.0:8765", "./data", "Decentra")
    assert (found["guests"], found["rate_limits"]) == ("on", "on")


def test_a_flag_wins_over_a_variable_and_a_variable_over_the_file(tended: Tend, tmp_path: Path) -> None:
    file = tmp_path / "decentra.toml"
    file.write_text('name = "file"\ndata_dir = "/file"\nlisten = "127.0.0.1:1"\nguests = "off"\n')
    variables = {
        "DECENTRA_CONFIG": str(file),
        "DECENTRA_DATA_DIR": "/variable",
        "DECENTRA_LISTEN": "127.0.0.1:2",
    }
    found = settings(tended, "--listen", "127.0.0.1:3", environment=variables)
    assert (found["name"], found["guests"]) == ("file", "off")
    assert found["data_dir"] == "/variable"
    assert found["listen"] == "127.0.0.1:3"
    assert found["rate_limits"] == "on"


def test_every_setting_has_a_variable_and_what_is_printed_can_be_read_again(
    tended: Tend, tmp_path: Path
) -> None:
    wanted = {
        "listen": "127.0.0.1:9",
        "data_dir": "/srv/chat",
        "name": "Kitchen",
        "guests": "off",
        "rate_limits": "off",
        "connections_max": 7,
        "connections_per_address": 0,
        "log_format": "json",
    }
    variables = {f"DECENTRA_{key.upper()}": str(value) for key, value in wanted.items()}
    variables["DECENTRA_TRUSTED_PROXIES"] = "10.0.0.0/8,::1"
    found = settings(tended, environment=variables)
    assert {key: found[key] for key in wanted} == wanted
    assert found["trusted_proxies"] == ["10.0.0.0/8", "::1/128"]
    file = tmp_path / "printed.toml"
    file.write_text(tended(Program(server_command("check-config"), variables)).out.whole())
    assert settings(tended, "--config", str(file)) == found


def test_a_secret_is_not_printed(tended: Tend) -> None:
    program = tended(Program(server_command("check-config", "--metrics-token", "sesame")))
    assert program.exit_code() == 0
    assert "metrics_token" in program.out.whole() and "sesame" not in program.out.whole()


def test_a_slip_in_the_file_is_named(tended: Tend, tmp_path: Path) -> None:
    file = tmp_path / "decentra.toml"
    file.write_text('lissten = "127.0.0.1:1"\n')
    program = tended(Program(server_command("check-config", "--config", str(file))))
    assert program.exit_code() == 1
    assert "lissten" in program.err.whole() and str(file) in program.err.whole()


def test_help_names_the_variable_of_each_setting(tended: Tend) -> None:
    program = tended(Program(server_command("--help")))
    assert program.exit_code() == 0
    for variable in ("DECENTRA_LISTEN", "DECENTRA_DATA_DIR", "DECENTRA_CONFIG", "DECENTRA_GUESTS"):
        assert variable in program.out.whole()


def test_logs_can_be_objects_and_hold_no_text_of_messages(start_server: StartServer) -> None:
    server = start_server("--log-format", "json")
    server.join("Ana").say_and_hear("between us")
    assert server.stop() == 0
    logs = [json.loads(line) for line in server.err.whole().splitlines()]
    assert logs, "nothing was logged"
    assert "between us" not in server.err.whole()
