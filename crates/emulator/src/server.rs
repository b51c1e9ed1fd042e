//! The emulator as a server inside the caller's own runtime.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use chrono::{DateTime, Utc};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::clock::Clock;
use crate::context::{Context, router};
use crate::data::Data;
use crate::fault::{CloseConnection, Fault};
use crate::log::RecordedRequest;

/// A running emulator. Dropping it aborts the server and every connection; see also [`shutdown`](Self::shutdown).
#[derive(Debug)]
pub struct Emulator {
    context: Arc<Context>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: Option<JoinHandle<()>>,
}

/// Why an emulator could not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EmulatorError {
    /// The port could not be bound on 127.0.0.1.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Bind {
        /// The port asked for; 0 means any.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
}

impl Emulator {
    /// The moment at which [`Data::Documents`] stands: 2025-01-06T12:30:00Z, the only moment at which Postcore's sample
    /// row agrees with itself (55 days before its `expiresAt`).
    pub const DOCUMENTS_NOW: DateTime<Utc> = match DateTime::from_timestamp(1_736_166_600, 0) {
        Some(moment) => moment,
        None => panic!("the timestamp is within chrono's range"),
    };

    /// The settings of an emulator, to be changed and then started.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// `http://127.0.0.1:PORT`, to which every vendor's own path is appended.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address that is listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A router over this emulator's state, for requests without a socket. It goes on working after the server stopped.
    pub fn router(&self) -> Router {
        router(&self.context)
    }

    /// What was asked so far, oldest first, through the socket or a router. The admin's own requests are left out.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.context.log.requests()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.context.log.clear();
    }

    /// Adds a fault behind those already there.
    pub fn add_fault(&self, fault: Fault) {
        self.context.faults.add(fault);
    }

    /// Forgets every fault. Answers on their way stay spoilt.
    pub fn clear_faults(&self) {
        self.context.faults.clear();
    }

    /// The group to which [`POSTPROXY_SCOPED_KEY`](crate::POSTPROXY_SCOPED_KEY) is bound.
    pub fn postproxy_group_id(&self) -> String {
        self.context.postproxy().bound_group.clone()
    }

    /// A linked LinkedIn account in good order, through which people can be looked up.
    pub fn postpress_account_id(&self) -> String {
        self.context.postpress().linkedin_account.clone()
    }

    /// Stops taking connections, lets answers on their way finish for up to [`GRACE`](Self::GRACE), and ends.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        if let Some(server) = self.server.take() {
            // The task ends by itself; it fails only when its runtime is going away, which ends it as well.
            let _ = server.await;
        }
    }

    /// How long [`shutdown`](Self::shutdown) waits for answers on their way: a stalled one would never end.
    pub const GRACE: Duration = Duration::from_secs(5);
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            // The task owns the set of connections, and a dropped set aborts its members.
            server.abort();
        }
    }
}

/// The settings of an [`Emulator`]. Without any: [`Data::Demo`] on the wall clock, any free port, no limits enforced.
#[derive(Clone, Debug, Default)]
#[must_use = "an emulator runs only once it is started"]
pub struct EmulatorBuilder {
    data: Data,
    now: Option<DateTime<Utc>>,
    port: u16,
    enforce_limits: bool,
    quickstart_envelopes: bool,
}

impl EmulatorBuilder {
    /// What the vendors know at the start.
    pub fn data(mut self, data: Data) -> Self {
        self.data = data;
        self
    }

    /// Stops the emulator's clock at a moment. Otherwise it is the wall clock, read at each request; for
    /// [`Data::Documents`] it stands at [`Emulator::DOCUMENTS_NOW`].
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = Some(now);
        self
    }

    /// The port on 127.0.0.1; 0, the default, for any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Whether Postcore's documented limits (100 requests and 10 connect links in 15 minutes) are enforced. Its
    /// `X-RateLimit-*` headers come either way.
    pub fn enforce_limits(mut self, enforce: bool) -> Self {
        self.enforce_limits = enforce;
        self
    }

    /// Whether Postpress answers in the envelopes of its quickstart, `{data, next_cursor}` and
    /// `{error: {code, message, request_id}}`, instead of those of its reference.
    pub fn postpress_quickstart_envelopes(mut self, quickstart: bool) -> Self {
        self.quickstart_envelopes = quickstart;
        self
    }

    /// The emulator without a socket, for requests within the process.
    pub fn into_router(self) -> Router {
        router(&Arc::new(self.context()))
    }

    /// Binds the port and serves within the current tokio runtime.
    ///
    /// # Errors
    ///
    /// [`EmulatorError::Bind`] when the port is taken or may not be bound.
    pub async fn start(self) -> Result<Emulator, EmulatorError> {
        let port = self.port;
        let bind = async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (listener, address) = bind.await.map_err(|source| EmulatorError::Bind { port, source })?;
        let context = Arc::new(self.context());
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(accept(listener, router(&context), stopped));
        Ok(Emulator { context, address, stop, server: Some(server) })
    }

    fn context(&self) -> Context {
        let clock = match (self.now, self.data) {
            (Some(now), _) => Clock::Fixed(now),
            (None, Data::Documents) => Clock::Fixed(Emulator::DOCUMENTS_NOW),
            (None, Data::Demo | Data::Synthetic { .. }) => Clock::Wall,
        };
        Context::new(self.data, clock, self.enforce_limits, self.quickstart_envelopes)
    }
}

/// Takes connections until told to stop. `axum::serve` would do, but it cannot close a connection without an answer, and
/// its connections outlive it.
async fn accept(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // What fails here is one connection (reset before it was taken), not the listener.
                if let Ok((stream, _)) = accepted {
                    connections.spawn(serve(stream, router.clone(), stopped.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
            _ = stopped.changed() => break,
        }
    }
    drop(listener);
    // Whatever is left after the grace period is aborted with the set.
    let _ = tokio::time::timeout(Emulator::GRACE, async { while connections.join_next().await.is_some() {} }).await;
}

/// Serves one connection until either side closes it.
async fn serve(stream: TcpStream, router: Router, mut stopped: watch::Receiver<bool>) {
    // Trickled bytes must leave at once instead of waiting for more. If that cannot be set they still arrive.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        let answer = router.call(request);
        async move {
            let response = answer.await.unwrap_or_else(|never| match never {});
            if response.extensions().get::<CloseConnection>().is_some() {
                // An error of the service is how hyper is told to close without an answer.
                return Err(io::Error::other("closed by a fault"));
            }
            Ok(response)
        }
    });
    let mut connection = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    // How a connection ends, cut off or not, is the client's matter.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
