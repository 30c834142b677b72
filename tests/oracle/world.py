"""A guild made up by chance, on the server and, as the truth that is kept of it, here."""

from __future__ import annotations

from random import Random

from action import Action, one_of, pick_permissions, unique_name
from cast import Cast
from channels import CreateChannel, PutOverwrite, RenameChannel, living, pick_overwrites
from guild import (
    CATEGORY,
    OF_ROLE,
    TEXT,
    VOICE,
    Channel,
    Guild,
    Member,
    Overwrite,
    channel_from,
    member_from,
    role_from,
)
from invites import CreateInvite
from members import AddBot, Join, TimeOut, in_a_week
from messages import Pin, React, Send
from oracle import guild_permissions
from permission import NONE, Permission
from rest import Answer
from roles import COMMON, CreateRole, EditRole, GiveRole, SortRoles, ordinary_roles, pick_role_permissions

STRANGERS, ROLES = 2, 6


class Disagreement(AssertionError):
    """The server did what the oracle says it must not, or not what it must."""


class World:
    """A guild and its truth. Everything goes through :meth:`perform`, which keeps the two together."""

    def __init__(self, cast: Cast, dice: Random) -> None:
        self.cast, self.dice = cast, dice
        self.owner = cast.owner.user
        body = cast.owner.rest.must("POST", "/guilds", {"name": unique_name(dice, "guild")})
        self.guild = Guild(body["id"], self.owner, body["name"])
        self.guild.members[self.owner] = Member(self.owner)
        self.read_roles()
        for channel in self.listed_channels():
            self.guild.channels[channel.id] = channel
        self.sync = self.door = ""
        self._furnish()

    def is_bot(self, user: str) -> bool:
        return self.cast.by_user[user].is_bot

    def everybody(self) -> list[str]:
        return [account.user for account in self.cast.accounts]

    def client_id(self, user: str) -> str:
        return self.cast.by_user[user].client_id or ""

    def send(self, action: Action) -> Answer:
        request = action.request(self.guild)
        return self.cast.by_user[action.actor].rest.call(request.method, request.path, request.body)

    def perform(self, action: Action) -> Answer:
        """Tries it for real; fails unless the server answers what the oracle says, and shows what follows."""
        verdict = action.verdict(self.guild)
        told = self.explain(action)
        answer = self.send(action)
        if not verdict.admits(answer):
            raise Disagreement(f"{told}\nshould be: {verdict}\nbut was:   {answer}")
        if answer.ok:
            members = set(self.guild.members)
            action.apply(self.guild, answer.body)
            self.compare(told, set(self.guild.members) - members)
        return answer

    def settle(self, action: Action) -> None:
        answer = self.perform(action)
        assert answer.ok, f"while the guild is made: {action}: {answer}"

    def explain(self, action: Action) -> str:
        """The action, who tries it, and what they may."""
        member = self.guild.members.get(action.actor)
        role = "owner" if action.actor == self.owner else "member" if member else "stranger"
        timed_out = ", timed out" if member and member.timed_out else ""
        may = guild_permissions(self.guild, action.actor)
        request = action.request(self.guild)
        return (
            f"{self.cast.name(action.actor)} ({role}{timed_out}, may {may!r}) tries {action}\n"
            f"{request.method} {request.path} {request.body}"
        )

    def learn(self) -> None:
        """Makes the truth what the owner is shown, when it was not kept; but for messages and invites."""
        rest, path, guild = self.cast.owner.rest, f"/guilds/{self.guild.id}", self.guild
        guild.name = rest.must("GET", path)["name"]
        guild.roles = {one["id"]: role_from(one) for one in rest.must("GET", f"{path}/roles")}
        guild.channels = {channel.id: channel for channel in self.listed_channels()}
        answers = [rest.get(f"{path}/members/{user}") for user in self.everybody()]
        members = [member_from(answer.body) for answer in answers if answer.ok]
        guild.members = {member.id: member for member in members}

    def compare(self, told: str, newcomers: set[str]) -> None:
        """What the owner is shown has to be the truth; where the documentation is silent, it becomes it."""
        if self.owner not in self.guild.members:
            return
        faults = self.read_roles()
        for user in newcomers:
            faults += self.read_member(user)
        faults += self.read_channels()
        if faults:
            raise Disagreement("\n".join([told, "afterwards the owner is shown:", *faults]))

    def read_roles(self) -> list[str]:
        """Takes over positions, and the roles that come and go with bots."""
        rest, known = self.cast.owner.rest, self.guild.roles
        listed = {one["id"]: role_from(one) for one in rest.must("GET", f"/guilds/{self.guild.id}/roles")}
        first = not known
        for role in [role for role in known.values() if role.managed and role.id not in listed]:
            del known[role.id]
        for role in listed.values():
            if first or (role.managed and role.id not in known):
                known[role.id] = role
            elif role.id in known:
                known[role.id].position = role.position
        return [f"roles {listed}, not {known}"] if listed != known else []

    def read_member(self, user: str) -> list[str]:
        """Takes over what one who comes is given: the roles of bots; a timeout that may outlast leaving."""
        body = self.cast.owner.rest.must("GET", f"/guilds/{self.guild.id}/members/{user}")
        member = self.guild.members[user] = member_from(body)
        given = [role for role in member.roles if not self.guild.roles[role].managed]
        return [f"a newcomer who is not new: {body}"] if given or member.nick else []

    def read_channels(self) -> list[str]:
        """Forgets overwrites of roles and members that are gone, if the server has."""
        listed = {channel.id: channel for channel in self.listed_channels()}
        faults = [f"unknown channel {listed[one]}" for one in listed.keys() - self.guild.channels.keys()]
        for channel in self.guild.channels.values():
            shown = listed.get(channel.id)
            alive = living(self.guild, channel.overwrites)
            if shown:
                kept = alive.keys() | shown.overwrites.keys()
                channel.overwrites = {id: one for id, one in channel.overwrites.items() if id in kept}
            if not shown or outline(self.guild, shown) != outline(self.guild, channel):
                faults.append(f"channel {shown}, not {channel}")
        return faults

    def listed_channels(self) -> list[Channel]:
        listed = self.cast.owner.rest.must("GET", f"/guilds/{self.guild.id}/channels")
        return [channel_from(one) for one in listed]

    def _furnish(self) -> None:
        self._make_sync()
        self._make_roles()
        self._invite_members()
        self._make_channels()
        self._fill_channels()

    def _make_sync(self) -> None:
        for channel in list(self.guild.channels):
            self.settle(RenameChannel(self.owner, channel, unique_name(self.dice, "place")))
        self.settle(CreateChannel(self.owner, TEXT, unique_name(self.dice, "sync"), None, None))
        self.sync = list(self.guild.channels)[-1]
        shown = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
        overwrite = Overwrite(OF_ROLE, shown, Permission.SEND_MESSAGES)
        self.settle(PutOverwrite(self.owner, self.sync, self.guild.id, overwrite))
        self.settle(CreateInvite(self.owner, self.sync))
        self.door = next(iter(self.guild.invites))

    def _make_roles(self) -> None:
        everyone = self.guild.roles[self.guild.id]
        base = pick_permissions(self.dice, COMMON, 0.7) & ~Permission.VIEW_CHANNEL
        # Half of the guilds are open unless closed, the others closed unless opened.
        base |= self.dice.choice([NONE, Permission.VIEW_CHANNEL])
        self.settle(EditRole(self.owner, everyone.id, everyone.name, base))
        for _ in range(ROLES):
            name = unique_name(self.dice, "rank")
            self.settle(CreateRole(self.owner, name, pick_role_permissions(self.dice)))

    def _invite_members(self) -> None:
        for account in self.cast.accounts[1 + STRANGERS :]:
            if account.client_id:
                permissions = pick_role_permissions(self.dice)
                self.settle(AddBot(self.owner, account.user, account.client_id, permissions))
            else:
                self.settle(Join(account.user, self.door))
        ordinary = ordinary_roles(self.guild)
        for member in sorted(set(self.guild.members) - {self.owner}):
            for role in self.dice.sample(ordinary, self.dice.randint(0, 3)):
                self.settle(GiveRole(self.owner, role, member))
        order = [role for role in self.guild.roles if role != self.guild.id]
        self.settle(SortRoles(self.owner, tuple(self.dice.sample(order, len(order)))))
        self._time_somebody_out()

    def _time_somebody_out(self) -> None:
        may = {user: guild_permissions(self.guild, user) for user in sorted(self.guild.members)}
        choice = one_of(self.dice, [user for user in may if Permission.ADMINISTRATOR not in may[user]])
        if choice:
            self.settle(TimeOut(self.owner, choice, in_a_week()))

    def _make_channels(self) -> None:
        for kind in [CATEGORY, CATEGORY, TEXT, TEXT, TEXT, TEXT, VOICE]:
            categories = [one.id for one in self.guild.channels.values() if one.kind == CATEGORY]
            parent = one_of(self.dice, categories) if kind != CATEGORY and self.dice.random() < 0.7 else None
            overwrites = pick_overwrites(self.dice, self.guild, 3) or None
            name = unique_name(self.dice, "place")
            self.settle(CreateChannel(self.owner, kind, name, parent, overwrites))

    def _fill_channels(self) -> None:
        texts = [one for one in self.guild.channels.values() if one.kind == TEXT]
        for channel in [one for one in texts if one.id != self.sync]:
            for _ in range(2):
                self.settle(Send(self.owner, channel.id, unique_name(self.dice, "words"), None))
            first, second = channel.messages
            self.settle(Pin(self.owner, channel.id, first, False))
            self.settle(React(self.owner, channel.id, second, "👍"))


def outline(guild: Guild, channel: Channel) -> tuple[object, ...]:
    return channel.kind, channel.name, channel.parent, living(guild, channel.overwrites)
