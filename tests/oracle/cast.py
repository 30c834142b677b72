"""The people and bots of all tests, registered once: hashing passwords takes its time."""

from __future__ import annotations

from dataclasses import dataclass, field

from rest import Rest

PEOPLE, BOTS = 8, 3
# PRESENCE, GUILD_MEMBERS and MESSAGE_CONTENT "limited": what lets a bot ask for the privileged intents.
PRIVILEGED = 1 << 13 | 1 << 15 | 1 << 19


@dataclass(frozen=True)
class Account:
    user: str
    name: str
    token: str
    rest: Rest = field(repr=False)
    # Of a bot.
    client_id: str | None = None

    @property
    def is_bot(self) -> bool:
        return self.client_id is not None


class Cast:
    """Everybody. The first owns all guilds; none of them owns the instance."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.landlord = register(port, "landlord")
        people = [register(port, f"person{number}") for number in range(PEOPLE)]
        self.owner = people[0]
        self.accounts = people + [make_bot(port, self.owner, f"robot{number}") for number in range(BOTS)]
        self.by_user = {account.user: account for account in self.accounts}
        self.homes = {guild["id"] for guild in self.landlord.rest.must("GET", "/users/@me/guilds")}
        self.lounge = make_lounge(self)

    def name(self, user: str) -> str:
        return self.by_user[user].name

    def close(self) -> None:
        for account in [self.landlord, *self.accounts]:
            account.rest.close()


@dataclass(frozen=True)
class Lounge:
    """A guild that everybody is in, to signal to those who are not in the guild that is tested."""

    guild: str
    channel: str


def register(port: int, name: str) -> Account:
    anybody = Rest(port)
    body = anybody.must("POST", "/auth/register", {"username": name, "password": f"secret of {name}"})
    anybody.close()
    return Account(body["user_id"], name, body["token"], Rest(port, body["token"]))


def make_bot(port: int, owner: Account, name: str) -> Account:
    application = owner.rest.must("POST", "/applications", {"name": name})["id"]
    token = owner.rest.must("POST", f"/applications/{application}/bot", {})["token"]
    rest = Rest(port, f"Bot {token}")
    # Where this is not needed it may well be refused: IDENTIFY will tell.
    rest.call("PATCH", "/applications/@me", {"flags": PRIVILEGED})
    return Account(rest.must("GET", "/users/@me")["id"], name, token, rest, application)


def make_lounge(cast: Cast) -> Lounge:
    owner = cast.owner.rest
    guild = owner.must("POST", "/guilds", {"name": "lounge"})["id"]
    channel = next(one["id"] for one in owner.must("GET", f"/guilds/{guild}/channels") if one["type"] == 0)
    code = owner.must("POST", f"/channels/{channel}/invites", {"max_age": 0})["code"]
    for account in cast.accounts[1:]:
        if account.is_bot:
            body = {"authorize": True, "guild_id": guild, "permissions": "0"}
            query = f"client_id={account.client_id}&scope=bot&permissions=0"
            owner.must("POST", f"/oauth2/authorize?{query}", body)
        else:
            account.rest.must("POST", f"/invites/{code}", {})
    return Lounge(guild, channel)
