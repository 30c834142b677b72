//! The fuzzer's ways in: what reads bytes from outside, and is nobody's business elsewhere.
//!
//! There is none of it in a usual build: `fuzz/` sets `--cfg fuzzing`.

use std::path::Path;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Request, header};
use axum::response::IntoResponse;
use bytes::{Bytes, BytesMut};
use decentra_core::Incoming;
use decentra_core::community::Form;
use decentra_core::community::form::Field;
use decentra_model::Picture;
use futures_util::FutureExt;
use serde_json::Value;
use tokio::runtime::Runtime;
use tower_service::Service;

use crate::api::error::ApiError;
use crate::api::{body, serve, table};
use crate::clock::{Clock, Hands};
use crate::gateway::encoded::Encoded;
use crate::gateway::packed::{Codec, Stream};
use crate::gateway::upgrade;
use crate::socket::frame;
use crate::socket::inbox::{Event, Inbox};
use crate::{Server, Settings, picture};

/// What came of WebSocket frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A message.
    Frame(Incoming),
    /// A ping.
    Ping(Vec<u8>),
    /// An end.
    Close(Option<u16>),
    /// A breach of the protocol.
    Violation(u16),
}

/// What comes of `pieces`, in the order in which a socket gave them. Ends with a close or a violation.
pub fn heard<'a>(bytes_max: usize, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Heard> {
    let mut inbox = Inbox::new(bytes_max);
    let mut heard = Vec::new();
    for mut piece in pieces {
        while let Some(event) = inbox.next(&mut piece) {
            heard.push(match event {
                Event::Frame(frame) => Heard::Frame(frame),
                Event::Ping(payload) => Heard::Ping(payload),
                Event::Close(code) => Heard::Close(code),
                Event::Violation(code, _) => Heard::Violation(code),
            });
            if matches!(heard.last(), Some(Heard::Close(_) | Heard::Violation(_))) {
                return heard;
            }
        }
    }
    heard
}

/// A text frame as the server sends it.
pub fn text_frame(text: &str) -> Bytes {
    frame::text(text)
}

/// A close frame as the server sends it.
pub fn close_frame(code: u16, reason: &str) -> Bytes {
    frame::close(code, reason)
}

/// A status, and the body that is answered with it.
pub type Answer = (u16, Value);

/// The JSON in the body of a request, or what is answered instead.
pub fn body(content_type: &str, bytes: Bytes) -> Result<Value, Answer> {
    let mut headers = HeaderMap::new();
    if let Ok(kind) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    body::parse(&headers, bytes).now_or_never().expect("all bytes are there").map_err(answer)
}

/// The query of a request, as a form.
pub fn query(text: &str) -> Value {
    serve::query(text)
}

/// Whether `query` asks for the gateway, and what its transport would be: compressed by zlib, by zstd, or not.
pub fn wish(query: &str) -> Option<(Option<u8>, Option<bool>)> {
    let wish = upgrade::wish(query)?;
    let zlib = wish.codec.map(|codec| codec == Codec::Zlib);
    Some((wish.version, zlib))
}

/// All that read a body or a query: those of the API's routes, with what they ask for.
pub struct Readers(Vec<(crate::api::route::Read, Vec<Field>)>);

impl Readers {
    /// Those of the table.
    pub fn all() -> Self {
        let readers = table::routes().into_iter().flat_map(|route| [route.body, route.query]).flatten();
        Self(readers.map(|read| (Form::fields_of(|form| read(form)), read)).map(|(f, r)| (r, f)).collect())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// What the `nth` asks for.
    pub fn fields(&self, nth: usize) -> &[Field] {
        &self.0[nth].1
    }

    /// Reads `body` as the `nth` does; what is answered, if that cannot be.
    pub fn read(&self, nth: usize, body: &Value) -> Result<(), Answer> {
        let mut form = Form::new(body);
        self.0[nth].0(&mut form);
        form.check().map_err(|refusal| answer(refusal.into()))
    }
}

fn answer(error: ApiError) -> Answer {
    let response = error.into_response();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), usize::MAX).now_or_never().expect("all bytes are there");
    (status, serde_json::from_slice(&bytes.expect("it cannot fail")).expect("errors are JSON"))
}

