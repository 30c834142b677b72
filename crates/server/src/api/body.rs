//! The bodies of requests, in the forms in which libraries send them.

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use decentra_core::community::Refusal;
use decentra_model::limits::BODY_COMMAS_MAX;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::error::ApiError;

/// The JSON in `bytes`; null, if they are none, whatever the headers say of them.
pub(crate) async fn parse(headers: &HeaderMap, bytes: Bytes) -> Result<Value, ApiError> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => json(&bytes),
        "application/x-www-form-urlencoded" => form(&bytes),
        "multipart/form-data" => multipart(kind, bytes).await,
        _ => Err(ApiError::UnsupportedMediaType),
    }
}

fn json(bytes: &[u8]) -> Result<Value, ApiError> {
    if bytes.split(|byte| *byte == b',').nth(BODY_COMMAS_MAX + 1).is_some() {
        return Err(ApiError::InvalidJson("it holds too many values".into()));
    }
    serde_json::from_slice(bytes).map_err(|error| ApiError::InvalidJson(error.to_string()))
}

/// A form whose field `payload_json` holds the JSON.
fn form(bytes: &[u8]) -> Result<Value, ApiError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ApiError::InvalidJson(error.to_string()))?;
    let payload = text.split('&').find_map(|pair| pair.strip_prefix("payload_json="));
    let payload = payload.ok_or(ApiError::UnsupportedMediaType)?.replace('+', " ");
    json(&percent_decode_str(&payload).collect::<Vec<u8>>())
}

/// Parts, of which `payload_json` holds the JSON. Files are not taken yet, and it is said, rather than lost in silence.
async fn multipart(kind: &str, bytes: Bytes) -> Result<Value, ApiError> {
    let broken = |error: multer::Error| ApiError::InvalidJson(error.to_string());
    let boundary = multer::parse_boundary(kind).map_err(broken)?;
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes)]);
    let mut parts = multer::Multipart::new(stream, boundary);
    let mut payload = Value::Null;
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        if part.name() == Some("payload_json") {
            payload = json(&part.bytes().await.map_err(broken)?)?;
        } else if part.file_name().is_some() {
            let message = "This server does not take files yet.";
            return Err(Refusal::field("files", "ATTACHMENTS_NOT_SUPPORTED", message).into());
        }
    }
    Ok(payload)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

    use super::*;

    async fn parsed(kind: &'static str, body: &'static str) -> Result<Value, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        parse(&headers, Bytes::from_static(body.as_bytes())).await
    }

    #[tokio::test]
    async fn every_form_that_libraries_send_is_read() {
        let hi = json!({"content": "hi there"});
        assert_eq!(parsed("application/json; charset=utf-8", r#"{"content":"hi there"}"#).await.unwrap(), hi);
        let form = "payload_json=%7B%22content%22%3A%22hi+there%22%7D";
        assert_eq!(parsed("application/x-www-form-urlencoded", form).await.unwrap(), hi);
        let parts = "--x\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"hi there\"}\r\n--x--\r\n";
        assert_eq!(parsed("multipart/form-data; boundary=x", parts).await.unwrap(), hi);
        assert_eq!(parsed("text/plain", "").await.unwrap(), Value::Null);
    }

    #[tokio::test]
    async fn what_cannot_be_read_says_why() {
        assert!(matches!(parsed("application/json", "{").await, Err(ApiError::InvalidJson(_))));
        assert!(matches!(parsed("text/plain", "{}").await, Err(ApiError::UnsupportedMediaType)));
        let file =
            "--x\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a\"\r\n\r\nx\r\n--x--\r\n";
        assert!(matches!(parsed("multipart/form-data; boundary=x", file).await, Err(ApiError::Refused(_))));
    }
}
