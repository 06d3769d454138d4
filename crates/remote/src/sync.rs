//! The sync API.

use std::time::Duration;

use domain::id::OrganisationId;
use egress::Request;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use wire::pull::{Pull, PullReply};
use wire::push::{Push, PushReply};
use wire::quarantine::Quarantine;

use crate::{Failure, PAGE_MAX, Server};

/// A page of records on a slow line.
const TIME_MAX: Duration = Duration::from_secs(60);

impl Server {
    /// # Errors
    /// [`Failure`]; after [`Failure::Unreachable`] nobody knows whether it arrived: the same again is safe.
    pub async fn push(&self, access: &SecretString, org: OrganisationId, push: &Push) -> Result<PushReply, Failure> {
        self.synced(self.exchange(access, org, "push", push).await?)
    }

    /// # Errors
    /// [`Failure`].
    pub async fn pull(&self, access: &SecretString, org: OrganisationId, pull: &Pull) -> Result<PullReply, Failure> {
        self.synced(self.exchange(access, org, "pull", pull).await?)
    }

    /// # Errors
    /// [`Failure`].
    pub async fn quarantine(
        &self,
        access: &SecretString,
        org: OrganisationId,
        upload: &Quarantine,
    ) -> Result<(), Failure> {
        self.in_sync(&self.exchange(access, org, "quarantine", upload).await?)
    }

    async fn exchange(
        &self,
        access: &SecretString,
        org: OrganisationId,
        what: &str,
        body: &impl Serialize,
    ) -> Result<egress::Response, Failure> {
        let request = Request::post(self.at(&format!("/v1/orgs/{org}/{what}"))).json(body).timeout(TIME_MAX);
        let request = request.bearer(access.expose_secret()).redirects(0).max_response_bytes(PAGE_MAX);
        Ok(self.egress.send(request).await?)
    }
}
