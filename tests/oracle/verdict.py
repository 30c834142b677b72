"""What the documentation says of a request: success, a certain refusal, or either where it is silent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guild import Guild
from oracle import channel_permissions, guild_permissions, may_view
from permission import NONE, Permission
from rest import Answer

# An HTTP status and a code of the JSON error.
Refusal = tuple[int, int]

MISSING_PERMISSIONS: Refusal = (403, 50013)


@dataclass(frozen=True)
class Verdict:
    may_succeed: bool
    refusals: frozenset[Refusal]

    @property
    def is_open(self) -> bool:
        return self.may_succeed and bool(self.refusals)

    def admits(self, answer: Answer) -> bool:
        return self.may_succeed if answer.ok else (answer.status, answer.code) in self.refusals

    def open_if(self, doubtful: bool) -> Verdict:
        """The same, but where it says yes and the documentation is silent on `doubtful`, both are right."""
        return OPEN if doubtful and self.may_succeed else self

    def __and__(self, other: Verdict) -> Verdict:
        """Both conditions must hold; what is certainly refused by one is refused."""
        if not self.may_succeed:
            return self
        if not other.may_succeed:
            return other
        return Verdict(True, self.refusals | other.refusals)

    def __str__(self) -> str:
        refusals = " or ".join(f"{status} {code}" for status, code in sorted(self.refusals))
        return " or ".join(filter(None, ("success" if self.may_succeed else "", refusals)))


def refused(*refusals: Refusal) -> Verdict:
    return Verdict(False, frozenset(refusals))


ALLOWED = Verdict(True, frozenset())
REFUSED = refused(MISSING_PERMISSIONS)
OPEN = Verdict(True, frozenset([MISSING_PERMISSIONS]))
UNKNOWN_CHANNEL = refused((404, 10003))
UNKNOWN_GUILD = refused((404, 10004))


def in_channel(guild: Guild, user: str, channel: str, needed: Permission = NONE) -> Verdict:
    """Of a request about a channel that asks for `needed` in it."""
    if not may_view(guild, user, channel):
        return UNKNOWN_CHANNEL
    return when(needed in channel_permissions(guild, user, guild.channels[channel]))


def in_guild(guild: Guild, user: str, needed: Permission = NONE) -> Verdict:
    """Of a request about the guild that asks for `needed`."""
    if user not in guild.members:
        return UNKNOWN_GUILD
    return when(needed in guild_permissions(guild, user))


def when(condition: bool | None) -> Verdict:
    """Allowed if it holds, refused if not; open if the documentation does not say."""
    if condition is None:
        return OPEN
    return ALLOWED if condition else REFUSED


def every(verdicts: Iterable[Verdict]) -> Verdict:
    whole = ALLOWED
    for verdict in verdicts:
        whole &= verdict
    return whole
