use std::io::IsTerminal;

use contract::program::GetProgram;
use contract::vault::{Secret, UnlockVault, VaultState};
use contract::{ApiError, Code};
use engine::Host;
use zeroize::Zeroizing;

/// The environment variable with the passphrase.
const VARIABLE: &str = "SENDOFF_PASSPHRASE";

/// Opens the vault before anything that may need it runs: with the passphrase, or by asking the keyring. A vault that stays closed is
/// no error here: what needs it says so.
///
/// # Errors
/// A passphrase was given and is not the vault's, or could not be read from the terminal.
pub async fn vault(host: &Host, ask: bool) -> Result<(), ApiError> {
    match host.run(GetProgram {}).await?.vault {
        VaultState::NeedsPassphrase => {
            let Some(passphrase) = passphrase(ask)? else { return Ok(()) };
            host.run(UnlockVault { passphrase: Some(Secret(passphrase.to_string())) }).await
        }
        // not asked yet, or truly absent: the engine asks in the background, and a single call has no time for that
        VaultState::KeyringUnavailable => {
            let asked = host.run(UnlockVault { passphrase: None }).await;
            if let Err(error) = asked {
                tracing::info!(error.code = ?error.code, "the vault stays closed");
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn passphrase(ask: bool) -> Result<Option<Zeroizing<String>>, ApiError> {
    if let Ok(given) = std::env::var(VARIABLE) {
        return Ok(Some(Zeroizing::new(given)));
    }
    if !ask {
        return Ok(None);
    }
    let asked = if std::io::stdin().is_terminal() {
        rpassword::prompt_password("Passphrase of the vault: ")
    } else {
        Err(std::io::Error::other("there is no terminal"))
    };
    asked.map(|typed| Some(Zeroizing::new(typed))).map_err(|error| {
        ApiError::new(Code::BadRequest, format!("The passphrase could not be read. Set {VARIABLE}, or use a terminal."))
            .with_detail(error.to_string())
    })
}
