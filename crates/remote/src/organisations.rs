//! Organisations of a person, and invitations.

use domain::id::{OrganisationId, PersonaId};
use domain::team::Role;
use egress::Request;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{Failure, Server};

/// An organisation of the person who asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Membership {
    pub id: OrganisationId,
    pub name: String,
    pub role: Role,
}

#[derive(Deserialize)]
struct Memberships {
    organisations: Vec<Membership>,
}

/// Whom to invite, as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    pub email: String,
    pub role: Role,
    /// None: all.
    pub personas: Option<Vec<PersonaId>>,
}

/// One that nobody has followed yet. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Invitation {
    pub id: Uuid,
    pub email: String,
    pub role: Role,
    pub personas: Option<Vec<PersonaId>>,
    pub invited_at: i64,
    pub expires_at: i64,
}

#[derive(Deserialize)]
struct Invitations {
    invitations: Vec<Invitation>,
}

#[derive(Deserialize)]
struct Joined {
    organisation: OrganisationId,
}

impl Server {
    /// At most 200.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn organisations(&self, access: &SecretString) -> Result<Vec<Membership>, Failure> {
        let response = self.send_signed(Request::get(self.at("/v1/orgs")), access).await?;
        self.answer::<Memberships>(response).map(|list| list.organisations)
    }

    /// Asking again with the same id founds no second one.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn found(&self, access: &SecretString, id: OrganisationId, name: &str) -> Result<Membership, Failure> {
        let request = Request::post(self.at("/v1/orgs")).json(&json!({ "id": id, "name": name }));
        self.answer(self.send_signed(request, access).await?)
    }

    /// # Errors
    /// [`Failure`].
    pub async fn invitations(&self, access: &SecretString, org: OrganisationId) -> Result<Vec<Invitation>, Failure> {
        let request = Request::get(self.at(&format!("/v1/orgs/{org}/invitations")));
        self.answer::<Invitations>(self.send_signed(request, access).await?).map(|list| list.invitations)
    }

    /// # Errors
    /// [`Failure`].
    pub async fn invite(
        &self,
        access: &SecretString,
        org: OrganisationId,
        offer: &Offer,
    ) -> Result<Invitation, Failure> {
        let request = Request::post(self.at(&format!("/v1/orgs/{org}/invitations"))).json(offer);
        self.answer(self.send_signed(request, access).await?)
    }

    /// # Errors
    /// [`Failure`].
    pub async fn revoke_invitation(&self, access: &SecretString, org: OrganisationId, id: Uuid) -> Result<(), Failure> {
        let request = Request::delete(self.at(&format!("/v1/orgs/{org}/invitations/{id}")));
        self.done(&self.send_signed(request, access).await?)
    }

    /// Asking again is answered alike.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn accept(&self, access: &SecretString, code: &SecretString) -> Result<OrganisationId, Failure> {
        let request = Request::post(self.at("/v1/invitations/accept")).json(&json!({ "code": code.expose_secret() }));
        self.answer::<Joined>(self.send_signed(request, access).await?).map(|joined| joined.organisation)
    }
}
