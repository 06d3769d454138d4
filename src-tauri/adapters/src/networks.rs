use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;
use domain::network::Network;
use egress::{Egress, EgressError, Exception, Policy};
use engine::ports::{NetworkSettings, Networks};
use networks::page::{self, Page};
use networks::{Adapter, Bluesky, BlueskyConfig, CallError, Mastodon, Server};

/// The social networks, reached through the one guarded HTTP client.
#[derive(Debug)]
pub struct SystemNetworks {
    egress: Egress,
    mastodon: Arc<Mastodon>,
    bluesky: RwLock<Arc<Bluesky>>,
    /// What is set now; also keeps two changes from mixing.
    settings: Mutex<Option<NetworkSettings>>,
}

impl SystemNetworks {
    /// With the public networks, and no server inside private networks.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new() -> Result<Self, EgressError> {
        let egress = Egress::new(Policy::default())?;
        Ok(Self {
            mastodon: Arc::new(Mastodon::new(egress.clone())),
            bluesky: RwLock::new(Arc::new(Bluesky::new(egress.clone(), BlueskyConfig::default()))),
            egress,
            settings: Mutex::default(),
        })
    }
}

#[async_trait]
impl Networks for SystemNetworks {
    async fn read_page(&self, url: &str) -> Result<Page, CallError> {
        page::read(&self.egress, url).await
    }

    fn team_server(&self, origin: &str) -> remote::Server {
        remote::Server::new(self.egress.clone(), origin)
    }

    fn adapter(&self, network: Network) -> Option<Arc<dyn Adapter>> {
        Some(match network {
            Network::Bluesky => {
                Arc::clone(&self.bluesky.read().unwrap_or_else(PoisonError::into_inner)) as Arc<dyn Adapter>
            }
            Network::Mastodon => Arc::clone(&self.mastodon) as Arc<dyn Adapter>,
            _ => return None,
        })
    }

    fn configure(&self, settings: &NetworkSettings) -> Result<(), String> {
        let mut now = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        if now.as_ref() == Some(settings) {
            return Ok(());
        }
        let wanted = read(settings)?;
        self.egress.set_policy(Policy::new(wanted.exceptions));
        // kept if it need not change, for it remembers what servers demand of the next request
        if now.as_ref().is_none_or(|now| !same_servers(now, settings)) {
            let bluesky = Bluesky::new(self.egress.clone(), wanted.bluesky);
            *self.bluesky.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(bluesky);
        }
        *now = Some(settings.clone());
        Ok(())
    }
}

fn same_servers(one: &NetworkSettings, other: &NetworkSettings) -> bool {
    one.plc_directory == other.plc_directory && one.bluesky_server == other.bluesky_server
}

struct Wanted {
    exceptions: Vec<Exception>,
    bluesky: BlueskyConfig,
}

/// Understands all settings before any of them is taken.
fn read(settings: &NetworkSettings) -> Result<Wanted, String> {
    let exceptions = settings.private_servers.iter().filter(|entry| !entry.trim().is_empty()).map(|entry| {
        entry.parse().map_err(|error| format!("The private server \u{201c}{entry}\u{201d} is not of its form: {error}"))
    });
    let exceptions = exceptions.collect::<Result<Vec<Exception>, String>>()?;
    let server = |name: &str, typed: &str| Server::parse(typed).map_err(|error| format!("{name}: {error}"));
    let plc = server("The directory of Bluesky identities", &settings.plc_directory)?;
    let default_server = server("The first Bluesky server", &settings.bluesky_server)?;
    Ok(Wanted { exceptions, bluesky: BlueskyConfig { plc, default_server, ..BlueskyConfig::default() } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> NetworkSettings {
        NetworkSettings {
            private_servers: vec!["192.168.1.20/32:443".to_owned(), " ".to_owned()],
            plc_directory: "https://plc.directory".to_owned(),
            bluesky_server: "https://bsky.social".to_owned(),
        }
    }

    #[test]
    fn settings_are_taken_whole_or_not_at_all() {
        let networks = SystemNetworks::new().unwrap();
        networks.configure(&settings()).unwrap();
        assert_eq!(networks.egress.policy().exceptions().len(), 1);

        let mut wrong = settings();
        wrong.private_servers = vec!["10.0.0.0/8:443".to_owned(), "everything".to_owned()];
        assert!(networks.configure(&wrong).unwrap_err().contains("everything"));
        let elsewhere = NetworkSettings { plc_directory: "ftp://plc".to_owned(), ..settings() };
        assert!(networks.configure(&elsewhere).unwrap_err().contains("identities"));
        assert_eq!(networks.egress.policy().exceptions().len(), 1);
    }

    #[test]
    fn an_adapter_lives_on_through_a_change_that_is_not_its_own() {
        let networks = SystemNetworks::new().unwrap();
        networks.configure(&settings()).unwrap();
        let same = |one: &Arc<dyn Adapter>, other: &Arc<dyn Adapter>| Arc::ptr_eq(one, other);
        let before = networks.adapter(Network::Bluesky).unwrap();
        networks.configure(&NetworkSettings { private_servers: Vec::new(), ..settings() }).unwrap();
        assert!(same(&before, &networks.adapter(Network::Bluesky).unwrap()));
        networks
            .configure(&NetworkSettings { bluesky_server: "https://pds.example".to_owned(), ..settings() })
            .unwrap();
        assert!(!same(&before, &networks.adapter(Network::Bluesky).unwrap()));
        assert_eq!(networks.adapter(Network::Mastodon).unwrap().network(), Network::Mastodon);
    }
}
