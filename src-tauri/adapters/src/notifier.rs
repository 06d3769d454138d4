use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use engine::ports::{Notice, NoticeKind, Notifier, Opens};
use notify_rust::{Notification, NotificationResponse};

/// A click waits as long as its notification stays; more than these are shown without one that waits.
const MOST_WAITING: usize = 24;

/// Told what a clicked notification opens.
pub type Clicked = Arc<dyn Fn(Opens) + Send + Sync>;

/// Desktop notifications. They say what happened and never what a post says: other programs, lock screens and the system's own
/// database see them.
#[derive(Clone, Default)]
pub struct SystemNotifier {
    clicked: Option<Clicked>,
    waiting: Arc<AtomicUsize>,
}

impl SystemNotifier {
    /// A notifier whose clicks go to `clicked`, on a thread of their own.
    #[must_use]
    pub fn new(clicked: Clicked) -> Self {
        Self { clicked: Some(clicked), waiting: Arc::default() }
    }

    /// Shows a sentence of the program itself; a click opens the window.
    pub fn say(&self, title: &str, body: &str) {
        self.send(title.to_owned(), body.to_owned(), false, Opens::Window);
    }

    fn send(&self, title: String, body: String, insistent: bool, opens: Opens) {
        let this = self.clone();
        // the system may take its time, or not be there at all
        let thread = thread::Builder::new().name("notification".to_owned()).spawn(move || {
            let mut notification = Notification::new();
            notification.appname("Sendoff").summary(&title).body(&body);
            crate::os::notice::prepare(&mut notification, insistent);
            match notification.show() {
                Ok(shown) => this.wait(shown, opens),
                Err(error) => tracing::warn!(error.message = %error, "a notification was not shown"),
            }
        });
        if let Err(error) = thread {
            tracing::warn!(error.message = %error, "a notification was not shown");
        }
    }

    fn wait(&self, shown: notify_rust::NotificationHandle, opens: Opens) {
        let Some(clicked) = &self.clicked else { return };
        if self.waiting.fetch_add(1, Ordering::AcqRel) < MOST_WAITING {
            let answered = shown.wait_for_response(|response: &NotificationResponse| {
                if matches!(response, NotificationResponse::Default) {
                    clicked(opens);
                }
            });
            if let Err(error) = answered {
                tracing::debug!(error.message = %error, "a notification's click cannot be told");
            }
        }
        self.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Notifier for SystemNotifier {
    fn show(&self, notice: Notice) {
        // these wait for a person, so they stay until one has seen them
        let insistent = match notice.kind {
            NoticeKind::Unsure | NoticeKind::Missed | NoticeKind::YourTurn | NoticeKind::Paused => true,
            NoticeKind::Published | NoticeKind::Failed | NoticeKind::ReconnectNeeded | NoticeKind::Team => false,
        };
        self.send(notice.title, notice.body, insistent, notice.opens);
    }
}

impl fmt::Debug for SystemNotifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemNotifier").finish_non_exhaustive()
    }
}
