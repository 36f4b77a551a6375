//! `serve`.

use std::{num::NonZeroUsize, process::ExitCode, sync::Arc, thread};

use super::{
    Done,
    say::{Failure, say},
};
use crate::{
    app::{App, AppError, ComputePool, Source},
    config::{Deployment, Serving},
    http::{self, HttpLimits, HttpState, ServeLimits},
    layers,
};

/// Jobs that wait or run on the compute threads, for each thread; the next asker gets a 503.
const PLACES_A_THREAD: usize = 32;

/// `poppywatch serve`
pub fn serve(deployment: &Deployment, serving: &Serving) -> Done {
    let app = App::open(&deployment.store, true, deployment.country_pack()?, deployment.today)?;
    let app = Arc::new(app);
    app.watch()?;
    let threads = serving
        .threads
        .and_then(NonZeroUsize::new)
        .or_else(|| thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN);
    let places = threads.saturating_mul(NonZeroUsize::new(PLACES_A_THREAD).unwrap_or(threads));
    let compute = ComputePool::new(threads, places)
        .map_err(|error| Failure::input(format!("--threads {threads}: {error}")))?;
    let source: Arc<dyn Source> = Arc::clone(&app) as Arc<dyn Source>;
    let mut state = HttpState::new(source, compute, layers::CATALOGUE, &HttpLimits::default());
    if let Some(base) = &serving.base_url {
        state = state.with_base(base).map_err(|error| Failure::input(error.to_string()))?;
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|source| {
            AppError::File { what: "starting the server's threads".into(), source }
        })?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(serving.listen).await.map_err(|source| {
            AppError::File { what: format!("listening on {}", serving.listen), source }
        })?;
        let address = listener.local_addr().map_err(|source| AppError::File {
            what: format!("listening on {}", serving.listen),
            source,
        })?;
        let plots = app.snapshot(None)?.plots(None).count();
        say(&format!(
            "poppywatch serves {} ({plots} plots) at http://{address}/",
            deployment.store.display()
        ))?;
        if !address.ip().is_loopback() {
            tracing::warn!("{address} is not loopback: anybody who reaches it can read everything");
        }
        http::serve(listener, http::router(state), ServeLimits::default(), interrupted())
            .await
            .map_err(|source| AppError::File { what: format!("serving {address}"), source })?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Ends when the program is asked to stop.
async fn interrupted() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            // Without the handler the signal simply ends the process.
            Err(_) => std::future::pending().await,
        }
    };
    let pressed = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = terminated => {},
        () = pressed => {},
    }
}
