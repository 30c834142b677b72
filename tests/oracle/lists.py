"""What REST lists for an account must be exactly what the oracle lists for it."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import quote

from cast import Account
from guild import TEXT, Channel
from messages import EMOJIS
from oracle import channel_permissions, guild_permissions, visible_channels
from permission import Permission
from rest import Answer
from sight import Change, leak, secrets
from verdict import ALLOWED, OPEN, Verdict, in_channel, in_guild
from world import World

# Types of messages that somebody wrote; the others are written by the server.
WRITTEN = (0, 19)
PAGE_MAX = 100


class Lists:
    """Everything that one account can list, looked at once."""

    def __init__(self, world: World, account: Account, counts: Counter[str]) -> None:
        self._guild, self._account, self._counts = world.guild, account, counts
        self._sync = world.sync
        self._user = account.user
        self._secrets = secrets(Change(world.guild, world.guild), account.user)
        self.faults: list[str] = []

    def check(self) -> list[str]:
        """What is wrong."""
        self._guilds()
        self._roles_and_members()
        self._moderation()
        self._channels()
        if self._user in self._guild.members:
            for channel in visible_channels(self._guild, self._user):
                self._channel(self._guild.channels[channel])
        return self.faults

    def _guilds(self) -> None:
        listed = self._get("/users/@me/guilds", ALLOWED)
        self._same("guilds", self._guild.id in ids(listed), self._user in self._guild.members)
        self._get(f"/guilds/{self._guild.id}", in_guild(self._guild, self._user))

    def _roles_and_members(self) -> None:
        guild, as_member = self._guild, in_guild(self._guild, self._user)
        roles = self._get(f"/guilds/{guild.id}/roles", as_member)
        self._same("roles", ids(roles), self._if_member(guild.roles.keys()))
        for user in [self._user, guild.owner]:
            self._get(f"/guilds/{guild.id}/members/{user}", as_member)
        if self._account.is_bot:
            listed = self._get(f"/guilds/{guild.id}/members?limit=1000", as_member)
            users = {member["user"]["id"] for member in listed or []}
            self._same("members", users, self._if_member(guild.members.keys()))

    def _channels(self) -> None:
        listed = self._get(f"/guilds/{self._guild.id}/channels", in_guild(self._guild, self._user))
        self._same("channels", ids(listed), visible_channels(self._guild, self._user))

    def _moderation(self) -> None:
        guild, path = self._guild, f"/guilds/{self._guild.id}"
        permissions = guild_permissions(guild, self._user)
        bans = self._get(f"{path}/bans", in_guild(guild, self._user, Permission.BAN_MEMBERS))
        banned = {ban["user"]["id"] for ban in bans or []}
        self._same("bans", banned, guild.bans if Permission.BAN_MEMBERS in permissions else set())
        audit_log = in_guild(guild, self._user, Permission.VIEW_AUDIT_LOG)
        self._get(f"{path}/audit-logs", audit_log, telling=True)
        invites = in_guild(guild, self._user, Permission.MANAGE_GUILD)
        # "MANAGE_GUILD or VIEW_AUDIT_LOG": the second is new.
        self._get(f"{path}/invites", OPEN if audit_log.may_succeed else invites, telling=True)

    def _channel(self, channel: Channel) -> None:
        guild, user, path = self._guild, self._user, f"/channels/{channel.id}"
        self._get(path, ALLOWED)
        codes = {invite.code for invite in guild.invites.values() if invite.channel == channel.id}
        verdict = in_channel(guild, user, channel.id, Permission.MANAGE_CHANNELS)
        if channel.kind == TEXT:
            listed = self._get(f"{path}/invites", verdict, telling=True)
            shown = {invite["code"] for invite in listed or []}
            self._same("invites", shown, codes if verdict.may_succeed else set())
            self._messages(channel, in_channel(guild, user, channel.id, Permission.READ_MESSAGE_HISTORY))

    def _messages(self, channel: Channel, history: Verdict) -> None:
        path = f"/channels/{channel.id}/messages"
        listed = self._get(f"{path}?limit={PAGE_MAX}", ALLOWED)
        written = {message["id"] for message in listed or [] if message["type"] in WRITTEN}
        if channel.id != self._sync:
            truth = set(channel.messages) if history.may_succeed else set()
            self._same(f"messages of {channel}", written, truth)
        elif not history.may_succeed:
            self._same("messages", ids(listed), set())
        self._pins(channel, history)
        for message in list(channel.messages)[-1:]:
            self._get(f"{path}/{message}", history)
            # The documentation names no permission for who reacted: without history, both are right.
            reactions = f"{path}/{message}/reactions/{quote(EMOJIS[0])}"
            self._get(reactions, history if history.may_succeed else OPEN)

    def _pins(self, channel: Channel, history: Verdict) -> None:
        """Without READ_MESSAGE_HISTORY there are none to be had, be it an empty list or a refusal."""
        verdict = ALLOWED if history.may_succeed else OPEN
        pinned = {message.id for message in channel.messages.values() if message.pinned}
        old = self._get(f"/channels/{channel.id}/pins", verdict)
        new = self._get(f"/channels/{channel.id}/messages/pins", verdict)
        for listed in (ids(old), {item["message"]["id"] for item in (new or {}).get("items", [])}):
            self._same("pins", listed, pinned if history.may_succeed else set())

    def _get(self, path: str, verdict: Verdict, *, telling: bool = False) -> Any:
        """The body of a success, else None. `telling`: it may tell of channels that one does not see."""
        answer = self._account.rest.get(path)
        self._counts["requests checked"] += 1
        if not verdict.admits(answer):
            self._fault(path, f"should be {verdict}", answer)
        hidden = None if telling else leak("", answer.body, self._secrets)
        if hidden:
            self._fault(path, hidden, answer)
        return answer.body if answer.ok else None

    def _fault(self, path: str, reason: str, answer: Answer) -> None:
        self.faults.append(f"{self._account.name}, GET {path}, {reason}: {answer}")

    def _same(self, what: str, listed: object, truth: object) -> None:
        if listed != truth:
            self.faults.append(f"{self._account.name} is listed {what} {listed}, not {truth}")

    def _if_member(self, these: Any) -> set[str]:
        return set(these) if self._user in self._guild.members else set()


def ids(listed: Any) -> set[str]:
    return {one["id"] for one in listed or []}
