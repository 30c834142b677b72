"""`docs/compatibility.md` tells what this server serves, and not what an earlier one did."""

from __future__ import annotations

import subprocess
import urllib.request
from contextlib import closing
from pathlib import Path

from first_client import DEADLINE
from programs import decentra_server

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "compatibility.md"


def test_the_page_is_what_the_server_says_of_itself(tmp_path: Path) -> None:
    server = decentra_server(tmp_path / "data")
    document = tmp_path / "openapi.json"
    try:
        address = f"http://127.0.0.1:{server.port}/api/v10/openapi.json"
        with closing(urllib.request.urlopen(address, timeout=DEADLINE)) as answer:
            document.write_bytes(answer.read())
    finally:
        server.clean_up()
    command = ["node", str(HERE / "compatibility.mjs"), str(document)]
    page = subprocess.run(command, capture_output=True, text=True, check=True, timeout=DEADLINE).stdout
    written = PAGE.with_suffix(".new.md")
    if page != PAGE.read_text():
        written.write_text(page)
    assert page == PAGE.read_text(), f"{PAGE} is out of date: {written.name}, beside it, is what it should be"
