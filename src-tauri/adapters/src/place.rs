use std::io;
use std::path::{Path, PathBuf};

use engine::ports::Place;

/// Where this program lives: in the folder that a person named, or in the standard place of the system
/// (`~/.local/share/sendoff` on Linux, `~/Library/Application Support/sendoff` on macOS, `%LOCALAPPDATA%\sendoff` on Windows).
///
/// The sample profile lies beside the own one, so that deleting it cannot touch the own one.
///
/// # Errors
/// There is no standard place, or the named folder cannot be made absolute.
pub fn place(profile: Option<&Path>) -> Result<Place, NoPlace> {
    if let Some(named) = profile {
        let profile = std::path::absolute(named).map_err(NoPlace::Unclear)?;
        let mut sample = profile.clone().into_os_string();
        sample.push("-sample");
        return Ok(Place { documents: profile.join("exports"), sample: PathBuf::from(sample), profile });
    }
    let data = dirs::data_local_dir().ok_or(NoPlace::NoHome)?.join("sendoff");
    let documents = dirs::document_dir().or_else(dirs::home_dir).ok_or(NoPlace::NoHome)?.join("Sendoff");
    Ok(Place { profile: data.join("profile"), sample: data.join("sample"), documents })
}

/// What this computer is called, as its person knows it; at most 80 characters, one line.
pub fn computer_name() -> String {
    #[cfg(unix)]
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    let name = std::env::var("COMPUTERNAME").unwrap_or_default();
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(80).collect();
    if name.is_empty() { "Computer".to_owned() } else { name }
}

/// Why there is no place to live in.
#[derive(Debug, thiserror::Error)]
pub enum NoPlace {
    #[error("the system names no folder for this program's data; name one with --profile")]
    NoHome,
    #[error("the named profile folder is not a path: {0}")]
    Unclear(io::Error),
}

/// Makes a folder that only its user may enter.
///
/// # Errors
/// The folder cannot be made.
pub fn own_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_profile_keeps_everything_beside_it() {
        let place = place(Some(Path::new("/tmp/ada"))).unwrap();
        assert_eq!(place.profile, Path::new("/tmp/ada"));
        assert_eq!(place.sample, Path::new("/tmp/ada-sample"));
        assert_eq!(place.documents, Path::new("/tmp/ada/exports"));
    }

    #[test]
    fn a_relative_profile_does_not_move_with_the_working_folder() {
        assert!(place(Some(Path::new("ada"))).unwrap().profile.is_absolute());
    }

    #[test]
    fn the_standard_profiles_are_two() {
        let place = place(None).unwrap();
        assert!(place.profile.is_absolute() && place.profile.ends_with("sendoff/profile"));
        assert!(place.sample.ends_with("sendoff/sample"));
    }
}
