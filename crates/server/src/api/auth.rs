//! Accounts and logins: to register, to log in and out.

use decentra_core::community::account::{Register, read_email, read_username};
use decentra_core::community::login::{EndLogins, LogIn, LoggedIn};
use decentra_core::community::{Form, Refusal};
use decentra_model::limits::{EMAIL_CHARS_MAX, INVITE_CODE_CHARS, LOGINS_PER_USER_MAX};
use decentra_model::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use decentra_model::{Login, Name, TokenHash};
use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use super::reply::{ApiResult, Reply};
use super::route::{Route, get, post};
use crate::settings::OnOff;
use crate::{password, token};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/auth/register", "Make an account", register).takes(Registration::read).gives(201).for_anyone(),
        post("/auth/login", "Log in", log_in).takes(credentials).for_anyone(),
        post("/auth/logout", "Log out", log_out).gives(204).for_people(),
        get("/auth/sessions", "Read where one is logged in", sessions).for_people(),
        post("/auth/sessions/logout", "Log out elsewhere", end_sessions)
            .takes(hashes)
            .gives(204)
            .for_people(),
    ]
}

/// What one says to make an account.
struct Registration {
    username: Option<Name>,
    password: String,
    email: Option<String>,
    invite: Option<String>,
}

impl Registration {
    fn read(form: &mut Form<'_>) -> Self {
        form.require("username");
        Self {
            username: read_username(form),
            password: form.required_text("password", PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX),
            email: read_email(form).flatten(),
            invite: form.text("invite", 0..=4 * INVITE_CODE_CHARS).filter(|code| !code.is_empty()),
        }
    }
}

/// The name and the password.
fn credentials(form: &mut Form<'_>) -> (String, String) {
    let login = form.required_text("login", 1..=EMAIL_CHARS_MAX);
    (login, form.required_text("password", 1..=PASSWORD_CHARS_MAX))
}

/// By which names `GET /auth/sessions` calls the logins that are to end.
fn hashes(form: &mut Form<'_>) -> Vec<String> {
    form.texts("session_id_hashes", LOGINS_PER_USER_MAX, 1..=64).unwrap_or_default()
}

async fn register(call: Call) -> ApiResult {
    let Registration { username, password, email, invite } = call.form(Registration::read)?;
    attempt_from(&call)?;
    let username =
        username.ok_or_else(|| Refusal::field("username", "BASE_TYPE_REQUIRED", "This field is required"))?;
    check_founder(&call)?;
    let password = password::hash(&call.app.passwords, password).await?;
    let (admission, device) = (call.app.settings.admission(), call.device.clone());
    let register = Register { username, password, email, invite, admission, device, mint: token::mint };
    let logged_in = call.run(register).await?;
    Reply::created(&shown(&logged_in))
}

/// Refuses to let the page of another site make the first account, which owns the instance: whoever opens such a page on
/// the machine or the network of a server that is new would give it away.
fn check_founder(call: &Call) -> Result<(), ApiError> {
    let has_owner = call.committed().community.instance().is_some_and(|instance| instance.owner_id.is_some());
    if has_owner || !call.is_foreign {
        return Ok(());
    }
    Err(Refusal::Forbidden("The first account is made on this server's own page, or by a program.").into())
}

fn shown(logged_in: &LoggedIn) -> Value {
    json!({"token": logged_in.token, "user_id": logged_in.user_id})
}

/// Counts an attempt from the caller's address.
fn attempt_from(call: &Call) -> Result<(), ApiError> {
    if call.app.settings.rate_limits == OnOff::Off {
        return Ok(());
    }
    let counted = call.app.attempts.from(call.address, call.app.clock.elapsed());
    counted.map_err(|wait| ApiError::TooFast { wait, global: false })
}

/// Counts an attempt at the account that logs in with `name`.
pub(super) fn attempt_at(call: &Call, name: &str) -> Result<(), ApiError> {
    if call.app.settings.rate_limits == OnOff::Off {
        return Ok(());
    }
    let counted = call.app.attempts.at(name, call.address, call.app.clock.elapsed());
    counted.map_err(|wait| ApiError::TooFast { wait, global: false })
}

async fn log_in(call: Call) -> ApiResult {
    let (login, password) = call.form(credentials)?;
    attempt_from(&call)?;
    attempt_at(&call, &login)?;
    let account = {
        let committed = call.committed();
        let user = committed.community.user_named(&login);
        user.and_then(|user| Some((user.id, committed.community.password(user.id)?.to_owned())))
    };
    let hash = account.as_ref().map(|(_, hash)| hash.clone());
    let is_right = password::is_right(&call.app.passwords, password, hash).await?;
    let Some((user_id, shown_hash)) = account.filter(|_| is_right) else { return Err(wrong().into()) };
    let device = call.device.clone();
    let command = LogIn { user_id, shown: shown_hash, device, mint: token::mint };
    let logged_in = call.run(command).await.map_err(|error| match error {
        // The password was changed at this moment.
        ApiError::Refused(Refusal::Unauthorized) => wrong().into(),
        error => error,
    })?;
    call.app.attempts.succeeded(&login, call.address);
    Reply::json(&shown(&logged_in))
}

/// The same for a name that nobody has as for a password that is wrong.
fn wrong() -> Refusal {
    let wrong = |key: &str| Refusal::field(key, "INVALID_LOGIN", "Login or password is invalid.");
    let (Refusal::Form(mut errors), Refusal::Form(more)) = (wrong("login"), wrong("password")) else {
        return Refusal::Unauthorized;
    };
    errors.extend(more);
    Refusal::Form(errors)
}

async fn log_out(call: Call) -> ApiResult {
    call.run(EndLogins { actor: call.actor(), hashes: vec![call.login()] }).await?;
    Reply::none()
}

/// What a login is called where it is shown: what is kept of its token opens nothing, and still nobody needs all of it.
fn name_of(hash: TokenHash) -> String {
    hash.to_hex()[..16].to_owned()
}

async fn sessions(call: Call) -> ApiResult {
    let own = call.login();
    let committed = call.committed();
    let mut logins: Vec<&Login> = committed.community.logins_of(call.actor().user_id).collect();
    logins.sort_by_key(|login| std::cmp::Reverse(login.used_at));
    let sessions = logins.into_iter().map(|login| {
        json!({
            "id_hash": name_of(login.hash),
            "approx_last_used_time": login.used_at.zoned(),
            "created_at": login.created_at.zoned(),
            "current": login.hash == own,
            "client_info": {"platform": login.device, "os": null, "location": null},
        })
    });
    Reply::json(&json!({"user_sessions": sessions.collect::<Vec<_>>()}))
}

async fn end_sessions(call: Call) -> ApiResult {
    let names = call.form(hashes)?;
    let hashes = {
        let committed = call.committed();
        let logins = committed.community.logins_of(call.actor().user_id);
        logins.map(|login| login.hash).filter(|hash| names.contains(&name_of(*hash))).collect()
    };
    call.run(EndLogins { actor: call.actor(), hashes }).await?;
    Reply::none()
}
