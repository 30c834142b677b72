"""What people can try outside of guilds: the request, what must come of it, and whom it is told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from random import Random
from typing import Any, Self
from urllib.parse import quote

from action import Request, one_of, unique_name
from private import (
    BLOCKED,
    CAME,
    CANNOT_WRITE,
    FRIEND,
    GROUP,
    INCOMING,
    OUTGOING,
    PAIR,
    REACTION_BLOCKED,
    RENAMED,
    WENT,
    WRITTEN,
    Note,
    Private,
    Room,
    Told,
    member_only,
)
from verdict import ALLOWED, Verdict, refused

INVALID_RECIPIENTS = refused((400, 50033))
UNKNOWN_USER = refused((404, 10013))
NOT_FOR_BOTS = refused((403, 20001))
EMOJI = "👍"


@dataclass(frozen=True)
class Deed(ABC):
    actor: str

    @classmethod
    @abstractmethod
    def pick(cls, dice: Random, private: Private) -> Self | None: ...

    @abstractmethod
    def request(self, private: Private) -> Request: ...

    @abstractmethod
    def verdict(self, private: Private) -> Verdict: ...

    @abstractmethod
    def apply(self, private: Private, body: Any, told: Told) -> None: ...


@dataclass(frozen=True)
class WithSomeone(Deed):
    other: str

    @classmethod
    def pick(cls, dice: Random, private: Private) -> Self | None:
        return cls(dice.choice(private.everybody()), dice.choice(private.everybody()))

    def path(self) -> str:
        return f"/users/@me/relationships/{self.other}"


class Ask(WithSomeone):
    """Asks to be friends, or accepts."""

    def request(self, private: Private) -> Request:
        return Request("PUT", self.path(), {})

    def verdict(self, private: Private) -> Verdict:
        if self.actor in private.bots:
            return NOT_FOR_BOTS
        if self.actor == self.other:
            return refused((400, 80003))
        if self.other in private.bots:
            return refused((400, 80002))
        if private.friends(self.actor, self.other):
            return refused((400, 80007))
        if private.blocked(self.actor, self.other):
            return refused((400, 80001))
        return refused((400, 80000)) if private.blocked(self.other, self.actor) else ALLOWED

    def apply(self, private: Private, body: Any, told: Told) -> None:
        accepts = private.relation(self.actor, self.other) == INCOMING
        private.relate(told, self.actor, self.other, FRIEND if accepts else OUTGOING)
        private.relate(told, self.other, self.actor, FRIEND if accepts else INCOMING)


class Block(WithSomeone):
    def request(self, private: Private) -> Request:
        return Request("PUT", self.path(), {"type": BLOCKED})

    def verdict(self, private: Private) -> Verdict:
        if self.actor in private.bots:
            return NOT_FOR_BOTS
        return refused((400, 80003)) if self.actor == self.other else ALLOWED

    def apply(self, private: Private, body: Any, told: Told) -> None:
        if private.blocked(self.actor, self.other):
            return
        private.part(told, self.actor, self.other)
        if not private.blocked(self.other, self.actor):
            private.part(told, self.other, self.actor)
        private.relate(told, self.actor, self.other, BLOCKED)


class Part(WithSomeone):
    """Ends a friendship, a request or a block."""

    def request(self, private: Private) -> Request:
        return Request("DELETE", self.path())

    def verdict(self, private: Private) -> Verdict:
        if self.actor in private.bots:
            return NOT_FOR_BOTS
        return ALLOWED if private.relation(self.actor, self.other) else UNKNOWN_USER

    def apply(self, private: Private, body: Any, told: Told) -> None:
        was = private.relation(self.actor, self.other)
        private.part(told, self.actor, self.other)
        if was != BLOCKED:
            private.part(told, self.other, self.actor)


class Open(WithSomeone):
    def request(self, private: Private) -> Request:
        return Request("POST", "/users/@me/channels", {"recipient_id": self.other})

    def verdict(self, private: Private) -> Verdict:
        return INVALID_RECIPIENTS if self.actor == self.other else ALLOWED

    def apply(self, private: Private, body: Any, told: Told) -> None:
        assert [one["id"] for one in body["recipients"]] == [self.other], body
        room = private.pair(self.actor, self.other)
        if room is None:
            room = Room(body["id"], PAIR, [self.actor, self.other], set())
            private.rooms[room.id] = room
        assert room.id == body["id"], body
        if self.actor not in room.shown:
            room.shown.add(self.actor)
            told.tell([self.actor], "CHANNEL_CREATE", room.id)


@dataclass(frozen=True)
class OpenGroup(Deed):
    others: tuple[str, ...]

    @classmethod
    def pick(cls, dice: Random, private: Private) -> Self | None:
        actor = dice.choice(private.everybody())
        friends = [one for one in private.people if private.friends(actor, one)]
        pool = friends if len(friends) > 1 and dice.random() < 0.7 else private.everybody()
        return cls(actor, tuple(dice.sample(pool, 2)))

    def request(self, private: Private) -> Request:
        return Request("POST", "/users/@me/channels", {"recipients": self.others})

    def verdict(self, private: Private) -> Verdict:
        if self.actor in private.bots:
            return NOT_FOR_BOTS
        if self.actor in self.others:
            return INVALID_RECIPIENTS
        for other in self.others:
            if not may_add(private, self.actor, other).may_succeed:
                return may_add(private, self.actor, other)
        return ALLOWED

    def apply(self, private: Private, body: Any, told: Told) -> None:
        assert body["type"] == GROUP and body["owner_id"] == self.actor, body
        make_group(private, body, self.actor, self.others, told)


def may_add(private: Private, actor: str, other: str) -> Verdict:
    if other in private.bots:
        return INVALID_RECIPIENTS
    return ALLOWED if private.friends(actor, other) else refused(CANNOT_WRITE)


def make_group(private: Private, body: Any, owner: str, others: tuple[str, ...], told: Told) -> None:
    members = [owner, *others]
    private.rooms[body["id"]] = Room(body["id"], GROUP, members, set(members), owner)
    told.tell(members, "CHANNEL_CREATE", body["id"])


@dataclass(frozen=True)
class InRoom(Deed):
    room: str

    @classmethod
    def pick(cls, dice: Random, private: Private) -> Self | None:
        chosen = pick_room(dice, private)
        return cls(pick_member(dice, private, chosen), chosen.id) if chosen else None

    def where(self, private: Private) -> Room:
        return private.rooms[self.room]


def pick_room(dice: Random, private: Private, kind: int | None = None) -> Room | None:
    return one_of(dice, [room for room in private.rooms.values() if kind in (None, room.kind)])


def pick_member(dice: Random, private: Private, room: Room) -> str:
    return dice.choice(room.members if dice.random() < 0.85 else private.everybody())


@dataclass(frozen=True)
class Say(InRoom):
    content: str

    @classmethod
    def pick(cls, dice: Random, private: Private) -> Self | None:
        chosen = pick_room(dice, private)
        content = unique_name(dice, "psst")
        return cls(pick_member(dice, private, chosen), chosen.id, content) if chosen else None

    def request(self, private: Private) -> Request:
        return Request("POST", f"/channels/{self.room}/messages", {"content": self.content})

    def verdict(self, private: Private) -> Verdict:
        return private.in_room(self.room, self.actor, writing=True)

    def apply(self, private: Private, body: Any, told: Told) -> None:
        room = self.where(private)
        room.notes[body["id"]] = Note(body["id"], self.actor, self.content)
        private.say(room, told, WRITTEN, self.actor, self.content)


class Type(InRoom):
    def request(self, private: Private) -> Request:
        return Request("POST", f"/channels/{self.room}/typing")

    def verdict(self, private: Private) -> Verdict:
        return private.in_room(self.room, self.actor, writing=True)

    def apply(self, private: Private, body: Any, told: Told) -> None:
        told.tell(self.where(private).members, "TYPING_START", self.room, self.actor)


@dataclass(frozen=True)
class OnNote(InRoom):
    note: str

    @classmethod
    def pick(cls, dice: Random, private: Private) -> Self | None:
        room = one_of(dice, [room for room in private.rooms.values() if room.notes])
        if not room:
            return None
        note = dice.choice(list(room.notes)[-4:])
        actor = room.notes[note].author if dice.random() < 0.4 else pick_member(dice, private, room)
        return cls(actor, room.id, note)

    def path(self) -> str:
        return f"/channels/{self.room}/messages/{self.note}"

    def target(self, private: Private) -> Note:
        return self.where(private).notes[self.note]

    def is_own(self, private: Private) -> bool:
        return self.target(private).author == self.actor


class Edit(OnNote):
    def request(self, private: Private) -> Request:
        return Request("PATCH", self.path(), {"content": self.content(private)})

    def content(self, private: Private) -> str:
        return self.target(private).content + "!"

    def verdict(self, private: Private) -> Verdict:
        verdict = private.in_room(self.room, self.actor)
        if verdict.may_succeed and not self.is_own(private):
            return refused((403, 50005))
        return private.in_room(self.room, self.actor, writing=True)

    def apply(self, private: Private, body: Any, told: Told) -> None:
        self.target(private).content = self.content(private)
        members = self.where(private).members
        told.tell(members, "MESSAGE_UPDATE", self.note, self.target(private).content)


class Delete(OnNote):
    """Nobody manages the messages of others here."""

    def request(self, private: Private) -> Request:
        return Request("DELETE", self.path())

    def verdict(self, private: Private) -> Verdict:
        verdict = private.in_room(self.room, self.actor)
        return refused((403, 50003)) if verdict.may_succeed and not self.is_own(private) else verdict

    def apply(self, private: Private, body: Any, told: Told) -> None:
        del self.where(private).notes[self.note]
        told.tell(self.where(private).members, "MESSAGE_DELETE", self.note)


class React(OnNote):
    def request(self, private: Private) -> Request:
        return Request("PUT", f"{self.path()}/reactions/{quote(EMOJI)}/@me")

    def verdict(self, private: Private) -> Verdict:
        verdict = private.in_room(self.room, self.actor)
        if verdict.may_succeed and private.blocked(self.target(private).author, self.actor):
            return refused(REACTION_BLOCKED)
        return private.in_room(self.room, self.actor, writing=True)

    def apply(self, private: Private, body: Any, told: Told) -> None:
        if self.actor not in self.target(private).reactions:
            self.target(private).reactions.add(self.actor)
            told.tell(self.where(private).members, "MESSAGE_REACTION_ADD", self.note, self.actor)


class Leave(InRoom):
    """Leaves a group; puts a room of two away."""

    def request(self, private: Private) -> Request:
        return Request("DELETE", f"/channels/{self.room}")

    def verdict(self, private: Private) -> Verdict:
        return private.in_room(self.room, self.actor)

    def apply(self, private: Private, body: Any, told: Told) -> None:
        room = self.where(private)
        if room.kind == GROUP:
            depart(private, room, self.actor, self.actor, told)
        elif self.actor in room.shown:
            room.shown.remove(self.actor)
            told.tell([self.actor], "CHANNEL_DELETE", room.id)


def depart(private: Private, room: Room, user: str, author: str, told: Told) -> None:
    room.members.remove(user)
    room.shown.discard(user)
    told.tell([user], "CHANNEL_DELETE", room.id)
    told.tell(room.members, "CHANNEL_RECIPIENT_REMOVE", room.id, user)
    if not room.members:
        del private.rooms[room.id]
        return
    if room.owner == user:
        room.owner = room.members[0]
        told.tell(room.members, "CHANNEL_UPDATE", room.id)
    private.say(room, told, WENT, author, "")


@dataclass(frozen=True)
class WithRecipient(InRoom):
    user: str

    @classmethod
    def pick(cls, dice: Random, private: Private) -> Self | None:
        room = pick_room(dice, private)
        if not room:
            return None
        actor = pick_member(dice, private, room)
        friends = [one for one in private.people if private.friends(actor, one)]
        return cls(actor, room.id, dice.choice(friends + private.everybody()))

    def path(self) -> str:
        return f"/channels/{self.room}/recipients/{self.user}"


class Add(WithRecipient):
    """Into a group; out of a room of two, a group is made."""

    def request(self, private: Private) -> Request:
        return Request("PUT", self.path(), {})

    def verdict(self, private: Private) -> Verdict:
        if self.actor in private.bots:
            return NOT_FOR_BOTS
        verdict = private.in_room(self.room, self.actor)
        room = self.where(private)
        if not verdict.may_succeed:
            return verdict
        partner = room.partner(self.actor)
        if partner:
            both = (partner, self.user)
            return INVALID_RECIPIENTS if partner == self.user else OpenGroup(self.actor, both).verdict(private)
        return ALLOWED if self.user in room.members else may_add(private, self.actor, self.user)

    def apply(self, private: Private, body: Any, told: Told) -> None:
        room = self.where(private)
        partner = room.partner(self.actor)
        if partner:
            make_group(private, body, self.actor, (partner, self.user), told)
        elif self.user not in room.members:
            told.tell(room.members, "CHANNEL_RECIPIENT_ADD", room.id, self.user)
            room.members.append(self.user)
            room.shown.add(self.user)
            told.tell([self.user], "CHANNEL_CREATE", room.id)
            private.say(room, told, CAME, self.actor, "")


class SendAway(WithRecipient):
    def request(self, private: Private) -> Request:
        return Request("DELETE", self.path())

    def verdict(self, private: Private) -> Verdict:
        if self.actor in private.bots:
            return NOT_FOR_BOTS
        room = self.where(private)
        verdict = member_only(private, room, self.actor, needs_owner=self.user != self.actor)
        return UNKNOWN_USER if verdict.may_succeed and self.user not in room.members else verdict

    def apply(self, private: Private, body: Any, told: Told) -> None:
        depart(private, self.where(private), self.user, self.actor, told)


@dataclass(frozen=True)
class Rename(InRoom):
    name: str

    @classmethod
    def pick(cls, dice: Random, private: Private) -> Self | None:
        room = pick_room(dice, private)
        return cls(pick_member(dice, private, room), room.id, unique_name(dice, "group")) if room else None

    def request(self, private: Private) -> Request:
        return Request("PATCH", f"/channels/{self.room}", {"name": self.name})

    def verdict(self, private: Private) -> Verdict:
        return member_only(private, self.where(private), self.actor, needs_owner=False)

    def apply(self, private: Private, body: Any, told: Told) -> None:
        room = self.where(private)
        room.name = self.name
        told.tell(room.members, "CHANNEL_UPDATE", room.id)
        private.say(room, told, RENAMED, self.actor, self.name)


WEIGHTS: dict[type[Deed], int] = {
    Ask: 12,
    Block: 2,
    Part: 3,
    Open: 5,
    OpenGroup: 4,
    Say: 12,
    Type: 2,
    Edit: 3,
    Delete: 2,
    React: 4,
    Leave: 3,
    Add: 5,
    SendAway: 2,
    Rename: 2,
}


def next_deed(dice: Random, private: Private) -> Deed:
    while True:
        kind = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        deed = kind.pick(dice, private)
        # Some of what is bound to fail is tried, and most of what is not.
        if deed and (deed.verdict(private).may_succeed or dice.random() < 0.4):
            return deed
