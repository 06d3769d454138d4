//! The ledgers of all organisations of a server.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::id::{OrganisationId, PersonId, PostId};
use domain::team::{Member, Organisation, Personas, Role};
use domain::{Key, Mutation, Record};
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;
use wire::Fault;
use wire::push::{BODIES_MAX, Envelope, MUTATIONS_MAX, Opened, Push, PushReply};

use crate::admission::Admission;
use crate::commit::{Claims, Origin, Rules, Sealed};
use crate::committer::{Limits, Submission, serve};
use crate::hub::Hub;
use crate::store::OrgStore;

/// Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Ledger(Shared);

/// Somebody who becomes a member, and as what.
#[derive(Debug, Clone)]
pub struct Admitted {
    pub person: PersonId,
    pub name: String,
    pub role: Role,
    pub personas: Personas,
}

#[derive(Debug, Clone)]
pub(crate) struct Shared(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Arc<dyn OrgStore>,
    rules: Rules,
    limits: Limits,
    hub: Hub,
    admission: Admission,
    mailboxes: Mutex<BTreeMap<OrganisationId, mpsc::Sender<Submission>>>,
}

impl Shared {
    pub(crate) fn store(&self) -> &dyn OrgStore {
        self.0.store.as_ref()
    }

    pub(crate) fn rules(&self) -> Rules {
        self.0.rules
    }

    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.0.hub
    }

    fn mailboxes(&self) -> MutexGuard<'_, BTreeMap<OrganisationId, mpsc::Sender<Submission>>> {
        // nothing in here can panic half-way
        self.0.mailboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the mailbox away unless something came in: senders hold the same lock.
    pub(crate) fn retire(&self, organisation: OrganisationId, mailbox: &mpsc::Receiver<Submission>) -> bool {
        let mut all = self.mailboxes();
        let empty = mailbox.is_empty();
        if empty {
            all.remove(&organisation);
        }
        empty
    }

    fn submit(&self, organisation: OrganisationId, submission: Submission) -> Result<(), Fault> {
        use mpsc::error::TrySendError;
        let mut all = self.mailboxes();
        let submission = match all.get(&organisation) {
            Some(mailbox) => match mailbox.try_send(submission) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(_)) => return Err(Fault::Busy { retry_after_s: 1 }),
                // its task is gone: a new one begins
                Err(TrySendError::Closed(submission)) => submission,
            },
            None => submission,
        };
        let (mailbox, received) = mpsc::channel(self.limits().waiting.max(1));
        mailbox.try_send(submission).map_err(|_| Fault::Unavailable { retry_after_s: 1 })?;
        all.insert(organisation, mailbox);
        tokio::spawn(serve(self.clone(), organisation, received));
        Ok(())
    }
}

impl Ledger {
    pub fn new(store: Arc<dyn OrgStore>) -> Self {
        Self::with(store, Limits::default(), domain::apply)
    }

    /// With other limits, or judged by something else than [`domain::apply`].
    pub fn with(store: Arc<dyn OrgStore>, limits: Limits, rules: Rules) -> Self {
        let inner = Inner {
            store,
            rules,
            limits,
            hub: Hub::default(),
            admission: Admission::default(),
            mailboxes: Mutex::default(),
        };
        Self(Shared(Arc::new(inner)))
    }

    pub fn store(&self) -> &dyn OrgStore {
        self.0.store()
    }

    /// Who listens to organisations. On a server with several processes somebody runs [`Hub::poll`].
    pub fn hub(&self) -> &Hub {
        self.0.hub()
    }

    /// Makes an organisation and its owner. The same ids again are the same organisation.
    ///
    /// # Errors
    /// There is one with this id that somebody else founded; the store.
    pub async fn found(
        &self,
        organisation: OrganisationId,
        epoch: Uuid,
        owner: PersonId,
        name: String,
        member: String,
        at: Timestamp,
    ) -> Result<PushReply, Fault> {
        self.store().create(organisation, epoch).await?;
        let mutation = Mutation::FoundOrganisation { name, member };
        // the ledger's own client: its id is that of the organisation, as is that of its only mutation
        let id = organisation.uuid();
        let malformed = |_| Fault::Malformed { n: Some(1), place: String::new() };
        let sealed = Envelope::seal(1, id, at, &mutation).map_err(malformed)?;
        let push = Push { client: id, epoch: None, base: None, mutations: vec![sealed] };
        self.submit(organisation, owner, push, Origin::Founding).await
    }

