"""What is done to members, and how people and bots come and go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Self

from action import Action, Request, Scene, one_of, pick_actor, unique_name
from guild import Guild, Member
from oracle import above_member, base_permissions, guild_permissions
from permission import Permission
from roles import pick_role_permissions
from verdict import ALLOWED, OPEN, REFUSED, Verdict, in_guild, refused, when

# Fewer members than this are left alone, or there would soon be nobody to look at.
MEMBERS_MIN = 7
TIMEOUT = timedelta(days=7)
BANNED = refused((403, 40007))


@dataclass(frozen=True)
class OnMember(Action):
    member: str

    def path(self, guild: Guild) -> str:
        return f"/guilds/{guild.id}/members/{self.member}"

    def upon(self, guild: Guild, needed: Permission) -> Verdict:
        """Of what asks for `needed`, and for a place above the member."""
        verdict = in_guild(guild, self.actor, needed)
        if not verdict.may_succeed:
            return verdict
        return verdict & when(above_member(guild, self.actor, self.member))

    def target(self, guild: Guild) -> Member:
        return guild.members[self.member]


@dataclass(frozen=True)
class Nickname(OnMember):
    """Another's, or one's own."""

    nick: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        member = dice.choice(sorted(scene.guild.members))
        actor = member if dice.random() < 0.4 else pick_actor(dice, scene)
        return cls(actor, member, unique_name(dice, "alias"))

    def request(self, guild: Guild) -> Request:
        who = "@me" if self.actor == self.member else self.member
        return Request("PATCH", f"/guilds/{guild.id}/members/{who}", {"nick": self.nick})

    def verdict(self, guild: Guild) -> Verdict:
        if self.actor != self.member:
            return self.upon(guild, Permission.MANAGE_NICKNAMES)
        permissions = guild_permissions(guild, self.actor)
        verdict = when(Permission.CHANGE_NICKNAME in permissions)
        return OPEN if Permission.MANAGE_NICKNAMES in permissions and verdict is REFUSED else verdict

    def apply(self, guild: Guild, body: Any) -> None:
        self.target(guild).nick = self.nick


@dataclass(frozen=True)
class TimeOut(OnMember):
    """Times a member out for a week, or ends that."""

    until: str | None

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        member = dice.choice(list(scene.guild.members.values()))
        until = None if member.timed_out else in_a_week()
        actor = pick_actor(dice, scene)
        return cls(actor, member.id, until) if actor != member.id else None

    def request(self, guild: Guild) -> Request:
        return Request("PATCH", self.path(guild), {"communication_disabled_until": self.until})

    def verdict(self, guild: Guild) -> Verdict:
        verdict = self.upon(guild, Permission.MODERATE_MEMBERS)
        if not verdict.may_succeed:
            return verdict
        exempt = Permission.ADMINISTRATOR in base_permissions(guild, self.target(guild))
        return verdict & when(not exempt) if self.until else verdict.open_if(exempt)

    def apply(self, guild: Guild, body: Any) -> None:
        self.target(guild).timed_out = self.until is not None


@dataclass(frozen=True)
class Kick(OnMember):
    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        member, actor = dice.choice(sorted(scene.guild.members)), pick_actor(dice, scene)
        enough = len(scene.guild.members) > MEMBERS_MIN
        return cls(actor, member) if enough and member != actor else None

    def request(self, guild: Guild) -> Request:
        return Request("DELETE", self.path(guild))

    def verdict(self, guild: Guild) -> Verdict:
        return self.upon(guild, Permission.KICK_MEMBERS)

    def apply(self, guild: Guild, body: Any) -> None:
        del guild.members[self.member]


@dataclass(frozen=True)
class Ban(Action):
    """Of a member or of somebody else."""

    user: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        users = [user for user in scene.everybody() if user not in scene.guild.bans]
        user, actor = dice.choice(users), pick_actor(dice, scene)
        enough = len(scene.guild.members) > MEMBERS_MIN or user not in scene.guild.members
        return cls(actor, user) if enough and user != actor else None

    def request(self, guild: Guild) -> Request:
        return Request("PUT", f"/guilds/{guild.id}/bans/{self.user}", {})

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_guild(guild, self.actor, Permission.BAN_MEMBERS)
        is_member = verdict.may_succeed and self.user in guild.members
        return verdict & when(above_member(guild, self.actor, self.user)) if is_member else verdict

    def apply(self, guild: Guild, body: Any) -> None:
        guild.bans.add(self.user)
        guild.members.pop(self.user, None)


@dataclass(frozen=True)
class Unban(Action):
    user: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        user = one_of(dice, sorted(scene.guild.bans))
        return cls(pick_actor(dice, scene), user) if user else None

    def request(self, guild: Guild) -> Request:
        return Request("DELETE", f"/guilds/{guild.id}/bans/{self.user}")

    def verdict(self, guild: Guild) -> Verdict:
        return in_guild(guild, self.actor, Permission.BAN_MEMBERS)

    def apply(self, guild: Guild, body: Any) -> None:
        guild.bans.remove(self.user)


@dataclass(frozen=True)
class Leave(Action):
    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        members = sorted(set(scene.guild.members) - {scene.guild.owner})
        return cls(dice.choice(members)) if len(members) >= MEMBERS_MIN else None

    def request(self, guild: Guild) -> Request:
        return Request("DELETE", f"/users/@me/guilds/{guild.id}")

    def verdict(self, guild: Guild) -> Verdict:
        return ALLOWED

    def apply(self, guild: Guild, body: Any) -> None:
        del guild.members[self.actor]


@dataclass(frozen=True)
class Join(Action):
    code: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        strangers = [user for user in outside(scene) if not scene.is_bot(user)]
        actor = one_of(dice, strangers)
        return cls(actor, dice.choice(list(scene.guild.invites))) if actor else None

    def request(self, guild: Guild) -> Request:
        return Request("POST", f"/invites/{self.code}", {})

    def verdict(self, guild: Guild) -> Verdict:
        return BANNED if self.actor in guild.bans else ALLOWED

    def apply(self, guild: Guild, body: Any) -> None:
        guild.members[self.actor] = Member(self.actor)


@dataclass(frozen=True)
class AddBot(Action):
    bot: str
    client_id: str
    permissions: Permission

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        bots = [user for user in outside(scene) if scene.is_bot(user) and user not in scene.guild.bans]
        people = [user for user in sorted(scene.guild.members) if not scene.is_bot(user)]
        bot = one_of(dice, bots)
        actor = scene.guild.owner if dice.random() < 0.6 else dice.choice(people)
        return cls(actor, bot, scene.client_id(bot), pick_role_permissions(dice)) if bot else None

    def request(self, guild: Guild) -> Request:
        permissions = str(int(self.permissions))
        query = f"client_id={self.client_id}&scope=bot&permissions={permissions}"
        body = {"authorize": True, "guild_id": guild.id, "permissions": permissions}
        return Request("POST", f"/oauth2/authorize?{query}", body)

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_guild(guild, self.actor, Permission.MANAGE_GUILD)
        # Whether one may give a bot what one has not oneself, is not said.
        return verdict.open_if(self.permissions not in guild_permissions(guild, self.actor))

    def apply(self, guild: Guild, body: Any) -> None:
        guild.members[self.bot] = Member(self.bot)


def in_a_week() -> str:
    return (datetime.now(UTC) + TIMEOUT).isoformat()


def outside(scene: Scene) -> list[str]:
    return [user for user in scene.everybody() if user not in scene.guild.members]
