use adapters::SystemNotifier;
use contract::{ApiError, Code};
use engine::ports::{Place, Ports};
use engine::{Host, Options};

/// The ports of this machine, with a log in the profile.
///
/// # Errors
/// TLS cannot be set up.
pub fn ports(place: &Place) -> Result<Ports, ApiError> {
    // a profile on a full or read-only disk still opens as far as it can; why it has no log is then its smallest trouble
    if let Err(error) = adapters::log::start(&place.profile.join("logs")) {
        eprintln!("there will be no log: {error}");
    }
    // a click has no window to open
    adapters::ports(SystemNotifier::default()).map_err(|error| {
        ApiError::new(Code::Internal, "Connections cannot be made secure on this machine.")
            .with_detail(error.to_string())
    })
}

/// Opens the profile.
///
/// # Errors
/// Why it does not open.
pub async fn open(place: Place, publish: bool) -> Result<Host, ApiError> {
    let ports = ports(&place)?;
    adapters::own_folder(&place.profile).map_err(|error| {
        ApiError::new(Code::Storage, "The folder of the profile cannot be made.").with_detail(error.to_string())
    })?;
    let (version, computer) = (env!("CARGO_PKG_VERSION"), adapters::computer_name());
    Host::start(Options { place, publish, version, computer }, ports).await
}
