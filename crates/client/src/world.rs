//! What a stay needs of the world: a way to the server, and chance.

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::dial::dial;
use crate::{ClientError, ServerAddress, Timing};

/// What a stay needs of the world. A simulation has one of its own.
pub trait World: Send + Sync + 'static {
    /// What a connection goes over.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send;

    /// Connects to `server`, up to the WebSocket upgrade.
    fn dial(
        &self,
        server: ServerAddress,
        timing: Timing,
    ) -> impl Future<Output = Result<WebSocketStream<Self::Stream>, ClientError>> + Send + 'static;

    /// Fills `bytes` by chance.
    fn roll(&self, bytes: &mut [u8]);
}

/// The world as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Real;

impl World for Real {
    type Stream = MaybeTlsStream<TcpStream>;

    fn dial(
        &self,
        server: ServerAddress,
        timing: Timing,
    ) -> impl Future<Output = Result<WebSocketStream<Self::Stream>, ClientError>> + Send + 'static {
        dial(server, timing)
    }

    fn roll(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has random numbers");
    }
}
