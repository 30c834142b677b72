"""The rule of sight: which events a session must receive between two moments, and which it must not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guild import Channel, Guild
from intents import INTENT_OF, Intent
from oracle import channel_permissions, guild_permissions, may_view, visible_channels
from permission import Permission
from session import Event

# What happened, shortly: the name of an event and the ids that tell which.
Sign = tuple[str, ...]

# Ids of channels that one does not see may stand here: the documentation shows them to every member.
REFERENCES = {
    "parent_id",
    "afk_channel_id",
    "system_channel_id",
    "rules_channel_id",
    "public_updates_channel_id",
    "safety_alerts_channel_id",
    "widget_channel_id",
}
# The key whose value tells what an event is about.
NAMED_BY = {
    "GUILD_CREATE": "id",
    "GUILD_UPDATE": "id",
    "GUILD_DELETE": "id",
    "GUILD_ROLE_DELETE": "role_id",
    "CHANNEL_CREATE": "id",
    "CHANNEL_UPDATE": "id",
    "CHANNEL_DELETE": "id",
    "CHANNEL_PINS_UPDATE": "channel_id",
    "INVITE_CREATE": "code",
    "INVITE_DELETE": "code",
    "MESSAGE_CREATE": "id",
    "MESSAGE_UPDATE": "id",
    "MESSAGE_DELETE": "id",
}
# The audit log tells of all channels to whoever may read it, and an invite to whoever knows its code.
TELLING = {"GUILD_AUDIT_LOG_ENTRY_CREATE", "DeleteInvite", "Join"}
# Show what stands in a channel now; the others only that something is gone.
REVEALING = {"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_REACTION_ADD", "TYPING_START", "INVITE_CREATE"}


@dataclass(frozen=True)
class Viewer:
    user: str
    is_bot: bool
    intents: Intent


@dataclass(frozen=True)
class Change:
    """The guild before and after one action; `typed` is who typed where, meanwhile."""

    before: Guild
    after: Guild
    typed: frozenset[tuple[str, str]] = frozenset()


def expected(change: Change, viewer: Viewer) -> set[Sign]:
    """What `viewer` must receive."""
    before, after = change.before, change.after
    was, stays = viewer.user in before.members, viewer.user in after.members
    if was and stays:
        return {sign for sign in happened(change, viewer) if wants(viewer, sign)}
    if was or stays:
        return {("GUILD_CREATE" if stays else "GUILD_DELETE", after.id)}
    return set()


def wants(viewer: Viewer, sign: Sign) -> bool:
    """GUILD_MEMBER_UPDATE "is sent for current-user updates regardless of whether the intent is set"."""
    name = sign[0]
    own = sign == ("GUILD_MEMBER_UPDATE", viewer.user)
    return own or name not in INTENT_OF or INTENT_OF[name] in viewer.intents


def happened(change: Change, viewer: Viewer) -> Iterator[Sign]:
    before, after = change.before, change.after
    if before.name != after.name:
        yield "GUILD_UPDATE", after.id
    yield from of_roles(before, after)
    yield from of_members(before, after, viewer.user)
    yield from of_channels(before, after, viewer.user)
    for channel in visible_channels(before, viewer.user) & visible_channels(after, viewer.user):
        yield from of_messages(before.channels[channel], after.channels[channel])
        others = ((place, user) for place, user in change.typed if place == channel and user != viewer.user)
        yield from (("TYPING_START", *typed) for typed in others)
    if viewer.is_bot:
        # "Only sent to bots with …": whether people get these is not said.
        yield from of_moderation(before, after, viewer.user)
        yield from of_invites(before, after, viewer.user)


def of_roles(before: Guild, after: Guild) -> Iterator[Sign]:
    yield from (("GUILD_ROLE_CREATE", role) for role in after.roles.keys() - before.roles.keys())
    yield from (("GUILD_ROLE_DELETE", role) for role in before.roles.keys() - after.roles.keys())
    for role in before.roles.keys() & after.roles.keys():
        if before.roles[role] != after.roles[role]:
            yield "GUILD_ROLE_UPDATE", role


def of_members(before: Guild, after: Guild, user: str) -> Iterator[Sign]:
    yield from (("GUILD_MEMBER_ADD", one) for one in after.members.keys() - before.members.keys())
    yield from (("GUILD_MEMBER_REMOVE", one) for one in before.members.keys() - after.members.keys())
    for one in before.members.keys() & after.members.keys():
        if before.members[one] != after.members[one]:
            yield "GUILD_MEMBER_UPDATE", one


def of_channels(before: Guild, after: Guild, user: str) -> Iterator[Sign]:
    seen, sees = visible_channels(before, user), visible_channels(after, user)
    yield from (("CHANNEL_CREATE", channel) for channel in sees - seen)
    yield from (("CHANNEL_DELETE", channel) for channel in seen - sees)
    for channel in seen & sees:
        if face(before.channels[channel], after) != face(after.channels[channel], after):
            yield "CHANNEL_UPDATE", channel


def face(channel: Channel, guild: Guild) -> tuple[object, ...]:
    """What CHANNEL_UPDATE tells of; not the overwrites of who is gone."""
    alive = guild.roles.keys() | guild.members.keys()
    overwrites = {target: one for target, one in channel.overwrites.items() if target in alive}
    return channel.name, channel.parent, overwrites


def of_messages(before: Channel, after: Channel) -> Iterator[Sign]:
    yield from (("MESSAGE_CREATE", one) for one in after.messages.keys() - before.messages.keys())
    yield from (("MESSAGE_DELETE", one) for one in before.messages.keys() - after.messages.keys())
    for id in before.messages.keys() & after.messages.keys():
        old, new = before.messages[id], after.messages[id]
        if old.content != new.content:
            yield "MESSAGE_UPDATE", id
        if old.pinned != new.pinned:
            yield "CHANNEL_PINS_UPDATE", after.id
        was, is_now = set(flat(old.reactions)), set(flat(new.reactions))
        yield from (("MESSAGE_REACTION_ADD", id, *one) for one in is_now - was)
        yield from (("MESSAGE_REACTION_REMOVE", id, *one) for one in was - is_now)


def flat(reactions: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    return ((emoji, user) for emoji, users in reactions.items() for user in users)


def of_moderation(before: Guild, after: Guild, user: str) -> Iterator[Sign]:
    always = guild_permissions(before, user) & guild_permissions(after, user)
    if Permission.BAN_MEMBERS in always:
        yield from (("GUILD_BAN_ADD", one) for one in after.bans - before.bans)
        yield from (("GUILD_BAN_REMOVE", one) for one in before.bans - after.bans)
    if Permission.VIEW_AUDIT_LOG in always and is_logged(before, after):
        yield ("GUILD_AUDIT_LOG_ENTRY_CREATE",)


def is_logged(before: Guild, after: Guild) -> bool:
    """Of the audit log events, those that surely happened."""
    roles = [{id for id, role in guild.roles.items() if not role.managed} for guild in (before, after)]
    same_channels = before.channels.keys() == after.channels.keys()
    return not same_channels or roles[0] != roles[1] or before.bans != after.bans or before.name != after.name


def of_invites(before: Guild, after: Guild, user: str) -> Iterator[Sign]:
    for name, some, others in (("INVITE_CREATE", after, before), ("INVITE_DELETE", before, after)):
        for code in some.invites.keys() - others.invites.keys():
            channel = some.invites[code].channel
            if all(may(guild, user, channel, Permission.MANAGE_CHANNELS) for guild in (before, after)):
                yield name, code


def may(guild: Guild, user: str, channel: str, permission: Permission) -> bool:
    found = guild.channels.get(channel)
    return found is not None and permission in channel_permissions(guild, user, found)


def signs(event: Event, before: Guild) -> Iterator[Sign]:
    """What `event` says, in the terms of `expected`."""
    name, data = event.name, event.data
    if name in NAMED_BY:
        yield name, data[NAMED_BY[name]]
    match name:
        case "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE":
            yield name, data["role"]["id"]
        case "GUILD_MEMBER_ADD" | "GUILD_MEMBER_UPDATE" | "GUILD_MEMBER_REMOVE":
            yield name, data["user"]["id"]
        case "GUILD_BAN_ADD" | "GUILD_BAN_REMOVE":
            yield name, data["user"]["id"]
        case "GUILD_AUDIT_LOG_ENTRY_CREATE":
            yield (name,)
        case "MESSAGE_DELETE_BULK":
            yield from (("MESSAGE_DELETE", one) for one in data["ids"])
        case "TYPING_START":
            yield name, data["channel_id"], data["user_id"]
        case "MESSAGE_REACTION_ADD" | "MESSAGE_REACTION_REMOVE":
            yield name, data["message_id"], data["emoji"]["name"], data["user_id"]
        case "MESSAGE_REACTION_REMOVE_ALL" | "MESSAGE_REACTION_REMOVE_EMOJI":
            yield from of_removed_reactions(data, before)


def of_removed_reactions(data: Any, before: Guild) -> Iterator[Sign]:
    channel = before.channels.get(data["channel_id"])
    message = channel and channel.messages.get(data["message_id"])
    for emoji, user in flat(message.reactions) if message else ():
        if data.get("emoji", {"name": emoji})["name"] == emoji:
            yield "MESSAGE_REACTION_REMOVE", data["message_id"], emoji, user


def forbidden(event: Event, change: Change, viewer: Viewer) -> str | None:
    """Why `viewer` must not receive `event`; None if they may."""
    data = event.data if isinstance(event.data, dict) else {}
    if not concerns(event, data, change):
        return None
    if not wants(viewer, next(signs(event, change.before), (event.name,))):
        return f"without the intent for {event.name}"
    if viewer.user not in change.before.members and viewer.user not in change.after.members:
        return about_other_guild(event.name, data)
    return (
        about_hidden_channel(event.name, data, change, viewer.user)
        or without_permission(event.name, data, change, viewer.user)
        or wrong_content(event, data, change, viewer)
        or leak(event.name, data, secrets(change, viewer.user))
    )


def about_other_guild(name: str, data: dict[str, Any]) -> str | None:
    """Only an answer without members says nothing."""
    empty = name == "GUILD_MEMBERS_CHUNK" and not data["members"]
    return None if empty else "about a guild one is not in"


def concerns(event: Event, data: dict[str, Any], change: Change) -> bool:
    """Whether it is about the guild that is looked at."""
    whole = event.name in ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE")
    of_guild = data.get("id" if whole else "guild_id")
    channels = change.before.channels.keys() | change.after.channels.keys()
    return of_guild == change.after.id or data.get("channel_id") in channels


def about_hidden_channel(name: str, data: dict[str, Any], change: Change, user: str) -> str | None:
    is_channel = name in ("CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE")
    channel = data.get("id" if is_channel else "channel_id")
    if channel is None or name == "GUILD_AUDIT_LOG_ENTRY_CREATE":
        return None
    saw, sees = may_view(change.before, user, channel), may_view(change.after, user, channel)
    if name == "CHANNEL_DELETE":
        return None if saw and not sees else f"of a channel that is {'still' if saw else 'never'} seen"
    shown = sees if name in REVEALING or is_channel else saw or sees
    return None if shown else "in a channel one does not see"


def without_permission(name: str, data: dict[str, Any], change: Change, user: str) -> str | None:
    guilds = change.before, change.after
    ever = guild_permissions(guilds[0], user) | guild_permissions(guilds[1], user)
    if name.startswith("INVITE_"):
        needed = Permission.MANAGE_CHANNELS
        managed = [may(guild, user, data["channel_id"], needed) for guild in guilds]
        return None if any(managed) else f"without {needed!r}"
    if name.startswith("GUILD_BAN_"):
        needed = Permission.BAN_MEMBERS | Permission.VIEW_AUDIT_LOG
        return None if ever & needed else f"without either of {needed!r}"
    if name == "GUILD_AUDIT_LOG_ENTRY_CREATE" and Permission.VIEW_AUDIT_LOG not in ever:
        return "without VIEW_AUDIT_LOG"
    return None


def wrong_content(event: Event, data: dict[str, Any], change: Change, viewer: Viewer) -> str | None:
    """Of bots: what people get who do not ask for MESSAGE_CONTENT, is not said."""
    if event.name not in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        return None
    if Intent.MESSAGE_CONTENT in viewer.intents:
        channel = change.after.channels.get(data["channel_id"])
        message = channel and channel.messages.get(data["id"])
        return "with other content" if message and data["content"] != message.content else None
    addressed = [data["author"]["id"], *(user["id"] for user in data["mentions"])]
    withheld = viewer.is_bot and viewer.user not in addressed
    return "with content, without the intent" if withheld and data["content"] else None


def secrets(change: Change, user: str) -> set[str]:
    """The ids, names and words of all channels that `user` sees neither before nor after."""
    guilds = change.before, change.after
    everything = {word for guild in guilds for channel in guild.channels.values() for word in words(channel)}
    for guild in guilds:
        for channel in visible_channels(guild, user):
            everything.difference_update(words(guild.channels[channel]))
    return everything


def words(channel: Channel) -> Iterator[str]:
    yield from (channel.id, channel.name)
    for message in channel.messages.values():
        yield from (message.id, message.content)


def leak(name: str, data: Any, secret: set[str]) -> str | None:
    found = set() if name in TELLING else secret & set(strings(data))
    return f"with {sorted(found)} of a channel one does not see" if found else None


def strings(body: Any) -> Iterator[str]:
    """Every text in `body`, however deep, but for the references."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, list):
        for one in body:
            yield from strings(one)
    elif isinstance(body, dict):
        for key, value in body.items():
            if key not in REFERENCES:
                yield from strings(value)
