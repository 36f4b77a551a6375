//! `GET /events`: tells listeners when the data change, so that maps draw themselves anew.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use hyper::body::Frame;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Interval, MissedTickBehavior, interval},
};

use super::{asked::Asked, problem::Problem, serve::Ending, state::HttpState};
use crate::{app::Source, domain::Revision};

/// How often each listener's stream looks at the snapshot: one atomic load.
const LOOK: Duration = Duration::from_millis(100);

/// Looks between two signs of life, by which both ends notice a dead connection.
const SIGN_OF_LIFE: u32 = 150;

/// `GET /events`: an event `revision` at once and at every change.
pub(super) async fn events(
    State(state): State<HttpState>,
    asked: Asked,
    ending: Option<Extension<Ending>>,
) -> Result<Response, Problem> {
    asked.only(&[])?;
    let place = Arc::clone(&state.listeners)
        .try_acquire_owned()
        .map_err(|_full| Problem::busy("Too many listeners; ask again shortly"))?;
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let body =
        Changes { source: state.source, looks, ending, told: None, silent: 0, _place: place };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::new(body)).into_response())
}

/// A body that ends only with the connection or the server.
struct Changes {
    source: Arc<dyn Source>,
    looks: Interval,
    ending: Option<Extension<Ending>>,
    told: Option<Revision>,
    silent: u32,
    _place: OwnedSemaphorePermit,
}

impl hyper::body::Body for Changes {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        while self.looks.poll_tick(context).is_ready() {
            if self.ending.as_ref().is_some_and(|ending| ending.has_come()) {
                return Poll::Ready(None);
            }
            let now = self.source.snapshot(None).map(|snapshot| snapshot.revision()).ok();
            self.silent += 1;
            let text = match now {
                Some(now) if self.told != Some(now) => {
                    self.told = Some(now);
                    format!("event: revision\nid: {0}\ndata: {0}\n\n", now.0)
                }
                _ if self.silent >= SIGN_OF_LIFE => ": still here\n\n".to_owned(),
                _ => continue,
            };
            self.silent = 0;
            return Poll::Ready(Some(Ok(Frame::data(text.into()))));
        }
        Poll::Pending
    }
}
