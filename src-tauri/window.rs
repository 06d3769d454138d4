//! The one window: made unseen, shown when its page is ready, hidden when it is closed.

use std::fs::OpenOptions;
use std::time::Duration;

use contract::Event;
use tauri::webview::NewWindowResponse;
use tauri::window::Color;
use tauri::{AppHandle, Manager, Theme, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_window_state::{AppHandleExt, StateFlags};

use crate::navigation;
use crate::shell::Shell;
use crate::words::Words;

pub const MAIN: &str = "main";
/// A page that is not ready by then is shown as it is: better a window without its contents than none.
const LONGEST_UNSEEN: Duration = Duration::from_millis(1500);
/// The ground of the page, `--paper` of the interface.
const LIGHT: Color = Color(0xfb, 0xfa, 0xf7, 0xff);
const DARK: Color = Color(0x17, 0x16, 0x14, 0xff);

/// What is remembered of the window; not whether it was seen, which each start decides.
pub fn remembered() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN
}

/// Brings the window to the front, making it if there is none yet. For any thread.
pub fn open(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        return reveal(&window);
    }
    let handle = app.clone();
    let asked = app.run_on_main_thread(move || {
        if let Err(error) = make(&handle) {
            tracing::error!(error.message = %error, "the window could not be made");
        }
    });
    if let Err(error) = asked {
        tracing::error!(error.message = %error, "the window could not be made");
    }
}

/// Makes the window. It stays unseen until [`ready`], or until its time is up.
///
/// # Errors
/// The system has no screen, or no web view.
pub fn make(app: &AppHandle) -> tauri::Result<()> {
    let shell = app.state::<Shell>();
    let mut builder = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Sendoff")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .center()
        .visible(false)
        .background_color(LIGHT)
        // pages take files and dragged posts themselves; what is dropped elsewhere is a navigation, which is denied
        .disable_drag_drop_handler()
        .zoom_hotkeys_enabled(true)
        .on_navigation(navigation::is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny);
    let web = shell.folder.join("web");
    builder = match adapters::own_folder(&web) {
        Ok(()) => builder.data_directory(web),
        // where there is no place for its files, the page does without
        Err(_) => builder.incognito(true),
    };
    let window = builder.build()?;
    if matches!(window.theme(), Ok(Theme::Dark)) {
        window.set_background_color(Some(DARK))?;
    }
    let (clock, app) = (std::sync::Arc::clone(&shell.clock), app.clone());
    tauri::async_runtime::spawn(async move {
        clock.sleep(LONGEST_UNSEEN).await;
        ready(&app);
    });
    Ok(())
}

/// The page has drawn itself: it may be seen. Later calls do nothing, so that a page that loads again does not open a closed window.
pub fn ready(app: &AppHandle) {
    if app.state::<Shell>().first_sight()
        && let Some(window) = app.get_webview_window(MAIN)
    {
        reveal(&window);
    }
}

fn reveal(window: &WebviewWindow) {
    // a window that was shown by request is not waiting any more
    window.state::<Shell>().first_sight();
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(error.message = %error, "the window could not be brought to the front");
    }
}

/// The window was closed: it hides, and publishing goes on. The first time says so.
pub fn close(window: &tauri::Window) {
    let app = window.app_handle();
    if let Err(error) = app.save_window_state(remembered()) {
        tracing::warn!(error.message = %error, "size and place of the window were not kept");
    }
    if let Err(error) = window.hide() {
        tracing::warn!(error.message = %error, "the window could not be hidden");
    }
    let shell = app.state::<Shell>();
    let said = OpenOptions::new().write(true).create_new(true).open(shell.folder.join("said-it-keeps-running"));
    if said.is_ok() {
        let words = Words::of(shell.language());
        shell.notifier.say(words.kept_title, words.kept);
        shell.happened.add(Event::KeptRunning);
    }
}
