use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::path::PathBuf;

use engine::ports::Programs;

/// Folders in which people's package managers put programs, and which a program that was started by a click does not have on its
/// path.
const ELSEWHERE: &[&str] = if cfg!(target_os = "macos") { &["/opt/homebrew/bin", "/usr/local/bin"] } else { &[] };

/// Programs on the path of this process.
#[derive(Debug, Clone, Default)]
pub struct SystemPrograms {
    path: OsString,
}

impl SystemPrograms {
    #[must_use]
    pub fn from_environment() -> Self {
        Self { path: std::env::var_os("PATH").unwrap_or_default() }
    }
}

impl Programs for SystemPrograms {
    fn find(&self, name: &str) -> Option<PathBuf> {
        let folders = std::env::split_paths(&self.path).chain(ELSEWHERE.iter().map(PathBuf::from));
        // what lies in the folder that this process happens to be in is nobody's choice
        let absolute = folders.filter(|folder| folder.is_absolute());
        absolute.map(|folder| folder.join(format!("{name}{EXE_SUFFIX}"))).find(|program| program.is_file())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_on_the_path_and_nowhere_else() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let program = other.path().join(format!("ffmpeg-of-the-test{EXE_SUFFIX}"));
        std::fs::write(&program, "").unwrap();
        let path = std::env::join_paths([folder.path(), std::path::Path::new("."), other.path()]).unwrap();
        assert_eq!(SystemPrograms { path }.find("ffmpeg-of-the-test"), Some(program));
        let path = std::env::join_paths([std::path::Path::new("."), folder.path()]).unwrap();
        assert_eq!(SystemPrograms { path }.find("Cargo.toml"), None, "not where the test runs");
    }
}
