//! Applications: programs, their bots, and the bots' way into a guild.

use decentra_core::community::application::{
    AddBot, ApplicationPatch, CreateApplication, DeleteApplication, MakeBotToken, UpdateApplication,
};
use decentra_core::community::{Form, Refusal};
use decentra_core::wire;
use decentra_model::{Application, Id, Permissions};
use serde_json::json;

use super::call::Call;
use super::error::ApiError;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, patch, post};
use crate::token;

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let application = "/applications/{application_id}";
    vec![
        get("/applications", "Read one's own applications", list).for_people(),
        post("/applications", "Make an application", create)
            .takes(ApplicationPatch::read_new)
            .gives(201)
            .for_people(),
        get(application, "Read an application", show),
        patch(application, "Change an application", update).takes(ApplicationPatch::read),
        delete(application, "Delete an application and its bot", remove).gives(204).for_people(),
        post("/applications/{application_id}/bot", "Make the bot of an application", make_bot).for_people(),
        post("/applications/{application_id}/bot/reset", "Make a new token for a bot", reset_bot)
            .for_people(),
        get("/oauth2/applications/@me", "Read the application of the bot that asks", show),
        get("/applications/{application_id}/commands", "Read the commands of a bot", commands),
        get(
            "/applications/{application_id}/guilds/{guild_id}/commands",
            "Read the commands of a bot in a guild",
            guild_commands,
        ),
        get("/oauth2/authorize", "Read what is asked to put a bot into a guild", show_grant)
            .asks(client)
            .for_people(),
        post("/oauth2/authorize", "Put a bot into a guild", authorize)
            .asks(client)
            .takes(Grant::read)
            .for_people(),
    ]
}

/// The application in the path; the caller's, if it names none.
fn application_id(call: &Call) -> Result<Id, ApiError> {
    if call.params.contains_key("application_id") {
        call.id("application_id")
    } else {
        Ok(call.actor().user_id)
    }
}

/// The application as its owner sees it, and as its bot does.
fn reply(call: &Call, application: &Application) -> ApiResult {
    Reply::json(&wire::application::application(&call.committed().community, application))
}

async fn list(call: Call) -> ApiResult {
    let committed = call.committed();
    let community = &committed.community;
    let mut applications: Vec<_> = community.applications_of(call.actor().user_id).collect();
    applications.sort_unstable_by_key(|application| application.id);
    let objects = applications.into_iter().map(|of| wire::application::application(community, of));
    Reply::json(&objects.collect::<Vec<_>>())
}

async fn create(call: Call) -> ApiResult {
    let draft = call.form(ApplicationPatch::read_new)?;
    let application = call.run(CreateApplication { actor: call.actor(), draft }).await?;
    Reply::created(&wire::application::application(&call.committed().community, &application))
}

async fn show(call: Call) -> ApiResult {
    let (id, viewer) = (application_id(&call)?, call.actor().user_id);
    let application = call.committed().community.application(id).cloned();
    let is_own = |of: &Application| [of.owner_id, of.id].contains(&viewer);
    reply(&call, &application.filter(is_own).ok_or(Refusal::UnknownApplication)?)
}

async fn update(call: Call) -> ApiResult {
    let patch = call.form(ApplicationPatch::read)?;
    let (actor, application_id) = (call.actor(), application_id(&call)?);
    let application = call.run(UpdateApplication { actor, application_id, patch }).await?;
    reply(&call, &application)
}

async fn remove(call: Call) -> ApiResult {
    call.run(DeleteApplication { actor: call.actor(), application_id: application_id(&call)? }).await?;
    Reply::none()
}

async fn make_bot(call: Call) -> ApiResult {
    make_token(&call, true).await
}

async fn reset_bot(call: Call) -> ApiResult {
    make_token(&call, false).await
}

async fn make_token(call: &Call, is_new: bool) -> ApiResult {
    let (actor, application_id) = (call.actor(), application_id(call)?);
    let made = call.run(MakeBotToken { actor, application_id, is_new, mint: token::mint }).await?;
    Reply::json(&json!({"token": made.token}))
}

/// The commands of a bot, of which there are none yet.
async fn commands(call: Call) -> ApiResult {
    show(call).await?;
    Reply::json(&[(); 0])
}

/// The commands of a bot in a guild that it is in.
async fn guild_commands(call: Call) -> ApiResult {
    let guild = call.id("guild_id")?;
    let viewer = call.actor().user_id;
    call.committed().community.guild_for(guild, viewer)?;
    commands(call).await
}

/// Which application's bot, and what it asks for.
fn client(form: &mut Form<'_>) -> (Option<Id>, Permissions) {
    form.require("client_id");
    // All that there is to ask for is that the bot comes.
    form.text("scope", 0..=100);
    (form.id("client_id"), form.permissions("permissions").unwrap_or_default())
}

/// What is granted to a bot.
struct Grant {
    authorize: bool,
    guild_id: Option<Id>,
    permissions: Option<Permissions>,
}

impl Grant {
    fn read(form: &mut Form<'_>) -> Self {
        form.require("guild_id");
        Self {
            authorize: form.flag("authorize").unwrap_or(true),
            guild_id: form.id("guild_id"),
            permissions: form.permissions("permissions"),
        }
    }
}

async fn show_grant(call: Call) -> ApiResult {
    let (client, permissions) = call.query(client)?;
    let (viewer, now) = (call.actor().user_id, call.app.clock.now());
    let committed = call.committed();
    let community = &committed.community;
    let application = client.and_then(|id| community.application(id)).filter(|of| of.has_bot);
    let application = application.ok_or(Refusal::UnknownApplication)?;
    let manages = |state: &&decentra_core::community::GuildState| {
        state.permissions(viewer, now).contains(Permissions::MANAGE_GUILD)
    };
    let guilds = community.guilds_of(viewer).filter(manages);
    let guilds = guilds.map(|state| wire::guild::partial(community, state, viewer, now, false));
    Reply::json(&json!({
        "application": {
            "id": application.id,
            "name": application.name,
            "description": application.description,
            "icon": null,
            "bot_public": application.bot_public,
        },
        "bot": community.user(application.id).map(wire::user::user),
        "user": community.user(viewer).map(wire::user::user),
        "guilds": guilds.collect::<Vec<_>>(),
        "permissions": permissions,
        "authorized": false,
    }))
}

async fn authorize(call: Call) -> ApiResult {
    let (client, asked) = call.query(client)?;
    let grant = call.form(Grant::read)?;
    let location = format!("{}://{}/", if call.is_secure { "https" } else { "http" }, call.host);
    let (Some(application_id), Some(guild_id)) = (client, grant.guild_id) else {
        return Err(Refusal::UnknownApplication.into());
    };
    if grant.authorize {
        let permissions = grant.permissions.unwrap_or(asked);
        let (actor, reason) = (call.actor(), call.reason.clone());
        call.run(AddBot { actor, application_id, guild_id, permissions, reason }).await?;
    }
    Reply::json(&json!({"location": location}))
}