    /// Takes somebody in who accepted an invitation: the only way to become a member. The rules look at what `inviter` may do now.
    /// `invitation` names it: the same again is done once.
    ///
    /// # Errors
    /// As [`Ledger::push`], with the inviter as the actor.
    pub async fn admit(
        &self,
        organisation: OrganisationId,
        inviter: PersonId,
        invitation: Uuid,
        admitted: Admitted,
        at: Timestamp,
    ) -> Result<PushReply, Fault> {
        let Admitted { person, name, role, personas } = admitted;
        let mutation = Mutation::AddMember { person, name, role, personas };
        let malformed = |_| Fault::Malformed { n: Some(1), place: String::new() };
        let sealed = Envelope::seal(1, invitation, at, &mutation).map_err(malformed)?;
        // each invitation is a client of one mutation
        let push = Push { client: invitation, epoch: None, base: None, mutations: vec![sealed] };
        self.submit(organisation, inviter, push, Origin::Invitation).await
    }

    /// Judges mutations, and returns once what was accepted is on the disk.
    ///
    /// `actor` is whoever the server knows to be signed in; whether they are a member is looked up in the same transaction.
    ///
    /// # Errors
    /// [`Fault`]. After [`Fault::Unavailable`] nobody knows what was done: the same push again finds out.
    pub async fn push(&self, organisation: OrganisationId, actor: PersonId, push: Push) -> Result<PushReply, Fault> {
        // the ledger's own number: the mutation of the founding is not anybody's
        if push.client == organisation.uuid() {
            return Err(Fault::ForkDetected { n: 1 });
        }
        self.submit(organisation, actor, push, Origin::Member).await
    }

    async fn submit(
        &self,
        organisation: OrganisationId,
        actor: PersonId,
        push: Push,
        origin: Origin,
    ) -> Result<PushReply, Fault> {
        let Push { client, epoch, base, mutations } = push;
        let bodies = mutations.iter().map(|envelope| envelope.body.get().len());
        let place = self.0.0.admission.admit(organisation, actor, bodies, &self.0.limits())?;
        let (mutations, newer) = opened(mutations)?;
        let (reply, answer) = oneshot::channel();
        let claims = Claims { epoch, base };
        self.0.submit(organisation, Submission { actor, client, claims, origin, mutations, newer, place, reply })?;
        // a task that ended without an answer may have committed
        answer.await.unwrap_or(Err(Fault::Unavailable { retry_after_s: 1 }))
    }

    /// The organisation's own record.
    ///
    /// # Errors
    /// [`Fault::AccessRevoked`] for one that does not exist.
    pub async fn organisation(&self, organisation: OrganisationId) -> Result<Organisation, Fault> {
        let mut tx = self.store().read(organisation).await?;
        for row in tx.rows(&[Key::Organisation(organisation)]).await? {
            if let Record::Organisation(found) = row.record()? {
                return Ok(found);
            }
        }
        Err(Fault::AccessRevoked)
    }

    /// Whether somebody was a member and was removed, or left, at `since` or later.
    ///
    /// # Errors
    /// The store.
    pub async fn was_removed_since(
        &self,
        organisation: OrganisationId,
        person: PersonId,
        since: Timestamp,
    ) -> Result<bool, Fault> {
        let mut tx = self.store().read(organisation).await?;
        for row in tx.rows(&[Key::Member(person)]).await? {
            if let Record::Member(member) = row.record()? {
                return Ok(!member.is_active() && member.updated_at >= since);
            }
        }
        Ok(false)
    }

    /// Whoever is a member now, in the order of a moment.
    ///
    /// # Errors
    /// [`Fault::AccessRevoked`] for everybody else, and for an organisation that does not exist.
    pub async fn member(&self, organisation: OrganisationId, person: PersonId) -> Result<Member, Fault> {
        let mut tx = self.store().read(organisation).await?;
        active_member(tx.as_mut(), person).await
    }
}

