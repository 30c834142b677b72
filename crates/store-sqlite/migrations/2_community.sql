-- The community: what is kept in memory is stored as documents, since it is always read and written whole; messages,
-- reactions and the log have columns.

CREATE TABLE instance (id INTEGER PRIMARY KEY CHECK (id = 1), data TEXT NOT NULL) STRICT;
CREATE TABLE user (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE password (user_id INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;
CREATE TABLE login (hash TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE application (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE guild (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE channel (
    guild_id INTEGER NOT NULL, id INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (guild_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE role (
    guild_id INTEGER NOT NULL, id INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (guild_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE member (
    guild_id INTEGER NOT NULL, id INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (guild_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE ban (
    guild_id INTEGER NOT NULL, id INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (guild_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE invite (
    code TEXT PRIMARY KEY, guild_id INTEGER NOT NULL, channel_id INTEGER NOT NULL, data TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
    guild_id INTEGER NOT NULL, id INTEGER NOT NULL, user_id INTEGER NOT NULL, action_type INTEGER NOT NULL,
    target_id INTEGER, data TEXT NOT NULL, PRIMARY KEY (guild_id, id)
) STRICT, WITHOUT ROWID;

-- Pictures of accounts and guilds, as PNG, each in a few sizes.
CREATE TABLE picture (
    owner_id INTEGER NOT NULL, hash TEXT NOT NULL, side INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (owner_id, side)
) STRICT;

-- Times are in microseconds since the Unix epoch. An author is an account or, for a guest, a name.
CREATE TABLE message (
    channel_id  INTEGER NOT NULL,
    id          INTEGER NOT NULL,
    author_id   INTEGER,
    author_name TEXT,
    content     TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    edited_at   INTEGER,
    pinned_at   INTEGER,
    dedupe      TEXT,
    reacted     INTEGER NOT NULL DEFAULT 0,
    extra       TEXT,
    PRIMARY KEY (channel_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_by_dedupe ON message (dedupe) WHERE dedupe IS NOT NULL;
CREATE INDEX message_by_pin ON message (channel_id, pinned_at) WHERE pinned_at IS NOT NULL;

CREATE TABLE reaction (
    channel_id INTEGER NOT NULL, message_id INTEGER NOT NULL, emoji TEXT NOT NULL, user_id INTEGER NOT NULL,
    nth INTEGER NOT NULL, PRIMARY KEY (channel_id, message_id, emoji, user_id)
) STRICT, WITHOUT ROWID;

-- What sessions were told, in order. Its newest row always stays, so that no place is used twice.
CREATE TABLE log (
    position INTEGER PRIMARY KEY, name TEXT NOT NULL, audience TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE session (id TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The greatest id that was ever given, so that none is given twice, whatever the clock does.
CREATE TABLE last_id (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL) STRICT;
INSERT INTO last_id SELECT 1, coalesce(max(id), 0) FROM messages;

-- What is left of deleted messages: of each author the newest, and when they wrote last. An author who was a guest is 0.
CREATE TABLE gone (
    channel_id INTEGER NOT NULL, author_id INTEGER NOT NULL, id INTEGER NOT NULL, written_at INTEGER,
    PRIMARY KEY (channel_id, author_id)
) STRICT, WITHOUT ROWID;

-- What was said before there were channels belongs to the lobby, which the program makes at its next start.
INSERT INTO message (channel_id, id, author_name, content, created_at, dedupe)
    SELECT 0, id, author, content, created_at, nonce FROM messages;
DROP TABLE messages;
