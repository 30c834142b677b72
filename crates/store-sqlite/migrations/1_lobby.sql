-- What was said in the lobby. `created_at` is in microseconds since the Unix epoch.
CREATE TABLE messages (
    id         INTEGER PRIMARY KEY,
    author     TEXT NOT NULL,
    content    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    nonce      TEXT
) STRICT;

CREATE UNIQUE INDEX messages_by_nonce ON messages (nonce) WHERE nonce IS NOT NULL;

-- Written and emptied again to find out whether the disk takes writes.
CREATE TABLE probe (filler BLOB NOT NULL) STRICT;
