//! The icon that stays when the window is closed: open, pause or resume publishing, quit.

mod look;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use contract::program::{GetProgram, Publishing};
use contract::publishing::SetPublishing;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use self::look::Look;
use crate::shell::Shell;
use crate::words::Words;

const OPEN: &str = "open";
const PAUSE: &str = "pause";
const QUIT: &str = "quit";

/// The icon and the entries that change.
pub struct Tray {
    icon: TrayIcon,
    open: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    quit: MenuItem<Wry>,
    /// The tooltip that is shown: there is one for each state and language.
    shown: Mutex<&'static str>,
}

/// Puts the icon up. A desktop without a place for it is no error: starting the program again opens the window.
pub fn put_up(app: &AppHandle) {
    // the library that speaks to the desktop is loaded at run time, and its absence is a panic
    match catch_unwind(AssertUnwindSafe(|| make(app))) {
        Ok(Ok(tray)) => {
            drop(app.state::<Shell>().tray.set(tray));
            refresh(app);
        }
        Ok(Err(error)) => tracing::warn!(error.message = %error, "there is no tray icon"),
        Err(_) => tracing::warn!("there is no tray icon: the library for it is not installed"),
    }
}

fn make(app: &AppHandle) -> tauri::Result<Tray> {
    let words = Words::of(app.state::<Shell>().language());
    let first = Look::of(Some(&Publishing::Running), words);
    let open = MenuItem::with_id(app, OPEN, words.open, true, None::<&str>)?;
    let pause = MenuItem::with_id(app, PAUSE, words.pause, false, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, words.quit, true, None::<&str>)?;
    let menu = Menu::with_items(app, &[&open, &pause, &PredefinedMenuItem::separator(app)?, &quit])?;
    let icon = TrayIconBuilder::with_id("main")
        .icon(first.icon)
        .tooltip(first.tooltip)
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| match event.id().as_ref() {
            OPEN => crate::window::open(app),
            PAUSE => pause_or_resume(app),
            QUIT => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|icon, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event {
                crate::window::open(icon.app_handle());
            }
        })
        .build(app)?;
    Ok(Tray { icon, open, pause, quit, shown: Mutex::new("") })
}

fn pause_or_resume(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let Some(host) = app.state::<Shell>().program.running() else { return };
        let result = match host.run(GetProgram {}).await {
            Ok(program) => {
                let paused = program.publishing == Publishing::Running;
                host.run(SetPublishing { paused }).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = result {
            tracing::warn!(error.code = ?error.code, "publishing was neither paused nor resumed");
        }
        refresh(&app);
    });
}

/// Shows what the engine says, as soon as it is known whether it started.
pub fn refresh(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let program = match shell.program.host().await {
            Ok(host) => host.run(GetProgram {}).await.ok(),
            Err(_) => None,
        };
        if let Some(program) = &program {
            shell.speak(program.settings.language);
        }
        let Some(tray) = shell.tray.get() else { return };
        let look = Look::of(program.as_ref().map(|program| &program.publishing), Words::of(shell.language()));
        if let Err(error) = tray.show(look, Words::of(shell.language())) {
            tracing::warn!(error.message = %error, "the tray icon does not show the state of publishing");
        }
    });
}

impl Tray {
    fn show(&self, look: Look, words: &Words) -> tauri::Result<()> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown == look.tooltip {
            return Ok(());
        }
        self.icon.set_icon(Some(look.icon))?;
        self.icon.set_tooltip(Some(look.tooltip))?;
        self.open.set_text(words.open)?;
        self.quit.set_text(words.quit)?;
        self.pause.set_text(if look.resume { words.resume } else { words.pause })?;
        self.pause.set_enabled(look.choice)?;
        *shown = look.tooltip;
        Ok(())
    }
}
