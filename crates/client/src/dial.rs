//! One connection to a server.

use std::io;

use decentra_model::limits::SERVER_FRAME_BYTES_MAX;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config};

use crate::error::plain;
use crate::{ClientError, ServerAddress, Timing, tls};

/// A connection over which frames go.
type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Bytes read at once: a lobby's frames are short.
const READ_BUFFER_BYTES: usize = 16 * 1024;

/// Connects to `server`, up to the WebSocket upgrade.
pub(crate) async fn dial(server: ServerAddress, timing: Timing) -> Result<Socket, ClientError> {
    let timed_out = ClientError::TimedOut { server: server.to_string() };
    tokio::time::timeout(timing.connect, connect(&server)).await.unwrap_or(Err(timed_out))
}

async fn connect(server: &ServerAddress) -> Result<Socket, ClientError> {
    let connector = connector(server)?;
    let stream = reach(server).await?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(Some(SERVER_FRAME_BYTES_MAX))
        .max_frame_size(Some(SERVER_FRAME_BYTES_MAX));
    let upgraded = client_async_tls_with_config(server.uri(), stream, Some(config), Some(connector)).await;
    upgraded.map(|(socket, _)| socket).map_err(|error| not_upgraded(server, error))
}

fn connector(server: &ServerAddress) -> Result<Connector, ClientError> {
    if !server.is_secure() {
        return Ok(Connector::Plain);
    }
    ServerName::try_from(server.host())
        .map_err(|error| ClientError::Tls { server: server.to_string(), why: error.to_string() })?;
    Ok(Connector::Rustls(tls::config()?))
}

/// A TCP connection to the first address of `server` that answers.
async fn reach(server: &ServerAddress) -> Result<TcpStream, ClientError> {
    let unknown = |why| ClientError::UnknownHost { host: server.host().to_owned(), why };
    let addresses = tokio::net::lookup_host((server.host(), server.port())).await.map_err(unknown)?;
    let mut last = io::Error::new(io::ErrorKind::NotFound, "it has no address");
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // A line that was typed should leave at once; without this option it still does, a little later.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(ClientError::Unreachable { server: server.to_string(), why: last })
}

fn not_upgraded(server: &ServerAddress, error: Error) -> ClientError {
    let server = server.to_string();
    match error {
        Error::Io(error) if is_tls(&error) => ClientError::Tls { server, why: error.to_string() },
        Error::Tls(error) => ClientError::Tls { server, why: error.to_string() },
        Error::Http(response) => {
            ClientError::NotALobby { server, why: format!("HTTP {}", response.status()) }
        }
        Error::Io(error) => ClientError::NotALobby { server, why: plain(&error) },
        other => ClientError::NotALobby { server, why: other.to_string() },
    }
}

fn is_tls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
}
