//! Users: oneself, and others.

use decentra_core::community::account::{AccountPatch, DeleteAccount, UpdateAccount};
use decentra_core::community::member::Leave;
use decentra_core::community::relationship::{PrivacyPatch, SetPrivacy};
use decentra_core::community::{Form, GuildState, Refusal};
use decentra_core::wire;
use decentra_model::Id;
use decentra_model::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use serde_json::json;

use super::call::Call;
use super::error::ApiError;
use super::guilds::with_counts;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, patch, post};
use crate::{password, picture};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let settings = "/users/@me/settings";
    vec![
        get("/users/@me", "Read one's own account", show_own),
        patch("/users/@me", "Change one's own account", update).takes(Change::read).long(),
        post("/users/@me/delete", "Delete one's own account", remove)
            .takes(shown_password)
            .gives(204)
            .for_people(),
        get("/users/{user_id}", "Read an account", show),
        get("/users/{user_id}/profile", "Read what someone shows of themselves", profile),
        get(settings, "Read one's own settings", show_settings).for_people(),
        patch(settings, "Change one's own settings", update_settings).takes(read_settings).for_people(),
        get("/users/@me/guilds", "Read the guilds that one is in", guilds).asks(GuildPage::read),
        delete("/users/@me/guilds/{guild_id}", "Leave a guild", leave).gives(204),
        get("/users/@me/connections", "Read one's accounts elsewhere", nothing).for_people(),
    ]
}

/// What is to change of an account, before the work that a picture and passwords are.
struct Change {
    patch: AccountPatch,
    avatar: Option<Option<Vec<u8>>>,
    password: Option<String>,
    new_password: Option<String>,
}

impl Change {
    fn read(form: &mut Form<'_>) -> Self {
        Self {
            patch: AccountPatch::read(form),
            avatar: picture::read(form, "avatar"),
            password: form.text("password", 1..=PASSWORD_CHARS_MAX),
            new_password: form.text("new_password", PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX),
        }
    }
}

fn shown_password(form: &mut Form<'_>) -> String {
    form.required_text("password", 1..=PASSWORD_CHARS_MAX)
}

async fn show_own(call: Call) -> ApiResult {
    let committed = call.committed();
    let user = committed.community.user(call.actor().user_id).ok_or(Refusal::Unauthorized)?;
    Reply::json(&wire::user::oneself(user))
}

async fn update(call: Call) -> ApiResult {
    let Change { mut patch, avatar, password, new_password } = call.form(Change::read)?;
    let actor = call.actor();
    if actor.is_bot {
        // A bot has neither.
        patch.email = None;
    }
    let needs_password = patch.needs_password() || new_password.is_some();
    let shown = if needs_password && !actor.is_bot { checked(&call, password).await? } else { None };
    if let Some(new) = new_password.filter(|_| !actor.is_bot) {
        patch.password = Some(password::hash(&call.app.passwords, new).await?);
    }
    patch.avatar = picture::patch(&call.app.pictures, "avatar", avatar).await?;
    let user = call.run(UpdateAccount { actor, login: call.login(), patch, shown }).await?;
    Reply::json(&wire::user::oneself(&user))
}

/// The hash of the caller's password, if they show to know it. Attempts are counted as those to log in are.
async fn checked(call: &Call, shown: Option<String>) -> Result<Option<String>, ApiError> {
    let Some(shown) = shown else { return Ok(None) };
    let (name, hash) = {
        let committed = call.committed();
        let user = committed.community.user(call.actor().user_id).ok_or(Refusal::Unauthorized)?;
        (user.username.to_string(), committed.community.password(user.id).map(str::to_owned))
    };
    super::auth::attempt_at(call, &name)?;
    if !password::is_right(&call.app.passwords, shown, hash.clone()).await? {
        return Ok(None);
    }
    call.app.attempts.succeeded(&name, call.address);
    Ok(hash)
}

async fn remove(call: Call) -> ApiResult {
    let password = call.form(shown_password)?;
    let shown = checked(&call, Some(password)).await?;
    call.run(DeleteAccount { actor: call.actor(), shown }).await?;
    Reply::none()
}

