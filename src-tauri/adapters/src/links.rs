//! The program that opens `sendoff://` links.
//!
//! Registered anew when the program or the profile moved, so that a sign-in in the browser comes back to the profile that is open.
//! Nothing here receives a link: they arrive as an argument of a new process (on macOS as an event), and the engine's strict parser
//! decides what they are.

use std::io;
use std::path::PathBuf;

/// How a link is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handler {
    pub program: PathBuf,
    /// `None`: the standard profile.
    pub profile: Option<PathBuf>,
}

impl Handler {
    /// This very program. An AppImage is named by its file, not by the folder it is mounted in.
    ///
    /// # Errors
    /// The system does not tell where the program is.
    pub fn this_program(profile: Option<PathBuf>) -> io::Result<Self> {
        let program = match std::env::var_os("APPIMAGE").filter(|name| !name.is_empty()) {
            Some(image) if cfg!(target_os = "linux") => PathBuf::from(image),
            _ => std::env::current_exe()?,
        };
        Ok(Self { program, profile })
    }

    /// Makes this the handler of `sendoff://` for the user. Starts small programs on Linux: not for a thread that others need.
    ///
    /// # Errors
    /// The handler could not be written or chosen; links then open nothing, and signing in uses its loopback address.
    pub fn register(&self) -> io::Result<()> {
        crate::os::links::register(self)
    }
}

/// The first argument that is a link of this program, however the others read.
pub fn link_among<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    arguments
        .into_iter()
        .find(|argument| argument.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME)))
}

const SCHEME: &str = "sendoff://";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_among_other_arguments() {
        let arguments = ["sendoff-desktop", "--profile", "/home/ada/ö", "SENDOFF://oauth/callback?x=1"];
        assert_eq!(link_among(arguments), Some("SENDOFF://oauth/callback?x=1"));
        assert_eq!(link_among(["sendoff-desktop", "--hidden", "https://sendoff.example"]), None);
    }
}
