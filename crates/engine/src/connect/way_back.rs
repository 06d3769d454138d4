//! How a browser comes back to the program: by its link scheme, or by a listener that lives for one sign-in.

use std::time::Duration;

use contract::ApiError;
use contract::accounts::ComeBack;
use domain::job::plus;
use tokio::task::AbortHandle;

use super::loopback::Listener;
use crate::deep_link::Return;
use crate::engine::Engine;
use crate::errors::internal;

/// A browser sign-in that takes longer is given up; the loopback listener lives no longer either.
pub(crate) const PATIENCE_S: i64 = 5 * 60;

/// A way back that is open, and the secret that opens it.
#[derive(Debug)]
pub(crate) struct WayBack {
    /// The address that the browser is sent to.
    pub redirect: String,
    /// 256 random bits: the `state` of the request.
    pub secret: String,
    listener: Option<Listener>,
}

impl WayBack {
    /// `scheme`: the address of the program's own scheme.
    pub(crate) async fn open(engine: &Engine, come_back: ComeBack, scheme: &str) -> Result<Self, ApiError> {
        let secret = engine.random_text()?;
        let (redirect, listener) = match come_back {
            ComeBack::DeepLink => (scheme.to_owned(), None),
            ComeBack::Loopback => {
                let listener = Listener::bind().await.map_err(|error| internal(&error))?;
                (listener.redirect(), Some(listener))
            }
        };
        Ok(Self { redirect, secret, listener })
    }

    /// Listens, if this way needs it, and does `finish` with what comes back.
    pub(crate) fn listen<F>(
        &mut self,
        engine: &Engine,
        finish: impl FnOnce(Return) -> F + Send + 'static,
    ) -> Option<AbortHandle>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = self.listener.take()?;
        let (clock, secret) = (std::sync::Arc::clone(&engine.ports.clock), self.secret.clone());
        let serve = async move {
            let back = tokio::select! {
                () = clock.sleep(Duration::from_secs(PATIENCE_S.unsigned_abs())) => return,
                back = listener.one_return(&secret) => back,
            };
            finish(back).await;
        };
        Some(tokio::spawn(serve).abort_handle())
    }
}

impl Engine {
    /// When a sign-in that begins now is given up.
    pub(crate) fn sign_in_ends(&self) -> jiff::Timestamp {
        plus(self.now(), PATIENCE_S)
    }

    /// Sends the system's browser somewhere. One that does not open is no end: the window shows the address too.
    pub(crate) fn browse(&self, url: &url::Url) {
        if let Err(error) = self.ports.opener.open(url.as_str()) {
            tracing::warn!(error, "the browser could not be opened");
        }
    }
}
