//! What every handler shares: the vendors' states, the faults, the request log and the options.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::clock::Clock;
use crate::data::{self, Data};
use crate::fault::{self, Faults};
use crate::log::{self, Log};
use crate::{admin, postcore, postpress, postproxy, reply};

/// The emulator behind one or more routers.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) clock: Clock,
    pub(crate) enforce_limits: bool,
    pub(crate) quickstart_envelopes: bool,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    postproxy: Mutex<postproxy::Store>,
    postcore: Mutex<postcore::Store>,
    postpress: Mutex<postpress::Store>,
}

impl Context {
    /// Fills the three vendors' states with `data` as of the clock's present moment.
    pub(crate) fn new(data: Data, clock: Clock, enforce_limits: bool, quickstart_envelopes: bool) -> Self {
        let now = clock.now();
        Self {
            clock,
            enforce_limits,
            quickstart_envelopes,
            faults: Faults::default(),
            log: Log::default(),
            postproxy: Mutex::new(data::postproxy(data, now)),
            postcore: Mutex::new(data::postcore(data, now)),
            postpress: Mutex::new(data::postpress(data, now)),
        }
    }

    /// Postproxy's state. Like its siblings, never to be held across an await.
    pub(crate) fn postproxy(&self) -> MutexGuard<'_, postproxy::Store> {
        lock(&self.postproxy)
    }

    pub(crate) fn postcore(&self) -> MutexGuard<'_, postcore::Store> {
        lock(&self.postcore)
    }

    pub(crate) fn postpress(&self) -> MutexGuard<'_, postpress::Store> {
        lock(&self.postpress)
    }
}

/// The whole emulator as one router. Every request but the admin's own is first recorded, then meets the faults.
pub(crate) fn router(context: &Arc<Context>) -> Router {
    postproxy::router(context)
        .merge(postcore::router(context))
        .merge(postpress::router(context))
        .fallback(reply::no_such_route)
        .layer(from_fn_with_state(Arc::clone(context), fault::inject))
        .layer(from_fn_with_state(Arc::clone(context), log::record))
        .merge(admin::router())
        .with_state(Arc::clone(context))
}

/// Locks a mutex whatever happened to its last holder: a test that panicked must not fail the others.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
