"""schemathesis calls all that the OpenAPI document tells of, with what it may and may not take."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from programs import Server, decentra_server

# What would end the account that calls, or the guild it calls about, and with that the test of all the rest.
SPARED = ["/auth/logout", "/auth/sessions/logout", "/users/@me/delete", "/guilds/{guild_id}/delete"]

# Examples for each operation; together with the document's own edges that is some thousands of calls.
EXAMPLES = 12

# The seed makes a failure come again.
SEED = 20261123


def call(server: Server, path: str, body: object | None = None, token: str = "") -> dict[str, object]:
    """What the API answers, which must be well."""
    headers = {"Content-Type": "application/json", **({"Authorization": token} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    url = f"http://127.0.0.1:{server.port}/api/v10{path}"
    request = urllib.request.Request(url, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.fixture
def server(tended, tmp_path: Path) -> Server:  # type: ignore[no-untyped-def]
    options = ("--registration", "open", "--rate-limits", "off")
    return tended(decentra_server(tmp_path / "data", *options))


def test_no_call_breaks_the_server_and_every_status_is_told(server: Server, tmp_path: Path) -> None:
    account = call(server, "/auth/register", {"username": "schema", "password": "a long password"})
    token = str(account["token"])
    call(server, "/guilds", {"name": "schema"}, token)
    document = call(server, "/openapi.json")
    base = f"http://127.0.0.1:{server.port}/api/v10"
    spared = [option for path in SPARED for option in ("--exclude-path", path)]
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{base}/openapi.json", "--url", base),
        *("--checks", "not_a_server_error,status_code_conformance,content_type_conformance"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", str(EXAMPLES), "--seed", str(SEED)),
        *("--generation-database", "none", "--header", f"Authorization: {token}", "--suppress-health-check", "all"),
        *spared,
    ]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=600, check=False)
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    print(run.stdout[-1500:])
    assert len(document["paths"]) > 60  # type: ignore[arg-type]
    assert call(server, "/users/@me", token=token)["id"] == account["user_id"], "the server is well after all that"
