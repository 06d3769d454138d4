//! Events on their way to the windows.
//!
//! A window gets them through a channel that it opened with `subscribe`, and not through Tauri's events: so no window needs the
//! permission to listen, which would let it hear every event of every library, links with sign-in codes among them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use contract::{Changed, Event, Origin, Tag};
use engine::Host;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;

use crate::shell::Shell;

/// The channels of the windows, by label.
#[derive(Default)]
pub struct Windows {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    channels: HashMap<String, Channel<Event>>,
    /// What a window shall show as soon as there is one.
    waiting: Option<Event>,
}

impl Windows {
    /// Sends events to this window from now on, in place of its last channel: a page that loads again opens a new one.
    pub fn subscribe(&self, window: &str, channel: Channel<Event>) {
        let mut state = self.state();
        if let Some(event) = state.waiting.take() {
            deliver(window, &channel, event);
        }
        state.channels.insert(window.to_owned(), channel);
    }

    /// To every window that listens.
    pub fn send(&self, event: &Event) {
        let mut state = self.state();
        for (window, channel) in &state.channels {
            deliver(window, channel, event.clone());
        }
        if state.channels.is_empty() && asks_for_a_window(event) {
            state.waiting = Some(event.clone());
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // nothing panics while it is held
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn deliver(window: &str, channel: &Channel<Event>, event: Event) {
    if let Err(error) = channel.send(event) {
        tracing::warn!(window, error.message = %error, "an event did not reach its window");
    }
}

/// Passes on what the engine says, until it stops.
pub fn forward(app: &AppHandle, host: &Host) {
    let (app, mut events) = (app.clone(), host.events());
    crate::tray::refresh(&app);
    tauri::async_runtime::spawn(async move {
        loop {
            let event = match events.recv().await {
                Ok(event) => event,
                // events are only hints to fetch again, so one hint stands for all that were missed
                Err(RecvError::Lagged(_)) => everything_changed(),
                Err(RecvError::Closed) => return,
            };
            if asks_for_a_window(&event) {
                crate::window::open(&app);
            }
            app.state::<Shell>().windows.send(&event);
            if matches!(&event, Event::Changed(changed) if changed.tags.contains(&Tag::Program)) {
                crate::tray::refresh(&app);
            }
        }
    });
}

/// Somebody wants to see something: a post, or an invitation that they followed.
const fn asks_for_a_window(event: &Event) -> bool {
    matches!(event, Event::OpenPost { .. } | Event::Invited { .. })
}

/// Whoever asked before, asks again.
pub fn everything_changed() -> Event {
    Event::Changed(Changed { tags: Tag::ALL.to_vec(), origin: Origin::Shell })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tauri::ipc::InvokeResponseBody;

    fn listening() -> (Channel<Event>, Arc<Mutex<Vec<String>>>) {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let inside = Arc::clone(&seen);
        let channel = Channel::new(move |body| {
            if let InvokeResponseBody::Json(text) = body {
                inside.lock().unwrap().push(text);
            }
            Ok(())
        });
        (channel, seen)
    }

    #[test]
    fn a_window_hears_events_through_its_newest_channel() {
        let windows = Windows::default();
        let ((first, before), (second, after)) = (listening(), listening());
        windows.subscribe("main", first);
        windows.send(&Event::KeptRunning);
        windows.subscribe("main", second);
        windows.send(&Event::KeptRunning);
        let kept = [r#"{"event":"kept_running"}"#];
        assert_eq!(
            (&*before.lock().unwrap(), &*after.lock().unwrap()),
            (&kept.map(str::to_owned).to_vec(), &kept.map(str::to_owned).to_vec())
        );
    }

    #[test]
    fn a_post_asked_for_before_the_window_was_there_is_opened_in_it() {
        let windows = Windows::default();
        let post = serde_json::from_value(serde_json::json!({
            "event": "open_post", "post": "0190b4f6-0000-7000-8000-000000000001"
        }));
        windows.send(&post.unwrap());
        let (channel, seen) = listening();
        windows.subscribe("main", channel);
        assert_eq!(seen.lock().unwrap().len(), 1);
        let (again, nothing) = listening();
        windows.subscribe("main", again);
        assert!(nothing.lock().unwrap().is_empty());
    }
}
