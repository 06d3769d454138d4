use std::sync::Mutex;

use super::*;

/// A keyring in memory whose state a test chooses.
#[derive(Debug, Default)]
struct TestKeyring {
    entry: Mutex<Option<Vec<u8>>>,
    failure: Mutex<Option<KeyringError>>,
}

impl TestKeyring {
    fn fail(&self, error: Option<KeyringError>) {
        *self.failure.lock().unwrap() = error;
    }

    fn check(&self) -> Result<(), KeyringError> {
        self.failure.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

impl Keyring for TestKeyring {
    fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        self.check()?;
        Ok(self.entry.lock().unwrap().clone().map(Zeroizing::new))
    }

    fn set(&self, _: &str, key: &[u8]) -> Result<(), KeyringError> {
        self.check()?;
        *self.entry.lock().unwrap() = Some(key.to_vec());
        Ok(())
    }

    fn delete(&self, _: &str) -> Result<(), KeyringError> {
        self.check()?;
        *self.entry.lock().unwrap() = None;
        Ok(())
    }
}

/// Counts up: no two fills are alike, and every run is the same.
#[derive(Debug, Default)]
struct Counter(Mutex<u8>);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        let mut next = self.0.lock().unwrap();
        for byte in bytes {
            *byte = *next;
            *next = next.wrapping_mul(5).wrapping_add(17);
        }
        Ok(())
    }
}

struct Desk {
    folder: tempfile::TempDir,
    keyring: Arc<TestKeyring>,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keyring: Arc::default() }
    }

    /// As after a restart.
    fn vault(&self) -> Vault {
        Vault::load(self.folder.path(), self.keyring.clone(), Arc::new(Counter::default())).unwrap()
    }

    fn file(&self) -> Vec<u8> {
        std::fs::read(self.folder.path().join("vault.json")).unwrap()
    }
}

fn account(n: u128) -> AccountId {
    AccountId::new(uuid::Uuid::from_u128(n))
}

#[test]
fn a_vault_lasts_and_only_its_key_goes_into_the_keyring() {
    let desk = Desk::new();
    let vault = desk.vault();
    assert_eq!(vault.state(), VaultState::Missing);
    let recovery = vault.create(&Protect::Keyring).unwrap();
    assert_eq!(vault.state(), VaultState::Unconfirmed);
    vault.confirm(&recovery).unwrap();
    // the Windows store takes 2,560 bytes: a credential of any size must do
    let credential = vec![b't'; 8 * 1024];
    let sealed = vault.seal(account(1), &credential).unwrap();
    assert_eq!(desk.keyring.entry.lock().unwrap().as_ref().unwrap().len(), 32);

    let vault = desk.vault();
    vault.unlock(None).unwrap();
    assert_eq!(vault.state(), VaultState::Open);
    assert_eq!(*vault.open(account(1), &sealed).unwrap(), credential);
}

#[test]
fn a_sealed_credential_opens_at_its_own_place_only() {
    let desk = Desk::new();
    let vault = desk.vault();
    vault.create(&Protect::Keyring).unwrap();
    let sealed = vault.seal(account(1), b"token").unwrap();
    assert!(matches!(vault.open(account(2), &sealed), Err(VaultError::DoesNotOpen(_))));
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(vault.open(account(1), &changed).is_err(), "bit {bit}");
    }
    assert!(vault.open(account(1), &sealed[..10]).is_err());
}

#[test]
fn the_states_of_the_keyring_are_told_apart_and_change_nothing() {
    let desk = Desk::new();
    desk.vault().create(&Protect::Keyring).unwrap();
    let before = desk.file();
    for (failure, state) in [
        (KeyringError::Locked, VaultState::KeyringLocked),
        (KeyringError::NoBackend, VaultState::KeyringUnavailable),
        (KeyringError::NoAnswer, VaultState::KeyringUnavailable),
        (KeyringError::Denied, VaultState::KeyringDenied),
        (KeyringError::Other("?".into()), VaultState::KeyringUnavailable),
    ] {
        desk.keyring.fail(Some(failure));
        let vault = desk.vault();
        assert!(matches!(vault.unlock(None), Err(VaultError::Closed(told)) if told == state));
        assert_eq!(vault.state(), state);
        assert!(vault.seal(account(1), b"x").is_err());
    }
    desk.keyring.fail(None);

    let entry = desk.keyring.entry.lock().unwrap().take();
    let vault = desk.vault();
    assert!(vault.unlock(None).is_err());
    assert_eq!(vault.state(), VaultState::KeyringEntryMissing);
    for garbage in [vec![1; 32], vec![1; 7]] {
        *desk.keyring.entry.lock().unwrap() = Some(garbage);
        let vault = desk.vault();
        assert!(vault.unlock(None).is_err());
        assert_eq!(vault.state(), VaultState::WrongKey);
    }
    *desk.keyring.entry.lock().unwrap() = entry;
    desk.vault().unlock(None).unwrap();
    assert_eq!(desk.file(), before);
}

