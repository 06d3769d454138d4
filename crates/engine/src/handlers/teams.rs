//! The servers and organisations of this computer, and which profile is shown.

use contract::accounts::ConnectFlow;
use contract::teams::{
    CancelTeamSignIn, FoundTeam, GetTeams, JoinTeam, LeaveTeam, OpenTeam, SignOutOfServer, StartTeamSignIn, TeamLine,
    TeamOpened, TeamServer, TeamSignIn, TeamSignInProgress, Teams,
};
use contract::{ApiError, Code};
use domain::Mutation;
use domain::id::OrganisationId;
use domain::team::{Organisation, Role};
use domain::{Key, Record};
use secrecy::SecretString;

use crate::deep_link;
use crate::dispatch::{Call, Handle};
use crate::errors::storage;
use crate::teams::link::signed;
use crate::teams::{self, KnownTeam, failure};

impl Handle<GetTeams> for Call {
    async fn handle(&self, _: GetTeams) -> Result<Teams, ApiError> {
        let known = self.host.teams();
        let mut servers = Vec::new();
        for server in known.servers().await? {
            let signed_out = known.link(&server.server).await?.is_signed_out();
            let (person, name, email) = (server.person, server.name, server.email);
            servers.push(TeamServer { server: server.server, person, name, email, signed_out });
        }
        let mut lines = Vec::new();
        for team in known.teams().await? {
            // one that could not be opened is said in the log, and stays in the list
            lines.push(self.line(team).await?);
        }
        lines.sort_by_key(|line| line.name.to_lowercase());
        let open = self.engine.team.as_ref().map(|team| team.organisation);
        Ok(Teams { open, servers, teams: lines })
    }
}

impl Call {
    async fn line(&self, team: KnownTeam) -> Result<TeamLine, ApiError> {
        let KnownTeam { organisation, server, name } = team;
        let Some(engine) = self.host.teams().engine(organisation) else {
            let sync = contract::teams::Sync::Stuck;
            return Ok(TeamLine { organisation, server, name, role: Role::Creator, sync, waiting: 0, attention: 0 });
        };
        let found = teams::name_of(&engine).await;
        let role = match engine.record(Key::Member(engine.person)).await {
            Ok(Record::Member(member)) => member.role,
            _ => Role::Creator,
        };
        let sync = engine.require_team()?.sync();
        let waiting = engine.store.pending_count().await.map_err(|error| storage(&error))?;
        let attention = engine.store.attention().await.map_err(|error| storage(&error))?.len();
        let name = if found.is_empty() { name } else { found };
        let attention = u64::try_from(attention).unwrap_or(u64::MAX);
        Ok(TeamLine { organisation, server, name, role, sync, waiting, attention })
    }
}

impl Handle<StartTeamSignIn> for Call {
    async fn handle(&self, command: StartTeamSignIn) -> Result<ConnectFlow, ApiError> {
        teams::sign_in::start(&self.host, command).await
    }
}

impl Handle<TeamSignInProgress> for Call {
    async fn handle(&self, command: TeamSignInProgress) -> Result<TeamSignIn, ApiError> {
        let state = self.host.teams().flows.state(command.flow, self.engine.now());
        state.ok_or_else(|| ApiError::new(Code::NotFound, "This sign-in is over."))
    }
}

impl Handle<CancelTeamSignIn> for Call {
    async fn handle(&self, command: CancelTeamSignIn) -> Result<(), ApiError> {
        self.host.teams().flows.cancel(command.flow);
        Ok(())
    }
}

impl Handle<SignOutOfServer> for Call {
    async fn handle(&self, command: SignOutOfServer) -> Result<(), ApiError> {
        self.host.teams().link(&command.server).await?.end().await?;
        self.host.teams().forget_server(&command.server).await
    }
}

impl Handle<FoundTeam> for Call {
    async fn handle(&self, command: FoundTeam) -> Result<TeamOpened, ApiError> {
        let name = command.name.trim();
        if name.is_empty() || name.chars().count() > Organisation::NAME_MAX {
            return Err(ApiError::new(Code::BadRequest, "The name of an organisation has 1 to 80 characters."));
        }
        let link = self.host.teams().link(&command.server).await?;
        let organisation = OrganisationId::new(self.engine.fresh_id()?);
        let founded = signed!(link, |access| link.server.found(access, organisation, name));
        founded.map_err(|error| failure(&error))?;
        self.opened(&command.server, organisation).await
    }
}

impl Handle<JoinTeam> for Call {
    async fn handle(&self, command: JoinTeam) -> Result<TeamOpened, ApiError> {
        let unreadable =
            || ApiError::new(Code::BadRequest, "This is no invitation. Copy the whole link out of the mail.");
        let (server, code) = deep_link::invitation(&command.code).ok_or_else(unreadable)?;
        if server.is_some_and(|server| server != command.server) {
            return Err(ApiError::new(Code::BadRequest, "This invitation is of another server. Sign in there first."));
        }
        let link = self.host.teams().link(&command.server).await?;
        let code = SecretString::from(code);
        let joined = signed!(link, |access| link.server.accept(access, &code));
        let organisation = joined.map_err(|error| failure(&error))?;
        self.opened(&command.server, organisation).await
    }
}

impl Call {
    /// Shows an organisation that the person has just become a member of, with all that it holds so far.
    async fn opened(&self, server: &str, organisation: OrganisationId) -> Result<TeamOpened, ApiError> {
        self.host.find_teams(server).await?;
        let engine = self.host.teams().engine(organisation);
        let engine = engine.ok_or_else(|| {
            ApiError::new(Code::NotFound, "The server does not know you as a member of this organisation.")
        })?;
        // an empty window that fills up later would look like an empty organisation
        if let Err(error) = engine.exchange(engine.require_team()?).await {
            tracing::info!(%error, "the first exchange of an organisation did not come to its end");
        }
        self.host.teams().show(Some(organisation)).await?;
        Ok(TeamOpened { organisation })
    }
}

impl Handle<OpenTeam> for Call {
    async fn handle(&self, command: OpenTeam) -> Result<(), ApiError> {
        self.engine.not_sample()?;
        self.host.teams().show(command.organisation).await
    }
}

impl Handle<LeaveTeam> for Call {
    async fn handle(&self, _: LeaveTeam) -> Result<(), ApiError> {
        let team = self.engine.require_team()?;
        let done = self.engine.mutate(Mutation::Leave).await?;
        if !self.engine.is_granted(done.mid).await {
            return Err(ApiError::new(
                Code::Unreachable,
                "The server could not be reached. You leave the organisation, and it is removed from this computer, as soon as \
                 it can be.",
            ));
        }
        self.host.teams().drop_team(team.organisation).await
    }
}
