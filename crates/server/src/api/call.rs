//! A request, as the handlers see it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use decentra_core::community::form::WHOLE;
use decentra_core::community::login::ByLogin;
use decentra_core::community::{Actor, Command, Form, Refusal};
use decentra_model::{Id, TokenHash};
use serde_json::Value;

use super::error::ApiError;
use crate::app::App;
use crate::state::Committed;

/// A request.
pub(crate) struct Call {
    pub(crate) app: App,
    /// Who calls, and by which login; nobody, where the route is open to all.
    pub(crate) caller: Option<(Actor, TokenHash)>,
    /// What stands in the path.
    pub(crate) params: BTreeMap<&'static str, String>,
    /// What stands after the question mark: texts, by their keys; lists of them, where a key stands more than once.
    pub(crate) query: Value,
    /// The body; null, if there is none.
    pub(crate) body: Value,
    /// Why, as it is to be noted in the audit log.
    pub(crate) reason: Option<String>,
    /// Where the caller reached the server.
    pub(crate) host: String,
    /// Whether the caller came by TLS, through a proxy.
    pub(crate) is_secure: bool,
    /// Whether it is a browser that calls, for the page of another site.
    pub(crate) is_foreign: bool,
    /// Whence the call came.
    pub(crate) address: IpAddr,
    /// What the caller's program calls itself.
    pub(crate) device: Option<String>,
}

impl Call {
    /// Who calls.
    pub(crate) fn actor(&self) -> Actor {
        self.caller.expect("the route is only for those who are logged in").0
    }

    /// The login by which the call was made.
    pub(crate) fn login(&self) -> TokenHash {
        self.caller.expect("the route is only for those who are logged in").1
    }

    /// The id that stands in the path at `name`.
    pub(crate) fn id(&self, name: &str) -> Result<Id, ApiError> {
        let text = self.text(name);
        if text == "@me"
            && let Some((actor, _)) = self.caller
        {
            return Ok(actor.user_id);
        }
        text.parse().map_err(|_| {
            let message =
                format!("Value \"{}\" is not snowflake.", text.chars().take(50).collect::<String>());
            Refusal::field(name, "NUMBER_TYPE_COERCE", message).into()
        })
    }

    /// The text that stands in the path at `name`.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// What `read` makes of the body.
    pub(crate) fn form<T>(&self, read: impl FnOnce(&mut Form<'_>) -> T) -> Result<T, ApiError> {
        checked(Form::new(&self.body), read)
    }

    /// What `read` makes of a body that is a list.
    pub(crate) fn list<T>(&self, read: impl FnOnce(&mut Form<'_>) -> T) -> Result<T, ApiError> {
        checked(Form::new(&serde_json::json!({WHOLE: self.body})), read)
    }

    /// What `read` makes of the query.
    pub(crate) fn query<T>(&self, read: impl FnOnce(&mut Form<'_>) -> T) -> Result<T, ApiError> {
        checked(Form::of_query(&self.query), read)
    }

    /// Has the community decide `command`, if the caller is still logged in by then.
    pub(crate) async fn run<C: Command>(&self, command: C) -> Result<C::Answer, ApiError> {
        let login = self.caller.map(|(_, login)| login);
        Ok(self.app.run(ByLogin { login, command }).await?)
    }

    /// What is committed. To be let go before anything is waited for.
    pub(crate) fn committed(&self) -> std::sync::RwLockReadGuard<'_, Committed> {
        self.app.state.read()
    }
}

fn checked<'a, T>(mut form: Form<'a>, read: impl FnOnce(&mut Form<'a>) -> T) -> Result<T, ApiError> {
    let value = read(&mut form);
    form.check()?;
    Ok(value)
}
