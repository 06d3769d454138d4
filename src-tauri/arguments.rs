use std::path::PathBuf;

/// What the program was started with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments {
    /// `--profile DIR`: another folder than the standard one.
    pub profile: Option<PathBuf>,
    /// `--hidden`: starts in the tray, for the system's list of programs that start at login.
    pub hidden: bool,
    /// A `sendoff://` link that the system passes on.
    pub link: Option<String>,
}

/// Arguments that are none of the program's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentError {
    #[error("--profile needs a folder")]
    NoFolder,
    #[error("unknown argument {0}")]
    Unknown(String),
}

pub const USAGE: &str = "\
Sendoff, the desktop program

Usage: sendoff-desktop [--profile DIR] [--hidden] [LINK]

  --profile DIR  keep everything in this folder instead of the standard one
  --hidden       start without a window; the tray icon opens it
  LINK           a sendoff:// link, passed on by the system

Environment:
  SENDOFF_BROWSER  a program that is started with an address as its only argument, instead of the system's browser
  SENDOFF_LOG      how much is written to the log in the profile's folder: error, warn, info (standard), debug, trace
";

impl Arguments {
    /// Takes the arguments of a start apart; the first is the program.
    ///
    /// # Errors
    /// One is unknown, or lacks its value.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, ArgumentError> {
        let mut parsed = Self::default();
        let mut rest = arguments.into_iter().skip(1);
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--profile" => {
                    let folder = rest.next().filter(|folder| !folder.is_empty()).ok_or(ArgumentError::NoFolder)?;
                    parsed.profile = Some(PathBuf::from(folder));
                }
                "--hidden" => parsed.hidden = true,
                link if adapters::links::link_among([link]).is_some() => parsed.link = Some(argument),
                // the Finder's number of a process, given by older versions of macOS
                finder if cfg!(target_os = "macos") && finder.starts_with("-psn_") => {}
                _ => return Err(ArgumentError::Unknown(argument)),
            }
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, ArgumentError> {
        Arguments::parse(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn a_start_may_name_a_profile_stay_hidden_and_pass_a_link_on() {
        assert_eq!(parse("sendoff-desktop"), Ok(Arguments::default()));
        let all = parse("sendoff-desktop --profile /home/ada/work --hidden sendoff://oauth/callback?state=1").unwrap();
        assert_eq!(all.profile, Some(PathBuf::from("/home/ada/work")));
        assert!(all.hidden);
        assert_eq!(all.link.as_deref(), Some("sendoff://oauth/callback?state=1"));
    }

    #[test]
    fn what_is_not_understood_is_not_guessed_at() {
        assert_eq!(parse("sendoff-desktop --profile"), Err(ArgumentError::NoFolder));
        assert_eq!(parse("sendoff-desktop --hiden"), Err(ArgumentError::Unknown("--hiden".to_owned())));
        assert_eq!(parse("sendoff-desktop http://x"), Err(ArgumentError::Unknown("http://x".to_owned())));
    }
}
