//! What handlers answer.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use super::error::ApiError;

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    body: Option<Bytes>,
}

/// What a handler gives.
pub(crate) type ApiResult = Result<Reply, ApiError>;

#[expect(clippy::unnecessary_wraps, reason = "it is what handlers give")]
impl Reply {
    /// 200 with `body` as JSON.
    pub(crate) fn json(body: &impl Serialize) -> ApiResult {
        Ok(Self::with(StatusCode::OK, body))
    }

    /// 201 with `body` as JSON.
    pub(crate) fn created(body: &impl Serialize) -> ApiResult {
        Ok(Self::with(StatusCode::CREATED, body))
    }

    /// 200 with what is JSON already.
    pub(crate) fn raw(body: Bytes) -> ApiResult {
        Ok(Self { status: StatusCode::OK, body: Some(body) })
    }

    /// 204.
    pub(crate) fn none() -> ApiResult {
        Ok(Self { status: StatusCode::NO_CONTENT, body: None })
    }

    fn with(status: StatusCode, body: &impl Serialize) -> Self {
        Self { status, body: Some(json_bytes(body)) }
    }
}

/// `body` as JSON.
pub(super) fn json_bytes(body: &impl Serialize) -> Bytes {
    serde_json::to_vec(body).expect("our objects always serialise").into()
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response<Body> {
        match self.body {
            Some(body) => json_response(self.status, body),
            None => self.status.into_response(),
        }
    }
}

/// A JSON answer. Its type is exactly `application/json`: many libraries compare it letter by letter.
pub(super) fn json_response(status: StatusCode, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
