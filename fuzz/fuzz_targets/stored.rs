//! Rows as JSON: what was read from the database is written so that the same is read.
#![no_main]

use std::fmt::Debug;

use decentra_model::dispatch::Audience;
use decentra_model::message::Extra;
use decentra_model::{
    Application, AuditEntry, Ban, Channel, Embed, GatewaySession, Guild, Id, Instance, Invite, Member,
    Message, Permissions, Presence, Role, Timestamp, User,
};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fuzz_target!(|json: &[u8]| {
    is_read_as_written::<Application>(json);
    is_read_as_written::<Audience>(json);
    is_read_as_written::<AuditEntry>(json);
    is_read_as_written::<Ban>(json);
    is_read_as_written::<Channel>(json);
    is_read_as_written::<Embed>(json);
    is_read_as_written::<Extra>(json);
    is_read_as_written::<GatewaySession>(json);
    is_read_as_written::<Guild>(json);
    is_read_as_written::<Id>(json);
    is_read_as_written::<Instance>(json);
    is_read_as_written::<Invite>(json);
    is_read_as_written::<Member>(json);
    is_read_as_written::<Message>(json);
    is_read_as_written::<Permissions>(json);
    is_read_as_written::<Presence>(json);
    is_read_as_written::<Role>(json);
    is_read_as_written::<Timestamp>(json);
    is_read_as_written::<User>(json);
});

fn is_read_as_written<T: Debug + PartialEq + Serialize + DeserializeOwned>(json: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(json) else { return };
    let written = serde_json::to_string(&value).expect("what was read can be written");
    let again = serde_json::from_str::<T>(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(again, value, "{written}");
}
