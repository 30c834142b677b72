"""What a member may do, from Discord's page on permissions, word by word. Slow and simple on purpose."""

from __future__ import annotations

from guild import VOICE, Channel, Guild, Member
from permission import ALL, NONE, OF_SENDERS, TIMED_OUT, Permission


def guild_permissions(guild: Guild, user: str) -> Permission:
    """What `user` may do in the guild as a whole; nothing, for one who is no member."""
    member = guild.members.get(user)
    if member is None:
        return NONE
    return after_timeout(guild, member, base_permissions(guild, member))


def channel_permissions(guild: Guild, user: str, channel: Channel) -> Permission:
    """What `user` may do in `channel`."""
    member = guild.members.get(user)
    if member is None:
        return NONE
    permissions = overwritten(base_permissions(guild, member), guild, member, channel)
    return implied(after_timeout(guild, member, permissions), channel)


def may_view(guild: Guild, user: str, channel: str) -> bool:
    """Whether the channel exists, for `user`."""
    found = guild.channels.get(channel)
    return found is not None and Permission.VIEW_CHANNEL in channel_permissions(guild, user, found)


def visible_channels(guild: Guild, user: str) -> set[str]:
    return {channel for channel in guild.channels if may_view(guild, user, channel)}


def base_permissions(guild: Guild, member: Member) -> Permission:
    if guild.owner == member.id:
        return ALL
    permissions = guild.roles[guild.id].permissions
    for role in member.roles:
        if role in guild.roles:
            permissions |= guild.roles[role].permissions
    if Permission.ADMINISTRATOR in permissions:
        return ALL
    return permissions


def overwritten(base: Permission, guild: Guild, member: Member, channel: Channel) -> Permission:
    if Permission.ADMINISTRATOR in base:
        return ALL
    permissions = base
    everyone = channel.overwrites.get(guild.id)
    if everyone:
        permissions &= ~everyone.deny
        permissions |= everyone.allow
    allow, deny = NONE, NONE
    for role in member.roles:
        if role in guild.roles and role in channel.overwrites:
            allow |= channel.overwrites[role].allow
            deny |= channel.overwrites[role].deny
    permissions &= ~deny
    permissions |= allow
    own = channel.overwrites.get(member.id)
    if own:
        permissions &= ~own.deny
        permissions |= own.allow
    return permissions


def after_timeout(guild: Guild, member: Member, permissions: Permission) -> Permission:
    exempt = guild.owner == member.id or Permission.ADMINISTRATOR in permissions
    return permissions & TIMED_OUT if member.timed_out and not exempt else permissions


def implied(permissions: Permission, channel: Channel) -> Permission:
    """Without what another permission's absence makes meaningless ("Implicit Permissions")."""
    if Permission.VIEW_CHANNEL not in permissions:
        return NONE
    if channel.kind == VOICE and Permission.CONNECT not in permissions:
        permissions &= ~Permission.MANAGE_CHANNELS
    if Permission.SEND_MESSAGES not in permissions:
        permissions &= ~OF_SENDERS
    return permissions


def above_role(guild: Guild, user: str, role: str) -> bool | None:
    """Whether `role` is lower than the highest role of `user`; None where the documentation does not say."""
    if guild.owner == user:
        return True
    position = guild.roles[role].position
    return higher(highest_roles(guild, user), (position, {role}))


def above_member(guild: Guild, user: str, other: str) -> bool | None:
    """Whether `user` may act upon `other`, as far as roles go; None where the documentation does not say."""
    if guild.owner in (user, other):
        return guild.owner == user
    return higher(highest_roles(guild, user), highest_roles(guild, other))


def highest_roles(guild: Guild, user: str) -> tuple[int, set[str]]:
    """The position of the highest role of `user`, and their roles that stand there."""
    roles = [guild.roles[role] for role in guild.members[user].roles | {guild.id} if role in guild.roles]
    top = max(role.position for role in roles)
    return top, {role.id for role in roles if role.position == top}


def higher(mine: tuple[int, set[str]], theirs: tuple[int, set[str]]) -> bool | None:
    if mine[0] != theirs[0]:
        return mine[0] > theirs[0]
    # "Roles with the same position are sorted by id": which way is not said.
    return False if mine[1] == theirs[1] and len(mine[1]) == 1 else None
