"""What a client knows of a guild: what it was first told, and then every event applied, naively."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from guild import Channel, Member, Role, channel_from, member_from, role_from
from session import Event

Body = dict[str, Any]
Outline = dict[str, Any]

# What GUILD_CREATE lists, and other events than GUILD_UPDATE change.
LISTS = ("channels", "roles", "members")
# What is not a matter of the guild's log: it is the session's own, or follows from messages and presences.
# (`last_message_id` "may not point to an existing message"; unpinning by deletion is not announced.)
ASIDE = {
    "channel": {"guild_id", "last_message_id", "last_pin_timestamp"},
    "role": {"guild_id"},
    "member": {"guild_id", "presence", "permissions"},
    "guild": {*LISTS, "presences", "threads", "voice_states", "stage_instances", "large", "unavailable"},
}


class Replica:
    """Of one guild; empty while the user is no member."""

    def __init__(self, guild: str, *, with_members: bool) -> None:
        self._id = guild
        # Without the intent GUILD_MEMBERS one learns of no other members.
        self._with_members = with_members
        self._guild: Body | None = None
        self._channels: dict[str, Body] = {}
        self._roles: dict[str, Body] = {}
        self._members: dict[str, Body] = {}

    def apply_all(self, events: list[Event]) -> None:
        for event in events:
            data = event.data if isinstance(event.data, dict) else {}
            whole = event.name in ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE")
            if data.get("id" if whole else "guild_id") == self._id:
                self._apply(event.name, data)

    def state(self, user: str) -> Body:
        """Everything that a fresh IDENTIFY of `user` must tell as well."""
        if self._guild is None:
            return {}
        aside = ASIDE["guild"] | (set() if self._with_members else {"member_count"})
        members = {id: one for id, one in self._members.items() if self._with_members or id == user}
        return {
            "guild": normal(self._guild, aside),
            "roles": {id: normal(role, ASIDE["role"]) for id, role in self._roles.items()},
            "channels": {id: self._channel(one, members) for id, one in self._channels.items()},
            "members": {id: self._member(one) for id, one in members.items()},
        }

    def outline(self, user: str) -> Outline:
        """What the oracle knows as well."""
        if self._guild is None:
            return {}
        shown = self._channels.keys()
        bodies = [one for id, one in self._members.items() if self._with_members or id == user]
        members = [member_from(one) for one in bodies]
        return {
            "name": self._guild["name"],
            "roles": {id: outline_of_role(role_from(role)) for id, role in self._roles.items()},
            "channels": {id: outline_of_channel(channel_from(self._channels[id]), shown) for id in shown},
            "members": {member.id: outline_of_member(member, self._roles.keys()) for member in members},
        }

    def _apply(self, name: str, data: Body) -> None:
        match name:
            case "GUILD_CREATE":
                self._create(data)
            case "GUILD_UPDATE" if self._guild is not None:
                self._guild.update(data)
            case "GUILD_DELETE":
                self._guild = None
            case "CHANNEL_CREATE" | "CHANNEL_UPDATE":
                self._channels[data["id"]] = data
            case "CHANNEL_DELETE":
                self._channels.pop(data["id"], None)
            case "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE":
                self._roles[data["role"]["id"]] = data["role"]
            case "GUILD_ROLE_DELETE":
                self._roles.pop(data["role_id"], None)
            case "GUILD_MEMBER_ADD" | "GUILD_MEMBER_UPDATE" | "GUILD_MEMBER_REMOVE":
                self._member_event(name, data)

    def _create(self, data: Body) -> None:
        self._guild = dict(data)
        self._channels = {channel["id"]: channel for channel in data["channels"]}
        self._roles = {role["id"]: role for role in data["roles"]}
        self._members = {member["user"]["id"]: member for member in data["members"]}

    def _member_event(self, name: str, data: Body) -> None:
        user, known = data["user"]["id"], self._members
        count = len(known)
        if name == "GUILD_MEMBER_REMOVE":
            known.pop(user, None)
        else:
            known[user] = {**known.get(user, {}), **data}
        if self._guild is not None and name != "GUILD_MEMBER_UPDATE":
            self._guild["member_count"] += len(known) - count

    def _channel(self, channel: Body, members: dict[str, Body]) -> Body:
        """Overwrites of roles and members that are gone may stay or not, as the documentation has it."""
        alive = set(self._roles) | set(members)
        shown = normal(channel, ASIDE["channel"])
        listed = shown.pop("permission_overwrites", [])
        shown["overwrites"] = {one["id"]: normal(one, set()) for one in listed if one["id"] in alive}
        return shown

    def _member(self, member: Body) -> Body:
        """A role that is deleted is no longer had, though no event says so of each member."""
        shown = normal(member, ASIDE["member"])
        return {**shown, "roles": sorted(set(shown.get("roles", [])) & set(self._roles))}


def normal(body: Body, aside: set[str]) -> Body:
    """Without what is set aside; a key that is missing is one that is null."""
    return {key: value for key, value in body.items() if value is not None and key not in aside}


def differences(left: Any, right: Any, path: str = "") -> list[str]:
    if not isinstance(left, dict) or not isinstance(right, dict):
        return [] if left == right else [f"{path}: {left!r} against {right!r}"]
    found = []
    for key in sorted({*left, *right}):
        found += differences(left.get(key), right.get(key), f"{path}/{key}")
    return found


def outline_of_role(role: Role) -> Outline:
    return {"name": role.name, "permissions": int(role.permissions), "position": role.position}


def outline_of_channel(channel: Channel, shown: Collection[str]) -> Outline:
    """Whether a category that one does not see is named, is not said."""
    return {
        "kind": channel.kind,
        "name": channel.name,
        "parent": channel.parent if channel.parent in shown else None,
        "overwrites": {id: str(one) for id, one in channel.overwrites.items()},
    }


def outline_of_member(member: Member, roles: Collection[str]) -> Outline:
    return {"roles": sorted(member.roles & set(roles)), "nick": member.nick, "timed_out": member.timed_out}
