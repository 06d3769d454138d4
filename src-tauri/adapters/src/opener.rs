use std::ffi::OsString;
use std::process::{Command, Stdio};
use std::thread;

use engine::ports::Opener;

/// The browser that the user chose in the system (on Linux through `xdg-open`, else `gio open`).
///
/// The environment variable `SENDOFF_BROWSER` may name a program that is started instead, with the address as its only argument:
/// for machines whose browser is locked down, and for tests.
#[derive(Debug, Clone, Default)]
pub struct SystemOpener {
    program: Option<OsString>,
}

impl SystemOpener {
    pub const VARIABLE: &str = "SENDOFF_BROWSER";

    #[must_use]
    pub fn from_environment() -> Self {
        Self { program: std::env::var_os(Self::VARIABLE).filter(|name| !name.is_empty()) }
    }
}

impl Opener for SystemOpener {
    fn open(&self, url: &str) -> Result<(), String> {
        // the engine checks addresses; this only keeps an argument from being read as an option or a file
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err("Only web addresses are opened in the browser.".to_owned());
        }
        let opened = match &self.program {
            Some(program) => start(Command::new(program).arg(url)),
            None => open::that_detached(url),
        };
        opened.map_err(|error| {
            tracing::warn!(error.message = %error.kind(), "the browser did not start");
            "Your browser could not be opened. Choose a default browser in the system's settings and try again."
                .to_owned()
        })
    }
}

fn start(command: &mut Command) -> std::io::Result<()> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    // so that it does not stay behind as a zombie
    thread::Builder::new().name("browser".to_owned()).spawn(move || child.wait()).map(drop)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_named_program_gets_the_address_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (program, seen) = (folder.path().join("browser"), folder.path().join("seen"));
        let script =
            format!("#!/bin/sh\nprintf '%s|%s' \"$#\" \"$1\" > '{0}.part' && mv '{0}.part' '{0}'\n", seen.display());
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();

        let opener = SystemOpener { program: Some(program.into_os_string()) };
        opener.open("https://social.example/oauth?a=1&b=two words").unwrap();
        while !seen.exists() {
            thread::yield_now();
        }
        assert_eq!(std::fs::read_to_string(seen).unwrap(), "1|https://social.example/oauth?a=1&b=two words");
    }

    #[test]
    fn what_is_no_web_address_and_a_missing_program_are_said() {
        let opener = SystemOpener { program: Some("/nonexistent/browser".into()) };
        for url in ["--help", "file:///etc/passwd", "/etc/passwd", "javascript:alert(1)"] {
            assert_eq!(opener.open(url), Err("Only web addresses are opened in the browser.".to_owned()));
        }
        assert!(opener.open("https://social.example/").is_err_and(|sentence| sentence.contains("could not be opened")));
    }
}
