//! The client's side of the lobby.
