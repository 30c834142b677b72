//! Rows as entities.

use decentra_model::message::Extra;
use decentra_model::{Author, Dispatch, Id, Message, Name, Timestamp};
use rusqlite::Row;
use rusqlite::types::Type;
use serde::de::DeserializeOwned;

/// The columns of [`message_of`].
pub(crate) const MESSAGE: &str =
    "channel_id, id, author_id, author_name, content, created_at, edited_at, pinned_at, reacted, extra";

/// What holds for a message that someone wrote: it is no notice of the server's (Discord's documentation, "Message Types").
pub(crate) const WRITTEN: &str = "(extra IS NULL OR coalesce(json_extract(extra, '$.kind'), 0) IN (0, 19))";

/// The message in a row of [`MESSAGE`], and whether anyone reacted to it.
pub(crate) fn message_of(row: &Row<'_>) -> rusqlite::Result<(Message, bool)> {
    let author = match row.get::<_, Option<i64>>(2)? {
        Some(id) => Author::User(Id::from_i64(id)),
        None => Author::Guest(name(&row.get::<_, String>(3)?)),
    };
    let extra = match row.get_ref(9)?.as_str_or_null()? {
        Some(_) => document(row, 9)?,
        None => Extra::default(),
    };
    let message = Message {
        channel_id: Id::from_i64(row.get(0)?),
        id: Id::from_i64(row.get(1)?),
        author,
        content: row.get(4)?,
        timestamp: Timestamp::from_unix_micros(row.get(5)?),
        edited_at: row.get::<_, Option<i64>>(6)?.map(Timestamp::from_unix_micros),
        pinned_at: row.get::<_, Option<i64>>(7)?.map(Timestamp::from_unix_micros),
        extra,
        reactions: Vec::new(),
    };
    Ok((message, row.get(8)?))
}

/// A guest's name as it was stored, whatever today's rules are.
fn name(text: &str) -> Name {
    serde_json::from_value(text.into()).expect("any text is taken from the store")
}

/// The dispatch in a row of `name, audience, body` that begins at `first`.
pub(crate) fn dispatch_of(row: &Row<'_>, first: usize) -> rusqlite::Result<Dispatch> {
    Ok(Dispatch {
        name: row.get_ref(first)?.as_str()?.into(),
        audience: document(row, first + 1)?,
        body: row.get_ref(first + 2)?.as_blob()?.into(),
    })
}

/// The entity that a column holds as JSON.
pub(crate) fn document<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}
