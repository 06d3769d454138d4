//! Where a window may go: nowhere. What it shows is embedded in the program.

use tauri::Url;

/// Whether an address is the program's own page: `tauri://localhost` on Linux and macOS, `http://tauri.localhost` on Windows.
/// Tauri lets the isolation frame pass by itself.
pub fn is_own(url: &Url) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    };
    own && url.port().is_none() && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_stays_in_the_program() {
        let own = if cfg!(windows) { "http://tauri.localhost/" } else { "tauri://localhost/" };
        for path in ["", "index.html", "posts/1?x=2#y"] {
            assert!(is_own(&format!("{own}{path}").parse().unwrap()));
        }
        for elsewhere in [
            "https://bsky.app/",
            "http://localhost/",
            "http://127.0.0.1:8080/",
            "tauri://localhost.evil.example/",
            "tauri://evil.example/",
            "tauri://user@localhost/",
            "tauri://localhost:81/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "about:blank",
            "blob:tauri://localhost/1",
            "javascript:alert(1)",
            "sendoff://oauth/callback",
        ] {
            assert!(!is_own(&elsewhere.parse().unwrap()), "{elsewhere}");
        }
    }
}
