//! The engine of this program, or why it did not start.

use std::sync::Arc;

use adapters::{computer_name, own_folder};
use contract::{ApiError, Code};
use engine::ports::{Place, Ports};
use engine::{Host, Options, Repair};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::watch;

/// What a window may ask for when the profile did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Open it as it is: another program may have let go of it.
    Retry,
    /// Replace the database by its last backup; the damaged one stays beside it.
    RestoreBackup,
    /// Start with an empty profile; the damaged one stays beside it.
    SetAside,
}

/// The engine, shared by windows, tray and links. Starts once; commands that come earlier wait for it.
#[derive(Debug)]
pub struct Program {
    place: Place,
    ports: Ports,
    started: watch::Sender<Option<Result<Host, ApiError>>>,
    starting: tokio::sync::Mutex<()>,
}

impl Program {
    pub fn new(place: Place, ports: Ports) -> Arc<Self> {
        Arc::new(Self { place, ports, started: watch::Sender::new(None), starting: tokio::sync::Mutex::new(()) })
    }

    /// Opens the profile and begins to publish.
    ///
    /// # Errors
    /// Why it did not open; every command answers the same until [`Program::remedy`] helped.
    pub async fn start(&self) -> Result<Host, ApiError> {
        let _one = self.starting.lock().await;
        if let Some(Ok(host)) = &*self.started.borrow() {
            return Ok(host.clone());
        }
        let options = Options {
            place: self.place.clone(),
            publish: true,
            version: env!("CARGO_PKG_VERSION"),
            computer: computer_name(),
        };
        let started = match own_folder(&self.place.profile) {
            Ok(()) => Host::start(options, self.ports.clone()).await,
            Err(error) => Err(no_folder(&error)),
        };
        if let Err(error) = &started {
            tracing::error!(error.code = ?error.code, "the profile did not open");
        }
        self.started.send_replace(Some(started.clone()));
        started
    }

    /// The engine, as soon as it is known whether it started.
    ///
    /// # Errors
    /// Why it did not.
    pub async fn host(&self) -> Result<Host, ApiError> {
        let mut started = self.started.subscribe();
        match started.wait_for(Option::is_some).await {
            Ok(state) => state.clone().unwrap_or_else(|| Err(ended())),
            Err(_) => Err(ended()),
        }
    }

    /// The engine if it runs at this moment.
    pub fn running(&self) -> Option<Host> {
        self.started.borrow().clone().and_then(Result::ok)
    }

    /// Runs one command of the contract; the answer is JSON text.
    ///
    /// # Errors
    /// What the command answers, or why the profile did not open.
    pub async fn call(&self, command: &str, body: Value, caller: u64) -> Result<String, ApiError> {
        self.host().await?.call(command, body, caller).await
    }

    /// Tries to open a profile that did not open.
    ///
    /// # Errors
    /// It still does not, or it is open and needs no remedy.
    pub async fn remedy(&self, remedy: Remedy) -> Result<Host, ApiError> {
        if self.host().await.is_ok() {
            return Err(ApiError::new(Code::BadRequest, "The profile is open and needs no repair."));
        }
        let repair = match remedy {
            Remedy::Retry => None,
            Remedy::RestoreBackup => Some(Repair::RestoreBackup),
            Remedy::SetAside => Some(Repair::BeginAnew),
        };
        if let Some(how) = repair {
            engine::repair(&self.place, &self.ports, how).await?;
        }
        self.start().await
    }
}

fn ended() -> ApiError {
    ApiError::new(Code::Internal, "Sendoff is closing.")
}

fn no_folder(error: &std::io::Error) -> ApiError {
    let sentence =
        "The folder of the profile cannot be made. Check that its disk is there and that you may write to it.";
    ApiError::new(Code::Storage, sentence).with_detail(error.to_string())
}
