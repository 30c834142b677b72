//! Where a server is: what is shown of an address is that address.
#![no_main]

use decentra_client::ServerAddress;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, &str)| {
    let (port, text) = input;
    if let Ok(address) = text.parse::<ServerAddress>() {
        assert!(!address.host().is_empty(), "{text:?}");
        is_shown_as_it_is(&address);
    }
    if let Ok(address) = ServerAddress::of(text, port) {
        assert_eq!(address.port(), port, "{text:?}");
        is_shown_as_it_is(&address);
    }
});

fn is_shown_as_it_is(address: &ServerAddress) {
    let shown = address.to_string();
    let whole = if address.is_secure() { shown } else { format!("ws://{shown}") };
    let again: ServerAddress = whole.parse().unwrap_or_else(|error| panic!("{whole}: {error}"));
    let parts = |address: &ServerAddress| (address.host().to_owned(), address.port(), address.is_secure());
    assert_eq!(parts(&again), parts(address), "{whole}");
}
