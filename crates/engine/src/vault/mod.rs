//! The vault: credentials sealed under one key. The key lies in the system's keyring, or wrapped by a passphrase beside
//! the database where there is no keyring; a recovery key opens it anywhere.
//!
//! States that look alike to a careless program are told apart here (no entry, locked, no keyring, refused, wrong key),
//! and none of them ever makes a new key while a vault exists.

mod recovery;
mod seal;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use contract::vault::VaultState;
use domain::id::AccountId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use recovery::BadRecoveryKey;
pub use seal::DoesNotOpen;
use seal::Key;

use crate::ports::{Entropy, Keyring, KeyringError, NoEntropy};

/// OWASP ASVS 5.0 appendix C asks for at least 46 MiB with one pass, or 19 MiB with two.
const ARGON_KIB: u32 = 64 * 1024;
const ARGON_PASSES: u32 = 3;
const PASSPHRASE_MIN: usize = 8;
const PASSPHRASE_MAX: usize = 1024;
const CHECK: &[u8] = b"sendoff vault";

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("the vault is not open")]
    Closed(VaultState),
    #[error("a vault exists already")]
    Exists,
    #[error("a passphrase has at least {PASSPHRASE_MIN} characters, at most {PASSPHRASE_MAX} bytes")]
    PassphraseLength,
    #[error(transparent)]
    BadRecoveryKey(#[from] BadRecoveryKey),
    #[error("this key does not open the vault")]
    WrongKey,
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    #[error("the vault's file cannot be read or written")]
    File(#[from] std::io::Error),
    #[error("the vault's file is damaged")]
    Damaged,
    #[error("a sealed credential does not open")]
    DoesNotOpen(#[from] DoesNotOpen),
}

/// How the key is protected from now on.
pub enum Protect {
    Keyring,
    Passphrase(Zeroizing<String>),
}

impl std::fmt::Debug for Protect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keyring => "Keyring",
            Self::Passphrase(_) => "Passphrase(..)",
        })
    }
}

/// What lies on the disk: nothing in it opens the vault by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct File {
    version: u32,
    /// Names the keyring's entry.
    id: String,
    /// A known text under the key: tells a wrong key from damaged credentials.
    check: String,
    /// The key under the recovery key.
    recovery: String,
    /// The key under a passphrase; absent when the keyring holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    passphrase: Option<Wrapped>,
    /// The recovery key was typed back.
    confirmed: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Wrapped {
    salt: String,
    memory_kib: u32,
    passes: u32,
    key: String,
}

#[derive(Debug)]
struct Inner {
    key: Option<Arc<Key>>,
    state: VaultState,
}

#[derive(Debug)]
pub struct Vault {
    path: PathBuf,
    keyring: Arc<dyn Keyring>,
    entropy: Arc<dyn Entropy>,
    inner: Mutex<Inner>,
}

impl Vault {
    /// Reads the vault's file and does not ask the keyring yet; call [`Vault::unlock`] for that.
    ///
    /// # Errors
    /// The file exists and cannot be read or understood: that is never taken for "no vault".
    pub fn load(profile: &Path, keyring: Arc<dyn Keyring>, entropy: Arc<dyn Entropy>) -> Result<Self, VaultError> {
        let path = profile.join("vault.json");
        let state = match read_file(&path)? {
            None => VaultState::Missing,
            Some(file) if file.passphrase.is_some() => VaultState::NeedsPassphrase,
            Some(_) => VaultState::KeyringUnavailable,
        };
        Ok(Self { path, keyring, entropy, inner: Mutex::new(Inner { key: None, state }) })
    }

    pub fn state(&self) -> VaultState {
        self.lock().state
    }

