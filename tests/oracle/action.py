"""What an account can try to do: the request, what the oracle says of it, and what a success changes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol, Self, TypeVar

from guild import VOICE, Channel, Guild
from oracle import channel_permissions
from permission import NONE, Permission
from verdict import Verdict

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: Any = None


class Scene(Protocol):
    """What chance chooses from when it makes up an action."""

    guild: Guild
    # The channel that everybody always sees; nobody changes it.
    sync: str
    # An invite that nobody deletes.
    door: str

    def is_bot(self, user: str) -> bool: ...
    def everybody(self) -> list[str]: ...
    def client_id(self, user: str) -> str: ...


@dataclass(frozen=True)
class Action(ABC):
    actor: str

    @classmethod
    @abstractmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        """One made up by chance; None if there is nothing to do it to."""

    @abstractmethod
    def request(self, guild: Guild) -> Request: ...

    @abstractmethod
    def verdict(self, guild: Guild) -> Verdict:
        """What the documentation says, `guild` being as it was before."""

    @abstractmethod
    def apply(self, guild: Guild, body: Any) -> None:
        """Changes the truth as a success does; `body` is the answer."""


def one_of(dice: Random, choices: list[T]) -> T | None:
    return dice.choice(choices) if choices else None


def pick_actor(dice: Random, scene: Scene) -> str:
    """Mostly members, often the owner, so that some things work, and now and then a stranger."""
    if dice.random() < 0.25:
        return scene.guild.owner
    members = sorted(scene.guild.members)
    return dice.choice(members if dice.random() < 0.9 else scene.everybody())


def pick_channel(dice: Random, scene: Scene, *kinds: int) -> Channel | None:
    """Any channel that actions may change, seen by the actor or not."""
    channels = [one for one in scene.guild.channels.values() if one.id != scene.sync]
    return one_of(dice, [one for one in channels if not kinds or one.kind in kinds])


def pick_permissions(dice: Random, pool: list[Permission], chance: float) -> Permission:
    chosen = NONE
    for permission in pool:
        if dice.random() < chance:
            chosen |= permission
    return chosen


def unique_name(dice: Random, prefix: str) -> str:
    """Found nowhere else, so that it gives away where it came from."""
    return f"{prefix}-{dice.getrandbits(48):012x}"


def unconnected(guild: Guild, user: str, channel: Channel) -> bool:
    """In a voice channel without CONNECT, which denies "other permissions such as MANAGE_CHANNEL"."""
    permissions = channel_permissions(guild, user, channel)
    return channel.kind == VOICE and Permission.CONNECT not in permissions
