"""What people are to each other and write to each other outside of guilds: the truth, and what follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from verdict import MISSING_PERMISSIONS, UNKNOWN_CHANNEL, Refusal, Verdict, refused

PAIR, GROUP = 1, 3
# Discord's numbers of what someone is to another.
FRIEND, BLOCKED, INCOMING, OUTGOING = 1, 2, 3, 4
# Types of messages that tell what was done to a group.
WRITTEN, CAME, WENT, RENAMED = 0, 1, 2, 4

CANNOT_WRITE: Refusal = (403, 50007)
OF_A_PAIR: Refusal = (403, 50003)
REACTION_BLOCKED: Refusal = (403, 90001)

# What a session is told: the name of an event, and what tells which.
Sign = tuple[str, ...]


@dataclass
class Note:
    id: str
    author: str
    content: str
    reactions: set[str] = field(default_factory=set)


@dataclass
class Room:
    id: str
    kind: int
    members: list[str]
    # Those who have it in their lists.
    shown: set[str]
    owner: str | None = None
    name: str | None = None
    notes: dict[str, Note] = field(default_factory=dict)

    def partner(self, user: str) -> str | None:
        others = [one for one in self.members if one != user]
        return others[0] if self.kind == PAIR else None


class Told:
    """What each is told, in this order."""

    def __init__(self, bots: set[str]) -> None:
        self._bots = bots
        self.signs: dict[str, list[Sign]] = defaultdict(list)

    def tell(self, users: Iterable[str], *sign: str) -> None:
        """Bots get no lists of channels, and have no friends."""
        listing = sign[0] in ("CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE")
        for user in users:
            if not (listing and user in self._bots):
                self.signs[user].append(sign)


class Private:
    """The truth."""

    def __init__(self, people: list[str], bots: list[str]) -> None:
        self.people, self.bots = people, set(bots)
        self.rooms: dict[str, Room] = {}
        self.relations: dict[tuple[str, str], int] = {}

    def everybody(self) -> list[str]:
        return self.people + sorted(self.bots)

    def relation(self, user: str, other: str) -> int:
        return self.relations.get((user, other), 0)

    def friends(self, user: str, other: str) -> bool:
        return self.relation(user, other) == FRIEND

    def blocked(self, user: str, other: str) -> bool:
        return self.relation(user, other) == BLOCKED

    def may_write(self, user: str, other: str) -> bool:
        """All share the home; so only blocks stand between two, and that bots do not write to bots."""
        both_bots = user in self.bots and other in self.bots
        return not (both_bots or self.blocked(user, other) or self.blocked(other, user))

    def pair(self, user: str, other: str) -> Room | None:
        rooms = (room for room in self.rooms.values() if room.kind == PAIR)
        return next((room for room in rooms if set(room.members) == {user, other}), None)

    def listed(self, user: str) -> set[str]:
        return {room.id for room in self.rooms.values() if user in room.shown} if user in self.people else set()

    def in_room(self, room: str, user: str, *, writing: bool = False) -> Verdict:
        """Of a request about a room: it exists for those who are in it."""
        found = self.rooms.get(room)
        if found is None or user not in found.members:
            return UNKNOWN_CHANNEL
        partner = found.partner(user)
        if writing and partner and not self.may_write(user, partner):
            return refused(CANNOT_WRITE)
        return Verdict(True, frozenset())

    def show(self, room: Room, told: Told) -> None:
        """What is written in a room puts it into the lists of all who are in it."""
        for user in room.members:
            if user not in room.shown:
                room.shown.add(user)
                told.tell([user], "CHANNEL_CREATE", room.id)

    def say(self, room: Room, told: Told, kind: int, author: str, content: str) -> None:
        self.show(room, told)
        told.tell(room.members, "MESSAGE_CREATE", room.id, str(kind), author, content)

    def relate(self, told: Told, user: str, other: str, kind: int) -> None:
        if self.relation(user, other) != kind:
            self.relations[user, other] = kind
            told.tell([user], "RELATIONSHIP_ADD", other, str(kind))

    def part(self, told: Told, user: str, other: str) -> None:
        if self.relations.pop((user, other), 0):
            told.tell([user], "RELATIONSHIP_REMOVE", other)


def sign_of(name: str, data: Any) -> Sign | None:
    """What an event says, if it is about what is private."""
    if not isinstance(data, dict) or "guild_id" in data:
        return None
    match name:
        case "CHANNEL_CREATE" | "CHANNEL_UPDATE" | "CHANNEL_DELETE":
            return name, data["id"]
        case "CHANNEL_RECIPIENT_ADD" | "CHANNEL_RECIPIENT_REMOVE":
            return name, data["channel_id"], data["user"]["id"]
        case "MESSAGE_CREATE":
            return name, data["channel_id"], str(data["type"]), data["author"]["id"], data["content"]
        case "MESSAGE_UPDATE":
            return name, data["id"], data["content"]
        case "MESSAGE_DELETE":
            return name, data["id"]
        case "MESSAGE_REACTION_ADD" | "TYPING_START":
            return name, data.get("message_id", data["channel_id"]), data["user_id"]
        case "RELATIONSHIP_ADD":
            return name, data["id"], str(data["type"])
        case "RELATIONSHIP_REMOVE":
            return name, data["id"]
    return None


def member_only(private: Private, room: Room, user: str, *, needs_owner: bool) -> Verdict:
    """Of what is done to a group: not to a room of two, and some of it by its owner only."""
    verdict = private.in_room(room.id, user)
    if not verdict.may_succeed:
        return verdict
    if room.kind == PAIR:
        return refused(OF_A_PAIR)
    return refused(MISSING_PERMISSIONS) if needs_owner and room.owner != user else verdict
