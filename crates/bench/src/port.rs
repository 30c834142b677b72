//! A port on which nobody listens.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::Range;

use anyhow::{Result, bail};

/// Ports to choose from: below those that Linux takes for outgoing connections (32768 and up).
///
/// Whoever connects again and again to a port among those, on which nobody listens yet, sooner or later is given
/// that port for their own end, and is connected to themselves.
const PORTS: Range<u16> = 20_000..32_000;

/// An address on this machine that is free now. Each process begins its search elsewhere.
pub fn free_address() -> Result<SocketAddr> {
    let offset = usize::try_from(std::process::id())? % PORTS.len();
    for port in PORTS.cycle().skip(offset).take(PORTS.len()) {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        match TcpListener::bind(address) {
            Ok(_) => return Ok(address),
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(error.into()),
        }
    }
    bail!("no free port in {PORTS:?}")
}
