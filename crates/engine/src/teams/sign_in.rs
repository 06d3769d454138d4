//! Signing in at a server for teams in the system's browser.

use contract::accounts::{ComeBack, ConnectFlow};
use contract::teams::{StartTeamSignIn, TeamSignIn};
use contract::{ApiError, Code, Origin, Tag};
use domain::id::AccountId;
use remote::{DeviceKey, PkceVerifier, Server};
use zeroize::Zeroizing;

use super::keeper::KnownServer;
use super::link::failure;
use crate::connect::{WayBack, parse_server};
use crate::deep_link::Return;
use crate::engine::Engine;
use crate::errors::internal;
use crate::host::Host;

/// The address that the deep link comes back to.
const DEEP_LINK: &str = "sendoff://sign-in";

/// What it takes to finish a sign-in.
#[derive(Debug)]
pub(crate) struct Pending {
    server: Server,
    redirect: String,
    verifier: PkceVerifier,
}

fn secret(engine: &Engine) -> Result<Zeroizing<[u8; 32]>, ApiError> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    engine.ports.entropy.fill(bytes.as_mut_slice()).map_err(|error| internal(&error))?;
    Ok(bytes)
}

/// Begins a sign-in and sends the browser on its way.
pub(crate) async fn start(host: &Host, command: StartTeamSignIn) -> Result<ConnectFlow, ApiError> {
    let own = host.teams().own();
    own.may_connect()?;
    let server = parse_server(&command.server)?.ok_or_else(|| {
        ApiError::new(Code::BadRequest, "Enter the address of the server, such as teams.example.org.")
    })?;
    let server = own.ports.networks.team_server(server.origin());
    server.check().await.map_err(|error| failure(&error))?;
    let mut way = WayBack::open(own, command.come_back.unwrap_or(ComeBack::DeepLink), DEEP_LINK).await?;
    let verifier = PkceVerifier::new(&*secret(own)?);
    let url = server.authorize_url(&way.redirect, &way.secret, &verifier).map_err(|error| failure(&error))?;
    let (flow, expires_at) = (own.random_number()?, own.sign_in_ends());
    let listener = {
        let host = host.clone();
        way.listen(own, move |back| async move { finish(&host, back).await })
    };
    let pending = Pending { server, redirect: way.redirect, verifier };
    host.teams().flows.wait(flow, way.secret, pending, expires_at, listener);
    own.browse(&url);
    Ok(ConnectFlow { flow, url: url.into(), expires_at })
}

/// Takes what the browser brought back. What belongs to no sign-in under way is dropped before anything is contacted.
pub(crate) async fn finish(host: &Host, back: Return) {
    let own = host.teams().own();
    let Some((flow, pending)) = host.teams().flows.take(&back, own.now()) else {
        tracing::warn!("a sign-in at a server came back that nobody waits for");
        return;
    };
    own.announce(&[Tag::Team], Origin::Shell);
    let server = pending.server.origin().to_owned();
    let state = match Box::pin(redeem(host, pending, back)).await {
        Ok(()) => TeamSignIn::Done { server },
        Err(error) => TeamSignIn::Failed { error },
    };
    host.teams().flows.settle(flow, state);
    own.announce(&[Tag::Team], Origin::Shell);
}

async fn redeem(host: &Host, pending: Pending, back: Return) -> Result<(), ApiError> {
    let own = host.teams().own();
    let Pending { server, redirect, verifier } = pending;
    let code = back.code.filter(|_| back.error.is_none());
    let code = code.ok_or_else(|| ApiError::new(Code::SignInEnded, "The sign-in was stopped in the browser."))?;
    // another server than the one that was asked must not get the code (RFC 9207)
    if back.iss.as_deref() != Some(server.origin()) {
        return Err(ApiError::new(Code::BadAnswer, "Another server answered than the one that was asked."));
    }
    let key = DeviceKey::new(&*secret(own)?);
    let redeemed = server.redeem(&code, &redirect, &verifier, key, host.computer()).await;
    let tokens = redeemed.map_err(|error| failure(&error))?;
    let me = server.me(&tokens.access).await.map_err(|error| failure(&error))?;
    let sign_in = AccountId::new(own.fresh_id()?);
    let (name, email) = (me.display_name, me.email);
    let known = KnownServer { server: server.origin().to_owned(), sign_in, person: tokens.person, name, email };
    let link = host.teams().remember(known).await?;
    link.begin(tokens).await?;
    Box::pin(host.find_teams(link.server.origin())).await
}
