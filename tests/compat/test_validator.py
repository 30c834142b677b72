"""`validate.mjs` lets pass what fits Discord's description, and names what does not."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from first_client import DEADLINE

HERE = Path(__file__).parent

ANA = {
    "id": "1420070400000000001",
    "username": "ana",
    "discriminator": "0",
    "global_name": None,
    "avatar": None,
    "public_flags": 0,
    "flags": 0,
    "primary_guild": None,
}
MESSAGE = {
    "id": "1420070400000000002",
    "channel_id": "1420070400000000003",
    "type": 0,
    "content": "hello",
    "author": ANA,
    "mentions": [],
    "mention_roles": [],
    "mention_everyone": False,
    "attachments": [],
    "embeds": [],
    "components": [],
    "timestamp": "2026-01-31T12:34:56.789000+00:00",
    "edited_timestamp": None,
    "flags": 0,
    "pinned": False,
    "tts": False,
}
MESSAGES = "/api/v10/channels/1420070400000000003/messages"


def answer(method: str, path: str, status: int, body: Any) -> dict[str, Any]:
    return {"method": method, "path": path, "status": status, "body": body}


def check(folder: Path, *answers: dict[str, Any]) -> tuple[int, list[str]]:
    """The validator's exit code, and what it prints about a folder with these answers."""
    (folder / "recorded.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in answers))
    command = ["node", str(HERE / "validate.mjs"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE)
    assert done.stderr == "", done.stderr
    return done.returncode, done.stdout.splitlines()


def test_what_fits_passes(tmp_path: Path) -> None:
    assert check(
        tmp_path,
        answer("GET", f"{MESSAGES}?limit=50", 200, [MESSAGE, MESSAGE]),
        answer("POST", MESSAGES, 200, {**MESSAGE, "a key of ours": 1}),
        answer("GET", "/api/gateway", 200, {"url": "ws://127.0.0.1:8765"}),
        answer("DELETE", f"{MESSAGES}/1420070400000000002", 204, None),
        answer("GET", "/api/v9/users/@me", 401, {"message": "401: Unauthorized", "code": 0}),
    ) == (0, ["5 answers checked against 5 operations, 0 not described, 0 failed"])


def test_what_does_not_fit_is_named_once(tmp_path: Path) -> None:
    many = "/channels/{channel_id}/messages"
    one = f"{many}/{{message_id}}"
    anonymous = {**MESSAGE, "author": {**ANA, "username": None}}
    late = {key: value for key, value in MESSAGE.items() if key != "timestamp"}
    assert check(
        tmp_path,
        answer("GET", MESSAGES, 200, [MESSAGE, anonymous, anonymous]),
        answer("GET", MESSAGES, 200, [anonymous]),
        answer("POST", MESSAGES, 200, late),
        answer("POST", MESSAGES, 201, MESSAGE),
        answer("GET", "/api/v10/users/@me", 404, {"error": "not found"}),
        answer("DELETE", f"{MESSAGES}/1420070400000000002", 204, {}),
    ) == (
        1,
        [
            f"DELETE {one} 204: (body): Invalid input: expected null, received object",
            f"GET {many} 200: [].author.username: Invalid input: expected string, received null",
            "GET /users/@me 404: code: Invalid input: expected number, received undefined",
            "GET /users/@me 404: message: Invalid input: expected string, received undefined",
            f"POST {many} 200: timestamp: Invalid input: expected string, received undefined",
            f"POST {many} 201: the description has no such status",
            "6 answers checked against 4 operations, 0 not described, 6 failed",
        ],
    )


def test_of_a_union_the_branch_that_was_meant_is_judged(tmp_path: Path) -> None:
    id, guild_id = "1420070400000000003", "1420070400000000004"
    text_channel = {"id": id, "type": 0, "guild_id": guild_id, "name": None, "position": 0, "flags": 0}
    code, lines = check(tmp_path, answer("GET", f"/api/v10/channels/{id}", 200, text_channel))
    assert code == 1
    assert "GET /channels/{channel_id} 200: name: Invalid input: expected string, received null" in lines


def test_nothing_to_check_is_a_failure(tmp_path: Path) -> None:
    summary = "0 answers checked against 0 operations, {} not described, 0 failed"
    assert check(tmp_path) == (1, [summary.format(0)])
    registered = answer("POST", "/api/v10/auth/register", 201, {"token": "x", "user_id": "1"})
    assert check(tmp_path, registered) == (1, [summary.format(1)])
    failed = answer("GET", "/api/v10/users/@me", 503, {"message": "Try again in a moment.", "code": 0})
    too_long = answer("GET", "/api/v10/users/@me", 431, None)
    assert check(tmp_path, failed, too_long) == (1, [summary.format(2)])
