use std::sync::Arc;

use async_trait::async_trait;
use domain::id::OrganisationId;
use remote::Failure;
use wire::Fault;
use wire::pull::{Pull, PullReply};
use wire::push::{Push, PushReply};
use wire::quarantine::Quarantine;

use super::exchange::{Remote, Trouble};
use super::link::{Link, NoAccess, signed};

/// The server of an organisation, over HTTP.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub organisation: OrganisationId,
    pub link: Arc<Link>,
}

impl From<NoAccess> for Trouble {
    fn from(none: NoAccess) -> Self {
        match none {
            NoAccess::SignedOut => Self::Refused(Fault::Unauthenticated),
            NoAccess::Later(error) => {
                tracing::debug!(code = ?error.code, "no access to the server of a team");
                Self::Unreachable
            }
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Fault(fault) => Self::Refused(fault),
            Failure::SignedOut => Self::Refused(Fault::Unauthenticated),
            Failure::Busy { retry_after_s } => {
                Self::Refused(Fault::Busy { retry_after_s: retry_after_s.unwrap_or(RETRY_AFTER_S) })
            }
            other => {
                tracing::info!(%other, "no answer of the server of a team");
                Self::Unreachable
            }
        }
    }
}

/// When a server that is busy does not say for how long.
const RETRY_AFTER_S: u32 = 5;

#[async_trait]
impl Remote for Line {
    async fn push(&self, push: &Push) -> Result<PushReply, Trouble> {
        Ok(signed!(self.link, |access| self.link.server.push(access, self.organisation, push))?)
    }

    async fn pull(&self, pull: &Pull) -> Result<PullReply, Trouble> {
        Ok(signed!(self.link, |access| self.link.server.pull(access, self.organisation, pull))?)
    }

    async fn quarantine(&self, upload: &Quarantine) -> Result<(), Trouble> {
        Ok(signed!(self.link, |access| self.link.server.quarantine(access, self.organisation, upload))?)
    }
}
