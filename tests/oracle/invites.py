"""What is done to invites, and to the guild itself."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, Self

from action import Action, Request, Scene, one_of, pick_actor, unconnected, unique_name
from channels import OnChannel
from guild import CATEGORY, Guild, Invite
from oracle import may_view
from permission import Permission
from verdict import MISSING_PERMISSIONS, Verdict, in_channel, in_guild, refused, when

# How it is refused when one does not see the channel, or is no member, is not said.
UNKNOWN_INVITE = refused((404, 10006), (404, 10003), (404, 10004), MISSING_PERMISSIONS)


@dataclass(frozen=True)
class CreateInvite(OnChannel):
    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        channels = [one.id for one in scene.guild.channels.values() if one.kind != CATEGORY]
        return cls(pick_actor(dice, scene), dice.choice(channels))

    def request(self, guild: Guild) -> Request:
        return Request("POST", f"{self.path()}/invites", {"max_age": 0, "unique": True})

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_channel(guild, self.actor, self.channel, Permission.CREATE_INSTANT_INVITE)
        return verdict.open_if(unconnected(guild, self.actor, self.where(guild)))

    def apply(self, guild: Guild, body: Any) -> None:
        guild.invites[body["code"]] = Invite(body["code"], self.channel, self.actor)


@dataclass(frozen=True)
class DeleteInvite(Action):
    code: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        code = one_of(dice, [code for code in scene.guild.invites if code != scene.door])
        return cls(pick_actor(dice, scene), code) if code else None

    def request(self, guild: Guild) -> Request:
        return Request("DELETE", f"/invites/{self.code}")

    def verdict(self, guild: Guild) -> Verdict:
        invite = guild.invites[self.code]
        by_guild = in_guild(guild, self.actor, Permission.MANAGE_GUILD)
        if by_guild.may_succeed:
            return by_guild
        by_channel = in_channel(guild, self.actor, invite.channel, Permission.MANAGE_CHANNELS)
        verdict = by_channel if may_view(guild, self.actor, invite.channel) else UNKNOWN_INVITE
        # Whether one may take back an invite of one's own, is not said.
        return Verdict(True, verdict.refusals) if invite.inviter == self.actor else verdict

    def apply(self, guild: Guild, body: Any) -> None:
        del guild.invites[self.code]


@dataclass(frozen=True)
class RenameGuild(Action):
    name: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        return cls(pick_actor(dice, scene), unique_name(dice, "guild"))

    def request(self, guild: Guild) -> Request:
        return Request("PATCH", f"/guilds/{guild.id}", {"name": self.name})

    def verdict(self, guild: Guild) -> Verdict:
        return in_guild(guild, self.actor, Permission.MANAGE_GUILD)

    def apply(self, guild: Guild, body: Any) -> None:
        guild.name = self.name


@dataclass(frozen=True)
class DeleteGuild(Action):
    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        return cls(dice.choice(sorted(scene.guild.members)))

    def request(self, guild: Guild) -> Request:
        return Request("DELETE", f"/guilds/{guild.id}")

    def verdict(self, guild: Guild) -> Verdict:
        return in_guild(guild, self.actor) & when(self.actor == guild.owner)

    def apply(self, guild: Guild, body: Any) -> None:
        guild.members.clear()
