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
mod start;
mod stop;
mod tray;
mod window;
mod words;

use std::process::ExitCode;

use arguments::{Arguments, USAGE};

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
    match adapters::place(parsed.profile.as_deref()).map_err(Into::into).and_then(|place| start::start(parsed, place)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Sendoff could not start: {error}");
            ExitCode::FAILURE
        }
    }
}
