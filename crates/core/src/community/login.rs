//! Logins: the devices on which someone is logged in.

use decentra_model::limits::{LOGIN_NOTE_INTERVAL, LOGINS_PER_USER_MAX};
use decentra_model::{Event, Id, Login, Timestamp, TokenHash};

use super::{Actor, Command, Desk, Refusal};

/// Makes a token for a user: what its owner keeps, and what we keep of it.
pub type Mint = fn(Id, Timestamp) -> (String, TokenHash);

/// What a device calls itself.
pub type Device = Option<String>;

/// Someone who has just logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedIn {
    /// Who.
    pub user_id: Id,
    /// What opens the door from now on. Told once.
    pub token: String,
}

/// Logs in.
#[derive(Debug)]
pub struct LogIn {
    /// Who.
    pub user_id: Id,
    /// The hash of the password that they showed to know.
    pub shown: String,
    /// Where from.
    pub device: Device,
    /// Makes the token.
    pub mint: Mint,
}

impl Command for LogIn {
    type Answer = LoggedIn;

    fn decide(self, desk: &mut Desk<'_>) -> Result<LoggedIn, Refusal> {
        // It may have been changed while it was compared.
        if desk.community().password(self.user_id) != Some(&self.shown) {
            return Err(Refusal::Unauthorized);
        }
        Ok(log_in(desk, self.user_id, self.mint, self.device))
    }
}

/// Makes a login for `user`. Of those who have too many the one that was used longest ago ends.
pub(super) fn log_in(desk: &mut Desk<'_>, user: Id, mint: Mint, device: Device) -> LoggedIn {
    let logins = || desk.community().logins_of(user);
    if logins().count() >= LOGINS_PER_USER_MAX
        && let Some(oldest) = logins().min_by_key(|login| login.used_at).map(|login| login.hash)
    {
        desk.emit(Event::LoginEnded(oldest));
    }
    let (token, hash) = mint(user, desk.now);
    let login = Login { hash, user_id: user, created_at: desk.now, used_at: desk.now, device };
    desk.emit(Event::LoginSet(login));
    LoggedIn { user_id: user, token }
}

/// Ends those logins of `user` that are `unwanted`.
pub(super) fn end_logins(desk: &mut Desk<'_>, user: Id, unwanted: impl Fn(&Login) -> bool) {
    let logins = desk.community().logins_of(user).filter(|login| unwanted(login));
    let hashes: Vec<TokenHash> = logins.map(|login| login.hash).collect();
    for hash in hashes {
        desk.emit(Event::LoginEnded(hash));
    }
}

/// Ends logins of one's own. Those that are another's are not there.
#[derive(Debug)]
pub struct EndLogins {
    /// Who.
    pub actor: Actor,
    /// Which.
    pub hashes: Vec<TokenHash>,
}

impl Command for EndLogins {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        end_logins(desk, self.actor.user_id, |login| self.hashes.contains(&login.hash));
        Ok(())
    }
}

/// A command of someone who came by a login: it is decided only if that has not ended, whatever came between its arrival
/// and its turn.
#[derive(Debug)]
pub struct ByLogin<C> {
    /// The login; none, where none is needed.
    pub login: Option<TokenHash>,
    /// What they ask for.
    pub command: C,
}

impl<C: Command> Command for ByLogin<C> {
    type Answer = C::Answer;

    fn decide(self, desk: &mut Desk<'_>) -> Result<C::Answer, Refusal> {
        if self.login.is_some_and(|login| desk.community().login(&login).is_none()) {
            return Err(Refusal::Unauthorized);
        }
        self.command.decide(desk)
    }
}

/// Notes that a login was used, to the hour.
#[derive(Debug)]
pub struct UseLogin {
    /// Which.
    pub hash: TokenHash,
}

impl Command for UseLogin {
    type Answer = ();

    fn decide(self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let now = desk.now;
        let login = desk.community().login(&self.hash).filter(|login| is_stale(login, now));
        if let Some(login) = login {
            let login = Login { used_at: now, ..login.clone() };
            desk.emit(Event::LoginSet(login));
        }
        Ok(())
    }
}

/// Whether so much time has passed that the use of `login` at the time `now` is to be noted.
pub fn is_stale(login: &Login, now: Timestamp) -> bool {
    login.used_at.plus_secs(LOGIN_NOTE_INTERVAL.as_secs().cast_signed()) <= now
}