#[test]
fn the_recovery_key_opens_on_a_clean_machine() {
    let desk = Desk::new();
    let vault = desk.vault();
    let recovery = vault.create(&Protect::Keyring).unwrap();
    vault.confirm(&recovery).unwrap();
    let sealed = vault.seal(account(1), b"token").unwrap();

    let clean = Desk { folder: desk.folder, keyring: Arc::default() };
    let vault = clean.vault();
    let slip = recovery.replacen(|c: char| c.is_ascii_digit(), "Z", 1);
    assert!(matches!(vault.recover(&slip, &Protect::Keyring), Err(VaultError::BadRecoveryKey(_))));
    let other = Desk::new().vault().create(&Protect::Keyring).unwrap();
    if *other != *recovery {
        assert!(matches!(vault.recover(&other, &Protect::Keyring), Err(VaultError::WrongKey)));
    }
    vault.recover(&recovery, &Protect::Keyring).unwrap();
    assert_eq!(*vault.open(account(1), &sealed).unwrap(), b"token");
    clean.vault().unlock(None).unwrap();
}

#[test]
fn a_passphrase_serves_where_there_is_no_keyring() {
    let desk = Desk::new();
    desk.keyring.fail(Some(KeyringError::NoBackend));
    let vault = desk.vault();
    assert!(matches!(vault.create(&Protect::Keyring), Err(VaultError::Keyring(KeyringError::NoBackend))));
    assert_eq!(vault.state(), VaultState::Missing);
    let passphrase = |text: &str| Protect::Passphrase(Zeroizing::new(text.to_owned()));
    assert!(matches!(vault.create(&passphrase("short")), Err(VaultError::PassphraseLength)));
    vault.create(&passphrase("correct horse")).unwrap();
    let sealed = vault.seal(account(1), b"token").unwrap();

    let vault = desk.vault();
    assert_eq!(vault.state(), VaultState::NeedsPassphrase);
    assert!(matches!(vault.unlock(None), Err(VaultError::Closed(VaultState::NeedsPassphrase))));
    assert!(matches!(vault.unlock(Some("wrong horse")), Err(VaultError::WrongKey)));
    vault.unlock(Some("correct horse")).unwrap();
    assert_eq!(*vault.open(account(1), &sealed).unwrap(), b"token");
    assert!(!desk.file().windows(5).any(|bytes| bytes == b"horse"));
}

#[test]
fn a_vault_is_never_made_over_another() {
    let desk = Desk::new();
    let vault = desk.vault();
    let recovery = vault.create(&Protect::Keyring).unwrap();
    vault.confirm(&recovery).unwrap();
    let before = desk.file();
    assert!(matches!(vault.create(&Protect::Keyring), Err(VaultError::Exists)));
    assert!(matches!(desk.vault().create(&Protect::Keyring), Err(VaultError::Exists)));
    assert_eq!(desk.file(), before);

    std::fs::write(desk.folder.path().join("vault.json"), b"{").unwrap();
    let damaged = Vault::load(desk.folder.path(), desk.keyring.clone(), Arc::new(Counter::default()));
    assert!(matches!(damaged, Err(VaultError::Damaged)));
}

#[test]
fn nothing_secret_shows() {
    let desk = Desk::new();
    let vault = desk.vault();
    let recovery = vault.create(&Protect::Passphrase(Zeroizing::new("correct horse".to_owned()))).unwrap();
    let shown = format!("{vault:?} {:?}", Protect::Passphrase(Zeroizing::new("correct horse".to_owned())));
    assert!(!shown.contains("horse") && !shown.contains(recovery.as_str()));
}
