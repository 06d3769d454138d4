//! What waits for all organisations, counted from the moment a push comes until it is answered. What is over a bound is turned away
//! before it is queued, so that the memory of waiting pushes is bounded in bytes and nobody fills the queue of others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::id::{OrganisationId, PersonId};
use wire::Fault;

use crate::committer::Limits;

/// Bytes that a mutation takes beside its body.
const OVERHEAD: usize = 512;

#[derive(Debug, Clone, Copy, Default)]
struct Load {
    pushes: usize,
    bytes: usize,
}

impl Load {
    /// One more push of so many bytes, unless it is the first and too large alone: that one is bounded by the wire.
    const fn fits(self, bytes: usize, pushes_max: usize, bytes_max: usize) -> bool {
        self.pushes < pushes_max && (self.pushes == 0 || self.bytes.saturating_add(bytes) <= bytes_max)
    }

    const fn add(&mut self, bytes: usize) {
        self.pushes = self.pushes.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
    }

    const fn take(&mut self, bytes: usize) {
        self.pushes = self.pushes.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

#[derive(Debug, Default)]
struct Loads {
    all: Load,
    organisations: BTreeMap<OrganisationId, Load>,
    people: BTreeMap<(OrganisationId, PersonId), Load>,
}

/// The door to all queues.
#[derive(Debug, Clone, Default)]
pub(crate) struct Admission(Arc<Mutex<Loads>>);

/// A place in a queue; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    admission: Admission,
    organisation: OrganisationId,
    person: PersonId,
    bytes: usize,
}

impl Admission {
    fn loads(&self) -> MutexGuard<'_, Loads> {
        // nothing in here can panic half-way
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// # Errors
    /// [`Fault::Busy`]: the person, the organisation or the server has enough that waits.
    pub(crate) fn admit(
        &self,
        organisation: OrganisationId,
        person: PersonId,
        bodies: impl Iterator<Item = usize>,
        limits: &Limits,
    ) -> Result<Place, Fault> {
        let bytes = bodies.fold(0, |sum: usize, body| sum.saturating_add(body).saturating_add(OVERHEAD));
        let mut loads = self.loads();
        let one = loads.people.get(&(organisation, person)).copied().unwrap_or_default();
        let org = loads.organisations.get(&organisation).copied().unwrap_or_default();
        let fits = one.fits(bytes, limits.waiting_of_person, limits.waiting_bytes_of_person)
            && org.fits(bytes, limits.waiting, limits.waiting_bytes)
            && loads.all.fits(bytes, usize::MAX, limits.waiting_bytes_of_all);
        if !fits {
            return Err(Fault::Busy { retry_after_s: 1 });
        }
        loads.all.add(bytes);
        loads.organisations.entry(organisation).or_default().add(bytes);
        loads.people.entry((organisation, person)).or_default().add(bytes);
        Ok(Place { admission: self.clone(), organisation, person, bytes })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut loads = self.admission.loads();
        loads.all.take(self.bytes);
        if let Some(load) = loads.organisations.get_mut(&self.organisation) {
            load.take(self.bytes);
            if load.pushes == 0 {
                loads.organisations.remove(&self.organisation);
            }
        }
        let key = (self.organisation, self.person);
        if let Some(load) = loads.people.get_mut(&key) {
            load.take(self.bytes);
            if load.pushes == 0 {
                loads.people.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const LIMITS: Limits = Limits {
        batch: 1,
        batch_bytes: 1,
        share: 1,
        waiting: 3,
        waiting_bytes: 10_000,
        waiting_of_person: 2,
        waiting_bytes_of_person: 5_000,
        waiting_bytes_of_all: 15_000,
        idle: std::time::Duration::ZERO,
    };

    #[test]
    fn a_person_an_organisation_and_the_server_have_bounds_in_number_and_bytes() {
        let admission = Admission::default();
        let ask = |org: u128, person: u128, body: usize| {
            let (org, person) = (OrganisationId::new(Uuid::from_u128(org)), PersonId::new(Uuid::from_u128(person)));
            admission.admit(org, person, [body].into_iter(), &LIMITS)
        };
        let first = ask(1, 1, 3_000).unwrap();
        assert!(ask(1, 1, 4_000).is_err(), "bytes of the person");
        let second = ask(1, 1, 10).unwrap();
        assert!(ask(1, 1, 10).is_err(), "pushes of the person");
        assert!(ask(1, 2, 9_000).is_err(), "bytes of the organisation");
        let third = ask(1, 2, 10).unwrap();
        assert!(ask(1, 3, 10).is_err(), "pushes of the organisation");
        let large = ask(2, 1, 9_000).unwrap();
        assert!(ask(3, 1, 2_000).is_err(), "bytes of the server");
        drop((first, second, third, large));
        let again = ask(3, 1, 2_000).unwrap();
        drop(again);
        let loads = admission.loads();
        assert_eq!((loads.all.pushes, loads.all.bytes), (0, 0));
        assert!(loads.organisations.is_empty() && loads.people.is_empty(), "nothing is remembered of who has gone");
    }
}
