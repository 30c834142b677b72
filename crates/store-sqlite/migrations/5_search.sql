-- What messages are found by: for each its words and marks, by its id. The texts themselves are not in it.
--
-- Few commits write to it, each for many messages, so its segments are long, and it is enough that they are merged when
-- there are many.
CREATE VIRTUAL TABLE search USING fts5 (entry, content = '', contentless_delete = 1, tokenize = 'ascii');
INSERT INTO search (search, rank) VALUES ('automerge', 64);
INSERT INTO search (search, rank) VALUES ('crisismerge', 256);

-- An id tells where its message stands. That it is unique is not said: then reads that know the channel, too, go the
-- shorter way by the primary key.
CREATE INDEX message_by_id ON message (id);

-- Which messages are in it: those whose ids are from `oldest` on, up to `newest`. What was there before this step is
-- taken in little by little, and then `oldest` is 0; what came after `newest` is looked through by itself.
CREATE TABLE searchable (
    only INTEGER PRIMARY KEY CHECK (only = 1), oldest INTEGER NOT NULL, newest INTEGER NOT NULL
) STRICT;
INSERT INTO searchable SELECT 1, coalesce(max(id) + 1, 0), coalesce(max(id), 0) FROM message;
