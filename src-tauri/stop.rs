//! The end of the program: what is being written is finished, and another program may publish at once.

use std::sync::Arc;
use std::time::Duration;

use tauri::{AppHandle, Manager};

use crate::shell::Shell;

/// Longer than a single send to a network may take; a computer that is being switched off does not wait longer either.
const PATIENCE: Duration = Duration::from_secs(10);

/// Ends the program in order when the system asks it to.
pub fn on_signals(app: &AppHandle) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                match signal(kind) {
                    Ok(mut asked) => {
                        asked.recv().await;
                        app.exit(0);
                    }
                    Err(error) => tracing::warn!(error.message = %error, "a request to end will end it at once"),
                }
            });
        }
    }
    #[cfg(not(unix))]
    let _ = app;
}

/// Runs when the event loop ends, on its thread.
pub fn finish(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let Some(host) = shell.program.running().filter(|_| shell.stop()) else { return };
    let clock = Arc::clone(&shell.clock);
    tauri::async_runtime::block_on(async move {
        tokio::select! {
            () = host.shutdown() => {}
            () = clock.sleep(PATIENCE) => tracing::warn!("the program ends although something is still being written"),
        }
    });
}
