"""The oracle on what Discord's documentation itself says; no server is needed."""

from __future__ import annotations

import pytest

from guild import CATEGORY, OF_MEMBER, OF_ROLE, TEXT, VOICE, Channel, Guild, Member, Overwrite, Role
from oracle import (
    above_member,
    above_role,
    base_permissions,
    channel_permissions,
    guild_permissions,
    may_view,
)
from permission import ALL, NONE, Permission

VIEW, SEND, HISTORY = Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.READ_MESSAGE_HISTORY
MANAGE = Permission.MANAGE_CHANNELS


def guild_of(everyone: Permission, **roles: Permission) -> Guild:
    """A guild of `owner` and `ana`, where `ana` has all `roles`, the first the lowest."""
    guild = Guild("everyone", "owner", "guild")
    guild.roles["everyone"] = Role("everyone", "@everyone", everyone, 0)
    for place, (name, permissions) in enumerate(roles.items()):
        guild.roles[name] = Role(name, name, permissions, place + 1)
    guild.members = {"owner": Member("owner"), "ana": Member("ana", set(roles))}
    return guild


def allow(permissions: Permission, kind: int = OF_ROLE) -> Overwrite:
    return Overwrite(kind, permissions, NONE)


def deny(permissions: Permission, kind: int = OF_ROLE) -> Overwrite:
    return Overwrite(kind, NONE, permissions)


def in_channel(guild: Guild, **overwrites: Overwrite) -> Permission:
    """What `ana` may do in a text channel with these overwrites."""
    return in_any_channel(guild, TEXT, overwrites)


def in_any_channel(guild: Guild, kind: int, overwrites: dict[str, Overwrite]) -> Permission:
    channel = Channel("channel", kind, "channel", None, overwrites)
    guild.channels["channel"] = channel
    return channel_permissions(guild, "ana", channel)


def test_the_serialised_example_has_the_bits_that_it_is_said_to_have() -> None:
    permissions = Permission(0x40 | 0x800)
    assert permissions == 2112 == Permission.ADD_REACTIONS | SEND
    assert Permission.KICK_MEMBERS not in permissions


def test_base_permissions_are_those_of_everyone_and_of_all_ones_roles() -> None:
    guild = guild_of(VIEW, low=SEND, high=MANAGE)
    assert base_permissions(guild, guild.members["ana"]) == VIEW | SEND | MANAGE


def test_the_owner_has_all_permissions_without_a_role() -> None:
    assert guild_permissions(guild_of(NONE), "owner") == ALL


def test_who_is_no_member_has_no_permission() -> None:
    guild = guild_of(ALL)
    channel = Channel("channel", TEXT, "channel")
    guild.channels["channel"] = channel
    assert guild_permissions(guild, "ben") == channel_permissions(guild, "ben", channel) == NONE
    assert not may_view(guild, "ben", "channel")


def test_an_administrator_has_all_permissions_and_no_overwrite_takes_one() -> None:
    guild = guild_of(NONE, admin=Permission.ADMINISTRATOR)
    assert guild_permissions(guild, "ana") == ALL
    assert in_channel(guild, everyone=deny(VIEW), ana=deny(VIEW, OF_MEMBER)) == ALL


@pytest.mark.parametrize(
    ("overwrites", "sees"),
    [
        ({}, True),
        ({"everyone": deny(VIEW)}, False),
        ({"everyone": deny(VIEW), "low": allow(VIEW)}, True),
        ({"everyone": allow(VIEW), "low": deny(VIEW)}, False),
        ({"low": allow(VIEW), "high": deny(VIEW)}, True),
        ({"low": deny(VIEW), "high": allow(VIEW)}, True),
        ({"low": allow(VIEW), "ana": deny(VIEW, OF_MEMBER)}, False),
        ({"low": deny(VIEW), "ana": allow(VIEW, OF_MEMBER)}, True),
        ({"other": deny(VIEW), "ben": deny(VIEW, OF_MEMBER)}, True),
    ],
)
def test_overwrites_apply_from_everyone_over_roles_to_the_member(
    overwrites: dict[str, Overwrite], sees: bool
) -> None:
    """The documentation's #coolstuff is among them: of two roles, one denied, one allowed, in any order."""
    guild = guild_of(VIEW, low=NONE, high=NONE)
    assert (VIEW in in_channel(guild, **overwrites)) == sees


def test_allow_beats_deny_within_one_overwrite() -> None:
    assert VIEW in in_channel(guild_of(NONE), everyone=Overwrite(OF_ROLE, VIEW, VIEW))


def test_an_overwrite_of_a_role_that_is_gone_means_nothing() -> None:
    guild = guild_of(VIEW, low=NONE)
    del guild.roles["low"]
    assert VIEW in in_channel(guild, low=deny(VIEW))


def test_without_view_nothing_else_is_left() -> None:
    assert in_channel(guild_of(VIEW | SEND | MANAGE), everyone=deny(VIEW)) == NONE


def test_without_send_what_needs_sending_is_gone() -> None:
    guild = guild_of(VIEW | SEND | HISTORY | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE)
    assert in_channel(guild, everyone=deny(SEND)) == VIEW | HISTORY


def test_without_connect_a_voice_channel_is_not_managed() -> None:
    guild = guild_of(VIEW | MANAGE | Permission.CONNECT)
    without = {"everyone": deny(Permission.CONNECT)}
    assert in_any_channel(guild, VOICE, without) == VIEW
    assert MANAGE in in_any_channel(guild, TEXT, without)


def test_a_categorys_overwrites_do_not_reach_into_its_channels_by_themselves() -> None:
    guild = guild_of(VIEW)
    guild.channels["category"] = Channel("category", CATEGORY, "category", None, {"everyone": deny(VIEW)})
    guild.channels["child"] = Channel("child", TEXT, "child", "category")
    assert may_view(guild, "ana", "child") and not may_view(guild, "ana", "category")


def test_a_timeout_leaves_view_and_history_but_not_to_administrators_or_the_owner() -> None:
    guild = guild_of(VIEW | SEND | HISTORY | MANAGE, admin=NONE)
    for member in guild.members.values():
        member.timed_out = True
    assert guild_permissions(guild, "ana") == in_channel(guild) == VIEW | HISTORY
    assert in_channel(guild, everyone=deny(HISTORY)) == VIEW
    guild.roles["admin"].permissions = Permission.ADMINISTRATOR
    assert guild_permissions(guild, "ana") == guild_permissions(guild, "owner") == ALL


def test_one_is_above_the_roles_that_are_lower_than_ones_highest() -> None:
    guild = guild_of(NONE, low=NONE, high=NONE)
    guild.roles["top"] = Role("top", "top", NONE, 9)
    assert above_role(guild, "ana", "low") and above_role(guild, "ana", "everyone")
    assert above_role(guild, "ana", "high") is False is above_role(guild, "ana", "top")
    assert above_role(guild, "owner", "top")


def test_one_is_above_the_members_whose_highest_role_is_lower() -> None:
    guild = guild_of(NONE, low=NONE, high=NONE)
    guild.members["ben"] = Member("ben", {"low"})
    guild.members["eve"] = Member("eve", {"high"})
    assert above_member(guild, "ana", "ben") and above_member(guild, "owner", "ana")
    assert above_member(guild, "ben", "ana") is False is above_member(guild, "ana", "eve")
    assert above_member(guild, "ana", "owner") is False


def test_of_two_roles_at_one_position_the_documentation_does_not_say_which_is_higher() -> None:
    guild = guild_of(NONE, mine=NONE)
    guild.roles["other"] = Role("other", "other", NONE, 1)
    assert above_role(guild, "ana", "other") is None
