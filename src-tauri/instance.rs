//! One program per profile: a second start hands its arguments to the first and ends.

use std::path::Path;

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Wry};

use crate::arguments::Arguments;

/// The name under which the instances of a profile find each other: the program's own, and for a profile that a person named, one of
/// its own. It is only a courtesy: that one process alone publishes is the database's doing.
pub fn name(identifier: &str, profile: Option<&Path>) -> String {
    match profile {
        None => identifier.to_owned(),
        Some(folder) => {
            let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
            format!("{identifier}.p{:016x}", fnv(folder.as_os_str().as_encoded_bytes()))
        }
    }
}

/// FNV-1a, 64 bits: the same in every build of the program.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What the first instance does when another was started.
pub fn plugin() -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::init(|app, arguments, _folder| started_again(app, arguments))
}

fn started_again(app: &AppHandle, arguments: Vec<String>) {
    // anything on the session bus can call this: arguments are read as strictly as our own
    match Arguments::parse(arguments) {
        Ok(arguments) => {
            if let Some(link) = arguments.link {
                pass_on(app, link);
            }
            if !arguments.hidden {
                crate::window::open(app);
            }
        }
        Err(_) => tracing::warn!("another start had arguments that are none of this program's"),
    }
}

/// Gives a link to the engine, which knows the few it follows. No window ever sees one.
pub fn pass_on(app: &AppHandle, link: String) {
    use tauri::Manager;
    let program = std::sync::Arc::clone(&app.state::<crate::shell::Shell>().program);
    tauri::async_runtime::spawn(async move {
        if let Ok(host) = program.host().await {
            host.deep_link(&link).await;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_has_its_own_name_that_the_bus_allows() {
        let folder = tempfile::tempdir().unwrap();
        let name_of = |path: &Path| name("app.sendoff.desktop", Some(path));
        let other = folder.path().join("other");
        assert_ne!(name_of(folder.path()), name_of(&other));
        assert_eq!(
            name_of(folder.path()),
            name_of(&folder.path().join("./../").join(folder.path().file_name().unwrap()))
        );
        assert_eq!(name("app.sendoff.desktop", None), "app.sendoff.desktop");
        // D-Bus specification, "Valid names": elements of letters, digits and _, none beginning with a digit
        let last = name_of(&other).rsplit('.').next().unwrap().to_owned();
        assert!(last.starts_with('p') && last.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
