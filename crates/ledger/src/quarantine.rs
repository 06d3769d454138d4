//! What was not sent before somebody was removed: kept for those who manage members, never applied.

use domain::id::{OrganisationId, PersonId};
use jiff::SignedDuration;
use uuid::Uuid;
use wire::Fault;
use wire::push::{BODIES_MAX, MUTATIONS_MAX};
use wire::quarantine::{KEPT_DAYS, Quarantine};

use crate::ledger::{Ledger, active_member};
use crate::store::{Page, QuarantineRow};

/// Uploads that are listed at once.
const LISTED: Page = Page { rows: 100, bytes: 4_000_000 };

impl Ledger {
    /// Keeps an upload of somebody who is or was a member. `id` names it: the same again changes
    /// nothing.
    ///
    /// # Errors
    /// Somebody who never was a member; too large; too many of this person; the store.
    pub async fn quarantine(
        &self,
        organisation: OrganisationId,
        person: PersonId,
        id: Uuid,
        upload: &Quarantine,
    ) -> Result<(), Fault> {
        let bytes: usize = upload.mutations.iter().map(|one| one.body.get().len()).fold(0, usize::saturating_add);
        if upload.mutations.len() > MUTATIONS_MAX {
            return Err(Fault::TooLarge { limit: MUTATIONS_MAX as u64 });
        }
        if bytes > BODIES_MAX {
            return Err(Fault::TooLarge { limit: BODIES_MAX as u64 });
        }
        let malformed = |_| Fault::Malformed { n: None, place: String::new() };
        let body = serde_json::to_string(upload).map_err(malformed)?;
        let mut tx = self.store().write(organisation).await?;
        if tx.rows(&[domain::Key::Member(person)]).await?.is_empty() {
            return Err(Fault::AccessRevoked);
        }
        let received_at = tx.head().now;
        let kept = SignedDuration::from_hours(24 * KEPT_DAYS);
        let drop_before = received_at.checked_sub(kept).unwrap_or(jiff::Timestamp::MIN);
        tx.quarantine(QuarantineRow { id, client: upload.client, person, received_at, body }, drop_before).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Of the uploads that are kept the next ones behind `after`, oldest first, for whoever manages members; none behind the last.
    ///
    /// # Errors
    /// Everybody else; the store.
    pub async fn quarantined(
        &self,
        organisation: OrganisationId,
        person: PersonId,
        after: Option<Uuid>,
    ) -> Result<Vec<QuarantineRow>, Fault> {
        let mut tx = self.store().read(organisation).await?;
        let member = active_member(tx.as_mut(), person).await?;
        if !member.role.may_manage_members() {
            return Err(Fault::AccessRevoked);
        }
        Ok(tx.quarantined(after, LISTED).await?)
    }
}
