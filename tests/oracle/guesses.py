"""Guesses: an id that exists and may not be seen must be answered exactly as one that does not exist."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any
from urllib.parse import quote

from cast import Account
from guild import TEXT, Guild
from messages import EMOJIS
from oracle import visible_channels
from rest import Answer
from verdict import Refusal
from world import World

# Hidden channels that an account tries in one round.
CHANNELS_MAX = 2
UNKNOWN_GUILD, UNKNOWN_CHANNEL = (404, 10004), (404, 10003)


@dataclass(frozen=True)
class Guess:
    method: str
    path: str
    body: Any = None


@dataclass(frozen=True)
class Riddle:
    """A guess about a thing that is hidden, the same about one that is not there, and the right answer."""

    hidden: Guess
    absent: Guess
    # None where the contract only asks for the same answer.
    answer: Refusal | None


class Guesses:
    """Those of one account."""

    def __init__(self, world: World, account: Account, dice: Random, counts: Counter[str]) -> None:
        self._world, self._account, self._dice, self._counts = world, account, dice, counts
        self._taken = every_id(world.guild)

    def check(self) -> list[str]:
        return [fault for riddle in self._riddles() for fault in self._answer(riddle)]

    def _riddles(self) -> Iterator[Riddle]:
        guild, user = self._world.guild, self._account.user
        if user not in guild.members:
            yield from self._pairs(guesses_at_guild, (guild.id, guild.owner), UNKNOWN_GUILD)
            yield from self._pairs(more_guesses_at_guild, (guild.id, guild.owner), None)
        hidden = sorted(guild.channels.keys() - visible_channels(guild, user))
        for channel in self._dice.sample(hidden, min(CHANNELS_MAX, len(hidden))):
            messages = list(guild.channels[channel].messages) or [channel]
            ids = (channel, self._dice.choice(messages))
            yield from self._pairs(guesses_at_channel, (*ids, guild.id), UNKNOWN_CHANNEL)
            yield from self._pairs(more_guesses_at_channel, (*ids, guild.id), None)
            if user in guild.members:
                yield from self._pairs(partial(guesses_at_parent, guild.id), (channel,), None)
                yield from self._across(ids[1])

    def _across(self, message: str) -> Iterator[Riddle]:
        """The message of a hidden channel, asked for in one that is seen."""
        guild, user = self._world.guild, self._account.user
        seen = [one for one in sorted(visible_channels(guild, user)) if guild.channels[one].kind == TEXT]
        make = partial(guesses_at_message, self._dice.choice(seen))
        yield from self._pairs(make, (message,), None)

    def _pairs(self, make: Any, ids: tuple[str, ...], answer: Refusal | None) -> Iterator[Riddle]:
        """The first two ids are exchanged for ones that do not exist; the same for all guesses."""
        ghosts = tuple(self._ghost(id) for id in ids[:2]) + ids[2:]
        for hidden, absent in zip(make(*ids), make(*ghosts), strict=True):
            yield Riddle(hidden, absent, answer)

    def _ghost(self, id: str) -> str:
        """An id of about the same time, that nothing has."""
        while (ghost := str(int(id) ^ self._dice.getrandbits(20))) in self._taken:
            pass
        return ghost

    def _answer(self, riddle: Riddle) -> list[str]:
        self._counts["guesses checked"] += 1
        real, absent = (self._try(guess) for guess in (riddle.hidden, riddle.absent))
        told = f"{self._account.name} guesses {riddle.hidden}"
        if bare(real, riddle.hidden) != bare(absent, riddle.absent):
            return [f"{told}: {real}\nwhere one that does not exist is answered: {absent}"]
        if riddle.answer and (real.status, real.code) != riddle.answer:
            return [f"{told}: {real}, not {riddle.answer}"]
        return []

    def _try(self, guess: Guess) -> Answer:
        return self._account.rest.call(guess.method, guess.path, guess.body)


def bare(answer: Answer, guess: Guess) -> tuple[int, str]:
    """The answer, blind to the ids that were asked for."""
    text = json.dumps(answer.body, sort_keys=True)
    for id in re.findall(r"\d{15,}", f"{guess.path} {json.dumps(guess.body)}"):
        text = text.replace(id, "…")
    return answer.status, text


def every_id(guild: Guild) -> set[str]:
    messages = {id for channel in guild.channels.values() for id in channel.messages}
    return {guild.id} | guild.roles.keys() | guild.members.keys() | guild.channels.keys() | messages


def guesses_at_channel(channel: str, message: str, guild: str) -> list[Guess]:
    path, emoji = f"/channels/{channel}", quote(EMOJIS[0])
    at = f"{path}/messages/{message}"
    return [
        Guess("GET", path),
        Guess("PATCH", path, {"name": "guess"}),
        Guess("DELETE", path),
        Guess("GET", f"{path}/messages"),
        Guess("GET", f"{path}/messages/search?content=words"),
        Guess("POST", f"{path}/messages", {"content": "guess"}),
        Guess("POST", f"{path}/typing"),
        Guess("GET", f"{path}/pins"),
        Guess("GET", f"{path}/messages/pins"),
        Guess("GET", f"{path}/invites"),
        Guess("POST", f"{path}/invites", {}),
        Guess("PUT", f"{path}/permissions/{guild}", {"type": 0, "allow": "0", "deny": "0"}),
        Guess("DELETE", f"{path}/permissions/{guild}"),
        Guess("GET", at),
        Guess("PATCH", at, {"content": "guess"}),
        Guess("DELETE", at),
        Guess("PUT", f"{path}/pins/{message}"),
        Guess("PUT", f"{path}/messages/pins/{message}"),
        Guess("PUT", f"{at}/reactions/{emoji}/@me"),
        Guess("DELETE", f"{at}/reactions/{emoji}/@me"),
        Guess("GET", f"{at}/reactions/{emoji}"),
        Guess("DELETE", f"{at}/reactions"),
    ]


def more_guesses_at_channel(channel: str, message: str, guild: str) -> list[Guess]:
    """Of which the contract asks only that the answers are the same."""
    path = f"/channels/{channel}"
    return [
        Guess("POST", f"{path}/messages/bulk-delete", {"messages": [message, str(int(message) + 1)]}),
        Guess("POST", f"{path}/messages/{message}/ack", {}),
        Guess("GET", f"{path}/webhooks"),
        Guess("POST", f"{path}/threads", {"name": "guess", "type": 11}),
    ]


def guesses_at_message(channel: str, message: str) -> list[Guess]:
    at = f"/channels/{channel}/messages/{message}"
    emoji = quote(EMOJIS[0])
    reply = {"content": "guess", "message_reference": {"message_id": message}}
    return [
        Guess("GET", at),
        Guess("PATCH", at, {"content": "guess"}),
        Guess("DELETE", at),
        Guess("PUT", f"/channels/{channel}/messages/pins/{message}"),
        Guess("PUT", f"{at}/reactions/{emoji}/@me"),
        Guess("GET", f"{at}/reactions/{emoji}"),
        Guess("POST", f"/channels/{channel}/messages", reply),
    ]


def guesses_at_parent(guild: str, channel: str) -> list[Guess]:
    """The hidden channel, named in a request about something else."""
    return [
        Guess("POST", f"/guilds/{guild}/channels", {"name": "guess", "type": 0, "parent_id": channel}),
        Guess("PATCH", f"/guilds/{guild}", {"system_channel_id": channel}),
        Guess("GET", f"/guilds/{guild}/messages/search?content=words&channel_id={channel}"),
    ]


def guesses_at_guild(guild: str, member: str) -> list[Guess]:
    path = f"/guilds/{guild}"
    return [
        Guess("GET", path),
        Guess("GET", f"{path}/channels"),
        Guess("GET", f"{path}/roles"),
        Guess("GET", f"{path}/members/{member}"),
        Guess("GET", f"{path}/messages/search?content=words"),
        Guess("GET", f"{path}/bans"),
        Guess("GET", f"{path}/invites"),
        Guess("GET", f"{path}/audit-logs"),
        Guess("PATCH", path, {"name": "guess"}),
        Guess("DELETE", path),
        Guess("POST", f"{path}/channels", {"name": "guess", "type": 0}),
        Guess("POST", f"{path}/roles", {"name": "guess"}),
        Guess("PATCH", f"{path}/members/{member}", {"nick": "guess"}),
        Guess("DELETE", f"{path}/members/{member}"),
        Guess("PUT", f"{path}/bans/{member}", {}),
        Guess("DELETE", f"{path}/bans/{member}"),
    ]


def more_guesses_at_guild(guild: str, member: str) -> list[Guess]:
    path = f"/guilds/{guild}"
    return [
        Guess("GET", f"{path}/preview"),
        Guess("GET", f"{path}/members?limit=10"),
        Guess("GET", f"{path}/members/search?query=p"),
        Guess("GET", f"{path}/emojis"),
        Guess("GET", f"{path}/webhooks"),
        Guess("GET", f"{path}/threads/active"),
        Guess("DELETE", f"/users/@me/guilds/{guild}"),
    ]
