//! The open organisation: its members and invitations, what waits for its server, and what that refused.

use contract::posts::Written;
use contract::program::Saved;
use contract::teams::{
    Attend, ChangeMember, DeviceView, GetTeam, Invitation, Invite, ListDevices, ListInvitations, ListPresent,
    MemberView, Present, Refused, RemoveMember, RenameDevice, RenameTeam, RevokeDevice, RevokeInvitation, Settle,
    SettleMerge, SettleRefused, Settled, SyncNow, Team, Waiting,
};
use contract::{ApiError, Code};
use domain::id::PostId;
use domain::post::Draft;
use domain::team::Role;
use domain::{Key, Mutation, Record, Reject};
use jiff::Timestamp;
use remote::Offer;
use store::Attention;

use crate::dispatch::{Call, Handle};
use crate::errors::storage;
use crate::teams::failure;
use crate::teams::link::signed;

impl Handle<GetTeam> for Call {
    async fn handle(&self, _: GetTeam) -> Result<Option<Team>, ApiError> {
        let engine = &self.engine;
        let Some(team) = &engine.team else { return Ok(None) };
        let now = engine.now();
        let all = engine.store.members().await.map_err(|error| storage(&error))?;
        let mut members: Vec<MemberView> = all
            .into_iter()
            .filter(domain::team::Member::is_active)
            .map(|member| MemberView {
                person: member.person,
                name: member.name,
                role: member.role,
                personas: member.personas,
                joined_at: member.joined_at,
                away: member.away.filter(|away| away.until > now),
            })
            .collect();
        members.sort_by_key(|member| (member.name.to_lowercase(), member.person));
        let me = members.iter().find(|member| member.person == engine.person);
        // before the first exchange nobody knows: nothing is offered that may be refused
        let role = me.map_or(Role::Creator, |me| me.role);
        let limit = u32::try_from(Team::WAITING_MAX).unwrap_or(u32::MAX);
        let mut waiting = Vec::new();
        for pending in engine.store.pending(limit).await.map_err(|error| storage(&error))? {
            let title = self.title(pending.post).await?;
            let (what, post, made_at, doubtful) = (pending.name, pending.post, pending.made_at, pending.doubtful);
            waiting.push(Waiting { what, post, title, made_at, doubtful });
        }
        let mut attention = Vec::new();
        for refused in engine.store.attention().await.map_err(|error| storage(&error))? {
            let title = self.title(refused.post).await?;
            attention.push(refused_view(refused, title));
        }
        let waiting_count = engine.store.pending_count().await.map_err(|error| storage(&error))?;
        Ok(Some(Team {
            organisation: team.organisation,
            server: team.link.server.origin().to_owned(),
            name: crate::teams::name_of(engine).await,
            me: engine.person,
            role,
            members,
            sync: team.sync(),
            live: team.ear.is_open(),
            waiting,
            waiting_count,
            attention,
        }))
    }
}

fn refused_view(refused: Attention, title: String) -> Refused {
    let mutation: Option<Mutation> = serde_json::from_str(&refused.body).ok();
    Refused {
        id: refused.mid,
        what: refused.name,
        post: refused.post,
        title,
        reject: serde_json::from_str(&refused.reject).ok(),
        words: mutation.as_ref().map(Mutation::words).unwrap_or_default(),
        has_draft: mutation.is_some_and(|mutation| draft_in(mutation).is_some()),
        made_at: refused.made_at,
        refused_at: refused.refused_at,
    }
}

/// The draft that somebody wrote, if the mutation holds a whole one.
fn draft_in(mutation: Mutation) -> Option<Draft> {
    match mutation {
        Mutation::CreatePost { draft, .. }
        | Mutation::EditDraft { draft, .. }
        | Mutation::RestoreVersion { draft, .. } => Some(draft),
        _ => None,
    }
}

impl Call {
    async fn title(&self, post: Option<PostId>) -> Result<String, ApiError> {
        let Some(post) = post else { return Ok(String::new()) };
        Ok(match self.engine.store.record(Key::Post(post)).await.map_err(|error| storage(&error))? {
            Some(Record::Post(post)) => post.draft.shown_title(),
            _ => String::new(),
        })
    }
}

impl Handle<SettleRefused> for Call {
    async fn handle(&self, command: SettleRefused) -> Result<Settled, ApiError> {
        let engine = &self.engine;
        let all = engine.store.attention().await.map_err(|error| storage(&error))?;
        let refused = all.into_iter().find(|refused| refused.mid == command.id);
        let refused = refused.ok_or_else(|| ApiError::new(Code::NotFound, "This was settled already."))?;
        let post = match command.how {
            Settle::Discard => None,
            Settle::KeepAsDraft => {
                let draft = serde_json::from_str(&refused.body).ok().and_then(draft_in);
                let draft = draft.ok_or_else(|| {
                    ApiError::new(Code::BadRequest, "There is no draft in this change. Copy its words instead.")
                })?;
                // first the draft: what is interrupted in between leaves the words twice and not never
                let post = PostId::new(engine.fresh_id()?);
                engine.mutate(Mutation::CreatePost { post, draft }).await?;
                Some(post)
            }
        };
        engine.store.settle_attention(command.id).await.map_err(|error| storage(&error))?;
        Ok(Settled { post })
    }
}

impl Handle<SyncNow> for Call {
    async fn handle(&self, _: SyncNow) -> Result<(), ApiError> {
        let team = self.engine.require_team()?;
        team.wake.notify_one();
        Ok(())
    }
}

