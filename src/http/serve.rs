//! Sockets: connections that a slow or hostile client cannot hold, and an orderly end.
//!
//! Field names go out in title case: QGIS up to 3.40 looks for them letter by letter.

use std::{
    future::Future,
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body, http::Request};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::{Instant, Sleep, sleep},
};
use tower::ServiceExt;

/// What one connection or all of them may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServeLimits {
    /// Connections at the same time; further ones wait at the door.
    pub connections: usize,
    /// For a request's line and fields, and between two requests.
    pub header_time: Duration,
    /// For a client to take any byte of an answer.
    pub stall_time: Duration,
    /// For one request with its answer, from the connection's beginning to its end at most.
    pub connection_time: Duration,
    /// Bytes of a request's line and fields.
    pub header_bytes: usize,
    /// Fields of a request.
    pub header_count: usize,
    /// For answers under way when the server stops.
    pub farewell_time: Duration,
}

impl Default for ServeLimits {
    /// 1,024 connections, 15 s for fields, 30 s without a byte taken, 24 h, 32 KiB and 64 fields,
    /// 10 s to say farewell.
    fn default() -> Self {
        Self {
            connections: 1024,
            header_time: Duration::from_secs(15),
            stall_time: Duration::from_secs(30),
            connection_time: Duration::from_secs(24 * 60 * 60),
            header_bytes: 32 << 10,
            header_count: 64,
            farewell_time: Duration::from_secs(10),
        }
    }
}

/// Whether the server is about to stop, for answers that would never end by themselves.
#[derive(Clone, Debug)]
pub(super) struct Ending(watch::Receiver<bool>);

impl Ending {
    pub(super) fn has_come(&self) -> bool {
        *self.0.borrow()
    }
}

/// Serves until `shutdown` is ready, then lets the answers under way go out.
///
/// # Errors
///
/// None at present: failures to accept are logged and tried again.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ServeLimits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(limits.connections));
    let (end, ending) = watch::channel(false);
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            // Never closed, so there is always a place at last.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut shutdown => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, _address)) => {
                let (router, ending) = (router.clone(), ending.clone());
                tokio::spawn(async move {
                    let _place = place;
                    connection(stream, router, limits, ending).await;
                });
            }
            Err(error) => {
                // Too many open files, most likely: connections that end free some.
                tracing::warn!("a connection could not be accepted: {error}");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    end.send_replace(true);
    let everyone = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let left = tokio::time::timeout(limits.farewell_time, places.acquire_many(everyone)).await;
    if left.is_err() {
        tracing::warn!("some answers were cut off at the end");
    }
    Ok(())
}

async fn connection(
    stream: TcpStream,
    router: Router,
    limits: ServeLimits,
    mut ending: watch::Receiver<bool>,
) {
    // Small answers should not wait for a full packet; a failure costs only speed.
    let _ = stream.set_nodelay(true);
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .title_case_headers(true)
        .header_read_timeout(limits.header_time)
        .max_buf_size(limits.header_bytes.max(8192))
        .max_headers(limits.header_count);
    let io = TokioIo::new(Patient::new(stream, limits.stall_time));
    let end = ending.clone();
    let answering = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Ending(end.clone()));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut talk = pin!(builder.serve_connection(io, answering));
    let mut too_long = pin!(sleep(limits.connection_time));
    let mut asked_to_end = false;
    loop {
        tokio::select! {
            done = talk.as_mut() => {
                if let Err(error) = done {
                    tracing::debug!("a connection ended: {error}");
                }
                return;
            }
            () = too_long.as_mut() => return,
            _ = ending.wait_for(|end| *end), if !asked_to_end => {
                asked_to_end = true;
                talk.as_mut().graceful_shutdown();
            }
        }
    }
}

/// A stream that is given up when the other end takes nothing for too long.
struct Patient {
    stream: TcpStream,
    patience: Duration,
    /// Runs while a write waits.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    fn new(stream: TcpStream, patience: Duration) -> Self {
        Self { stream, patience, waiting: None }
    }

    /// Passes on how a write went; an endless wait becomes an error.
    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        went: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if went.is_ready() {
            self.waiting = None;
            return went;
        }
        let patience = self.patience;
        let waiting = self
            .waiting
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + patience)));
        match waiting.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let went = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, went)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let went = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.watch(context, went)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let went = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(context, went)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
