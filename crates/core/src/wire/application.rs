//! Applications, as the API shows them.

use decentra_model::{Application, Id};
use serde::Serialize;
use serde_json::Value;

use super::user::{UserObject, user};
use crate::community::Community;

/// An application, as its owner and its bot see it.
///
/// `install_params` is left out on purpose: some libraries take a null for a broken object.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the keys are Discord's")]
pub struct ApplicationObject<'a> {
    pub id: Id,
    pub name: &'a str,
    pub icon: Option<&'a str>,
    pub description: &'a str,
    pub summary: &'static str,
    #[serde(rename = "type")]
    pub kind: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<UserObject<'a>>,
    pub bot_public: bool,
    pub bot_require_code_grant: bool,
    pub verified: bool,
    pub verify_key: String,
    pub flags: u32,
    pub flags_new: String,
    pub redirect_uris: [(); 0],
    pub interactions_endpoint_url: Option<&'a str>,
    pub role_connections_verification_url: Option<&'a str>,
    pub owner: Option<UserObject<'a>>,
    pub approximate_guild_count: usize,
    pub approximate_user_install_count: usize,
    pub approximate_user_authorization_count: usize,
    pub explicit_content_filter: u8,
    pub team: Option<Value>,
    pub eligible_oauth2_scopes: [(); 0],
}

/// The application.
pub fn application<'a>(community: &'a Community, application: &'a Application) -> ApplicationObject<'a> {
    ApplicationObject {
        id: application.id,
        name: &application.name,
        icon: None,
        description: &application.description,
        summary: "",
        kind: None,
        bot: community.user(application.id).map(user),
        bot_public: application.bot_public,
        bot_require_code_grant: false,
        verified: false,
        // Interactions by webhook are not served yet, so nothing is ever signed with it.
        verify_key: "0".repeat(64),
        flags: application.flags,
        flags_new: application.flags.to_string(),
        redirect_uris: [],
        interactions_endpoint_url: None,
        role_connections_verification_url: None,
        owner: community.user(application.owner_id).map(user),
        approximate_guild_count: community.guilds_of(application.id).count(),
        approximate_user_install_count: 0,
        approximate_user_authorization_count: 0,
        explicit_content_filter: 0,
        team: None,
        eligible_oauth2_scopes: [],
    }
}
