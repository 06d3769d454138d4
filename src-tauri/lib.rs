//! The desktop shell: a window around the engine.
//!
//! It passes calls from the window to the engine and events back, keeps a tray icon, and hands over links and second starts. It knows
//! no rule of publishing and opens no database; its parts are adapters between Tauri and [`engine::Host`].

mod arguments;
mod bounds;
mod commands;
mod events;
mod instance;
mod ipc;
mod navigation;
mod program;
mod shell;
mod stop;
mod tray;
mod window;
mod words;

use std::process::ExitCode;
use std::sync::Arc;

use adapters::SystemNotifier;
use adapters::links::Handler;
use engine::ports::{Opens, Place};
use tauri::{App, AppHandle, Manager, RunEvent, WindowEvent};

use arguments::{Arguments, USAGE};
use program::Program;
use shell::Shell;

/// Runs the program until it is quit. Its exit code is 0, or 2 if the arguments are none of its own, or 1 if it could not start.
pub fn run(arguments: impl IntoIterator<Item = String>) -> ExitCode {
    let arguments: Vec<String> = arguments.into_iter().collect();
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let parsed = match Arguments::parse(arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    adapters::protect_process();
    match adapters::place(parsed.profile.as_deref()).map_err(Into::into).and_then(|place| start(parsed, place)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Sendoff could not start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments, place: Place) -> Result<(), Box<dyn std::error::Error>> {
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
    let app = tauri::Builder::default()
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
        .setup(move |app| set_up(app, arguments, place))
        .build(context)?;
    app.run(happened);
    Ok(())
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

    if !arguments.hidden {
        window::make(&handle)?;
    }
    tray::put_up(&handle);
    stop::on_signals(&handle);
    let starting = handle.clone();
    tauri::async_runtime::spawn(async move {
        match program.start().await {
            Ok(host) => events::forward(&starting, &host),
            Err(_) => tray::refresh(&starting),
        }
    });
    if let Some(link) = arguments.link {
        instance::pass_on(&handle, link);
    }
    std::thread::Builder::new().name("links".to_owned()).spawn(move || {
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
        app.state::<Shell>().windows.send(&contract::Event::OpenPost { post });
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