    /// Makes the vault; answers the recovery key, which is shown once.
    ///
    /// # Errors
    /// There is one already, the keyring does not take the key, or the disk fails; then nothing was made.
    pub fn create(&self, protect: &Protect) -> Result<Zeroizing<String>, VaultError> {
        if read_file(&self.path)?.is_some_and(|file| file.confirmed) {
            return Err(VaultError::Exists);
        }
        if self.state() == VaultState::Open {
            return Err(VaultError::Exists);
        }
        let key = Key::random(&*self.entropy)?;
        let mut id = [0u8; 16];
        self.entropy.fill(&mut id)?;
        let mut secret = Zeroizing::new([0u8; recovery::BYTES]);
        self.entropy.fill(secret.as_mut_slice())?;
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut file = File {
            version: 1,
            check: self.sealed(&key, "vault|check", CHECK)?,
            recovery: self.sealed(&recovery_wrapper(&secret), "vault|recovery", key.bytes())?,
            passphrase: None,
            confirmed: false,
            id,
        };
        self.protect(&mut file, &key, protect)?;
        write_file(&self.path, &file)?;
        self.opened(key, VaultState::Unconfirmed);
        Ok(recovery::write(&secret))
    }

    /// The person typed the recovery key back.
    ///
    /// # Errors
    /// A slip, named; or it is the key of another vault.
    pub fn confirm(&self, typed: &str) -> Result<(), VaultError> {
        let mut file = self.file()?;
        Self::key_of_recovery(&file, typed)?;
        file.confirmed = true;
        write_file(&self.path, &file)?;
        let mut inner = self.lock();
        if inner.key.is_some() {
            inner.state = VaultState::Open;
        }
        Ok(())
    }

    /// Opens the vault with a passphrase, or by asking the keyring. Blocks while the keyring does.
    ///
    /// # Errors
    /// The state says why; it is also kept for [`Vault::state`].
    pub fn unlock(&self, passphrase: Option<&str>) -> Result<(), VaultError> {
        let file = self.file()?;
        let key = match (&file.passphrase, passphrase) {
            (Some(wrapped), Some(passphrase)) => Self::key_of_passphrase(wrapped, passphrase)?,
            (Some(_), None) => return Err(self.closed(VaultState::NeedsPassphrase)),
            (None, _) => match self.keyring.get(&file.id) {
                Ok(Some(bytes)) => Key::from_slice(&bytes).ok_or_else(|| self.closed(VaultState::WrongKey))?,
                Ok(None) => return Err(self.closed(VaultState::KeyringEntryMissing)),
                Err(KeyringError::Locked) => return Err(self.closed(VaultState::KeyringLocked)),
                Err(KeyringError::Denied) => return Err(self.closed(VaultState::KeyringDenied)),
                Err(_) => return Err(self.closed(VaultState::KeyringUnavailable)),
            },
        };
        if !opens(&key, &file) {
            return Err(self.closed(VaultState::WrongKey));
        }
        self.opened(key, if file.confirmed { VaultState::Open } else { VaultState::Unconfirmed });
        Ok(())
    }

    /// Opens the vault with the recovery key, and protects the same key anew. Everything sealed stays readable.
    ///
    /// # Errors
    /// A slip, named; the key of another vault; or the keyring does not take the key.
    pub fn recover(&self, typed: &str, protect: &Protect) -> Result<(), VaultError> {
        let mut file = self.file()?;
        let key = Self::key_of_recovery(&file, typed)?;
        self.protect(&mut file, &key, protect)?;
        file.confirmed = true;
        write_file(&self.path, &file)?;
        self.opened(key, VaultState::Open);
        Ok(())
    }

    /// Seals a credential for its account.
    ///
    /// # Errors
    /// The vault is closed.
    pub fn seal(&self, account: AccountId, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        Ok(self.key()?.seal(&place(account), plain, &*self.entropy)?)
    }

    /// # Errors
    /// The vault is closed, or these bytes are not this account's credential.
    pub fn open(&self, account: AccountId, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        Ok(self.key()?.open(&place(account), sealed)?)
    }

    /// # Errors
    /// The state says why nothing can be sealed.
    pub fn require_open(&self) -> Result<(), VaultError> {
        self.key().map(|_| ())
    }

    fn key(&self) -> Result<Arc<Key>, VaultError> {
        let inner = self.lock();
        inner.key.clone().ok_or(VaultError::Closed(inner.state))
    }

