"""What is done to roles, and who has them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, Self, TypeVar

from action import Action, Request, Scene, one_of, pick_actor, pick_permissions, unique_name
from guild import Guild, role_from
from oracle import above_role, guild_permissions
from permission import Permission
from verdict import REFUSED, Verdict, in_guild, when

COMMON = [
    Permission.VIEW_CHANNEL,
    Permission.SEND_MESSAGES,
    Permission.READ_MESSAGE_HISTORY,
    Permission.ADD_REACTIONS,
    Permission.CHANGE_NICKNAME,
    Permission.CREATE_INSTANT_INVITE,
    Permission.CONNECT,
]
OF_MODERATORS = [
    Permission.MANAGE_CHANNELS,
    Permission.MANAGE_ROLES,
    Permission.MANAGE_MESSAGES,
    Permission.PIN_MESSAGES,
    Permission.MANAGE_GUILD,
    Permission.MANAGE_NICKNAMES,
    Permission.MODERATE_MEMBERS,
    Permission.KICK_MEMBERS,
    Permission.BAN_MEMBERS,
    Permission.VIEW_AUDIT_LOG,
]


@dataclass(frozen=True)
class CreateRole(Action):
    name: str
    permissions: Permission

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        return cls(pick_actor(dice, scene), unique_name(dice, "rank"), pick_role_permissions(dice))

    def request(self, guild: Guild) -> Request:
        body = {"name": self.name, "permissions": str(int(self.permissions))}
        return Request("POST", f"/guilds/{guild.id}/roles", body)

    def verdict(self, guild: Guild) -> Verdict:
        granted = when(self.permissions in guild_permissions(guild, self.actor))
        return in_guild(guild, self.actor, Permission.MANAGE_ROLES) & granted

    def apply(self, guild: Guild, body: Any) -> None:
        role = role_from(body)
        assert (role.name, role.permissions) == (self.name, self.permissions), body
        guild.roles[role.id] = role


@dataclass(frozen=True)
class OnRole(Action):
    role: str

    def about_role(self, guild: Guild) -> Verdict:
        verdict = in_guild(guild, self.actor, Permission.MANAGE_ROLES)
        return verdict & when(above_role(guild, self.actor, self.role)) if verdict.may_succeed else verdict


@dataclass(frozen=True)
class EditRole(OnRole):
    name: str
    permissions: Permission

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        role = scene.guild.roles[dice.choice([scene.guild.id, *ordinary_roles(scene.guild)])]
        permissions = role.permissions
        for permission in dice.sample(COMMON + OF_MODERATORS, dice.randint(0, 3)):
            permissions ^= permission
        if dice.random() < 0.5:
            permissions ^= Permission.VIEW_CHANNEL
        name = role.name if role.id == scene.guild.id else unique_name(dice, "rank")
        return cls(pick_actor(dice, scene), role.id, name, permissions)

    def request(self, guild: Guild) -> Request:
        body = {"permissions": str(int(self.permissions))}
        if self.role != guild.id:
            body["name"] = self.name
        return Request("PATCH", f"/guilds/{guild.id}/roles/{self.role}", body)

    def verdict(self, guild: Guild) -> Verdict:
        if self.role == guild.id and self.actor in guild.members and guild.owner != self.actor:
            verdict = in_guild(guild, self.actor, Permission.MANAGE_ROLES)
            # "Lower than its highest role": may one without roles edit @everyone?
            verdict = verdict.open_if(not above_role(guild, self.actor, self.role))
        else:
            verdict = self.about_role(guild)
        own, old = guild_permissions(guild, self.actor), guild.roles[self.role].permissions
        if verdict.may_succeed and self.permissions & ~old & ~own:
            return REFUSED
        # "It can only grant permissions it has": whether it can take others away, or leave them, is not said.
        return verdict.open_if(bool((self.permissions | old) & ~own))

    def apply(self, guild: Guild, body: Any) -> None:
        role = role_from(body)
        assert (role.name, role.permissions) == (self.name, self.permissions), body
        guild.roles[self.role].name = self.name
        guild.roles[self.role].permissions = self.permissions


@dataclass(frozen=True)
class DeleteRole(OnRole):
    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        role = one_of(dice, ordinary_roles(scene.guild))
        return cls(pick_actor(dice, scene), role) if role else None

    def request(self, guild: Guild) -> Request:
        return Request("DELETE", f"/guilds/{guild.id}/roles/{self.role}")

    def verdict(self, guild: Guild) -> Verdict:
        return self.about_role(guild)

    def apply(self, guild: Guild, body: Any) -> None:
        del guild.roles[self.role]


@dataclass(frozen=True)
class SortRoles(Action):
    """All roles in a new order, each at its own position."""

    order: tuple[str, ...]

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        roles = [role for role in scene.guild.roles if role != scene.guild.id]
        return cls(pick_actor(dice, scene), tuple(dice.sample(roles, len(roles)))) if roles else None

    def request(self, guild: Guild) -> Request:
        body = [{"id": role, "position": place + 1} for place, role in enumerate(self.order)]
        return Request("PATCH", f"/guilds/{guild.id}/roles", body)

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_guild(guild, self.actor, Permission.MANAGE_ROLES)
        # Some of these roles may stand above the actor, and whether naming those is wrong, is not said.
        return verdict.open_if(self.actor != guild.owner)

    def apply(self, guild: Guild, body: Any) -> None:
        listed = {role["id"]: role["position"] for role in body}
        places = [listed[role] for role in self.order]
        assert places == sorted(set(places)), f"asked for {self.order}: {listed}"
        for role in self.order:
            guild.roles[role].position = listed[role]


@dataclass(frozen=True)
class OnMembersRole(OnRole):
    member: str

    def path(self, guild: Guild) -> str:
        return f"/guilds/{guild.id}/members/{self.member}/roles/{self.role}"

    def verdict(self, guild: Guild) -> Verdict:
        # "The owner cannot be acted upon", but hierarchy is said to be about the role alone.
        return self.about_role(guild).open_if(self.member == guild.owner != self.actor)


R = TypeVar("R", bound=OnMembersRole)


@dataclass(frozen=True)
class GiveRole(OnMembersRole):
    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        return pick_members_role(cls, dice, scene, has=False)

    def request(self, guild: Guild) -> Request:
        return Request("PUT", self.path(guild))

    def apply(self, guild: Guild, body: Any) -> None:
        guild.members[self.member].roles.add(self.role)


@dataclass(frozen=True)
class TakeRole(OnMembersRole):
    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        return pick_members_role(cls, dice, scene, has=True)

    def request(self, guild: Guild) -> Request:
        return Request("DELETE", self.path(guild))

    def apply(self, guild: Guild, body: Any) -> None:
        guild.members[self.member].roles.remove(self.role)


def pick_members_role(kind: type[R], dice: Random, scene: Scene, *, has: bool) -> R | None:
    roles = ordinary_roles(scene.guild)
    members = scene.guild.members.values()
    pairs = [(role, one.id) for one in members for role in roles if (role in one.roles) == has]
    pair = one_of(dice, pairs)
    return kind(pick_actor(dice, scene), *pair) if pair else None


def ordinary_roles(guild: Guild) -> list[str]:
    return [role.id for role in guild.roles.values() if role.id != guild.id and not role.managed]


def pick_role_permissions(dice: Random) -> Permission:
    if dice.random() < 0.07:
        return Permission.ADMINISTRATOR
    return pick_permissions(dice, COMMON, 0.4) | pick_permissions(dice, OF_MODERATORS, 0.3)
