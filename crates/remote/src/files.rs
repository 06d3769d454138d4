//! Files of an organisation, named by the SHA-256 of their bytes.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::id::OrganisationId;
use egress::{Bytes, Request};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};
use wire::hash::Digest;
use wire::media::{Offer, PART_BYTES, Standing};

use crate::{Failure, Server};

/// A part on a slow line.
const TIME_MAX: Duration = Duration::from_secs(5 * 60);

impl Server {
    /// Says that this computer has a file; the answer says what of it is missing there.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn offer(&self, access: &SecretString, org: OrganisationId, offer: &Offer) -> Result<Standing, Failure> {
        let request = Request::post(self.at(&format!("/v1/orgs/{org}/media"))).json(offer);
        self.answer(self.send_signed(request, access).await?)
    }

    /// Sends one part ([`wire::media::part_size`]). The same again changes nothing.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn send_part(
        &self,
        access: &SecretString,
        org: OrganisationId,
        file: &Digest,
        number: u32,
        bytes: Bytes,
    ) -> Result<(), Failure> {
        let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&bytes)));
        let request = Request::put(self.at(&format!("/v1/orgs/{org}/media/{file}/parts/{number}")));
        let request = request.body("application/octet-stream", bytes).header("content-digest", digest);
        self.done(&self.send_signed(request.timeout(TIME_MAX), access).await?)
    }

    /// Puts the parts together, which the server looks at as a whole.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn complete(
        &self,
        access: &SecretString,
        org: OrganisationId,
        file: &Digest,
    ) -> Result<Standing, Failure> {
        let request = Request::post(self.at(&format!("/v1/orgs/{org}/media/{file}/complete"))).timeout(TIME_MAX);
        self.answer(self.send_signed(request, access).await?)
    }

    /// Reads a part of a file: `len` bytes from `from` on, at most [`PART_BYTES`].
    ///
    /// # Errors
    /// [`Failure`]; [`Failure::Refused`] with 404 while nobody has sent it.
    pub async fn read_part(
        &self,
        access: &SecretString,
        org: OrganisationId,
        file: &Digest,
        from: u64,
        len: u64,
    ) -> Result<Vec<u8>, Failure> {
        let last = from.saturating_add(len).saturating_sub(1);
        let request = Request::get(self.at(&format!("/v1/orgs/{org}/media/{file}")));
        let request =
            request.header("range", format!("bytes={from}-{last}")).bearer(access.expose_secret()).redirects(0);
        let limit = usize::try_from(PART_BYTES).unwrap_or(usize::MAX);
        let response = self.egress.send(request.timeout(TIME_MAX).max_response_bytes(limit)).await?;
        self.succeeded(&response)?;
        if response.body.len() as u64 != len {
            return Err(Failure::BadAnswer {
                detail: "it gave another part of a file than it was asked for".to_owned(),
            });
        }
        Ok(response.body)
    }
}