    fn protect(&self, file: &mut File, key: &Key, protect: &Protect) -> Result<(), VaultError> {
        match protect {
            Protect::Keyring => {
                self.keyring.set(&file.id, key.bytes())?;
                file.passphrase = None;
            }
            Protect::Passphrase(passphrase) => {
                if passphrase.chars().count() < PASSPHRASE_MIN || passphrase.len() > PASSPHRASE_MAX {
                    return Err(VaultError::PassphraseLength);
                }
                let mut salt = [0u8; 16];
                self.entropy.fill(&mut salt)?;
                let wrapper = derive(passphrase, &salt, ARGON_KIB, ARGON_PASSES)?;
                file.passphrase = Some(Wrapped {
                    salt: BASE64.encode(salt),
                    memory_kib: ARGON_KIB,
                    passes: ARGON_PASSES,
                    key: self.sealed(&wrapper, "vault|passphrase", key.bytes())?,
                });
            }
        }
        Ok(())
    }

    fn key_of_passphrase(wrapped: &Wrapped, passphrase: &str) -> Result<Key, VaultError> {
        let salt = BASE64.decode(&wrapped.salt).map_err(|_| VaultError::Damaged)?;
        let sealed = BASE64.decode(&wrapped.key).map_err(|_| VaultError::Damaged)?;
        let wrapper = derive(passphrase, &salt, wrapped.memory_kib, wrapped.passes)?;
        let key = wrapper.open("vault|passphrase", &sealed).map_err(|_| VaultError::WrongKey)?;
        Key::from_slice(&key).ok_or(VaultError::Damaged)
    }

    fn key_of_recovery(file: &File, typed: &str) -> Result<Key, VaultError> {
        let secret = recovery::read(typed)?;
        let sealed = BASE64.decode(&file.recovery).map_err(|_| VaultError::Damaged)?;
        let key = recovery_wrapper(&secret).open("vault|recovery", &sealed).map_err(|_| VaultError::WrongKey)?;
        Key::from_slice(&key).filter(|key| opens(key, file)).ok_or(VaultError::WrongKey)
    }

    fn sealed(&self, key: &Key, place: &str, plain: &[u8]) -> Result<String, VaultError> {
        Ok(BASE64.encode(key.seal(place, plain, &*self.entropy)?))
    }

    fn file(&self) -> Result<File, VaultError> {
        read_file(&self.path)?.ok_or(VaultError::Closed(VaultState::Missing))
    }

    fn opened(&self, key: Key, state: VaultState) {
        let mut inner = self.lock();
        inner.key = Some(Arc::new(key));
        inner.state = state;
    }

    fn closed(&self, state: VaultState) -> VaultError {
        let mut inner = self.lock();
        // a vault that is open stays open when the keyring is locked later
        if inner.key.is_none() {
            inner.state = state;
        }
        VaultError::Closed(state)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn place(account: AccountId) -> String {
    format!("credential|{account}|sealed|1")
}

fn opens(key: &Key, file: &File) -> bool {
    BASE64
        .decode(&file.check)
        .is_ok_and(|sealed| key.open("vault|check", &sealed).is_ok_and(|text| text.as_slice() == CHECK))
}

/// A recovery key has 160 random bits: one hash with a purpose is enough.
fn recovery_wrapper(secret: &[u8; recovery::BYTES]) -> Key {
    let digest: Zeroizing<[u8; 32]> =
        Zeroizing::new(Sha256::new().chain_update(b"sendoff/recovery/wrap").chain_update(secret).finalize().into());
    Key::from_array(digest)
}

fn derive(passphrase: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Result<Key, VaultError> {
    // a changed file must not make us take all memory
    if memory_kib > 1024 * 1024 || passes > 64 {
        return Err(VaultError::Damaged);
    }
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| VaultError::Damaged)?;
    let mut key = Zeroizing::new([0u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice())
        .map_err(|_| VaultError::Damaged)?;
    Ok(Key::from_array(key))
}

fn read_file(path: &Path) -> Result<Option<File>, VaultError> {
    match std::fs::read(path) {
        Ok(bytes) => {
            let file: File = serde_json::from_slice(&bytes).map_err(|_| VaultError::Damaged)?;
            if file.version == 1 { Ok(Some(file)) } else { Err(VaultError::Damaged) }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn write_file(path: &Path, file: &File) -> Result<(), VaultError> {
    let bytes = serde_json::to_vec_pretty(file).map_err(|_| VaultError::Damaged)?;
    crate::files::replace(path, &bytes)?;
    Ok(())
}
