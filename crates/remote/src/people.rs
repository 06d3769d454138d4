//! The person who is signed in, and their devices.

use domain::id::PersonId;
use egress::Request;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{Failure, Server};

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Me {
    pub id: PersonId,
    pub email: Option<String>,
    pub display_name: String,
}

/// Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Device {
    pub id: Uuid,
    pub name: String,
    pub enrolled_at: i64,
    pub last_seen_at: i64,
    /// The one that asks.
    pub current: bool,
}

#[derive(Deserialize)]
struct Devices {
    devices: Vec<Device>,
}

impl Server {
    /// # Errors
    /// [`Failure`].
    pub async fn me(&self, access: &SecretString) -> Result<Me, Failure> {
        self.answer(self.send_signed(Request::get(self.at("/v1/me")), access).await?)
    }

    /// # Errors
    /// [`Failure`].
    pub async fn devices(&self, access: &SecretString) -> Result<Vec<Device>, Failure> {
        let response = self.send_signed(Request::get(self.at("/v1/devices")), access).await?;
        self.answer::<Devices>(response).map(|list| list.devices)
    }

    /// # Errors
    /// [`Failure`].
    pub async fn rename_device(&self, access: &SecretString, device: Uuid, name: &str) -> Result<(), Failure> {
        let request = Request::new(egress::Method::PATCH, self.at(&format!("/v1/devices/{device}")));
        self.done(&self.send_signed(request.json(&json!({ "name": name })), access).await?)
    }

    /// # Errors
    /// [`Failure`].
    pub async fn revoke_device(&self, access: &SecretString, device: Uuid) -> Result<(), Failure> {
        let request = Request::delete(self.at(&format!("/v1/devices/{device}")));
        self.done(&self.send_signed(request, access).await?)
    }
}
