use std::sync::Arc;

use contract::vault::{ConfirmRecoveryKey, CreateVault, Protection, RecoverVault, RecoveryKey, Secret, UnlockVault};
use contract::{ApiError, Code};
use zeroize::Zeroizing;

use crate::dispatch::{Call, Handle};
use crate::engine::Engine;
use crate::errors;
use crate::vault::{Protect, Vault, VaultError};

fn protect(protection: Protection) -> Protect {
    match protection {
        Protection::Keyring => Protect::Keyring,
        Protection::Passphrase { passphrase } => Protect::Passphrase(Zeroizing::new(passphrase.0)),
    }
}

/// The vault blocks: on the keyring, or on a slow hash. It must not hold a worker of the runtime.
async fn blocking<R: Send + 'static>(
    engine: &Arc<Engine>,
    work: impl FnOnce(&Vault) -> Result<R, VaultError> + Send + 'static,
) -> Result<R, ApiError> {
    if engine.sample {
        return Err(ApiError::new(Code::SampleOnly, "The sample profile has no vault."));
    }
    let engine = Arc::clone(engine);
    let done = tokio::task::spawn_blocking(move || work(&engine.vault)).await;
    done.map_err(|error| errors::internal(&error))?.map_err(errors::vault)
}

impl Handle<CreateVault> for Call {
    async fn handle(&self, command: CreateVault) -> Result<RecoveryKey, ApiError> {
        let protect = protect(command.protection);
        let key = blocking(&self.engine, move |vault| vault.create(&protect)).await?;
        Ok(RecoveryKey { key: Secret(key.to_string()) })
    }
}

impl Handle<ConfirmRecoveryKey> for Call {
    async fn handle(&self, command: ConfirmRecoveryKey) -> Result<(), ApiError> {
        let typed = Zeroizing::new(command.key.0);
        blocking(&self.engine, move |vault| vault.confirm(&typed)).await
    }
}

impl Handle<UnlockVault> for Call {
    async fn handle(&self, command: UnlockVault) -> Result<(), ApiError> {
        let passphrase = command.passphrase.map(|secret| Zeroizing::new(secret.0));
        let opened =
            blocking(&self.engine, move |vault| vault.unlock(passphrase.as_ref().map(|text| text.as_str()))).await;
        self.engine.wake.notify_one();
        opened
    }
}

impl Handle<RecoverVault> for Call {
    async fn handle(&self, command: RecoverVault) -> Result<(), ApiError> {
        let typed = Zeroizing::new(command.key.0);
        let protect = protect(command.protection);
        blocking(&self.engine, move |vault| vault.recover(&typed, &protect)).await?;
        self.engine.wake.notify_one();
        Ok(())
    }
}
