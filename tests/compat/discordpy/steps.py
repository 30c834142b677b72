"""What the bot does, step by step (the README has the list)."""

from __future__ import annotations

import re

import discord
from listener import Listener

THUMB = "👍"
BLUE, PINK = discord.Colour(0x3498DB), discord.Colour(0xE91E63)

# How many seconds an outage may last for a bot: the cut, the driver's posts, and the library's pauses.
OUTAGE_DEADLINE = 60.0


class Steps:
    """The steps in their order; each leaves behind what the next ones need."""

    def __init__(self, client: Listener, guild_id: int, channel_id: int) -> None:
        self.client = client
        self.journal = client.journal
        self.guild_id = guild_id
        self.channel_id = channel_id

    async def login(self) -> None:
        await self.journal.until("ready")
        guild = self.client.get_guild(self.guild_id)
        assert guild is not None and not guild.unavailable, "the guild is not in the cache"
        channel = guild.get_channel(self.channel_id)
        assert isinstance(channel, discord.TextChannel), "the channel is not in the cache"
        assert self.client.user is not None
        self.guild, self.channel, self.me = guild, channel, self.client.user

    async def receive(self) -> None:
        def is_ping(message: discord.Message) -> bool:
            return message.channel == self.channel and message.content == "ping"

        (self.ping,) = await self.journal.until("message", is_ping)
        assert not self.ping.author.bot
        assert self.ping.guild == self.guild

    async def send(self) -> None:
        self.pong = await self.channel.send("pong")
        assert re.fullmatch(r"\d{17,20}", str(self.pong.id)), self.pong.id
        assert (self.pong.content, self.pong.author.id) == ("pong", self.me.id)

    async def edit(self) -> None:
        await self.pong.edit(content="pong!")
        edited, _ = await self.journal.until(
            "message_edit", lambda message, content: message.id == self.pong.id and content == "pong!"
        )
        assert edited.edited_at is not None

    async def react(self) -> None:
        await self.ping.add_reaction(THUMB)
        reaction, _ = await self.journal.until(
            "reaction_add",
            lambda reaction, user: reaction.message.id == self.ping.id and user.id == self.me.id,
        )
        assert reaction.emoji == THUMB
        fetched = await self.channel.fetch_message(self.ping.id)
        assert [(one.emoji, one.count, one.me) for one in fetched.reactions] == [(THUMB, 1, True)]

    async def reply(self) -> None:
        answer = await self.ping.reply("a reply")
        reference = answer.reference
        assert reference is not None
        found = (reference.message_id, reference.channel_id, reference.guild_id)
        assert found == (self.ping.id, self.channel_id, self.guild_id), found
        assert isinstance(reference.resolved, discord.Message), reference.resolved
        assert reference.resolved.content == "ping"

    async def page(self) -> None:
        """Reads from both ends: the library pages by `before` one way and by `after` the other."""
        newest_first = [message async for message in self.channel.history(limit=None)]
        oldest_first = [message async for message in self.channel.history(limit=None, oldest_first=True)]
        assert newest_first[::-1] == oldest_first, "the two ways differ"
        assert len({message.id for message in oldest_first}) == len(oldest_first), "a message came twice"
        contents = [message.content for message in oldest_first]
        posted = [content for content in contents if content.startswith("history ")]
        assert posted == numbered("history", 120), posted

    async def direct(self) -> None:
        """Is written to by someone in private, answers, and writes to them by itself."""
        (whisper,) = await self.journal.until("message", lambda message: message.content == "psst")
        assert isinstance(whisper.channel, discord.DMChannel), whisper.channel
        assert whisper.guild is None
        answer = await whisper.reply("psst yourself")
        assert answer.channel.id == whisper.channel.id
        written = await whisper.author.send("and by myself")
        assert written.channel.id == whisper.channel.id, "there is one channel for the two"
        await self.journal.until("message", lambda message: message.id == written.id)
        contents = [message.content async for message in whisper.channel.history()]
        assert contents == ["and by myself", "psst yourself", "psst"], contents

    async def channel_of_its_own(self) -> None:
        made = await self.guild.create_text_channel("made-by-bot")
        assert made.name == "made-by-bot"
        await made.edit(topic="a topic")
        await self.journal.until(
            "channel_update", lambda channel: channel == made and channel.topic == "a topic"
        )
        await made.delete()
        await self.journal.until("channel_delete", lambda channel: channel == made)

    async def role(self) -> None:
        made = await self.guild.create_role(name="made-by-bot", colour=BLUE)
        assert made.colour == BLUE, made.colour
        await self.journal.until("role_create", lambda role: role == made)
        await made.edit(name="edited-by-bot", colour=PINK)
        _, _, colour = await self.journal.until(
            "role_update", lambda role, name, colour: role == made and name == "edited-by-bot"
        )
        assert colour == PINK, colour

        me = await self.guild.fetch_member(self.me.id)
        await me.add_roles(made)
        assert made in (await self.guild.fetch_member(self.me.id)).roles, "the role was not given"
        await me.remove_roles(made)
        assert made not in (await self.guild.fetch_member(self.me.id)).roles, "the role was not taken away"
        await made.delete()
        await self.journal.until("role_delete", lambda role: role == made)

    async def steady(self) -> None:
        """Nothing to do: once this is printed, the driver begins to cut."""

    async def resume(self) -> None:
        await self._outage(1, numbered("missed", 5))

    async def survive(self) -> None:
        await self._outage(2, numbered("missed", 5) + numbered("after", 3))

    async def _outage(self, resumes: int, posted: list[str]) -> None:
        """Sees all that was posted since the first cut, in order, once, and still in the first session."""

        def has_resumed() -> bool:
            return len(self.journal.all("resumed")) >= resumes

        await self.journal.until("message", lambda message: message.content == posted[-1], OUTAGE_DEADLINE)
        await self.journal.until("resumed", has_resumed, OUTAGE_DEADLINE)
        # The channel's events come in order, so whatever was repeated lies before this message.
        mark = await self.channel.send("seen")
        await self.journal.until("message", lambda message: message.id == mark.id)
        heard = [message.content for (message,) in self.journal.all("message")]
        found = [content for content in heard if content.startswith(("missed ", "after "))]
        assert found == posted, found
        readies = self.journal.all("gateway").count(("READY",))
        assert readies == 1, f"READY came {readies} times: the session was lost"


def numbered(word: str, count: int) -> list[str]:
    return [f"{word} {number}" for number in range(1, count + 1)]
