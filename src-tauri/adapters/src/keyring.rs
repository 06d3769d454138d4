//! The keyring of the system, asked so that nothing can hang on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use engine::ports::{Keyring, KeyringError};
use zeroize::Zeroizing;

/// The name under which entries stand in the keyring.
pub(crate) const SERVICE: &str = "app.sendoff.desktop";
/// How long an answer is waited for. A person who is asked to unlock may need longer: the question stays on the screen, and the next
/// call finds the keyring open.
const PATIENCE: Duration = Duration::from_secs(10);
/// A keyring that never answers holds a thread for each call; more than these are not started.
const MOST_WAITING: usize = 4;

/// What a call waits for, told to the one who waits.
#[derive(Debug, Default)]
pub(crate) struct Stage(AtomicBool);

impl Stage {
    /// From here on the system asks a person to unlock the keyring.
    #[cfg_attr(windows, allow(dead_code, reason = "Credential Manager asks nobody"))]
    pub(crate) fn unlocking(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_unlocking(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Secret Service, Keychain or Credential Manager. Each call may take up to ten seconds: do not make one on a thread that others need.
#[derive(Debug, Clone)]
pub struct SystemKeyring {
    patience: Duration,
    waiting: Arc<AtomicUsize>,
}

impl Default for SystemKeyring {
    fn default() -> Self {
        Self { patience: PATIENCE, waiting: Arc::default() }
    }
}

impl SystemKeyring {
    /// With another patience than ten seconds.
    #[must_use]
    pub fn with_patience(patience: Duration) -> Self {
        Self { patience, ..Self::default() }
    }

    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Stage) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<T, KeyringError> {
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= MOST_WAITING {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(KeyringError::NoAnswer);
        }
        let leaving = Leaving(Arc::clone(&self.waiting));
        let stage = Arc::new(Stage::default());
        let (answer, answered) = mpsc::sync_channel(1);
        let worker = {
            let stage = Arc::clone(&stage);
            move || {
                let _leaving = leaving;
                // nobody listens any more when the answer is late
                let _ = answer.send(work(&stage));
            }
        };
        thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(worker)
            .map_err(|error| KeyringError::Other(error.to_string()))?;
        match answered.recv_timeout(self.patience) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) if stage.is_unlocking() => Err(KeyringError::Locked),
            Err(RecvTimeoutError::Timeout) => Err(KeyringError::NoAnswer),
            Err(RecvTimeoutError::Disconnected) => Err(KeyringError::Other("its client stopped".to_owned())),
        }
    }
}

impl Keyring for SystemKeyring {
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        let entry = entry.to_owned();
        self.ask(move |stage| crate::os::keyring::get(&entry, stage))
    }

    fn set(&self, entry: &str, key: &[u8]) -> Result<(), KeyringError> {
        let (entry, key) = (entry.to_owned(), Zeroizing::new(key.to_vec()));
        self.ask(move |stage| crate::os::keyring::set(&entry, &key, stage))
    }

    fn delete(&self, entry: &str) -> Result<(), KeyringError> {
        let entry = entry.to_owned();
        self.ask(move |stage| crate::os::keyring::delete(&entry, stage))
    }
}

/// Counts a call out, also when it panics.
struct Leaving(Arc<AtomicUsize>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests;
