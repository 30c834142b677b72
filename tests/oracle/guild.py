"""A guild as plain data: the truth that the tests keep of it, and that the oracle reads."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from permission import Permission

TEXT, VOICE, CATEGORY = 0, 2, 4
OF_ROLE, OF_MEMBER = 0, 1


@dataclass
class Role:
    id: str
    name: str
    permissions: Permission
    position: int
    # Belongs to a bot; nobody gives, takes or deletes it.
    managed: bool = False


@dataclass(frozen=True)
class Overwrite:
    kind: int
    allow: Permission
    deny: Permission


@dataclass
class Message:
    id: str
    author: str
    content: str
    pinned: bool = False
    # Who reacted, by emoji.
    reactions: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class Channel:
    id: str
    kind: int
    name: str
    parent: str | None = None
    # By the id of the role or the member.
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)


@dataclass
class Member:
    id: str
    # Without @everyone; may name roles that are gone.
    roles: set[str] = field(default_factory=set)
    nick: str | None = None
    timed_out: bool = False


@dataclass(frozen=True)
class Invite:
    code: str
    channel: str
    inviter: str


@dataclass
class Guild:
    id: str
    owner: str
    name: str
    roles: dict[str, Role] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    bans: set[str] = field(default_factory=set)
    invites: dict[str, Invite] = field(default_factory=dict)

    def snapshot(self) -> Guild:
        return copy.deepcopy(self)

    def children(self, category: str) -> list[Channel]:
        return [channel for channel in self.channels.values() if channel.parent == category]


def role_from(body: dict[str, Any]) -> Role:
    permissions = Permission(int(body["permissions"]))
    return Role(body["id"], body["name"], permissions, body["position"], body["managed"])


def member_from(body: dict[str, Any]) -> Member:
    timed_out = body.get("communication_disabled_until") is not None
    return Member(body["user"]["id"], set(body["roles"]), body.get("nick"), timed_out)


def channel_from(body: dict[str, Any]) -> Channel:
    overwrites = overwrites_from(body.get("permission_overwrites"))
    return Channel(body["id"], body["type"], body["name"], body.get("parent_id"), overwrites)


def overwrites_from(listed: list[dict[str, Any]] | None) -> dict[str, Overwrite]:
    return {
        one["id"]: Overwrite(int(one["type"]), Permission(int(one["allow"])), Permission(int(one["deny"])))
        for one in listed or []
    }


def overwrites_body(overwrites: dict[str, Overwrite]) -> list[dict[str, Any]]:
    return [
        {"id": target, "type": one.kind, "allow": str(int(one.allow)), "deny": str(int(one.deny))}
        for target, one in overwrites.items()
    ]
