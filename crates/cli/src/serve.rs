use std::io::Write;

use contract::program::GetProgram;
use contract::{Changed, Event, Origin, Tag};
use engine::Host;
use engine::ports::Place;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::outcome::Outcome;
use crate::{session, unlock};

/// Publishes until the process is asked to end.
pub async fn run(place: Place, ask: bool) -> Outcome {
    let profile = place.profile.display().to_string();
    let host = match session::open(place, true).await {
        Ok(host) => host,
        Err(error) => return Outcome::NotOpened(error),
    };
    let events = host.events();
    let served = tokio::select! {
        served = serve(&host, events, &profile, ask) => served,
        () = asked_to_end() => Outcome::Done,
    };
    host.shutdown().await;
    served
}

async fn serve(host: &Host, mut events: Receiver<Event>, profile: &str, ask: bool) -> Outcome {
    if let Err(error) = unlock::vault(host, ask).await {
        return Outcome::Refused(error);
    }
    match host.run(GetProgram {}).await {
        Ok(program) => say(&json!({
            "event": "serving",
            "profile": profile,
            "version": program.version,
            "vault": program.vault,
            "publishing": program.publishing,
        })),
        Err(error) => return Outcome::Refused(error),
    }
    loop {
        match events.recv().await {
            Ok(event) => say(&json!(event)),
            // events are hints to look again, so one stands for all that were missed
            Err(RecvError::Lagged(_)) => {
                say(&json!(Event::Changed(Changed { tags: Tag::ALL.to_vec(), origin: Origin::Shell })))
            }
            Err(RecvError::Closed) => return Outcome::Done,
        }
    }
}

/// One line. Publishing goes on when nobody reads.
fn say(line: &serde_json::Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
            (Ok(mut terminate), Ok(mut interrupt)) => {
                tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            }
            // then a signal ends the process by itself
            _ => std::future::pending().await,
        }
    }
    #[cfg(not(unix))]
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
