//! From the own profile into an organisation: posts with their files and their persona. Accounts stay where they are, and so do times,
//! comments and versions.

use std::collections::{BTreeMap, BTreeSet};

use contract::many::{Left, PostsChanged};
use contract::teams::{BringToTeam, Brought, PutBack, TakeBackFromTeam};
use contract::{ApiError, Code};
use domain::account::Account;
use domain::id::{AccountId, MediaId, OrganisationId, PersonaId, PostId};
use domain::mutation::PostsChange;
use domain::people::PersonaText;
use domain::post::{Draft, Post, PostStatus, Target};
use domain::{Key, Mutation, Record, Reject};

use crate::dispatch::{Call, Handle};
use crate::engine::{Engine, Shared};
use crate::errors::{internal, storage, storage_io};
use crate::images;

/// How often one post can be brought into one organisation, each time after it was deleted there.
const ROUNDS_MAX: u32 = 100;

impl Handle<BringToTeam> for Call {
    async fn handle(&self, command: BringToTeam) -> Result<Brought, ApiError> {
        let BringToTeam { organisation, posts, keep } = command;
        let team = self.team_to_bring_to(organisation, posts.len())?;
        let mut going = Going::new(&self.engine, &team, organisation).await?;
        let mut brought = Brought::default();
        for post in posts.into_iter().collect::<BTreeSet<_>>() {
            match Box::pin(going.bring(post, keep, &mut brought)).await {
                Ok(()) => {}
                Err(why) => brought.left.push(self.left(post, why).await),
            }
        }
        match brought.left.first() {
            // nothing was done: that is an error, and why
            Some(left) if brought.posts.is_empty() && brought.already == 0 => Err(left.why.clone()),
            _ => {
                brought.left.truncate(PostsChanged::LEFT_MAX);
                Ok(brought)
            }
        }
    }
}

impl Handle<TakeBackFromTeam> for Call {
    async fn handle(&self, command: TakeBackFromTeam) -> Result<PutBack, ApiError> {
        let TakeBackFromTeam { organisation, posts, moved } = command;
        let team = self.team_to_bring_to(organisation, posts.len())?;
        let mut left = Vec::new();
        for post in posts.into_iter().collect::<BTreeSet<_>>() {
            if let Err(why) = self.take_back(&team, organisation, post, moved).await {
                left.push(self.left(post, why).await);
            }
        }
        left.truncate(PostsChanged::LEFT_MAX);
        Ok(PutBack { left })
    }
}

impl Call {
    fn team_to_bring_to(&self, organisation: OrganisationId, posts: usize) -> Result<Shared, ApiError> {
        self.engine.not_sample()?;
        if self.engine.team.is_some() {
            return Err(ApiError::new(
                Code::BadRequest,
                "Open your own profile first: this one belongs to an organisation.",
            ));
        }
        if posts == 0 || posts > PostsChange::POSTS_MAX {
            let sentence = format!("1 to {} posts can be brought at once.", PostsChange::POSTS_MAX);
            return Err(ApiError::new(Code::BadRequest, sentence));
        }
        let team = self.host.teams().engine(organisation);
        team.ok_or_else(|| ApiError::new(Code::NotFound, "There is no such organisation on this computer."))
    }

    async fn left(&self, post: PostId, why: ApiError) -> Left {
        let title = match self.engine.record(Key::Post(post)).await {
            Ok(Record::Post(post)) => post.draft.shown_title(),
            _ => String::new(),
        };
        Left { post, title, why }
    }

    /// What nobody has touched in the organisation goes from there, and what was moved is back here.
    async fn take_back(
        &self,
        team: &Engine,
        organisation: OrganisationId,
        post: PostId,
        moved: bool,
    ) -> Result<(), ApiError> {
        let (there, theirs) = place(team, organisation, post).await?;
        let theirs = theirs.ok_or(Reject::NotFound)?;
        if theirs.author != team.person || theirs.status != PostStatus::Draft || theirs.version != 1 {
            return Err(ApiError::new(
                Code::NothingToUndo,
                "Somebody has worked on it in the organisation since. It stays there.",
            ));
        }
        // first here: what is interrupted in between is there twice and not nowhere
        if moved && self.own_post(post).await?.deleted {
            let keys = self.engine.fresh_keys(1)?;
            self.engine.mutate(Mutation::RestorePost { post, keys }).await?;
        }
        team.mutate(Mutation::DeletePost { post: there }).await?;
        Ok(())
    }

