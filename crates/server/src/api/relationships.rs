//! Friends, blocks, and notes on others.

use decentra_core::community::Refusal;
use decentra_core::community::note::{SetNote, read_note};
use decentra_core::community::relationship::{
    Befriend, Block, EndRelationship, NameFriend, Whom, read_kind, read_name, read_nickname,
};
use decentra_core::wire;
use serde_json::json;

use super::call::Call;
use super::reply::{ApiResult, Reply};
use super::route::{Route, delete, get, patch, post, put};

/// The routes of this file.
pub(super) fn routes() -> Vec<Route> {
    let all = "/users/@me/relationships";
    let one = "/users/@me/relationships/{user_id}";
    let notes = "/users/@me/notes";
    let note = "/users/@me/notes/{user_id}";
    let routes = vec![
        get(all, "Read one's friends, requests and blocks", list),
        post(all, "Ask someone to be a friend by their name", ask).takes(read_name).gives(204),
        put(one, "Ask someone to be a friend, accept, or block", set).takes(read_kind).gives(204),
        patch(one, "Call a friend otherwise", rename).takes(read_nickname).gives(204),
        delete(one, "End a friendship, a request or a block", end).gives(204),
        get(notes, "Read one's notes on others", list_notes),
        get(note, "Read one's note on someone", show_note),
        put(note, "Note something on someone", set_note).takes(read_note).gives(204),
    ];
    routes.into_iter().map(Route::for_people).collect()
}

async fn list(call: Call) -> ApiResult {
    Reply::json(&wire::person::relationships(&call.committed().community, call.actor().user_id))
}

async fn ask(call: Call) -> ApiResult {
    let whom = Whom::Named(call.form(read_name)?);
    call.run(Befriend { actor: call.actor(), whom }).await?;
    Reply::none()
}

async fn set(call: Call) -> ApiResult {
    let (actor, user_id) = (call.actor(), call.id("user_id")?);
    if call.form(read_kind)? {
        call.run(Block { actor, user_id }).await?;
    } else {
        call.run(Befriend { actor, whom: Whom::Id(user_id) }).await?;
    }
    Reply::none()
}

async fn rename(call: Call) -> ApiResult {
    let (actor, user_id, nickname) = (call.actor(), call.id("user_id")?, call.form(read_nickname)?);
    call.run(NameFriend { actor, user_id, nickname }).await?;
    Reply::none()
}

async fn end(call: Call) -> ApiResult {
    call.run(EndRelationship { actor: call.actor(), user_id: call.id("user_id")? }).await?;
    Reply::none()
}

async fn list_notes(call: Call) -> ApiResult {
    Reply::json(call.committed().community.person(call.actor().user_id).notes())
}

async fn show_note(call: Call) -> ApiResult {
    let (user, about) = (call.actor().user_id, call.id("user_id")?);
    let committed = call.committed();
    let note = committed.community.person(user).notes().get(&about).ok_or(Refusal::UnknownUser)?;
    Reply::json(&json!({"user_id": user, "note_user_id": about, "note": note}))
}

async fn set_note(call: Call) -> ApiResult {
    let (actor, about, note) = (call.actor(), call.id("user_id")?, call.form(read_note)?);
    call.run(SetNote { actor, about, note }).await?;
    Reply::none()
}
