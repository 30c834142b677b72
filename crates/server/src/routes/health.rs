//! Whether the process lives, and whether it can serve.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use tokio::sync::oneshot;

use crate::app::App;
use crate::log::Command;

/// Time that the log has to answer; a disk that takes longer does not serve.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// The process lives.
pub(super) async fn live() -> &'static str {
    "alive\n"
}

/// It can serve, or 503 with the reason why not.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, String) {
    match check(&app).await {
        Ok(()) => (StatusCode::OK, "ready\n".into()),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")),
    }
}

async fn check(app: &App) -> Result<(), String> {
    if app.stopping.is_cancelled() {
        return Err("the server is stopping".into());
    }
    let (reply, checked) = oneshot::channel();
    let ask = async {
        app.commands.pass(Command::Check { reply }).await.map_err(|_| "the log has ended".to_owned())?;
        checked.await.map_err(|_| "the log has ended".to_owned())?.map_err(|error| error.to_string())
    };
    tokio::select! {
        biased;
        checked = ask => checked,
        () = app.clock.sleep(ANSWER_TIMEOUT) => Err("the disk does not answer".into()),
    }
}
