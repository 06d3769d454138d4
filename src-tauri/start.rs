//! From the arguments to the event loop.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use adapters::SystemNotifier;
use adapters::links::Handler;
use engine::ports::{Opens, Place};
use tauri::plugin::TauriPlugin;
use tauri::{App, AppHandle, Context, Manager, RunEvent, WindowEvent, Wry};

use crate::arguments::Arguments;
use crate::program::Program;
use crate::shell::Shell;
use crate::{events, instance, ipc, stop, tray, window};

/// The system's tools for links take the processors that the first screen needs, and no link comes this early.
const AFTER_THE_FIRST_SCREEN: Duration = Duration::from_secs(2);

/// Runs until the program is quit.
///
/// # Errors
/// There is no desktop, or one of its parts could not be set up.
pub fn start(arguments: Arguments, place: Place) -> Result<(), Box<dyn std::error::Error>> {
    if cfg!(target_os = "linux") && ["DISPLAY", "WAYLAND_DISPLAY"].iter().all(|name| std::env::var_os(name).is_none()) {
        return Err("there is no desktop to open a window on; `sendoff serve` publishes without one".into());
    }
    // a folder that cannot be made is shown in the window, as why the profile did not open
    let folder = place.profile.join("window");
    let made = adapters::own_folder(&folder);
    if let Err(error) = made.and_then(|()| adapters::log::start(&place.profile.join("logs"))) {
        eprintln!("there will be no log: {error}");
    }
    let named = arguments.profile.is_some().then(|| place.profile.clone());
    let mut context = tauri::generate_context!();
    let identifier = instance::name(&context.config().identifier, named.as_deref());
    context.config_mut().identifier = identifier;
    let state = tauri_plugin_window_state::Builder::new()
        .with_filename(folder.join("place.json").to_string_lossy())
        .with_state_flags(window::remembered())
        .build();
    // the window system is reached for in here, and not reaching it is a panic
    let built = catch_unwind(AssertUnwindSafe(|| build(context, state, arguments, place)));
    let app = built.map_err(|_| "the desktop of this session cannot be reached")??;
    app.run(happened);
    Ok(())
}

fn build(context: Context, state: TauriPlugin<Wry>, arguments: Arguments, place: Place) -> tauri::Result<App> {
    tauri::Builder::default()
        // before all others: a second start ends here
        .plugin(instance::plugin())
        .plugin(state)
        .invoke_handler(ipc::handle)
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                api.prevent_close();
                window::close(window);
            }
        })
        .setup(move |app| {
            if let Err(error) = set_up(app, arguments, place) {
                // passed on, it would be a panic that names a line of the library
                eprintln!("Sendoff could not start: {error}");
                std::process::exit(1);
            }
            Ok(())
        })
        .build(context)
}

fn set_up(app: &mut App, arguments: Arguments, place: Place) -> Result<(), Box<dyn std::error::Error>> {
    let handle = app.handle().clone();
    let clicked = handle.clone();
    let notifier = SystemNotifier::new(Arc::new(move |opens| open(&clicked, opens)));
    let ports = adapters::ports(notifier.clone())?;
    let (folder, clock) = (place.profile.join("window"), Arc::clone(&ports.clock));
    let named = arguments.profile.is_some().then(|| place.profile.clone());
    let program = Program::new(place, ports);
    app.manage(Shell::new(Arc::clone(&program), notifier, clock, folder));

    // opens the profile while the web view starts
    let starting = handle.clone();
    tauri::async_runtime::spawn(async move {
        if let Ok(host) = program.start().await {
            events::forward(&starting, &host);
        }
    });
    if !arguments.hidden {
        window::make(&handle)?;
    }
    tray::put_up(&handle);
    stop::on_signals(&handle);
    if let Some(link) = arguments.link {
        instance::pass_on(&handle, link);
    }
    std::thread::Builder::new().name("links".to_owned()).spawn(move || {
        std::thread::sleep(AFTER_THE_FIRST_SCREEN);
        if let Err(error) = Handler::this_program(named).and_then(|handler| handler.register()) {
            tracing::warn!(error.message = %error, "sendoff:// links do not open this program");
        }
    })?;
    Ok(())
}

/// A notification was clicked.
fn open(app: &AppHandle, opens: Opens) {
    window::open(app);
    if let Opens::Post { post, .. } = opens {
        app.state::<Shell>().happened.add(contract::Event::OpenPost { post });
    }
}

fn happened(app: &AppHandle, event: RunEvent) {
    match event {
        // the last window went away, which is no reason to stop publishing
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => stop::finish(app),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => urls.into_iter().for_each(|url| instance::pass_on(app, url.into())),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::open(app),
        _ => {}
    }
}
