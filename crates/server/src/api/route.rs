//! A way to call the API.

use std::pin::Pin;

use axum::http::Method;
use decentra_core::community::Form;
use decentra_model::limits::{BODY_BYTES_MAX, LONG_BODY_BYTES_MAX};

use super::call::Call;
use super::reply::ApiResult;

/// A way to call the API: from here come the router, the limits, and the OpenAPI document.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// The path after `/api/v10`, with its parameters in braces.
    pub(crate) path: &'static str,
    /// What it does, in a line.
    pub(crate) summary: &'static str,
    pub(crate) access: Access,
    /// Reads the body, so that it can be told what may stand in it.
    pub(crate) body: Option<Read>,
    /// Reads the query.
    pub(crate) query: Option<Read>,
    /// Whether the body may be long, as one with a picture is.
    pub(crate) is_long: bool,
    /// What it answers when all is well.
    pub(crate) status: u16,
    pub(crate) handler: Handler,
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everyone.
    Anyone,
    /// Who is logged in, a person or a bot.
    User,
    /// People.
    Person,
}

/// What reads a form: to find out what it asks for, whatever it makes of it.
pub(crate) type Read = Box<dyn Fn(&mut Form<'_>) + Send + Sync>;

fn reader<T: 'static>(read: fn(&mut Form<'_>) -> T) -> Read {
    Box::new(move |form| {
        let _ = read(form);
    })
}

/// What answers.
pub(crate) type Handler = Box<dyn Fn(Call) -> Answering + Send + Sync>;

/// An answer to come.
pub(crate) type Answering = Pin<Box<dyn Future<Output = ApiResult> + Send>>;

impl Route {
    fn new<F, A>(method: Method, path: &'static str, summary: &'static str, handler: F) -> Self
    where
        F: Fn(Call) -> A + Send + Sync + 'static,
        A: Future<Output = ApiResult> + Send + 'static,
    {
        let handler: Handler = Box::new(move |call| Box::pin(handler(call)));
        Self {
            method,
            path,
            summary,
            access: Access::User,
            body: None,
            query: None,
            is_long: false,
            status: 200,
            handler,
        }
    }

    /// For everyone.
    pub(crate) fn for_anyone(self) -> Self {
        Self { access: Access::Anyone, ..self }
    }

    /// For people, not for bots.
    pub(crate) fn for_people(self) -> Self {
        Self { access: Access::Person, ..self }
    }

    /// Its body may be long: it may hold a picture, or come with files.
    pub(crate) fn long(self) -> Self {
        Self { is_long: true, ..self }
    }

    /// Bytes of its body, at most.
    pub(crate) fn body_bytes_max(&self) -> usize {
        if self.is_long { LONG_BODY_BYTES_MAX } else { BODY_BYTES_MAX }
    }

    /// It takes the body that `read` reads.
    pub(crate) fn takes<T: 'static>(self, read: fn(&mut Form<'_>) -> T) -> Self {
        Self { body: Some(reader(read)), ..self }
    }

    /// It takes the query that `read` reads.
    pub(crate) fn asks<T: 'static>(self, read: fn(&mut Form<'_>) -> T) -> Self {
        Self { query: Some(reader(read)), ..self }
    }

    /// It answers with `status` when all is well.
    pub(crate) fn gives(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

/// Writes a constructor of routes for each method.
macro_rules! methods {
    ($($name:ident $method:ident),+) => {$(
        /// A route with this method.
        pub(crate) fn $name<F, A>(path: &'static str, summary: &'static str, handler: F) -> Route
        where
            F: Fn(Call) -> A + Send + Sync + 'static,
            A: Future<Output = ApiResult> + Send + 'static,
        {
            Route::new(Method::$method, path, summary, handler)
        }
    )+};
}

methods!(get GET, post POST, put PUT, patch PATCH, delete DELETE);
