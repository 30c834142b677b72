"""What is done to channels and their overwrites."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, Self

from action import (
    Action,
    Request,
    Scene,
    one_of,
    pick_actor,
    pick_channel,
    pick_permissions,
    unconnected,
    unique_name,
)
from guild import (
    CATEGORY,
    OF_MEMBER,
    OF_ROLE,
    TEXT,
    VOICE,
    Channel,
    Guild,
    Overwrite,
    channel_from,
    overwrites_body,
)
from messages import InChannel
from oracle import above_member, above_role, channel_permissions, guild_permissions
from permission import NONE, Permission
from verdict import ALLOWED, OPEN, REFUSED, Verdict, in_channel, in_guild, when

Overwrites = dict[str, Overwrite]

# The bits that decide something here, and mean something in a channel.
OVERWRITABLE = [
    Permission.VIEW_CHANNEL,
    Permission.SEND_MESSAGES,
    Permission.READ_MESSAGE_HISTORY,
    Permission.ADD_REACTIONS,
    Permission.MANAGE_MESSAGES,
    Permission.PIN_MESSAGES,
    Permission.MANAGE_CHANNELS,
    Permission.MANAGE_ROLES,
    Permission.CREATE_INSTANT_INVITE,
    Permission.CONNECT,
]


@dataclass(frozen=True)
class CreateChannel(Action):
    kind: int
    name: str
    parent: str | None
    # None: not said in the request.
    overwrites: Overwrites | None

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        kind = dice.choice([TEXT, TEXT, TEXT, VOICE, CATEGORY])
        actor = pick_actor(dice, scene)
        overwrites = pick_overwrites(dice, scene.guild, 2) or None
        parent = pick_parent(dice, scene.guild, actor, kind)
        return cls(actor, kind, unique_name(dice, "place"), parent, overwrites)

    def request(self, guild: Guild) -> Request:
        body: dict[str, Any] = {"name": self.name, "type": self.kind}
        if self.parent:
            body["parent_id"] = self.parent
        if self.overwrites is not None:
            body["permission_overwrites"] = overwrites_body(self.overwrites)
        return Request("POST", f"/guilds/{guild.id}/channels", body)

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_guild(guild, self.actor, Permission.MANAGE_CHANNELS)
        if self.actor not in guild.members:
            return verdict
        return self._beneath(guild, verdict) & self._with_overwrites(guild)

    def _beneath(self, guild: Guild, verdict: Verdict) -> Verdict:
        """Whether the guild or the category is asked, is not said: where they differ, both are right."""
        if self.parent is None:
            return verdict
        there = channel_permissions(guild, self.actor, guild.channels[self.parent])
        return verdict if verdict == when(Permission.MANAGE_CHANNELS in there) else OPEN

    def _with_overwrites(self, guild: Guild) -> Verdict:
        own = guild_permissions(guild, self.actor)
        if not self.overwrites or Permission.ADMINISTRATOR in own:
            return ALLOWED
        bits = all_bits(self.overwrites)
        if bits & ~own:
            return REFUSED
        # "Setting MANAGE_ROLES in channels is only possible for administrators"; elsewhere, for more.
        return ALLOWED if Permission.MANAGE_ROLES in own & ~bits else OPEN

    def apply(self, guild: Guild, body: Any) -> None:
        channel = channel_from(body)
        assert (channel.kind, channel.name, channel.parent) == (self.kind, self.name, self.parent), body
        # What a new channel takes over from its category when nothing is asked for, is not said.
        assert self.overwrites is None or channel.overwrites == self.overwrites, body
        guild.channels[channel.id] = channel


@dataclass(frozen=True)
class OnChannel(InChannel):
    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        channel = pick_channel(dice, scene)
        return cls(pick_actor(dice, scene), channel.id) if channel else None

    def path(self) -> str:
        return f"/channels/{self.channel}"


@dataclass(frozen=True)
class RenameChannel(OnChannel):
    name: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        channel = pick_channel(dice, scene)
        return cls(pick_actor(dice, scene), channel.id, unique_name(dice, "place")) if channel else None

    def request(self, guild: Guild) -> Request:
        return Request("PATCH", self.path(), {"name": self.name})

    def verdict(self, guild: Guild) -> Verdict:
        return in_channel(guild, self.actor, self.channel, Permission.MANAGE_CHANNELS)

    def apply(self, guild: Guild, body: Any) -> None:
        assert body["name"] == self.name, body
        self.where(guild).name = self.name


@dataclass(frozen=True)
class MoveChannel(OnChannel):
    parent: str | None

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        channel = pick_channel(dice, scene, TEXT, VOICE)
        if not channel:
            return None
        actor = pick_actor(dice, scene)
        return cls(actor, channel.id, pick_parent(dice, scene.guild, actor, channel.kind))

    def request(self, guild: Guild) -> Request:
        return Request("PATCH", self.path(), {"parent_id": self.parent})

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_channel(guild, self.actor, self.channel, Permission.MANAGE_CHANNELS)
        if self.actor not in guild.members:
            return verdict
        there = guild_permissions(guild, self.actor)
        if self.parent:
            there = channel_permissions(guild, self.actor, guild.channels[self.parent])
        return verdict.open_if(Permission.MANAGE_CHANNELS not in there)

    def apply(self, guild: Guild, body: Any) -> None:
        assert body["parent_id"] == self.parent, body
        self.where(guild).parent = self.parent
        # Whether a channel that moves takes over the category's overwrites, is not said.
        self.where(guild).overwrites = channel_from(body).overwrites


@dataclass(frozen=True)
class DeleteChannel(OnChannel):
    def request(self, guild: Guild) -> Request:
        return Request("DELETE", self.path())

    def verdict(self, guild: Guild) -> Verdict:
        return in_channel(guild, self.actor, self.channel, Permission.MANAGE_CHANNELS)

    def apply(self, guild: Guild, body: Any) -> None:
        for child in guild.children(self.channel):
            child.parent = None
        del guild.channels[self.channel]
        for invite in [one for one in guild.invites.values() if one.channel == self.channel]:
            del guild.invites[invite.code]


@dataclass(frozen=True)
class RewriteChannel(OnChannel):
    """A new name and new overwrites at once: those who lose the channel must not learn the name."""

    name: str
    overwrites: Overwrites

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        channel = pick_channel(dice, scene)
        if not channel:
            return None
        overwrites = pick_overwrites(dice, scene.guild, 3)
        return cls(pick_actor(dice, scene), channel.id, unique_name(dice, "place"), overwrites)

    def request(self, guild: Guild) -> Request:
        body = {"name": self.name, "permission_overwrites": overwrites_body(self.overwrites)}
        return Request("PATCH", self.path(), body)

    def verdict(self, guild: Guild) -> Verdict:
        needed = Permission.MANAGE_CHANNELS | Permission.MANAGE_ROLES
        verdict = in_channel(guild, self.actor, self.channel, needed)
        return verdict.open_if(Permission.ADMINISTRATOR not in guild_permissions(guild, self.actor))

    def apply(self, guild: Guild, body: Any) -> None:
        channel = self.where(guild)
        channel.name = self.name
        set_overwrites(guild, channel, self.overwrites)


@dataclass(frozen=True)
class PutOverwrite(OnChannel):
    target: str
    overwrite: Overwrite

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        channel = pick_channel(dice, scene)
        if not channel:
            return None
        target, overwrite = pick_overwrite(dice, scene.guild)
        return cls(pick_actor(dice, scene), channel.id, target, overwrite)

    def request(self, guild: Guild) -> Request:
        body = overwrites_body({self.target: self.overwrite})[0]
        return Request("PUT", f"{self.path()}/permissions/{self.target}", body)

    def verdict(self, guild: Guild) -> Verdict:
        new = {**self.where(guild).overwrites, self.target: self.overwrite}
        stated = self.overwrite.allow | self.overwrite.deny
        return may_overwrite(guild, self.actor, self.where(guild), new, stated, self.target)

    def apply(self, guild: Guild, body: Any) -> None:
        channel = self.where(guild)
        set_overwrites(guild, channel, {**channel.overwrites, self.target: self.overwrite})


@dataclass(frozen=True)
class DeleteOverwrite(OnChannel):
    target: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        channel = pick_channel(dice, scene)
        target = channel and one_of(dice, sorted(living(scene.guild, channel.overwrites)))
        return cls(pick_actor(dice, scene), channel.id, target) if channel and target else None

    def request(self, guild: Guild) -> Request:
        return Request("DELETE", f"{self.path()}/permissions/{self.target}")

    def verdict(self, guild: Guild) -> Verdict:
        return may_overwrite(guild, self.actor, self.where(guild), self._left(guild), NONE, self.target)

    def apply(self, guild: Guild, body: Any) -> None:
        set_overwrites(guild, self.where(guild), self._left(guild))

    def _left(self, guild: Guild) -> Overwrites:
        return {target: one for target, one in self.where(guild).overwrites.items() if target != self.target}


def may_overwrite(
    guild: Guild, user: str, channel: Channel, new: Overwrites, stated: Permission, target: str
) -> Verdict:
    """Whether `user` may make `new` the overwrites of `channel`, asking for `stated` to `target`.

    The contract: only bits that one has in the channel. The documentation: only bits that one has in the
    guild or the category, or any with an overwrite that allows MANAGE_ROLES. Where they differ, both will do.
    """
    verdict = in_channel(guild, user, channel.id, Permission.MANAGE_ROLES)
    if not verdict.may_succeed or Permission.ADMINISTRATOR in guild_permissions(guild, user):
        return verdict
    here, elsewhere = channel_permissions(guild, user, channel), around(guild, user, channel)
    added = added_bits(channel.overwrites, new)
    if added & ~here and added & ~elsewhere and not granted_here(guild, user, channel):
        return REFUSED
    bits = stated | changed_bits(channel.overwrites, new)
    certain = not bits & ~here and not bits & ~elsewhere and Permission.MANAGE_ROLES not in bits
    certain = certain and is_below(guild, user, target) and not unconnected(guild, user, channel)
    return verdict.open_if(not certain)


def around(guild: Guild, user: str, channel: Channel) -> Permission:
    """What `user` may do in the guild or in the category of `channel`."""
    permissions = guild_permissions(guild, user)
    if channel.parent:
        permissions |= channel_permissions(guild, user, guild.channels[channel.parent])
    return permissions


def is_below(guild: Guild, user: str, target: str) -> bool:
    """Whether hierarchy surely allows it; whether it matters for overwrites, is not said."""
    if target in guild.roles:
        return target == guild.id or above_role(guild, user, target) is True
    return target == user or above_member(guild, user, target) is True


def granted_here(guild: Guild, user: str, channel: Channel) -> bool:
    """Whether an overwrite of the channel, not a role, lets `user` manage its overwrites."""
    mine = guild.members[user].roles | {user, guild.id}
    granted = [one.allow for target, one in channel.overwrites.items() if target in mine]
    return any(Permission.MANAGE_ROLES in allow for allow in granted)


def set_overwrites(guild: Guild, channel: Channel, new: Overwrites) -> None:
    """Gives `channel` new overwrites, and to the channels synced with it ("Permission Syncing")."""
    if channel.kind == CATEGORY:
        old = living(guild, channel.overwrites)
        for child in guild.children(channel.id):
            if living(guild, child.overwrites) == old:
                child.overwrites = dict(new)
    channel.overwrites = dict(new)


def living(guild: Guild, overwrites: Overwrites) -> Overwrites:
    """Those whose role or member is still there; when the others are dropped, is not said."""
    alive = guild.roles.keys() | guild.members.keys()
    return {target: one for target, one in overwrites.items() if target in alive}


def changed_bits(old: Overwrites, new: Overwrites) -> Permission:
    bits = NONE
    for target in {*old, *new}:
        before, after = old.get(target, NOTHING), new.get(target, NOTHING)
        bits |= (before.allow ^ after.allow) | (before.deny ^ after.deny)
    return bits


def added_bits(old: Overwrites, new: Overwrites) -> Permission:
    bits = NONE
    for target, after in new.items():
        before = old.get(target, NOTHING)
        bits |= (after.allow & ~before.allow) | (after.deny & ~before.deny)
    return bits


def all_bits(overwrites: Overwrites) -> Permission:
    return changed_bits({}, overwrites)


def pick_overwrites(dice: Random, guild: Guild, most: int) -> Overwrites:
    return dict(pick_overwrite(dice, guild) for _ in range(dice.randint(0, most)))


def pick_overwrite(dice: Random, guild: Guild) -> tuple[str, Overwrite]:
    """Of @everyone, a role or a member; mostly, it decides who sees the channel."""
    roles = [guild.id] if dice.random() < 0.3 else sorted(guild.roles)
    kind = OF_MEMBER if dice.random() < 0.3 else OF_ROLE
    target = dice.choice(sorted(guild.members) if kind == OF_MEMBER else roles)
    allow, deny = [pick_permissions(dice, OVERWRITABLE, 0.15) & ~Permission.VIEW_CHANNEL for _ in range(2)]
    sight = dice.choice([NONE, Permission.VIEW_CHANNEL, Permission.VIEW_CHANNEL])
    if dice.random() < 0.5:
        return target, Overwrite(kind, allow | sight, deny & ~allow)
    return target, Overwrite(kind, allow & ~deny, deny | sight)


def pick_parent(dice: Random, guild: Guild, actor: str, kind: int) -> str | None:
    """A category that the actor sees, or none. (Those that are not seen are for the guesses.)"""
    categories = [one for one in guild.channels.values() if one.kind == CATEGORY]
    seen = [one.id for one in categories if in_channel(guild, actor, one.id).may_succeed]
    return one_of(dice, seen) if kind != CATEGORY and dice.random() < 0.6 else None


NOTHING = Overwrite(OF_ROLE, NONE, NONE)
