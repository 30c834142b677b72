//! What a start prints for the person who made it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use crate::Settings;

/// Where to go, how to join, where the data lies.
pub fn banner(settings: &Settings, address: SocketAddr) -> String {
    let data_dir = std::path::absolute(&settings.data_dir).unwrap_or_else(|_| settings.data_dir.clone());
    let port = address.port();
    let hosts = hosts(address.ip());
    let open: Vec<_> = hosts.iter().map(|host| format!("http://{}", SocketAddr::new(*host, port))).collect();
    let last = hosts.last().copied().unwrap_or(address.ip());
    format!(
        "{name} is up.\n\n  open    {open}\n  join    decentra --server ws://{join} YourName\n  \
         data    {data}\n\nCtrl+C stops it.\n",
        name = settings.name,
        open = open.join("\n          "),
        join = SocketAddr::new(last, port),
        data = data_dir.display(),
    )
}

/// The addresses by which the server can be reached: on this machine, then from others.
fn hosts(listen: IpAddr) -> Vec<IpAddr> {
    if !listen.is_unspecified() {
        return vec![listen];
    }
    let mut hosts = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    hosts.extend(outward_address().filter(|address| !address.is_loopback()));
    hosts
}

/// This machine's address as others see it: the one from which it would send to an address that stands for any
/// (TEST-NET-1, RFC 5737). Nothing is sent.
fn outward_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}
