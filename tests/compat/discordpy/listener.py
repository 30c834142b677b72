"""The client of discord.py, which writes down what it is told."""

from __future__ import annotations

import os
import traceback
from typing import Any

import discord
from journal import Journal


class Listener(discord.Client):
    """Fills :attr:`journal`.

    The library changes the objects that it keeps, so what may change is taken down as well.
    """

    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        super().__init__(intents=intents)
        self.journal = Journal()

    async def on_ready(self) -> None:
        self.journal.add("ready")

    async def on_resumed(self) -> None:
        self.journal.add("resumed")

    async def on_socket_event_type(self, name: str) -> None:
        # `on_ready` waits for the guilds first; each READY of the gateway is told here, at once.
        self.journal.add("gateway", name)

    async def on_message(self, message: discord.Message) -> None:
        self.journal.add("message", message)

    async def on_message_edit(self, before: discord.Message, after: discord.Message) -> None:
        self.journal.add("message_edit", after, after.content)

    async def on_reaction_add(self, reaction: discord.Reaction, user: discord.abc.User) -> None:
        self.journal.add("reaction_add", reaction, user)

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        self.journal.add("channel_update", after)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.journal.add("channel_delete", channel)

    async def on_guild_role_create(self, role: discord.Role) -> None:
        self.journal.add("role_create", role)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        self.journal.add("role_update", after, after.name, after.colour)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        self.journal.add("role_delete", role)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        # The library would log what a listener raises, and go on.
        traceback.print_exc()
        os._exit(1)
