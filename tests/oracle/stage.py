"""A world with everybody connected: one action at a time, and after each, what every session received."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from random import Random

from action import Action
from cast import Account, Cast
from channels import CreateChannel
from guild import Guild
from intents import EVERY_INTENT, Intent
from messages import Type
from oracle import visible_channels
from replica import Outline, Replica, differences, outline_of_channel, outline_of_member, outline_of_role
from rest import Answer
from session import Event, Session
from sight import Change, Viewer, expected, forbidden, leak, secrets, signs
from world import Disagreement, World

# Beside everybody with all intents, some who did without.
REDUCED = [
    EVERY_INTENT & ~Intent.GUILD_MEMBERS & ~Intent.MESSAGE_CONTENT,
    EVERY_INTENT & ~Intent.GUILD_MODERATION & ~Intent.GUILD_INVITES & ~Intent.GUILD_MESSAGE_TYPING,
    Intent.GUILDS | Intent.GUILD_MESSAGES,
]


@dataclass(frozen=True)
class Seat:
    """A session, who looks through it, and what they have seen so far."""

    session: Session
    viewer: Viewer
    replica: Replica


class Stage:
    def __init__(self, cast: Cast, dice: Random, counts: Counter[str], stack: ExitStack) -> None:
        self.cast, self.counts, self._stack = cast, counts, stack
        self.dice = dice
        self.world = World(cast, dice)
        stack.callback(cast.owner.rest.call, "DELETE", f"/guilds/{self.world.guild.id}")
        self.told = "the beginning"
        members = [account for account in cast.accounts if account.user in self.world.guild.members]
        chosen = [(account, EVERY_INTENT) for account in cast.accounts]
        chosen += [(members[1 + place], intents) for place, intents in enumerate(REDUCED)]
        chosen += [(members[-1 - place], intents) for place, intents in enumerate(REDUCED)]
        self.seats = [self.sit(account, intents) for account, intents in chosen]
        self.settle("everybody sits down")

    def sit(self, account: Account, intents: Intent) -> Seat:
        """Connects, and checks what the guild looks like from there."""
        some = "" if intents == EVERY_INTENT else f" with intents {int(intents)}"
        session = Session(self.cast.port, account.token, intents, account.name + some)
        self._stack.callback(session.close)
        viewer = Viewer(account.user, account.is_bot, intents)
        replica = Replica(self.world.guild.id, with_members=Intent.GUILD_MEMBERS in intents)
        seat = Seat(session, viewer, replica)
        replica.apply_all(session.opening)
        self._fail_on(self._opening_faults(seat))
        return seat

    def step(self, action: Action) -> None:
        """Does it, and looks at what that does to everybody."""
        before = self.world.guild.snapshot()
        self.told = self.world.explain(action)
        answer = self.world.perform(action)
        self.counts["actions"] += 1
        self.counts["actions left open by the documentation"] += action.verdict(before).is_open
        self.counts["actions refused"] += not answer.ok
        typed = frozenset([(action.channel, action.actor)] if isinstance(action, Type) and answer.ok else [])
        change = Change(before, self.world.guild, typed)
        shown = leak(type(action).__name__, answer.body, secrets(change, action.actor) - own(action, answer))
        self._fail_on([f"the answer comes {shown}: {answer}"] if shown else [])
        self._look(change)

    def settle(self, what: str) -> None:
        """Makes sure that nothing came of `what`."""
        self.told = f"{what}, after {self.told}"
        self._look(Change(self.world.guild.snapshot(), self.world.guild))

    def catch_up(self, before: Guild) -> None:
        """After a storm: the truth is what the owner is shown; who saw what in between, nobody can tell."""
        self.told = "a storm"
        self.world.learn()
        change = Change(before, self.world.guild)
        waiting = self._signal(self.world.guild)
        for seat in self.seats:
            events = seat.session.until(partial(waiting.is_over, change, seat.viewer))
            seat.replica.apply_all(events)
            self.counts["events in storms"] += len(events)

    def end(self) -> None:
        """The law of the log: who was there all the time knows what a newcomer is told."""
        for seat in self.seats:
            account = self.cast.by_user[seat.viewer.user]
            fresh = self.sit(account, seat.viewer.intents)
            fresh.session.close()
            user = seat.viewer.user
            lines = differences(seat.replica.state(user), fresh.replica.state(user))
            self._fail_on([f"{seat.session} knows {lines[0]} for a newcomer", *lines] if lines else [])
            self.counts["replicas compared"] += 1

    def _look(self, change: Change) -> None:
        waiting = self._signal(change.after)
        faults = []
        for seat in self.seats:
            events = seat.session.until(partial(waiting.is_over, change, seat.viewer))
            seat.replica.apply_all(events)
            faults += self._faults(events, change, seat)
        self._fail_on(faults)

    def _faults(self, events: list[Event], change: Change, seat: Seat) -> list[str]:
        awaited = expected(change, seat.viewer)
        received = {sign for event in events for sign in signs(event, change.before)}
        self.counts["events checked"] += len(events)
        self.counts["events awaited"] += len(awaited)
        faults = [f"{seat.session} did not receive {sign}" for sign in sorted(awaited - received)]
        for event in events:
            reason = forbidden(event, change, seat.viewer)
            if reason:
                faults.append(f"{seat.session} received, {reason}: {event}")
        return faults

    def _signal(self, guild: Guild) -> Signal:
        """Says in the guild, and to who is not in it in the lounge, that all has been said."""
        owner = self.cast.owner.rest
        everybody_here = all(seat.viewer.user in guild.members for seat in self.seats)
        here = lounge = None
        if self.world.owner in guild.members:
            here = owner.must("POST", f"/channels/{self.world.sync}/messages", SIGNAL)["id"]
        if not everybody_here:
            lounge = owner.must("POST", f"/channels/{self.cast.lounge.channel}/messages", SIGNAL)["id"]
        return Signal(here, lounge)

    def _opening_faults(self, seat: Seat) -> list[str]:
        """What IDENTIFY brought must be exactly what the oracle says that there is to see."""
        guild, user = self.world.guild, seat.viewer.user
        now = Change(guild, guild)
        faults = []
        for event in seat.session.opening:
            reason = forbidden(event, now, seat.viewer) or leak(event.name, event.data, secrets(now, user))
            faults += [f"{seat.session} was told at first, {reason}: {event}"] if reason else []
        self.counts["events checked"] += len(seat.session.opening)
        return faults + differences(seat.replica.outline(user), seen(guild, user, seat.viewer.intents))

    def _fail_on(self, faults: list[str]) -> None:
        if faults:
            raise Disagreement("\n".join([f"after {self.told}", *faults]))


@dataclass(frozen=True)
class Signal:
    here: str | None
    lounge: str | None

    def is_over(self, change: Change, viewer: Viewer, events: list[Event]) -> bool:
        """Whether `events` is all that came before the signal."""
        heard = {event.data["id"] for event in events if event.name == "MESSAGE_CREATE"}
        if viewer.user in change.after.members:
            return self.here in heard
        gone = viewer.user in change.before.members
        told = any(event.name == "GUILD_DELETE" and event.data["id"] == change.after.id for event in events)
        return self.lounge in heard and (told or not gone)


SIGNAL = {"content": "all said"}


def own(action: Action, answer: Answer) -> set[str]:
    """What the actor knows from the request itself, and the channel that it made."""
    body = answer.body if isinstance(action, CreateChannel) and answer.ok else {}
    return {value for value in vars(action).values() if isinstance(value, str)} | {body.get("id", "")}


def seen(guild: Guild, user: str, intents: Intent) -> Outline:
    """What `user` is to see of the guild, in the form of :meth:`Replica.outline`."""
    if user not in guild.members:
        return {}
    shown = visible_channels(guild, user)
    members = guild.members if Intent.GUILD_MEMBERS in intents else {user: guild.members[user]}
    return {
        "name": guild.name,
        "roles": {id: outline_of_role(role) for id, role in guild.roles.items()},
        "channels": {id: outline_of_channel(guild.channels[id], shown) for id in shown},
        "members": {id: outline_of_member(member, guild.roles.keys()) for id, member in members.items()},
    }
