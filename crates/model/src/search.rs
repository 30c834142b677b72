//! How a message is found: by the words in it, and by its marks.
//!
//! It is decided here, on plain data. An index of a database only makes it fast: [`Query::admits`] gives the same answer
//! for each message alone, and a test holds both together.
//!
//! 1. [`words`]: what words a text has, in languages with spaces and without; [`term`]: what someone typed to be found
//! 2. [`mark`]: what else a message is found by: its author, whom it mentions, what it has
//! 3. [`mod@entry`]: what of a message goes into an index; [`query`]: what is asked for, and what is found

pub mod entry;
pub mod mark;
pub mod query;
pub mod term;
pub mod words;

pub use entry::{Entry, entry};
pub use mark::{Has, Mark};
pub use query::{Found, Order, Query};
pub use term::{Term, terms};
