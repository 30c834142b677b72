-- How far people have read; `last` is 0 for who has read nothing, `pins` is when that was pinned which they have seen last.
-- The index is for channels that go.
CREATE TABLE read_state (
    user_id INTEGER NOT NULL, channel_id INTEGER NOT NULL, last INTEGER NOT NULL, mentions INTEGER NOT NULL,
    pins INTEGER, PRIMARY KEY (user_id, channel_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX read_state_by_channel ON read_state (channel_id);

-- The newest messages of each channel that are meant for many.
CREATE TABLE broad_mention (
    channel_id INTEGER NOT NULL, message_id INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (channel_id, message_id)
) STRICT, WITHOUT ROWID;

-- What notifies people; guild 0 stands for direct channels.
CREATE TABLE notification (
    user_id INTEGER NOT NULL, guild_id INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (user_id, guild_id)
) STRICT, WITHOUT ROWID;
