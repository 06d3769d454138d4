//! The program inside the test: its engine with the real networks, and a clock, a keyring and a desktop made of paper.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use adapters::{SystemEntropy, SystemNetworks, SystemPrograms};
use engine::ports::{Keyring, KeyringError, Notice, Notifier, Opener, Place, Ports, Programs};
use engine::{Host, Options};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::block_on;
use crate::clock::HandClock;
use crate::device::Failure;

/// A keyring that is what the test says.
#[derive(Debug, Default)]
pub struct PaperKeyring {
    entries: Mutex<HashMap<String, Vec<u8>>>,
    broken: Mutex<Option<KeyringError>>,
}

impl PaperKeyring {
    /// From now on it answers like this; `None` mends it.
    ///
    /// # Panics
    /// Another thread of the test failed.
    pub fn be(&self, broken: Option<KeyringError>) {
        *self.broken.lock().unwrap() = broken;
    }

    /// Loses everything it holds.
    ///
    /// # Panics
    /// Another thread of the test failed.
    pub fn forget(&self) {
        self.entries.lock().unwrap().clear();
    }

    fn works(&self) -> Result<(), KeyringError> {
        self.broken.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

impl Keyring for PaperKeyring {
    fn get(&self, entry: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        self.works()?;
        Ok(self.entries.lock().unwrap().get(entry).cloned().map(Zeroizing::new))
    }

    fn set(&self, entry: &str, key: &[u8]) -> Result<(), KeyringError> {
        self.works()?;
        self.entries.lock().unwrap().insert(entry.to_owned(), key.to_vec());
        Ok(())
    }

    fn delete(&self, entry: &str) -> Result<(), KeyringError> {
        self.works()?;
        self.entries.lock().unwrap().remove(entry);
        Ok(())
    }
}

/// The notices that a desktop would have shown.
#[derive(Debug, Default)]
pub struct Desktop(Mutex<Vec<Notice>>);

impl Desktop {
    /// All titles so far.
    ///
    /// # Panics
    /// Another thread of the test failed.
    pub fn titles(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(|notice| notice.title.clone()).collect()
    }
}

impl Notifier for Desktop {
    fn show(&self, notice: Notice) {
        self.0.lock().unwrap().push(notice);
    }
}

/// Nobody sits in front of this machine.
#[derive(Debug)]
struct NoBrowser;

impl Opener for NoBrowser {
    fn open(&self, _url: &str) -> Result<(), String> {
        Err("There is no browser.".to_owned())
    }
}

/// The programs of this machine, unless the test says that there are none.
#[derive(Debug, Default)]
pub struct PaperPrograms {
    pub none: std::sync::atomic::AtomicBool,
}

impl Programs for PaperPrograms {
    fn find(&self, name: &str) -> Option<PathBuf> {
        let there = !self.none.load(std::sync::atomic::Ordering::Relaxed);
        there.then(|| SystemPrograms::from_environment().find(name)).flatten()
    }
}

/// What the program stands on, kept over its restarts.
#[derive(Debug, Default)]
pub struct Ground {
    pub programs: Arc<PaperPrograms>,
    pub keyring: Arc<PaperKeyring>,
    pub desktop: Arc<Desktop>,
}

/// A running program.
#[derive(Debug)]
pub struct Inside {
    host: Host,
}

impl Inside {
    /// Opens the profile in `folder` and publishes.
    ///
    /// # Errors
    /// What a person would be told.
    ///
    /// # Panics
    /// TLS cannot be set up.
    pub fn start(folder: &Path, ground: &Ground, clock: &Arc<HandClock>) -> Result<Self, Failure> {
        let ports = Ports {
            clock: Arc::clone(clock) as _,
            entropy: Arc::new(SystemEntropy),
            keyring: Arc::clone(&ground.keyring) as _,
            networks: Arc::new(SystemNetworks::new().expect("TLS")),
            notifier: Arc::clone(&ground.desktop) as _,
            opener: Arc::new(NoBrowser),
            programs: Arc::clone(&ground.programs) as _,
        };
        let place = Place {
            profile: folder.join("profile"),
            sample: folder.join("sample"),
            documents: folder.join("documents"),
        };
        let options = Options { place, publish: true, version: "test", computer: "Laptop".to_owned() };
        let host = block_on(Host::start(options, ports));
        host.map(|host| Self { host }).map_err(|error| Failure::of(&error))
    }

    /// Runs one command.
    ///
    /// # Errors
    /// What it answers.
    pub fn call(&self, command: &str, body: Value) -> Result<Value, Failure> {
        let answer = block_on(self.host.call(command, body, 0)).map_err(|error| Failure::of(&error))?;
        Ok(serde_json::from_str(&answer).expect("an answer is JSON"))
    }

    /// What the system does with a link of the program's own scheme.
    pub fn link(&self, link: &str) {
        block_on(self.host.deep_link(link));
    }

    /// Ends it in order.
    pub fn end(self) {
        block_on(self.host.shutdown());
    }
}
