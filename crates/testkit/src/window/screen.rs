//! The screen as its window manager sees it: which windows are on it, and the cross in their frames.

use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{Atom, AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::wait::until;

const PATIENCE: Duration = Duration::from_secs(20);

/// The screen that the stories run on, and the program's window on it.
#[derive(Debug)]
pub struct Screen {
    server: RustConnection,
    window: u32,
}

impl Screen {
    /// Finds the program's window, by the class that its program file gives it.
    ///
    /// # Panics
    /// There is no screen, or no such window on it.
    pub fn with_the_window_of(class: &str) -> Self {
        let (server, number) = x11rb::connect(None).expect("a screen");
        let root = server.setup().roots[number].root;
        let window = until("the window is on the screen", PATIENCE, || found(&server, root, class));
        Self { server, window }
    }

    /// What happens when somebody presses the cross: the window is asked to close (ICCCM 4.2.8.1).
    ///
    /// # Panics
    /// The screen is gone.
    pub fn press_the_cross(&self) {
        let (protocols, delete) = (atom(&self.server, "WM_PROTOCOLS"), atom(&self.server, "WM_DELETE_WINDOW"));
        let ask = ClientMessageEvent::new(32, self.window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        self.server.send_event(false, self.window, EventMask::NO_EVENT, ask).expect("a screen");
        self.server.sync().expect("a screen");
    }

    /// Waits until the window can be seen, or no longer.
    ///
    /// # Panics
    /// It stays as it is.
    pub fn wait_until_shown(&self, shown: bool) {
        let what = if shown { "the window is shown" } else { "the window is gone from the screen" };
        until(what, PATIENCE, || (self.is_shown() == shown).then_some(()));
    }

    fn is_shown(&self) -> bool {
        let asked = self.server.get_window_attributes(self.window).expect("a screen").reply();
        asked.is_ok_and(|window| window.map_state == MapState::VIEWABLE)
    }
}

/// The one window of that class that can be asked to close, anywhere below `parent`.
fn found(server: &RustConnection, parent: u32, class: &str) -> Option<u32> {
    let children = server.query_tree(parent).ok()?.reply().ok()?.children;
    let text = |window: u32| {
        let asked = server.get_property(false, window, AtomEnum::WM_CLASS, AtomEnum::STRING, 0, 256).ok()?;
        Some(String::from_utf8_lossy(&asked.reply().ok()?.value).into_owned())
    };
    let can_close = |window: u32| {
        let asked = server.get_property(false, window, atom(server, "WM_PROTOCOLS"), AtomEnum::ATOM, 0, 64).ok()?;
        Some(asked.reply().ok()?.value32()?.any(|one| one == atom(server, "WM_DELETE_WINDOW")))
    };
    let is_it = |window: u32| {
        let shown = server.get_window_attributes(window).ok()?.reply().ok()?.map_state == MapState::VIEWABLE;
        Some(shown && text(window)?.split('\0').any(|part| part == class) && can_close(window)?)
    };
    children
        .iter()
        .copied()
        .find(|window| is_it(*window) == Some(true))
        .or_else(|| children.iter().find_map(|child| found(server, *child, class)))
}

fn atom(server: &RustConnection, name: &str) -> Atom {
    server.intern_atom(false, name.as_bytes()).expect("a screen").reply().expect("an atom").atom
}
