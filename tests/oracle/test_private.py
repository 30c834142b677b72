"""What is private stays so: who may see, write and hear what outside of guilds: in lists, by events, by a resume."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from random import Random

import pytest

from cast import Account, Cast, make_bot, register
from intents import EVERY_INTENT
from private import PAIR, Private, Sign, Told, sign_of
from private_actions import next_deed
from session import Session

pytest_plugins = ["oracle_fixtures"]

PEOPLE, DEEDS, AWAY = 5, 120, 8
# Messages in one page of what was found.
SEARCH_PAGE = 25


def test_what_is_private_is_told_to_whom_it_is_for_and_to_nobody_else(
    cast: Cast, seed: int, counts: Counter[str]
) -> None:
    print(f"seed {seed}")
    with ExitStack() as stack:
        Privacy(cast, Random(f"private {seed}"), seed, counts, stack).play()


class Privacy:
    def __init__(self, cast: Cast, dice: Random, seed: int, counts: Counter[str], stack: ExitStack) -> None:
        self._cast, self._dice, self._counts = cast, dice, counts
        accounts = [register(cast.port, f"private{seed}of{nth}") for nth in range(PEOPLE)]
        accounts += [make_bot(cast.port, cast.landlord, f"private{seed}bot")]
        for account in accounts:
            stack.callback(account.rest.close)
        self._accounts = {account.user: account for account in accounts}
        self._home = next(iter(cast.homes))
        let_in(cast.landlord, self._home, accounts[-1])
        channels = cast.landlord.rest.must("GET", f"/guilds/{self._home}/channels")
        self._square = next(one["id"] for one in channels if one["name"] == "general")
        self._private = Private([one.user for one in accounts[:-1]], [accounts[-1].user])
        self._sessions = {user: self._sit(account) for user, account in self._accounts.items()}
        stack.callback(lambda: [session.close() for session in self._sessions.values()])
        self._history: list[str] = []
        # What those are yet to be told who are away, and how long they stay so.
        self._missed: dict[str, list[Sign]] = {}

    def _sit(self, account: Account) -> Session:
        return Session(self._cast.port, account.token, EVERY_INTENT, account.name)

    def play(self) -> None:
        for nth in range(DEEDS):
            if nth % AWAY == 0:
                self._come_and_go()
            self._step()
        self._come_back()
        for account in self._accounts.values():
            self._look_around(account)

    def _step(self) -> None:
        private = self._private
        deed = next_deed(self._dice, private)
        verdict, request = deed.verdict(private), deed.request(private)
        answer = self._accounts[deed.actor].rest.call(request.method, request.path, request.body)
        self._history.append(f"{deed}: {answer}")
        self._counts["private deeds"] += 1
        if not verdict.admits(answer):
            self._fail(f"should be: {verdict}")
        told = Told(private.bots)
        if answer.ok:
            deed.apply(private, answer.body, told)
        self._listen(told)

    def _listen(self, told: Told) -> None:
        signal = self._signal()
        for user, session in self._sessions.items():
            if user in self._missed:
                self._missed[user] += told.signs[user]
            else:
                self._compare(user, self._heard(session, signal), told.signs[user])

    def _signal(self) -> str:
        path = f"/channels/{self._square}/messages"
        return str(self._cast.landlord.rest.must("POST", path, {"content": "all said"})["id"])

    def _heard(self, session: Session, signal: str) -> list[Sign]:
        events = session.until(lambda events: any(is_signal(event, signal) for event in events))
        signs = [sign_of(event.name, event.data) for event in events]
        return [sign for sign in signs if sign]

    def _compare(self, user: str, heard: list[Sign], should: list[Sign]) -> None:
        self._counts["private events checked"] += len(heard)
        if heard != should:
            self._fail(f"{self._accounts[user].name} heard {heard}\nand should have heard {should}")

    def _come_and_go(self) -> None:
        self._come_back()
        for user in self._dice.sample(sorted(self._sessions), 2):
            self._sessions[user].vanish()
            self._missed[user] = []

    def _come_back(self) -> None:
        """Who resumes is told what they missed, but after they left a room: then they are told to begin anew."""
        for user, missed in self._missed.items():
            has_left = any(sign[0] == "CHANNEL_DELETE" and not self._is_pair(sign[1]) for sign in missed)
            resumed = self._sessions[user].resume()
            if resumed == has_left:
                self._fail(f"{self._accounts[user].name} resumed: {resumed}, having missed {missed}")
            if resumed:
                self._compare(user, self._heard(self._sessions[user], self._signal()), missed)
            else:
                self._sessions[user].close()
                self._sessions[user] = self._sit(self._accounts[user])
        self._missed = {}

    def _is_pair(self, room: str) -> bool:
        """A room of two is put away and not left, and never goes."""
        found = self._private.rooms.get(room)
        return found is not None and found.kind == PAIR

    def _look_around(self, account: Account) -> None:
        private, user = self._private, account.user
        listed = {one["id"] for one in account.rest.must("GET", "/users/@me/channels")}
        fresh = self._sit(account)
        ready = fresh.opening[0].data
        fresh.close()
        shown = {one["id"] for one in ready["private_channels"]}
        if not listed == shown == private.listed(user):
            self._fail(f"{account.name} is listed {listed}, READY {shown}, not {private.listed(user)}")
        relations = {one["id"]: one["type"] for one in ready["relationships"]}
        truth = {other: kind for (own, other), kind in private.relations.items() if own == user}
        if relations != truth:
            self._fail(f"{account.name} is told {relations}, not {truth}")
        for room in private.rooms.values():
            self._look_at(account, room.id)

    def _look_at(self, account: Account, room: str) -> None:
        verdict = self._private.in_room(room, account.user)
        search = f"/channels/{room}/messages/search?sort_order=asc"
        for path in (f"/channels/{room}", f"/channels/{room}/messages?limit=100", f"/channels/{room}/pins", search):
            answer = account.rest.get(path)
            self._counts["requests checked"] += 1
            if not verdict.admits(answer):
                self._fail(f"{account.name}, GET {path}, should be {verdict}: {answer}")
        if verdict.may_succeed:
            listed = account.rest.must("GET", f"/channels/{room}/messages?limit=100")
            notes = {one["id"]: one["content"] for one in listed if one["type"] == 0}
            truth = {note.id: note.content for note in self._private.rooms[room].notes.values()}
            if len(listed) < 100 and notes != truth:
                self._fail(f"{account.name} reads {notes}, not {truth}")
            answer = account.rest.must("GET", search)
            found = {hit["id"]: hit["content"] for (hit,) in answer["messages"]}
            first = dict(sorted(truth.items(), key=lambda note: int(note[0]))[:SEARCH_PAGE])
            if found != first or answer["total_results"] != len(truth):
                self._fail(f"{account.name} finds {answer['total_results']}, {found}, not {truth}")

    def _fail(self, fault: str) -> None:
        pytest.fail("\n".join([*self._history[-12:], fault]))


def is_signal(event: object, signal: str) -> bool:
    name, data = getattr(event, "name", ""), getattr(event, "data", None)
    return name == "MESSAGE_CREATE" and data["id"] == signal


def let_in(landlord: Account, guild: str, bot: Account) -> None:
    query = f"client_id={bot.client_id}&scope=bot&permissions=0"
    body = {"authorize": True, "guild_id": guild, "permissions": "0"}
    landlord.rest.must("POST", f"/oauth2/authorize?{query}", body)