    async fn own_post(&self, post: PostId) -> Result<Post, ApiError> {
        match self.engine.record(Key::Post(post)).await? {
            Record::Post(post) => Ok(post),
            _ => Err(Reject::NotFound.into()),
        }
    }
}

/// What is on its way, and what was found out on the way.
struct Going<'a> {
    own: &'a Engine,
    team: &'a Engine,
    organisation: OrganisationId,
    /// Accounts of the own profile that the organisation has too, by their ids there.
    accounts: BTreeMap<AccountId, AccountId>,
    /// May add personas there.
    adds_personas: bool,
    /// Personas there that the person speaks as, by their names.
    theirs: BTreeMap<String, PersonaId>,
    /// Of the own profile.
    personas: BTreeMap<PersonaId, PersonaText>,
    media: BTreeSet<MediaId>,
}

impl<'a> Going<'a> {
    async fn new(own: &'a Engine, team: &'a Engine, organisation: OrganisationId) -> Result<Self, ApiError> {
        let Record::Member(me) = team.record(Key::Member(team.person)).await? else {
            return Err(Reject::NotFound.into());
        };
        if !me.is_active() {
            return Err(ApiError::new(Code::Forbidden, "You are no member of this organisation any more."));
        }
        let there: Vec<Account> = living(team.store.accounts().await.map_err(|error| storage(&error))?);
        let here = living(own.store.accounts().await.map_err(|error| storage(&error))?);
        let same = |one: &Account, other: &Account| {
            (one.network, &one.server, &one.profile.remote_id)
                == (other.network, &other.server, &other.profile.remote_id)
        };
        let accounts = here
            .iter()
            .filter_map(|account| there.iter().find(|other| same(account, other)).map(|other| (account.id, other.id)));
        let speaks_as = |persona: &PersonaId| me.holds(domain::Scope::Persona(*persona));
        let theirs = team.store.personas().await.map_err(|error| storage(&error))?.into_iter();
        let theirs = theirs
            .filter(|persona| !persona.deleted && speaks_as(&persona.id))
            .map(|persona| (named(&persona.text), persona.id));
        let personas = own.store.personas().await.map_err(|error| storage(&error))?.into_iter();
        Ok(Self {
            own,
            team,
            organisation,
            accounts: accounts.collect(),
            adds_personas: me.role.may_manage_personas(),
            theirs: theirs.collect(),
            personas: personas.filter(|persona| !persona.deleted).map(|persona| (persona.id, persona.text)).collect(),
            media: BTreeSet::new(),
        })
    }

    async fn bring(&mut self, id: PostId, keep: bool, brought: &mut Brought) -> Result<(), ApiError> {
        let Record::Post(post) = self.own.record(Key::Post(id)).await? else { return Err(Reject::NotFound.into()) };
        let (there, known) = place(self.team, self.organisation, id).await?;
        let is_there = known.is_some();
        // what was moved is deleted here: asked for once more it was done
        if post.deleted && !is_there {
            return Err(Reject::NotFound.into());
        }
        let (draft, behind) = self.draft(&post).await?;
        if !keep && !post.deleted {
            may_go(&post, &behind)?;
        }
        brought.accounts_left = brought.accounts_left.max(u32::try_from(behind.len()).unwrap_or(u32::MAX));
        if is_there {
            brought.already = brought.already.saturating_add(1);
        } else {
            for media in draft.images() {
                if self.carry(media).await? {
                    brought.media = brought.media.saturating_add(1);
                }
            }
            self.team.mutate(Mutation::CreatePost { post: there, draft }).await?;
            brought.posts.push(id);
        }
        // last: what is interrupted before is in both, and in the organisation once, however often it is done again
        if !keep && !post.deleted {
            self.own.mutate(Mutation::DeletePost { post: id }).await?;
        }
        Ok(())
    }

    /// As it is written in the organisation; and the accounts that it leaves behind.
    async fn draft(&mut self, post: &Post) -> Result<(Draft, Vec<Target>), ApiError> {
        let mut draft = post.draft.clone();
        let (mut targets, mut behind) = (Vec::new(), Vec::new());
        for target in std::mem::take(&mut draft.targets) {
            match self.accounts.get(&target.account) {
                Some(account) => targets.push(Target { account: *account, ..target }),
                None => behind.push(target),
            }
        }
        draft.targets = targets;
        draft.persona = match draft.persona {
            Some(persona) => self.persona(persona).await?,
            None => None,
        };
        Ok((draft, behind))
    }

