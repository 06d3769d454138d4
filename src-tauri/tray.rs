//! The icon that stays when the window is closed: open, pause or resume publishing, quit.

use std::panic::{AssertUnwindSafe, catch_unwind};

use contract::program::{GetProgram, Publishing};
use contract::publishing::SetPublishing;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry, include_image};

use crate::shell::Shell;
use crate::words::Words;

const OPEN: &str = "open";
const PAUSE: &str = "pause";
const QUIT: &str = "quit";

const RUNNING: Image<'_> = include_image!("icons/tray.png");
const PAUSED: Image<'_> = include_image!("icons/tray-paused.png");
const ATTENTION: Image<'_> = include_image!("icons/tray-attention.png");

/// The icon and the entries that change.
pub struct Tray {
    icon: TrayIcon,
    open: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

/// Puts the icon up. A desktop without a place for it is no error: starting the program again opens the window.
pub fn put_up(app: &AppHandle) {
    // the library that speaks to the desktop is loaded at run time, and its absence is a panic
    match catch_unwind(AssertUnwindSafe(|| make(app))) {
        Ok(Ok(tray)) => drop(app.state::<Shell>().tray.set(tray)),
        Ok(Err(error)) => tracing::warn!(error.message = %error, "there is no tray icon"),
        Err(_) => tracing::warn!("there is no tray icon: the library for it is not installed"),
    }
}

fn make(app: &AppHandle) -> tauri::Result<Tray> {
    let words = Words::of(app.state::<Shell>().language());
    let open = MenuItem::with_id(app, OPEN, words.open, true, None::<&str>)?;
    let pause = MenuItem::with_id(app, PAUSE, words.pause, false, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, words.quit, true, None::<&str>)?;
    let menu = Menu::with_items(app, &[&open, &pause, &PredefinedMenuItem::separator(app)?, &quit])?;
    let icon = TrayIconBuilder::with_id("main")
        .icon(RUNNING)
        .tooltip(words.not_open)
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
    Ok(Tray { icon, open, pause, quit })
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

/// Shows what the engine says now.
pub fn refresh(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        let program = match shell.program.running() {
            Some(host) => host.run(GetProgram {}).await.ok(),
            None => None,
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
        self.icon.set_icon(Some(look.icon))?;
        self.icon.set_tooltip(Some(look.tooltip))?;
        self.open.set_text(words.open)?;
        self.quit.set_text(words.quit)?;
        self.pause.set_text(if look.resume { words.resume } else { words.pause })?;
        self.pause.set_enabled(look.choice)
    }
}

/// How a state of publishing looks in the tray.
struct Look {
    icon: Image<'static>,
    tooltip: &'static str,
    /// Whether there is something to pause or resume.
    choice: bool,
    resume: bool,
}

impl Look {
    fn of(publishing: Option<&Publishing>, words: &'static Words) -> Self {
        let (icon, tooltip, choice, resume) = match publishing {
            Some(Publishing::Running) => (RUNNING, words.publishing, true, false),
            Some(Publishing::Paused { .. }) => (PAUSED, words.paused, true, true),
            Some(Publishing::ClockJumped { .. }) => (ATTENTION, words.clock, true, true),
            Some(Publishing::Elsewhere) => (RUNNING, words.elsewhere, false, false),
            Some(Publishing::Sample) => (PAUSED, words.sample, false, false),
            None => (ATTENTION, words.not_open, false, false),
        };
        Self { icon, tooltip, choice, resume }
    }
}
