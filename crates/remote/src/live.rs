//! The stream that tells of changes of an organisation.

use std::time::Duration;

use domain::id::OrganisationId;
use egress::{EventBounds, EventStream, Opened, Request};
use secrecy::{ExposeSecret, SecretString};
use wire::live::{EVENT_MAX, LiveEvent, PING_S, Presence};

use crate::{ANSWER_MAX, Failure, Server};

/// Two pings that did not come, and what a slow line may take for the third.
const IDLE_MAX: Duration = Duration::from_secs(PING_S * 2 + 10);

/// A stream that is open. Dropping it closes it.
#[derive(Debug)]
pub struct Live(EventStream);

impl Server {
    /// Begins to listen. Nobody knows yet whether anything comes through: what is heard first says so, and a server sends a ping at once.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn live(&self, access: &SecretString, org: OrganisationId) -> Result<Live, Failure> {
        let request = Request::get(self.at(&format!("/v1/orgs/{org}/live"))).header("accept", "text/event-stream");
        let request = request.bearer(access.expose_secret()).max_response_bytes(ANSWER_MAX);
        // a stream has a connection of its own: it is long, and requests behind it on HTTP/1.1 would wait for ever
        let bounds = EventBounds { line_max: EVENT_MAX, data_max: EVENT_MAX, idle_max: IDLE_MAX };
        match self.egress.events(request.fresh_connection(), bounds).await? {
            Opened::Events(stream) => Ok(Live(stream)),
            Opened::Answer(response) => {
                self.in_sync(&response)?;
                Err(Failure::BadAnswer { detail: "it is no stream of events".to_owned() })
            }
        }
    }

    /// Says which post this device has open, for [`wire::live::PRESENCE_S`] seconds.
    ///
    /// # Errors
    /// [`Failure`]; [`Failure::Refused`] with 404 for a post that the server does not know yet, or that the person may not see.
    pub async fn attend(&self, access: &SecretString, org: OrganisationId, said: &Presence) -> Result<(), Failure> {
        let request = Request::put(self.at(&format!("/v1/orgs/{org}/presence"))).json(said);
        self.in_sync(&self.send_signed(request, access).await?)
    }
}

impl Live {
    /// The next event; `None` when the server ended the stream. What a newer server tells besides is passed over. Nothing is lost by
    /// dropping the future.
    ///
    /// # Errors
    /// [`Failure::Unreachable`], when nothing was heard for longer than the server is silent, too; [`Failure::BadAnswer`].
    pub async fn next(&mut self) -> Result<Option<LiveEvent>, Failure> {
        while let Some(event) = self.0.next().await? {
            match serde_json::from_str(&event.data) {
                Ok(event) => return Ok(Some(event)),
                Err(error) if error.is_data() => tracing::debug!("an event of an unknown kind"),
                Err(error) => return Err(Failure::BadAnswer { detail: error.to_string() }),
            }
        }
        Ok(None)
    }
}
