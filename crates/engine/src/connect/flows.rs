//! Sign-ins on their way through the system's browser: each comes back once, by the secret that went with it, while it waits.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use contract::accounts::ConnectState;
use contract::teams::TeamSignIn;
use contract::{ApiError, Code};
use jiff::Timestamp;
use tokio::task::AbortHandle;

use crate::deep_link::Return;

/// Sign-ins under way at once.
const FLOWS_MAX: usize = 16;

/// Where a sign-in stands, as the window is told.
pub(crate) trait Stage: Clone {
    fn waiting(expires_at: Timestamp) -> Self;
    fn finishing() -> Self;
    fn failed(error: ApiError) -> Self;
    fn is_waiting(&self) -> bool;
}

macro_rules! stages {
    ($($stage:ty),+) => {$(
        impl Stage for $stage {
            fn waiting(expires_at: Timestamp) -> Self {
                Self::WaitingForBrowser { expires_at }
            }

            fn finishing() -> Self {
                Self::Finishing
            }

            fn failed(error: ApiError) -> Self {
                Self::Failed { error }
            }

            fn is_waiting(&self) -> bool {
                matches!(self, Self::WaitingForBrowser { .. })
            }
        }
    )+};
}

stages!(ConnectState, TeamSignIn);

#[derive(Debug)]
struct Flow<P, S> {
    /// What the browser must bring back. Compared, never shown.
    secret: String,
    /// What it takes to finish; handed out once.
    pending: Option<P>,
    state: S,
    expires_at: Timestamp,
    listener: Option<AbortHandle>,
}

impl<P, S> Flow<P, S> {
    fn stop(self) {
        if let Some(listener) = self.listener {
            listener.abort();
        }
    }
}

/// The sign-ins under way of one kind: `P` is what it takes to finish one, `S` where it stands.
#[derive(Debug)]
pub(crate) struct Flows<P, S>(Mutex<HashMap<u64, Flow<P, S>>>);

impl<P, S> Default for Flows<P, S> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<P, S: Stage> Flows<P, S> {
    fn with<R>(&self, f: impl FnOnce(&mut HashMap<u64, Flow<P, S>>) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits under `number` for the return that brings `secret`.
    pub(crate) fn wait(
        &self,
        number: u64,
        secret: String,
        pending: P,
        until: Timestamp,
        listener: Option<AbortHandle>,
    ) {
        self.with(|flows| {
            // the oldest go first; a person has no sixteen browser windows open for us
            while flows.len() >= FLOWS_MAX {
                let oldest = flows.iter().min_by_key(|(_, flow)| flow.expires_at).map(|(number, _)| *number);
                let Some(flow) = oldest.and_then(|oldest| flows.remove(&oldest)) else { break };
                flow.stop();
            }
            let state = S::waiting(until);
            flows.insert(number, Flow { secret, pending: Some(pending), state, expires_at: until, listener });
        });
    }

    /// Where a sign-in stands.
    pub(crate) fn state(&self, flow: u64, now: Timestamp) -> Option<S> {
        self.with(|flows| {
            let flow = flows.get_mut(&flow)?;
            if flow.state.is_waiting() && flow.expires_at <= now {
                flow.pending = None;
                flow.state = S::failed(ApiError::new(
                    Code::SignInEnded,
                    "The browser did not come back in time. If you finished there, another program may have taken the link: \
                     try again with another method.",
                ));
            }
            Some(flow.state.clone())
        })
    }

    pub(crate) fn cancel(&self, flow: u64) {
        if let Some(flow) = self.with(|flows| flows.remove(&flow)) {
            flow.stop();
        }
    }

    pub(crate) fn settle(&self, flow: u64, state: S) {
        self.with(|flows| {
            if let Some(flow) = flows.get_mut(&flow) {
                flow.state = state;
            }
        });
    }

    /// `back` belongs to one of these.
    pub(crate) fn waits_for(&self, back: &Return) -> bool {
        self.with(|flows| flows.values().any(|flow| same(&flow.secret, &back.state)))
    }

    /// Hands out the sign-in that `back` belongs to: once, and only while it waits.
    pub(crate) fn take(&self, back: &Return, now: Timestamp) -> Option<(u64, P)> {
        self.with(|flows| {
            let (number, flow) = flows.iter_mut().find(|(_, flow)| same(&flow.secret, &back.state))?;
            if flow.expires_at <= now {
                return None;
            }
            let pending = flow.pending.take()?;
            flow.state = S::finishing();
            Some((*number, pending))
        })
    }
}

/// Compares without telling by its time how much fits.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |different, (a, b)| different | (a ^ b)) == 0
}