impl Handle<Attend> for Call {
    async fn handle(&self, command: Attend) -> Result<(), ApiError> {
        let Attend { post, open } = command;
        for other in self.host.teams().engines() {
            if let (Some(team), false) = (&other.team, std::sync::Arc::ptr_eq(&other, &self.engine)) {
                team.presence.leave();
            }
        }
        if let Some(team) = &self.engine.team {
            team.presence.attend(post, open, self.engine.ports.clock.uptime());
        }
        Ok(())
    }
}

impl Handle<ListPresent> for Call {
    async fn handle(&self, command: ListPresent) -> Result<Vec<Present>, ApiError> {
        let Some(team) = &self.engine.team else { return Ok(Vec::new()) };
        let there = team.presence.beside(command.post);
        if there.is_empty() {
            return Ok(Vec::new());
        }
        let members = self.engine.store.members().await.map_err(|error| storage(&error))?;
        // somebody of whom nothing is known here yet is named once they are
        let known = members.into_iter().filter(|member| there.contains(&member.person));
        let mut present: Vec<Present> =
            known.map(|member| Present { person: member.person, name: member.name }).collect();
        present.sort_by_key(|present| (present.name.to_lowercase(), present.person));
        Ok(present)
    }
}

impl Handle<SettleMerge> for Call {
    async fn handle(&self, command: SettleMerge) -> Result<Written, ApiError> {
        let SettleMerge { post, read } = command;
        self.write(post, Mutation::SettleMerge { post, read, seen: None }).await
    }
}

impl Handle<RenameTeam> for Call {
    async fn handle(&self, command: RenameTeam) -> Result<Saved, ApiError> {
        self.engine.require_team()?;
        let done = self.engine.mutate(Mutation::RenameOrganisation { name: command.name }).await?;
        Ok(Saved { undo: done.undo() })
    }
}

impl Handle<ChangeMember> for Call {
    async fn handle(&self, command: ChangeMember) -> Result<Saved, ApiError> {
        let ChangeMember { person, role, personas } = command;
        self.engine.require_team()?;
        let Record::Member(member) = self.engine.record(Key::Member(person)).await? else {
            return Err(Reject::NotFound.into());
        };
        let mut undo = Vec::new();
        if member.role != role {
            undo.push(self.engine.mutate(Mutation::ChangeRole { person, role }).await?.undo());
        }
        if member.personas != personas {
            undo.push(self.engine.mutate(Mutation::GrantPersonas { person, personas }).await?.undo());
        }
        // of two changes one step back would leave half of them
        Ok(Saved { undo: if let [one] = undo.as_slice() { *one } else { None } })
    }
}

impl Handle<RemoveMember> for Call {
    async fn handle(&self, command: RemoveMember) -> Result<Saved, ApiError> {
        self.engine.require_team()?;
        let done = self.engine.mutate(Mutation::RemoveMember { person: command.person }).await?;
        Ok(Saved { undo: done.undo() })
    }
}

impl Handle<ListInvitations> for Call {
    async fn handle(&self, _: ListInvitations) -> Result<Vec<Invitation>, ApiError> {
        let team = self.engine.require_team()?;
        let link = &team.link;
        let listed = signed!(link, |access| link.server.invitations(access, team.organisation));
        Ok(listed.map_err(|error| failure(&error))?.into_iter().map(invitation).collect())
    }
}

impl Handle<Invite> for Call {
    async fn handle(&self, command: Invite) -> Result<Invitation, ApiError> {
        let team = self.engine.require_team()?;
        let link = &team.link;
        let Invite { email, role, personas } = command;
        let offer = Offer { email: email.trim().to_owned(), role, personas };
        let invited = signed!(link, |access| link.server.invite(access, team.organisation, &offer));
        invited.map(invitation).map_err(|error| failure(&error))
    }
}

impl Handle<RevokeInvitation> for Call {
    async fn handle(&self, command: RevokeInvitation) -> Result<(), ApiError> {
        let team = self.engine.require_team()?;
        let link = &team.link;
        let revoked = signed!(link, |access| link.server.revoke_invitation(access, team.organisation, command.id));
        revoked.map_err(|error| failure(&error))
    }
}

fn invitation(invitation: remote::Invitation) -> Invitation {
    Invitation {
        id: invitation.id,
        email: invitation.email,
        role: invitation.role,
        personas: invitation.personas,
        invited_at: instant(invitation.invited_at),
        expires_at: instant(invitation.expires_at),
    }
}

/// A server's time that is none is shown as the oldest there is.
fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

impl Handle<ListDevices> for Call {
    async fn handle(&self, command: ListDevices) -> Result<Vec<DeviceView>, ApiError> {
        let link = self.host.teams().link(&command.server).await?;
        let listed = signed!(link, |access| link.server.devices(access));
        let view = |device: remote::Device| DeviceView {
            id: device.id,
            name: device.name,
            enrolled_at: instant(device.enrolled_at),
            last_seen_at: instant(device.last_seen_at),
            current: device.current,
        };
        Ok(listed.map_err(|error| failure(&error))?.into_iter().map(view).collect())
    }
}

impl Handle<RenameDevice> for Call {
    async fn handle(&self, command: RenameDevice) -> Result<(), ApiError> {
        let RenameDevice { server, id, name } = command;
        let link = self.host.teams().link(&server).await?;
        let renamed = signed!(link, |access| link.server.rename_device(access, id, &name));
        renamed.map_err(|error| failure(&error))
    }
}

impl Handle<RevokeDevice> for Call {
    async fn handle(&self, command: RevokeDevice) -> Result<(), ApiError> {
        let link = self.host.teams().link(&command.server).await?;
        let revoked = signed!(link, |access| link.server.revoke_device(access, command.id));
        revoked.map_err(|error| failure(&error))
    }
}