async fn show(call: Call) -> ApiResult {
    let id = call.id("user_id")?;
    let committed = call.committed();
    let user = committed.community.user(id).ok_or(Refusal::UnknownUser)?;
    Reply::json(&wire::user::user(user))
}

async fn profile(call: Call) -> ApiResult {
    let (id, viewer) = (call.id("user_id")?, call.actor().user_id);
    let committed = call.committed();
    let community = &committed.community;
    let user = community.user(id).ok_or(Refusal::UnknownUser)?;
    // What one says of oneself is for those who share a place, a friendship, or what they have written to each other.
    let is_known = community.are_acquainted(id, viewer)
        || community.are_friends(id, viewer)
        || community.direct_between(id, viewer).is_some_and(|direct| direct.is_shown_to(id));
    if id != viewer && !is_known {
        return Err(Refusal::UnknownUser.into());
    }
    let mutual = community.guilds_of(id).filter_map(|state| {
        state.member(viewer)?;
        Some(json!({"id": state.guild.id, "nick": state.member(id)?.nick}))
    });
    Reply::json(&json!({
        "user": wire::user::user(user),
        "user_profile": {"bio": user.bio, "pronouns": "", "accent_color": null},
        "mutual_guilds": mutual.collect::<Vec<_>>(),
        "mutual_friends_count": community.mutual_friends(id, viewer).count(),
        "connected_accounts": [],
        "badges": [],
        "premium_since": null,
        "premium_type": null,
        "premium_guild_since": null,
    }))
}

/// What is to change of one's settings.
fn read_settings(form: &mut Form<'_>) -> (AccountPatch, PrivacyPatch) {
    (AccountPatch::read_settings(form), PrivacyPatch::read(form))
}

async fn show_settings(call: Call) -> ApiResult {
    let committed = call.committed();
    let user = committed.community.user(call.actor().user_id).ok_or(Refusal::Unauthorized)?;
    let privacy = committed.community.person(user.id).privacy();
    Reply::json(&wire::person::settings(user, privacy, call.app.clock.now()))
}

async fn update_settings(call: Call) -> ApiResult {
    let (patch, privacy) = call.form(read_settings)?;
    let actor = call.actor();
    call.run(SetPrivacy { actor, patch: privacy }).await?;
    call.run(UpdateAccount { actor, login: call.login(), patch, shown: None }).await?;
    show_settings(call).await
}

/// Which of one's guilds.
struct GuildPage {
    before: Option<Id>,
    after: Option<Id>,
    limit: usize,
    with_counts: bool,
}

impl GuildPage {
    fn read(form: &mut Form<'_>) -> Self {
        Self {
            before: form.id("before"),
            after: form.id("after"),
            limit: form.small("limit", 1..=200).unwrap_or(200) as usize,
            with_counts: with_counts(form),
        }
    }

    /// The page, in the order of their ids: the last ones, if only an end is given.
    fn of<'a>(&self, guilds: impl Iterator<Item = &'a GuildState>) -> Vec<&'a GuildState> {
        let is_before = |id| self.before.is_none_or(|before| id < before);
        let is_after = |id| self.after.is_none_or(|after| id > after);
        let mut page: Vec<_> =
            guilds.filter(|state| is_before(state.guild.id) && is_after(state.guild.id)).collect();
        if self.before.is_some() && self.after.is_none() && page.len() > self.limit {
            page.drain(..page.len() - self.limit);
        }
        page.truncate(self.limit);
        page
    }
}

async fn guilds(call: Call) -> ApiResult {
    let page = call.query(GuildPage::read)?;
    let (viewer, now) = (call.actor().user_id, call.app.clock.now());
    let committed = call.committed();
    let community = &committed.community;
    let list: Vec<_> = page
        .of(community.guilds_of(viewer))
        .into_iter()
        .map(|state| wire::guild::partial(community, state, viewer, now, page.with_counts))
        .collect();
    Reply::json(&list)
}

async fn leave(call: Call) -> ApiResult {
    call.run(Leave { actor: call.actor(), guild_id: call.id("guild_id")? }).await?;
    Reply::none()
}

/// A list of what is not served yet, and so is empty.
async fn nothing(_call: Call) -> ApiResult {
    Reply::json(&[(); 0])
}
