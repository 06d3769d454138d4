//! Events on their way to the window.
//!
//! The page asks for what happened after the last event that it knows, and an answer comes when there is something. So nothing is lost
//! that comes while it loads, and an answer that is lost is asked for again; what a page is told by a script run in it is neither. Nor
//! does a window need the permission to listen to Tauri's events, which would let it hear every event of every library, links with
//! sign-in codes among them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use contract::{Changed, Event, Origin, Tag};
use engine::Host;
use serde::Serialize;
use tauri::{AppHandle, Manager};
use tokio::sync::Notify;
use tokio::sync::broadcast::error::RecvError;

use crate::shell::Shell;

/// Events that are kept for a page that has not asked yet. One that comes later asks for everything anew.
const KEPT_MAX: usize = 256;
/// An answer that nothing happened comes after so long.
const QUIET: Duration = Duration::from_secs(20);

/// What happened lately, by numbers that grow by one.
#[derive(Default)]
pub struct Happened {
    state: Mutex<State>,
    more: Notify,
}

#[derive(Default)]
struct State {
    /// The number of the newest event; the first one has 1.
    newest: u64,
    /// The newest ones, oldest first.
    kept: VecDeque<Event>,
    /// The newest number that a page had when it asked.
    known: u64,
}

/// What a page is answered.
#[derive(Debug, PartialEq, Serialize)]
pub struct News {
    /// The page knows everything up to this number now.
    pub newest: u64,
    pub events: Vec<Event>,
}

impl Happened {
    /// Something more.
    pub fn add(&self, event: Event) {
        let mut state = self.state();
        state.newest += 1;
        state.kept.push_back(event);
        if state.kept.len() > KEPT_MAX {
            state.kept.pop_front();
        }
        drop(state);
        self.more.notify_waiters();
    }

    /// What happened after the event of this number, as soon as something did, or nothing after a while. A page that knows no number
    /// has just been loaded: it shows everything as it is, and is told what a window was asked to show before there was a page.
    pub async fn after(&self, known: Option<u64>) -> News {
        let something = async {
            loop {
                // before looking: what comes in between wakes it too
                let more = self.more.notified();
                tokio::pin!(more);
                more.as_mut().enable();
                let news = self.state().after(known);
                if known != Some(news.newest) {
                    return news;
                }
                more.await;
            }
        };
        let nothing = |_| self.state().after(known);
        tokio::time::timeout(QUIET, something).await.unwrap_or_else(nothing)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // nothing panics while it is held
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn after(&mut self, known: Option<u64>) -> News {
        let oldest = self.newest - self.kept.len() as u64;
        let since = |number: u64| {
            let before = usize::try_from(number.saturating_sub(oldest)).unwrap_or(usize::MAX);
            self.kept.iter().skip(before).cloned()
        };
        let events = match known {
            None => since(self.known).filter(asks_for_a_window).collect(),
            Some(number) if number >= oldest && number <= self.newest => since(number).collect(),
            // it slept through some, or they are those of another run
            Some(_) => vec![everything_changed()],
        };
        self.known = self.known.max(known.unwrap_or(0).min(self.newest));
        News { newest: self.newest, events }
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
            let asks = asks_for_a_window(&event);
            let is_of_the_program = matches!(&event, Event::Changed(changed) if changed.tags.contains(&Tag::Program));
            app.state::<Shell>().happened.add(event);
            if asks {
                crate::window::open(&app);
            }
            if is_of_the_program {
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
    use std::sync::Arc;

    use super::*;

    fn of_a_post() -> Event {
        let post = serde_json::json!({ "event": "open_post", "post": "0190b4f6-0000-7000-8000-000000000001" });
        serde_json::from_value(post).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_is_told_each_event_once_and_again_if_the_answer_was_lost() {
        let happened = Happened::default();
        assert_eq!(happened.after(None).await, News { newest: 0, events: vec![] });
        happened.add(Event::KeptRunning);
        happened.add(everything_changed());
        let both = News { newest: 2, events: vec![Event::KeptRunning, everything_changed()] };
        assert_eq!(happened.after(Some(0)).await, both);
        assert_eq!(happened.after(Some(0)).await, both, "it asks again");
        assert_eq!(happened.after(Some(1)).await, News { newest: 2, events: vec![everything_changed()] });
        assert_eq!(happened.after(Some(2)).await, News { newest: 2, events: vec![] }, "nothing, after a while");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_waits_for_what_comes() {
        let happened = Arc::new(Happened::default());
        let asks = Arc::clone(&happened);
        let asked = tokio::spawn(async move { asks.after(Some(0)).await });
        tokio::task::yield_now().await;
        tokio::time::advance(QUIET / 2).await;
        tokio::task::yield_now().await;
        assert!(!asked.is_finished());
        happened.add(Event::KeptRunning);
        assert_eq!(asked.await.unwrap(), News { newest: 1, events: vec![Event::KeptRunning] });
    }

    #[tokio::test(start_paused = true)]
    async fn who_slept_through_too_much_asks_for_everything() {
        let happened = Happened::default();
        for _ in 0..=KEPT_MAX {
            happened.add(Event::KeptRunning);
        }
        let newest = KEPT_MAX as u64 + 1;
        assert_eq!(happened.after(Some(0)).await, News { newest, events: vec![everything_changed()] });
        assert_eq!(happened.after(Some(1)).await.events.len(), KEPT_MAX);
        // a number that was never given
        assert_eq!(happened.after(Some(newest + 1)).await, News { newest, events: vec![everything_changed()] });
    }

    #[tokio::test(start_paused = true)]
    async fn a_post_asked_for_before_there_was_a_page_is_opened_by_the_first_one_that_hears_of_it() {
        let happened = Happened::default();
        happened.add(Event::KeptRunning);
        happened.add(of_a_post());
        let told = News { newest: 2, events: vec![of_a_post()] };
        assert_eq!(happened.after(None).await, told);
        // the answer was lost, or the page was loaded anew before it came
        assert_eq!(happened.after(None).await, told);
        happened.after(Some(2)).await;
        assert_eq!(happened.after(None).await, News { newest: 2, events: vec![] });
    }
}
