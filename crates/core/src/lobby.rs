//! The server's side of the lobby.