impl Ledger {
    /// Who of these are members now, in the order of one moment; one read, however many they are.
    ///
    /// # Errors
    /// The store; an organisation that does not exist.
    pub async fn members_of(
        &self,
        organisation: OrganisationId,
        people: &BTreeSet<PersonId>,
    ) -> Result<BTreeSet<PersonId>, Fault> {
        let keys: Vec<Key> = people.iter().map(|person| Key::Member(*person)).collect();
        let mut tx = self.store().read(organisation).await?;
        let mut members = BTreeSet::new();
        for row in tx.rows(&keys).await? {
            if let Record::Member(member) = row.record()?
                && member.is_active()
            {
                members.insert(member.person);
            }
        }
        Ok(members)
    }

    /// Which of these people may see which post, in the order of one moment; one read, however many they are. A post that is not there
    /// is seen by nobody.
    ///
    /// # Errors
    /// The store; an organisation that does not exist.
    pub async fn seeing(
        &self,
        organisation: OrganisationId,
        asked: &BTreeSet<(PersonId, PostId)>,
    ) -> Result<BTreeSet<(PersonId, PostId)>, Fault> {
        let people: BTreeSet<Key> = asked.iter().map(|(person, _)| Key::Member(*person)).collect();
        let posts: BTreeSet<Key> = asked.iter().map(|(_, post)| Key::Post(*post)).collect();
        let keys: Vec<Key> = people.into_iter().chain(posts).collect();
        let mut tx = self.store().read(organisation).await?;
        let (mut members, mut scopes) = (BTreeMap::new(), BTreeMap::new());
        for row in tx.rows(&keys).await? {
            match row.key {
                Key::Post(post) => drop(scopes.insert(post, row.scope)),
                _ => {
                    if let Record::Member(member) = row.record()?
                        && member.is_active()
                    {
                        members.insert(member.person, member);
                    }
                }
            }
        }
        let sees = |(person, post): &(PersonId, PostId)| {
            let scope = scopes.get(post).copied();
            scope.is_some_and(|scope| members.get(person).is_some_and(|member| member.holds(scope)))
        };
        Ok(asked.iter().copied().filter(sees).collect())
    }
}

/// The member record of somebody who is one.
pub(crate) async fn active_member(tx: &mut dyn crate::store::OrgTx, person: PersonId) -> Result<Member, Fault> {
    for row in tx.rows(&[Key::Member(person)]).await? {
        if let Record::Member(member) = row.record()?
            && member.is_active()
        {
            return Ok(member);
        }
    }
    Err(Fault::AccessRevoked)
}

/// Looks at a push as a whole: its size, its numbers, and whether it is understood. What a newer program wrote, and all behind it, is
/// counted.
fn opened(mutations: Vec<Envelope>) -> Result<(Vec<Sealed>, usize), Fault> {
    if mutations.len() > MUTATIONS_MAX {
        return Err(Fault::TooLarge { limit: MUTATIONS_MAX as u64 });
    }
    let bytes: usize = mutations.iter().map(|envelope| envelope.body.get().len()).fold(0, usize::saturating_add);
    if bytes > BODIES_MAX {
        return Err(Fault::TooLarge { limit: BODIES_MAX as u64 });
    }
    let first = mutations.first().map_or(1, |first| first.n);
    let all = mutations.len();
    let mut sealed = Vec::with_capacity(all);
    for (n, envelope) in (first..).zip(mutations) {
        if envelope.n != n || n == 0 {
            return Err(Fault::Malformed { n: Some(envelope.n), place: "n".to_owned() });
        }
        let mutation = match envelope.open() {
            Opened::Known(mutation) => *mutation,
            Opened::Newer => break,
            Opened::Older => return Err(Fault::UpgradeRequired { min: wire::MUTATION_VERSION_MIN }),
            Opened::Malformed { place } => return Err(Fault::Malformed { n: Some(n), place }),
        };
        let (h, Envelope { mid, v, at, body, .. }) = (envelope.hash(), envelope);
        sealed.push(Sealed { n, mid, v, at, h, body: Box::<str>::from(body).into_string(), mutation });
    }
    let newer = all.saturating_sub(sealed.len());
    Ok((sealed, newer))
}
