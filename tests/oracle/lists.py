"""What REST lists for an account must be exactly what the oracle lists for it."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import quote

from cast import Account
from guild import CATEGORY, TEXT, Channel
from messages import EMOJIS
from oracle import channel_permissions, guild_permissions, visible_channels
from permission import Permission
from rest import Answer
from sight import Change, leak, secrets
from verdict import ALLOWED, OPEN, REFUSED, UNKNOWN_GUILD, Verdict, in_channel, in_guild
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
        self._search_guild()
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

    def _search_guild(self) -> None:
        """What is found in the guild is what may be read in it, whichever channels are named."""
        path = f"/guilds/{self._guild.id}/messages/search?"
        if self._user not in self._guild.members:
            self._get(path + "content=words", UNKNOWN_GUILD)
            return
        channels = [channel for channel in self._guild.channels.values() if channel.id != self._sync]
        if not channels:
            return
        truth = {id for channel in channels if self._may_read(channel) for id in channel.messages}
        named = "".join(f"&channel_id={channel.id}" for channel in channels)
        for query in ("content=words" + named, "content=word*&sort_order=asc" + named, named):
            self._same("found", self._found(path + query, len(truth)), truth)
        pinned = {id for channel in channels for id in channel.messages if channel.messages[id].pinned} & truth
        self._same("found pinned", self._found(f"{path}pinned=true{named}", len(pinned)), pinned)

    def _search_channel(self, channel: Channel) -> None:
        path = f"/channels/{channel.id}/messages/search?"
        if channel.kind == CATEGORY or not self._may_read(channel):
            self._get(path + "content=words", REFUSED)
            return
        truth = set(channel.messages)
        self._same("found", self._found(path + "content=words", len(truth)), truth)
        authors = {message.author for message in channel.messages.values()}
        for author in authors:
            by = {id for id, message in channel.messages.items() if message.author == author}
            self._same("found by one", self._found(f"{path}author_id={author}", len(by)), by)

    def _may_read(self, channel: Channel) -> bool:
        return Permission.READ_MESSAGE_HISTORY in channel_permissions(self._guild, self._user, channel)

    def _found(self, path: str, total: int) -> set[str]:
        """The messages on all pages; each page must tell the same total."""
        found: list[str] = []
        while True:
            page = self._get(f"{path}&offset={len(found)}", ALLOWED) or {"messages": [], "total_results": None}
            self._same("a total of", page["total_results"], total)
            if not page["messages"]:
                self._same("found once", len(found), len(set(found)))
                return set(found)
            found += [message["id"] for group in page["messages"] for message in group]

    def _channel(self, channel: Channel) -> None:
        guild, user, path = self._guild, self._user, f"/channels/{channel.id}"
        self._get(path, ALLOWED)
        codes = {invite.code for invite in guild.invites.values() if invite.channel == channel.id}
        verdict = in_channel(guild, user, channel.id, Permission.MANAGE_CHANNELS)
        if channel.id != self._sync:
            self._search_channel(channel)
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
