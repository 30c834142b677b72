//! Asking a running server whether it is ready, without any other program: for health checks of containers.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::Context;

/// Time that the server has to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes of the answer that are read, at most.
const ANSWER_BYTES_MAX: u64 = 4 * 1024;

/// Asks the server that listens on `listen` on this machine.
///
/// # Errors
/// It does not answer, or says why it is not ready.
pub fn ask(listen: SocketAddr) -> anyhow::Result<()> {
    let address = SocketAddr::new(local(listen.ip()), listen.port());
    let mut stream =
        TcpStream::connect_timeout(&address, TIMEOUT).with_context(|| format!("no server on {address}"))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(ANSWER_BYTES_MAX).read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("that is no HTTP server")?;
    anyhow::ensure!(head.split(' ').nth(1) == Some("200"), "{}", body.trim());
    Ok(())
}

/// The address of this machine at which a server that listens on `listen` can be reached.
fn local(listen: IpAddr) -> IpAddr {
    match listen {
        IpAddr::V4(any) if any.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(any) if any.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        one => one,
    }
}