    /// The persona of the same name there; a new one if there is none and the person may add one; otherwise nobody speaks.
    async fn persona(&mut self, persona: PersonaId) -> Result<Option<PersonaId>, ApiError> {
        let Some(text) = self.personas.get(&persona) else { return Ok(None) };
        if let Some(there) = self.theirs.get(&named(text)) {
            return Ok(Some(*there));
        }
        if !self.adds_personas {
            return Ok(None);
        }
        let accounts = text.accounts.iter().filter_map(|account| self.accounts.get(account)).copied().collect();
        let text = PersonaText { accounts, ..text.clone() };
        let there = PersonaId::new(self.team.fresh_id()?);
        self.theirs.insert(named(&text), there);
        self.team.mutate(Mutation::AddPersona { persona: there, text }).await?;
        Ok(Some(there))
    }

    /// Whether the file was not there before.
    async fn carry(&mut self, id: MediaId) -> Result<bool, ApiError> {
        if !self.media.insert(id) {
            return Ok(false);
        }
        let known = self.team.store.record(Key::Media(id)).await.map_err(|error| storage(&error))?;
        if matches!(known, Some(Record::Media(media)) if !media.deleted) {
            return Ok(false);
        }
        let Record::Media(media) = self.own.record(Key::Media(id)).await? else {
            return Err(Reject::MediaMissing.into());
        };
        let (from, to) = (self.own.folder.clone(), self.team.folder.clone());
        let copied = tokio::task::spawn_blocking(move || copy(&from, &to, id, media.kind)).await;
        if !copied.map_err(|error| internal(&error))?? {
            return Err(Reject::MediaMissing.into());
        }
        // folders and what it was made of are of the library that it comes from
        let media = domain::media::Media { folder: String::new(), made_from: None, deleted: false, ..media };
        self.team.mutate(Mutation::AddMedia { media }).await?;
        Ok(true)
    }
}

/// Where a post stands in an organisation, or would: what was taken back from there, or deleted, is not brought back to life.
async fn place(team: &Engine, organisation: OrganisationId, post: PostId) -> Result<(PostId, Option<Post>), ApiError> {
    for round in 0..ROUNDS_MAX {
        let there = PostId::brought(organisation, post, round);
        match team.store.record(Key::Post(there)).await.map_err(|error| storage(&error))? {
            Some(Record::Post(known)) if known.deleted => {}
            Some(Record::Post(known)) => return Ok((there, Some(known))),
            _ => return Ok((there, None)),
        }
    }
    Err(ApiError::new(Code::BadRequest, "This post was brought there and deleted too often. Duplicate it first."))
}

fn living(accounts: Vec<Account>) -> Vec<Account> {
    accounts.into_iter().filter(|account| !account.removed).collect()
}

fn named(text: &PersonaText) -> String {
    text.name.trim().to_lowercase()
}

/// Only what loses nothing by it leaves the own profile.
fn may_go(post: &Post, behind: &[Target]) -> Result<(), ApiError> {
    let stays = |sentence: &str| Err(ApiError::new(Code::BadRequest, sentence));
    if post.status != PostStatus::Draft || post.place.is_some() || !post.deliveries.is_empty() {
        return stays(
            "Only drafts can be moved: what is planned or was published stays with its account. You can copy it.",
        );
    }
    if behind.iter().any(|target| target.variant.is_some()) {
        return stays("It has a text of its own for an account that the organisation does not have. You can copy it.");
    }
    Ok(())
}

/// As if it came from the server: under its own name, and only if it is what its name says. False if it is gone here.
fn copy(
    from: &std::path::Path,
    to: &std::path::Path,
    id: MediaId,
    kind: domain::media::MediaType,
) -> Result<bool, ApiError> {
    if images::path(to, id, contract::posts::ImageSize::Full).exists() {
        return Ok(true);
    }
    let media = to.join("media");
    std::fs::create_dir_all(&media).map_err(|error| storage_io(&error))?;
    let coming = media.join(format!("{id}.brought"));
    if !images::hand_out(from, id, kind, &coming)? {
        return Ok(false);
    }
    let kept = images::adopt(to, id, kind, &coming);
    if !matches!(kept, Ok(true)) {
        // what it says of itself is wrong, and would be the next time
        let _ = std::fs::remove_file(&coming);
    }
    kept
}
