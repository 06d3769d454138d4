//! Passwords: what is kept of them, and how many are worked on at a time.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, oneshot};

use crate::error::{Code, Error};
use crate::people::password;
use crate::random;

/// How long a request waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many may wait for each one that is worked on.
const QUEUE: usize = 16;

/// Work of one password hash, with argon2id and one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    /// Hashes worked on at the same time; each holds `memory_kib`.
    pub parallel: usize,
}

impl Default for Cost {
    /// OWASP ASVS 5.0 appendix C and its cheat sheet: 19 MiB with two passes.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { memory_kib: 19 * 1024, passes: 2, parallel: cores.min(16) }
    }
}

impl Cost {
    /// The cheapest there is. Refused by [`Cost::safe`]; for tests of other things.
    pub const TESTS_ONLY: Self = Self { memory_kib: 8, passes: 1, parallel: 4 };

    /// # Errors
    /// A sentence: weaker than OWASP's least, or more than a machine has.
    pub fn safe(&self) -> Result<(), String> {
        let strong =
            (self.memory_kib >= 19 * 1024 && self.passes >= 2) || self.memory_kib >= 46 * 1024 && self.passes >= 1;
        if !strong {
            return Err("password hashes need at least 19456 KiB with two passes, or 47104 KiB with one".into());
        }
        if self.memory_kib > 1024 * 1024 || self.passes > 16 {
            return Err("a password hash may take at most 1048576 KiB and 16 passes".into());
        }
        if self.parallel == 0 || self.parallel > 64 {
            return Err("between 1 and 64 passwords can be hashed at the same time".into());
        }
        Ok(())
    }

    fn argon2(self) -> Result<Argon2<'static>, argon2::Error> {
        let params = Params::new(self.memory_kib, self.passes, 1, None)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// What came of comparing a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Compared {
    Wrong,
    Right,
    /// Right, and here is its hash with today's cost, to be kept instead.
    Outdated(String),
}

/// What one thread works in: kept from hash to hash, because what an allocator makes of blocks this large is many times as much.
type Memory = Vec<Block>;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Hashes and compares, a bounded number at a time.
pub struct Hashing {
    cost: Cost,
    jobs: mpsc::Sender<Job>,
    /// One for each that waits or is worked on; without one a request is turned away at once.
    places: Arc<Semaphore>,
    /// Compared with when there is no account, so that this takes as long. The first job makes it: a start does not wait for it.
    nobody: Arc<OnceLock<String>>,
}

impl std::fmt::Debug for Hashing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hashing").field("cost", &self.cost).finish_non_exhaustive()
    }
}

impl Hashing {
    /// # Errors
    /// The cost is none that argon2 takes.
    pub fn new(cost: Cost) -> Result<Self, String> {
        let argon2 = cost.argon2().map_err(|error| error.to_string())?;
        let (jobs, waiting) = mpsc::channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..cost.parallel {
            let waiting = Arc::clone(&waiting);
            let named = std::thread::Builder::new().name("passwords".into());
            // they end when the sender is dropped
            named.spawn(move || work_through(&waiting)).map_err(|error| error.to_string())?;
        }
        let nobody = Arc::new(OnceLock::new());
        let made = Arc::clone(&nobody);
        let first: Job = Box::new(move |memory| {
            let _ = nobodys(&made, &argon2, memory);
        });
        jobs.send(first).map_err(|error| error.to_string())?;
        Ok(Self { cost, jobs, places: Arc::new(Semaphore::new(cost.parallel * (QUEUE + 1))), nobody })
    }

    /// Judges and hashes a new password.
    pub(crate) async fn hash_new(&self, password: SecretString, email: &str, name: &str) -> Result<String, Error> {
        let (email, name) = (email.to_owned(), name.to_owned());
        let cost = self.cost;
        let hashed = self.work(move |memory| {
            if let Err(unfit) = password::judge(&password, &email, &name) {
                return Ok(Err(unfit));
            }
            let argon2 = cost.argon2().map_err(|error| error.to_string())?;
            hash(&argon2, &password, memory).map(Ok)
        });
        hashed.await?.map_err(|unfit| Error::with(Code::WeakPassword, unfit.to_string()))
    }

    /// Compares with what is kept; with `None`, takes as long and says wrong.
    pub(crate) async fn compare(&self, password: SecretString, kept: Option<String>) -> Result<Compared, Error> {
        let cost = self.cost;
        let somebody = kept.is_some();
        let nobody = Arc::clone(&self.nobody);
        self.work(move |memory| {
            let argon2 = cost.argon2().map_err(|error| error.to_string())?;
            let kept = match kept {
                Some(kept) => kept,
                None => nobodys(&nobody, &argon2, memory)?,
            };
            let parsed = PasswordHash::new(&kept).map_err(|error| error.to_string())?;
            let params = Params::try_from(&parsed).map_err(|error| error.to_string())?;
            let right = verify(&parsed, &params, &password, memory)?;
            if !right || !somebody {
                return Ok(Compared::Wrong);
            }
            let current = parsed.algorithm == Algorithm::Argon2id.ident()
                && params.m_cost() == cost.memory_kib
                && params.t_cost() == cost.passes
                && params.p_cost() == 1;
            if current { Ok(Compared::Right) } else { hash(&argon2, &password, memory).map(Compared::Outdated) }
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> Result<T, String> + Send + 'static,
    ) -> Result<T, Error> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Error::from(Code::Busy))?;
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |memory| {
            // held by the work and not by the request, which may be given up in the middle
            let _place = place;
            if !reply.is_closed() {
                let _ = reply.send(work(memory));
            }
        });
        self.jobs.send(job).map_err(|_| Error::internal("password hash", &"its threads are gone"))?;
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(error))) => Err(Error::internal("password hash", &error)),
            Ok(Err(_)) => Err(Error::internal("password hash", &"a thread of it panicked")),
            Err(_) => Err(Code::Busy.into()),
        }
    }
}

