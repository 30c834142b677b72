-- Direct channels; their messages stand with those of guilds. And what people have for themselves.
CREATE TABLE direct (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE relationship (
    user_id INTEGER NOT NULL, id INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE privacy (user_id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
CREATE TABLE note (
    user_id INTEGER NOT NULL, about INTEGER NOT NULL, note TEXT NOT NULL, PRIMARY KEY (user_id, about)
) STRICT, WITHOUT ROWID;