/// The bytes in a data URI.
pub fn data_uri(uri: &str) -> Option<Vec<u8>> {
    picture::decode(uri)
}

/// The picture of an image.
pub fn picture(bytes: &[u8]) -> Result<Picture, String> {
    picture::sizes(bytes)
}

/// Payloads as one compressed stream carries them, by zlib or by zstd, each beside what it says: dispatches of these names
/// and texts, and for each without a text a payload that says its name.
pub fn compressed(zlib: bool, payloads: &[(&str, String)]) -> Vec<(Bytes, Bytes)> {
    let mut stream = Stream::new(if zlib { Codec::Zlib } else { Codec::Zstd });
    let mut packed = |sequence: u64, (name, text): &(&str, String)| {
        if text.is_empty() {
            return (Bytes::copy_from_slice(name.as_bytes()), stream.payload(name.as_bytes()));
        }
        let encoded = Encoded::of(name, text);
        let mut said = BytesMut::new();
        encoded.put_own(&mut said, sequence);
        said.extend_from_slice(encoded.after());
        (said.freeze(), stream.dispatch(sequence, &encoded))
    };
    let packed = (1..).zip(payloads).map(|(sequence, payload)| packed(sequence, payload));
    packed.map(|(said, piece)| (said, without_head(&piece.concat().into()))).collect()
}

/// The payload of a frame from the server.
fn without_head(frame: &Bytes) -> Bytes {
    frame.slice(
        match frame[1] {
            126 => 4,
            127 => 10,
            _ => 2,
        }..,
    )
}

/// A whole server, called without a socket.
pub struct Called {
    runtime: Runtime,
    server: Option<Server>,
    router: Router,
    hands: Hands,
}

/// A call.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// The method.
    pub method: &'a str,
    /// The path with its query.
    pub path: &'a str,
    /// The headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: &'a [u8],
}

/// What was answered to a [`Call`].
#[derive(Debug, Clone)]
pub struct Replied {
    /// The status.
    pub status: u16,
    /// The content type.
    pub kind: Option<String>,
    /// The body.
    pub body: Bytes,
}

impl Called {
    /// A server on the data in `folder`, whose clock stands still.
    pub fn start(folder: &Path, change: impl FnOnce(&mut Settings)) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime can be made");
        let mut settings = Settings {
            listen: ([127, 0, 0, 1], 0).into(),
            data_dir: folder.to_owned(),
            ..Settings::default()
        };
        change(&mut settings);
        let (clock, hands) = Clock::manual();
        let mut server =
            runtime.block_on(async { Server::start(settings, clock) }).expect("the server starts");
        // The server would keep its parts alive by it, and never stop.
        let router = std::mem::take(&mut server.router);
        Self { runtime, server: Some(server), router, hands }
    }

    /// Turns its clock forward.
    pub fn advance(&self, by: std::time::Duration) {
        self.hands.advance(by);
    }

    /// Calls it; `None` for what is no HTTP.
    pub fn call(&mut self, call: &Call<'_>) -> Option<Replied> {
        let mut request = Request::builder().method(call.method).uri(call.path);
        for (name, value) in call.headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(call.body.to_vec())).ok()?;
        let router = &mut self.router;
        Some(self.runtime.block_on(async {
            let response = router.call(request).await.unwrap_or_else(|never| match never {});
            let status = response.status().as_u16();
            let kind = response.headers().get(header::CONTENT_TYPE);
            let kind = kind.and_then(|kind| kind.to_str().ok()).map(str::to_owned);
            let body = to_bytes(response.into_body(), usize::MAX).await.expect("answers are whole");
            Replied { status, kind, body }
        }))
    }

    /// Stops it, with all it has to write.
    pub fn stop(mut self) {
        self.router = Router::new();
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop()).expect("it stops");
        }
    }
}
