//! Rows as entities.

use decentra_model::{Body, Id, Message, Name, Nonce, Timestamp};
use rusqlite::Row;
use rusqlite::types::Type;

/// The message in a row of `id, author, content, created_at, nonce`.
pub(crate) fn message_of(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: Id::from_i64(row.get(0)?),
        author: text(row, 1, Name::parse)?,
        body: text(row, 2, Body::parse)?,
        timestamp: Timestamp::from_unix_micros(row.get(3)?),
        nonce: match row.get_ref(4)?.as_str_or_null()? {
            Some(_) => Some(text(row, 4, Nonce::parse)?),
            None => None,
        },
    })
}

/// The text of a column, parsed as when it came in; what does not parse was not written by us.
fn text<T, E>(row: &Row<'_>, column: usize, parse: impl Fn(&str) -> Result<T, E>) -> rusqlite::Result<T>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let text = row.get_ref(column)?.as_str()?;
    parse(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}