/// Threads of our own, as many as hashes at a time, each with its memory.
fn work_through(jobs: &Mutex<mpsc::Receiver<Job>>) {
    let mut memory = Memory::new();
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // a panic costs one request and not a thread; its reply is dropped, which the request notices
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut memory)));
    }
}

/// The hash of nobody's password, made if it is not there.
fn nobodys(kept: &OnceLock<String>, argon2: &Argon2<'_>, memory: &mut Memory) -> Result<String, String> {
    match kept.get() {
        Some(hash) => Ok(hash.clone()),
        None => {
            let made = hash(argon2, &"nobody".to_owned().into(), memory)?;
            Ok(kept.get_or_init(|| made).clone())
        }
    }
}

/// A new hash with a new salt, as text (PHC).
fn hash(argon2: &Argon2<'_>, password: &SecretString, memory: &mut Memory) -> Result<String, String> {
    let random: [u8; 16] = random::bytes().map_err(|error| error.to_string())?;
    let salt = Salt::new(&random).map_err(|error| error.to_string())?;
    let output = output(argon2, password, &salt, Params::DEFAULT_OUTPUT_LEN, memory)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).map_err(|error| error.to_string())?,
        salt: Some(salt),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

/// Whether this is the password, by the cost that its hash was made with.
fn verify(kept: &PasswordHash, params: &Params, password: &SecretString, memory: &mut Memory) -> Result<bool, String> {
    let (Some(salt), Some(expected)) = (&kept.salt, &kept.hash) else { return Err("a hash without its parts".into()) };
    let algorithm = Algorithm::try_from(kept.algorithm.as_str()).map_err(|error| error.to_string())?;
    let version = kept.version.map(Version::try_from).transpose().map_err(|error| error.to_string())?;
    let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), params.clone());
    // compared in constant time
    Ok(output(&argon2, password, salt, expected.len(), memory)? == *expected)
}

fn output(
    argon2: &Argon2<'_>,
    password: &SecretString,
    salt: &Salt,
    length: usize,
    memory: &mut Memory,
) -> Result<Output, String> {
    let needed = argon2.params().block_count();
    if memory.len() < needed {
        memory.resize(needed, Block::new());
    }
    let blocks = memory.get_mut(..needed).unwrap_or_default();
    let mut bytes = vec![0; length];
    let done = argon2.hash_password_into_with_memory(password.expose_secret().as_bytes(), salt, &mut bytes, blocks);
    done.map_err(|error| error.to_string())?;
    Output::new(&bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        text.to_owned().into()
    }

    #[tokio::test]
    async fn a_password_is_compared_and_an_outdated_hash_is_made_anew() {
        let old = Hashing::new(Cost::TESTS_ONLY).unwrap();
        let kept = old.hash_new(secret("correct horse battery"), "", "").await.unwrap();
        assert_eq!(old.compare(secret("correct horse battery"), Some(kept.clone())).await.unwrap(), Compared::Right);
        assert_eq!(old.compare(secret("something else"), Some(kept.clone())).await.unwrap(), Compared::Wrong);
        assert_eq!(old.compare(secret("nobody"), None).await.unwrap(), Compared::Wrong);

        let new = Hashing::new(Cost { memory_kib: 16, ..Cost::TESTS_ONLY }).unwrap();
        let Compared::Outdated(better) = new.compare(secret("correct horse battery"), Some(kept)).await.unwrap() else {
            panic!("the cost has changed");
        };
        assert!(better.contains("m=16,"), "{better}");
        assert_eq!(new.compare(secret("correct horse battery"), Some(better)).await.unwrap(), Compared::Right);
    }

    #[tokio::test]
    async fn more_than_fit_are_turned_away_at_once() {
        let hashing = Arc::new(Hashing::new(Cost { parallel: 1, ..Cost::default() }).unwrap());
        let all = (0..60).map(|_| {
            let hashing = Arc::clone(&hashing);
            async move { hashing.hash_new(secret("v7Qm2p9Xz4"), "", "").await }
        });
        let results = futures::future::join_all(all).await;
        let busy = results.iter().filter(|result| matches!(result, Err(error) if error.code == Code::Busy)).count();
        assert!(busy >= 60 - 1 - QUEUE, "{busy}");
        assert!(results.iter().any(Result::is_ok));
    }

    #[test]
    fn cheap_costs_are_refused_for_use() {
        assert!(Cost::default().safe().is_ok());
        assert!(Cost { memory_kib: 47_104, passes: 1, parallel: 1 }.safe().is_ok());
        assert!(Cost::TESTS_ONLY.safe().is_err());
        assert!(Cost { passes: 1, ..Cost::default() }.safe().is_err());
        assert!(Cost { memory_kib: 8192, passes: 10, parallel: 1 }.safe().is_err());
        assert!(Cost { parallel: 0, ..Cost::default() }.safe().is_err());
    }
}
