use std::sync::Arc;

use egress::EgressError;
use engine::ports::Ports;

use crate::{SystemClock, SystemEntropy, SystemKeyring, SystemNetworks, SystemNotifier, SystemOpener, SystemPrograms};

/// The ports of a program on this machine.
///
/// # Errors
/// See [`NoPorts`].
pub fn ports(notifier: SystemNotifier) -> Result<Ports, NoPorts> {
    Ok(Ports {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        keyring: Arc::new(SystemKeyring::default()),
        networks: Arc::new(SystemNetworks::new()?),
        notifier: Arc::new(notifier),
        opener: Arc::new(SystemOpener::from_environment()),
        programs: Arc::new(SystemPrograms::from_environment()),
    })
}

/// Something without which no program can be started is missing.
#[derive(Debug, thiserror::Error)]
pub enum NoPorts {
    #[error("connections cannot be made secure: {0}")]
    Tls(#[from] EgressError),
}
