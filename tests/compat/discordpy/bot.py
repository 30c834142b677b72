"""A bot on discord.py as it comes from PyPI; only the two constants that hold the address are changed.

It takes the steps in order and prints each that it has passed. What the server must have done is asserted on
what the library makes of it, as a bot's author would see it.
"""

from __future__ import annotations

import asyncio
import os

import discord
import yarl
from listener import Listener
from steps import Steps

URL = os.environ["DECENTRA_URL"]

discord.http.Route.BASE = f"{URL}/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(URL.replace("http", "ws", 1))


async def take(steps: Steps) -> None:
    """Takes the steps, until one is not passed; the error says which."""
    for name, step in (
        ("login", steps.login),
        ("receive", steps.receive),
        ("send", steps.send),
        ("edit", steps.edit),
        ("react", steps.react),
        ("reply", steps.reply),
        ("page", steps.page),
        ("direct", steps.direct),
        ("channel", steps.channel_of_its_own),
        ("role", steps.role),
        ("steady", steps.steady),
        ("resume", steps.resume),
        ("survive", steps.survive),
    ):
        try:
            await step()
        except Exception as error:
            error.add_note(f"step {name} failed")
            raise
        print(f"step {name}", flush=True)


async def main() -> None:
    discord.utils.setup_logging()
    async with Listener() as client:
        listening = asyncio.create_task(client.start(os.environ["BOT_TOKEN"]))
        steps = Steps(client, int(os.environ["GUILD_ID"]), int(os.environ["CHANNEL_ID"]))
        taking = asyncio.create_task(take(steps))
        # A client that gives up must not leave the steps to wait for their deadline.
        done, _ = await asyncio.wait({listening, taking}, return_when=asyncio.FIRST_COMPLETED)
        taking.cancel()
        for task in done:
            task.result()
        assert taking in done, "the client ended before the steps did"


if __name__ == "__main__":
    asyncio.run(main())
