"""A bot on discord.py as it comes from PyPI, which tells all that it sees: for `cargo xtask torture crash --bots`.

A line for each thing: `ready` and `resumed`, `told ID TEXT` for each message, `posted ID TEXT` for each that it
posted itself.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import aiohttp
import discord
import yarl

URL = os.environ["DECENTRA_URL"]

# Seconds between two posts.
PAUSE = 0.1

discord.http.Route.BASE = f"{URL}/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(URL.replace("http", "ws", 1))


def tell(*words: object) -> None:
    print(*words, flush=True)


class Witness(discord.Client):
    """Tells of the sessions that its library has, and of the messages."""

    def __init__(self) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.message_content = True
        super().__init__(intents=intents)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Tells of an event at once: until a listener runs, the message may have been edited."""
        if event == "socket_event_type" and args[0] in ("READY", "RESUMED"):
            tell(args[0].lower())
        elif event == "message":
            tell("told", args[0].id, args[0].content)
        super().dispatch(event, *args, **kwargs)


async def post(client: Witness) -> None:
    """Posts now and then; while the server is away, the library says so."""
    await client.wait_until_ready()
    channel = client.get_partial_messageable(int(os.environ["CHANNEL_ID"]))
    nth = 0
    while True:
        nth += 1
        try:
            message = await channel.send(f"py-{nth}")
            tell("posted", message.id, message.content)
        except (aiohttp.ClientError, discord.HTTPException, OSError) as error:
            print(error, file=sys.stderr)
        await asyncio.sleep(PAUSE)


async def main() -> None:
    discord.utils.setup_logging()
    async with Witness() as client:
        posting = asyncio.create_task(post(client))
        listening = asyncio.create_task(client.start(os.environ["BOT_TOKEN"]))
        done, _ = await asyncio.wait({posting, listening}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


if __name__ == "__main__":
    asyncio.run(main())
