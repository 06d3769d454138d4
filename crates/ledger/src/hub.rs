//! Who listens to an organisation learns that it moved. Only the last number is kept for each: a listener that is slow misses numbers
//! and never the last one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::id::OrganisationId;
use tokio::sync::watch;

use crate::store::OrgStore;

#[derive(Debug, Clone, Default)]
pub struct Hub {
    listened: Arc<Mutex<BTreeMap<OrganisationId, watch::Sender<u64>>>>,
}

impl Hub {
    /// How often other processes' commits are looked for, unless there is a reason for something else.
    pub const POLL: Duration = Duration::from_millis(250);

    /// The last known number, and every later one. It begins at 0 if nothing was seen yet: a listener pulls once at the start.
    pub fn subscribe(&self, organisation: OrganisationId) -> watch::Receiver<u64> {
        self.locked().entry(organisation).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }

    /// Tells all who listen. Numbers only grow.
    pub fn publish(&self, organisation: OrganisationId, seq: u64) {
        if let Some(sender) = self.locked().get(&organisation) {
            sender.send_if_modified(|last| {
                let newer = seq > *last;
                *last = (*last).max(seq);
                newer
            });
        }
    }

    /// The organisations that somebody listens to; the others are forgotten.
    pub fn listened(&self) -> Vec<OrganisationId> {
        let mut all = self.locked();
        all.retain(|_, sender| sender.receiver_count() > 0);
        all.keys().copied().collect()
    }

    /// Looks every `every` for what other processes committed. Runs until it is dropped; an error is a look that did not happen.
    pub async fn poll(&self, store: &dyn OrgStore, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let listened = self.listened();
            if listened.is_empty() {
                continue;
            }
            if let Ok(heads) = store.heads(&listened).await {
                for (organisation, seq) in heads {
                    self.publish(organisation, seq);
                }
            }
        }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<OrganisationId, watch::Sender<u64>>> {
        // nothing in here can panic half-way
        self.listened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
