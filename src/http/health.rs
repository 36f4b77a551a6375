//! Whether the server lives, and whether it can answer. Neither needs a compute thread.

use axum::{extract::State, response::IntoResponse};

use super::{problem::Problem, state::HttpState};

/// `GET /health/live`
pub(super) async fn live() -> impl IntoResponse {
    ([("cache-control", "no-store")], "live\n")
}

/// `GET /health/ready`
pub(super) async fn ready(State(state): State<HttpState>) -> Result<impl IntoResponse, Problem> {
    let revision = state.source.snapshot(None)?.revision();
    Ok(([("cache-control", "no-store")], format!("ready at revision {}\n", revision.0)))
}
