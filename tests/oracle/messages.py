"""What is done to messages."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, Self
from urllib.parse import quote

from action import Action, Request, Scene, one_of, pick_actor, unique_name
from guild import TEXT, Channel, Guild, Message
from oracle import channel_permissions
from permission import Permission
from verdict import MISSING_PERMISSIONS, REFUSED, Verdict, in_channel, refused, when

EMOJIS = ["👍", "🔥", "🧭"]
# "Cannot edit a message authored by another user".
ANOTHERS_MESSAGE = refused((403, 50005), MISSING_PERMISSIONS)
# "Cannot reply without permission to read message history"; under which status, is not said.
NO_HISTORY = refused((403, 160002), (400, 160002), MISSING_PERMISSIONS)


@dataclass(frozen=True)
class InChannel(Action):
    channel: str

    def where(self, guild: Guild) -> Channel:
        return guild.channels[self.channel]

    def may(self, guild: Guild, permission: Permission) -> bool:
        return permission in channel_permissions(guild, self.actor, self.where(guild))

    def without_history(self, guild: Guild) -> bool:
        return not self.may(guild, Permission.READ_MESSAGE_HISTORY)


@dataclass(frozen=True)
class OnMessage(InChannel):
    message: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        target = pick_message(dice, scene)
        return cls(pick_actor(dice, scene), *target) if target else None

    def target(self, guild: Guild) -> Message:
        return self.where(guild).messages[self.message]

    def path(self) -> str:
        return f"/channels/{self.channel}/messages/{self.message}"


@dataclass(frozen=True)
class Send(InChannel):
    content: str
    reply_to: str | None

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        texts = [one for one in scene.guild.channels.values() if one.kind == TEXT]
        channel = dice.choice(texts)
        replied = one_of(dice, list(channel.messages)) if dice.random() < 0.3 else None
        content = unique_name(dice, "words")
        return cls(pick_actor(dice, scene), channel.id, content, replied)

    def request(self, guild: Guild) -> Request:
        body: dict[str, Any] = {"content": self.content}
        if self.reply_to:
            body["message_reference"] = {"message_id": self.reply_to}
        return Request("POST", f"/channels/{self.channel}/messages", body)

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_channel(guild, self.actor, self.channel, Permission.SEND_MESSAGES)
        if verdict.may_succeed and self.reply_to and self.without_history(guild):
            return NO_HISTORY
        return verdict

    def apply(self, guild: Guild, body: Any) -> None:
        assert body["content"] == self.content and body["author"]["id"] == self.actor, body
        self.where(guild).messages[body["id"]] = Message(body["id"], self.actor, self.content)


@dataclass(frozen=True)
class Edit(OnMessage):
    content: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        target = pick_message(dice, scene)
        if not target:
            return None
        author = scene.guild.channels[target[0]].messages[target[1]].author
        actor = author if dice.random() < 0.7 else pick_actor(dice, scene)
        return cls(actor, *target, unique_name(dice, "words"))

    def request(self, guild: Guild) -> Request:
        return Request("PATCH", self.path(), {"content": self.content})

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_channel(guild, self.actor, self.channel)
        if not verdict.may_succeed:
            return verdict
        if self.target(guild).author != self.actor:
            return ANOTHERS_MESSAGE
        return verdict.open_if(not self.may(guild, Permission.SEND_MESSAGES))

    def apply(self, guild: Guild, body: Any) -> None:
        self.target(guild).content = self.content


@dataclass(frozen=True)
class Delete(OnMessage):
    def request(self, guild: Guild) -> Request:
        return Request("DELETE", self.path())

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_channel(guild, self.actor, self.channel)
        own = verdict.may_succeed and self.target(guild).author == self.actor
        return verdict & when(own or self.may(guild, Permission.MANAGE_MESSAGES))

    def apply(self, guild: Guild, body: Any) -> None:
        del self.where(guild).messages[self.message]


@dataclass(frozen=True)
class BulkDelete(InChannel):
    messages: tuple[str, ...]

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        """By a bot: whether people may, the documentation does not say."""
        bots = [user for user in scene.everybody() if scene.is_bot(user)]
        full = [one for one in scene.guild.channels.values() if len(one.messages) >= 2]
        channel = one_of(dice, full)
        if not channel:
            return None
        messages = dice.sample(list(channel.messages), 2)
        return cls(dice.choice(bots), channel.id, tuple(messages))

    def request(self, guild: Guild) -> Request:
        return Request("POST", f"/channels/{self.channel}/messages/bulk-delete", {"messages": self.messages})

    def verdict(self, guild: Guild) -> Verdict:
        return in_channel(guild, self.actor, self.channel, Permission.MANAGE_MESSAGES)

    def apply(self, guild: Guild, body: Any) -> None:
        for message in self.messages:
            del self.where(guild).messages[message]


@dataclass(frozen=True)
class React(OnMessage):
    emoji: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        target = pick_message(dice, scene)
        return cls(pick_actor(dice, scene), *target, dice.choice(EMOJIS)) if target else None

    def request(self, guild: Guild) -> Request:
        return Request("PUT", f"{self.path()}/reactions/{quote(self.emoji)}/@me")

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_channel(guild, self.actor, self.channel, Permission.READ_MESSAGE_HISTORY)
        if not verdict.may_succeed or self.may(guild, Permission.ADD_REACTIONS):
            return verdict
        if not self.target(guild).reactions.get(self.emoji):
            return REFUSED
        # A timeout prevents "reacting to messages", though one may join a reaction without ADD_REACTIONS.
        return verdict.open_if(guild.members[self.actor].timed_out)

    def apply(self, guild: Guild, body: Any) -> None:
        self.target(guild).reactions.setdefault(self.emoji, set()).add(self.actor)


@dataclass(frozen=True)
class Unreact(OnMessage):
    """Takes back a reaction, one's own or another's."""

    emoji: str
    user: str

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        reaction = one_of(dice, all_reactions(scene.guild))
        if not reaction:
            return None
        actor = reaction[3] if dice.random() < 0.5 else pick_actor(dice, scene)
        return cls(actor, *reaction)

    def request(self, guild: Guild) -> Request:
        whose = "@me" if self.user == self.actor else self.user
        return Request("DELETE", f"{self.path()}/reactions/{quote(self.emoji)}/{whose}")

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_channel(guild, self.actor, self.channel)
        own = self.user == self.actor
        verdict &= when(own or self.may(guild, Permission.MANAGE_MESSAGES))
        return verdict.open_if(verdict.may_succeed and self.without_history(guild))

    def apply(self, guild: Guild, body: Any) -> None:
        self.target(guild).reactions[self.emoji].remove(self.user)


@dataclass(frozen=True)
class ClearReactions(OnMessage):
    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        reaction = one_of(dice, all_reactions(scene.guild))
        return cls(pick_actor(dice, scene), *reaction[:2]) if reaction else None

    def request(self, guild: Guild) -> Request:
        return Request("DELETE", f"{self.path()}/reactions")

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_channel(guild, self.actor, self.channel, Permission.MANAGE_MESSAGES)
        return verdict.open_if(verdict.may_succeed and self.without_history(guild))

    def apply(self, guild: Guild, body: Any) -> None:
        self.target(guild).reactions.clear()


@dataclass(frozen=True)
class Pin(OnMessage):
    """Pins what is not pinned, and unpins what is."""

    old_path: bool

    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        target = pick_message(dice, scene)
        return cls(pick_actor(dice, scene), *target, dice.random() < 0.3) if target else None

    def request(self, guild: Guild) -> Request:
        pins = "pins" if self.old_path else "messages/pins"
        method = "DELETE" if self.target(guild).pinned else "PUT"
        return Request(method, f"/channels/{self.channel}/{pins}/{self.message}")

    def verdict(self, guild: Guild) -> Verdict:
        verdict = in_channel(guild, self.actor, self.channel, Permission.PIN_MESSAGES)
        return verdict.open_if(verdict.may_succeed and self.without_history(guild))

    def apply(self, guild: Guild, body: Any) -> None:
        self.target(guild).pinned = not self.target(guild).pinned


@dataclass(frozen=True)
class Type(InChannel):
    @classmethod
    def pick(cls, dice: Random, scene: Scene) -> Self | None:
        texts = [one.id for one in scene.guild.channels.values() if one.kind == TEXT]
        return cls(pick_actor(dice, scene), dice.choice(texts))

    def request(self, guild: Guild) -> Request:
        return Request("POST", f"/channels/{self.channel}/typing")

    def verdict(self, guild: Guild) -> Verdict:
        """The documentation names no permission: whoever may not send may be refused, or not."""
        verdict = in_channel(guild, self.actor, self.channel)
        return verdict.open_if(verdict.may_succeed and not self.may(guild, Permission.SEND_MESSAGES))

    def apply(self, guild: Guild, body: Any) -> None:
        """Typing leaves nothing behind."""


def pick_message(dice: Random, scene: Scene) -> tuple[str, str] | None:
    """The newest are likelier, so that more happens to the same ones."""
    channel = one_of(dice, [one for one in scene.guild.channels.values() if one.messages])
    return (channel.id, dice.choice(list(channel.messages)[-5:])) if channel else None


def all_reactions(guild: Guild) -> list[tuple[str, str, str, str]]:
    """Channel, message, emoji and user of each."""
    return [
        (channel.id, message.id, emoji, user)
        for channel in guild.channels.values()
        for message in channel.messages.values()
        for emoji, users in message.reactions.items()
        for user in sorted(users)
    ]
